"""`jixiao press`: the buttons on a saved file, for WPS and for machines without Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.desk.numbered import free_path, is_taken
from jixiao_xl.hosts.arguments import bad_argument, button_meant, cell_meant
from jixiao_xl.hosts.say import OUT
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.buttons import BUTTONS

BOOKS = (".xlsx", ".xlsm")
"""What a copy may be called."""


def press(
    button: Annotated[str | None, typer.Argument(help="按钮名称,如 重新计算;不写则列出全部。")] = None,
    file: Annotated[Path | None, typer.Argument(help="保存过的工作簿。")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="改过的另存到哪个文件;不写则放在原文件旁边。")] = None,
    at: Annotated[str, typer.Option("--at", metavar="表!格", help="点在哪一格,如 资金情况!D10;不写则是保存时选中的那一格。")] = "",
    table: Annotated[
        Path | None, typer.Option("--table", help="要用的文件:粘贴导入的指标表(.docx、.xlsx、.csv)、自评的实际完成值表。")
    ] = None,
    agreed: Annotated[bool, typer.Option("--yes", help="问“是否”的都答“是”。")] = False,
) -> None:
    """点按钮:在保存的文件上点一个按钮,结果和在 Excel 里点一样;改动写到另一个文件,原文件不动。"""
    from jixiao_xl.hosts import excel_buttons
    from jixiao_xl.hosts.saved_book import SavedBook

    if button is None:
        for each in BUTTONS:
            OUT.print(f"{each.caption}　{each.tip}")
        return
    meant = button_meant(button)
    if file is None:
        raise operations.CannotRun(bad_argument("文件", "没有写", f"写成 jixiao press {meant.caption} 文件.xlsx 的样子。"))
    if out is not None:
        _must_be_free(out)
    book = SavedBook(file, cell_meant(at) if at else None, table=table, agreed=agreed)
    getattr(excel_buttons, meant.function)(book)
    book.close()
    if book.failed:
        raise typer.Exit(2)
    if book.cells.is_changed:
        suffix = file.suffix.lower() if file.suffix.lower() == BOOKS[1] else BOOKS[0]
        copy = out or free_path(file.with_name(f"{file.stem}_{meant.caption}{suffix}"))
        OUT.print(f"已生成 {book.save(copy)}，原文件没有动。")
        if lost := book.left_behind(copy):
            OUT.print(f"{'、'.join(f'“{sheet}”' for sheet in lost)}没有带到另一份里，要看请开原文件。")
    elif out is not None:
        OUT.print(f"没有要另存的改动，没有写 {out}。")


def _must_be_free(out: Path) -> None:
    if is_taken(out):
        raise operations.CannotRun(Finding("SYS904", "error", params={"file": str(out)}))
    if out.suffix.lower() not in BOOKS:
        raise operations.CannotRun(bad_argument("-o", str(out), "写成 .xlsx 结尾的文件名。"))
