"""Outcomes come in order; a failure, even a death, is the outcome of one job."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from frisat.errors import UsageError
from frisat.runner import (
    Outcome,
    PoolRunner,
    Runner,
    SerialRunner,
    WorkerDiedError,
    Workers,
    attempt,
    in_order,
    worker_count,
)
from tests.frisat.jobs import work
from tests.helpers import run_python


@pytest.fixture(scope="module")
def pool() -> Iterator[PoolRunner]:
    with Workers(2) as workers:
        yield PoolRunner(workers)


def _run(runner: Runner, jobs: list[str]) -> list[tuple[str, str | None, type[BaseException] | None]]:
    return [(o.job, o.value, type(o.error) if o.error else None) for o in runner.map(work, jobs, label="Working")]


@pytest.mark.parametrize("kind", ["serial", "pool"])
def test_order_is_kept_and_a_failure_is_an_outcome(kind: str, pool: PoolRunner) -> None:
    runner: Runner = SerialRunner() if kind == "serial" else pool
    assert _run(runner, ["slow 1", "a", "fail", "slow 2", "b"]) == [
        ("slow 1", "SLOW 1", None),
        ("a", "A", None),
        ("fail", None, ValueError),
        ("slow 2", "SLOW 2", None),
        ("b", "B", None),
    ]


def test_no_jobs(pool: PoolRunner) -> None:
    assert _run(pool, []) == []


@pytest.mark.parametrize("death", ["kill", "exit"])
def test_a_worker_that_dies_fails_its_own_job_alone(death: str, pool: PoolRunner) -> None:
    jobs = ["slow 1", "a", death, "slow 2", "b"]
    outcomes = list(pool.map(work, jobs, label="Working"))
    assert [o.value for o in outcomes] == ["SLOW 1", "A", None, "SLOW 2", "B"]
    error = outcomes[2].error
    assert type(error) is WorkerDiedError
    assert str(error) == (
        f"the process working on {death} died, twice; was it killed, or out of memory? "
        "The other parts are done; run the command again to try this one again"
    )
    assert _run(pool, ["after"]) == [("after", "AFTER", None)]


def test_a_command_ends_after_many_deaths() -> None:
    code = """
from frisat.runner import PoolRunner, Workers
from tests.frisat.jobs import work
if __name__ == "__main__":
    with Workers(4) as workers:
        jobs = ["kill", "slow", "exit", "a"] * 3
        print([o.value for o in PoolRunner(workers).map(work, jobs, label="Working")] == [None, "SLOW", None, "A"] * 3)
"""
    assert run_python(code).stdout == "True\n"


def test_an_error_that_cannot_travel_fails_its_own_job_alone(pool: PoolRunner) -> None:
    assert _run(pool, ["a", "odd", "b"]) == [("a", "A", None), ("odd", None, WorkerDiedError), ("b", "B", None)]


def test_result_gives_the_value_or_raises() -> None:
    assert Outcome("a", value=1).result() == 1
    with pytest.raises(ValueError, match="fails on purpose"):
        attempt(work, "fail").result()


def test_an_interrupt_is_no_outcome() -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(SerialRunner().map(interrupt, ["a"], label="Working"))


def test_in_order_begins_only_so_many_ahead() -> None:
    begun: list[int] = []
    lock = threading.Lock()

    def call(job: int) -> int:
        with lock:
            begun.append(job)
        return job

    with ThreadPoolExecutor(2) as threads:
        results = in_order(call, range(100), threads, ahead=5)
        assert next(results) == 0
        assert max(begun, default=0) < 6
        assert list(results) == list(range(1, 100))


def test_in_order_can_be_left_early() -> None:
    with ThreadPoolExecutor(1) as threads:
        results = in_order(str, range(100), threads, ahead=5)
        assert next(results) == "0"
        results.close()  # type: ignore[attr-defined]


def test_worker_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRISAT_WORKERS", raising=False)
    assert worker_count() == len(os.sched_getaffinity(0))
    monkeypatch.setenv("FRISAT_WORKERS", "3")
    assert worker_count() == Workers().count == 3


@pytest.mark.parametrize("value", ["", "0", "-1", "two", "1.5", "²", "1e3"])
def test_nonsense_for_workers_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRISAT_WORKERS", value)
    with pytest.raises(UsageError) as caught:
        worker_count()
    assert str(caught.value) == f"FRISAT_WORKERS is {value!r}: give a whole number of processes, 1 or more"
