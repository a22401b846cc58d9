"""A FACTS.toml: one flat table of facts by path, as a test or another program writes it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import BadPath, Fact, Filing, Stage, Unit, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.reading import Reading


class _Unit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: StrictStr
    key: StrictStr = ""


class FactsFile(BaseModel):
    """What the file may say, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: StrictStr
    edition: StrictStr = ""
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    stage: Stage = "declaration"
    unit: _Unit
    revision: Annotated[StrictInt, Field(ge=0)] = 0
    facts: dict[StrictStr, StrictStr]


def read_facts(path: Path) -> Reading:
    """The file as a reading; what is wrong with it is a finding, its form's cells are the places."""
    reading = Reading(path.name)

    def refuse(why: str, advice: str) -> Reading:
        params = {"book": path.name, "why": why, "advice": advice}
        reading.findings.append(Finding("WBK108", "error", Where(book=path.name), params))
        return reading

    try:
        given = FactsFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return refuse(f"不是合法的 TOML（{error}）", "按提示的行列改正。")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return refuse(f"“{place}”缺少或取值不对", "对照说明补上 form、edition、year、stage、unit 和 facts，值都写成文本。")
    spec = find_form(given.form, given.edition, given.year)
    if spec is None:
        params = {"book": path.name, "form": given.form, "edition": given.edition}
        reading.findings.append(Finding("WBK102", "error", Where(book=path.name), params))
        return reading
    facts = {key: Fact(key, value) for key, value in given.facts.items()}
    unit = Unit(given.unit.name, given.unit.key)
    good = _known_facts(spec, given, unit, facts, reading)
    filing = Filing(spec.form.id, spec.form.edition, given.year, given.stage, unit, good, given.revision, path.name)
    places = plan_form(spec, filing).by_path
    placed = {
        key: Fact(key, fact.value, places[key].sheet, places[key].cell) if key in places else fact for key, fact in good.items()
    }
    reading.spec, reading.filing = spec, filing.with_facts(placed)
    reading.places = {key: Where(key, slot.sheet, slot.cell, path.name) for key, slot in places.items()}
    return reading


def _known_facts(spec: FormSpec, given: FactsFile, unit: Unit, facts: dict[str, Fact], reading: Reading) -> dict[str, Fact]:
    """The facts that the form has a place for; the others become WBK109."""
    readable: dict[str, Fact] = {}
    for key, fact in facts.items():
        try:
            path = parse_path(key)
        except BadPath:
            path = None
        if path is None or spec.block_named(path.block) is None or path.text != key:
            reading.findings.append(_unknown(key, reading.book))
        else:
            readable[key] = fact
    filing = settled(spec, Filing(spec.form.id, spec.form.edition, given.year, given.stage, unit, readable))
    places = plan_form(spec, filing).by_path
    reading.findings += [_unknown(key, reading.book) for key in filing.facts if key not in places]
    return {key: fact for key, fact in filing.facts.items() if key in places}


def _unknown(key: str, book: str) -> Finding:
    return Finding("WBK109", "error", Where(path=key, book=book), {"what": key})
