"""How are the labels of a definition said for this unit, year, stage and instance?"""

from __future__ import annotations

import re
from functools import lru_cache

from jixiao_xl.forms.spec import Block, FormSpec
from jixiao_xl.model.facts import Filing

_YEAR = re.compile(r"\{year([+-]\d+)?\}")
_FIELD = re.compile(r"\{([a-z_]+)\.([a-z_]+)\}")


@lru_cache(maxsize=4096)
def with_years(text: str, year: int) -> str:
    """`{year-1}年` said for a year."""
    return _YEAR.sub(lambda m: str(year + int(m[1] or 0)), text)


class Wording:
    """Fills `{year-1}`, `{stage}`, `{n}`, `{unit_name}` and `{block.field}` in a definition's words."""

    def __init__(self, spec: FormSpec, filing: Filing) -> None:
        self.spec, self.filing = spec, filing

    def years(self, text: str) -> str:
        return with_years(text, self.filing.year)

    def numbered(self, text: str, n: int) -> str:
        return self.years(text).replace("{n}", str(n))

    def sheet(self, block: Block, n: int) -> str:
        return block.sheet.replace("{n}", str(n))

    def title(self, block: Block, n: int, instance: str) -> str:
        return self.filled(self.numbered(block.title, n), instance)

    def filled(self, text: str, instance: str = "") -> str:
        """The text with the values of the fields it names; a missing value leaves nothing."""

        def value(match: re.Match[str]) -> str:
            path = f"{match[1]}{instance}.{match[2]}" if self._repeats(match[1]) else match[0][1:-1]
            return self.filing.value(path) or ""

        return _FIELD.sub(value, text.replace("{unit_name}", self.filing.unit.name))

    def _repeats(self, block_id: str) -> bool:
        block = self.spec.block_named(block_id)
        return block is not None and block.repeat is not None

    @property
    def form_title(self) -> str:
        stage = self.spec.form.stages.get(self.filing.stage, "")
        return self.filled(self.years(self.spec.form.title).replace("{stage}", stage))
