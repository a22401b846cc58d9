"""The city summary as a workbook: to be looked at first, read second; every number leads back to its file."""

from __future__ import annotations

from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book
from jixiao_xl.workbook.summary_change import change_page
from jixiao_xl.workbook.summary_findings import finding_pages
from jixiao_xl.workbook.summary_frame import Frame
from jixiao_xl.workbook.summary_indicators import indicator_pages
from jixiao_xl.workbook.summary_money import money_page
from jixiao_xl.workbook.summary_overview import overview_page
from jixiao_xl.workbook.summary_peers import peers_page
from jixiao_xl.workbook.summary_results import result_sheet
from jixiao_xl.workbook.summary_sources import sources_page
from jixiao_xl.workbook.summary_status import status_page
from jixiao_xl.workbook.summary_target_changes import target_page
from jixiao_xl.workbook.write import book_bytes


def summary_bytes(summary: Summary, folder: str) -> bytes:
    """The summary workbook; links lead to the files in `folder`, relative to the summary."""
    return book_bytes(summary_book(summary, folder))


def summary_book(summary: Summary, folder: str) -> Book:
    """The summary planned: 概览 first, then what it is made of, then where it comes from."""
    frame = Frame(summary, folder)
    money = [money_page(frame, n, each) for n, each in enumerate(summary.money)]
    peers, odd = peers_page(frame)
    changes, targets = change_page(frame), target_page(frame)
    cells = {page.name: cells for page, cells in money}
    results = result_sheet(frame, cells)
    pages = [
        overview_page(frame, cells, odd, results),
        status_page(frame),
        *([results.page()] if results else []),
        *(page for page, _ in money),
        *indicator_pages(frame),
        *([changes] if changes else []),
        *([targets] if targets else []),
        peers,
        *finding_pages(frame),
        sources_page(frame),
    ]
    for page in pages:
        fit_rows(page)
    return Book(pages, title=frame.title)
