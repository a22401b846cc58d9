"""`jixiao doctor`: one line a check, one line of advice a problem."""

from __future__ import annotations

import typer
from rich.text import Text

from jixiao_xl.hosts.cli_options import Json
from jixiao_xl.hosts.say import OUT, say_json
from jixiao_xl.model.findings import Finding


def doctor(as_json: Json = False) -> None:
    """检查本机:Python、xlwings、Excel 或 WPS、加载项、历年数据库、设置;有问题逐条说怎么办,退出码 1。"""
    from jixiao_xl.hosts.doctor import examine  # all rules and packs are looked at: other commands start without them

    done = examine()
    is_fine = all(checkup.is_fine for checkup in done)
    if as_json:
        say_json({"ok": is_fine, "checks": [checkup.as_json() for checkup in done]})
    else:
        said: list[Finding] = []
        for checkup in done:
            OUT.print(f"{'正常' if checkup.is_fine else '有问题'}　{checkup.title}　{checkup.words}".rstrip("　"))
            fresh = [f for f in checkup.findings if f not in said]  # two checks may meet the same trouble
            said += fresh
            for finding in fresh:
                OUT.print(_advice(finding))
        problems = sum(f.severity != "hint" for f in said)
        OUT.print("一切正常。" if is_fine else f"有 {problems} 处要处理，见上。")
    if not is_fine:
        raise typer.Exit(1)


def _advice(finding: Finding) -> Text:
    line = Text("　　")
    line.append("提示" if finding.severity == "hint" else "要处理", style="cyan" if finding.severity == "hint" else "red")
    line.append(f" {finding.code} {finding.message()} → {finding.remedy()}")
    return line
