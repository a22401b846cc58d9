"""A person's click, filmed: the shipped .xlsm in a Calc window, the mouse on its button, the message read.

    python -m tests.excel.screenshot FOLDER

Needs Xvfb, xdotool and ImageMagick's import; no part of the test suite, for looking at by people.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.excel.click import BUTTON_PAGE, ROOT, Buttons, real_buttons

SHIPPED = ROOT / "xlsx_templates" / "hubei.dept_overall.2025.xlsm"
WIDTH, HEIGHT = 1500, 900
CAPTION, RESULTS = "校验", "校验结果"
PATIENCE = 60


@contextmanager
def screen(number: int = 178) -> Iterator[dict[str, str]]:
    """A screen that nobody sees; gives the environment of programs on it."""
    shown = subprocess.Popen(["Xvfb", f":{number}", "-screen", "0", f"{WIDTH}x{HEIGHT}x24"], stderr=subprocess.DEVNULL)
    time.sleep(2)
    try:
        yield {"DISPLAY": f":{number}", "SAL_USE_VCLPLUGIN": "gen"}
    finally:
        shown.terminate()
        shown.wait(10)


def on_screen(environment: dict[str, str], *command: object) -> str:
    done = subprocess.run(list(map(str, command)), env=os.environ | environment, capture_output=True, text=True)
    return done.stdout


def middle_of(buttons: Buttons, caption: str) -> tuple[int, int]:
    """Where the button is on the screen."""
    form = buttons.document.Sheets.getByName(BUTTON_PAGE).DrawPage.Forms.getByIndex(0)
    model = form.getByIndex(buttons.captions().index(caption))
    shown = buttons.document.CurrentController.getControl(model).AccessibleContext
    place, size = shown.LocationOnScreen, shown.Size
    return place.X + size.Width // 2, place.Y + size.Height // 2


def filmed(folder: Path) -> None:
    """Three pictures: before the click, the closing message, the results."""
    with tempfile.TemporaryDirectory() as scratch, screen() as environment:
        book = Path(scratch) / SHIPPED.name
        shutil.copy(SHIPPED, book)

        def picture(name: str) -> None:
            on_screen(environment, "import", "-window", "root", folder / f"{name}.png")

        with real_buttons(Path(scratch), book, environment | {"HOME": scratch}, headless=False) as buttons:
            buttons.document.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, WIDTH, HEIGHT, 15)
            time.sleep(2)
            picture("1_before")
            buttons.prepare(windowed=True)
            started = time.monotonic()
            on_screen(environment, "xdotool", "mousemove", *middle_of(buttons, CAPTION), "sleep", "0.5", "click", 1)
            while not (box := on_screen(environment, "xdotool", "search", "--name", f"^{CAPTION}$").split()):
                if time.monotonic() > started + PATIENCE:
                    picture("2_nothing_came")
                    raise TimeoutError("the click brought no message")
                time.sleep(0.2)
            time.sleep(1)
            picture("2_message")
            on_screen(environment, "xdotool", "windowfocus", box[-1], "sleep", "0.5", "key", "Return")
            seen = buttons.result(started)
            buttons.desk.book.sheets[RESULTS].activate()
            time.sleep(2)
            picture("3_results")
            print(seen.command, seen.log, seen.alerts, sep="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    filmed(target)
