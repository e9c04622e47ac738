"""A publisher's web server on a loopback socket, that can be told to misbehave.

    with HttpStandIn() as server:
        server.add("/law.xml", b"<law/>", content_type="application/xml", headers={"ETag": '"1"'})
        server.handle("/api/", lambda request: Answer(200, {"Content-Type": "application/json"}, b"[]"))
        server.fault("/law.xml", Fault.busy(7), times=2)
        ...  # ask server.url + "law.xml"
        assert [request.path for request in server.requests] == [...]

Answers with status 200 honour ``If-None-Match`` and ``If-Modified-Since``, ``Range`` and ``If-Range`` (unless
``server.ranges`` is off) and, when ``server.compress`` is on, ``Accept-Encoding: gzip``. What is not there is 404.
"""

from __future__ import annotations

import gzip
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.standins._faults import CHALLENGE, HTML, Fault
from tests.standins._wire import Answer, Request, Serving, Wire

__all__ = ["CHALLENGE", "HTML", "Answer", "Fault", "HttpStandIn", "Request", "Wire"]

Handler = Callable[[Request], Answer]


class HttpStandIn(Serving):
    """The server. ``url`` ends in a slash; ``requests`` lists what was asked, in order."""

    def __init__(self, *, ranges: bool = True, compress: bool = False) -> None:
        self.ranges = ranges
        self.compress = compress
        self.requests: list[Request] = []
        self._answers: dict[str, Answer] = {}
        self._handlers: dict[str, Handler] = {}
        self._faults: dict[str, deque[Fault]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def add(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = "text/plain; charset=utf-8",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> None:
        """Answer ``path`` with ``body``; a later call for the same path takes its place."""
        content = body.encode() if isinstance(body, str) else body
        self._answers[_rooted(path)] = Answer(status, {"Content-Type": content_type, **(headers or {})}, content)

    def remove(self, path: str) -> None:
        """Answer ``path`` with 404 from now on."""
        del self._answers[_rooted(path)]

    def handle(self, prefix: str, handler: Handler) -> None:
        """Let ``handler`` answer what begins with ``prefix`` and was not added; the longest prefix wins."""
        self._handlers[_rooted(prefix)] = handler

    def fault(self, path: str, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` requests to ``path`` misbehave, after those told before."""
        with self._lock:
            self._faults.setdefault(_rooted(path), deque()).extend([fault] * times)

    def mend(self, path: str) -> None:
        """Let ``path`` behave again, whatever was told before."""
        with self._lock:
            self._faults.pop(_rooted(path), None)

    def asked(self, path: str) -> list[Request]:
        """Return the requests to ``path``."""
        return [request for request in self.requests if request.path == _rooted(path)]

    def respond(self, request: Request, wire: Wire) -> None:
        """Answer one request."""
        with self._lock:
            self.requests.append(request)
            waiting = self._faults.get(request.path)
            fault = waiting.popleft() if waiting else None
        answer = self._negotiated(request, self._plain(request))
        if fault is None:
            wire.send(answer)
        else:
            fault.act(wire, answer)

    def _plain(self, request: Request) -> Answer:
        if (found := self._answers.get(request.path)) is not None:
            return found
        fitting = [prefix for prefix in self._handlers if request.path.startswith(prefix)]
        if fitting:
            return self._handlers[max(fitting, key=len)](request)
        return Answer(404, {"Content-Type": HTML}, b"<html><body><h1>404</h1></body></html>")

    def _negotiated(self, request: Request, answer: Answer) -> Answer:
        if answer.status != 200:
            return answer
        if _is_current(request, answer):
            kept = {k: v for k, v in answer.headers.items() if k.lower() in ("etag", "last-modified")}
            return Answer(304, kept)
        if self.ranges and "range" in request.headers and _if_range_holds(request, answer):
            return _part(request.headers["range"], answer)
        if self.compress and "gzip" in request.headers.get("accept-encoding", ""):
            return replace(answer, body=gzip.compress(answer.body)).with_headers(Content_Encoding="gzip")
        return answer


def _rooted(path: str) -> str:
    return f"/{path.removeprefix('/')}"


def _is_current(request: Request, answer: Answer) -> bool:
    if (tags := request.headers.get("if-none-match")) is not None:
        mine = (answer.header("ETag") or "").removeprefix("W/")
        return bool(mine) and mine in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = request.headers.get("if-modified-since")
    return since is not None and since == answer.header("Last-Modified")


def _if_range_holds(request: Request, answer: Answer) -> bool:
    validator = request.headers.get("if-range")
    return validator is None or validator in (answer.header("ETag"), answer.header("Last-Modified"))


def _part(wanted: str, answer: Answer) -> Answer:
    total = len(answer.body)
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
    if found is None:
        return answer
    first, last = int(found[1]), min(int(found[2] or total - 1), total - 1)
    if first > last:
        return Answer(416, {"Content-Range": f"bytes */{total}"})
    part = replace(answer, status=206, body=answer.body[first : last + 1])
    return part.with_headers(Content_Range=f"bytes {first}-{last}/{total}")


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, stand_in: HttpStandIn) -> None:
        self.stand_in = stand_in
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are what this is for."""

    def server_close(self) -> None:
        """End the connections that are still open too, so that no thread waits for another request."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        stand_in = cast("_Server", self.server).stand_in
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, unquote(parts.path), query, headers, self.path)
        stand_in.respond(request, Wire(self, stand_in._stopping))

    do_GET = do_HEAD = _answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
