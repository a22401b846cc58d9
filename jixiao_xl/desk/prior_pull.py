"""The archive's values in the blank cells of a filing, and where a filled cell differs from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jixiao_xl.archive.earlier_stages import carried_values
from jixiao_xl.archive.prior_year import PriorValue, PriorYear, loose_path, prior_year
from jixiao_xl.archive.renames import Succession
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.copying import whole
from jixiao_xl.desk.filling import same_number
from jixiao_xl.desk.labels import Labels
from jixiao_xl.desk.opening import readable, save
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import CannotRun, Filled
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Fact, Filing, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.rules.reasons import with_reasons
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions


def pull(path: Path, out: Path, archive: Archive, roster: Sequence[RosterRow] = ()) -> Filled:
    """A copy of the workbook with its blanks filled; a file that nobody may claim is refused. A row of the
    roster with the unit's code adds its former ones."""
    reading = readable(path)
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None
    whole(reading)
    if claims := [f for f in reading.findings if f.code == "WBK110"]:
        raise CannotRun(*claims)
    row = next((row for row in roster if filing.unit.key in row.all_keys), None)
    keys, steps = (row.all_keys, row.successions) if row else ((filing.unit.key,), ())
    found = offer(spec, filing, archive, keys, steps)
    findings = [*found.findings, *nothing_offered(filing, found, reading.book)]
    content = build_workbook(spec, filing.with_prefilled(found.facts), BuildOptions(as_stated=True, notes=found.notes))
    save(out, content)
    return Filled(out, tuple(with_reasons(findings, filing)))


@dataclass(frozen=True)
class Offer:
    """A filing's facts with the blanks filled from the archive, and what there is to say of them."""

    facts: dict[str, Fact]
    notes: dict[str, str]
    """By path: what kind of value a filled blank got."""
    findings: list[Finding]
    """Where a filled cell differs from the archive, what a project had last year, what a merger kept back."""
    sources: dict[str, str]
    """By path: the year, stage and version that the archive's value is from."""


def with_prior(
    spec: FormSpec, filing: Filing, archive: Archive, unit_keys: Sequence[str], steps: Sequence[Succession] = ()
) -> tuple[dict[str, Fact], dict[str, str], list[Finding]]:
    """Facts with blanks filled, notes for the filled cells, and differences as findings."""
    found = offer(spec, filing, archive, unit_keys, steps)
    return found.facts, found.notes, found.findings


def nothing_offered(filing: Filing, found: Offer, book: str) -> Iterator[Finding]:
    """That the archive knows nothing of the years before, where that is so."""
    if not found.facts.keys() - filing.facts.keys() and not found.findings:
        said = {"unit": filing.unit.name, "year": f"{filing.year - 2}、{filing.year - 1}"}
        yield Finding("PRI102", "hint", Where(book=book), said)


def offer(
    spec: FormSpec, filing: Filing, archive: Archive, unit_keys: Sequence[str], steps: Sequence[Succession] = ()
) -> Offer:  # fmt: skip
    """What the archive has for the blanks of one filing; a filled cell keeps its value."""
    with using_archive():
        prior_known = prior_year(archive, spec, filing, unit_keys, steps)
        earlier = carried_values(archive, spec, filing, unit_keys, steps)
    own_year = {each.path for each in earlier}  # that these stay as approved is a rule's business
    brought = [PriorValue(parse_path(each.path), each.value, each.source) for each in earlier]
    found = (*brought, *prior_known.values)
    facts, notes, sources = dict(filing.facts), dict[str, str](), dict[str, str]()
    differing: list[tuple[Fact, PriorValue]] = []
    offered = settled(spec, filing.with_facts({v.path.text: Fact(v.path.text, v.value) for v in found}))
    by_path = {loose_path(v.path): v for v in found}
    derived = {p for p, slot in plan_form(spec, offered).by_path.items() if slot.role == "derived"}
    for path, fact in offered.facts.items():
        if path in derived:
            continue  # it follows from its parts
        prior = by_path[loose_path(parse_path(path))]
        sources[path] = prior.source
        stated = facts.get(path)
        if stated is None or not stated.value:
            facts[path] = Fact(path, fact.value)
            if prior.note:
                notes[path] = f"{prior.note}（{prior.source}）"
        elif path not in own_year and stated.value != prior.value and not same_number(stated.value, prior.value):
            differing.append((stated, prior))
    findings = [*_of_merger(filing, prior_known)]
    stood = _stood(filing, prior_known)
    if differing or stood:
        labels = Labels(spec, filing)
        findings += [_differs(stated, prior, labels.of(stated.path)) for stated, prior in differing]
        findings += [_was(prior, labels) for prior in sorted(stood, key=lambda prior: labels.order(prior.path.text))]
        notes |= {prior.path.text: f"上年数 {prior.value}（{prior.source}）" for prior in stood}
    return Offer(facts, notes, findings, sources)


def _stood(filing: Filing, known: PriorYear) -> list[PriorValue]:
    """What stood last year in the projects that this filing has."""
    present = {(path.block, path.instance) for path, fact in filing.paths() if fact.value}
    return [prior for prior in known.stood if (prior.path.block, prior.path.instance) in present]


def _was(prior: PriorValue, labels: Labels) -> Finding:
    where = labels.where(prior.path.text)
    params = {"label": labels.of(prior.path.text), "expected": prior.value, "source": prior.source}
    return Finding("PRI106", "hint", where, params, prior.value)


def _of_merger(filing: Filing, known: PriorYear) -> Iterator[Finding]:
    """PRI107 for every year that the merged units could not hand over whole."""
    for kept in known.unmerged:
        why = f"没有 {'、'.join(kept.missing)} 的数据，各项都没有提取" if kept.missing else "各单位报送的阶段不同，没有提取"
        if kept.left_out:
            why = f"金额已相加，另有 {kept.left_out} 项不能相加，没有提取"
        params = {"unit": filing.unit.name, "units": "、".join(kept.units), "year": str(kept.year), "why": why}
        yield Finding("PRI107", "hint", Where(), params)


def _differs(stated: Fact, prior: PriorValue, label: str) -> Finding:
    params = {"label": label, "stated": stated.value, "expected": prior.value, "source": prior.source}
    return Finding("PRI101", "warning", Where(stated.path, stated.sheet, stated.cell), params, prior.value)
