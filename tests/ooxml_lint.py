"""What the Open XML SDK validator lets pass and Excel repairs or refuses: a lint of our own for workbooks."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.vba_project import Damaged, module_texts

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LONGEST_LIST, LONGEST_FORMULA, LONGEST_TEXT, LONGEST_PROMPT, LONGEST_TITLE = 255, 8192, 32_767, 255, 32
LONGEST_REFUSAL = 225
_NAME = re.compile(r"[A-Za-z_\\\u0080-\uffff][\w.\\?]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[rRcC][0-9]*([rRcC][0-9]*)?")
_OTHER_SHEET = re.compile(r"'[^']+'!|[\w.]+!")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


@dataclass(frozen=True)
class Package:
    """The parts of one workbook, its sheets by name."""

    parts: dict[str, bytes]

    @classmethod
    def of(cls, path: Path) -> Package:
        with zipfile.ZipFile(path) as opened:
            return cls({info.filename: opened.read(info) for info in opened.infolist()})

    def tree(self, part: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.parts[part])

    def sheets(self) -> Iterator[tuple[str, ElementTree.Element]]:
        targets = {r.get("Id"): r.get("Target", "") for r in self.tree("xl/_rels/workbook.xml.rels").iter(RELATION)}
        for sheet in self.tree("xl/workbook.xml").iter(f"{MAIN}sheet"):
            if (part := f"xl/{targets[sheet.get(R_ID)]}") in self.parts:  # else a relation leads nowhere, and is said to
                yield sheet.get("name", ""), self.tree(part)


def faults(path: Path) -> list[str]:
    """Every fault found, in words; none for a sound workbook."""
    package = Package.of(path)
    found = [*_relations(package), *_names(package), *_ribbon(package), *_code_names(package)]
    strings = len(list(package.tree("xl/sharedStrings.xml").iter(f"{MAIN}si"))) if "xl/sharedStrings.xml" in package.parts else 0
    for name, sheet in package.sheets():
        of_sheet = [*_cells(sheet, strings), *_merges(sheet), *_rules(sheet), *_formats(sheet)]
        found += [f"{name}: {fault}" for fault in of_sheet]
    return found


# ---- the package ----------------------------------------------------------------------
def _relations(package: Package) -> Iterator[str]:
    for part in package.parts:
        if part.endswith(".rels"):
            base = PurePosixPath(part).parent.parent
            for relation in package.tree(part).iter(RELATION):
                target = relation.get("Target", "")
                if relation.get("TargetMode") != "External" and _resolved(base, target) not in package.parts:
                    yield f"{part} leads to {target}, which is not there"


def _resolved(base: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = list(base.parts)
    for step in target.split("/"):
        if step == "..":
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _names(package: Package) -> Iterator[str]:
    workbook = package.tree("xl/workbook.xml")
    sheets = [sheet.get("name", "") for sheet in workbook.iter(f"{MAIN}sheet")]
    for name, count in Counter(sheet.lower() for sheet in sheets).items():
        if count > 1 or len(name) > 31 or set(name) & set("[]:*?/\\"):
            yield f"sheet name {name}"
    seen: set[tuple[str, str | None]] = set()
    for defined in workbook.iter(f"{MAIN}definedName"):
        name, scope, text = defined.get("name", ""), defined.get("localSheetId"), defined.text or ""
        if (name.lower(), scope) in seen:
            yield f"defined name {name} twice"
        seen.add((name.lower(), scope))
        if not name.startswith("_xlnm.") and (not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name)):
            yield f"defined name {name} is none"
        for quoted in re.findall(r"'((?:[^']|'')+)'!", text):
            if quoted.replace("''", "'") not in sheets:
                yield f"defined name {name} leads to {quoted}"


def _ribbon(package: Package) -> Iterator[str]:
    for part in (p for p in package.parts if p.startswith("customUI/") and p.endswith(".xml")):
        ids = Counter(element.get("id") for element in package.tree(part).iter() if element.get("id"))
        yield from (f"ribbon id {name} {count} times" for name, count in ids.items() if count > 1)


def _code_names(package: Package) -> Iterator[str]:
    if "xl/vbaProject.bin" not in package.parts:
        return
    try:
        modules = set(module_texts(package.parts["xl/vbaProject.bin"]))
    except Damaged as why:
        yield f"vbaProject.bin: {why}"
        return
    stated = [e.get("codeName") for e in package.tree("xl/workbook.xml").iter(f"{MAIN}workbookPr")]
    stated += [e.get("codeName") for _, sheet in package.sheets() for e in sheet.iter(f"{MAIN}sheetPr")]
    yield from (f"code name {name} has no module" for name in stated if name and name not in modules)


# ---- a sheet --------------------------------------------------------------------------
def _cells(sheet: ElementTree.Element, strings: int) -> Iterator[str]:
    last_row = 0
    for row in sheet.iter(f"{MAIN}row"):
        number = int(row.get("r", "0"))
        if number <= last_row:
            yield f"row {number} after row {last_row}"
        last_row, last_column = number, -1
        for cell in row.iter(f"{MAIN}c"):
            place = cell.get("r", "")
            at, column = row_and_column(place)
            if at + 1 != number or column <= last_column:
                yield f"cell {place} out of order in row {number}"
            last_column = column
            value = cell.findtext(f"{MAIN}v") or ""
            if cell.get("t") == "s" and not int(value) < strings:
                yield f"cell {place} shows shared string {value} of {strings}"
            if len(cell.findtext(f"{MAIN}f") or "") > LONGEST_FORMULA or len(value) > LONGEST_TEXT:
                yield f"cell {place} holds too much"


def _box(area: str) -> tuple[int, int, int, int]:
    found = _AREA.fullmatch(area)
    assert found is not None, area
    top, left = row_and_column(f"{found[1]}{found[2]}")
    bottom, right = row_and_column(f"{found[3] or found[1]}{found[4] or found[2]}")
    return top, left, bottom, right


def _merges(sheet: ElementTree.Element) -> Iterator[str]:
    taken: dict[tuple[int, int], str] = {}
    for merge in sheet.iter(f"{MAIN}mergeCell"):
        area = merge.get("ref", "")
        top, left, bottom, right = _box(area)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (other := taken.setdefault((row, column), area)) != area:
                    yield f"merged {area} lies over {other}"
                    return


def _rules(sheet: ElementTree.Element) -> Iterator[str]:
    for rule in sheet.iter(f"{MAIN}dataValidation"):
        where, formula = rule.get("sqref", ""), rule.findtext(f"{MAIN}formula1") or ""
        if rule.get("type") == "list" and formula.startswith('"') and len(formula) - 2 > LONGEST_LIST:
            yield f"list of {where} is longer than {LONGEST_LIST}"
        limits = (
            ("promptTitle", LONGEST_TITLE),
            ("errorTitle", LONGEST_TITLE),
            ("prompt", LONGEST_PROMPT),
            ("error", LONGEST_REFUSAL),
        )
        yield from (f"{key} of {where} is too long" for key, most in limits if len(rule.get(key, "")) > most)
        if _OTHER_SHEET.search(re.sub(r'"[^"]*"', "", formula)):
            yield f"validation of {where} looks at another sheet"


def _formats(sheet: ElementTree.Element) -> Iterator[str]:
    for block in sheet.iter(f"{MAIN}conditionalFormatting"):
        for formula in block.iter(f"{MAIN}formula"):
            if _OTHER_SHEET.search(re.sub(r'"[^"]*"', "", formula.text or "")):
                yield f"conditional format of {block.get('sqref')} looks at another sheet"
