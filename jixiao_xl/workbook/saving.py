"""A file is written whole or not at all, and never over one that a person filled."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from jixiao_xl.model.machine_errors import said_by_machine

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What drives say on which a file has one name only (FAT, some shares)."""


class WriteRefused(OSError):
    """The file cannot be written; `code` is SYS903 or SYS904, `why` is said in Chinese."""

    def __init__(self, code: str, path: Path, why: str = "") -> None:
        super().__init__(f"{code} {path} {why}")
        self.code, self.path, self.why = code, path, why

    def __reduce__(self) -> tuple[type[WriteRefused], tuple[str, Path, str]]:
        return type(self), (self.code, self.path, self.why)  # OSError would come from another process with one argument


def save_atomically(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write beside the target, flush, rename. Raises WriteRefused; the old file stays whole.

    Without `replace` an existing file is never touched.
    """
    try:
        if path.exists() and not replace:
            raise WriteRefused("SYS904", path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".jixiao-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)
            _put_in_place(Path(name), path, replace=replace)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except WriteRefused:
        raise
    except OSError as error:
        raise WriteRefused("SYS903", path, said_by_machine(error)) from error


def _put_in_place(made: Path, path: Path, *, replace: bool) -> None:
    """Give a finished file its name; a file that another program wrote meanwhile stays, unless `replace`."""
    if replace:
        made.replace(path)
        return
    try:
        if os.name == "nt":
            made.rename(path)  # which Windows refuses where something stands
        else:
            path.hardlink_to(made)
            made.unlink()
    except FileExistsError:
        raise WriteRefused("SYS904", path) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        made.replace(path)
