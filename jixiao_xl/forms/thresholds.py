"""What does a pack say of scoring and of the lights? Formulas and rules take it from here."""

from __future__ import annotations

from jixiao_xl.model.entries import Entry
from jixiao_xl.model.lights import Lights
from jixiao_xl.model.pack_files import pack_entry
from jixiao_xl.model.scoring import Scoring


class Thresholds(Entry):
    """The part of a pack that formulas know."""

    scoring: Scoring
    scoring_source: dict[str, str]
    """Where each entry of `scoring` comes from; an inferred one says 推断."""
    lights: Lights
    lights_source: dict[str, str]


def thresholds_of(pack_id: str) -> Thresholds:
    """What the pack says, of one's own folder or shipped; PackError when it is missing or faulty."""
    return pack_entry(Thresholds, pack_id, part=True)
