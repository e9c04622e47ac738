"""What each site says of machines that read, asked once: its robots.txt and its tdmrep.json."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from frisat import clock
from frisat.documents import JSON
from frisat.files import sha256
from sources.client._body import beginning, refusal
from sources.client._pace import Pace
from sources.client._retrying import Retrying
from sources.client._signals import ROBOTS_BYTES, Robots, Tdm, parse_tdmrep, tdm_of_site
from sources.client._urls import Mirrors, Place, origin, target
from sources.client._web import Guard, Web
from sources.client.fetching import FetchError, Limits, Response, Timing

_MAX_AGE = 86_400.0
"""Seconds after which a site is asked anew, as RFC 9309 wants."""
_MAX_AGE_OF_FAILURE = 900.0
_MAX_DELAY = 300.0
"""A site that wants to be left alone for longer than this many seconds between requests cannot be harvested."""
_TDMREP = ".well-known/tdmrep.json"


@dataclass(frozen=True, slots=True)
class _Site:
    asked_at: float
    robots: Robots = field(default_factory=lambda: Robots(None))
    locations: list[dict[str, JSON]] = field(default_factory=list)
    tdmrep: str | None = None
    """Why nothing is known of a ``tdmrep.json`` that may be there."""
    closed: str | None = None
    """Why nothing may be fetched from here at all."""
    passing: bool = True
    cause: FetchError | None = None


class Sites:
    """Asks each site once, and each page of it whether it may be fetched. May be shared by threads."""

    def __init__(self, web: Web, mirrors: Mirrors, pace: Pace, timing: Timing, limits: Limits) -> None:
        self._web, self._mirrors, self._pace, self._timing, self._limits = web, mirrors, pace, timing, limits
        self._sites: dict[str, _Site] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._asked: list[Response] = []

    def asked(self) -> list[Response]:
        """Return the answers to robots.txt and tdmrep.json since this was last called, as they came."""
        with self._lock:
            found, self._asked = self._asked, []
        return found

    def guard(self, url: str) -> Guard:
        """Return what asks before each hop on the way to ``url``."""

        def ask(place: Place, deadline: float) -> dict[str, JSON]:
            site = self._site(place, deadline)
            if site.closed is not None:
                raise _closed(url, place, site)
            if not site.robots.allows(target(place.official)):
                raise FetchError(
                    f"robots.txt forbids {place.official}",
                    url=url,
                    final_url=place.actual,
                    signals={**site.robots.as_json(), "robots": "forbidden"},
                    unavailable=True,
                )
            return {**site.robots.as_json(), **({"tdmrep": site.tdmrep} if site.tdmrep else {})}

        return ask

    def tdm(self, place: Place, deadline: float) -> Tdm:
        """Return what the tdmrep.json of the site says of ``place``."""
        site = self._site(place, deadline)
        return tdm_of_site(site.locations, target(place.official), place.official)

    def _site(self, place: Place, deadline: float) -> _Site:
        robots = self._beside(place, "robots.txt")
        with self._lock:
            lock = self._locks.setdefault(robots.actual, threading.Lock())
        with lock:
            site = self._sites.get(robots.actual)
            now = self._timing.monotonic()
            if site is None or now - site.asked_at > (_MAX_AGE_OF_FAILURE if site.closed else _MAX_AGE):
                site = self._sites[robots.actual] = self._load(place, robots, deadline)
        return site

    def _beside(self, place: Place, name: str) -> Place:
        """Return where the site of ``place`` keeps ``name``: beside the official one, or on the mirror for it alone."""
        found = self._mirrors.place(origin(place.official) + name)
        if place.is_mirrored and not found.is_mirrored:
            return Place(found.official, origin(place.actual) + name)
        return found

    def _load(self, place: Place, robots_place: Place, deadline: float) -> _Site:
        try:
            robots = Robots(self._get(robots_place, deadline))
        except FetchError as error:
            why = f"{robots_place.official} cannot be read, so nothing may be fetched there: {error}"
            return _Site(self._timing.monotonic(), closed=why, cause=error)
        if robots.delay > _MAX_DELAY:
            why = f"{robots_place.official} asks for {robots.delay:,.0f} s between requests, too slow to harvest"
            return _Site(self._timing.monotonic(), robots, closed=why, passing=False)
        self._pace.slow_down(place.host, robots.delay)
        tdmrep, locations = self._load_tdmrep(self._beside(place, _TDMREP), robots, deadline)
        return _Site(self._timing.monotonic(), robots, locations, tdmrep)

    def _load_tdmrep(self, place: Place, robots: Robots, deadline: float) -> tuple[str | None, list[dict[str, JSON]]]:
        if not robots.allows(f"/{_TDMREP}"):
            return "forbidden by robots.txt", []
        try:
            body = self._get(place, deadline)
        except FetchError:
            return "unreachable", []
        if body is None:
            return None, []
        locations = parse_tdmrep(body)
        return (None, locations) if locations is not None else ("unreadable", [])

    def _get(self, place: Place, deadline: float) -> bytes | None:
        """Return the file at ``place``, or what fits of it; ``None`` when the site says that it has none.

        Raises:
            FetchError: the site does not answer, or says that it is too busy to.
        """

        def attempt(_: float) -> Response:
            with self._web.ask(place.official, place, {"Accept-Encoding": "gzip"}, deadline, None) as answer:
                if answer.status != 200:
                    raise refusal(answer, spend)
                body = beginning(answer, ROBOTS_BYTES, spend)
                return _response(place.official, answer.place.actual, 200, answer.headers, body)

        def spend() -> None:
            if self._timing.monotonic() > deadline:
                raise FetchError(f"{place.official} took too long", url=place.official, passing=True)

        def hold(seconds: float) -> None:
            self._pace.hold(place.host, seconds)

        try:
            response = Retrying(self._limits, self._timing, hold).run(attempt, deadline=deadline)
        except FetchError as error:
            if error.status is None:
                raise
            self._note(_response(error.url, error.final_url or error.url, error.status, error.headers, error.body))
            if 400 <= error.status < 500 and error.status != 429:
                return None
            raise
        self._note(response)
        return response.read()

    def _note(self, response: Response) -> None:
        with self._lock:
            self._asked.append(response)


def _response(url: str, final_url: str, status: int, headers: Mapping[str, str], body: bytes) -> Response:
    return Response(
        url=url,
        final_url=final_url,
        status=status,
        headers=headers,
        retrieved_at=clock.now(),
        body=body,
        sha256=sha256(body),
        size=len(body),
    )


def _closed(url: str, place: Place, site: _Site) -> FetchError:
    cause = site.cause
    return FetchError(
        f"{url}: {site.closed}",
        url=url,
        final_url=place.actual,
        status=cause.status if cause else None,
        signals={**site.robots.as_json(), "robots": "unreachable" if cause else "forbidden"},
        passing=site.passing,
        retry_after=cause.retry_after if cause else None,
    )
