"""One request at a time over HTTP: paced, with redirects followed by hand, and every failure as one kind of error."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx

from frisat.documents import JSON
from sources.client._pace import Pace
from sources.client._urls import Mirrors, Place, follow, is_private
from sources.client.fetching import FetchError, Limits, without_userinfo

_MAX_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_VALUE = 1000
_KEPT = (
    "content-type", "content-length", "content-encoding", "content-range", "content-language", "etag", "last-modified",
    "date", "retry-after", "server", "x-robots-tag", "content-usage", "tdm-reservation", "tdm-policy", "license",
    "link", "cf-mitigated", "x-amzn-waf-action",
)  # fmt: skip
"""The headers that say something of the content or of the refusal; all others (cookies, traces) are forgotten."""


@dataclass(slots=True)
class Answer:
    """What answered, before its body is read.

    ``url`` is the official address that was asked for, ``place`` the one that answered, after redirects.
    """

    url: str
    place: Place
    raw: httpx.Response
    signals: dict[str, JSON] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return self.raw.status_code

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are kept, in lower case, cleaned and cut to a bearable length."""
        return {name: _clean(self.raw.headers[name]) for name in _KEPT if name in self.raw.headers}

    @property
    def phrase(self) -> str:
        """The status and what it means."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)

    def error(self, what: str, **more: Any) -> FetchError:
        """Return the error that says ``what`` is wrong with this answer."""
        given = {"url": self.url, "final_url": self.place.actual, "status": self.status, "headers": self.headers}
        return FetchError(f"{named(self.url, self.place)} {what}", **{**given, "signals": self.signals, **more})


Guard = Callable[[Place, float], dict[str, JSON]]
"""Asked before each hop, with the deadline: raises when it may not be fetched, and returns what is signalled there."""


class Web:
    """The connections. Keeps no cookies, sends no credentials."""

    def __init__(self, contact: str, mirrors: Mirrors, pace: Pace, limits: Limits) -> None:
        self._mirrors = mirrors
        self._pace = pace
        self._http = httpx.Client(
            headers={"User-Agent": f"frisat/{version('frisat')} (+{contact})", "Accept": "*/*"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @contextmanager
    def ask(
        self, url: str, place: Place, headers: Mapping[str, str], deadline: float, guard: Guard | None
    ) -> Iterator[Answer]:
        """Ask for ``place`` and follow where it leads; give the answer with its body unread.

        Raises:
            FetchError: there is no answer, or it breaks off while the body is read; a redirect is refused, or they go
                round in a circle.
        """
        inside = is_private(urlsplit(place.actual).hostname or "")
        asked: list[str] = []
        while len(asked) <= _MAX_REDIRECTS:
            asked.append(place.actual)
            signals = guard(place, deadline) if guard else {}
            self._pace.wait(place.host)
            with self._send(url, place, headers) as raw:
                location = raw.headers.get("location") if raw.status_code in _REDIRECTS else None
                if location is None:
                    yield Answer(url, place, raw, signals)
                    return
            place = follow(place, location, self._mirrors, inside=inside, url=url)
            if place.actual in asked:
                chain = " -> ".join([*asked, place.actual][-4:])
                raise FetchError(f"{url} redirects in a circle: {chain}", url=url, final_url=place.actual)
        raise FetchError(f"{url} redirects more than {_MAX_REDIRECTS} times", url=url, final_url=place.actual)

    @contextmanager
    def _send(self, url: str, place: Place, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Send one request. What goes wrong until the caller is done with the body becomes one kind of error."""
        try:
            with self._http.stream("GET", place.actual, headers=headers) as raw:
                yield raw
        except httpx.TransportError as error:
            raise _broken(url, place, error) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise _unaskable(url, place, error) from error


def _broken(url: str, place: Place, error: httpx.TransportError) -> FetchError:
    """Return the error for a connection that failed: worth another attempt, unless the certificate is bad."""
    certificate = _cause(error, ssl.SSLCertVerificationError)
    what = {
        httpx.ConnectTimeout: "did not accept a connection in time",
        httpx.ReadTimeout: "stopped answering",
        httpx.ConnectError: "could not be reached",
    }.get(type(error), "broke off")
    if certificate is not None:
        what = "has a certificate that is not valid"
    told = str(certificate or error)[:200]
    return FetchError(
        f"{named(url, place)} {what}{f': {told}' if told else ''}",
        url=url,
        final_url=place.actual,
        passing=True,
        again=certificate is None,
    )


def _unaskable(url: str, place: Place, error: Exception) -> FetchError:
    """Return the error for an address that cannot even be asked for."""
    return FetchError(f"{named(url, place)} cannot be asked for: {error}", url=url, final_url=place.actual)


def named(url: str, place: Place) -> str:
    """Return the address that was asked for, and the one that answered where that is another."""
    return url if place.actual == url else f"{url} (at {place.actual})"


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def _clean(value: str) -> str:
    readable = "".join(c for c in value[: 2 * _MAX_VALUE] if c.isprintable())
    return without_userinfo(readable)[:_MAX_VALUE]
