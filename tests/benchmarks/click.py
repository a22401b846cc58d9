"""How long a cold click on 校验 takes, against `python -c "import xlwings"` alone.

    python -m tests.benchmarks.click [--rounds 9]

Prints one JSON line. `click_s` is from the start of a new Python to its end, in which the line that the
button gives to RunPython is carried out on 鄂州市总工会's form (Hubei, .xlsm, with its buttons): xlwings is
imported as our handlers import it, the open workbook read, judged, its cells marked, the message shown.
`import_xlwings_s` is the same for a Python that only imports xlwings, with the pandas and numpy that our
program always brings; matplotlib and its like, which xlwings takes too where an extra brought them, are kept
out, or they would double the figure and flatter the click. The two are started by turns, so that a busy
machine slows both; the figures are medians of rounds, `ratio` is the median of the rounds' own.

Excel's part is played by the engine of tests/excel/grid.py inside the click's own process. Opening the
file in it is what Excel did long before anybody clicked: its time (`engine_s`) is measured in the child
and taken off. Whatever the handler asks of the engine stays in.

Both Pythons find compiled modules, as after any installation: they are compiled in a round that does not
count, into a folder of their own. `com_calls` and `sheets` (touched) are those of the same click over the
fake Excel of tests/excel/fake_com.py. `heavy` names the libraries that a click must not wait for and
that were imported all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao_xl import operations
from jixiao_xl.hosts.published import published_forms
from jixiao_xl.workbook.build import BuildOptions, build_workbook
from jixiao_xl.workbook.buttons import BUTTONS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "openpyxl", "pandas", "pydantic", "python_calamine", "sqlalchemy", "xlsxwriter")
BARE = "import sys; sys.modules |= dict.fromkeys(('matplotlib', 'PIL', 'plotly', 'polars')); import xlwings"
AT_THE_GRID = """
import sys
from time import perf_counter
import jixiao_xl.hosts.excel_buttons
from jixiao_xl.hosts.live_book import import_xlwings
import_xlwings()
began = perf_counter()
from pathlib import Path
from tests.excel.grid import at_the_grid
with at_the_grid(Path(sys.argv[1])) as desk:
    for page in desk.book.impl.pages.pages():
        page.used()
    engine = perf_counter() - began
    exec(sys.argv[2])
    alert = desk.person.alerts[-1].text
heavy = [name for name in sys.argv[3:] if name in sys.modules]
import json
print(json.dumps({"engine_s": engine, "alert": alert, "heavy": heavy}))
"""
AT_THE_FAKE_EXCEL = """
import json, sys
from pathlib import Path
from tests.excel.fake_com import at_the_fake_excel
with at_the_fake_excel(Path(sys.argv[1])) as desk:
    exec(sys.argv[2])
    person = desk.person
    print(json.dumps({"com_calls": person.calls.total(), "sheets": len(person.touched), "alert": person.alerts[-1].text}))
"""


def line_of(function: str) -> str:
    """What the button's Sub gives to RunPython."""
    assert any(button.function == function for button in BUTTONS)
    return f"from jixiao_xl.hosts.excel_buttons import {function}; {function}()"


def hubei_book(folder: Path) -> Path:
    """鄂州市总工会's filing as it was published, in the macro-enabled variant."""
    (facts,) = (path for path in published_forms() if path.stem == "ezhou_2025")
    reading = operations.read(facts)
    assert reading.spec is not None and reading.filing is not None
    path = folder / "ezhou_2025.xlsm"
    path.write_bytes(build_workbook(reading.spec, reading.filing, BuildOptions(as_stated=True, macros=True)))
    return path


def child(folder: Path, code: str, *given: str) -> tuple[float, str]:
    """Seconds from start to end of a new Python, and what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JIXIAO_"))}
    own = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONUTF8": "1",
           "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "APPDATA": str(folder)}  # fmt: skip
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *given], env=kept | own, cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stderr)
    return took, done.stdout


def one_click(folder: Path, book: Path) -> tuple[float, dict[str, object]]:
    """Seconds of the click without the engine's loading, and what the child says of it."""
    took, said = child(folder, AT_THE_GRID, str(book), line_of("check"), *HEAVY)
    told = json.loads(said)
    assert told["alert"].startswith("校验完成"), told
    return took - told["engine_s"], told


def measured(rounds: int) -> dict[str, object]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = hubei_book(folder)
        one_click(folder, book), child(folder, BARE)
        clicks, bare, engines = [], [], []
        for _ in range(rounds):
            took, told = one_click(folder, book)
            clicks.append(took)
            engines.append(float(str(told["engine_s"])))
            bare.append(child(folder, BARE)[0])
        asked = json.loads(child(folder, AT_THE_FAKE_EXCEL, str(book), line_of("check"))[1])
    return {
        "click_s": round(statistics.median(clicks), 3),
        "import_xlwings_s": round(statistics.median(bare), 3),
        "ratio": round(statistics.median(a / b for a, b in zip(clicks, bare, strict=True)), 2),
        "com_calls": asked["com_calls"],
        "sheets": asked["sheets"],
        "engine_s": round(statistics.median(engines), 3),
        "rounds": rounds,
        "heavy": told["heavy"],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    print(json.dumps(measured(options.parse_args().rounds)))


if __name__ == "__main__":
    main()
