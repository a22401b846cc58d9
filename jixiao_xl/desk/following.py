"""From a filled form to the next stage of the same year: 生成监控表, 生成自评表."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.drafting import Drafted, actual_lines, drafted
from jixiao_xl.desk.making import MACRO_SUFFIX, empty_filing
from jixiao_xl.desk.opening import definition_trouble, form_named, save
from jixiao_xl.desk.outcomes import CannotRun, Filled, stop
from jixiao_xl.desk.prior_pull import offer
from jixiao_xl.desk.unit_lookup import UnitLookup
from jixiao_xl.forms.carrying import carried
from jixiao_xl.forms.load import DefinitionError, followers
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import STAGE_WORDS, STAGES, Fact, Filing, Stage, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.actuals_file import ActualLine
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading


def follow(reading: Reading, form: str, out: Path, *, archive: Archive | None, actuals: Path | None) -> Filled:
    """The workbook of a later stage for the unit and year of a filled one, with what was filed and, from a
    table of actuals, what was reached. The archive's approval comes before what the workbook says."""
    own_spec, own = reading.spec, reading.filing
    if own_spec is None or own is None:
        raise CannotRun(*reading.findings)
    spec = form_named(form, own.year) if form not in STAGES else follow_up_form(own_spec, form)
    if own.form not in spec.form.follows:
        raise stop("SYS915", form=spec.form.id, book=reading.book, own=own_spec.form.id)
    key = own.issued_to or own.unit.key
    empty = empty_filing(spec, own.year, spec.form.first_stage, Unit(own.unit.name, key))
    offered = offer(spec, empty, archive, (key,)).facts if archive and key else {}
    # an approval that the archive has is whole: a row that it struck out does not come back from the declaration
    facts = offered or {path: Fact(path, value) for path, value in carried(spec, own_spec, own).items()}
    draft = drafted(spec, facts, actual_lines(actuals) if actuals else ())
    filing = empty.with_prefilled(draft.facts)
    options = BuildOptions(notes=draft.notes, macros=out.suffix.lower() == MACRO_SUFFIX)
    save(out, build_workbook(spec, filing, options))
    return Filled(out, tuple(draft.findings))


def follow_up_form(own: FormSpec, stage: Stage) -> FormSpec:
    """The form of a later stage that follows this one; of several the one of the same place, else the general one."""
    try:
        found = [spec for spec in followers(own.form.id) if stage in spec.form.stages]
    except DefinitionError as error:
        raise definition_trouble(error) from None
    if not found:
        raise stop("SYS916", form=own.form.id, stage=STAGE_WORDS[stage])
    return max(found, key=lambda spec: (spec.form.pack == own.form.pack, spec.form.id.startswith("mof."), spec.form.edition))


class UnitActuals:
    """A table of actuals of many units, asked unit by unit."""

    def __init__(self, lines: Sequence[ActualLine], names: dict[str, str]) -> None:
        self.lines, self.names = lines, names
        lookup = UnitLookup(names, {})
        self.by_key: dict[str, list[ActualLine]] = {}
        for line in lines:
            self.by_key.setdefault(lookup.key(line.key, line.code, line.name), []).append(line)

    def draft(self, spec: FormSpec, filing: Filing) -> tuple[Filing, Drafted]:
        """The unit's follow-up form with what the table says of it."""
        own = self.by_key.get(filing.unit.key, [])
        draft = drafted(spec, dict(filing.facts), own)
        draft.findings += self._missing(filing) if self.lines and not own else ()
        return filing.with_prefilled(draft.facts), draft

    def _missing(self, filing: Filing) -> Iterator[Finding]:
        book = self.lines[0].where.book
        yield Finding("ACT208", "hint", Where(book=book), {"book": book, "unit": filing.unit.name or filing.unit.key})
