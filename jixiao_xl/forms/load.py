"""Which forms exist, and is this definition file sound?"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from jixiao_xl.forms.spec import FormSpec


class DefinitionError(ValueError):
    """A definition file says something it may not. Each problem names the file and the entry."""

    def __init__(self, source: str, problems: tuple[tuple[str, str], ...]) -> None:
        self.source = source
        self.problems = problems
        lines = "\n".join(f"  {code} {text}" for code, text in problems)
        super().__init__(f"表样定义 {source} 有误：\n{lines}")


_CODED = re.compile(r"(DEF\d{3}) (.*)", re.DOTALL)
_KINDS = {"extra_forbidden": ("DEF101", "不认识的词"), "missing": ("DEF102", "缺少必写的词")}


def parse_definition(text: str, source: str) -> FormSpec:
    """Read one definition; raises DefinitionError with every problem found."""
    try:
        return FormSpec.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DefinitionError(source, (("DEF100", str(error)),)) from None
    except ValidationError as error:
        raise DefinitionError(source, tuple(_problems(error))) from None


def _problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    for item in error.errors():
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
def built_in_forms() -> tuple[FormSpec, ...]:
    """The definitions shipped with the program, by id, newest edition first."""
    folder = resources.files("jixiao_xl.forms") / "definitions"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    forms = [parse_definition(f.read_text("utf-8"), f.name) for f in files]
    forms.sort(key=lambda spec: spec.form.edition, reverse=True)
    forms.sort(key=lambda spec: spec.form.id)
    return tuple(forms)


def known_forms() -> tuple[FormSpec, ...]:
    """The shipped definitions and those of the folder that JIXIAO_FORMS names.

    Raises DefinitionError when one of the latter is unsound.
    """
    folder = os.environ.get("JIXIAO_FORMS")
    if folder and not Path(folder).is_dir():
        raise DefinitionError("JIXIAO_FORMS", (("DEF100", f"文件夹 {folder} 不存在"),))
    own = sorted(Path(folder).glob("*.toml")) if folder else []
    return (*(load_definition(path) for path in own), *built_in_forms())


def find_form(form_id: str, edition: str = "", year: int | None = None) -> FormSpec | None:
    """The named edition; without one, the newest in force in `year`; None when there is none.

    `hubei.dept_overall.2025` is understood as id and edition in one.
    """
    forms = [spec for spec in known_forms() if spec.form.id == form_id]
    if not forms and not edition and "." in form_id:
        head, _, tail = form_id.rpartition(".")
        return find_form(head, tail) if tail.isdigit() else None
    if edition:
        return next((spec for spec in forms if spec.form.edition == edition), None)
    in_force = [spec for spec in forms if year is None or int(spec.form.edition) <= year]
    return max(in_force or forms, key=lambda spec: spec.form.edition, default=None)
