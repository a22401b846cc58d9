"""A real Dask cluster of the tests' own: scheduler and workers are child processes on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket

from distributed import Client

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60
WITHOUT_US = "import sys; sys.modules['jixiao_xl'] = None"
"""Makes a process one in which the program is not installed."""


class Cluster:
    """A scheduler (without the program: it only hands bytes on), and the workers that were asked for. `allowed_failures`: how many workers one task may cost."""

    def __init__(self, folder: Path, allowed_failures: int = 3) -> None:
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.url = folder, f"tcp://127.0.0.1:{self.port}"
        self.log = (folder / "dask.log").open("ab")
        self.children: list[subprocess.Popen[bytes]] = []
        arguments = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        given = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self.scheduler = self._started(f"{WITHOUT_US}\nfrom distributed.cli.dask_scheduler import main", arguments, given)
        self._until_it_answers()

    def add_workers(self, count: int = 1, *, nanny: bool = True, given: Mapping[str, str] = {}, before: str = "") -> None:
        """Workers of one thread; with a nanny one that dies is started again. `before` is Python that each
        runs first, `given` their environment."""
        arguments = [self.url, "--nthreads", "1", "--nworkers", str(count), "--no-dashboard", "--memory-limit", "0"]
        arguments += ["--local-directory", str(self.folder), "--nanny" if nanny else "--no-nanny"]
        for _ in range(1 if nanny else count):
            if not nanny:
                arguments[arguments.index("--nworkers") + 1] = "1"
            self._started(f"{before}\nfrom distributed.cli.dask_worker import main", tuple(arguments), given)

    def wait_for(self, workers: int) -> None:
        with Client(self.url, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_S)

    def end_scheduler(self) -> None:
        self.scheduler.kill()
        self.scheduler.wait()

    def end(self) -> None:
        """Everything that was started: a nanny ends its workers when it is asked to end."""
        for child in reversed(self.children):  # workers first: they take leave of their scheduler
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
        self.log.close()

    def _started(self, code: str, arguments: tuple[str, ...], given: Mapping[str, str]) -> subprocess.Popen[bytes]:
        # a file: a nanny's workers load the main module of the one that starts them
        script = self.folder / f"child{len(self.children)}.py"
        script.write_text(f"{code}\nif __name__ == '__main__':\n    main()\n", "utf-8")
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | given
        child = subprocess.Popen([sys.executable, str(script), *arguments], env=environment, stdout=self.log, stderr=self.log)
        self.children.append(child)
        return child

    def _until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.scheduler.poll() is None:
            try:
                create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the scheduler did not start: {(self.folder / 'dask.log').read_text('utf-8')}")


@contextmanager
def cluster(folder: Path, allowed_failures: int = 3) -> Iterator[Cluster]:
    started = Cluster(folder, allowed_failures)
    try:
        yield started
    finally:
        started.end()
