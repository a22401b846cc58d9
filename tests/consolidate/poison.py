"""Budgets that kill: a file whose reading ends the process that reads it."""

from __future__ import annotations

import os
import signal

from jixiao_xl.model.budget import Budget


class Poisonous(dict[tuple[int, str], Budget]):
    """Kills the process that asks for a certain unit: the moment in which a file is judged."""

    def __init__(self, unit_key: str) -> None:
        super().__init__()
        self.unit_key = unit_key

    def __reduce__(self) -> tuple[type[Poisonous], tuple[str]]:
        return Poisonous, (self.unit_key,)

    def get(self, key: tuple[int, str], default: Budget | None = None) -> Budget | None:  # type: ignore[override]
        if key[1] == self.unit_key:
            os.kill(os.getpid(), signal.SIGKILL)
        return default
