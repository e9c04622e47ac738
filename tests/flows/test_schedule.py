"""The schedule: what ``prefect.yaml`` says must become scheduled runs. It fails silently with some library versions."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).parents[2]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _ask(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310 - loopback
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.loads(answer.read())


def _wait_for(what: str, check: Any, attempts: int = 240) -> Any:
    for _ in range(attempts):
        try:
            if found := check():
                return found
        except OSError:
            pass
        time.sleep(0.5)
    pytest.fail(f"{what} did not come")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    env |= {
        "PREFECT_HOME": str(tmp_path / "home"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        api = env["PREFECT_API_URL"]
        _wait_for("the server", lambda: _ask(f"{api}/health"))
        yield api, env
    finally:
        process.terminate()
        process.wait(30)


def test_deploying_the_schedule_creates_runs_at_copenhagen_times(server: tuple[str, dict[str, str]]) -> None:
    api, env = server
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    for words in (["work-pool", "create", "frisat", "--type", "process"], ["deploy", "--all"]):
        done = subprocess.run([*prefect, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    deployments = {row["name"]: row for row in _ask(f"{api}/deployments/filter", {})}
    assert {name: row["entrypoint"] for name, row in deployments.items()} == {
        "nightly": "flows/pipeline.py:harvest",
        "weekly": "flows/pipeline.py:run",
    }
    schedules = {name: row["schedules"][0]["schedule"] for name, row in deployments.items()}
    assert {name: (s["cron"], s["timezone"]) for name, s in schedules.items()} == {
        "nightly": ("15 3 * * *", "Europe/Copenhagen"),
        "weekly": ("30 4 * * 0", "Europe/Copenhagen"),
    }

    def scheduled() -> set[str]:
        wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        names = {row["id"]: name for name, row in deployments.items()}
        found = {names[run["deployment_id"]] for run in _ask(f"{api}/flow_runs/filter", wanted)}
        return found if len(found) == 2 else set()

    assert _wait_for("scheduled runs", scheduled) == {"nightly", "weekly"}
