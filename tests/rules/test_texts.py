"""What a fixture on one unit cannot say: other units, and the numbering by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao_xl.model.facts import Unit
from jixiao_xl.rules.engine import judge
from jixiao_xl.rules.known import knowledge
from jixiao_xl.rules.numbering import breaks
from tests.conftest import changed, spec_of
from tests.rules.test_rules import parent


def _said(name: str, key: str, text: str) -> list[str]:
    filing = replace(changed(parent("hubei"), {"duties.text": text, "cover.unit_name": name}), unit=Unit(name, key))
    found = judge(spec_of(filing), filing).findings
    return [f.params["stated"] for f in found if f.code == "TXT102"]


@pytest.mark.parametrize(
    ("name", "key", "text", "said"),
    [
        ("甲区教育局", "420106-S001", "承担县委、县政府交办的任务。", ["县委", "县政府"]),
        ("甲区教育局", "420106-S001", "承担区委、区政府交办的任务，执行县级以上政府的决定。", []),
        ("乙市水利局", "420281-S001", "负责全县防汛，服务区域发展。", ["全县"]),
        ("乙市水利局", "420281-S001", "负责全市防汛，指导各县（市、区）工作。", []),
        ("丙县丁镇人民政府", "420222-S101", "全乡粮食增产，镇党委负总责。", ["全乡"]),
        ("戊旗民政局", "150121-S001", "落实全区民政会议部署。", []),
        ("庚市残联", "429004-S001", "承担县委交办的任务。", ["县委"]),
        ("辛市招商局", "420200-S001", "引进温州纺织。", []),
        ("辛市招商局", "420200-S001", "落实温州市委部署。", ["温州市"]),
        ("壬市教育局", "420200-S001", "落实黄冈市委部署。", ["黄冈市"]),
        ("壬市教育局", "420200-S001", "落实黄石市委部署，建设隆重庆祝场地，整治文山会海。", []),
        ("无代码的单位", "", "承担区委交办的任务，协助温州工作。", []),
    ],
)
def test_words_of_other_places_and_levels(name: str, key: str, text: str, said: list[str]) -> None:
    assert _said(name, key, text) == said


def test_every_city_is_of_its_province() -> None:
    provinces = knowledge("places")["province"]
    cities = [city.split() for province in provinces for city in province.get("cities", ())]
    assert len(provinces) == 31 and len(cities) == len({code for code, _ in cities}) == 333
    assert all(city.startswith(province["code"]) for province in provinces for city in province.get("cities", ()))


@pytest.mark.parametrize(
    "text",
    [
        "一、甲\n1.乙\n2.丙\n二、丁\n3.戊\n4.己",
        "1.甲，2.乙；3.丙",
        "重点：\n1.甲\n2.乙\n保障：\n1.丙\n2.丁",
        "1.甲。一是乙；二是丙。\n2.丁。一是戊；二是己。",
        "1．2026—2028年甲\n2．乙",
        "①甲②乙③丙",
        "1.甲\n续写\n2.乙",
    ],
)
def test_numbering_that_is_right(text: str) -> None:
    assert breaks(tuple(text.split("\n"))) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.甲\n2.乙\n1.丙\n2.丁", "中间没有新的标题"),
        ("①甲②乙④丁", "缺“③”"),
        ("甲\n乙\n丙\n4、丁", "前面 3 段没有编号"),
        ("一、甲\n（一）乙\n（三）丙\n二、丁", "缺“（二）”"),
        ("九、甲\n十、乙\n十二、丙", "没有“一、”"),
    ],
)
def test_numbering_that_breaks(text: str, why: str) -> None:
    assert breaks(tuple(text.split("\n")))[0].why == why
