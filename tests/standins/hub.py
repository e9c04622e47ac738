"""A stand-in for the Hugging Face Hub on a loopback socket, that the real client libraries talk to.

    with HubStandIn() as hub:
        ...  # HF_ENDPOINT=hub.url, HF_TOKEN=hub.token, HF_HUB_DISABLE_XET=1
        hub.fault("commit", Fault.status(500))  # before the work is done; done=True: after it
        hub.before("commit", lambda: hub.repo("o/n").push("README.md", b"somebody else"))

It is one reading of the protocol, taken from what the client sends and needs: that a release passes here says nothing
of whether the Hub itself would take its card, its size or its names. Large objects go the way of Git LFS, not of Xet.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.standins._faults import Fault
from tests.standins._hub_answers import Asked, HubAnswers
from tests.standins._hub_state import Repository
from tests.standins._wire import Answer, Serving, Wire

__all__ = ["CUT", "Asked", "Fault", "HubStandIn", "Repository"]

CUT = Fault.reset()
"""With this fault, a connection is cut in the middle of what the client sends."""

_REPO = r"(?P<repo>[\w.-]+/[\w.-]+)"
_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("POST", r"/api/repos/create", "create"),
    ("POST", r"/api/validate-yaml", "validate"),
    ("PUT", rf"/api/datasets/{_REPO}/settings", "settings"),
    ("GET", rf"/api/datasets/{_REPO}/refs", "refs"),
    ("GET", rf"/api/datasets/{_REPO}/commits/(?P<rev>[^/]+)", "commits"),
    ("GET", rf"/api/datasets/{_REPO}/tree/(?P<rev>[^/]+)(?:/(?P<path>.*))?", "tree"),
    ("POST", rf"/api/datasets/{_REPO}/paths-info/(?P<rev>[^/]+)", "paths"),
    ("POST", rf"/api/datasets/{_REPO}/preupload/(?P<rev>[^/]+)", "preupload"),
    ("POST", rf"/datasets/{_REPO}\.git/info/lfs/objects/batch", "batch"),
    ("PUT", rf"/objects/{_REPO}/(?P<oid>[0-9a-f]+)", "put"),
    ("POST", rf"/verify/{_REPO}/(?P<oid>[0-9a-f]+)", "verify"),
    ("POST", rf"/api/datasets/{_REPO}/commit/(?P<rev>[^/]+)", "commit"),
    ("POST", rf"/api/datasets/{_REPO}/tag/(?P<rev>[^/]+)", "tag"),
    ("DELETE", rf"/api/datasets/{_REPO}/tag/(?P<rev>[^/]+)", "untag"),
    ("POST", rf"/api/datasets/{_REPO}/branch/(?P<rev>[^/]+)", "branch"),
    ("DELETE", rf"/api/datasets/{_REPO}/branch/(?P<rev>[^/]+)", "unbranch"),
    ("GET", rf"/api/datasets/{_REPO}(?:/revision/(?P<rev>[^/]+))?", "info"),
    ("GET", rf"/datasets/{_REPO}/resolve/(?P<rev>[^/]+)/(?P<path>.+)", "resolve"),
)


class HubStandIn(Serving, HubAnswers):
    """The server. ``asked`` lists the requests in order; ``token`` is the one it knows."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self._faults: dict[str, deque[tuple[Fault, bool]]] = {}
        self._before: dict[str, deque[Callable[[], object]]] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self, home: str) -> dict[str, str]:
        """Return the environment in which a process takes this for the Hub."""
        return {
            "HF_ENDPOINT": self.url, "HF_TOKEN": self.token, "HF_HOME": home, "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }  # fmt: skip

    def repo(self, name: str) -> Repository:
        """Return a repository."""
        return self.repos[name]

    def fault(self, what: str, fault: Fault, times: int = 1, *, done: bool = False) -> None:
        """Let the next requests for ``what`` misbehave; ``done`` says that they are carried out all the same."""
        self._faults.setdefault(what, deque()).extend([(fault, done)] * times)

    def before(self, what: str, action: Callable[[], object]) -> None:
        """Do ``action`` just before the next request for ``what`` is answered."""
        self._before.setdefault(what, deque()).append(action)

    def spoil(self, how: Callable[[bytes], bytes], times: int = 1) -> None:
        """Keep the next objects that are sent as ``how`` makes them."""
        self._spoil.extend([how] * times)

    def count(self, what: str) -> int:
        """Return how many requests were for ``what``."""
        return sum(asked.what == what for asked in self.asked)

    def sent(self) -> list[bytes]:
        """Return the objects that were sent, in order."""
        return [asked.body for asked in self.asked if asked.what == "put"]

    def forget(self) -> None:
        """Forget what was asked."""
        self.asked.clear()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        wire = Wire(handler, self._stopping)
        parts = urlsplit(handler.path)
        method = "GET" if handler.command == "HEAD" else handler.command
        what, found = _route(method, parts.path)
        with self._lock:
            waiting = self._faults.get(what)
            fault, done = waiting.popleft() if waiting else (None, True)
        length = int(handler.headers.get("Content-Length") or 0)
        if fault is CUT and not done:
            handler.rfile.read(length // 2)
            wire.reset()
            return
        body = _chunks(handler) if handler.headers.get("Transfer-Encoding") == "chunked" else handler.rfile.read(length)
        asked = Asked(
            what, handler.command, unquote(parts.path), dict(parse_qsl(parts.query)),
            {k.lower(): v for k, v in handler.headers.items()}, body,
            unquote(found.get("rev") or "main"), unquote(found.get("path") or ""), found.get("oid") or "",
        )  # fmt: skip
        with self._lock:
            self.asked.append(asked)
            actions = self._before.get(what)
            if actions:
                actions.popleft()()
            answer = self._answer(asked, found.get("repo")) if fault is None or done else Answer()
        if fault is None:
            wire.send(answer)
        else:
            fault.act(wire, answer)


def _route(method: str, path: str) -> tuple[str, dict[str, str | None]]:
    for wanted, pattern, what in _ROUTES:
        if method == wanted and (found := re.fullmatch(pattern, path)):
            return what, found.groupdict()
    return "unknown", {}


def _chunks(handler: BaseHTTPRequestHandler) -> bytes:
    def read() -> Iterator[bytes]:
        while size := int(handler.rfile.readline().split(b";")[0], 16):
            yield handler.rfile.read(size)
            handler.rfile.readline()
        handler.rfile.readline()

    return b"".join(read())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, stand_in: HubStandIn) -> None:
        self.stand_in = stand_in
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _respond(self) -> None:
        cast("_Server", self.server).stand_in.respond(self)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
