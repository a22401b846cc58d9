"""按建议修改 on a 自评表: what follows from the form gets its formula back, whether it is a number or a word."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl import operations

SOUND = Path(__file__).parents[1] / "rules" / "parents" / "general.toml"
WRONG = {
    '"funds.all.total.rate" = "96.63%"': '"funds.all.total.rate" = "98%"',
    '"funds.all.total.weight" = "10"': '"funds.all.total.weight" = "100"',
    '"result.total_score" = "97.84"': '"result.total_score" = "99"',
    '"result.grade" = "优"': '"result.grade" = "良"',
}


def test_rate_weight_total_and_grade_get_their_formulas_back(tmp_path: Path) -> None:
    text = SOUND.read_text("utf-8")
    for right, wrong in WRONG.items():
        assert right in text
        text = text.replace(right, wrong)
    (tmp_path / "自评.toml").write_text(text, "utf-8")
    filed = operations.fill("mof.dept_evaluation", tmp_path / "自评.toml", tmp_path / "自评.xlsx", as_stated=True).path
    found = [f.code for f in operations.check(filed).findings]
    assert sorted(code for code in found if code != "WBK105") == ["EVA112", "EVA114", "EVA115", "EXE302"]
    fixed = operations.fix(filed, tmp_path / "改.xlsx")
    assert {(c.old, c.new, c.note) for c in fixed.changes if c.old != c.new} == {
        ("98%", "96.63%", "恢复公式"), ("100", "10", "恢复公式"), ("99", "97.84", "恢复公式"), ("良", "优", "恢复公式")
    }  # fmt: skip
    assert fixed.out is not None and operations.check(fixed.out).findings == ()
