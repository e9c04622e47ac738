"""Does a command ever stall on its temporary Prefect server? Start many, and time them.

    python benchmarks/prefect_starts.py --starts 20 --again 10

Each start is a process of its own: one flow of sixty small tasks on four threads and three artifacts, first in fresh
Prefect homes, then again and again in the last of them. What Prefect has on record is read from its database when the
process has ended.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from flows.server import prefect_api

TASKS, ARTIFACTS, SLOW_SECONDS = 60, 3, 30.0


def main() -> None:
    """Run the starts and print a table and a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=20, help="starts in fresh homes (default 20)")
    parser.add_argument("--again", type=int, default=10, help="starts in the last home (default 10)")
    parser.add_argument("--one", type=Path, metavar="HOME", help="one start in HOME, and no table")
    options = parser.parse_args()
    if options.one:
        return _run_flow(options.one)
    print(f"{'start':>5} {'home':<6} {'seconds':>7} {'state':<10} {'tasks':>5} {'artifacts':>9} {'locked':>6}")
    seconds, complete = [], 0
    with tempfile.TemporaryDirectory(prefix="prefect-starts-") as folder:
        for number in range(options.starts + options.again):
            kind = "fresh" if number < options.starts else "again"
            home = Path(folder) / str(min(number, options.starts - 1))
            took, locked = _start(home)
            state, tasks, artifacts = _record(home)
            seconds.append(took)
            complete += (state, tasks, artifacts, locked) == ("COMPLETED", TASKS, ARTIFACTS, 0)
            row = f"{number + 1:>5} {kind:<6} {took:>7.1f} {state:<10} {tasks:>5} {artifacts:>9} {locked:>6}"
            print(row, flush=True)
    slow = sum(took > SLOW_SECONDS for took in seconds)
    print(
        f"{len(seconds)} starts: min {min(seconds):.1f} s, median {statistics.median(seconds):.1f} s, "
        f"max {max(seconds):.1f} s; {slow} slower than {SLOW_SECONDS:.0f} s; {complete} complete and without a lock"
    )
    sys.exit(bool(slow or complete < len(seconds)))


def _start(home: Path) -> tuple[float, int]:
    """Start once in ``home``; return the seconds it took and how often a log says 'locked'."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(home)], check=False, capture_output=True, text=True, timeout=300
    )
    took = time.perf_counter() - began
    print(done.stderr, end="", file=sys.stderr)
    logs = done.stdout + done.stderr + (home / "server.log").read_text()
    return took, logs.count("is locked")


def _record(home: Path) -> tuple[str, int, int]:
    """Return the state of the latest flow run on record, and how many completed tasks and artifacts it has."""
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        run, state = database.execute("SELECT id, state_type FROM flow_run ORDER BY created DESC LIMIT 1").fetchone()
        (tasks,) = database.execute(
            "SELECT count(*) FROM task_run WHERE flow_run_id = ? AND state_type = 'COMPLETED'", [run]
        ).fetchone()
        (artifacts,) = database.execute("SELECT count(key) FROM artifact WHERE flow_run_id = ?", [run]).fetchone()
    return state, tasks, artifacts


def _run_flow(home: Path) -> None:
    with prefect_api(home, print):
        from prefect import flow, task
        from prefect.artifacts import create_markdown_artifact, create_table_artifact
        from prefect.futures import PrefectFuture
        from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

        threads = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner[Any](max_workers=4))

        @task
        def wait(seconds: float) -> None:
            time.sleep(seconds)

        @flow(name="starts", task_runner=threads)
        def starts() -> None:
            wait.map([0.02] * TASKS).result()
            create_markdown_artifact("# One", key="one")
            create_markdown_artifact("# Two", key="two")
            create_table_artifact([{"three": 3}], key="three")

        starts()


if __name__ == "__main__":
    main()
