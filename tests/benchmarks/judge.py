"""How long judging one workbook takes, against the floor of unzipping and parsing its sheets.

    python -m tests.benchmarks.judge [--form hubei.dept_overall] [--rounds 40]

Prints one JSON line: `judge_ms` is guard, read and all rules, warm; `floor_ms` is unzip and
expat-parse of the worksheets and shared strings of the same file; `ratio_floor` is their
quotient, from medians of rounds that alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import xml.parsers.expat
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao_xl import operations
from jixiao_xl.hosts.published import published_forms
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.workbook.build import BuildOptions, build_workbook


def floor(path: Path) -> None:
    """Unzip and parse what any reader has to."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                xml.parsers.expat.ParserCreate().Parse(book.read(name), True)


def elapsed_ms(work: Callable[[Path], object], path: Path) -> float:
    began = time.perf_counter()
    work(path)
    return (time.perf_counter() - began) * 1000


def workbook(form: str, folder: Path) -> Path:
    """A published form filled as it was published, or the sample for a form nobody published."""
    path = folder / f"{form}.xlsx"
    for facts in published_forms():
        reading = operations.read(facts)
        if reading.filing and reading.spec and reading.filing.form == form:
            path.write_bytes(build_workbook(reading.spec, reading.filing, BuildOptions(as_stated=True)))
            return path
    spec = operations.form_named(form)
    path.write_bytes(build_workbook(spec, sample_filing(spec, 1, 2026)))
    return path


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--form", default="hubei.dept_overall")
    options.add_argument("--rounds", type=int, default=40)
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        path = workbook(given.form, Path(folder))
        for work in (operations.check, floor) * 3:
            work(path)
        judged, floors = [], []
        for _ in range(given.rounds):
            judged.append(elapsed_ms(operations.check, path))
            floors.append(elapsed_ms(floor, path))
    judge_ms, floor_ms = statistics.median(judged), statistics.median(floors)
    line = {"form": given.form, "n": given.rounds, "judge_ms": round(judge_ms, 2), "floor_ms": round(floor_ms, 2),
            "ratio_floor": round(judge_ms / floor_ms, 2)}  # fmt: skip
    print(json.dumps(line))


if __name__ == "__main__":
    main()
