"""Thousands of filled workbooks in minutes: a few are built, the others are those with other values in them.

`build_workbook` takes half a second, which is twenty-five minutes for a province. So `BASES` workbooks are
built from our own template, and each further one is a base whose cells (numbers in the sheets, texts among
the shared strings) are those of another unit's filing: same sheets, same formulas, distinct content, and
every filing is read and judged like one that was built. What is not rewritten are the values that Excel
would calculate on the printed page and in the self-check, which no reader of ours looks at.

Every fourth unit leaves its telephone blank, every fifth has income and expense that differ.
"""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from html import escape
from multiprocessing import get_context
from pathlib import Path

from jixiao_xl import operations
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.amounts import is_plain_amount
from jixiao_xl.model.facts import Filing
from jixiao_xl.workbook.build import BuildOptions, build_workbook
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import parts_of
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reader import read_into
from jixiao_xl.workbook.reading import Reading

FORM = "hubei.dept_overall"
YEAR = 2026
BASES = 24
STRINGS = "xl/sharedStrings.xml"


def filing_of(n: int) -> Filing:
    """What unit n files."""
    spec = operations.form_named(FORM)
    filing = sample_filing(spec, n, YEAR)
    facts = {f.path: f.value for f in filing.facts.values()}
    if n % 4 == 0:
        facts["cover.phone"] = " "
    if n % 5 == 0:
        facts["funds.expense.personnel.current"] = str(3 * (112 + n) + 15)
    return filing.with_facts({path: type(fact)(path, facts[path]) for path, fact in filing.facts.items()})


@cache
def _base(n: int) -> tuple[bytes, dict[str, tuple[str, str]]]:
    """A built workbook, and the part and cell of every fact that is one number."""
    spec = operations.form_named(FORM)
    content = build_workbook(spec, filing_of(n), BuildOptions())
    raw, reading = RawBook(parts_of(content)), Reading("base")
    read_into(reading, FileSheets(content, raw))
    return content, {path: (raw.sheet_parts[where.sheet], where.cell) for path, where in reading.places.items()}


def book_of(n: int) -> bytes:
    """The workbook of unit n."""
    # one of the same kind: with or without telephone, balanced or not
    base = next(b for b in range(1, BASES + 1) if (b - n) % 20 == 0)
    content, places = _base(base)
    if n == base:
        return content
    old, new = filing_of(base), filing_of(n)
    numbers: dict[str, dict[str, str]] = {}
    texts = {f"<t>{old.unit.key}</t>": f"<t>{new.unit.key}</t>"}
    for path, fact in old.facts.items():
        value = new.facts[path].value
        if path in places and is_plain_amount(fact.value):
            part, cell = places[path]
            numbers.setdefault(part, {})[cell] = value
        elif value != fact.value:
            lines = zip(fact.value.split("\n"), value.split("\n"), strict=True)
            texts |= {f"<t>{escape(a)}</t>": f"<t>{escape(b)}</t>" for a, b in lines if a != b}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name in source.namelist():
            data = source.read(name)
            if name == STRINGS:
                data = re.sub("<t>[^<]*</t>", lambda t: texts.get(t[0], t[0]), data.decode()).encode()
            elif name in numbers:
                data = re.sub(_NUMBER, partial(_renumbered, numbers[name]), data.decode()).encode()
            out.writestr(name, data)
    return stream.getvalue()


_NUMBER = re.compile(r'(<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?>(?:<f>[^<]*</f>)?<v>)[^<]*(?=</v>)')


def _renumbered(values: dict[str, str], cell: re.Match[str]) -> str:
    return cell[1] + values[cell[2]] if cell[2] in values else cell[0]


def put_book(n: int, folder: Path) -> Path:
    """The workbook of unit n in the folder; one that is there stays."""
    path = folder / f"{n:05d}.xlsx"
    if not path.exists():
        path.write_bytes(book_of(n))
    return path


def make_city(count: int, folder: Path) -> list[Path]:
    """The workbooks of units 1 … count, made by two processes."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(put_book, folder=folder), range(1, count + 1), chunksize=25))
