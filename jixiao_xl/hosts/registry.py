"""The Windows registry as four verbs; keys are written with their root, `HKCU\\Software\\…`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any, Protocol

Values = Mapping[str, str | int]


class Registry(Protocol):
    """What installation and doctor ask of the registry. A text is REG_SZ, a number REG_DWORD."""

    def subkeys(self, key: str) -> list[str]:
        """Names directly below a key; none where the key is missing."""

    def values(self, key: str) -> Values | None:
        """The values of a key (the default one is named ""); None where the key is missing."""

    def write(self, key: str, values: Values) -> None:
        """Make the key and set these values; others of the key stay."""

    def delete(self, key: str) -> None:
        """Take away a key that has no subkeys."""


def registry_here() -> Registry | None:
    """This machine's registry; None where the system has none."""
    return WindowsRegistry() if sys.platform == "win32" else None


class WindowsRegistry:
    """`winreg`, of Python's own library and on Windows only; everything written goes below HKCU."""

    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")  # by name: elsewhere there is no such module
        self._roots = {"HKCU": self._winreg.HKEY_CURRENT_USER, "HKLM": self._winreg.HKEY_LOCAL_MACHINE}

    def subkeys(self, key: str) -> list[str]:
        try:
            with self._winreg.OpenKey(*self._parts(key)) as handle:
                return [self._winreg.EnumKey(handle, n) for n in range(self._winreg.QueryInfoKey(handle)[0])]
        except FileNotFoundError:
            return []

    def values(self, key: str) -> Values | None:
        try:
            with self._winreg.OpenKey(*self._parts(key)) as handle:
                found = [self._winreg.EnumValue(handle, n) for n in range(self._winreg.QueryInfoKey(handle)[1])]
        except FileNotFoundError:
            return None
        return {name: value for name, value, _kind in found if isinstance(value, str | int)}

    def write(self, key: str, values: Values) -> None:
        with self._winreg.CreateKeyEx(*self._parts(key), 0, self._winreg.KEY_WRITE) as handle:
            for name, value in values.items():
                kind = self._winreg.REG_DWORD if isinstance(value, int) else self._winreg.REG_SZ
                self._winreg.SetValueEx(handle, name, 0, kind, value)

    def delete(self, key: str) -> None:
        self._winreg.DeleteKey(*self._parts(key))

    def _parts(self, key: str) -> tuple[Any, str]:
        root, _, path = key.partition("\\")
        return self._roots[root], path
