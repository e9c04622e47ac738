"""The client that asks publishers: over HTTP and FTP, at their pace, within limits, with their wishes recorded.

    with Client("mailto:data@example.org", folder=Path("partial")) as client:
        response = client.fetch("https://example.org/law.xml", kind="xml", etag=known)

What it promises: see :class:`Client`. The words it uses are in :mod:`sources.client.fetching`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from frisat import clock
from frisat.files import sha256
from sources.client._asking import Asking, Wanted
from sources.client._pace import Pace
from sources.client._partial import Partial, remove_stale
from sources.client._promises import head_of, unkept
from sources.client._retrying import Retrying
from sources.client._sites import Sites
from sources.client._urls import Mirrors, Place, check
from sources.client._web import Web
from sources.client.fetching import MAX_BYTES, Entry, FetchError, Kind, Limits, Response, Timing
from sources.client.ftp import FtpClient

__all__ = ["Client", "Entry", "FetchError", "Kind", "Limits", "Response", "Timing"]

_OURS = {
    "accept-encoding", "authorization", "cookie", "host", "if-modified-since", "if-none-match", "if-range",
    "proxy-authorization", "range", "user-agent",
}  # fmt: skip
"""Headers that a caller may not set: they are the client's own, or would carry a secret."""


class Client:
    """Asks publishers for what they have. May be shared by threads, but one address is fetched by one at a time.

    It names itself and ``contact`` in every request; keeps the pace of each host; tries again what is worth it, and
    waits as long as it is told to; goes on with a large body where it broke off, also in a later process; follows
    redirects by hand; asks robots.txt first; checks what came against what was promised; and records what the
    publisher says of text and data mining at that moment. It keeps no cookies and sends no credentials.

    Args:
        contact: how publishers reach whoever runs this: ``mailto:`` or a page.
        folder: where bodies too large for memory are put, and what is left of those that broke off.
        mirrors: prefixes of official addresses, and the prefixes to ask instead; the longest that fits wins.
        pace: seconds between requests to an official host, where 0.5 is not right.
        timing: the clock and the way to wait.
        limits: how long and how much to bear.
    """

    def __init__(
        self,
        contact: str,
        *,
        folder: Path,
        mirrors: Mapping[str, str] | None = None,
        pace: Mapping[str, float] | None = None,
        timing: Timing | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.timing = timing or Timing()
        self._limits = limits or Limits()
        self._folder = folder
        self._mirrors = Mirrors(mirrors or {})
        self._pace = Pace(pace or {}, self.timing)
        self._web = Web(contact, self._mirrors, self._pace, self._limits)
        self._sites = Sites(self._web, self._mirrors, self._pace, self.timing, self._limits)
        self._asking = Asking(self._web, self._sites, self.timing, self._limits)
        self._ftp = FtpClient(contact, folder=folder, timing=self.timing, limits=self._limits)
        remove_stale(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._web.close()
        self._ftp.close()

    def asked(self) -> list[Response]:
        """Return the answers to robots.txt and tdmrep.json since this was last called, as they came."""
        return self._sites.asked()

    def fetch(
        self,
        url: str,
        *,
        kind: Kind = "any",
        etag: str | None = None,
        modified: str | None = None,
        max_bytes: int = MAX_BYTES,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return what is at ``url``, whole and checked.

        Args:
            url: the official address, ``https:``, ``http:`` or ``ftp:``.
            kind: what was promised.
            etag, modified: validators of what is held (``ETag``, ``Last-Modified``); if that is still current the
                answer has ``not_modified`` set and no body. FTP knows none.
            max_bytes: a larger body is refused, as soon as that is known.
            headers: more to send, such as ``Accept``; not those that are the client's own.

        Raises:
            FetchError: it cannot be had, after all attempts; the error says whether another time is worth it.
            ValueError: a header that is not the caller's to set.
        """
        if refused := sorted(_OURS & {name.lower() for name in headers or {}}):
            raise ValueError(f"{', '.join(refused)}: set by the client itself")
        place = self._place(url)
        if place.actual.startswith("ftp:"):
            return self._fetch_ftp(place, kind, max_bytes)
        wanted = Wanted(
            place=place,
            kind=kind,
            etag=etag,
            modified=modified,
            max_bytes=max_bytes,
            headers=headers or {},
        )
        partial = Partial(self._folder, place.official, self._limits.memory)
        until = self.timing.monotonic() + self._limits.seconds(max_bytes)
        try:
            return self._retrying(place).run(
                lambda deadline: self._asking.attempt(wanted, partial, deadline), deadline=until
            )
        finally:
            partial.leave()

    def entries(self, url: str) -> tuple[Response, list[Entry]]:
        """Return what stands in the FTP folder at ``url``: the listing as it came, and its lines read.

        Raises:
            FetchError: it cannot be had, after all attempts, or is no address of FTP.
        """
        place = self._place(url)
        if not place.actual.startswith("ftp:"):
            raise FetchError(f"{place.official} is no folder on an FTP server", url=place.official)
        self._pace.wait(place.host)
        body, found = self._ftp.entries(place.official, actual=place.actual)
        response = Response(
            url=place.official,
            final_url=place.actual,
            status=226,
            retrieved_at=clock.now(),
            body=body,
            sha256=sha256(body),
            size=len(body),
        )
        return response, found

    def _place(self, url: str) -> Place:
        official = url.partition("#")[0]
        check(official, official=official, schemes=("http", "https", "ftp"))
        place = self._mirrors.place(official)
        check(place.actual, official=official, schemes=("http", "https", "ftp"))
        return place

    def _retrying(self, place: Place) -> Retrying:
        return Retrying(self._limits, self.timing, lambda seconds: self._pace.hold(place.host, seconds))

    def _fetch_ftp(self, place: Place, kind: Kind, max_bytes: int) -> Response:
        self._pace.wait(place.host)
        response = self._ftp.fetch(place.official, actual=place.actual, max_bytes=max_bytes)
        head = head_of(response.body)
        if (wrong := unkept(kind, head)) is None:
            return response
        if isinstance(response.body, Path):
            response.body.unlink(missing_ok=True)
        raise FetchError(
            f"{place.official} {wrong}", url=place.official, final_url=place.actual, body=head, passing=True
        )
