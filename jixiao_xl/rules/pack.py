"""Severities and thresholds as data: a rule pack, chosen by the form definition."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from jixiao_xl.model.findings import Severity


class Placeholder(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: str
    severity: Severity


class Pack(BaseModel):
    """What a province decides; the rules themselves are the same everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    version: str
    source: str
    severity: dict[str, Severity]
    threshold: dict[str, Decimal]
    placeholder: tuple[Placeholder, ...] = ()

    def placeholder_in(self, name: str) -> Placeholder | None:
        return next((p for p in self.placeholder if re.search(p.pattern, name)), None)


@cache
def load_pack(pack_id: str) -> Pack:
    """The shipped pack; FileNotFoundError for an id that no pack has (a definition's defect)."""
    text = (resources.files("jixiao_xl.rules") / "packs" / f"{pack_id}.toml").read_text("utf-8")
    return Pack.model_validate(tomllib.loads(text))
