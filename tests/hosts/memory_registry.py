"""A registry in memory: the one part of an installation that exists on Windows only."""

from __future__ import annotations

from jixiao_xl.hosts.registry import Values


class MemoryRegistry:
    """Keys and values as winreg gives them; a key's parents come into being with it, names have no case."""

    def __init__(self, *keys: str) -> None:
        self.held: dict[str, dict[str, str | int]] = {}
        for key in keys:
            self.write(key, {})

    def subkeys(self, key: str) -> list[str]:
        below = [k[len(key) + 1 :].split("\\")[0] for k in self.held if k.casefold().startswith(f"{key}\\".casefold())]
        return list(dict.fromkeys(below))

    def values(self, key: str) -> Values | None:
        return self.held.get(key)

    def write(self, key: str, values: Values) -> None:
        self.held.setdefault(key, {}).update(values)

    def delete(self, key: str) -> None:
        if key not in self.held:
            raise FileNotFoundError(key)
        if self.subkeys(key):
            raise PermissionError(key)
        del self.held[key]
