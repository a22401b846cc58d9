"""What is set once holds for buttons and commands, and says where it comes from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.hosts.settings import SETTINGS, held, remember, setting, user_file
from tests.conftest import PUBLISHED
from tests.hosts.test_cli import FORM, assert_refused, jixiao

EZHOU = PUBLISHED / "ezhou_2025.toml"


class Sheet:
    """A workbook of which only the xlwings.conf sheet is asked."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def setting(self, key: str) -> str:
        return self.values.get(key, "")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person who has set nothing yet; where the file lies is asked of the real function."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in SETTINGS:
        monkeypatch.delenv(f"JIXIAO_{name}", raising=False)
    return tmp_path / "home"


def test_the_workbook_comes_before_the_environment_the_file_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert held("ARCHIVE").source == "default" and setting("ARCHIVE").endswith("archive.sqlite")
    remember("ARCHIVE", "/data/file.sqlite")
    assert held("ARCHIVE").source == "file" and Path(setting("ARCHIVE")) == Path("/data/file.sqlite").absolute()
    monkeypatch.setenv("JIXIAO_ARCHIVE", "/data/environment.sqlite")
    assert (held("ARCHIVE").source, setting("ARCHIVE")) == ("environment", "/data/environment.sqlite")
    for key in ("ARCHIVE", "JIXIAO_ARCHIVE"):
        of_book = held("ARCHIVE", Sheet(**{key: "/data/book.sqlite"}))
        assert (of_book.source, of_book.value) == ("workbook", "/data/book.sqlite")
    assert held("ARCHIVE", Sheet()).source == "environment"


def test_a_file_written_by_hand_is_read_as_a_person_means_it() -> None:
    user_file().parent.mkdir(parents=True)
    user_file().write_bytes('# 我的设置\n\nJIXIAO_ARCHIVE = "D:\\Users\\new\\历年.sqlite"\nyear=2027\n'.encode("gb18030"))
    assert setting("ARCHIVE") == "D:\\Users\\new\\历年.sqlite"
    assert setting("YEAR") == "2027"
    remember("YEAR", "2028")
    assert user_file().read_text("utf-8").splitlines()[0] == "# 我的设置", "what the person wrote stays"
    assert (setting("YEAR"), setting("ARCHIVE")) == ("2028", "D:\\Users\\new\\历年.sqlite")
    remember("YEAR", "")
    assert held("YEAR").source == "default"


def test_a_line_that_is_no_setting_is_named_and_nothing_is_written() -> None:
    user_file().parent.mkdir(parents=True)
    user_file().write_text("YEAR = 2026\nARHCIVE = x\n", "utf-8")
    for attempt in (lambda: setting("ROSTER"), lambda: remember("YEAR", "2027")):
        with pytest.raises(CannotRun) as refused:
            attempt()
        assert [f.code for f in refused.value.findings] == ["SYS910"]
        assert "第 2 行" in refused.value.findings[0].message()
    assert user_file().read_text("utf-8") == "YEAR = 2026\nARHCIVE = x\n"


@pytest.mark.parametrize(("name", "value"), [("YEAR", "今年"), ("YEAR", "202"), ("FORM", "no.such"), ("ROSTER", "a\nb")])
def test_a_value_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(CannotRun):
        remember(name, value)
    assert not user_file().exists()


def test_what_holds_a_password_is_kept_from_others_and_never_printed(own_folder: Path) -> None:
    done = jixiao("settings", "ARCHIVE", "postgresql://clerk:s@cret@10.0.0.1/jixiao")
    assert done.returncode == 0 and "cret" not in done.stdout
    assert setting("ARCHIVE") == "postgresql://clerk:s@cret@10.0.0.1/jixiao"
    for words in (["settings"], ["settings", "archive"], ["settings", "--json"]):
        told = jixiao(*words).stdout
        assert "postgresql://10.0.0.1/jixiao" in told and "cret" not in told
    if sys.platform != "win32":
        assert user_file().parent.stat().st_mode & 0o077 == 0


def test_an_archive_set_once_is_the_one_that_commands_use(tmp_path: Path, own_folder: Path) -> None:
    book = tmp_path / "a.xlsx"
    assert jixiao("settings", "ARCHIVE", "年.sqlite", cwd=tmp_path).returncode == 0
    jixiao("fill", FORM, EZHOU, "-o", book, "--as-stated")
    assert "第 1 版" in jixiao("deposit", book).stdout
    assert (tmp_path / "年.sqlite").is_file() and not list(own_folder.rglob("*.sqlite"))
    other = tmp_path / "other.sqlite"
    assert_refused(jixiao("archive", "ls", JIXIAO_ARCHIVE=str(other)), "ARC102")
    assert len(json.loads(jixiao("archive", "ls", "--json").stdout)) == 1
    said = jixiao("settings", "ARCHIVE", "x.sqlite", JIXIAO_ARCHIVE=str(other)).stderr
    assert "环境变量 JIXIAO_ARCHIVE 优先" in said


def test_settings_as_json_name_every_setting_with_meaning_and_source() -> None:
    told = json.loads(jixiao("settings", "--json").stdout)
    assert {each["name"] for each in told["settings"]} == set(SETTINGS)
    assert all(each["meaning"] and each["source"] == "default" for each in told["settings"])
    assert_refused(jixiao("settings", "NONSENSE"), "SYS908")


def test_reading_a_setting_loads_nothing_heavy() -> None:
    code = (
        "import sys; from jixiao_xl.hosts.settings import setting; setting('ARCHIVE');"
        "print([m for m in ('pandas','sqlalchemy','openpyxl','xlsxwriter','typer','rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
