"""The ways in which the HTTP stand-in can misbehave."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tests.standins._wire import Answer, Wire

HTML: Final = "text/html; charset=utf-8"
CHALLENGE: Final = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body><script>window._cf_chl_opt={};</script></body></html>"
)
_BLOCK = b"frisat " * 9362
"""About 64 kB."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave. ``act`` gets the wire and what would have been answered."""

    act: Callable[[Wire, Answer], None]

    @classmethod
    def answer(cls, status: int = 200, body: bytes = b"", **headers: str) -> Fault:
        """Answer this instead; underscores in header names stand for hyphens."""
        return cls(lambda wire, _: wire.send(Answer(status, {}, body).with_headers(**headers)))

    @classmethod
    def status(cls, status: int) -> Fault:
        """An error of the server: 500, 503 and so on, with a page in HTML."""
        page = f"<html><body><h1>{status}</h1></body></html>".encode()
        return cls.answer(status, page, Content_Type=HTML)

    @classmethod
    def busy(cls, retry_after: float | str, status: int = 429) -> Fault:
        """Too many requests: come back after so many seconds, or at a date."""
        return cls.answer(status, b"busy", Content_Type="text/plain", Retry_After=str(retry_after))

    @classmethod
    def challenge(cls, status: int = 200, *, marked: bool = False) -> Fault:
        """A page that asks for a browser; ``marked`` with the header that such pages carry."""
        headers = {"cf_mitigated": "challenge"} if marked else {}
        return cls.answer(status, CHALLENGE, Content_Type=HTML, **headers)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Fault:
        """Point elsewhere: to itself for a loop, to a private address, to another scheme."""
        return cls.answer(status, b"", Location=location)

    @classmethod
    def changed(cls, *, status: int | None = None, body: bytes | None = None, **headers: str) -> Fault:
        """The right answer with other headers, status or body: a wrong type, length, range, coding or date."""

        def act(wire: Wire, answer: Answer) -> None:
            changed = replace(answer, status=status or answer.status, body=answer.body if body is None else body)
            wire.send(changed.with_headers(Connection="close", **headers))
            wire.close()

        return cls(act)

    @classmethod
    def stall(cls, *, after: int | None = None) -> Fault:
        """Send nothing, or ``after`` bytes of the body, and then nothing more."""

        def act(wire: Wire, answer: Answer) -> None:
            if after is not None:
                wire.head(answer.with_headers(Content_Length=str(len(answer.body))))
                wire.write(answer.body[:after])
            while wire.pause(1):
                pass
            wire.close()

        return cls(act)

    @classmethod
    def reset(cls, *, after: int | None = None) -> Fault:
        """Reset the connection before the answer, or after so many bytes of the body."""

        def act(wire: Wire, answer: Answer) -> None:
            if after is not None:
                wire.head(answer.with_headers(Content_Length=str(len(answer.body))))
                wire.write(answer.body[:after])
                wire.pause(0.05)  # a reset overtakes what the client has not read yet
            wire.reset()

        return cls(act)

    @classmethod
    def short(cls, after: int) -> Fault:
        """Close in good order after ``after`` bytes of a body that was declared longer."""

        def act(wire: Wire, answer: Answer) -> None:
            wire.head(answer.with_headers(Content_Length=str(len(answer.body))))
            wire.write(answer.body[:after])
            wire.close()

        return cls(act)

    @classmethod
    def endless(cls, *, declared: int | None = None) -> Fault:
        """Send a body that never ends: chunked, or with a huge ``declared`` length."""

        def act(wire: Wire, answer: Answer) -> None:
            length = {"Transfer_Encoding": "chunked"} if declared is None else {"Content_Length": str(declared)}
            wire.head(answer.with_headers(**length))
            while wire.pause(0):
                wire.write(_BLOCK if declared else b"%x\r\n%b\r\n" % (len(_BLOCK), _BLOCK))
            wire.close()

        return cls(act)

    @classmethod
    def drip(cls, *, every: float = 0.01, piece: bytes = b"x") -> Fault:
        """Send a body that never ends, a little ``every`` so many seconds."""

        def act(wire: Wire, answer: Answer) -> None:
            wire.head(answer.with_headers(Transfer_Encoding="chunked"))
            while wire.pause(every):
                wire.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            wire.close()

        return cls(act)

    @classmethod
    def drip_head(cls, *, every: float = 0.01) -> Fault:
        """Send headers that never end, one letter ``every`` so many seconds."""

        def act(wire: Wire, _: Answer) -> None:
            wire.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while wire.pause(every):
                wire.write(b"x")
            wire.close()

        return cls(act)

    @classmethod
    def bomb(cls, size: int = 50_000_000) -> Fault:
        """A small body that unpacks to ``size`` bytes."""
        packed = gzip.compress(b"\0" * size, 9)
        return cls.changed(body=packed, Content_Encoding="gzip")
