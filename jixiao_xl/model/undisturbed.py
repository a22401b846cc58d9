"""Long work that makes millions of small things and no circles among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Python does not look for circular garbage meanwhile: looking through all that a summary of thousands of units
    is made of, again and again, takes a quarter of the time. Not for reading files: that leaves circles behind."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
