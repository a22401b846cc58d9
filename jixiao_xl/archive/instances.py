"""Last year's project 2 is which project of this year? Told by its code, else by its name, never by its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from jixiao_xl.forms.spec import Fields, FormSpec
from jixiao_xl.model.facts import FactPath, Filing, parse_path
from jixiao_xl.model.names import normalised

Facts = Iterable[tuple[FactPath, str]]


@dataclass(frozen=True)
class _Known:
    """What tells one instance of a repeated block from the others; either may be empty."""

    code: str = ""
    name: str = ""


class Instances:
    """This year's instances of the form's repeated blocks, against which those of other years are held."""

    def __init__(self, spec: FormSpec, filing: Filing) -> None:
        self.spec = spec
        self.repeats = {block.id: block.repeat for block in spec.block if block.repeat is not None}
        self.naming = {repeat: tuple(_naming_fields(spec, repeat)) for repeat in spec.repeat}
        self.codes = {repeat: rule.code for repeat, rule in spec.repeat.items()}
        """`block.field` of the code and of the names of each repeat."""
        present = self._known((path, fact.value) for path, fact in filing.paths()) if self.repeats else {}
        self.present = {repeat: {i: k for i, k in own.items() if k.code or k.name} for repeat, own in present.items()}
        self.adopted: dict[str, dict[str, _Known]] = {}

    @property
    def mark(self) -> Hashable:
        """The same for filings whose instances are."""
        return tuple((repeat, tuple(own.items())) for repeat, own in self.present.items())

    def moved(self, facts: Facts) -> dict[tuple[str, str], str]:
        """(repeat, another year's instance) to this year's; what this year has not is left out.

        Where the filing names no instance yet, as a form that is being issued, the first facts asked about
        stay where they are, and those asked about later are held against them.
        """
        found: dict[tuple[str, str], str] = {}
        for repeat, own in self._known(facts).items():
            present = self.present[repeat] or self.adopted.get(repeat)
            if not present:
                self.adopted[repeat] = own
                found |= {(repeat, instance): instance for instance in own}
                continue
            by_code = _unambiguous((known.code, instance) for instance, known in present.items())
            by_name = _unambiguous((known.name, instance) for instance, known in present.items())
            once = Counter(known.name for known in own.values())
            taken: set[str] = set()
            for instance, known in own.items():
                if target := by_code.get(known.code):
                    found[repeat, instance] = target
                    taken.add(target)
            for instance, known in own.items():
                target = by_name.get(known.name) if once[known.name] == 1 else None
                if (repeat, instance) not in found and target and target not in taken:
                    found[repeat, instance] = target
        return found

    def _known(self, facts: Facts) -> dict[str, dict[str, _Known]]:
        """Each repeat's instances with their code and name, in the order in which they are filed."""
        told: dict[str, dict[str, dict[str, str]]] = {repeat: {} for repeat in self.spec.repeat}
        for path, value in facts:
            repeat = self.repeats.get(path.block)
            if repeat is None or not path.instance or not value.strip():
                continue
            own = told[repeat].setdefault(path.instance, {})
            field = f"{path.block}.{path.column}"
            if field == self.codes[repeat]:
                own["code"] = normalised(value)
            elif field in self.naming[repeat]:
                own.setdefault("name", normalised(value))
        return {
            repeat: {i: _Known(own.get("code") or _code_in(i), own.get("name", "")) for i, own in each.items()}
            for repeat, each in told.items()
        }


def _naming_fields(spec: FormSpec, repeat: str) -> Iterator[str]:
    """`block.field` of the fields that hold an instance's name."""
    for block in spec.block:
        if isinstance(block, Fields) and block.repeat == repeat:
            yield from (f"{block.id}.{field.id}" for field in block.fields if field.id == "name")


def _code_in(instance: str) -> str:
    """The code in an instance's brackets; nothing for `#2`."""
    names = parse_path(f"x.y{instance}.z").names if instance.startswith("[") else None
    return normalised(names[0]) if names else ""


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key to instance where only one instance has the key, and it is not empty."""
    known = [(key, instance) for key, instance in pairs if key]
    count = Counter(key for key, _ in known)
    return {key: instance for key, instance in known if count[key] == 1}
