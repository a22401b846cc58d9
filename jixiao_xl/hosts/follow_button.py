"""生成监控表 and 生成自评表: the next stage's workbook from the open one, beside it."""

from __future__ import annotations

from jixiao_xl import operations
from jixiao_xl.desk.numbered import file_name, free_path
from jixiao_xl.hosts.archives import archive_if_there
from jixiao_xl.hosts.choosing import folder_beside
from jixiao_xl.hosts.clicking import spoken
from jixiao_xl.hosts.port import Host
from jixiao_xl.model.facts import STAGE_WORDS, Stage

TABLES = "*.xlsx;*.csv"
HAS_ACTUALS = "有实际完成值表（.xlsx 或 .csv）吗？有的带入完成值，没有的点“否”。"
SHOWN = 12
"""Findings of the closing message; more are counted."""


def follow(host: Host, stage: Stage) -> None:
    """Make the form of the stage with all that was filed, and open it."""
    title = f"生成{STAGE_WORDS[stage]}表"
    form = operations.open_form(host, host.name)
    form.must_be_ours()
    folder = folder_beside(host, f"{STAGE_WORDS[stage]}表放在哪个文件夹？")
    actuals = None
    if stage == "evaluation" and (not host.is_open or host.ask(HAS_ACTUALS, title)):
        actuals = host.choose_file("选择实际完成值表", TABLES)  # at a terminal, Enter alone says that there is none
    filing = form.reading.filing
    assert filing is not None
    host.status(f"正在{title}……")
    suffix = ".xlsm" if host.name.lower().endswith(".xlsm") else ".xlsx"
    out = free_path(folder / file_name(f"{filing.unit.name or '单位'}_{filing.year}年{STAGE_WORDS[stage]}表", suffix))
    done = operations.follow(form.reading, stage, out, archive=archive_if_there(host), actuals=actuals)
    host.status("")
    host.open(done.path)
    said = [f"已生成 {done.path.name}，在 {folder}。目标和资金已带出，黄色格由单位填写。", *map(spoken, done.findings[:SHOWN])]
    if len(done.findings) > SHOWN:
        said.append(f"……共 {len(done.findings)} 条。")
    host.tell("\n".join(said), title)
