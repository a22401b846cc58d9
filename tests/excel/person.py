"""What the person in front of the workbook sees, answers and chooses: the tests' hand on every engine."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.excel.values import EXCEPTION, IGNORED, REJECTED, ComError


@dataclass(frozen=True)
class Alert:
    """A message that was shown. `buttons`: ok, ok_cancel, yes_no, yes_no_cancel; `mode`: info, critical."""

    text: str
    title: str
    buttons: str
    mode: str


@dataclass(frozen=True)
class Dialog:
    """A dialog for a file or folder that was shown; `kinds` are the patterns of files it let pass."""

    title: str
    kinds: str
    folder: bool


@dataclass
class Person:
    """Fill `answers` and `choices` before pressing a button; look at the rest afterwards."""

    answers: list[str] = field(default_factory=list)
    """Buttons to press on the next alerts (`yes`, `no`, `ok`, `cancel`); then yes or ok."""
    choices: list[Path | None] = field(default_factory=list)
    """What to choose in the next dialogs; None, and an empty list, is pressing 取消."""
    alerts: list[Alert] = field(default_factory=list)
    dialogs: list[Dialog] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    """Every text the status bar showed; the empty text where it was given back."""
    opened: list[Path] = field(default_factory=list)
    typing_for: float = 0
    """For how many more calls a cell is being typed into; `math.inf` for as long as anyone asks."""
    types_after: float = math.inf
    """After so many calls more the person begins to type into a cell, and does not stop."""
    calls: Counter[str] = field(default_factory=Counter)
    """Calls across the border to the program, by name; `calls.total()` is the figure of the budget."""
    touched: set[str] = field(default_factory=set)
    """Names of the sheets that were read, written, asked or shown (over the fake Excel only)."""

    def is_called(self, what: str, *, writes: bool = False) -> None:
        """Count one call, or refuse it as Excel does while a cell is being typed into."""
        self.calls[what] += 1
        self.types_after -= 1
        if self.types_after < 0:
            self.typing_for = math.inf
        if self.typing_for > 0:
            self.typing_for -= 1
            raise ComError(EXCEPTION, IGNORED) if writes else ComError(REJECTED, None, "Call was rejected by callee.")

    def is_told(self, text: str, title: str, buttons: str, mode: str) -> str:
        self.alerts.append(Alert(text, title, buttons, mode))
        return self.answers.pop(0) if self.answers else "yes" if buttons.startswith("yes") else "ok"

    def is_asked_for(self, dialog: Dialog) -> Path | None:
        self.dialogs.append(dialog)
        return self.choices.pop(0) if self.choices else None
