"""Where an archive may lie: in a SQLite file, and on a real PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    postgres = Postgres(Path(tempfile.mkdtemp(prefix="jixiao-pg-")))
    yield postgres
    postgres.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an archive that nobody has opened before."""
    if request.param == "sqlite":
        return str(tmp_path / "archive.sqlite")
    server: Postgres = request.getfixturevalue("server")
    return server.database()
