"""Reading the body of an answer: unpacked, within its limits of size and time, or refused for its status."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

import httpx

from sources.client._promises import describe, is_challenge
from sources.client._retrying import parse_retry_after
from sources.client._web import Answer
from sources.client.fetching import ERROR_BYTES, FetchError

_PIECE = 65_536
_RATIO = 200
"""Text packs to a tenth; what unpacks to more than this many times its size is made to do harm..."""
_FREE_BYTES = 16_000_000
"""...unless it is no larger than this."""
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
"""Answers that are worth another attempt at once."""

Spend = Callable[[], None]
"""Called for each piece that comes in; raises when the time is over."""


def declared_length(answer: Answer) -> int | None:
    """Return the length of the body as it is sent, if it was declared."""
    value = answer.raw.headers.get("content-length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def is_packed(answer: Answer) -> bool:
    """Say whether the body comes in a content coding.

    Raises:
        FetchError: in one that was not asked for, or in several.
    """
    coding = answer.raw.headers.get("content-encoding", "").strip().lower()
    if coding in ("gzip", "x-gzip"):
        return True
    if coding in ("", "identity"):
        return False
    raise answer.error(f"came packed as {coding[:60]!r}; only gzip, once, is accepted", passing=True)


def pieces(answer: Answer, spend: Spend) -> Iterator[bytes]:
    """Yield the body in pieces of at most 64 kB, unpacked.

    Raises:
        FetchError: it is packed in a way that was not asked for, is damaged, or is a bomb; the time is over.
    """
    unpacker = _Unpacker(answer) if is_packed(answer) else None
    for raw in answer.raw.iter_raw():
        spend()
        if unpacker is None:
            yield raw
        else:
            yield from unpacker.unpack(raw)
    if unpacker is not None:
        unpacker.finish()


class _Unpacker:
    """Unpacks gzip in small pieces, so that a bomb is found out before it fills the memory."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._taken = 0
        self._given = 0

    def unpack(self, raw: bytes) -> Iterator[bytes]:
        self._taken += len(raw)
        while raw:
            if self._inner.eof:
                raw = raw.lstrip(b"\0")
                if not raw:
                    return
                self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)  # another member follows
            try:
                piece = self._inner.decompress(raw, _PIECE)
            except zlib.error as error:
                raise self._answer.error(f"is damaged: {error}", passing=True, again=True) from error
            self._given += len(piece)
            self._judge()
            if piece:
                yield piece
            raw = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def _judge(self) -> None:
        if self._given > max(_FREE_BYTES, _RATIO * self._taken):
            raise self._answer.error(
                f"unpacks to more than {_RATIO} times its size: {self._given:,} bytes from {self._taken:,}; refused"
            )

    def finish(self) -> None:
        if self._taken and not self._inner.eof:
            raise self._answer.error("ended in the middle of its gzip", passing=True, again=True)


def beginning(answer: Answer, limit: int, spend: Spend) -> bytes:
    """Return the first ``limit`` bytes of the body, and leave the rest unread.

    Raises:
        FetchError: as :func:`pieces`.
    """
    found = bytearray()
    for piece in pieces(answer, spend):
        found += piece
        if len(found) >= limit:
            break
    return bytes(found[:limit])


def refusal(answer: Answer, spend: Spend) -> FetchError:
    """Return the error for an answer whose status is none that gives a body."""
    try:
        body = beginning(answer, ERROR_BYTES, spend)
    except (FetchError, httpx.TransportError):
        body = b""  # the status says enough
    status, headers = answer.status, answer.headers
    if is_challenge(headers, body):
        return challenged(answer, body)
    what = f"answered {answer.phrase}"
    retry_after = parse_retry_after(headers.get("retry-after"), headers.get("date"))
    if retry_after is not None:
        what += f" and asks us to wait {retry_after:,.0f} s"
    if body:
        what += f", with {describe(body)}"
    return answer.error(
        what,
        body=body,
        passing=status in (*_AGAIN, 304) or not 300 <= status < 500,
        again=status in _AGAIN,
        gone=status in (404, 410),
        unavailable=status in (401, 403, 404, 410, 451),
        retry_after=retry_after,
    )


def challenged(answer: Answer, body: bytes) -> FetchError:
    """Return the error for a page that asks for a browser. Trying at once would only confirm its suspicion."""
    return answer.error(
        f"is not available: it answered {answer.phrase} with a challenge to browsers instead of what was asked for",
        body=body[:ERROR_BYTES],
        passing=True,
        unavailable=True,
    )
