"""Where the five published forms lie: in the checkout under tests/, in a wheel beside the code."""

from __future__ import annotations

from pathlib import Path

NAMES = ("yangxin_2024", "ezhou_2025", "xinzhou_2020", "wuxi_2022", "boye_2023")


def published_forms() -> tuple[Path, ...]:
    """The FACTS.toml of each published form, in the order of the source texts."""
    package = Path(__file__).parents[1]
    folder = next(f for f in (package / "published", package.parent / "tests" / "published") if f.is_dir())
    return tuple(folder / f"{name}.toml" for name in NAMES)
