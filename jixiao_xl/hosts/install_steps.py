"""What an installation does to a machine, each act with its way back.

A step is a value: it says what it would do, does it, and leaves a record from which it is undone.
Only what the record says is ours is taken away; what a person changed since stays or is put aside.
"""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from jixiao_xl.hosts.registry import Registry, Values
from jixiao_xl.workbook.saving import save_atomically

ANSI = "mbcs" if sys.platform == "win32" else "utf-8"
"""What VBA's `Open … For Input` and cmd.exe read: the machine's own code page."""
MARK = ":Zone.Identifier"
"""The stream beside a file that says it was downloaded; Excel blocks the macros of a file that has it."""
Kind = Literal["folder", "file", "line", "trust"]


class Record(BaseModel):
    """One thing that was done, as the journal keeps it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Kind
    target: str
    """A folder, a file, or a registry key."""
    name: str = ""
    """The setting within a file."""
    ours: str = ""
    """What we put there: a file's SHA-256, a setting's value, a trusted folder."""
    before: str | None = None
    """What was there: the path where the old file lies now, the old value."""
    made: bool = False
    """Whether the file of a setting is of our making."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Two records of the same key speak of one thing."""
        return self.kind, self.target, self.name


@dataclass(frozen=True)
class Desk:
    """What steps work on besides files: the registry, and the folder where a person's files are put aside."""

    kept: Path
    registry: Registry | None = None


class Step(Protocol):
    """One act. `do` is told the record of the last installation and gives the one to keep, None when
    nothing of ours is there to undo."""

    def says(self) -> str: ...
    def key(self) -> tuple[str, str, str]: ...
    def do(self, desk: Desk, last: Record | None) -> Record | None: ...


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named(path: Path) -> str:
    """A path for a person; a place on a Windows machine that is only spoken of is written its way."""
    return str(path).replace("/", "\\") if str(path).startswith("%") else str(path)


def set_aside(path: Path, desk: Desk) -> Path:
    """Move a file that is not ours to delete; never onto another one."""
    desk.kept.mkdir(parents=True, exist_ok=True)
    target, n = desk.kept / path.name, 1
    while target.exists():
        n += 1
        target = desk.kept / f"{path.stem}({n}){path.suffix}"
    return path.rename(target)


# ---- the steps ---------------------------------------------------------------------------
@dataclass(frozen=True)
class MakeFolder:
    folder: Path

    def says(self) -> str:
        return f"建立文件夹 {named(self.folder)}"

    def key(self) -> tuple[str, str, str]:
        return "folder", str(self.folder), ""

    def do(self, desk: Desk, last: Record | None) -> Record | None:
        if self.folder.is_dir():
            return last
        self.folder.mkdir(parents=True)
        return Record(kind="folder", target=str(self.folder))


@dataclass(frozen=True)
class PlaceFile:
    """A file of ours at its place, without the download mark."""

    target: Path
    content: bytes

    def says(self) -> str:
        return f"放入文件 {named(self.target)}，清除“来自网络”标记"

    def key(self) -> tuple[str, str, str]:
        return "file", str(self.target), ""

    def do(self, desk: Desk, last: Record | None) -> Record | None:
        before = last.before if last else None
        if self.target.is_file():
            found = digest(self.target.read_bytes())
            if found == digest(self.content):
                _unmark(self.target)
                return last.model_copy(update={"ours": found}) if last else None
            if last is None or found != last.ours:
                before = str(set_aside(self.target, desk))
        save_atomically(self.target, self.content, replace=True)
        _unmark(self.target)
        return Record(kind="file", target=str(self.target), ours=digest(self.content), before=before)


def _unmark(path: Path) -> None:
    path.with_name(path.name + MARK).unlink(missing_ok=True)


@dataclass(frozen=True)
class SetLine:
    """One `"KEY","value"` line of xlwings' own settings file; the other lines stay as they are."""

    file: Path
    name: str
    value: str

    def says(self) -> str:
        return f"在 {named(self.file)} 写入 {self.name} = {self.value}（原值记下，卸载时恢复）"

    def key(self) -> tuple[str, str, str]:
        return "line", str(self.file), self.name

    def do(self, desk: Desk, last: Record | None) -> Record | None:
        found = line_of(self.file, self.name)
        if found == self.value:
            return last
        is_ours = last is not None and found == last.ours
        before, made = (last.before, last.made) if last and is_ours else (found, not self.file.exists())
        write_line(self.file, self.name, self.value)
        return Record(kind="line", target=str(self.file), name=self.name, ours=self.value, before=before, made=made)


def _line(name: str) -> re.Pattern[bytes]:
    """Names are compared without case, as xlwings' VBA does."""
    return re.compile(rb'^[ \t]*"' + re.escape(name.encode()) + rb'"[ \t]*,[ \t]*"([^"\r\n]*)"[^\r\n]*(?:\r?\n|\Z)', re.I | re.M)


def line_of(file: Path, name: str) -> str | None:
    """The value of a line of xlwings' settings file; None where there is none."""
    found = _line(name).search(file.read_bytes()) if file.is_file() else None
    return found[1].decode(ANSI, "replace") if found else None


def write_line(file: Path, name: str, value: str | None) -> None:
    """Set a line where it stands, else at the end; None takes it out. Raises UnicodeEncodeError for
    what the code page cannot hold."""
    content = file.read_bytes() if file.is_file() else b""
    found = _line(name).search(content)
    if value is None:
        content = content[: found.start()] + content[found.end() :] if found else content
    elif found:
        content = content[: found.start(1)] + value.encode(ANSI) + content[found.end(1) :]
    else:
        end = b"\n" if b"\n" in content and b"\r\n" not in content else b"\r\n"
        content += end if content and not content.endswith(b"\n") else b""
        content += f'"{name}","{value}"'.encode(ANSI) + end
    save_atomically(file, content, replace=True)


@dataclass(frozen=True)
class TrustFolder:
    """A Trusted Location of this person for one version of Office: its macros run without a question."""

    folder: Path
    version: str

    @property
    def root(self) -> str:
        return rf"HKCU\Software\Microsoft\Office\{self.version}\Excel\Security\Trusted Locations"

    def says(self) -> str:
        return f"把 {named(self.folder)} 登记为 Excel {self.version} 的受信任位置（只对本人，{self.root}）"

    def key(self) -> tuple[str, str, str]:
        return "trust", self.root, str(self.folder)

    def do(self, desk: Desk, last: Record | None) -> Record | None:
        registry = _registry(desk)
        taken = registry.subkeys(self.root)
        if any(same_folder(trusted_path(registry, rf"{self.root}\{name}"), self.folder) for name in taken):
            return last
        free = next(f"Location{n}" for n in range(20, 1000) if f"Location{n}" not in taken)
        values: Values = {"Path": f"{self.folder}\\", "AllowSubfolders": 1, "Description": "jixiao 绩效填报"}
        registry.write(rf"{self.root}\{free}", values)
        return Record(kind="trust", target=self.root, name=str(self.folder), ours=free)


def trusted_path(registry: Registry, key: str) -> str:
    return str((registry.values(key) or {}).get("Path", ""))


def same_folder(stated: str, folder: Path) -> bool:
    return stated.rstrip("\\/").casefold() == str(folder).rstrip("\\/").casefold()


def _registry(desk: Desk) -> Registry:
    if desk.registry is None:
        raise RuntimeError("a trusted location was asked for on a machine without a registry")
    return desk.registry


# ---- the way back ------------------------------------------------------------------------
def undo(record: Record, desk: Desk) -> str:
    """Undo one recorded act; the sentence says what became of it."""
    return {"folder": _undo_folder, "file": _undo_file, "line": _undo_line, "trust": _undo_trust}[record.kind](record, desk)


def _undo_folder(record: Record, _desk: Desk) -> str:
    folder = Path(record.target)
    if not folder.is_dir():
        return f"文件夹已不在：{folder}"
    if any(folder.iterdir()):
        return f"文件夹里还有别的文件，保留：{folder}"
    folder.rmdir()
    return f"已删除空文件夹 {folder}"


def _undo_file(record: Record, desk: Desk) -> str:
    path = Path(record.target)
    if not path.is_file():
        said = f"文件已不在：{path}"
    elif digest(path.read_bytes()) == record.ours:
        path.unlink()
        said = f"已删除 {path}"
    else:
        said = f"{path} 改过，没有删除，移到 {set_aside(path, desk)}"
    if record.before and Path(record.before).is_file() and not path.exists():
        Path(record.before).rename(path)
        said += "，原来的文件已放回"
    return said


def _undo_line(record: Record, _desk: Desk) -> str:
    file = Path(record.target)
    if line_of(file, record.name) != record.ours:
        return f"{file} 的 {record.name} 已被改过，保留"
    write_line(file, record.name, record.before)
    if record.before is not None:
        return f"{file} 的 {record.name} 已恢复为 {record.before}"
    if record.made and not file.read_bytes().strip():
        file.unlink()
        return f"已删除 {file}"
    return f"{file} 的 {record.name} 已去掉"


def _undo_trust(record: Record, desk: Desk) -> str:
    registry, key = _registry(desk), rf"{record.target}\{record.ours}"
    if not same_folder(trusted_path(registry, key), Path(record.name)):
        return f"受信任位置已不在或改过，保留：{key}"
    registry.delete(key)
    return f"已取消受信任位置 {record.name}"
