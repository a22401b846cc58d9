"""Many files read on a Dask cluster: the client takes each file from its disk and ships its bytes.

So the workers need no share with the client, and need not write anything: what they give back are the
same few kilobytes that a reading process gives. The bytes travel inside the task, therefore the scheduler
has them when a worker dies and gives them to another one. A chunk that ended several workers is read once
more file by file, each with nothing else at hand, so that only the file that kills its worker is lost.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from jixiao_xl.desk.cluster_worker import basis_here, come_back, program_here, shipped
from jixiao_xl.desk.one_file import Budgets, Done, Taken, Task, killing, read_taken, take
from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.forms.load import DefinitionError, known_forms
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.guard import MAX_FILE_BYTES

if TYPE_CHECKING:
    from distributed import Client, Future

READ = "__import__('jixiao_xl.desk.cluster_worker', fromlist=['*']).read_shipped(program, basis, files)"
CHUNK = 8
"""Files in one task, as many as one reading process gets at once."""
CHUNK_BYTES = 4_000_000
AT_HAND = 2
"""Tasks for each thread of the workers: one being read, one on its way."""
MOST_BYTES = 256_000_000
"""On their way or waiting at the scheduler, whatever the size of the cluster."""
CONNECT_S = 10.0
PATIENCE_S = 30.0
"""How long a cluster may have no worker at all: one that died is started again in a few seconds."""
LOOK_S = 5.0
"""How often it is asked who works there."""

_LOCALLY = "也可以去掉 --scheduler，就在本机读。"
_AGAIN = "请管理员查看集群；再运行一次即可，用历年数据库的，存好的不用再读。" + _LOCALLY
_CHATTY = ("distributed", "tornado", "asyncio")


def read_all_on(scheduler: str, tasks: Sequence[Task], budgets: Budgets) -> Generator[Done]:
    """Every file read on the Dask cluster whose scheduler answers at this address (`tcp://host:8786`), in
    no certain order. Closing the iterator cancels what has not been read.

    Raises CannotRun when the cluster cannot be used, or another program runs there than here.
    """
    if not tasks:
        return
    with _connected(scheduler) as client:
        yield from _Reading(client, scheduler, tasks, _basis(budgets)).read()


def _basis(budgets: Budgets) -> bytes:
    from jixiao_xl.desk.file_reading import definition_trouble

    try:
        known_forms()  # one's own that are unsound are said before anything is shipped
    except DefinitionError as error:
        raise definition_trouble(error) from None
    return basis_here(budgets)


# ---- the connection ----------------------------------------------------------------
@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """A client of a cluster that runs our program and has a worker."""
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        raise _unusable(scheduler, "没有装用集群所需的程序", f"执行 pip install '.[cluster]'；{_LOCALLY}") from None
    encryption = Security().get_connection_args("client")
    # asked here: a client that finds out by itself cannot be closed any more
    if scheduler.startswith("tls:") and encryption.get("ssl_context") is None:
        raise _unusable(scheduler, "本机没有设置 Dask 的证书", f"请管理员设置证书（见 docs/scale.md）；{_LOCALLY}")
    if scheduler.startswith("tcp:") and encryption.get("require_encryption"):
        raise _unusable(scheduler, "本机的 Dask 只许加密连接", f"地址改写成 tls://；{_LOCALLY}")
    with _quiet():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other versions of Dask's own parts: what fails for them is said
                client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
            advice = f"核对地址，请管理员确认 dask scheduler 开着、防火墙放行。{_LOCALLY}"
            raise _unusable(scheduler, f"连不上（{type(error).__name__}）", advice) from None
        try:
            try:
                client.wait_for_workers(1, timeout=PATIENCE_S)
                _same_program_everywhere(client)
            except TimeoutError:
                raise _unusable(scheduler, "没有工作进程", f"请管理员启动 dask worker {scheduler}；{_LOCALLY}") from None
            except OSError:
                raise _lost(scheduler) from None
            yield client
        finally:
            with suppress(OSError):
                client.close(timeout=2)


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask tells of lost workers and connections in English; what matters of it is said in findings."""
    import dask

    loggers = [logging.getLogger(name) for name in _CHATTY]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"}):
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _same_program_everywhere(client: Client) -> None:
    """Raises CannotRun with every worker that runs another program than this one, or none of ours."""
    wrong: dict[str, list[str]] = {}
    for worker, what in client.run(program_here, on_error="return").items():
        if what != program_here() and not isinstance(what, OSError):  # OSError: it has gone since
            wrong.setdefault(_seen(what), []).append(worker)
    if wrong:
        raise CannotRun(*(_differs("、".join(workers), what) for what, workers in wrong.items()))


def _seen(what: object) -> str:
    """The program of a worker as said; an error is its answer when it has none."""
    return "装的是 {}（{}）".format(*what) if isinstance(what, tuple) else "没有装本程序，或者版本太旧"


def _differs(where: str, found: str) -> Finding:
    wanted = "{}（{}）".format(*program_here())
    return Finding("SYS913", "error", params={"where": where, "found": found, "wanted": wanted})


def _unusable(scheduler: str, why: str, advice: str) -> CannotRun:
    return stop("SYS912", scheduler=scheduler, why=why, advice=advice)


def _lost(scheduler: str) -> CannotRun:
    return _unusable(scheduler, "读到一半，与它的连接断了，或者有人重启了它", _AGAIN)


# ---- the reading -------------------------------------------------------------------
class _Shipment(NamedTuple):
    """What one task reads. `alone`: nothing else of ours was on the cluster with it."""

    tasks: tuple[Task, ...]
    size: int
    alone: bool


class _Reading:
    """Tasks on a cluster: a few at hand for each of its threads, the others still on the disk."""

    def __init__(self, client: Client, scheduler: str, tasks: Iterable[Task], basis: bytes) -> None:
        self.client, self.scheduler = client, scheduler
        self.waiting = deque(tasks)
        self.suspects: deque[Task] = deque()
        self.at_hand: dict[Future, _Shipment] = {}
        self.back: SimpleQueue[Future] = SimpleQueue()
        self.threads, self.looked, self.heard = 1, 0.0, time.monotonic()
        # a result like any other: computed again where the worker that held it dies
        self.basis = client.submit(bytes, basis, pure=False)

    def read(self) -> Generator[Done]:
        try:
            while self.waiting or self.at_hand or self.suspects:
                self._look_around()
                yield from self._hand_out()
                if self.at_hand and (future := self._next()):
                    yield from self._taken_back(future)
        except OSError:  # of the connection: a file that cannot be opened is no exception
            raise _lost(self.scheduler) from None
        finally:
            with suppress(OSError):
                if self.at_hand and self.client.status == "running":
                    self.client.cancel(list(self.at_hand), force=True)

    def _look_around(self) -> None:
        """How many work there; raises CannotRun when nobody has for too long."""
        now = time.monotonic()
        if now - self.looked < LOOK_S:
            return
        if self.client.status != "running":
            raise _lost(self.scheduler)
        self.threads, self.looked = sum(self.client.nthreads().values()), now
        if self.threads:
            self.heard = now
        elif now - self.heard > PATIENCE_S:
            raise _unusable(self.scheduler, "工作进程都没有了", _AGAIN)

    def _hand_out(self) -> Generator[Done]:
        """As many files as there is room for; those that cannot be opened come back at once."""
        while self.waiting and len(self.at_hand) < AT_HAND * max(self.threads, 1) and self._bytes() < MOST_BYTES:
            yield from self._ship(self.waiting, CHUNK)
        while self.suspects and not (self.waiting or self.at_hand):
            yield from self._ship(self.suspects, 1, alone=True)

    def _bytes(self) -> int:
        return sum(shipment.size for shipment in self.at_hand.values())

    def _ship(self, source: deque[Task], most: int, *, alone: bool = False) -> Generator[Done]:
        files: list[Taken] = []
        size = 0
        while source and len(files) < most and size < CHUNK_BYTES:
            taken = take(source.popleft())
            if isinstance(taken, Done):
                yield taken
            elif len(taken.content) > MAX_FILE_BYTES:
                yield read_taken(taken, {})  # refused for its size, which needs no worker
            else:
                files.append(taken)
                size += len(taken.content)
        if files:
            future = self._submitted(shipped(files))
            self.at_hand[future] = _Shipment(tuple(taken.task for taken in files), size, alone)
            future.add_done_callback(self.back.put)

    def _submitted(self, files: bytes) -> Future:
        """The task in builtins and bytes, so that scheduler and workers need nothing of ours to unpack it: a
        worker without our program would die of a function that it cannot import, and be blamed on the files."""
        given = {"program": program_here(), "basis": self.basis, "files": files}
        return self.client.submit(eval, READ, given, key=f"jixiao-{uuid4()}", pure=False)

    def _next(self) -> Future | None:
        """A task that came back; None when none does for a second, so that others are looked at."""
        with suppress(Empty):
            return self.back.get(timeout=1)
        return None

    def _taken_back(self, future: Future) -> Generator[Done]:
        """What the task read; the files of one that killed its workers are suspect, alone they are guilty."""
        from distributed import CancelledError, KilledWorker

        shipment = self.at_hand.pop(future)
        try:
            said = future.result(timeout=PATIENCE_S)
        except KilledWorker as killed:
            if killed.task == self.basis.key:
                raise _lost(self.scheduler) from None
            if shipment.alone:
                yield from (killing(task.name) for task in shipment.tasks)
            else:
                self.suspects += shipment.tasks
            return
        except TimeoutError:  # the worker died with the result; another one reads the files again
            self.at_hand[future] = shipment
            future.add_done_callback(self.back.put)
            return
        except CancelledError:
            raise _lost(self.scheduler) from None
        except (ImportError, AttributeError) as error:  # a worker that came later
            said = error
        if not isinstance(said, bytes):
            raise CannotRun(_differs("后加入的工作进程", _seen(said)))
        self.heard = time.monotonic()
        yield from come_back(said)
