"""`jixiao settings`: what is set once for buttons and commands alike."""

from __future__ import annotations

from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import bad_argument
from jixiao_xl.hosts.cli_options import Json
from jixiao_xl.hosts.say import ERR, OUT, say_json
from jixiao_xl.hosts.settings import PREFIX, SETTINGS, SOURCE_WORDS, held, remember, user_file

_KNOWN = "、".join(SETTINGS)


def settings(
    key: Annotated[str | None, typer.Argument(help=f"名称:{_KNOWN}。")] = None,
    value: Annotated[str | None, typer.Argument(help='新值;写 "" 恢复默认。')] = None,
    as_json: Json = False,
) -> None:
    """查看设置,或设一次以后都用:历年数据库在哪、名单、报送文件夹。"""
    if key is None:
        _say_all(as_json)
        return
    name = key.strip().upper().removeprefix(PREFIX)
    if name not in SETTINGS:
        raise operations.CannotRun(bad_argument("设置名称", key, f"可用的名称：{_KNOWN}。"))
    if value is None:
        OUT.print(held(name).shown())
        return
    now = remember(name, value)
    OUT.print(f"{name} = {now.shown()}　（{user_file()}）")
    if now.source == "environment":
        ERR.print(f"环境变量 {PREFIX}{name} 优先，这次设的暂不起作用。")


def _say_all(as_json: bool) -> None:
    found = [held(name) for name in SETTINGS]
    if as_json:
        say_json({
            "file": str(user_file()),
            "settings": [
                {"name": each.setting.name, "value": each.shown(), "source": each.source, "meaning": each.setting.meaning}
                for each in found
            ],
        })  # fmt: skip
        return
    for each in found:
        OUT.print(f"{each.setting.name} = {each.shown()}　（{SOURCE_WORDS[each.source]}）　{each.setting.meaning}")
    OUT.print(f"设置文件：{user_file()}")
