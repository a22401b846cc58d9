"""A soffice of our own to talk to: started on a profile of its own, reached through a named pipe.

Imported by the tests' interpreter and by Debian's, so it needs nothing but the standard library and uno.
"""

import builtins
import os
import subprocess
import sys
import time
import uuid

DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"
"""Where python3-uno is; the tests' own virtual environment does not look there."""
PATIENCE = 60
"""Seconds until a soffice that does not answer is given up."""


def import_uno():
    """The uno module, without its replacement for the builtin import, which every import would pay for."""
    kept = builtins.__import__
    if DEBIAN_PACKAGES not in sys.path:
        sys.path.append(DEBIAN_PACKAGES)
    try:
        import uno
    finally:
        builtins.__import__ = kept
    return uno


def prop(name, value):
    one = import_uno().createUnoStruct("com.sun.star.beans.PropertyValue")
    one.Name, one.Value = name, value
    return one


def reached(address):
    """The component context of the soffice behind a UNO address; raises while nobody listens."""
    local = import_uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    return resolver.resolve(address)


class Soffice:
    """One running soffice; `profile` is a file URL, `context` its component context."""

    def __init__(self, program, profile, headless=True, environment=None):
        pipe = f"jixiao{uuid.uuid4().hex[:12]}"
        self.address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        self._command = [program, f"-env:UserInstallation={profile}", *(["--headless"] if headless else []), "--norestore",
                         "--nologo", "--nodefault", "--nofirststartwizard", f"--accept=pipe,name={pipe};urp;"]  # fmt: skip
        self._environment = os.environ | {"LC_ALL": "C.UTF-8"} | (environment or {})
        self._start()
        self.context = self._answered()

    def _start(self):
        self.process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _answered(self):
        refusal = None
        for _ in range(PATIENCE * 5):
            if self.process.poll() is not None:  # a fresh profile ends once with code 81
                self._start()
            try:
                return reached(self.address)
            except Exception as error:
                refusal = error
                time.sleep(0.2)
        self.process.kill()
        raise RuntimeError(f"soffice does not answer: {refusal}")

    @property
    def desktop(self):
        return self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)

    def end(self):
        try:
            self.desktop.terminate()
        except Exception:  # it hangs up while it answers
            self.process.poll()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(15)
