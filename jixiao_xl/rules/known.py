"""What the rules know of words and amounts, as data: the files of `rules/knowledge`."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from jixiao_xl.model.entries import Made, believed

_FOLDER = resources.files("jixiao_xl.rules") / "knowledge"


def knowledge(name: str) -> dict[str, Any]:
    """One file as it is; callers keep it, so that it is read once."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


def knowledge_of(kind: type[Made], name: str) -> Made:
    """One file as a record."""
    return believed(kind, knowledge(name))
