"""Native charts, drawn from cells: calm colours, every slice and bar labelled, a gap where a number is missing."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart as Drawing
from xlsxwriter.workbook import Workbook

from jixiao_xl.forms.expr import Area
from jixiao_xl.workbook.pages import Chart, Series
from jixiao_xl.workbook.styles import FONT

PALETTE = ("#8DB1D3", "#DCC894", "#A8C5AB", "#D0ABB3", "#B8C2CC", "#97C1C4", "#C9B7D6", "#E3B999")
"""Light enough for dark figures on them."""
_DARK = "#2C3E50"
_TYPES: dict[str, dict[str, str]] = {
    "doughnut": {"type": "doughnut"},
    "bar": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
}


def drawn(workbook: Workbook, chart: Chart) -> Drawing:
    """The chart as the library's own, ready to be laid on a sheet."""
    drawing = workbook.add_chart(_TYPES[chart.kind])
    for series, colour in zip(chart.series, PALETTE, strict=False):
        drawing.add_series(_series(chart, series, series.colour or colour))
    drawing.set_title({"name": chart.title, "name_font": _font(12, bold=True), "overlay": False})
    drawing.set_size({"width": chart.width_px, "height": chart.height_px})
    drawing.set_chartarea({"border": {"color": "#D5DBE1"}})
    drawing.show_blanks_as("gap")
    if chart.kind == "doughnut":
        drawing.set_legend({"position": "right", "font": _font(9)})
        drawing.set_hole_size(55)
        return drawing
    drawing.set_legend({"position": "bottom", "font": _font(9)} if len(chart.series) > 1 else {"none": True})
    # the first cell is the top bar, as in the list
    drawing.set_y_axis({"reverse": True, "num_font": _font(9), "line": {"color": "#B8C1CA"}, "major_tick_mark": "none"})
    drawing.set_x_axis({
        "visible": False, "min": 0, "major_gridlines": {"visible": False}, "num_font": _font(9),
    })  # fmt: skip
    return drawing


def _series(chart: Chart, series: Series, colour: str) -> dict[str, Any]:
    own: dict[str, Any] = {"name": series.name, "categories": _reference(series.labels), "values": _reference(series.numbers)}
    if chart.kind == "doughnut":
        slices = len(list(series.numbers.places()))
        own["points"] = [{"fill": {"color": PALETTE[n % len(PALETTE)]}, "border": {"color": "white"}} for n in range(slices)]
        own["data_labels"] = {"percentage": True, "leader_lines": False, "num_format": "0.0%", "font": _font(9)}
        return own
    return own | {
        "fill": {"color": colour},
        "gap": 45,
        "overlap": 100 if chart.kind == "stacked" else 0,
        "data_labels": {
            "value": True,
            "num_format": chart.number_format or ("#,##0.##;;" if chart.kind == "bar" else "0;;"),
            "font": _font(9),
        },
    }


def _reference(area: Area) -> str:
    return "=" + area.excel("")


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold, "color": _DARK}
