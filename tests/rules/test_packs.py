"""A province changes severities and thresholds in a file, not in the program."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl.forms.load import known_forms
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.pack_files import PackError, shipped_packs
from jixiao_xl.operations import form_named
from jixiao_xl.rules.engine import judge
from jixiao_xl.rules.pack import load_pack
from tests.conftest import changed

UNBALANCED = {"funds.income.fiscal.current": "1000", "funds.income.total.current": "1000", "funds.income.own_funds.current": "0"}


def codes_of_unbalanced() -> set[tuple[str, str]]:
    spec = form_named("hubei.dept_overall")
    verdict = judge(spec, changed(sample_filing(spec, 1, 2026), UNBALANCED))
    return {(f.code, f.severity) for f in verdict.findings if f.code == "FND201"}


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_threshold_of_a_shipped_pack_says_where_it_comes_from(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert pack.version and pack.source
    assert pack.threshold.keys() == pack.threshold_source.keys()
    for said, source in ((pack.scoring, pack.scoring_source), (pack.lights, pack.lights_source)):
        assert {name for name in said.__dataclass_fields__ if getattr(said, name) is not None} == source.keys()
        assert all(source.values())
    assert pack.severity.keys() == load_pack("default").severity.keys()


def test_every_form_names_a_pack_and_the_verdict_says_which() -> None:
    for spec in known_forms():
        assert load_pack(spec.form.pack).id == spec.form.pack
    spec = form_named("hubei.dept_overall")
    assert judge(spec, sample_filing(spec, 1, 2026)).pack == load_pack("hubei").name


def test_a_province_silences_a_rule_in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes_of_unbalanced() == {("FND201", "error")}
    (tmp_path / "hubei.toml").write_text(
        'extends = "hubei"\nid = "hubei"\nversion = "2027.1"\nsource = "省厅通知"\n'
        '[severity]\nFND201 = "off"\n[threshold]\nyear_on_year = "0.30"\n[threshold_source]\nyear_on_year = "省厅通知"\n',
        "utf-8",
    )
    monkeypatch.setenv("JIXIAO_PACKS", str(tmp_path))
    assert codes_of_unbalanced() == set()
    pack = load_pack("hubei")
    assert (pack.name, pack.threshold["year_on_year"]) == ("hubei 2027.1", Decimal("0.30"))
    assert pack.threshold["balance"] == Decimal("0.01"), "what the file does not say stays"


def test_a_province_changes_one_threshold_of_scoring_and_formulas_and_rules_both_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hubei.toml").write_text(
        'extends = "hubei"\nid = "hubei"\nversion = "2027.1"\nsource = "省厅通知"\n[scoring]\nlow_rule = "inverse"\n[lights]\nblue_from = "1.5"\n',
        "utf-8",
    )
    monkeypatch.setenv("JIXIAO_PACKS", str(tmp_path))
    assert thresholds_of("hubei").scoring == load_pack("hubei").scoring
    scoring, lights = thresholds_of("hubei").scoring, thresholds_of("hubei").lights
    assert (scoring.low_rule, lights.blue_from) == ("inverse", Decimal("1.5"))
    assert (scoring.reason_below, lights.red_below) == (Decimal("0.90"), Decimal("0.60")), "what the file does not say stays"


def test_sichuan_alone_refuses_points_to_what_is_far_off() -> None:
    refusing = [pack for pack in shipped_packs() if thresholds_of(pack).scoring.unscored_deviation is not None]
    assert refusing == ["sichuan"]


GOOD = 'extends = "default"\n[scoring]\n'


@pytest.mark.parametrize("text", [GOOD + 'places = "two"\n', GOOD + "caps = [{ below = 0.8, most = 89 }, { below = 0.5, most = 59 }]\n",
                                  GOOD + "reason = 0.9\n", GOOD + 'grades = [{ at_least = 60, name = "中" }]\n', "id = ", '[severity]\nFND201 = "fatal"\n', 'extends = "nowhere"\n'])  # fmt: skip
def test_a_faulty_pack_is_named_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    monkeypatch.setenv("JIXIAO_PACKS", str(tmp_path))
    with pytest.raises(PackError, match="规则包"):
        load_pack("mine")
