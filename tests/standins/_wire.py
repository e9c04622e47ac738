"""What goes over the wire of the HTTP stand-in: requests, answers, and the connection itself."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Self


class Serving:
    """Serves, in a thread of its own, while it is entered. ``_stopping`` wakes answers that dawdle."""

    _server: TCPServer
    _stopping: threading.Event

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. ``path`` is decoded and without the query, ``target`` as it stood in the request line.

    ``query`` holds the last value of each parameter; the names of ``headers`` are in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    target: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. ``Content-Length`` is added where it is not given."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def with_headers(self, **headers: str) -> Answer:
        """Return the answer with more headers; underscores stand for hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {k: v for k, v in self.headers.items() if k.lower() not in {m.lower() for m in more}}
        return replace(self, headers={**kept, **more})

    def header(self, name: str) -> str | None:
        """Return the value of the header called ``name`` in any case."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), None)


class Wire:
    """The connection on which one request is answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self._handler = handler
        self._stopping = stopping

    def head(self, answer: Answer) -> None:
        """Send the status line and headers; ``Date`` is added where it is not given."""
        names = {name.lower() for name in answer.headers}
        self._handler.send_response_only(answer.status)
        if "date" not in names:
            self._handler.send_header("Date", self._handler.date_time_string())
        for name, value in answer.headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def send(self, answer: Answer) -> None:
        """Send a whole answer."""
        if answer.header("Content-Length") is None and answer.status not in (204, 304):
            answer = answer.with_headers(Content_Length=str(len(answer.body)))
        self.head(answer)
        if self._handler.command != "HEAD" and answer.status not in (204, 304):
            self.write(answer.body)

    def write(self, content: bytes) -> None:
        """Send bytes of a body."""
        self._handler.wfile.write(content)

    def pause(self, seconds: float) -> bool:
        """Wait; return whether the stand-in still runs."""
        return not self._stopping.wait(seconds)

    def close(self) -> None:
        """Close the connection in good order after this answer."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """Cut the connection with a reset."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()
        self.close()
