"""Where the files that come with the program lie: in a wheel beside the code, else in the checkout."""

from __future__ import annotations

from pathlib import Path


def shipped_folder(in_wheel: str, in_checkout: str = "") -> Path | None:
    """The folder by its name in a wheel (and in the checkout, where that differs); None where neither is."""
    package = Path(__file__).parents[1]
    places = (package / in_wheel, package.parent / (in_checkout or in_wheel))
    return next((place for place in places if place.is_dir()), None)


def shipped_books() -> list[Path]:
    """The macro-enabled templates and the add-in, by name."""
    folder = shipped_folder("xlsx_templates")
    return sorted(p for p in folder.iterdir() if p.suffix in (".xlsm", ".xlam")) if folder else []


def macros_xlwings() -> str:
    """The version of xlwings whose VBA the shipped workbooks carry; empty where it is not said."""
    folder = shipped_folder("macros")
    note = folder / "xlwings.version" if folder else None
    return note.read_text("ascii").strip() if note and note.is_file() else ""
