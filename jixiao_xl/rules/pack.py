"""Severities and thresholds as data: a rule pack, chosen by the form definition.

A pack is a TOML file. It may extend another one and then says only what differs. A folder named
by JIXIAO_PACKS comes first, so that a province changes a threshold without touching the program.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import field
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from jixiao_xl.model.entries import Entry, believed, checked
from jixiao_xl.model.findings import Severity

FOLDER = "JIXIAO_PACKS"
"""The environment variable that names a folder of packs of one's own."""


class PackError(ValueError):
    """A pack cannot be used; the message names the file and the entry, in Chinese."""


class Placeholder(Entry):
    pattern: str
    severity: Severity


class Pack(Entry):
    """What a province decides; the rules themselves are the same everywhere."""

    id: str
    version: str
    source: str
    severity: dict[str, Severity | Literal["off"]]
    """By code; `off` silences a rule (收支不要求相等的省: FND201 = "off")."""
    threshold: dict[str, Decimal]
    threshold_source: dict[str, str] = field(default_factory=dict)
    """Where each threshold comes from; an inferred one says 推断."""
    placeholder: tuple[Placeholder, ...] = ()

    @property
    def name(self) -> str:
        """How reports call it: `hubei 2026.1`."""
        return f"{self.id} {self.version}"

    def is_off(self, code: str) -> bool:
        return self.severity[code] == "off"

    def severity_of(self, code: str) -> Severity:
        """How grave a finding of this code is; KeyError for a code that the pack does not judge."""
        severity = self.severity[code]
        return "hint" if severity == "off" else severity

    def placeholder_in(self, name: str) -> Placeholder | None:
        if self._any_placeholder.search(name) is None:
            return None
        return next((p for p in self.placeholder if re.search(p.pattern, name)), None)

    @cached_property
    def _any_placeholder(self) -> re.Pattern[str]:
        """All of them at once: nearly every name has none."""
        return re.compile("|".join(f"(?:{p.pattern})" for p in self.placeholder) or r"(?!)")


def shipped_packs() -> tuple[str, ...]:
    """The ids of the packs that come with the program."""
    folder = resources.files("jixiao_xl.rules") / "packs"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def load_pack(pack_id: str) -> Pack:
    """The pack by id, of one's own folder or shipped; PackError when it is missing or faulty."""
    return _loaded(pack_id, os.environ.get(FOLDER, ""))


@cache
def _loaded(pack_id: str, folder: str) -> Pack:
    merged = _merged(pack_id, folder, ())
    if not folder:
        return believed(Pack, merged)
    from pydantic import ValidationError  # only here: the shipped packs need no checking

    try:
        return checked(Pack, merged)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "全文"
        raise PackError(f"规则包 {pack_id} 的 {place} 不对：{first['msg'].removeprefix('Value error, ')}") from None


def _merged(pack_id: str, folder: str, above: tuple[str, ...]) -> dict[str, Any]:
    """The pack's own entries over those of the pack it extends."""
    own = _parsed(pack_id, folder, shipped=pack_id in above)
    base_id = own.pop("extends", None)
    if base_id is None:
        return own
    base = _merged(base_id, folder, (*above, pack_id))
    tables = {key: base.get(key, {}) | own.get(key, {}) for key in ("severity", "threshold", "threshold_source")}
    return base | own | tables


def _parsed(pack_id: str, folder: str, *, shipped: bool) -> dict[str, Any]:
    """A pack of one's own may extend the shipped one of the same id."""
    try:
        if folder and not shipped and (path := Path(folder) / f"{pack_id}.toml").is_file():
            return tomllib.loads(path.read_text("utf-8-sig"))
        return tomllib.loads((resources.files("jixiao_xl.rules") / "packs" / f"{pack_id}.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"读不到规则包 {pack_id}：{error}") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"规则包 {pack_id} 读不出：{error}") from None
