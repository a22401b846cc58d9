"""A real LibreOffice, headless, as the outside judge of what we write."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xlsm": "xlsm:Calc MS Excel 2007 VBA XML"}
DESK = Path(__file__).parent / "workbook" / "desk.py"
SYSTEM_PYTHON = "/usr/bin/python3"
"""The interpreter that Debian's python3-uno belongs to."""


class Office:
    """One profile; each call starts soffice and waits for its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = folder / "profile"
        (self.profile / "user").mkdir(parents=True)
        (self.profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, "utf-8")
        self.program = shutil.which("soffice") or "soffice"

    def converted(self, books: list[Path], kind: str) -> list[Path]:
        """The books as `xlsx` or `xlsm` (recalculated), or `pdf`."""
        target = self.folder / f"{kind}-{len(list(self.folder.iterdir()))}"
        target.mkdir()
        what = FILTERS.get(kind, kind)
        command = [
            self.program,
            f"-env:UserInstallation={self.profile.as_uri()}",
            "--headless",
            "--convert-to",
            what,
            "--outdir",
            str(target),
            *map(str, books),
        ]
        for _ in range(2):  # a fresh profile ends once with code 81
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
            if done.returncode == 0:
                break
        made = [target / f"{book.stem}.{kind}" for book in books]
        assert all(path.is_file() for path in made), done.stderr
        return made

    def at_the_desk(self, book: Path, *orders: str) -> list[str]:
        """Open the book in Calc and work on it as a person would; see tests/workbook/desk.py."""
        environment = os.environ | {"JIXIAO_PROFILE": self.profile.as_uri(), "JIXIAO_SOFFICE": self.program}
        done = subprocess.run(
            [SYSTEM_PYTHON, str(DESK), str(book), *orders], capture_output=True, text=True, timeout=300, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()
