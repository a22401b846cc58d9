"""How long 汇总 takes, against the floor of unzipping and parsing the same files, and against pandas.

    python -m tests.benchmarks.consolidate --n 120 [--changed 1] [--keep DIR] [--naive-sample 30]

Prints one JSON line. The workbooks are those of `city_books`: our own template, distinct content. Everything is
measured after a small run of the same, so that modules are compiled, as they are where a program is installed.

- `ours_s`: a new Python from its start to its end, in which the folder is consolidated with an empty archive:
  guard, read, all rules, deposit, summary. One process up to 200 files, above that one per core.
- `floor_s`: unzip and expat-parse of the worksheets and shared strings, on one core.
- `naive_s`: `pandas.read_excel(f, sheet_name=None)` with openpyxl for each file, merged and written with
  openpyxl. Measured on `naive_sample` files spread over the folder and multiplied up, as it is proportional.
- `marginal_ratio`: a further file against its own floor, from a run over half of the files (few files only).
- `changed_s`: the same folder again after `--changed` files got other content; `changed_ratio` is over `ours_s`.
- `again_s`: and once more with nothing changed.
- `peak_mb`: most memory of the consolidating process over a bare interpreter's; `workers_mb` the largest
  reading process, whole.

`--keep DIR` leaves the workbooks there, and takes them from there when they are there already.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.city_books import book_of, make_city

ROOT = Path(__file__).resolve().parents[2]
OURS = """
import sys
if __name__ == "__main__":
    from jixiao_xl import operations
    from pathlib import Path
    folder, out, archive = sys.argv[1:]
    summary = operations.consolidate(Path(folder), Path(out), archive=operations.open_archive(archive))
    assert summary.is_complete, summary.findings
    print(len(summary.units))
"""
MEMORY = """
    import resource
    status = dict(line.split(":", 1) for line in open("/proc/self/status")) if sys.platform == "linux" else {}
    own = int(status.get("VmHWM", "0 kB").split()[0]) / 1024 or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""
NAIVE = """
import sys, time
began = time.perf_counter()
import pandas as pd
rows = []
for name in sys.argv[2:]:
    for sheet, frame in pd.read_excel(name, sheet_name=None, header=None, engine="openpyxl").items():
        frame.insert(0, "sheet", sheet)
        frame.insert(0, "book", name)
        rows.append(frame)
together = pd.concat(rows, ignore_index=True)
money = together[together["sheet"] == "资金情况"]
money.to_excel(sys.argv[1], index=False, engine="openpyxl")
print(time.perf_counter() - began)
"""
FLOOR = """
import sys, time, zipfile, xml.parsers.expat
began = time.perf_counter()
for line in open(sys.argv[1], encoding="utf-8"):
    with zipfile.ZipFile(line.rstrip("\\n")) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                xml.parsers.expat.ParserCreate().Parse(book.read(name), True)
print(time.perf_counter() - began)
"""


def child(code: str, *given: str) -> tuple[float, list[str]]:
    """Seconds from start to end of a new Python, and the lines it printed."""
    # a file, not -c: reading processes look for the main module of the one that starts them
    with TemporaryDirectory() as name:
        script = Path(name) / "child.py"
        script.write_text(code, "utf-8")
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, str(script), *given], env=_environment(), cwd=name, capture_output=True, encoding="utf-8",
            check=False,
        )  # fmt: skip
        took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stderr)
    return took, done.stdout.split()


def _environment() -> dict[str, str]:
    """This one's, but that modules are compiled once, into a folder that no tree of sources sees."""
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONPYCACHEPREFIX": _COMPILED.name}


_COMPILED = TemporaryDirectory(prefix="jixiao-benchmark-")


def floor_s(paths: Sequence[Path], folder: Path) -> float:
    listed = folder / "floor.txt"
    listed.write_text("\n".join(map(str, paths)), "utf-8")
    return float(child(FLOOR, str(listed))[1][0])


def naive_s(paths: Sequence[Path], sample: int, folder: Path) -> float:
    some = paths[:: max(len(paths) // sample, 1)][:sample]
    return float(child(NAIVE, str(folder / "naive.xlsx"), *map(str, some))[1][0]) * len(paths) / len(some)


def peaked(code: str) -> str:
    return code.rstrip("\n") + MEMORY


def changed_files(paths: Sequence[Path], count: int) -> dict[Path, bytes]:
    """Give so many files the content of units that have not filed; what they held."""
    chosen = paths[:: max(len(paths) // count, 1)][:count] if count else []
    held = {path: path.read_bytes() for path in chosen}
    for n, path in enumerate(chosen, 1):
        path.write_bytes(book_of(len(paths) + n))
    return held


def half_folder(paths: Sequence[Path], folder: Path) -> Path:
    half = folder / "half"
    half.mkdir()
    for path in paths[: len(paths) // 2]:
        (half / path.name).write_bytes(path.read_bytes())
    return half


def measured(folder: Path, paths: Sequence[Path], given: argparse.Namespace, scratch: Path) -> dict[str, object]:
    out, archive = str(scratch / "汇总.xlsx"), str(scratch / "archive.sqlite")
    child(OURS, str(half_folder(paths[:4], scratch)), str(scratch / "first.xlsx"), str(scratch / "first.sqlite"))
    bare_mb = float(child(peaked("import sys\nif True:\n    pass"))[1][0])
    floors = [floor_s(paths, scratch)]
    ours, said = child(peaked(OURS), str(folder), out, archive)
    floors.append(floor_s(paths, scratch))
    floor = sum(floors) / 2
    line: dict[str, object] = {
        "n": len(paths), "ours_s": round(ours, 2), "floor_s": round(floor, 2), "ratio_floor": round(ours / floor, 2),
        "per_file_ms": round(ours / len(paths) * 1000, 2), "peak_mb": round(float(said[1]) - bare_mb, 1),
        "workers_mb": round(float(said[2]), 1),
    }  # fmt: skip
    if len(paths) <= 200:
        (scratch / "marginal").mkdir()
        part = half_folder(paths, scratch / "marginal")
        half, _ = child(OURS, str(part), str(scratch / "half.xlsx"), str(scratch / "half.sqlite"))
        rest = len(paths) - len(paths) // 2
        line["marginal_ratio"] = round((ours - half) / rest / (floor / len(paths)), 2)
    if given.naive_sample:
        naive = naive_s(paths, given.naive_sample, scratch)
        line |= {"naive_s": round(naive, 2), "speedup_naive": round(naive / ours, 2),
                 "naive_sample": min(given.naive_sample, len(paths))}  # fmt: skip
    again, _ = child(OURS, str(folder), out, archive)
    line["again_s"] = round(again, 2)
    if given.changed:
        held = changed_files(paths, given.changed)
        changed, _ = child(OURS, str(folder), out, archive)
        for path, content in held.items():
            path.write_bytes(content)
        line |= {"changed": given.changed, "changed_s": round(changed, 2), "changed_ratio": round(changed / ours, 4)}
    return line


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=120)
    options.add_argument("--changed", type=int, default=0)
    options.add_argument("--keep", type=Path)
    options.add_argument("--naive-sample", type=int, default=30)
    given = options.parse_args()
    with TemporaryDirectory() as name:
        folder = (given.keep or Path(name) / "in").absolute()
        paths = make_city(given.n, folder)
        strangers = set(folder.iterdir()) - set(paths)
        if strangers:
            raise SystemExit(f"{folder} holds {len(strangers)} other files: give --keep a folder of its own for each --n")
        scratch = Path(name) / "scratch"
        scratch.mkdir()
        print(json.dumps(measured(folder, paths, given, scratch), ensure_ascii=False))


if __name__ == "__main__":
    main()
