"""Where is a rule pack, and what does it say together with the packs that it extends?

A pack is a TOML file. It may extend another one and then says only what differs. A folder named
by JIXIAO_PACKS comes first, so that a province changes a threshold without touching the program.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao_xl.model.entries import Made, believed, checked
from jixiao_xl.model.machine_errors import said_by_machine

FOLDER = "JIXIAO_PACKS"
"""The environment variable that names a folder of packs of one's own."""
_SHIPPED = resources.files("jixiao_xl") / "rules" / "packs"


class PackError(ValueError):
    """A pack cannot be used; the message names the file and the entry, in Chinese."""


def shipped_packs() -> tuple[str, ...]:
    """The ids of the packs that come with the program."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _SHIPPED.iterdir() if f.name.endswith(".toml")))


def pack_entry(kind: type[Made], pack_id: str, *, part: bool = False) -> Made:
    """The pack as such a record; `part`: only what it says of the record's own fields.

    PackError when the pack is missing or faulty.
    """
    return _entry(kind, pack_id, os.environ.get(FOLDER, ""), part)  # type: ignore[no-any-return,arg-type]


@cache
def _entry(kind: type[Any], pack_id: str, folder: str, part: bool) -> Any:
    said = _said(pack_id, folder)
    if part:
        said = {key: value for key, value in said.items() if key in kind.__dataclass_fields__}
    if not folder:
        return believed(kind, said)
    from pydantic import ValidationError  # only here: the shipped packs need no checking

    try:
        return checked(kind, said)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "全文"
        raise PackError(f"规则包 {pack_id} 的 {place} 不对：{first['msg'].removeprefix('Value error, ')}") from None


@cache
def _said(pack_id: str, folder: str) -> dict[str, Any]:
    return _merged(pack_id, folder, ())


def _merged(pack_id: str, folder: str, above: tuple[str, ...]) -> dict[str, Any]:
    """The pack's own entries over those of the pack it extends, each table entry by entry."""
    own = _parsed(pack_id, folder, shipped=pack_id in above)
    base_id = own.pop("extends", None)
    if base_id is None:
        return own
    base = _merged(base_id, folder, (*above, pack_id))
    tables = {key: base[key] | value for key, value in own.items() if isinstance(value, dict) and isinstance(base.get(key), dict)}
    return base | own | tables


def _parsed(pack_id: str, folder: str, *, shipped: bool) -> dict[str, Any]:
    """A pack of one's own may extend the shipped one of the same id."""
    try:
        if folder and not shipped and (path := Path(folder) / f"{pack_id}.toml").is_file():
            return tomllib.loads(path.read_text("utf-8-sig"))
        return tomllib.loads((_SHIPPED / f"{pack_id}.toml").read_text("utf-8"))
    except OSError as error:
        raise PackError(f"读不到规则包 {pack_id}：{said_by_machine(error)}") from None
    except UnicodeDecodeError:
        raise PackError(f"规则包 {pack_id} 读不出：不是 UTF-8 编码的文字") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"规则包 {pack_id} 读不出：{error}") from None
