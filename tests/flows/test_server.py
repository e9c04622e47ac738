"""The Prefect server of a command, each time in a process of its own: Prefect's settings belong to a process."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flows.server import chosen_server, ui_command

ROOT = Path(__file__).parents[2]
NO_DATABASE = {"PREFECT_API_DATABASE_MIGRATE_ON_START": "false", "PREFECT_API_BLOCKS_REGISTER_ON_START": "false"}
FLOW = """
import sys
from pathlib import Path

from flows.server import prefect_api

with prefect_api(Path(sys.argv[1]), lambda line: print(line, flush=True)):
    from prefect import flow, task
    from prefect.artifacts import create_markdown_artifact

    @task(task_run_name="part {n}")
    def part(n):
        return n

    @flow(name="small")
    def small(ending):
        part.map(range(20)).result()
        create_markdown_artifact("# Done", key="done")
        if ending == "wait":
            print("waiting", flush=True)
            sys.stdin.read()
        if ending == "fail":
            raise ValueError("on purpose")

    small(sys.argv[2])
"""


def _start(home: Path, ending: str = "end", **settings: str) -> subprocess.Popen[str]:
    """Start a command that runs one small flow; ``ending`` says how the flow ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-c", FLOW, str(home), ending],
        cwd=ROOT,
        env={**kept, "HOME": str(home.parent), **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _record(home: Path) -> list[tuple[str, int, int]]:
    """Return state, completed tasks and artifacts of each flow run that Prefect has on record."""
    query = """
        SELECT state_type,
               (SELECT count(*) FROM task_run WHERE flow_run_id = run.id AND state_type = 'COMPLETED'),
               (SELECT count(*) FROM artifact WHERE flow_run_id = run.id AND key IS NOT NULL)
        FROM flow_run AS run ORDER BY created
    """
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        return database.execute(query).fetchall()


def test_flow_is_on_record_with_every_task_after_every_start(tmp_path: Path) -> None:
    """Also when the flow fails, and also the second time, after a command was killed with its server running."""
    home = tmp_path / "prefect"

    first = _start(home, "fail")
    assert "on purpose" in first.communicate()[1]
    assert first.returncode == 1
    assert _record(home) == [("FAILED", 20, 1)]

    killed = _start(home, "wait")
    assert killed.stdout is not None
    while killed.stdout.readline() != "waiting\n":
        assert killed.poll() is None
    killed.send_signal(signal.SIGKILL)

    second = _start(home)
    out, err = second.communicate()
    killed.communicate()
    assert (second.returncode, err) == (0, "")
    assert out == "Starting a temporary Prefect server (about 10 seconds)\n"
    assert [run[0] for run in _record(home)] == ["FAILED", "RUNNING", "COMPLETED"]
    assert _record(home)[-1] == ("COMPLETED", 20, 1)
    assert (home / "server.log").read_text() == ""


def test_server_ends_with_its_command(tmp_path: Path) -> None:
    """Its command is gone from the start; its end of the pipe stays open as long as it lives."""
    reading, writing = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.server", str(listener.fileno()), "0"],
            cwd=ROOT,
            env={**os.environ, "PREFECT_HOME": str(tmp_path), **NO_DATABASE},
            pass_fds=[listener.fileno(), writing],
        )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == ""
    assert server.wait() == 0


def test_server_that_the_user_chose_and_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
    command = _start(tmp_path / "prefect", PREFECT_API_URL=url)
    err = command.communicate(timeout=30)[1]
    assert command.returncode == 1
    assert err.splitlines()[-1].startswith(f"frisat.errors.FrisatError: the Prefect server at {url} does not answer")
    assert not (tmp_path / "prefect").exists()


def test_chosen_server_is_that_of_the_active_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert chosen_server() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "near"\n[profiles.near]\n[profiles.far]\nPREFECT_API_URL = "https://prefect.example/api"\n'
    )
    assert chosen_server() is None
    monkeypatch.setenv("PREFECT_PROFILE", "far")
    assert chosen_server() == "https://prefect.example/api"
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert chosen_server() == "http://127.0.0.1:4200/api"


def test_pages_call_the_port_they_are_served_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    command, environment = ui_command(tmp_path, 4321)
    assert command[-4:] == ["--host", "127.0.0.1", "--port", "4321"]
    assert environment["PREFECT_SERVER_UI_API_URL"] == "http://127.0.0.1:4321/api"
    assert environment["PREFECT_HOME"] == str(tmp_path)
