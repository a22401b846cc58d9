"""Installing and taking back: the real steps in a temporary folder.

Only the registry is not real (there is none here): MemoryRegistry stands in for it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from oletools.olevba import VBA_Parser

from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.hosts.cli_excel import excel_app
from jixiao_xl.hosts.excel_install import MENU, Places, install, plan, read_journal, state, uninstall
from jixiao_xl.hosts.install_steps import Desk, Record, SetLine
from jixiao_xl.hosts.shipped import macros_xlwings
from tests.hosts.memory_registry import MemoryRegistry
from tests.hosts.test_cli import jixiao

OFFICE = r"HKCU\Software\Microsoft\Office"
TRUSTED = rf"{OFFICE}\16.0\Excel\Security\Trusted Locations"


def machine(folder: Path, *keys: str) -> Places:
    """A person's folders on a Windows desk, all below `folder`."""
    registry = MemoryRegistry(rf"{OFFICE}\16.0\Excel", rf"{OFFICE}\16.0\Word", *keys)
    return Places(
        folder / "XLSTART", folder / "jixiao" / "表样", folder / ".xlwings" / "xlwings.conf",
        folder / "roaming" / "install.json", r"C:\Python311\python.exe", Desk(folder / "roaming" / "保留", registry),
    )  # fmt: skip


def books(folder: Path, word: bytes = b"one") -> list[Path]:
    """A template and an add-in as the program ships them."""
    folder.mkdir(exist_ok=True)
    for name in ("form.xlsm", "jixiao.xlam"):
        (folder / name).write_bytes(word + name.encode())
    return sorted(folder.iterdir())


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*"))}


def put(places: Places, shipped: list[Path]) -> list[str]:
    said: list[str] = []
    install(places, plan(places, shipped), said.append)
    return said


@pytest.fixture
def shipped(tmp_path: Path) -> list[Path]:
    return books(tmp_path / "shipped")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def test_install_places_trusts_and_names_the_python(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    put(places, shipped)
    assert (desk / "XLSTART" / "jixiao.xlam").read_bytes() == b"onejixiao.xlam"
    assert {p.name for p in places.templates.iterdir()} == {"form.xlsm", MENU}
    assert places.xlwings_conf.read_text() == '"INTERPRETER_WIN","C:\\Python311\\python.exe"\n'
    assert r'"C:\Python311\python.exe" -m jixiao_xl.hosts.cli menu' in (places.templates / MENU).read_text()
    registry = places.desk.registry
    assert registry and registry.values(rf"{TRUSTED}\Location20") == {
        "Path": f"{places.templates}\\", "AllowSubfolders": 1, "Description": "jixiao 绩效填报"
    }  # fmt: skip
    assert state(places, shipped).is_current


def test_uninstall_leaves_the_machine_as_it_was(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk, rf"{TRUSTED}\Location1")
    places.xlwings_conf.parent.mkdir()
    places.xlwings_conf.write_bytes(b'"SHOW CONSOLE","True"\r\n"interpreter_win","D:\\old\\python.exe"\r\n')
    places.add_ins.mkdir()
    (places.add_ins / "other.xlam").write_bytes(b"somebody else's")
    before, registry = everything(desk), places.desk.registry
    assert isinstance(registry, MemoryRegistry)
    keys = dict(registry.held)
    put(places, shipped)
    assert b"D:\\old" not in places.xlwings_conf.read_bytes() and b'"SHOW CONSOLE","True"' in places.xlwings_conf.read_bytes()
    assert everything(desk) != before
    assert uninstall(places, lambda _said: None) == ()
    after = everything(desk)
    assert after.pop("roaming") == b"", "the settings folder stays"
    assert (after, registry.held) == (before, keys)


def test_a_second_install_changes_nothing_and_can_still_be_undone(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    put(places, shipped)
    once, journal = everything(desk), read_journal(places.journal)
    assert all(said.startswith("已是这样") for said in put(places, shipped))
    assert (everything(desk), read_journal(places.journal)) == (once, journal)
    uninstall(places, lambda _said: None)
    assert list(everything(desk)) == ["roaming"]


def test_a_newer_program_replaces_its_own_files_only(desk: Path, tmp_path: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    put(places, shipped)
    (places.templates / "form.xlsm").write_bytes(b"filled by a person")
    newer = books(tmp_path / "newer", b"two")
    assert state(places, newer).stale == (str(places.add_ins / "jixiao.xlam"),)
    said = put(places, newer)
    assert (places.add_ins / "jixiao.xlam").read_bytes() == b"twojixiao.xlam"
    kept = places.desk.kept / "form.xlsm"
    assert kept.read_bytes() == b"filled by a person" and any(str(kept) in line for line in said)
    uninstall(places, lambda _said: None)
    assert (places.templates / "form.xlsm").read_bytes() == b"filled by a person", "what was put aside comes back"


def test_what_a_newer_program_ships_for_the_first_time_is_missing_in_the_folder_of_the_last_installation(
    desk: Path, tmp_path: Path, shipped: list[Path]
) -> None:
    elsewhere = dataclasses.replace(machine(desk), templates=desk / "own" / "表样")
    put(elsewhere, shipped)
    (tmp_path / "shipped" / "new.xlsm").write_bytes(b"new")
    found = state(machine(desk), sorted((tmp_path / "shipped").iterdir()))
    assert found.missing == (str(desk / "own" / "表样" / "new.xlsm"),) and not found.stale and not found.is_current


def test_uninstall_never_deletes_what_a_person_changed(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    put(places, shipped)
    (places.templates / "form.xlsm").write_bytes(b"filled by a person")
    (places.templates / "我的.xlsx").write_bytes(b"mine")
    places.xlwings_conf.write_text('"INTERPRETER_WIN","E:\\mine\\python.exe"\n')
    (places.add_ins / "jixiao.xlam").unlink()
    said: list[str] = []
    assert uninstall(places, said.append) == ()
    assert (places.desk.kept / "form.xlsm").read_bytes() == b"filled by a person"
    assert {p.name for p in places.templates.iterdir()} == {"我的.xlsx"}
    assert "E:\\mine" in places.xlwings_conf.read_text()
    assert any("改过，没有删除" in line for line in said) and any("文件已不在" in line for line in said)
    assert not places.journal.exists()


def test_the_download_mark_of_a_placed_file_is_cleared(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    places.templates.mkdir(parents=True)
    (places.templates / "form.xlsm").write_bytes(b"oneform.xlsm")
    mark = places.templates / "form.xlsm:Zone.Identifier"
    mark.write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    put(places, shipped)
    assert not mark.exists()
    uninstall(places, lambda _said: None)
    assert (places.templates / "form.xlsm").is_file(), "the same file was there before us"


def test_an_installation_that_breaks_off_can_be_undone(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    places.add_ins.write_bytes(b"a file where the folder should be")
    with pytest.raises(CannotRun) as refused:
        put(places, shipped)
    assert [f.code for f in refused.value.findings] == ["SYS903"]
    assert places.templates.is_dir()
    assert uninstall(places, lambda _said: None) == ()
    assert sorted(everything(desk)) == ["XLSTART", "roaming"]


def test_a_folder_that_is_trusted_already_is_left_to_its_owner(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    registry = places.desk.registry
    assert isinstance(registry, MemoryRegistry)
    registry.write(rf"{TRUSTED}\Location3", {"Path": str(places.templates).upper()})
    put(places, shipped)
    uninstall(places, lambda _said: None)
    assert rf"{TRUSTED}\Location3" in registry.held and rf"{TRUSTED}\Location20" not in registry.held


def test_every_version_of_office_that_was_used_is_told(desk: Path) -> None:
    assert machine(desk, rf"{OFFICE}\14.0\Excel", rf"{OFFICE}\15.0\Word", rf"{OFFICE}\Common").offices == ["16.0", "14.0"]


def test_a_line_is_set_in_the_ending_and_order_of_its_file(tmp_path: Path) -> None:
    file, desk = tmp_path / "xlwings.conf", Desk(tmp_path / "kept")
    file.write_bytes(b'"A","1"\n"INTERPRETER_WIN","x"\n"B","2"')
    record = SetLine(file, "INTERPRETER_WIN", "y").do(desk, None)
    assert file.read_bytes() == b'"A","1"\n"INTERPRETER_WIN","y"\n"B","2"'
    assert record == Record(kind="line", target=str(file), name="INTERPRETER_WIN", ours="y", before="x")


def test_a_journal_that_is_no_journal_stops_with_one_sentence(desk: Path, shipped: list[Path]) -> None:
    places = machine(desk)
    places.journal.parent.mkdir()
    places.journal.write_text("{", "utf-8")
    for attempt in (lambda: put(places, shipped), lambda: uninstall(places, print), lambda: state(places, shipped)):
        with pytest.raises(CannotRun) as refused:
            attempt()
        assert [f.code for f in refused.value.findings] == ["SYS911"]
    assert not places.templates.exists()


def test_on_another_system_the_plan_is_told_and_nothing_is_done(tmp_path: Path) -> None:
    run = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    told = jixiao("excel", "install", "--folder", tmp_path / "表样", **run)
    assert told.returncode == 0, told.stderr
    for word in (
        "什么也没有改",
        "1. 建立文件夹",
        r"%APPDATA%\Microsoft\Excel\XLSTART\jixiao.xlam",
        "INTERPRETER_WIN",
        "受信任位置",
        MENU,
    ):
        assert word in told.stdout
    assert "没有安装" in jixiao("excel", "status", **run).stdout
    assert "没有要撤销的" in jixiao("excel", "uninstall", **run).stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [c.name for c in excel_app.registered_commands])
def test_every_excel_command_is_in_the_readme(command: str) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    assert f"jixiao excel {command}" in readme.read_text("utf-8")


def test_the_noted_version_of_xlwings_is_the_one_in_the_binary() -> None:
    binary = VBA_Parser(str(Path(__file__).parents[2] / "macros" / "vbaProject.bin"))
    told = next(code for _, _, name, code in binary.extract_macros() if name.startswith("xlwings"))
    assert macros_xlwings() and f"'Version: {macros_xlwings()}" in told.splitlines()
