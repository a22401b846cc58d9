"""Shipped data files are believed without pydantic; here pydantic has to agree with every one of them."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import ValidationError

from jixiao_xl.model.entries import ByKind, Entry, Shape, believed, checked, plain

EVERY_FILE = """
from jixiao_xl.model import entries

believe, seen, depth = entries.believed, set(), [0]

def held(kind, data):
    depth[0] += 1
    made = believe(kind, data)
    depth[0] -= 1
    assert depth[0] or made == entries.checked(kind, data), kind
    seen.add(kind)
    return made

entries.believed = held
from jixiao_xl import operations
from jixiao_xl.forms.indicators import indicator_like
from jixiao_xl.forms.load import built_in_forms
from jixiao_xl.hosts.published import published_forms
from jixiao_xl.model.pack_files import shipped_packs
from jixiao_xl.rules.pack import load_pack

forms, packs = built_in_forms(), [load_pack(pack) for pack in shipped_packs()]
indicator_like("自设指标数")
for facts in published_forms():
    operations.check(facts)

def kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)

left = {kind.__name__ for kind in kinds(entries.Entry) if not kind.__subclasses__()} - {kind.__name__ for kind in seen}
print(len(forms), len(packs), sorted(left))
"""


def test_pydantic_makes_the_same_of_every_shipped_file() -> None:
    told = subprocess.run([sys.executable, "-c", EVERY_FILE], capture_output=True, text=True, check=False)
    assert (told.stdout.strip(), told.stderr) == ("9 5 []", "")


class Small(Entry):
    kind: Literal["small"]
    name: Annotated[str, Shape("^[a-z]+$")] = "a"
    as_: str = ""


class Large(Entry):
    kind: Literal["large"]
    limit: Decimal | None = None
    sizes: tuple[tuple[str, ...], ...] = ()


class Shelf(Entry):
    holds: tuple[Annotated[Small | Large, ByKind()], ...]


FILE = {"holds": [{"kind": "small", "as": "x"}, {"kind": "large", "limit": 0.3, "sizes": [["a", "b"]]}]}
SHELF = Shelf(holds=(Small(kind="small", as_="x"), Large(kind="large", limit=Decimal("0.3"), sizes=(("a", "b"),))))


@pytest.mark.parametrize("make", [believed, checked])
def test_a_record_is_made_of_what_a_file_says(make: object) -> None:
    assert make(Shelf, FILE) == SHELF  # type: ignore[operator]


def test_a_record_is_said_as_its_file_says_it() -> None:
    assert plain(SHELF.holds[0]) == {"kind": "small", "name": "a", "as": "x"}


@pytest.mark.parametrize("said", [{"kind": "small", "nmae": "b"}, {"kind": "small", "as_": "x"}, {"name": "b"}])
def test_an_unknown_or_missing_word_is_refused_from_a_file_of_our_own_too(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        checked(Small, said)
    with pytest.raises((KeyError, TypeError)):
        believed(Small, said)


def test_a_shape_is_asked_for_in_a_file_from_elsewhere() -> None:
    with pytest.raises(ValidationError, match="pattern"):
        checked(Small, {"kind": "small", "name": "A1"})
