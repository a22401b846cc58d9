"""Many files read: one after the other while they are few, on every core when they are many.

A process that dies takes the files it had at hand with it. They are then read one at a time in a process
of their own, so that only the file that kills it is lost, and is named.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_end

from jixiao_xl.desk.one_file import Budgets, Done, Task, killing, read_one

FEW = 200
"""Up to so many files one process is as quick as several, which each have to start."""
CHUNK = 8
"""Files handed over at once; the most that a dying process has at hand."""
MOST_PROCESSES = 60
"""Windows waits for no more than 63 at a time."""

_budgets: Budgets = {}


def read_all(tasks: Sequence[Task], budgets: Budgets, processes: int | None = None) -> Generator[Done]:
    """Every file read, in no certain order. Closing the iterator stops the reading after the files at hand.

    `processes` is for those who know better than the number of files does.
    """
    count = processes or (min(os.cpu_count() or 1, MOST_PROCESSES) if len(tasks) > FEW else 1)
    if count == 1:
        return _in_this_process(tasks, budgets)
    return _Pool(tasks, budgets, count).read()


def _in_this_process(tasks: Sequence[Task], budgets: Budgets) -> Generator[Done]:
    for task in tasks:
        yield read_one(task, budgets)


class _Pool:
    """`count` processes, each with a few files at hand and as many waiting."""

    def __init__(self, tasks: Sequence[Task], budgets: Budgets, count: int) -> None:
        self.waiting = deque(tasks[at : at + CHUNK] for at in range(0, len(tasks), CHUNK))
        self.budgets, self.count = budgets, count

    def _started(self, count: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(count, mp_context=spawn, initializer=_begin, initargs=(self.budgets,))

    def read(self) -> Generator[Done]:
        pool = self._started(self.count)
        at_hand: dict[Future[list[Done]], Sequence[Task]] = {}
        try:
            while self.waiting or at_hand:
                has_died = not self._hand_out(pool, at_hand)
                done, _ = wait(at_hand, return_when=FIRST_COMPLETED)
                if has_died or any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                    pool.shutdown(wait=True, cancel_futures=True)
                    lost = [task for future, chunk in at_hand.items() for task in chunk if not _has_read(future)]
                    for future in at_hand:
                        yield from future.result() if _has_read(future) else ()
                    at_hand.clear()
                    yield from self._one_by_one(lost)
                    pool = self._started(self.count)
                    continue
                for future in done:
                    del at_hand[future]
                    yield from future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _hand_out(self, pool: ProcessPoolExecutor, at_hand: dict[Future[list[Done]], Sequence[Task]]) -> bool:
        """As many files as there is room for; False when a process has died meanwhile."""
        while self.waiting and len(at_hand) < 2 * self.count:
            try:
                future = pool.submit(_read_chunk, self.waiting[0])
            except BrokenProcessPool:
                return False
            at_hand[future] = self.waiting.popleft()
        return True

    def _one_by_one(self, tasks: Sequence[Task]) -> Generator[Done]:
        """The files of a process that died, each in turn; the one that kills a process alone is named."""
        pool = self._started(1)
        try:
            for task in tasks:
                try:
                    future = pool.submit(_read_chunk, (task,))
                except BrokenProcessPool:  # with nothing at hand: no file is to blame
                    pool = self._started(1)
                    future = pool.submit(_read_chunk, (task,))
                wait((future,))
                if isinstance(future.exception(), BrokenProcessPool):
                    yield killing(task.name)
                    pool.shutdown(wait=True)
                    pool = self._started(1)
                else:
                    yield from future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _has_read(future: Future[list[Done]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


# ---- in the reading process --------------------------------------------------------------
def _begin(budgets: Budgets) -> None:
    """A reading process gets the approved budgets once, and ends with the one that started it: a
    process that is killed cannot tell its own to stop."""
    global _budgets
    _budgets = budgets
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for_end([sentinel])
    os._exit(1)


def _read_chunk(tasks: Sequence[Task]) -> list[Done]:
    return [read_one(task, _budgets) for task in tasks]
