"""The doctor: a sound machine is told so, each trouble gets one line of advice.

A Windows desk is a Machine with a registry in memory (there is no other here); files and archives are real.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from jixiao_xl.hosts.doctor import APP_PATHS, CHECKS, Machine, examine
from jixiao_xl.hosts.settings import SETTINGS, remember, user_file
from jixiao_xl.hosts.shipped import macros_xlwings, shipped_books
from tests.hosts.memory_registry import MemoryRegistry
from tests.hosts.test_cli import assert_refused, jixiao
from tests.hosts.test_install import machine, put


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in SETTINGS:
        monkeypatch.delenv(f"JIXIAO_{name}", raising=False)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def desk(tmp_path: Path) -> Machine:
    """A Windows desk on which nothing is missing."""
    folder = tmp_path / "desk"
    python = folder / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    for bits in (32, 64):
        (folder / "venv" / f"xlwings{bits}-{macros_xlwings()}.dll").touch()
    python.touch()
    places = dataclasses.replace(machine(folder), python=str(python))
    register(places.desk.registry, folder, "excel.exe")
    put(places, shipped_books())
    return Machine("Windows", python, (3, 12, 1), macros_xlwings(), places, which=lambda _name: None)


def register(registry: object, folder: Path, exe: str) -> None:
    assert isinstance(registry, MemoryRegistry)
    (folder / exe).touch()
    registry.write(rf"HKLM\{APP_PATHS}\{exe}", {"": f'"{folder / exe}"'})


def told(here: Machine) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for checkup in examine(here) for f in checkup.findings]


def test_a_sound_desk_has_nothing_to_say(desk: Machine) -> None:
    assert told(desk) == [] and all(checkup.words for checkup in examine(desk))


def test_python_and_xlwings_must_fit_the_macros(desk: Machine, own_folder: Path) -> None:
    assert told(dataclasses.replace(desk, version=(3, 10, 9))) == [("DOC101", "error")]
    assert told(dataclasses.replace(desk, xlwings="0.30.1")) == [("DOC103", "error")]
    assert told(dataclasses.replace(desk, xlwings="")) == [("DOC102", "error")]
    assert told(dataclasses.replace(desk, system="Linux", xlwings="")) == [("DOC102", "hint")]
    (desk.python.parent.parent / f"xlwings64-{macros_xlwings()}.dll").unlink()
    assert told(desk) == [("DOC104", "error")]


def test_wps_is_told_plainly_that_buttons_do_not_work_there(desk: Machine, tmp_path: Path) -> None:
    registry = desk.places.desk.registry
    register(registry, tmp_path, "et.exe")
    assert told(desk) == [("DOC106", "hint")]
    sentence = next(f for c in examine(desk) for f in c.findings)
    assert "按钮在 WPS 里不能用" in sentence.message() and "jixiao menu" in sentence.remedy()
    (tmp_path / "desk" / "excel.exe").unlink()
    assert told(desk) == [("DOC105", "hint"), ("DOC106", "hint")]
    (tmp_path / "et.exe").unlink()
    assert told(desk) == [("DOC105", "warning")]


def test_an_add_in_that_is_missing_old_or_without_its_python_is_seen(desk: Machine, tmp_path: Path) -> None:
    (desk.places.add_ins / "jixiao.xlam").unlink()
    assert told(desk) == [("DOC108", "error")]
    put(desk.places, shipped_books())
    assert told(desk) == []
    desk.python.unlink()
    assert told(desk) == [("DOC109", "error")]
    bare = tmp_path / "bare"
    bare.mkdir()
    new = dataclasses.replace(desk, places=machine(bare))
    register(new.places.desk.registry, bare, "excel.exe")
    assert told(new) == [("DOC107", "hint")]


def test_an_archive_that_cannot_be_written_is_named_and_a_new_one_is_not_made(desk: Machine, own_folder: Path) -> None:
    remember("ARCHIVE", str(own_folder / "new" / "a.sqlite"))
    assert told(desk) == [] and not (own_folder / "new").exists()
    (own_folder / "file").touch()
    for address in (own_folder / "file" / "a.sqlite", own_folder, own_folder / "text.sqlite"):
        (own_folder / "text.sqlite").write_text("no database, and longer than a header of one" * 3)
        remember("ARCHIVE", str(address))
        assert told(desk) == [("ARC102", "error")], address
    remember("ARCHIVE", "//server/share/a.sqlite")
    assert ("DOC110", "warning") in told(desk)


def test_settings_that_lead_nowhere_or_cannot_be_read(desk: Machine, own_folder: Path) -> None:
    remember("ROSTER", str(own_folder / "名单.xlsx"))
    remember("SUBMISSIONS", str(own_folder))
    assert told(desk) == [("DOC111", "warning")]
    user_file().write_text("nonsense\n", "utf-8")
    assert {code for code, _ in told(desk)} == {"SYS910"}


def test_a_bad_definition_or_pack_of_ones_own(desk: Machine, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_folder / "hubei.toml").write_text("[severity]\nFND201 = 1\n", "utf-8")
    monkeypatch.setenv("JIXIAO_PACKS", str(own_folder))
    assert ("SYS909", "error") in told(desk)
    monkeypatch.setenv("JIXIAO_FORMS", str(own_folder))
    assert [f.code[:3] for c in examine(desk) if c.id == "forms" for f in c.findings] != []


def test_the_command_says_one_line_a_check_and_ends_with_the_verdict(tmp_path: Path) -> None:
    done = jixiao("doctor")
    assert done.returncode == 0 and done.stdout.rstrip().endswith("一切正常。"), done.stdout
    as_json = json.loads(jixiao("doctor", "--json").stdout)
    assert as_json["ok"] is True and [c["check"] for c in as_json["checks"]] == list(CHECKS)
    (tmp_path / "file").touch()
    bad = jixiao("doctor", JIXIAO_ARCHIVE=str(tmp_path / "file" / "a.sqlite"))
    assert bad.returncode == 1 and "有 1 处要处理" in bad.stdout and bad.stdout.count("ARC102") == 1
    user_file().parent.mkdir()
    user_file().write_text("nonsense\n", "utf-8")
    assert jixiao("doctor").stdout.count("SYS910") == 1, "two checks meet it, it is said once"
    assert_refused(jixiao("doctor", "--nonsense"))
