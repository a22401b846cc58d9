"""How cells look: named styles, nothing else. Calm colours; yellow means 填写, grey means 自动."""

from __future__ import annotations

from typing import Any

FONT = "宋体"
INPUT = "#FFF9D6"
LOCKED = "#F2F2F2"
HEAD = "#E4ECF3"
LINE = "#9AA5B1"
RED = "#C0392B"
AMBER = "#B9770E"

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter"}
_BOX: dict[str, Any] = _BASE | {"border": 1, "border_color": LINE, "text_wrap": True}
_PRINT: dict[str, Any] = {"font_name": FONT, "font_size": 9, "valign": "vcenter", "text_wrap": True}
_PAPER: dict[str, Any] = _PRINT | {"border": 1}

STYLES: dict[str, dict[str, Any]] = {
    "plain": _BASE,
    "title": _BASE | {"font_size": 16, "bold": True, "align": "left"},
    "hint": _BASE | {"font_color": "#5D6D7E", "text_wrap": True},
    "unit": _BASE | {"align": "right", "font_color": "#5D6D7E"},
    "section": _BASE | {"bold": True, "font_size": 12},
    "block_title": _BASE | {"bold": True, "font_size": 12, "text_wrap": True},
    "head": _BOX | {"bold": True, "align": "center", "bg_color": HEAD},
    "label": _BOX | {"bg_color": HEAD},
    "side": _BOX | {"bg_color": HEAD, "align": "center"},
    "number": _BOX | {"bg_color": HEAD, "align": "center", "font_color": "#5D6D7E"},
    "key": _BASE | {"font_size": 8, "font_color": "#7F8C8D", "num_format": "@"},
    "counter": _BASE | {"font_size": 8, "num_format": ";;;"},
    "input_text": _BOX | {"bg_color": INPUT, "num_format": "@"},
    "input_paragraph": _BOX | {"bg_color": INPUT, "num_format": "@", "valign": "top"},
    "input_indicator": _BOX | {"bg_color": INPUT, "num_format": "@", "align": "center"},
    "input_money": _BOX | {"bg_color": INPUT, "align": "right"},
    "input_points": _BOX | {"bg_color": INPUT, "align": "center"},
    "derived_points": _BOX | {"bg_color": LOCKED, "align": "center"},
    "input_percent": _BOX | {"bg_color": INPUT, "align": "center", "num_format": "0%"},
    "derived_money": _BOX | {"bg_color": LOCKED, "align": "right"},
    "derived_rate": _BOX | {"bg_color": LOCKED, "align": "right", "num_format": "0.00%"},
    "shown_text": _BOX | {"bg_color": LOCKED},
    "shown_center": _BOX | {"bg_color": LOCKED, "align": "center"},
    "shown_link": _BOX | {"font_color": "#1F5FA8", "underline": 1},
    "link": _BASE | {"font_color": "#1F5FA8", "underline": 1},
    "result": _BOX | {"align": "center"},
    "cell": _BOX,
    "cell_small": _BOX | {"font_size": 9, "font_color": "#5D6D7E"},
    "cell_top": _BOX | {"valign": "top"},
    "cell_center": _BOX | {"align": "center"},
    "money": _BOX | {"align": "right", "num_format": "#,##0.00####"},
    "money_total": _BOX | {"align": "right", "num_format": "#,##0.00####", "bold": True, "bg_color": LOCKED},
    "rate": _BOX | {"align": "right", "num_format": "0.00%"},
    "count": _BOX | {"align": "center", "num_format": "0"},
    "number_plain": _BOX | {"align": "right"},
    "points": _BOX | {"align": "right", "num_format": "0.00"},
    "day": _BOX | {"align": "center", "num_format": "yyyy-mm-dd"},
    "day_shown": _BASE | {"align": "left", "num_format": "yyyy-mm-dd"},
    "hint_right": _BASE | {"align": "right", "font_color": "#5D6D7E"},
    "figure": _BASE | {"font_size": 11, "text_wrap": True},
    "missing": _BOX | {"align": "center", "font_color": AMBER},
    "total": _BOX | {"bold": True, "bg_color": LOCKED},
    "total_center": _BOX | {"bold": True, "bg_color": LOCKED, "align": "center"},
    "points_total": _BOX | {"align": "right", "num_format": "0.00", "bold": True, "bg_color": LOCKED},
    "count_total": _BOX | {"align": "right", "num_format": "0", "bold": True, "bg_color": LOCKED},
    "rate_total": _BOX | {"align": "right", "num_format": "0.00%", "bold": True, "bg_color": LOCKED},
    "bare": _BASE | {"text_wrap": True},
    "bare_center": _BASE | {"align": "center"},
    "bare_link": _BASE | {"font_color": "#1F5FA8", "underline": 1, "text_wrap": True},
    "count_big": _BASE | {"font_size": 14, "bold": True, "align": "left"},
    "count_open": _BASE | {"font_size": 14, "bold": True, "align": "left", "font_color": AMBER, "text_wrap": True},
    "paper_title": _PRINT | {"font_size": 15, "bold": True, "align": "center"},
    "paper_subtitle": _PRINT | {"font_size": 12, "bold": True, "align": "center"},
    "paper_left": _PRINT | {"align": "left"},
    "paper_shrunk": _PRINT | {"align": "left", "text_wrap": False, "shrink": True},
    "paper_center": _PRINT | {"align": "center"},
    "paper_right": _PRINT | {"align": "right"},
    "paper_warn": _PRINT | {"font_color": RED, "bold": True},
    "paper_label": _PAPER | {"align": "center"},
    "paper_label_top": _PAPER | {"align": "center", "valign": "top"},
    "paper_head": _PAPER | {"align": "center", "bold": True},
    "paper_cell": _PAPER | {"align": "center"},
    "paper_text": _PAPER | {"align": "left"},
    "paper_money": _PAPER | {"align": "right"},
    # as the published forms print it: 100%, 0%, 40.95%
    "paper_rate": _PAPER | {"align": "right", "num_format": "[=1]0%;[=0]0%;0.00%"},
    "paper_rate_center": _PAPER | {"align": "center", "num_format": "[=1]0%;[=0]0%;0.00%"},
    "paper_percent": _PAPER | {"align": "center", "num_format": "0%"},
    # one printed line of prose: it runs over the empty cells to its right, no merge needed
    "paper_line": _PRINT | {"align": "left", "text_wrap": False, "left": 1},
    "paper_line_end": _PRINT | {"right": 1},
    "paper_line_top": _PRINT | {"align": "left", "text_wrap": False, "top": 1},
    "paper_line_top_end": _PRINT | {"top": 1, "right": 1},
    "paper_line_bottom": _PRINT | {"align": "left", "text_wrap": False, "bottom": 1},
    "paper_line_bottom_end": _PRINT | {"bottom": 1, "right": 1},
    "paper_sign": _PRINT | {"align": "left"},
}

MARKS: dict[str, dict[str, Any]] = {
    "bad": {"bg_color": "#F8D7DA", "font_color": RED},
    "ask": {"bg_color": "#FDEBC8", "font_color": AMBER},
    "see": {"bg_color": "#DCEBF7"},
    "good": {"font_color": "#1E8449"},
    "lacking": {"font_color": AMBER},
    "light_red": {"bg_color": "#F4C7C3", "font_color": "#7B1A10", "bold": True},
    "light_yellow": {"bg_color": "#FBE7A1", "font_color": "#5F4700", "bold": True},
    "light_green": {"bg_color": "#CDE9D2", "font_color": "#14532D", "bold": True},
    "light_blue": {"bg_color": "#CBDFF5", "font_color": "#123E6B", "bold": True},
    "row": {"border": 1, "border_color": LINE},
}
