"""Which forms exist, and is this definition file sound?"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.entries import believed, checked


class DefinitionError(ValueError):
    """A definition file says something it may not. Each problem names the file and the entry."""

    def __init__(self, source: str, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(source, problems)
        self.source = source
        self.problems = problems

    def __str__(self) -> str:
        lines = "\n".join(f"  {code} {text}" for code, text in self.problems)
        return f"表样定义 {self.source} 有误：\n{lines}"


OWN_FORMS = "JIXIAO_FORMS"
"""The environment variable that names a folder of definitions of one's own."""
_DEFINITIONS = resources.files("jixiao_xl.forms") / "definitions"
_CODED = re.compile(r"(DEF\d{3}) (.*)", re.DOTALL)
_KINDS = {"unexpected_keyword_argument": ("DEF101", "不认识的词"), "missing": ("DEF102", "缺少必写的词")}


def parse_definition(text: str, source: str) -> FormSpec:
    """Read one definition; raises DefinitionError with every problem found."""
    from pydantic import ValidationError  # only here: the shipped definitions need no checking

    try:
        return checked(FormSpec, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DefinitionError(source, (("DEF100", str(error)),)) from None
    except ValidationError as error:
        raise DefinitionError(source, tuple(_problems(error.errors()))) from None


def _problems(errors: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for item in errors:
        place = ".".join(str(part) for part in item["loc"])
        if coded := _CODED.search(item["msg"]):
            yield coded[1], coded[2]
        else:
            code, words = _KINDS.get(item["type"], ("DEF109", f"取值不对（{item['msg']}）"))
            yield code, f"{words}：{place}"


@cache
def load_definition(path: Path) -> FormSpec:
    """A definition from a file of one's own."""
    try:
        text = path.read_text("utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise DefinitionError(path.name, (("DEF100", f"读不出（{type(error).__name__}）"),)) from None
    return parse_definition(text, path.name)


@cache
def _shipped() -> tuple[tuple[str, str], ...]:
    """Id and edition of the shipped definitions, by id, newest edition first; their files are called so."""
    names = (file.name.removesuffix(".toml").rpartition(".") for file in _DEFINITIONS.iterdir() if file.name.endswith(".toml"))
    newest = sorted(((form_id, edition) for form_id, _, edition in names), key=lambda named: named[1], reverse=True)
    return tuple(sorted(newest, key=lambda named: named[0]))


@cache
def _shipped_form(form_id: str, edition: str) -> FormSpec:
    return believed(FormSpec, tomllib.loads((_DEFINITIONS / f"{form_id}.{edition}.toml").read_text("utf-8")))


@cache
def built_in_forms() -> tuple[FormSpec, ...]:
    """The definitions shipped with the program, by id, newest edition first."""
    return tuple(_shipped_form(*named) for named in _shipped())


def known_forms() -> tuple[FormSpec, ...]:
    """The shipped definitions and those of the folder that JIXIAO_FORMS names.

    Raises DefinitionError when one of the latter is unsound.
    """
    return (*_own_forms(), *built_in_forms())


def _own_forms() -> list[FormSpec]:
    folder = os.environ.get(OWN_FORMS)
    if folder and not Path(folder).is_dir():
        raise DefinitionError(OWN_FORMS, (("DEF100", f"文件夹 {folder} 不存在"),))
    return [load_definition(path) for path in sorted(Path(folder).glob("*.toml"))] if folder else []


def followers(form_id: str) -> tuple[FormSpec, ...]:
    """The forms of later stages that follow this one, newest edition of each first."""
    own = _own_forms() if os.environ.get(OWN_FORMS) else ()
    return (*(spec for spec in own if spec.is_follow_up and form_id in spec.form.follows), *_shipped_followers(form_id))


@cache
def _shipped_followers(form_id: str) -> tuple[FormSpec, ...]:
    return tuple(spec for spec in built_in_forms() if spec.is_follow_up and form_id in spec.form.follows)


def find_form(form_id: str, edition: str = "", year: int | None = None) -> FormSpec | None:
    """The named edition; without one, the newest in force in `year`; None when there is none.

    `hubei.dept_overall.2025` is understood as id and edition in one. Of the shipped definitions only
    those of that id are read.
    """
    forms = [spec for spec in _own_forms() if spec.form.id == form_id]
    forms += [_shipped_form(*named) for named in _shipped() if named[0] == form_id]
    if not forms and not edition and "." in form_id:
        head, _, tail = form_id.rpartition(".")
        return find_form(head, tail) if tail.isdigit() else None
    if edition:
        return next((spec for spec in forms if spec.form.edition == edition), None)
    in_force = [spec for spec in forms if year is None or int(spec.form.edition) <= year]
    return max(in_force or forms, key=lambda spec: spec.form.edition, default=None)
