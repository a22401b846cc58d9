"""`jixiao demo`: the whole way once, on the five published forms and a sample prefecture."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from jixiao_xl import operations
from jixiao_xl.archive.store import Archive
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.hosts.demo_cycle import run_cycle
from jixiao_xl.hosts.published import published_forms
from jixiao_xl.hosts.sample import FORM, roster_of_sample, sample_filing, unit_of
from jixiao_xl.hosts.say import OUT, progress_bar, say_checked
from jixiao_xl.hosts.say_summary import say_summary
from jixiao_xl.model.facts import Fact, Filing, Unit, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.saving import save_atomically

YEAR, CYCLE_YEAR = 2026, 2025
MISSING, TWICE, COPIER, COPIED, BROKEN, WRONG = 6, 7, 4, 3, 5, 8
"""Which invented unit shows which trouble."""


def run_demo(out: Path) -> None:
    """Build, fill, check, deposit, issue, pull, consolidate; say where to look."""
    started = time.perf_counter()
    folder = _fresh(out)
    archive = operations.open_archive(str(folder / "历年数据库.sqlite"))
    _say("一、生成五份表样")
    for spec in operations.forms():
        if not spec.is_follow_up:  # those of the later stages come filled, in the last part
            path = folder / "1_表样" / f"{spec.form.id}.{spec.form.edition}.xlsx"
            OUT.print(f"  {operations.make_template(spec.form.id, int(spec.form.edition), path)}")
    _say("二、把五份公开表填进表样,校验,登记")
    for facts in published_forms():
        _published(facts, folder / "2_公开表", archive)
    _say("三、示例市:去年的报送件入库,按名单下发今年的表样")
    spec = operations.form_named(FORM, YEAR)
    for n in range(1, 12):
        archive.deposit(sample_filing(spec, n, YEAR - 1, "approval"))
    roster = operations.make_roster(folder / "3_应报单位名单.xlsx", roster_of_sample())
    with progress_bar("下发") as told:
        issued = operations.issue(roster, FORM, YEAR, folder / "3_下发", archive=archive, progress=told)
    OUT.print(f"  下发 {len(issued.files)} 份,清单 {issued.list_path}")
    _say("四、各单位填报(有意安排:一家未报、一家报两份、一家抄邻居的文件、一个坏文件、一家有错)")
    _submit(spec, folder)
    pulled = operations.pull_prior_year(folder / "4_报送" / "示例单位09.xlsx", folder / "4_示例单位09_提取上年数.xlsx", archive)
    OUT.print(f"  提取上年数:{pulled.path}({len(pulled.findings)} 处与历年数据库不一致)")
    marked = folder / "4_示例单位08_退回修改.xlsx"
    operations.mark(folder / "4_报送" / "示例单位08.xlsx", marked)
    OUT.print(f"  退回修改:{marked}(错处标色,改好即消;附校验结果和校验报告)")
    _say("五、汇总")
    with progress_bar("汇总") as told:
        summary = operations.consolidate(folder / "4_报送", folder / "5_市级汇总.xlsx", roster=roster, progress=told)
    say_summary(summary)
    _say("六、一年走完:申报 → 批复 → 监控 → 自评 → 下一年申报(阳新、鄂州)")
    run_cycle(declared(), folder / "6_全年", CYCLE_YEAR)
    OUT.print(f"\n用时 {time.perf_counter() - started:.1f} 秒。请打开:")
    OUT.print(f"  {folder / '2_公开表' / 'ezhou_2025.xlsx'}(看“自检表”“打印表”)")
    OUT.print(f"  {folder / '3_下发'}(今年的表样,上年数已带出)")
    OUT.print(f"  {folder / '5_市级汇总.xlsx'}(先看概览,再看报送情况、资金汇总、指标汇总、同比、审核问题、数据来源)")


def _say(text: str) -> None:
    OUT.print(f"\n{text}", style="bold")


def _fresh(out: Path) -> Path:
    """A folder that does not exist yet: what a person may have opened is not touched."""
    for n in range(1, 1000):
        folder = out if n == 1 else out.with_name(f"{out.name}-{n}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise operations.CannotRun(
                Finding("SYS903", "error", params={"file": str(folder), "why": said_by_machine(error)})
            ) from None
        return folder
    raise operations.CannotRun()


def _published(facts: Path, folder: Path, archive: Archive) -> None:
    reading = operations.read(facts)
    assert reading.spec is not None
    filled = operations.fill(reading.spec.form.id, facts, folder / f"{facts.stem}.xlsx", as_stated=True)
    checked = operations.check(filled.path)
    say_checked(checked)
    operations.deposit(filled.path, archive)


def _submit(spec: FormSpec, folder: Path) -> None:
    target = folder / "4_报送"
    yangxin = next(p for p in published_forms() if p.stem.startswith("yangxin"))
    _write(spec, _on_hubei_form(spec, yangxin), target / "阳新县总工会.xlsx")
    for n in range(1, 12):
        filing = replace(sample_filing(spec, n, YEAR), revision=0)
        path = target / f"{unit_of(n).name}.xlsx"
        if n == MISSING:
            continue
        if n == COPIER:
            # the neighbour's issued file, only the visible name changed
            copied = sample_filing(spec, COPIED, YEAR)
            name = Fact("cover.unit_name", unit_of(COPIER).name)
            _write(spec, copied.with_facts(copied.facts | {"cover.unit_name": name}), path)
            continue
        if n == WRONG:
            wrong = {"funds.expense.total.current": "700.00", "funds.expense.personnel.share": "55.00%"}
            filing = filing.with_facts(filing.facts | {k: Fact(k, v) for k, v in wrong.items()})
        _write(spec, filing, path)
        if n == TWICE:
            more = {"annual_goal.text": Fact("annual_goal.text", "开展技能培训18场，走访慰问困难职工110人。")}
            _write(spec, replace(filing.with_facts(filing.facts | more), revision=1), target / f"{unit_of(n).name}（修改）.xlsx")
        if n == BROKEN:
            path.write_bytes(path.read_bytes()[:5000])
    OUT.print(f"  报送文件夹 {target}")


def _on_hubei_form(spec: FormSpec, facts: Path) -> Filing:
    """阳新's published indicators on the Hubei form of this year; the text has no funds."""
    published = operations.read(facts).filing
    assert published is not None
    known = {block.id for block in spec.block}
    kept = {f.path: f for f in published.facts.values() if parse_path(f.path).block in known}
    return Filing(spec.form.id, spec.form.edition, YEAR, "declaration", Unit("阳新县总工会", "420222-S001"), kept)


def declared() -> list[Filing]:
    """The published targets of 阳新 and 鄂州 as declarations of one year on the Hubei form."""
    spec = operations.form_named(FORM, CYCLE_YEAR)
    yangxin, ezhou = (next(p for p in published_forms() if p.stem.startswith(name)) for name in ("yangxin", "ezhou"))
    approved = operations.read(ezhou).filing
    assert approved is not None
    own = _on_hubei_form(spec, yangxin)
    return [replace(filing, year=CYCLE_YEAR, stage="declaration") for filing in (own, approved)]


def _write(spec: FormSpec, filing: Filing, path: Path) -> None:
    save_atomically(path, build_workbook(spec, filing, BuildOptions(as_stated=True)))
