"""What a Dask cluster costs over processes of one machine: the same workbooks, two readers each.

    python -m tests.benchmarks.cluster --n 320 [--keep DIR]

Prints one JSON line. Scheduler and two workers of one thread are child processes on this machine. Both ways are
measured warm: what is left out is the starting of processes and workers.

- `pool_ms`, `cluster_ms`: CPU a file of all processes that take part (client, scheduler, workers); `ratio` of them.
- `client_ms`, `scheduler_ms`: of these, what the client and the scheduler take for each file.
- `pool_s`, `cluster_s`: seconds by the clock, which other work on the machine makes longer.
- `shipped_kb`, `back_kb`: bytes of a file that go to a worker, and that come back.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from jixiao_xl.desk.cluster_worker import shipped
from jixiao_xl.desk.one_file import Done, Taken, Task, take
from jixiao_xl.desk.reading_cluster import CHUNK, read_all_on
from jixiao_xl.desk.reading_pool import read_all
from tests.benchmarks.city_books import make_city
from tests.dask_cluster import Cluster, cluster

WARM = 32


def own_cpu() -> float:
    """Of this process and its children that have ended."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def cpu_of(processes: Iterable[psutil.Process]) -> float:
    return sum(p.cpu_times().user + p.cpu_times().system for p in processes)


def workers_of(started: Cluster) -> list[psutil.Process]:
    nannies = [psutil.Process(child.pid) for child in started.children[1:]]
    return [p for nanny in nannies for p in (nanny, *nanny.children(recursive=True))]


@contextmanager
def two_warm_workers(tasks: Sequence[Task]) -> Iterator[Cluster]:
    with TemporaryDirectory() as name, cluster(Path(name)) as started:
        started.add_workers(2)
        started.wait_for(2)
        list(read_all_on(started.url, tasks[:WARM], {}))
        yield started


def on_cluster(tasks: Sequence[Task]) -> dict[str, float]:
    with two_warm_workers(tasks) as started:
        scheduler, workers = psutil.Process(started.scheduler.pid), workers_of(started)
        before = time.perf_counter(), time.process_time(), cpu_of([scheduler]), cpu_of(workers)
        done = list(read_all_on(started.url, tasks, {}))
        after = time.perf_counter(), time.process_time(), cpu_of([scheduler]), cpu_of(workers)
    assert all(each.compact is not None for each in done) and len(done) == len(tasks)
    clock, client, handed, read = (b - a for a, b in zip(before, after, strict=True))
    return {
        "cluster_s": clock, "cluster_ms": 1000 * (client + handed + read) / len(tasks), "client_ms": 1000 * client / len(tasks),
        "scheduler_ms": 1000 * handed / len(tasks),
    }  # fmt: skip


def in_processes(tasks: Sequence[Task]) -> dict[str, float]:
    """What further files cost: all of them against the first few, so that the starting is left out."""

    def taken(some: Sequence[Task]) -> tuple[float, float]:
        began, cpu = time.perf_counter(), own_cpu()
        assert all(each.compact is not None for each in read_all(some, {}, processes=2))
        return time.perf_counter() - began, own_cpu() - cpu

    few, many = taken(tasks[:WARM]), taken(tasks)
    further = len(tasks) - WARM
    return {"pool_s": (many[0] - few[0]) / further * len(tasks), "pool_ms": 1000 * (many[1] - few[1]) / further}


def traffic(tasks: Sequence[Task]) -> dict[str, float]:
    files = [taken for task in tasks[:CHUNK] if isinstance(taken := take(task), Taken)]
    done: list[Done] = list(read_all(tasks[:CHUNK], {}, processes=1))
    return {"shipped_kb": len(shipped(files)) / CHUNK / 1000, "back_kb": len(pickle.dumps(done)) / CHUNK / 1000}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=320)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with TemporaryDirectory() as name:
        folder = (given.keep or Path(name) / "in").absolute()
        tasks = [Task(str(path), path.name, whole=True) for path in make_city(given.n, folder)]
        found = in_processes(tasks) | on_cluster(tasks) | traffic(tasks)
    line = {"n": given.n} | {key: round(value, 2) for key, value in found.items()}
    print(json.dumps(line | {"ratio": round(found["cluster_ms"] / found["pool_ms"], 3)}))


if __name__ == "__main__":
    main()
