"""The file or folder that a person chooses for a button; leaving the dialog is NothingChosen."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from jixiao_xl.hosts.port import Host, NothingChosen

PASSING = ("inetcache", "content.outlook", "temporary internet files")
"""Folders in which mail programs and browsers open an attachment; what is put there is never found again."""


def folder(host: Host, question: str) -> Path:
    """Raises NothingChosen."""
    chosen = host.choose_folder(question)
    if chosen is None:
        raise NothingChosen
    return chosen


def file(host: Host, question: str, kinds: str) -> Path:
    """Raises NothingChosen."""
    chosen = host.choose_file(question, kinds)
    if chosen is None:
        raise NothingChosen
    return chosen


def folder_beside(host: Host, question: str) -> Path:
    """Beside the workbook; where the person wants it for one that was never saved to a folder, lies at a web address
    (OneDrive) or was opened out of a mail. Raises NothingChosen."""
    path = host.path
    if path is not None and path.parent.is_dir() and not is_passing(path):
        return path.parent
    return folder(host, question)


def is_passing(path: Path) -> bool:
    """Whether the file lies where a mail program put it to be looked at."""
    parts = [part.casefold() for part in path.parts]
    in_temp = ("local", "temp") in pairwise(parts)  # Windows unpacks archives there
    return in_temp or any(word in parts for word in PASSING)
