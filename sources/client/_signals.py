"""What a publisher says of machines that read: robots.txt, TDMRep and the headers, as read from bytes.

Robots: RFC 9309. TDMRep: the TDM Reservation Protocol, final report of the W3C community group, 10 May 2024.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urljoin

from lxml import etree
from protego import Protego

from frisat.documents import JSON
from frisat.files import sha256

AGENT = "frisat"
"""The name that robots.txt may call us by."""
ROBOTS_BYTES = 512_000
"""Of a longer robots.txt no more is read; RFC 9309 asks for at least 500 KiB."""

_STATED = re.compile(r"[ \t]*(?:license|content-usage|content-signal)[ \t]*:.*", re.IGNORECASE)
_MAX_LINES = 20
_MAX_VALUE = 1000
_MAX_LOCATIONS = 1000
_META_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Tdm:
    """A reservation of text and data mining (1), or that there is none (0), and the policy that goes with it."""

    reservation: int | None = None
    policy: str | None = None
    where: str | None = None

    def then(self, later: Tdm) -> Tdm:
        """Return this as overridden by ``later``; what is absent there resets nothing."""
        if later.reservation is None:
            return Tdm(self.reservation, later.policy or self.policy, self.where)
        return Tdm(later.reservation, later.policy or self.policy, later.where)

    def as_json(self) -> dict[str, JSON] | None:
        """Return what is recorded, if a reservation is stated either way."""
        if self.reservation is None:
            return None
        policy: dict[str, JSON] = {"policy": self.policy} if self.policy else {}
        return {"reservation": self.reservation, **policy, "from": self.where}


class Robots:
    """The rules of one robots.txt; ``None`` for a site that has none."""

    def __init__(self, body: bytes | None) -> None:
        text = None if body is None else body.decode("utf-8-sig", "replace")
        self._rules = None if text is None else Protego.parse(text)
        self.digest = None if body is None else sha256(body)
        self.lines = _stated(text) if text else []

    def allows(self, target: str) -> bool:
        """Say whether we may ask for ``target`` (path and query)."""
        return self._rules is None or self._rules.can_fetch(target, AGENT)

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for; 0 when it does not."""
        return (self._rules.crawl_delay(AGENT) if self._rules else None) or 0.0

    def as_json(self) -> dict[str, JSON]:
        """Return what is recorded with each response."""
        found: dict[str, JSON] = {"robots": "none" if self._rules is None else "allowed"}
        if self.digest:
            found["robots_sha256"] = self.digest
        if self.lines:
            found["robots_lines"] = list[JSON](self.lines)
        return found


def _stated(text: str) -> list[str]:
    """Return the lines of a robots.txt that speak of licences and use, as they stand."""
    lines = (line.strip()[:_MAX_VALUE] for line in text.splitlines() if _STATED.match(line))
    return [line for _, line in zip(range(_MAX_LINES), lines, strict=False)]


def parse_tdmrep(body: bytes) -> list[dict[str, JSON]] | None:
    """Return the locations in a ``tdmrep.json``, in order; ``None`` if it cannot be read as one."""
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [item for item in found[:_MAX_LOCATIONS] if isinstance(item, dict)]


def tdm_of_site(locations: Sequence[Mapping[str, JSON]], target: str, base: str) -> Tdm:
    """Return what the first location that fits ``target`` (path and query) says. ``base`` resolves the policy."""
    for item in locations:
        pattern = item.get("location")
        if isinstance(pattern, str) and matches(pattern, target):
            return _tdm(item.get("tdm-reservation"), item.get("tdm-policy"), "tdmrep.json", base)
    return Tdm()


def matches(pattern: str, target: str) -> bool:
    """Say whether ``target`` lies under ``pattern``, which is read as in robots.txt.

    ``*`` stands for anything, ``$`` at the end for the end, and what is not anchored fits all that begins with it.
    Percent-encoding does not count. Takes time in proportion to the two lengths multiplied, at worst.
    """
    anchored = pattern.endswith("$")
    first, *rest = [_normal(part) for part in pattern.removesuffix("$").split("*")]
    text = _normal(target)
    if not text.startswith(first):
        return False
    if not rest:
        return not anchored or text == first
    at = len(first)
    *middle, last = rest
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) >= at if anchored else last in text[at:]


def _normal(path: str) -> str:
    return quote(unquote_to_bytes(path), safe="/?&=;:@+,!'()~")


def tdm_of_headers(headers: Mapping[str, str], base: str) -> Tdm:
    """Return what the headers (names in lower case) of a response say."""
    return _tdm(headers.get("tdm-reservation"), headers.get("tdm-policy"), "header", base)


def tdm_of_html(head: bytes, base: str) -> Tdm:
    """Return what the ``meta`` elements at the beginning of a page say. Never raises, whatever the page is."""
    values: dict[str, str] = {}
    for name, content in _metas(head[:_META_BYTES]):
        if name in ("tdm-reservation", "tdm-policy"):
            values.setdefault(name, content)
    return _tdm(values.get("tdm-reservation"), values.get("tdm-policy"), "meta", base)


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    parser = etree.HTMLParser(no_network=True, huge_tree=False, collect_ids=False, remove_comments=True)
    try:
        root = etree.fromstring(head, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return
    for element in () if root is None else root.iter("meta"):
        yield (element.get("name") or "").strip().lower(), element.get("content") or ""


def _tdm(reservation: JSON, policy: JSON, where: str, base: str) -> Tdm:
    value = str(reservation).strip() if isinstance(reservation, int | str) and not isinstance(reservation, bool) else ""
    return Tdm(int(value) if value in ("0", "1") else None, _policy(policy, base), where)


def _policy(policy: JSON, base: str) -> str | None:
    if not isinstance(policy, str) or not policy.strip():
        return None
    try:
        return urljoin(base, policy.strip())[:_MAX_VALUE]
    except ValueError:
        return None
