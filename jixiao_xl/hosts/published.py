"""Where the five published forms lie."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.hosts.shipped import shipped_folder

NAMES = ("yangxin_2024", "ezhou_2025", "xinzhou_2020", "wuxi_2022", "boye_2023")


def published_forms() -> tuple[Path, ...]:
    """The FACTS.toml of each published form, in the order of the source texts."""
    folder = shipped_folder("published", "tests/published")
    return tuple(folder / f"{name}.toml" for name in NAMES) if folder else ()
