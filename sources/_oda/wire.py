"""OData v3 on the wire: addresses, literals, times without a zone, and the JSON of a page or of one entity."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

from sources.client.fetching import FetchError, Response

Row: TypeAlias = dict[str, Any]
"""One entity as the service gives it, without ``odata.`` keys; an empty text is ``None``."""

NEXT: Final = "@odata.nextLink"
"""Ends the key that says where a list within a row goes on."""

_SAFE: Final = "/,()':"
_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    Args:
        base: its address, ending in a slash.
        stamp: the field that says when a row changed.
        zone: the zone in which it writes times, without saying so.
        fields: for each entity the fields that may be asked for, besides ``stamp``.
    """

    base: str
    stamp: str
    zone: ZoneInfo
    fields: Mapping[str, Sequence[str]]

    def address(self, entity: str, **options: str) -> str:
        """Return the address of an entity set, or of one entity, ``Dokument(7)``, with system query options."""
        query = "&".join(f"%24{name}={quote(value, safe=_SAFE)}" for name, value in options.items())
        return f"{self.base}{quote(entity, safe='()')}" + (f"?{query}" if query else "")

    def within(self, link: str, response: Response) -> str | None:
        """Return the official address that ``link`` in ``response`` leads to; ``None`` when that is not the service's.

        The link may name the mirror that answered, or ``http:`` where the service is asked on ``https:``.
        """
        rest = response.url.removeprefix(self.base)
        mirror = response.final_url.removesuffix(rest) if response.final_url.endswith(rest) else self.base
        for known in (self.base, "http://" + self.base.partition("://")[2], mirror):
            if link.startswith(known):
                return self.base + link.removeprefix(known)
        absolute = urljoin(self.base, link)
        return absolute if absolute.startswith(self.base) else None


class ServiceError(FetchError):
    """A service that refuses what it is asked, or does something else. It ends the visit; what came is kept."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its rows, where it goes on if it says so, and whether there are more."""

    rows: list[Row]
    link: str | None
    more: bool


def parse_page(body: bytes, size: int) -> Page:
    """Read a page of an entity set that was asked for with at most ``size`` rows, or one entity.

    Raises:
        ValueError: it is neither.
    """
    if not body.strip():
        raise ValueError("the answer is empty")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the answer is no JSON: {str(error)[:200]}") from error
    found = answer.get("value", [answer] if "id" in answer else None) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError(f"the answer holds no rows: {body[:80]!r}")
    link = answer.get("odata.nextLink")
    count = _number(answer.get("odata.count"))
    more = link is not None or (len(found) < count if count is not None else len(found) >= size)
    return Page([_clean(row) for row in found], str(link) if link else None, more)


def parse_time(text: object) -> datetime | None:
    """Return a time without a zone, to the microsecond, or ``None`` if it is none. It may have 0 to 9 decimals."""
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return moment.replace(microsecond=int(f"{found[2] or '':0<6.6}"))


def literal(value: datetime | str | int) -> str:
    """Return a value as a filter writes it."""
    if isinstance(value, datetime):
        return f"datetime'{value.isoformat(timespec='microseconds')}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _number(value: object) -> int | None:
    """Return a count, which the service writes as a string."""
    try:
        return int(str(value))
    except ValueError:
        return None


def _clean(value: Any) -> Any:
    """Return a row without what is about the protocol, and with one word for what is not there."""
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items() if not key.startswith("odata.")}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return None if value == "" else value
