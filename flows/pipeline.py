"""The flows: wiring between Prefect and the plain functions of ``flows.work``. Nothing here knows about text."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts, work
from flows.build import BuildResult
from flows.harvesting import Harvested, Options, check, harvest_all
from frisat.report import Reporter
from frisat.runner import Outcome, Runner, Workers, attempt
from frisat.workspace import Workspace
from publishing import Assembled, Published, PublishOptions

J = TypeVar("J")
R = TypeVar("R")
T = TypeVar("T")

REPORTER: ContextVar[Reporter | None] = ContextVar("frisat_reporter", default=None)
"""Set by a command that wants to be told; a scheduled run tells Prefect's log."""

_AHEAD = 64


class _Log:
    """Tells the run's log in Prefect."""

    def __init__(self, logger: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
        self.logger = logger

    def note(self, message: str) -> None:
        self.logger.info(message)

    def warn(self, message: str) -> None:
        self.logger.warning(message)

    def track(self, items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
        if total:
            self.logger.info("%s: %s to do", label, total)
        return iter(items)


class PrefectRunner:
    """Runs each job as a Prefect task on a thread, which hands it to a process that never imports Prefect."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers

    def map(self, function: Callable[[J], R], jobs: Iterable[J], *, label: str) -> Iterator[Outcome[J, R]]:
        """See :meth:`frisat.runner.Runner.map`."""

        waiting: deque[tuple[J, Any]] = deque()
        for job in jobs:
            # Jobs stay out of Prefect's parameters, which it would copy, scan and store.
            part = task(name=label, task_run_name=f"{label.lower()} {job}", cache_policy=NO_CACHE)(
                partial(self.workers.run, function, job)
            )
            waiting.append((job, part.submit()))
            if len(waiting) >= _AHEAD:
                yield self._outcome(*waiting.popleft())
        while waiting:
            yield self._outcome(*waiting.popleft())

    def _outcome(self, job: J, future: Any) -> Outcome[J, R]:
        return attempt(lambda _: future.result(), job)


@contextmanager
def _held(workspace: str, command: str) -> Iterator[tuple[Workspace, Reporter]]:
    """Hold the workspace for a flow run."""
    place = Workspace(Path(workspace).absolute())
    with place.lock(command):
        yield place, REPORTER.get() or _Log(get_run_logger())


@contextmanager
def runner() -> Iterator[Runner]:
    """Give the runner that ``FRISAT_RUNNER`` asks for: this machine's processes, or a cluster (``tcp://…``)."""
    if address := os.environ.get("FRISAT_RUNNER"):
        from flows.cluster import ClusterRunner

        with ClusterRunner(address) as cluster:
            yield cluster
    else:
        with Workers() as workers:
            yield PrefectRunner(workers)


def _threads() -> Any:
    return ThreadPoolTaskRunner(max_workers=len(os.sched_getaffinity(0)))  # type: ignore[no-untyped-call, unused-ignore]


def _step(name: str, function: Callable[[], T]) -> T:
    """Run one source's harvest, or another step of its own, as a task."""
    return task(name=name, task_run_name=name, cache_policy=NO_CACHE)(function)()


def _run_name() -> str:
    """Name a flow run after what it is about, not by a random word."""
    from prefect.runtime import flow_run

    names = flow_run.parameters.get("sources") or ["everything"]
    return f"{flow_run.flow_name} {', '.join(names)}"


@flow(name="harvest", task_runner=_threads(), flow_run_name=_run_name, persist_result=False)
def harvest(
    sources: list[str] | None = None,
    workspace: str = "workspace",
    origin: str | None = None,
    since: date | None = None,
    limit: int | None = None,
    accept_loss: bool = False,
) -> list[Harvested]:
    """Take what is new: the delivery at ``origin``, or what waits in the inbox and what publishers have."""
    options = Options(since=since, limit=limit, accept_loss=accept_loss)
    with _held(workspace, "harvest") as (place, report):
        done = _harvest(place, sources or [], Path(origin) if origin else None, report, options)
    if REPORTER.get() is None:
        check(done)  # a command tells what came before it fails
    return done


def _harvest(
    place: Workspace,
    names: list[str],
    origin: Path | None,
    report: Reporter,
    options: Options | None = None,
    *,
    needed: bool = True,
) -> list[Harvested]:
    done = harvest_all(place, names, origin, report, options, _step, needed=needed)
    create_table_artifact(artifacts.harvest_table(done), key="frisat-harvested", description="What came in")
    return done


@flow(name="build", task_runner=_threads(), flow_run_name=_run_name, persist_result=False)
def build(sources: list[str] | None = None, workspace: str = "workspace") -> BuildResult:
    """Extract, refine and link what changed."""
    with _held(workspace, "build") as (place, report), runner() as run:
        return _build(place, sources or [], run, report)


def _build(place: Workspace, names: list[str], run: Runner, report: Reporter) -> BuildResult:
    built = work.do_build(place, names, run, report)
    create_table_artifact(artifacts.build_table(built), key="frisat-built", description="What was read and refined")
    create_table_artifact(
        artifacts.overlap_table(built), key="frisat-overlap", description="Documents with a copy in the source above"
    )
    return built


@flow(name="release", task_runner=_threads(), flow_run_name=_run_name, persist_result=False)
def release(workspace: str = "workspace", accept_loss: list[str] | None = None) -> Assembled:
    """Assemble and describe a release of everything that a standing decision clears."""
    with _held(workspace, "release") as (place, report), runner() as run:
        return _release(place, run, report, accept_loss or [])


def _release(place: Workspace, run: Runner, report: Reporter, accept_loss: Sequence[str] = ()) -> Assembled:
    released = work.do_release(place, run, report, accept_loss=accept_loss)
    create_table_artifact(
        artifacts.excluded_table(released), key="frisat-excluded", description="What is not published, and why"
    )
    create_markdown_artifact(
        artifacts.release_page(released, str(place.root)), key="frisat-release", description="Where the release is"
    )
    return released


def _publish_name() -> str:
    from prefect.runtime import flow_run

    return f"publish {flow_run.parameters.get('version') or 'the latest'} to {flow_run.parameters.get('to')}"


@flow(name="publish", task_runner=_threads(), flow_run_name=_publish_name, persist_result=False)
def publish(
    to: str,
    workspace: str = "workspace",
    version: str | None = None,
    public: bool = False,
    gated: Literal["auto", "manual"] | None = None,
    accept_commit: str | None = None,
) -> Published:
    """Publish a release. The workspace is not held: a release never changes, and an upload may take hours."""
    place = Workspace(Path(workspace).absolute())
    place.require()
    report = REPORTER.get() or _Log(get_run_logger())
    options = PublishOptions(public=public, gated=gated, accept_commit=accept_commit)
    published = work.do_publish(place, version, to, report, options, _step)
    create_markdown_artifact(
        artifacts.publish_page(published), key="frisat-published", description="What was published"
    )
    return published


@flow(name="run", task_runner=_threads(), flow_run_name=_run_name, persist_result=False)
def run(sources: list[str] | None = None, workspace: str = "workspace") -> work.Ran:
    """Harvest, build and release."""
    with _held(workspace, "run") as (place, report), runner() as found:
        harvested = _harvest(place, sources or [], None, report, needed=False)
        done = work.Ran(harvested, _build(place, [], found, report), _release(place, found, report))
    if REPORTER.get() is None:
        check(harvested)  # what did come is released all the same
    return done


@flow(name="demo", task_runner=_threads(), flow_run_name="demo", persist_result=False)
def demo(workspace: str) -> work.Ran:
    """Take the samples that wait in the inbox of ``workspace`` the whole way, with the demo's decisions."""
    from flows.demo import decide_all

    with _held(workspace, "demo") as (place, report), runner() as found:
        harvested = _harvest(place, [], None, report)
        built = _build(place, [], found, report)
        _step("decide", lambda: decide_all(place))
        return work.Ran(harvested, built, _release(place, found, report))
