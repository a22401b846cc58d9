"""A workbook as text, one line a cell, so that a change to what a clerk sees can be reviewed."""

from __future__ import annotations

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

SKIPPED = ("_jixiao", "_jixiao_code", "自检表", "打印表")


def dump(path: str) -> str:
    """Sheet, address, value or formula, lock, number format, merges; hidden rows; validations."""
    lines = []
    for sheet in load_workbook(path):
        if sheet.title in SKIPPED:
            continue
        merges = {str(m).split(":")[0]: str(m) for m in sheet.merged_cells.ranges}
        hidden = [str(n) for n, d in sheet.row_dimensions.items() if d.hidden]
        lines.append(f"## {sheet.title} {'受保护' if sheet.protection.sheet else ''} 隐藏行 {','.join(hidden)}")
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell) or (cell.value is None and cell.protection.locked):
                    continue
                state = "" if cell.protection.locked else " 可填"
                form = "" if cell.number_format in ("General", "@") else f" {cell.number_format}"
                lines.append(
                    f"{merges.get(cell.coordinate, cell.coordinate)}{state}{form} {cell.value if cell.value is not None else ''}".rstrip()
                )
        for rule in sheet.data_validations.dataValidation:
            lines.append(f"校验 {rule.sqref} {rule.type} {rule.formula1 or ''}".rstrip())
    return "\n".join(lines) + "\n"
