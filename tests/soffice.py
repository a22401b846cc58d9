"""A soffice of our own to talk to: started on a profile of its own, reached through a named pipe.

Imported by the tests' interpreter and by Debian's, so it needs nothing but the standard library and uno.
"""

import builtins
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager, suppress

DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"
"""Where python3-uno is; the tests' own virtual environment does not look there."""
PATIENCE = 60
"""Seconds until a soffice that does not answer is ended and another one started."""
STARTS = 4
"""A fresh profile ends once with code 81; the others are for a start that hangs."""


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
        self._command = [program, f"-env:UserInstallation={profile}", *(["--headless"] if headless else []), "--norestore",
                         "--nologo", "--nodefault", "--nofirststartwizard"]  # fmt: skip
        self._environment = os.environ | {"LC_ALL": "C.UTF-8"} | (environment or {})
        self.context = self._answered()

    def _start(self):
        """A process group of its own: soffice is a starter that waits for the program, and both end together."""
        pipe = f"jixiao{uuid.uuid4().hex[:12]}"
        self.address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        self.process = subprocess.Popen([*self._command, f"--accept=pipe,name={pipe};urp;"], env=self._environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip

    def _answered(self):
        refusal = None
        for _ in range(STARTS):
            self._start()
            with self._killed_after(PATIENCE):
                while self.process.poll() is None:
                    try:
                        return reached(self.address)
                    except Exception as error:
                        refusal = error
                        time.sleep(0.2)
        raise RuntimeError(f"soffice does not answer: {refusal}")

    @contextmanager
    def _killed_after(self, seconds):
        """A call that soffice took and never answers would wait for ever; it fails when soffice is gone."""
        watch = threading.Timer(seconds, self._kill)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def desktop(self):
        return self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)

    def end(self):
        with self._killed_after(15):
            with suppress(Exception):  # it hangs up while it answers
                self.desktop.terminate()
            self.process.wait()
