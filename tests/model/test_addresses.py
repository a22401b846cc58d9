"""The address of a database may hold a password: nobody gets to see it."""

from __future__ import annotations

import pytest

from jixiao_xl.hosts.crash import write_log
from jixiao_xl.model.addresses import without_password


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://clerk:secret@host/db", "postgresql://host/db"),
        ("postgresql://clerk:se@cr/et@host/db", "postgresql://host/db"),
        ("postgresql://host/db?user=clerk&password=secret", "postgresql://host/db?user=clerk"),
        ("postgresql://host/db?password=secret&sslmode=require", "postgresql://host/db?sslmode=require"),
        ("postgresql:/clerk:secret@host/db", "postgresql://host/db"),
        ("host=server password=secret", "host=server "),
        ("/home/某科@局/历年数据库.sqlite", "/home/某科@局/历年数据库.sqlite"),
        (r"D:\绩效\历年数据库.sqlite", r"D:\绩效\历年数据库.sqlite"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_a_log_that_is_sent_to_a_maintainer_holds_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "postgresql://clerk:secret@host/db"
    monkeypatch.setattr("sys.argv", ["jixiao", "archive", "ls", "--archive", address])
    log = write_log(f"ArchiveUnusable: ('{address}', '{address}?password=secret')\nby clerk@office")
    told = log.read_text("utf-8")
    log.unlink()
    assert "secret" not in told and "postgresql://host/db" in told and "by clerk@office" in told
