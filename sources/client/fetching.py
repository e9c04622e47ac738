"""What fetching takes and gives: the words shared by the HTTP client, the FTP client and those who call them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from frisat.documents import JSON
from frisat.errors import FrisatError

Kind = Literal["json", "xml", "html", "pdf", "docx", "zip", "text", "any"]
"""What was promised of a body; checked against its first bytes."""

MEMORY_BYTES = 32_000_000
"""A body larger than this is a file, not bytes in memory."""
MAX_BYTES = 200_000_000
"""The largest body that is accepted unless the caller says otherwise."""
ERROR_BYTES = 65_536
"""How much of the body of a refusal is kept."""

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock and the way to wait, in seconds; tests replace both, so that nothing really waits."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much the client bears before it gives up. Times are in seconds."""

    connect: float = 15.0
    """To open a connection."""
    read: float = 60.0
    """Between one piece of an answer and the next."""
    total: float = 3600.0
    """For one fetch: all its attempts, the waiting between them, and the whole body."""
    slowest: float = 2_000_000.0
    """In bytes a second: over HTTP a fetch that may be large has the time it takes at this speed, if that is more."""
    attempts: int = 5
    backoff: float = 1.0
    """The first wait before another attempt; each later one is twice as long, plus up to one such wait by chance."""
    backoff_max: float = 60.0
    retry_after: float = 900.0
    """The longest ``Retry-After`` that is waited for; a longer one ends the fetch until the next harvest."""
    memory: int = MEMORY_BYTES
    """In bytes: a larger body goes to a file."""

    def seconds(self, max_bytes: int) -> float:
        """Return how long one fetch over HTTP of so many bytes may take, in seconds."""
        return max(self.total, max_bytes / self.slowest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, whole and checked against what was promised.

    ``url`` is the official address that was asked for, ``final_url`` the one that answered, after mirrors and
    redirects. ``headers`` holds those that say something of the content, in lower case. ``body`` is decoded; a large
    one is the path of a file, which belongs to the caller. ``signals`` is what robots.txt, TDMRep and headers say of
    the rights to mine the text, at the time of retrieval.
    """

    url: str
    final_url: str
    status: int
    retrieved_at: datetime
    body: bytes | Path
    sha256: str
    size: int
    headers: Mapping[str, str] = field(default_factory=dict)
    signals: Mapping[str, JSON] = field(default_factory=dict)
    not_modified: bool = False

    def read(self) -> bytes:
        """Return the whole body."""
        return self.body.read_bytes() if isinstance(self.body, Path) else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an FTP directory. ``size`` is in bytes, ``modified`` aware; ``None`` where the server is silent."""

    name: str
    size: int | None = None
    modified: datetime | None = None
    is_folder: bool = False


class FetchError(FrisatError):
    """Something that could not be fetched, and whether it is worth trying another time.

    Attributes:
        url: the official address that was asked for, without user name or password.
        final_url: the address that answered, or the one that was being asked; ``None`` if none was.
        status: the status of the answer; ``None`` when there was none.
        headers, body, signals: of the answer, as in :class:`Response`; of the body the first 64 KB.
        passing: worth another try at the next harvest; else it stands until somebody changes something.
        gone: the publisher says there is no such thing (404, 410; FTP 550 on a file).
        unavailable: there is something, or was, that we may not or cannot have: 401, 403, 404, 410, 451,
            robots.txt, a challenge to browsers.
        again: for the client itself: worth another attempt within the same fetch.
        retry_after: the seconds the publisher asks us to wait, if it said so.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str,
        final_url: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        signals: Mapping[str, JSON] | None = None,
        passing: bool = False,
        gone: bool = False,
        unavailable: bool = False,
        again: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(without_userinfo(message))
        self.url = without_userinfo(url)
        self.final_url = None if final_url is None else without_userinfo(final_url)
        self.status = status
        self.headers: Mapping[str, str] = dict(headers or {})
        self.body = body
        self.signals: Mapping[str, JSON] = dict(signals or {})
        self.passing = passing
        self.gone = gone
        self.unavailable = unavailable
        self.again = again
        self.retry_after = retry_after


def without_userinfo(text: str) -> str:
    """Return ``text`` with user names and passwords taken out of the URLs in it."""
    return _USERINFO.sub("", text)
