"""One summary per county and prefecture beside the summary of all (逐级汇总)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from jixiao_xl.consolidate.levels import rolled_up
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk.numbered import file_name
from jixiao_xl.desk.opening import save_ours
from jixiao_xl.desk.outcomes import CannotRun, Progress
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.summary_book import summary_bytes


def write_levels(summary: Summary, folder: Path, target: Path, progress: Progress) -> tuple[list[Path], list[Finding]]:
    """The files written into `target`, by code and name, with links to the files in `folder`; what could not
    be written is said, and hinders no other."""
    relative = os.path.relpath(folder.resolve(), target.resolve()).replace(os.sep, "/")
    nodes = [*rolled_up(summary)]
    written: list[Path] = []
    findings: list[Finding] = []
    for n, (node, own) in enumerate(nodes):
        progress(node.title, n, len(nodes))
        name = f"_{node.name}" if node.name else ""
        path = target / file_name(f"{node.code}{name}_{summary.year}年{STAGE_WORDS[summary.stage]}汇总")
        try:
            save_ours(path, summary_bytes(own, "" if relative == "." else f"{relative}/"))
            written.append(path)
        except CannotRun as refused:
            findings += refused.findings
    return written, findings


def with_levels(summary: Summary, folder: Path, target: Path, progress: Progress) -> Summary:
    """The levels written; the summary with what could not be."""
    return replace(summary, findings=(*summary.findings, *write_levels(summary, folder, target, progress)[1]))
