"""The words by which names are judged: `knowledge/naming.toml`, where each list says what it is for."""

from __future__ import annotations

import re
from functools import cache, cached_property

from jixiao_xl.model.entries import Entry
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.known import knowledge_of


class Naming(Entry):
    words: tuple[str, ...]
    complete: tuple[str, ...]
    full: tuple[str, ...]
    cut_persons: tuple[str, ...]
    adverbs: tuple[str, ...]
    predicates: tuple[str, ...]
    anyone: tuple[str, ...]
    basis: tuple[str, ...]
    routine: tuple[str, ...]
    value_placeholders: tuple[str, ...]

    @cached_property
    def _left_value(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.value_placeholders))

    def is_placeholder_value(self, text: str) -> bool:
        """Whether a value is still the template's: ≥XX%, N人, ……."""
        return len(text) <= 12 and self._left_value.search(text) is not None

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        longest = (sorted(words, key=len, reverse=True) for words in (self.adverbs, self.predicates))
        adverb, predicate = ("|".join(map(re.escape, words)) for words in longest)
        return re.compile(rf"(?:{adverb})*(?:{predicate})+")

    def is_bare(self, name: str) -> bool:
        """Whether the name is all predicate: 符合要求, 按时完成."""
        return self._bare.fullmatch(normalised(name)) is not None

    def breaks_a_word(self, cut: str, whole: str) -> bool:
        """Whether `whole`, cut off behind `cut`, is cut inside its last word (帮扶人|数)."""
        short, full = normalised(cut), normalised(whole)
        if short.endswith(self.complete):
            return False
        return any(full.startswith(word, start) for word in self.words
                   for start in range(max(len(short) - len(word) + 1, 0), len(short)))  # fmt: skip


@cache
def naming() -> Naming:
    return knowledge_of(Naming, "naming")
