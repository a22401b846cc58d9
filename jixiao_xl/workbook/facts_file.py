"""A FACTS.toml: one flat table of facts by path, as a test or another program writes it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.measures import is_measure
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.reasons import is_reason, paths_by_cell, reasons_of, with_found_places
from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.model.facts import LONGEST_KEY, LONGEST_NAME, BadPath, Fact, FactPath, Filing, Stage, Unit, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import as_shown
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.reading import Reading


class _Unit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[StrictStr, Field(max_length=LONGEST_NAME)]
    key: Annotated[StrictStr, Field(max_length=LONGEST_KEY)] = ""


LONGEST = 30_000
"""Characters of one value; a cell ends at 32,767."""


class FactsFile(BaseModel):
    """What the file may say, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: StrictStr
    edition: StrictStr = ""
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    stage: Stage = "declaration"
    unit: _Unit
    revision: Annotated[StrictInt, Field(ge=0, le=999_999)] = 0
    source: StrictStr = ""
    """Where the facts come from; for readers, not for the program."""
    facts: dict[StrictStr, Annotated[StrictStr, Field(max_length=LONGEST)]]


def read_facts(path: Path) -> Reading:
    """The file as a reading; what is wrong with it is a finding, its form's cells are the places."""
    reading = Reading(path.name)

    def refuse(why: str, advice: str) -> Reading:
        params = {"book": path.name, "why": why, "advice": advice}
        reading.findings.append(Finding("WBK108", "error", Where(book=path.name), params))
        return reading

    try:
        given = FactsFile.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return refuse(f"“{place}”缺少或取值不对", "对照说明补上 form、edition、year、stage、unit 和 facts，值都写成文本。")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return refuse(f"不是合法的 TOML（{error}）", "按提示的行列改正。")
    except (ValueError, RecursionError):
        return refuse("有长得不能读的数字，或层层嵌套的括号", "值都写成带引号的文本，一行一个。")
    spec = find_form(given.form, given.edition, given.year)
    if spec is None:
        params = {"book": path.name, "form": given.form, "edition": given.edition}
        reading.findings.append(Finding("WBK102", "error", Where(book=path.name), params))
        return reading
    facts = {key: Fact(key, as_shown(value)) for key, value in given.facts.items()}
    unit = Unit(as_shown(given.unit.name), as_shown(given.unit.key))
    good = _known_facts(spec, given, unit, facts, reading)
    filing = Filing(spec.form.id, spec.form.edition, given.year, given.stage, unit, good, given.revision, path.name)
    places = plan_form(spec, filing).by_path
    placed = {
        key: Fact(key, fact.value, places[key].sheet, places[key].cell) if key in places else fact for key, fact in good.items()
    }
    reading.spec, reading.filing = spec, filing.with_facts(placed)
    reading.places = {key: Where(key, slot.sheet, slot.cell, path.name) for key, slot in places.items()}
    return reading


def facts_text(filing: Filing) -> str:
    """The filing as such a file; `read_facts` gives it back."""

    def quoted(text: str) -> str:
        # a JSON text is a basic string of TOML, but for DEL
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    head = {"form": filing.form, "edition": filing.edition, "stage": filing.stage}
    lines = [f"{key} = {quoted(value)}" for key, value in head.items()]
    lines += [f"year = {filing.year}", f"revision = {filing.revision}"]
    lines += [f"unit = {{ name = {quoted(filing.unit.name)}, key = {quoted(filing.unit.key)} }}", "", "[facts]"]
    return "\n".join([*lines, *(f"{quoted(fact.path)} = {quoted(fact.value)}" for fact in filing.facts.values())]) + "\n"


def _known_facts(spec: FormSpec, given: FactsFile, unit: Unit, facts: dict[str, Fact], reading: Reading) -> dict[str, Fact]:
    """The facts that the form has a place for; the others become WBK109."""
    readable: dict[str, Fact] = {}
    for key, fact in facts.items():
        try:
            path = parse_path(key)
        except BadPath:
            path = None
        known = path is not None and bool(spec.block_named(path.block) or is_reason(path) or is_measure(path))
        if path is None or not known or path.text != key or as_shown(key) != key:
            reading.findings.append(_unknown(key, reading.book))
        else:
            readable[key] = fact
    filing = settled(spec, Filing(spec.form.id, spec.form.edition, given.year, given.stage, unit, readable))
    filing = filing.with_facts({key: fact for key, fact in filing.facts.items() if _fits(spec, parse_path(key), filing)})
    places = plan_form(spec, filing).by_path
    answered = paths_by_cell((key, slot.sheet, slot.cell) for key, slot in places.items())
    for reason in reasons_of(filing):
        answered |= _as_printed(spec, reason.about[1])
    facts = with_found_places(filing.facts.values(), answered)
    good = {key: fact for key, fact in facts.items() if is_reason(parse_path(key)) or (key in places and places[key].printed)}
    lost = (key for key in readable if key not in good and not is_reason(parse_path(key)) and not _moved(spec, key, good))
    reading.findings += [_unknown(key, reading.book) for key in lost]
    return good


def _as_printed(spec: FormSpec, about: str) -> dict[str, str]:
    """The form's own writing of the path that a reason answers, when it is a path."""
    try:
        alone = Filing(spec.form.id, spec.form.edition, 2000, "declaration", facts={about: Fact(parse_path(about).text, "")})
    except BadPath:
        return {}
    return {about: next(iter(settled(spec, alone).facts))}


def _fits(spec: FormSpec, path: FactPath, filing: Filing) -> bool:
    """Whether a row has as many names as the form has levels, and no gap before its `~n`."""
    block = spec.block_named(path.block)
    if path.names is None or block is None:
        return True
    levels = len(block.levels) if isinstance(block, IndicatorTable) else 1
    if len(path.names) != levels:
        return False
    return path.nth == 1 or any(key.startswith(f"{replace(path, nth=path.nth - 1).row_text}.") for key in filing.facts)


def _moved(spec: FormSpec, key: str, good: dict[str, Fact]) -> bool:
    """Whether the fact was kept under the form's own writing of its row."""
    alone = Filing(spec.form.id, spec.form.edition, 2000, "declaration", facts={key: Fact(key, "")})
    return all(settled_key in good for settled_key in settled(spec, alone).facts)


def _unknown(key: str, book: str) -> Finding:
    return Finding("WBK109", "error", Where(path=key, book=book), {"what": key})
