"""The Prefect server a command talks to: the user's own, or a temporary one that lives as long as the command.

Prefect's own temporary server is not used. It also runs the services for telemetry and triggers, which read and then
write in one SQLite transaction and so meet ``database is locked``; it is stopped before it has recorded the last task
runs; and it stays behind when its command is killed. This one runs as a child (``python -m flows.server``) with few
writers, is stopped when the record is complete, and ends by itself when its command is gone.

Prefect reads its settings when it is first imported, so nothing here imports it before they are set.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from frisat.errors import FrisatError

_START_SECONDS = 120  # twelve times what it takes on two cores
_SETTLE_SECONDS = 30
_STOP_SECONDS = 15
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",  # the terminal only: Prefect keeps the rest of the log
}
_FEW_WRITERS = {
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",  # nobody sets up automations in a server of ten seconds
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    # Task runs and events each in one write a second, instead of three writes for every state of every task.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1000",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",  # whole seconds: below 1 it never sleeps
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "1000",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}


@contextmanager
def prefect_api(home: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Give the body a Prefect API; import Prefect inside it, not before.

    Args:
        home: where the temporary server keeps its database and log, unless the user has set ``PREFECT_HOME``.
        say: takes a sentence for the person who waits.

    Raises:
        FrisatError: the server the user chose does not answer, or a temporary one does not start.
    """
    if chosen := chosen_server():
        with _environment({"PREFECT_API_URL": chosen, **_unless_set(_QUIET)}):
            _require_answer(chosen)
            yield
    else:
        own = _unless_set({"PREFECT_HOME": str(home.absolute()), **_QUIET})
        with _environment(own), _temporary_server(Path(os.environ["PREFECT_HOME"]).expanduser(), say):
            yield


def chosen_server() -> str | None:
    """Return the API address the user chose, in ``PREFECT_API_URL`` or in the active Prefect profile."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect"))
    path = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml")).expanduser()
    try:
        content = tomllib.loads(path.read_text())
    except (OSError, ValueError):
        return None
    active = os.environ.get("PREFECT_PROFILE", content.get("active"))
    found = content.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(found) if found else None


def ui_command(home: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a full Prefect server, with its pages, on the data in ``home``.

    It listens on this machine only. Without ``PREFECT_SERVER_UI_API_URL`` the pages call port 4200, whatever the port.
    """
    command = [sys.executable, "-m", "prefect", "--no-prompt", "server", "start", "--host", "127.0.0.1"]
    settings = {"PREFECT_HOME": str(home.absolute()), **_QUIET, **os.environ}
    settings["PREFECT_SERVER_UI_API_URL"] = f"http://127.0.0.1:{port}/api"
    settings.pop("PREFECT_API_URL", None)
    return [*command, "--port", str(port)], settings


@contextmanager
def _temporary_server(home: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Run the server on ``home`` in a child process, and point Prefect to it for the body."""
    say("Starting a temporary Prefect server (about 10 seconds)")
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    # A new file: the server of a command that was killed may still write its last lines into the old one.
    log.unlink(missing_ok=True)
    # The child inherits a socket that listens already: no port to guess, and no other machine can reach it.
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server", str(listener.fileno()), str(os.getpid())],
            env={**os.environ, **_FEW_WRITERS},
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the command, which still needs the server to record its end
        )
    try:
        if not _healthy(port):
            raise FrisatError(f"the temporary Prefect server on {home} did not start; its log {log} says why")
        with _environment({"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}), _no_heartbeat():
            try:
                yield
            finally:
                if "prefect" in sys.modules and process.poll() is None:
                    _settle(say)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _healthy(port: int) -> bool:
    """Ask the server how it is. The question waits in the socket's queue till the server serves or dies."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _no_heartbeat() -> Iterator[None]:
    """Leave out the sign of life that a flow run gives: its thread sleeps in whole seconds, and the run waits for it.

    A server that ends with the command has no use for it.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def _settle(say: Callable[[str], None]) -> None:
    """Wait until the server has recorded all that this process told it.

    Task runs reach the database by a queue, some seconds late. They keep their order, so when the states of one last
    task run are recorded, which is the last thing written of it, all before it are; it is then deleted.
    """
    from httpx import HTTPError
    from prefect import task
    from prefect.client.orchestration import get_client
    from prefect.events.worker import EventsWorker
    from prefect.logging import disable_run_logger
    from prefect.logging.handlers import APILogWorker

    with disable_run_logger():
        end = task(name="frisat-last")(_nothing)(return_state=True)
    last = end.state_details.task_run_id
    deadline = time.monotonic() + _SETTLE_SECONDS
    recorded = False
    try:
        with get_client(sync_client=True) as client:
            while last is not None and not recorded and time.monotonic() < deadline:
                time.sleep(0.1)
                recorded = any(state.type == end.type for state in client.read_task_run_states(last))
            if last is not None and recorded:
                client.delete_task_run(last)
    except HTTPError:
        recorded = False
    if not recorded:
        say("Prefect may not have recorded every task of this run; the data are not affected")
    APILogWorker.drain_all(timeout=5)
    EventsWorker.drain_all(timeout=5)


def _nothing() -> None:
    """Do nothing: the work of the last task."""


def _require_answer(url: str) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        if (error := client.api_healthcheck()) is not None:
            raise FrisatError(
                f"the Prefect server at {url} does not answer ({error}); start it ('prefect server start'), "
                "or clear PREFECT_API_URL (also in the Prefect profile) to use a temporary server"
            ) from error


def _unless_set(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name not in os.environ}


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the body, and let a Prefect that is already imported read them again."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    _refresh()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _refresh()


def _refresh() -> None:
    if "prefect" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def _serve(descriptor: int, parent: int) -> None:
    """Be the temporary server, on an open socket, until told to stop or until the process ``parent`` is gone."""
    import fcntl

    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app(ephemeral=True, final=True), log_level="warning", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    # One server at a time prepares the database: that of a command just killed may still be at it.
    lock = (Path(os.environ["PREFECT_HOME"]).expanduser() / "server.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)

    def watch() -> None:
        while os.getppid() == parent:
            if server.started:
                lock.close()
            time.sleep(0.2)
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))
