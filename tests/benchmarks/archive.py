"""How long the archive takes to load a year of a province, and to find one unit's prior-year values.

    python -m tests.benchmarks.archive [--units 3000] [--years 4] [--rounds 60]

Prints one JSON line, on SQLite in a temporary folder, with filings of the Hubei form of distinct content.

- `load_s`: the last year's filings deposited as 接收登记 does, fifty in a transaction; `raw_s`: the rows that
  this leaves (filings and facts), put into an empty database of the same tables with sqlite3's own
  executemany, in one transaction. `load_ratio` is their quotient; both were run three times by turns, the
  quickest counts, and making the filings is in neither.
- `prior_ms`: `prior_values` warm, as 提取上年数 and 下发 ask: all values that the archive has for one unit's
  form of the next year (`prior_values` of them, at least 400), the median of `rounds`. `prior_first_ms` is the
  median for units asked for the first time.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao_xl import operations
from jixiao_xl.archive.prior_year import prior_values
from jixiao_xl.archive.store import Archive
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.facts import Fact, Filing

FORM = "hubei.dept_overall"
LAST = 2025
AT_ONCE = 50
TABLES = ("filing", "fact")
OWN_ROWS = 130
"""Indicator rows of a unit's own, so that four hundred values are there to be found."""


def filing_of(spec: FormSpec, n: int, year: int, base: Filing) -> Filing:
    """What unit n filed in the year: `base` (the sample of the year) with figures and rows of its own."""
    unit = replace(base.unit, name=f"示例单位{n:04d}", key=f"429900-S{n:04d}")
    facts = {}
    for path, fact in base.facts.items():
        value = fact.value if not path.startswith("funds.") or "%" in fact.value else f"{float(fact.value) + n:.2f}"
        facts[path] = Fact(path, value, "资金情况", "C5")
    for row in range(OWN_ROWS):
        for column, value in (("target", f"≥{n + row}人"), ("last", f"{n + row}人"), ("before_last", f"{n}人")):
            path = f"annual_indicators[履职效能/困难帮扶/帮扶第{row:03d}类职工人数].{column}"
            facts[path] = Fact(path, value, "年度绩效指标", "F9")
    return replace(base, unit=unit, facts=facts, book=f"{n:04d}.xlsx")


def deposited(archive: Archive, filings: list[Filing]) -> float:
    """Seconds to put the filings away."""
    began = time.perf_counter()
    for at in range(0, len(filings), AT_ONCE):
        archive.deposit_all(filings[at : at + AT_ONCE])
    return time.perf_counter() - began


def raw_s(source: Path, folder: Path, year: int) -> float:
    """Seconds that sqlite3 takes for the same rows."""
    with sqlite3.connect(source) as base:
        made = [sql for (sql,) in base.execute("SELECT sql FROM sqlite_master WHERE tbl_name IN (?, ?) AND sql NOT NULL", TABLES)]
        rows = {
            "filing": base.execute("SELECT * FROM filing WHERE year = ?", (year,)).fetchall(),
            "fact": base.execute("SELECT fact.* FROM fact JOIN filing ON filing_id = id WHERE year = ?", (year,)).fetchall(),
        }
    target = folder / "raw.sqlite"
    target.unlink(missing_ok=True)
    raw = sqlite3.connect(target)
    for sql in made:
        raw.execute(sql)
    raw.commit()
    began = time.perf_counter()
    for table in TABLES:
        raw.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[table][0]))})", rows[table])
    raw.commit()
    took = time.perf_counter() - began
    raw.close()
    return took


def measured(units: int, years: int, rounds: int, folder: Path) -> dict[str, object]:
    spec = operations.form_named(FORM)
    path = folder / "archive.sqlite"
    archive = Archive(str(path))
    for year in range(LAST - years + 1, LAST):
        base = sample_filing(spec, 1, year)
        for at in range(1, units + 1, 500):
            deposited(archive, [filing_of(spec, n, year, base) for n in range(at, min(at + 500, units + 1))])
    base, loads, raws = sample_filing(spec, 1, LAST), [], []
    filings = [filing_of(spec, n, LAST, base) for n in range(1, units + 1)]
    for _ in range(3):
        with sqlite3.connect(path) as bare:
            bare.execute("DELETE FROM fact WHERE filing_id IN (SELECT id FROM filing WHERE year = ?)", (LAST,))
            bare.execute("DELETE FROM filing WHERE year = ?", (LAST,))
        bare.close()
        loads.append(deposited(archive, filings))
        raws.append(raw_s(path, folder, LAST))
    facts = sum(len(filing.facts) for filing in filings)
    del filings
    asked = [replace(sample_filing(spec, 1, LAST + 1), unit=filing_of(spec, n, LAST, base).unit) for n in range(1, rounds + 2)]
    found, firsts, warm = 0, [], []
    for filing in asked:
        began = time.perf_counter()
        found = len(prior_values(archive, spec, filing))
        firsts.append((time.perf_counter() - began) * 1000)
    for _ in range(rounds):
        began = time.perf_counter()
        prior_values(archive, spec, asked[-1])
        warm.append((time.perf_counter() - began) * 1000)
    return {
        "n": units, "years": years, "facts_per_year": facts, "load_s": round(min(loads), 2), "raw_s": round(min(raws), 2),
        "load_ratio": round(min(loads) / min(raws), 2), "prior_values": found, "prior_ms": round(statistics.median(warm), 3),
        "prior_first_ms": round(statistics.median(firsts[1:]), 2), "archive_mb": round(path.stat().st_size / 1e6),
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--units", type=int, default=3000)
    options.add_argument("--years", type=int, default=4)
    options.add_argument("--rounds", type=int, default=60)
    given = options.parse_args()
    with TemporaryDirectory() as name:
        print(json.dumps(measured(given.units, given.years, given.rounds, Path(name))))


if __name__ == "__main__":
    main()
