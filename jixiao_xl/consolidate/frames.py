"""The summary as a tidy pandas table, for analysts. Imported by nobody on a clerk's or reviewer's path."""

from __future__ import annotations

import pandas as pd

from jixiao_xl.consolidate.summary import Summary


def funds_frame(summary: Summary) -> pd.DataFrame:
    """The money lines as a tidy table: unit, path, amount (万元, None where missing), note."""
    rows = [
        {"unit_key": unit.key, "unit": unit.name, "path": line.path.text, "amount": own.amount, "note": own.note}
        for table in summary.money for line in table.lines
        for unit, own in zip(summary.units, line.amounts, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit_key", "unit", "path", "amount", "note"])
