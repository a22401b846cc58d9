"""The archive as CSV, so it can always be left."""

from __future__ import annotations

import csv
import io

from jixiao_xl.archive.store import Archive

HEADINGS = (
    "form",
    "edition",
    "year",
    "stage",
    "version",
    "revision",
    "unit_key",
    "unit_name",
    "path",
    "value",
    "sheet",
    "cell",
    "book",
)


def archive_csv(archive: Archive) -> tuple[bytes, int]:
    """Every fact of every version, one row each (UTF-8 with BOM, so that Excel opens it), and how many."""
    stream, count = io.StringIO(), 0
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    for entry in archive.entries():
        about = (entry.form, entry.edition, entry.year, entry.stage, entry.version, entry.revision, entry.unit.key, entry.unit.name)
        for fact in archive.filing(entry).facts.values():
            writer.writerow((*about, fact.path, fact.value, fact.sheet, fact.cell, entry.book))
            count += 1
    return ("\ufeff" + stream.getvalue()).encode(), count
