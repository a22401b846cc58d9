"""提取上年数, 重新计算, 按建议修改: values that can be computed or looked up, into cells that are open for them."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl import operations
from jixiao_xl.hosts.applying import apply
from jixiao_xl.hosts.archives import archive_of_record
from jixiao_xl.hosts.check_button import chosen_finding, none_here
from jixiao_xl.hosts.clicking import spoken
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.showing import has_buttons_sheets, show_findings
from jixiao_xl.model.findings import SEVERITIES, Finding

PRIOR, RECOMPUTE, FIX = "提取上年数", "重新计算", "按建议修改"
SHOWN = 8
"""Findings said in a closing message; the others are for 校验 to list."""


def pull_prior(host: Host) -> None:
    """The archive's values into blank cells; where a filled one differs, it is said and left."""
    from jixiao_xl.desk.prior_button import prior_writes

    host.status("正在提取上年数……")
    form = operations.open_form(host, host.name)
    form.must_be_ours()
    edit = prior_writes(form.reading, archive_of_record(host), form.ground)
    if apply(host, form, PRIOR, edit):
        listed = bool(edit.findings) and has_buttons_sheets(host, form)
        if listed:
            with host.editing():
                show_findings(host, form, edit.findings)
        _close(host, PRIOR, f"填入 {len(edit.writes)} 格。填过的格没有改动。", edit.findings, listed=listed)


def recompute(host: Host) -> None:
    """Everything derived computed again and compared; the 测算表's rates into blank indicator values."""
    from jixiao_xl.desk.recomputing import compared, recompute

    form = operations.open_form(host, host.name)
    form.must_be_ours()
    edit = recompute(form.reading)
    if apply(host, form, RECOMPUTE, edit):
        said = f"重算 {compared(form.reading)} 处，从“测算表”填入指标值 {len(edit.writes)} 格。"
        _close(host, RECOMPUTE, said if edit.findings else f"{said}全部一致。", edit.findings)


def fix_finding(host: Host) -> None:
    """The selected finding's suggestion into its cell; one that is not certain is asked about."""
    from jixiao_xl.desk.fix_button import fix_writes

    form = operations.open_form(host, host.name)
    finding = chosen_finding(host, form)
    if finding is None:
        host.tell(none_here(host), FIX)
        return
    edit = fix_writes(form.reading, finding, form.ground)
    if apply(host, form, FIX, edit):
        host.status(f"{finding.where.spoken()} 已改为 {finding.suggested}；改错了点“撤销”。")


def _close(host: Host, title: str, said: str, findings: Sequence[Finding], *, listed: bool = False) -> None:
    """One message: what was done, then the first of what has to be looked at; `listed` when 校验结果 has it all."""
    ordered = sorted(findings, key=lambda f: SEVERITIES.index(f.severity))
    lines = [said, *(f"{f.where.spoken()}　{spoken(f)}" if f.where.cell else spoken(f) for f in ordered[:SHOWN])]
    if len(ordered) > SHOWN:
        lines.append(f"……共 {len(ordered)} 条{'' if listed else '，点“校验”看全部'}。")
    if listed:
        lines.append("逐条列在“校验结果”，点位置跳到该格。")
    host.status(said)
    host.tell("\n".join(lines), title)
