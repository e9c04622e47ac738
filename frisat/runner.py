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
    """A pool of processes that survives the death of any of them.

    When a process dies, the pool breaks and every job in it is lost. Each lost job then runs again alone, in a
    process of its own: the one that kills again is the culprit, and only it fails.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or worker_count()
        self._pool: ProcessPoolExecutor | None = None
        self._guard = threading.Lock()
        self._alone = threading.Lock()

    def __enter__(self) -> Self:
        """Begin to start the processes, while the caller still looks for work."""
        with self._guard:
            self._pool = _new_pool(self.count)
            for _ in range(self.count):
                self._pool.submit(_begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def run(self, function: Callable[[J], R], job: J) -> R:
        """Run one job in the pool and wait for it. May be called from many threads."""
        pool, future = self._submit(function, job)
        try:
            return future.result()
        except BrokenProcessPool:
            self._discard(pool)
        with self._alone, _new_pool(1) as single:
            try:
                return single.submit(function, job).result()
            except BrokenProcessPool as error:
                raise WorkerDiedError(
                    f"the process working on {job} died, twice; was it killed, or out of memory? "
                    "The other parts are done; run the command again to try this one again"
                ) from error

    def _submit(self, function: Callable[[J], R], job: J) -> tuple[ProcessPoolExecutor, Future[R]]:
        with self._guard:
            if self._pool is None:
                self._pool = _new_pool(self.count)
            try:
                return self._pool, self._pool.submit(function, job)
            except BrokenProcessPool:
                self._pool = _new_pool(self.count)
                return self._pool, self._pool.submit(function, job)

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        with self._guard:
            if self._pool is pool:
                self._pool = None


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


def _new_pool(count: int) -> ProcessPoolExecutor:
    # A fork of a process that runs threads (Prefect's) may deadlock; the fork server is a clean one.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cleaning", "sources"])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_ignore_interrupts)


def _begin() -> None:
    """Be there."""


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the main process, which ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
