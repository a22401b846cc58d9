"""A real message box in Calc's own window."""

from __future__ import annotations

from typing import Any

from tests.soffice import import_uno

KINDS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
"""com.sun.star.awt.MessageBoxButtons"""
PRESSED = ("cancel", "ok", "yes", "no")


def show(context: Any, text: str, title: str, buttons: str, mode: str) -> str:
    """Show it, wait for the person, tell which button was pressed."""
    manager = context.ServiceManager
    window = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context).getCurrentFrame().ContainerWindow
    kind = "ERRORBOX" if mode == "critical" else "QUERYBOX" if buttons.startswith("yes") else "INFOBOX"
    kind_of_box = import_uno().Enum("com.sun.star.awt.MessageBoxType", kind)
    toolkit = manager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    return PRESSED[toolkit.createMessageBox(window, kind_of_box, KINDS[buttons], title, text).execute()]
