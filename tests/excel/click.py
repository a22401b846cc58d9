"""The real click: a shipped .xlsm in LibreOffice Calc, its own buttons, its own VBA, the unmodified handler.

    with real_buttons(folder, book) as buttons:
        seen = buttons.click("校验")
        seen.alerts, seen.log, buttons.desk.book.sheets["…"]["B3"].value

Swapped in the loaded document (never in the file) is the VBA module `xlwings`, the launcher, because it
starts Python through Windows; its class `Dictionary`, which Calc cannot compile, is taken out with it.
The sheet's button, the Sub bound to it and the line of Python that the Sub runs are those of the file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.excel.calc import NO_MACROS, RUN_MACROS, at_calc, running_calc
from tests.excel.desk import Desk
from tests.excel.person import Alert, Dialog
from tests.soffice import Soffice, prop

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "launcher.bas"
BUTTON_PAGE = "操作"
PATIENCE = 120
"""Seconds until a click that brings nothing is given up."""


@dataclass(frozen=True)
class ClickResult:
    """What a click did, as far as the person and the launcher can tell."""

    command: str
    """The line of Python that the button's Sub ran."""
    log: str
    """The traceback of the child Python; empty when it ended well."""
    alerts: list[Alert]
    dialogs: list[Dialog]
    statuses: list[str]
    opened: list[Path]
    calls: dict[str, int]
    seconds: float


class Buttons:
    """The buttons of the workbook that is open at the desk."""

    def __init__(self, soffice: Soffice, desk: Desk, folder: Path) -> None:
        self.soffice, self.desk, self.folder = soffice, desk, folder
        self.document: Any = desk.book.impl.pages.document
        self._swap_launcher()

    def _swap_launcher(self) -> None:
        """While macros are off, as after opening a file from the net; then the person enables them."""
        modules = self.document.BasicLibraries.getByName("VBAProject")
        modules.replaceByName("xlwings", LAUNCHER.read_text("ascii"))
        modules.removeByName("Dictionary")
        self.document.attachResource(self.document.URL, (prop("MacroExecutionMode", RUN_MACROS),))
        assert self.document.AllowMacroExecution

    def captions(self, sheet: str = BUTTON_PAGE) -> list[str]:
        form = self.document.Sheets.getByName(sheet).DrawPage.Forms.getByIndex(0)
        return [form.getByIndex(number).Label for number in range(form.Count)]

    def script(self, caption: str, sheet: str = BUTTON_PAGE) -> str:
        """The address of the Sub that is bound to the button."""
        form = self.document.Sheets.getByName(sheet).DrawPage.Forms.getByIndex(0)
        (event,) = form.getScriptEvents(self.captions(sheet).index(caption))
        return str(event.ScriptCode)

    def click(
        self, caption: str, *, sheet: str = BUTTON_PAGE, answers: Sequence[str] = (), choices: Sequence[Path | None] = ()
    ) -> ClickResult:
        """Run exactly what the button is bound to and wait until the child Python is done."""
        self.prepare(answers, choices)
        started = time.monotonic()
        self.document.getScriptProvider().getScript(self.script(caption, sheet)).invoke((), (), ())
        return self.result(started)

    def prepare(self, answers: Sequence[str] = (), choices: Sequence[Path | None] = (), *, windowed: bool = False) -> None:
        """Decide for the person what they will answer and choose; forget the click before."""
        for old in ("result.json", "command.txt"):
            (self.folder / old).unlink(missing_ok=True)
        chosen = [one and str(one) for one in choices]
        given = {"address": self.soffice.address, "answers": list(answers), "choices": chosen, "windowed": windowed}
        (self.folder / "click.json").write_text(json.dumps(given), "utf-8")

    def result(self, started: float) -> ClickResult:
        """What the child Python left, once it is there."""
        answer = self.folder / "result.json"
        while not answer.exists():
            if time.monotonic() > started + PATIENCE:
                ran = (self.folder / "command.txt").exists()
                raise TimeoutError("the child Python did not end" if ran else "the button's Sub did not reach RunPython")
            time.sleep(0.02)
        seen = json.loads(answer.read_text("utf-8"))
        return ClickResult(
            (self.folder / "command.txt").read_text("utf-8").strip(),
            seen["log"],
            [Alert(**alert) for alert in seen["alerts"]],
            [Dialog(**dialog) for dialog in seen["dialogs"]],
            seen["statuses"],
            [Path(one) for one in seen["opened"]],
            seen["calls"],
            time.monotonic() - started,
        )


@contextmanager
def real_buttons(
    folder: Path, book: Path, environment: dict[str, str] | None = None, *, headless: bool = True
) -> Iterator[Buttons]:
    """The workbook open in a Calc of its own; the child Pythons get the environment too."""
    own = {"JIXIAO_CLICK": str(folder), "JIXIAO_CLICK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    given = own | (environment or {})
    with running_calc(folder, environment=given, headless=headless) as soffice, at_calc(soffice, book, NO_MACROS) as desk:
        yield Buttons(soffice, desk, folder)
