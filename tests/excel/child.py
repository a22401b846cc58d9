"""The Python that a click in Calc starts: xlwings connected to that Calc, then the button's own line.

Started by tests/excel/launcher.bas with the arguments that xlwings' own launcher gives (`--wb=…`), so
that `xlwings.Book.caller()` finds its workbook by itself. What the person saw goes into result.json.
"""

from __future__ import annotations

import json
import os
import traceback
from dataclasses import asdict
from pathlib import Path

from tests.excel.calc import connected
from tests.excel.message_box import show
from tests.excel.person import Alert, Person
from tests.soffice import reached


class Windowed(Person):
    """A person who really has to press a button of a message box in Calc's window."""

    context: object = None

    def is_told(self, text: str, title: str, buttons: str, mode: str) -> str:
        self.alerts.append(Alert(text, title, buttons, mode))
        return show(self.context, text, title, buttons, mode)


def main() -> None:
    folder = Path(os.environ["JIXIAO_CLICK"])
    given = json.loads((folder / "click.json").read_text("utf-8"))
    context = reached(given["address"])
    choices = [None if one is None else Path(one) for one in given["choices"]]
    person = (Windowed if given["windowed"] else Person)(answers=given["answers"], choices=choices)
    if isinstance(person, Windowed):
        person.context = context
    log = ""
    try:
        with connected(context, person):
            exec((folder / "command.txt").read_text("utf-8"), {"__name__": "__main__"})
    except BaseException:  # the launcher's log, as on Windows
        log = traceback.format_exc()
    seen = {
        "log": log,
        "alerts": [asdict(alert) for alert in person.alerts],
        "dialogs": [asdict(dialog) for dialog in person.dialogs],
        "statuses": person.statuses,
        "opened": list(map(str, person.opened)),
        "calls": dict(person.calls),
    }
    written = folder / "result.part"
    written.write_text(json.dumps(seen, ensure_ascii=False), "utf-8")
    written.rename(folder / "result.json")


if __name__ == "__main__":
    main()
