"""What was filed, as one number: the same content has the same digest wherever it stands."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao_xl.model.facts import Filing


def digest_before(filing: Filing) -> str:
    """The digest that the same content had one revision earlier: what an untouched 退回 copy was made from. Empty for
    a first filing."""
    return content_digest(replace(filing, revision=filing.revision - 1)) if filing.revision > 0 else ""


def content_digest(filing: Filing) -> str:
    """What was filed, as 64 hex digits: the facts and the revision, not where they stood."""
    facts = sorted((fact.path, fact.value) for fact in filing.facts.values())
    told = json.dumps([filing.edition, filing.revision, filing.unit.name, facts], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()
