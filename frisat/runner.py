"""Running one function over many jobs, on this machine's processes or on a cluster's.

A job is a small picklable value (paths, names, settings); a result likewise. Tables never travel: they lie in parts.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from queue import LifoQueue
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from frisat.errors import FrisatError, UsageError

J = TypeVar("J")
R = TypeVar("R")


class WorkerDiedError(FrisatError):
    """The process that worked on a job died (out of memory, killed, crashed in a library)."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[J, R]):
    """What became of a job: a value, or the error that ended it."""

    job: J
    value: R | None = None
    error: BaseException | None = None

    def result(self) -> R:
        """Return the value, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


class Runner(Protocol):
    """What flows, tests and benchmarks hand to the stages."""

    def map(self, function: Callable[[J], R], jobs: Iterable[J], *, label: str) -> Iterator[Outcome[J, R]]:
        """Yield the outcome of each job, in the order of ``jobs``, whatever order they end in.

        Jobs are taken as they come: they may wait on the outcomes of another map over the same runner.
        A job that fails does not stop the others. ``label`` says what is done, for people.
        """
        ...


class SerialRunner:
    """Runs each job here and now."""

    def map(self, function: Callable[[J], R], jobs: Iterable[J], *, label: str) -> Iterator[Outcome[J, R]]:
        """See :meth:`Runner.map`."""
        del label
        for job in jobs:
            yield attempt(function, job)


def attempt(function: Callable[[J], R], job: J) -> Outcome[J, R]:
    """Run one job and catch its failure, but not an interrupt."""
    try:
        return Outcome(job, value=function(job))
    except Exception as error:
        return Outcome(job, error=error)


class Workers:
    """Processes that each do one job at a time; the death of one is the death of its job alone.

    Each process is an executor of its own. In a ``ProcessPoolExecutor`` of many, the death of one breaks all, and
    where another is just being started it is waited for in vain when the command ends. A job whose process died runs
    once more, after other such jobs: it may have been another that filled the memory.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or worker_count()
        self._idle: LifoQueue[ProcessPoolExecutor | None] = LifoQueue()
        for _ in range(self.count):
            self._idle.put(None)
        self._started: set[ProcessPoolExecutor] = set()
        self._again = threading.Lock()

    def __enter__(self) -> Self:
        """Begin to start the processes, while the caller still looks for work."""
        for _ in range(self.count):
            self._idle.get()
        for _ in range(self.count):
            process = self._start()
            process.submit(_begin)
            self._idle.put(process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for wait in (False, error is None):
            for process in list(self._started):
                process.shutdown(wait=wait, cancel_futures=True)

    def run(self, function: Callable[[J], R], job: J) -> R:
        """Run one job in the next idle process and wait for it. May be called from many threads."""
        process = self._idle.get() or self._start()
        try:
            try:
                return process.submit(function, job).result()
            except BrokenProcessPool:
                process = self._replace(process)
            with self._again:
                return process.submit(function, job).result()
        except BrokenProcessPool as error:
            process = self._replace(process)
            raise WorkerDiedError(
                f"the process working on {job} died, twice; was it killed, or out of memory? "
                "The other parts are done; run the command again to try this one again"
            ) from error
        finally:
            self._idle.put(process)

    def _start(self) -> ProcessPoolExecutor:
        # A fork of a process that runs threads (Prefect's) may deadlock; the fork server is a clean one.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["cleaning", "sources"])
        process = ProcessPoolExecutor(1, mp_context=context, initializer=_ignore_interrupts)
        self._started.add(process)
        return process

    def _replace(self, dead: ProcessPoolExecutor) -> ProcessPoolExecutor:
        self._started.discard(dead)
        dead.shutdown(wait=False)
        return self._start()


class PoolRunner:
    """Runs jobs on a pool of processes of this machine."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers

    def map(self, function: Callable[[J], R], jobs: Iterable[J], *, label: str) -> Iterator[Outcome[J, R]]:
        """See :meth:`Runner.map`."""
        del label
        with ThreadPoolExecutor(self.workers.count) as threads:
            yield from in_order(lambda job: attempt(lambda j: self.workers.run(function, j), job), jobs, threads)


def in_order(call: Callable[[J], R], jobs: Iterable[J], threads: ThreadPoolExecutor, *, ahead: int = 64) -> Iterator[R]:
    """Yield ``call(job)`` in order, with at most ``ahead`` jobs begun and not yet taken."""
    waiting: deque[Future[R]] = deque()
    try:
        for job in jobs:
            waiting.append(threads.submit(call, job))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def worker_count() -> int:
    """Return how many processes to use: ``FRISAT_WORKERS``, else the cores this process may use."""
    asked = os.environ.get("FRISAT_WORKERS")
    if asked is None:
        return len(os.sched_getaffinity(0))
    if not asked.isdecimal() or int(asked) < 1:
        raise UsageError(f"FRISAT_WORKERS is {asked!r}: give a whole number of processes, 1 or more")
    return int(asked)


def _begin() -> None:
    """Be there."""


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the main process, which ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
