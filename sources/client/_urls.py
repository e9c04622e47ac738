"""Addresses: official ones and the mirrors that answer for them, and where a redirect may lead."""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from sources.client.fetching import FetchError, without_userinfo

_PORTS = {"http": 80, "https": 443, "ftp": 21}
_MAX_URL = 8000
"""Longer addresses are refused: servers do not read them, and they fill messages."""


@dataclass(frozen=True, slots=True)
class Place:
    """An official address, and the one that is really asked."""

    official: str
    actual: str

    @property
    def host(self) -> str:
        """The official host, whose pace is kept."""
        return urlsplit(self.official).hostname or ""

    @property
    def is_mirrored(self) -> bool:
        return self.official != self.actual


def origin(url: str) -> str:
    """Return scheme, host and port of ``url``, ending in a slash."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port
    return f"{parts.scheme}://{host}{'' if port in (None, _PORTS.get(parts.scheme)) else f':{port}'}/"


def target(url: str) -> str:
    """Return path and query of ``url``: what robots.txt speaks of."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_private(host: str) -> bool:
    """Say whether ``host`` is this machine or an address inside a network, in any way of writing it.

    Names are not looked up: what a public name resolves to is for the network to guard.
    """
    name = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".").lower()  # as IDNA reads it
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(name))  # 127.1, 0x7f000001, 2130706433
        except (OSError, ValueError):
            return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global or address.is_multicast


class Mirrors:
    """Official prefixes and the prefixes that answer for them; the longest that fits wins."""

    def __init__(self, mirrors: Mapping[str, str]) -> None:
        self._there = dict(mirrors)
        self._back = {actual: official for official, actual in mirrors.items()}

    def place(self, official: str) -> Place:
        """Return where ``official`` is really asked for."""
        return Place(official, _swap(official, self._there))

    def unmapped(self, actual: str) -> Place:
        """Return the place whose real address is ``actual``, as a redirect names it."""
        official = _swap(actual, self._back)
        return Place(official, actual) if official != actual else self.place(actual)


def _swap(url: str, prefixes: Mapping[str, str]) -> str:
    fitting = max((prefix for prefix in prefixes if url.startswith(prefix)), key=len, default=None)
    return url if fitting is None else prefixes[fitting] + url.removeprefix(fitting)


def check(url: str, *, official: str, schemes: tuple[str, ...]) -> SplitResult:
    """Return the parts of ``url``.

    Raises:
        FetchError: it is no address, is in a scheme that is not asked for, or carries a user name or password.
    """

    def refuse(why: str) -> FetchError:
        return FetchError(f"{without_userinfo(url)[:300]} {why}", url=official[:_MAX_URL], final_url=url[:_MAX_URL])

    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise refuse(f"is no address: {error}") from error
    if parts.scheme not in schemes:
        raise refuse(f"is no address in {' or '.join(schemes)}; nothing else is fetched")
    if "@" in parts.netloc:
        raise refuse("had a user name or password in it, which is never sent; give the address without it")
    if not parts.hostname or len(url) > _MAX_URL or any(c <= " " or c == "\x7f" for c in url):
        raise refuse("is no address: it has no host, is too long, or has white space in it")
    return parts


def follow(place: Place, location: str, mirrors: Mirrors, *, inside: bool, url: str) -> Place:
    """Return where a redirect from ``place`` to ``location`` leads.

    From https to http is refused, also on one host: somebody between could then change the text that is archived as
    the publisher's. A source that is only on http is asked for on http from the beginning. Private addresses are
    refused unless the fetch began at one (``inside``), as it does with a mirror of our own; else a publisher could
    let us ask what only we can reach.

    Raises:
        FetchError: the redirect is refused.
    """
    try:
        there = urljoin(place.actual, location.strip().replace(" ", "%20")).partition("#")[0]
    except ValueError as error:
        raise FetchError(f"{url} redirects to what is no address: {error}", url=url) from error
    parts = check(there, official=url, schemes=("http", "https"))
    if is_private(parts.hostname or "") and not inside:
        raise FetchError(f"{url} redirects to {there}, an address inside a network; refused", url=url, final_url=there)
    found = mirrors.unmapped(there)
    if place.actual.startswith("https:") and not found.actual.startswith("https:"):
        raise FetchError(f"{url} redirects from https to {found.actual}; refused", url=url, final_url=there)
    return found
