"""Are the macros of a submitted workbook ours? A file that Excel merely saved again is told apart from
one whose code was changed: what is compared is the text of each module, never the packed bytes.

Excel writes letter case, spaces and attributes anew when it saves, so these do not count; comments are
no code. A module that is gone or empty does no harm. What Excel compiled from the text is not compared:
it cannot be without Excel, which is why what is filed is to be a plain .xlsx.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.guard import Parts
from jixiao_xl.workbook.macro_files import PROJECT_PART, macro_folder

KNOWN = "known_modules.txt"
"""In `macros/`: name and digest of every module we ever shipped; a workbook of last year is ours too."""
_SHEETS_OF_MACROS = ("xl/macrosheets/", "xl/dialogsheets/")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*vbaProject\"[^>]*>")
_TARGET = re.compile(rb'Target="/?(?:xl/)?([^"]+)"')
_PIECE = re.compile(r"""("(?:[^"\n]|"")*")|('[^\n]*)|([^"'\n]+|"|\n)""")
_SAVED_BY_CALC = ("optionclassmodule", "optionvbasupport1")
"""Lines that LibreOffice adds."""
_LITERAL = r"""(?:"(?:[^"]|"")*"|-?[\w.&]+)"""
_ATTRIBUTE = re.compile(rf"\s*attribute\s+[\w.]+\s*=\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*\s*", re.IGNORECASE)


def changed_macros(parts: Parts, book: str) -> list[Finding]:
    """WBK117 where the workbook carries macros that are not ours; nothing where it carries none."""
    projects = _projects(parts)
    strange = ["有旧式宏表"] if any(name.startswith(_SHEETS_OF_MACROS) for name in parts.names) else []
    for name in projects:
        from jixiao_xl.workbook.vba_project import Damaged, module_texts  # only few files need it

        try:
            strange += strange_modules(module_texts(parts[name]))
        except Damaged:
            strange.append("宏工程读不出")
    if not strange:
        return []
    said = "、".join(part[:40] for part in strange[:5])
    return [Finding("WBK117", "error", Where(book=book), {"book": book, "what": said})]


def strange_modules(texts: dict[str, str]) -> list[str]:
    """What is not ours in these modules, in Chinese."""
    known = known_modules()
    strange = []
    for name, text in texts.items():
        code = essential(text)
        if code and (name, digest(code)) not in known:
            is_ours = any(name == own for own, _ in known)
            strange.append(f"模块 {name} 有改动" if is_ours else f"多出模块 {name}")
    return strange


def essential(text: str) -> str:
    """The code of a module without what Excel writes anew: attributes, comments, spaces, letter case."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = "\n".join(line for line in lines[_preamble(lines) :] if not _ATTRIBUTE.fullmatch(line))
    kept = "".join(
        quoted or "".join(code.split(" ")).replace("\t", "").casefold() for quoted, _, code in _PIECE.findall(body)
    )  # fmt: skip
    code = "\n".join(line for line in kept.split("\n") if line and line not in _SAVED_BY_CALC)
    return "" if code == "optionexplicit" else code


def _preamble(lines: list[str]) -> int:
    """Lines of the block that stands before the attributes of an exported class."""
    if not lines[0].startswith("VERSION "):
        return 0
    return next((n + 1 for n, line in enumerate(lines) if line.strip() == "END"), 0)


def digest(code: str) -> str:
    """Sixteen hex digits of a module's essential text."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]


@cache
def known_modules() -> frozenset[tuple[str, str]]:
    """Name and digest of every module that any release of ours carried."""
    lines = (macro_folder() / KNOWN).read_text("ascii").splitlines()
    return frozenset((name, code) for name, _, code in (line.partition(" ") for line in lines if line))


def _projects(parts: Parts) -> list[str]:
    """The parts that hold a VBA project, whatever they are called."""
    found = {PROJECT_PART} & parts.names
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels")):
        target = _TARGET.search(relation)
        name = f"xl/{target[1].decode('utf-8', 'replace')}" if target else ""
        found |= {name} & parts.names
    return sorted(found)
