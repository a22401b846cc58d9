"""粘贴导入: every row of a printed table goes back where it came from, and what is doubtful is listed, never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao_xl.desk.cell_changes import Edit
from jixiao_xl.desk.pasted_table import Unplaced
from jixiao_xl.desk.pasting import Pasted, block_meant, place_pasted
from jixiao_xl.forms.headings import head_cells
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import BlockPlan, Line
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.model.facts import Filing, parse_path
from tests.conftest import NAMES, published, spec_of
from tests.desk.open_book import OpenBook, opened

Matrix = list[list[str]]
ANNUAL, LONG = "annual_indicators", "long_term_indicators"


# ---- a published table as it is on paper -----------------------------------------------
def tables(filing: Filing) -> list[BlockPlan]:
    return [b for b in plan_form(spec_of(filing), filing).blocks if isinstance(b.block, IndicatorTable) and b.shown]


def body(filing: Filing, plan: BlockPlan) -> Matrix:
    """Names and values of every line, all cells filled."""

    def row(line: Line) -> list[str]:
        assert isinstance(plan.block, IndicatorTable)
        names = line.filed.names if line.filed else (*line.labels, *["……"] * (len(plan.block.levels) - len(line.labels)))
        slots = (line.slot(column.id) for column in plan.block.columns)
        return [*names, *((slot and slot.path and filing.value(slot.path.text)) or "" for slot in slots)]

    return [row(line) for line in plan.lines if not line.hidden]


def head(plan: BlockPlan, *, merged: str = "") -> Matrix:
    """The heading rows; of a merged heading the other cells are blank, or repeat it."""
    depth = 1 + max(len(h.over) for h in plan.headings)
    rows = [[""] * len(plan.headings) for _ in range(depth)]
    for cell in head_cells(plan.headings):
        for r in range(cell.top, cell.bottom + 1):
            for c in range(cell.first, cell.last + 1):
                rows[r][c] = cell.text if merged == "repeated" or (r, c) == (cell.top, cell.first) else ""
    return rows


def merged(rows: Matrix, levels: int) -> Matrix:
    """Headings that go on from the row above left out, as merged cells are."""
    done, above = [], [""] * levels
    for row in rows:
        kept = ["" if row[: n + 1] == above[: n + 1] else row[n] for n in range(levels - 1)]
        done.append([*kept, *row[levels - 1 :]])
        above = row[:levels]
    return done


def levels_of(plan: BlockPlan) -> int:
    assert isinstance(plan.block, IndicatorTable)
    return len(plan.block.levels)


def as_printed(rows: Matrix, plan: BlockPlan) -> Matrix:
    return [[plan.title] + [""] * len(rows[0]), *head(plan), *merged(rows, levels_of(plan)), ["注：指标值按实际填写。"]]


def repeated(rows: Matrix, plan: BlockPlan) -> Matrix:
    return [[plan.title] * len(rows[0]), *head(plan, merged="repeated"), *rows]


def on_two_pages(rows: Matrix, plan: BlockPlan) -> Matrix:
    half = len(rows) // 2
    return [*head(plan), *merged(rows[:half], levels_of(plan)), *head(plan), *merged(rows[half:], levels_of(plan))]


def numbered(rows: Matrix, plan: BlockPlan) -> Matrix:
    heads = [["序号" if n == 0 else "", *row] for n, row in enumerate(head(plan))]
    return [*heads, *([str(n), *row] for n, row in enumerate(merged(rows, levels_of(plan)), 1))]


def turned_round(rows: Matrix, plan: BlockPlan) -> Matrix:
    return [row[::-1] for row in [*head(plan, merged="repeated"), *rows]]


def broken_in_cells(rows: Matrix, plan: BlockPlan) -> Matrix:
    def broken(text: str) -> str:
        return f" {text[:4]}\r\n{text[4:]}\xa0" if len(text) > 5 and " " not in text else text

    return [[broken(cell) for cell in row] for row in [*head(plan), *rows]]


def without_heading(rows: Matrix, plan: BlockPlan) -> Matrix:
    return merged(rows, levels_of(plan))


SHAPES: list[Callable[[Matrix, BlockPlan], Matrix]] = [
    as_printed, repeated, on_two_pages, numbered, turned_round, broken_in_cells, without_heading,
]  # fmt: skip


def fresh(name: str) -> OpenBook:
    """The form of a published filing as a unit gets it, nothing filled in but the code of its projects."""
    filing = published(name)
    given = {path: fact for path, fact in filing.facts.items() if path.endswith(".code")}
    counts = {b.block.repeat: b.number for b in plan_form(spec_of(filing), filing).blocks if b.shown}
    return opened(filing.with_facts(given), {repeat: number for repeat, number in counts.items() if repeat})


def paste(book: OpenBook, rows: Matrix, block: str) -> Pasted:
    done = place_pasted(book.reading(), book.ground(), rows, block)
    book.take(Edit(done.writes, done.row_changes))
    return done


def indicator_facts(facts: dict[str, str], plan: BlockPlan) -> dict[str, str]:
    wanted = ((parse_path(path), value) for path, value in facts.items())
    return {p.text: v for p, v in wanted if p.block == plan.block.id and p.instance == plan.instance}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_printed_table_pasted_into_the_empty_form_gives_the_same_facts(name: str, shape: Callable) -> None:
    filing, book = published(name), fresh(name)
    stated = {path: fact.value for path, fact in filing.facts.items() if fact.value}
    for plan in tables(filing):
        done = paste(book, shape(body(filing, plan), plan), plan.name)
        listed = "\n".join(f"{one.text}\t{one.why}" for one in done.unplaced)
        want, got = indicator_facts(stated, plan), indicator_facts(book.facts(), plan)
        assert got.items() <= want.items()
        for path in want.keys() - got.keys():
            parsed = parse_path(path)
            assert parsed.names is not None and parsed.names[-1][:8] in listed and want[path][:8] in listed, (path, listed)
        assert len(got) > 0.85 * len(want), listed


# ---- one row at a time ---------------------------------------------------------------------
LONG_HEAD = ["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据", "指标分类"]
OFFICE = ["运行成本", "公用经费控制", "公用经费控制率", "≤100%", "计划标准", "绩效基本型"]
OWN = ["履职效能", "劳模服务", "慰问劳模人数", "≥30人", "计划标准", "绩效基本型"]


def pasted(rows: Matrix, *, heads: Matrix | None = None, block: str = LONG) -> tuple[dict[str, str], list[Unplaced]]:
    """The long-term facts of the empty 鄂州 form after a paste, by name and column, and what is listed."""
    book = fresh("ezhou_2025")
    done = paste(book, [*([LONG_HEAD] if heads is None else heads), *rows], block)
    found = ((parse_path(path), value) for path, value in book.facts().items() if path.startswith(block))
    return {f"{'/'.join(p.names or ())}.{p.column}": value for p, value in found}, list(done.unplaced)


def test_printed_and_own_rows_find_their_places_and_the_spare_row_is_shown() -> None:
    book = fresh("ezhou_2025")
    done = paste(book, [LONG_HEAD, OFFICE, OWN], LONG)
    spare = book.rows_of(LONG, "[履职效能/……/……]")[0]
    assert [(c.first, c.last, c.shown) for c in done.row_changes] == [(spare, spare, True)]
    assert book.facts()["long_term_indicators[履职效能/劳模服务/慰问劳模人数].target"] == "≥30人"
    assert book.facts()["long_term_indicators[运行成本/公用经费控制/公用经费控制率].basis"] == "计划标准"
    assert (done.placed, done.unplaced) == (2, ())


def test_pasting_the_same_again_changes_nothing_and_another_value_is_listed() -> None:
    book = fresh("ezhou_2025")
    rows = [LONG_HEAD, OFFICE, OWN]
    paste(book, rows, LONG)
    again = paste(book, rows, LONG)
    assert (again.writes, again.unplaced, again.placed) == ((), (), 2)
    other = paste(book, [LONG_HEAD, [*OFFICE[:3], "≤98%", *OFFICE[4:]], [*OWN[:3], "≥31人", *OWN[4:]]], LONG)
    assert not other.writes
    assert [one.why for one in other.unplaced] == ["已有内容“≤100%”，没有覆盖", "已有内容“≥30人”，没有覆盖"]
    assert other.unplaced[0].text == "公用经费控制率：指标值 ≤98%" and other.unplaced[0].row == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["运行成本", "公用经费控制", "公用经费控", "≤100%", "", ""], "表样有“公用经费控制率”，疑为同一指标"),
        (["管理效率", "预算执行", "预算完成率", "≥95%", "", ""], "表样有“预算执行率”，疑为同一指标"),
        (["产出指标", "数量指标", "慰问人数", "≥3人", "", ""], "表样没有一级指标“产出指标”"),
        (["运行成", "公用经费控制", "公用经费控制率", "≤100%", "", ""], "疑为表样的“运行成本”"),
        (["社会效应", "经济效", "节约资金", "≥3万元", "", ""], "疑为表样的“经济效益”"),
        (["履职效能", "劳模服务", "", "≥3人", "", ""], "没有指标名称"),
        (["履职效能", "劳模服务", "≥95%", "计划标准", "绩效基本型", ""], "各格错了列"),
        ([*OWN[:4], "凭经验", OWN[5]], "不在可选项中：计划标准、行业标准"),
        ([*OWN[:5], "基本型"], "是旧写法，应为“绩效基本型”"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_listed_with_what_to_do(row: list[str], why: str) -> None:
    facts, left = pasted([row])
    assert len(left) == 1 and why in left[0].why and left[0].row == 2
    assert all(value not in left[0].text for key, value in facts.items() if key.endswith((".basis", ".category")))


def test_a_name_beside_the_one_it_resembles_is_an_indicator_of_its_own() -> None:
    both = [["管理效率", "预算执行", name, "≥95%"] for name in ("预算完成率", "预算执行率")]
    facts, left = pasted(both)
    assert not left and {key.split("/")[-1] for key in facts} == {"预算完成率.target", "预算执行率.target"}


def test_rows_below_a_merged_cell_that_was_not_copied_are_set_right() -> None:
    facts, left = pasted(
        [
            OWN,
            ["劳模服务", "劳模疗养人数", "≥20人", "计划标准", "绩效基本型", ""],
            ["走访劳模户数", "≥9户", "计划标准", "绩效基本型"],
        ]
    )
    assert not left
    assert facts["履职效能/劳模服务/劳模疗养人数.target"] == "≥20人" and facts["履职效能/劳模服务/走访劳模户数.target"] == "≥9户"


def test_a_heading_row_of_its_own_and_counted_names_are_understood() -> None:
    facts, left = pasted(
        [["一、履职效能"], ["履职效能"], ["", "劳模服务", "1、慰问劳模人数", "≥30人"], ["", "", "（2）走访劳模户数", "≥9户"]]
    )
    assert [one.text for one in left] == ["一、履职效能"]
    assert facts["履职效能/劳模服务/慰问劳模人数.target"] == "≥30人" and "履职效能/劳模服务/走访劳模户数.target" in facts


def test_the_foot_of_a_page_does_not_head_the_rows_below_it() -> None:
    foot = ["填报人：张三", "", "", "联系电话：8935", "", ""]
    facts, left = pasted([OWN, foot, LONG_HEAD, [*OWN[:2], "劳模疗养人数", "≥20人"], foot, ["", "", "走访劳模户数", "≥9户"]])
    assert [(one.row, one.why) for one in left] == [(3, "没有指标名称"), (6, "没有指标名称")]
    assert "履职效能/劳模服务/走访劳模户数.target" in facts


def test_a_merged_cell_goes_on_below_the_heading_of_the_next_page() -> None:
    facts, left = pasted([OWN, LONG_HEAD, ["", "", "劳模疗养人数", "≥20人"]])
    assert not left and facts["履职效能/劳模服务/劳模疗养人数.target"] == "≥20人"


def test_columns_are_told_by_their_headings_in_any_order_and_a_foreign_column_is_named() -> None:
    heads = [["序号", "指标名称", "指标值", "备注", "类型", "一级指标", "二级指标"]]
    facts, left = pasted([["1", "慰问劳模人数", "≥30人", "新增", "绩效改进型", "履职效能", "劳模服务"]], heads=heads)
    assert (
        facts["履职效能/劳模服务/慰问劳模人数.target"] == "≥30人"
        and facts["履职效能/劳模服务/慰问劳模人数.category"] == "绩效改进型"
    )
    assert left == [Unplaced(1, "备注", "表样没有这一列，这一列的内容没有导入")]


def test_years_are_told_by_上年_前年_and_by_their_numbers() -> None:
    for words in (["前年", "上年", "预期当年实现值"], ["2023年", "2024年", "2025年"]):
        heads = [[*LONG_HEAD[:3], *words]]
        facts, left = pasted([[*OWN[:3], "28人", "29人", "≥30人"]], heads=heads, block=ANNUAL)
        own = "履职效能/劳模服务/慰问劳模人数"
        assert not left
        assert [facts[f"{own}.{c}"] for c in ("before_last", "last", "target")] == ["28人", "29人", "≥30人"]


def test_values_stay_as_pasted_full_width_and_all() -> None:
    facts, _ = pasted([["运行成本 ", "公用经费\n控制", "公用经费控制率", "≤１００％", "计划标准", "绩效基本型"]])
    assert facts["运行成本/公用经费控制/公用经费控制率.target"] == "≤１００％"


def test_when_the_rows_of_a_group_are_used_up_the_rest_is_listed() -> None:
    rows = [["社会效应", "经济效益", f"节约资金第{n}项", f"≥{n}万元"] for n in range(1, 8)]
    facts, left = pasted(rows)
    assert sum(key.startswith("社会效应/经济效益/") for key in facts) == 4
    assert [one.row for one in left] == [6, 7, 8]
    assert "“社会效应/经济效益”留给单位自己填的只有 4 行，已经填满" in left[0].why


def test_a_heading_without_a_column_of_names_is_said() -> None:
    facts, left = pasted([["履职效能", "劳模服务", "≥30人"]], heads=[["一级指标", "二级指标", "指标值"]])
    assert not any(key.startswith("履职") for key in facts)
    assert left == [Unplaced(2, "履职效能 | 劳模服务 | ≥30人", "表头没有“三级指标”一列，认不出指标名称")]


def test_two_tables_on_one_clipboard_are_kept_apart() -> None:
    rows = [["长期绩效指标"], LONG_HEAD, OFFICE, ["年度绩效指标"], LONG_HEAD, OWN]
    facts, left = pasted(rows, heads=[])
    assert "运行成本/公用经费控制/公用经费控制率.target" in facts and not any(key.startswith("履职") for key in facts)
    assert "是“年度绩效指标”的内容" in left[-1].why


@pytest.mark.parametrize("block", [LONG, ANNUAL])
@pytest.mark.parametrize("merged_down", [True, False])
def test_a_whole_form_as_one_table_gives_each_table_its_own_rows(block: str, *, merged_down: bool) -> None:
    """The title stands at the side, in its first cell only or merged down; the tables have indicators of one name."""
    book = fresh("ezhou_2025")
    long_term = [["长期绩效指标", *LONG_HEAD], ["", *OFFICE]]
    annual = [["年度绩效指标", *LONG_HEAD], ["", *OFFICE[:3], "≤88%", *OFFICE[4:]]]
    if merged_down:
        long_term[1][0], annual[1][0] = "长期绩效指标", "年度绩效指标"
    funds = [["部门总体资金情况", "收入构成", "财政拨款", "998.71", "100%", "", ""]]
    done = paste(book, [*funds, *long_term, ["年度目标：", "按时完成", "", "", "", "", ""], *annual], block)
    assert book.facts()[f"{block}[{'/'.join(OFFICE[:3])}].target"] == ("≤88%" if block == ANNUAL else OFFICE[3])
    other = "长期绩效指标" if block == ANNUAL else "年度绩效指标"
    assert done.placed == 1 and any(f"是“{other}”的内容" in one.why for one in done.unplaced)
    assert not any("没有这一列" in one.why for one in done.unplaced)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_goals_of_one_document_are_kept_apart_by_their_numbers(number: int) -> None:
    book = fresh("xinzhou_2020")
    heads = ["年度绩效指标", "一级指标", "二级指标", "指标名称", "2019年", "2018年", "预期当年实现值", "绩效标准"]
    goals = [
        row for said in ("1", "2", "三")
        for row in ([f"年度目标{said}：", "帮扶"], heads, ["", "产出指标", "数量指标", f"第{said}项数量", "1人", "1人", "1人", "1人"])
    ]  # fmt: skip
    done = paste(book, goals, f"goal_indicators.{number}")
    own = [path for path in book.facts() if "项数量" in path]
    assert done.placed == 1 and own and all(path.startswith(f"goal_indicators#{number}[") for path in own)


def test_the_table_is_the_one_selected_else_the_one_the_paste_says() -> None:
    book = fresh("ezhou_2025")
    reading, ground = book.reading(), book.ground()

    def meant(rows: Matrix, sheet: str) -> str | None:
        return block_meant(reading, ground, rows, sheet, 8)

    assert meant([LONG_HEAD], "年度绩效指标") == ANNUAL
    assert meant([["长期绩效指标"], LONG_HEAD], "粘贴区") == LONG
    assert meant([[*LONG_HEAD[:3], "2023年", "2024年", "预期当年实现值"]], "粘贴区") == ANNUAL
    assert meant([["随便写的"]], "粘贴区") is None
    assert [one.why for one in place_pasted(reading, ground, [["甲", ""], [""]], "funds").unplaced] == [
        "请先点中要导入的那张指标表（如“年度绩效指标”），再按“粘贴导入”"
    ]


JUNK = st.one_of(
    st.none(), st.text(max_size=6), st.floats(), st.integers(),
    st.sampled_from([*LONG_HEAD, *OFFICE, *OWN, "……", "序号", "近两年指标值", "2024年", "\u200b", "长期绩效指标", "1、", "0.95"]),
)  # fmt: skip


@given(
    st.lists(st.lists(JUNK, max_size=9), max_size=12).flatmap(lambda rows: st.sampled_from([rows, [LONG_HEAD, *rows]])),
    st.sampled_from([LONG, ANNUAL]),
)
@settings(max_examples=250, deadline=None)
def test_junk_never_raises_and_only_blank_cells_are_written(rows: list[list[object]], block: str) -> None:
    done = place_pasted(READING, GROUND, rows, block)
    spots = [write.spot for write in done.writes]
    assert len(spots) == len(set(spots)), "no cell is written twice"
    assert set(spots) <= GROUND.blanks.keys()


READING, GROUND = fresh("ezhou_2025").reading(), fresh("ezhou_2025").ground()
