"""What a worker of a reading cluster does: what a reading process does, for files that come to it as bytes.

Only workers load this module besides the client. It knows nothing of Dask, nor of the client's disk, and
what it takes and gives are plain values and bytes: a worker without this program, or with another one,
can still say so.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from jixiao_xl import __version__
from jixiao_xl.desk.one_file import Budgets, Done, Taken, read_taken
from jixiao_xl.forms.load import OWN_FORMS
from jixiao_xl.model.pack_files import FOLDER as OWN_PACKS

ROOMS = ("model", "forms", "rules", "consolidate", "workbook", "desk")
"""What takes part in reading and judging: their code, definitions, packs and knowledge."""

OwnFiles = tuple[tuple[str, bytes], ...]
"""The TOML files of a folder of one's own, by name; none where there is no folder."""


Program = tuple[str, str]
"""Which program reads: version and digest. Two that differ in one rule or one definition are two programs."""


@dataclass(frozen=True)
class Basis:
    """What besides the bytes decides how a file is read and judged, as it is at the client."""

    budgets: Budgets
    own: tuple[tuple[str, OwnFiles], ...]
    """By environment variable: the definitions and the packs of one's own."""


# ---- at the client -----------------------------------------------------------------
def basis_here(budgets: Budgets) -> bytes:
    """The basis that a file read in this process would have. OSError for folders that cannot be read."""
    own = tuple((name, _own_files(os.environ.get(name, ""))) for name in (OWN_FORMS, OWN_PACKS))
    return pickle.dumps(Basis(budgets, own))


def _own_files(folder: str) -> OwnFiles:
    return tuple((path.name, path.read_bytes()) for path in sorted(Path(folder).glob("*.toml"))) if folder else ()


def shipped(files: Sequence[Taken]) -> bytes:
    return pickle.dumps(files)


def come_back(said: bytes) -> list[Done]:
    return cast("list[Done]", pickle.loads(said))


# ---- on both sides -----------------------------------------------------------------
@cache
def program_here() -> Program:
    """The program of this process. Line ends do not count: a checkout on Windows may have others."""
    said = hashlib.sha256()
    for room in ROOMS:
        for name, content in _source_files(resources.files("jixiao_xl") / room, room):
            said.update(f"{name}\n".encode() + content.replace(b"\r\n", b"\n"))
    return __version__, said.hexdigest()[:16]


def _source_files(folder: Traversable, name: str) -> Generator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _source_files(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".toml")):
            yield f"{name}/{entry.name}", entry.read_bytes()


# ---- on the worker -----------------------------------------------------------------
_one_at_a_time = threading.Lock()
"""A worker may have several threads, and clients with other definitions; a process has one environment.
Reading is Python from end to end, so threads would only wait for each other anyway."""


def read_shipped(program: Program, basis: bytes, files: bytes) -> bytes | Program:
    """The files read and judged as the client would; what runs here instead, where it is another program."""
    if program_here() != program:
        return program_here()
    known = _basis(basis)
    with _one_at_a_time, _environment_of(known):
        return pickle.dumps([read_taken(taken, known.budgets) for taken in pickle.loads(files)])


@lru_cache(maxsize=2)
def _basis(basis: bytes) -> Basis:
    return cast(Basis, pickle.loads(basis))


@contextmanager
def _environment_of(basis: Basis) -> Generator[None]:
    """The client's own definitions and packs in the place of those that this machine may have."""
    before = {name: os.environ.get(name) for name, _ in basis.own}
    os.environ.update({name: _written(files) for name, files in basis.own})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _written(files: OwnFiles) -> str:
    return _folder_of(files).name if files else ""


@lru_cache(maxsize=8)
def _folder_of(files: OwnFiles) -> TemporaryDirectory[str]:
    """A folder with these files, for as long as this process or seven other folders."""
    folder = TemporaryDirectory(prefix="jixiao")
    for name, content in files:
        (Path(folder.name) / name).write_bytes(content)
    return folder
