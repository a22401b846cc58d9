"""When are two written names one name?

全角/半角, quotation marks, blanks and line breaks do not make two indicators of one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_QUOTES = re.compile(r"[\"'“”‘’「」『』《》〈〉＂＇]")
_BLANK = re.compile(r"\s+")
_BREAK = re.compile(r"\r\n?|[\x0b\x0c]")
_UNSHOWN = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")

OPEN = "……"
"""What a form prints where the unit may add a line of its own."""


def as_shown(text: str) -> str:
    """The text without control characters, which no program shows and no formula can hold; Word's own
    line breaks are line breaks."""
    return text if text.isprintable() else _UNSHOWN.sub("", _BREAK.sub("\n", text))


def is_han(char: str) -> bool:
    """Whether the character is a common Chinese one; the empty text is none."""
    return "\u4e00" <= char <= "\u9fff"


@lru_cache(maxsize=8192)
def normalised(name: str) -> str:
    """The name without what typists vary: width, quotes, blanks."""
    flat = unicodedata.normalize("NFKC", name.replace("……", "…"))
    return _BLANK.sub("", _QUOTES.sub("", flat)).casefold()


def tidy(name: str) -> str:
    """The name as written, without line breaks and outer blanks (a heading may wrap in its cell)."""
    return _BLANK.sub(" ", name).strip() if "\n" not in name else _BLANK.sub("", name)


def is_cut_form_of(name: str, whole: str) -> bool:
    """Whether `name` is `whole` with its end cut off, as scanned forms have it."""
    short, full = normalised(name), normalised(whole)
    return len(short) >= 3 and len(short) < len(full) and full.startswith(short)
