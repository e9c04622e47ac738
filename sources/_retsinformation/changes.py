"""Retsinformation's harvest service: what was added, changed and removed on each of the last ten days.

    GET https://api.retsinformation.dk/v1/Documents?date=2026-03-12

gives a JSON array without pages. The service is open from 03:00 to 23:45 Danish time, wants ten seconds between calls,
and answers 400 outside its hours and for days further back than ten.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sources._retsinformation.names import TYPES, accession_in, is_act, key_of_accession, type_of
from sources.collecting import FetchError, Visit

SERVICE: Final = "https://api.retsinformation.dk/v1/Documents"
DAYS: Final = 10
"""So many days are asked for, today among them."""

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_OPEN, _CLOSED = time(3), time(23, 45)
_DOUBTFUL: Final = 8
"""Of days so far back or further a refusal is believed: where the ten days end is not documented to the hour."""
_MAX_BYTES: Final = 50_000_000
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[0-9.:+Z-]{0,20}")
_REMOVED: Final = "RemovedDocument"
_KNOWN: Final = (
    "NewDocument", "DocumentMetadataChanged", "DocumentContentChanged",
    "DocumentMetadataChangedAndDocumentContentChanged",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one document last.

    ``version`` is the service's time of it, if it gave one; ``is_ours`` says that it is of a type of this source.
    """

    key: str
    accession: str
    removed: bool
    is_ours: bool
    version: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The last change of each document on the days from ``first`` to today."""

    changes: list[Change]
    first: date


def danish_day(moment: datetime) -> date:
    """Return the day in Denmark at ``moment``."""
    return moment.astimezone(_ZONE).date()


def check_hours(moment: datetime) -> None:
    """Refuse to begin while the service is closed.

    Raises:
        FetchError: it is closed at ``moment``.
    """
    there = moment.astimezone(_ZONE)
    if not _OPEN <= there.time() < _CLOSED:
        raise FetchError(
            f"the harvest service is open from {_OPEN:%H:%M} to {_CLOSED:%H:%M} Danish time, and it is {there:%H:%M}. "
            "Nothing was asked for and nothing is lost: harvest again when it is open",
            url=SERVICE,
            passing=True,
        )


def changes_since(visit: Visit, first: date, today: date) -> Changes:
    """Ask for the changes of each day from ``first`` to ``today``; days too far back may be missing from what comes.

    Raises:
        FetchError: a day cannot be had, or its list cannot be read.
    """
    found: list[tuple[str, Change]] = []
    odd: Counter[str] = Counter()
    for back in range((today - first).days, -1, -1):
        day = today - timedelta(days=back)
        url = f"{SERVICE}?date={day}"
        try:
            body = visit.get(url, kind="json", max_bytes=_MAX_BYTES).read()
        except FetchError as error:
            if error.status != 400:
                raise
            if back < _DOUBTFUL:
                visit.warn(
                    f"{url} was refused. The service does that outside its hours ({_OPEN:%H:%M} to {_CLOSED:%H:%M} "
                    "Danish time) and for days it no longer tells of"
                )
                raise
            visit.note(f"the harvest service tells nothing of {day} any more")
            first = day + timedelta(days=1)
        else:
            changes = (_change(item, odd) for item in _items(body, url))
            found += [(change.version or f"{day}T00:00:00", change) for change in changes if change is not None]
    for what, count in sorted(odd.items()):
        visit.warn(f"the harvest service listed {count:,} {what}")
    last = {change.key: change for _, change in sorted(found, key=lambda item: item[0])}
    return Changes(list(last.values()), first)


def _items(body: bytes, url: str) -> list[Any]:
    try:
        items = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{url} is no JSON: {error}", url=url, passing=True) from error
    if not isinstance(items, list):
        raise FetchError(f"{url} holds no array but {str(items)[:80]!r}", url=url, passing=True)
    return items


def _change(item: Any, odd: Counter[str]) -> Change | None:
    """Return what an entry says, or nothing if that is of no interest to this source."""
    if not isinstance(item, dict):
        odd["entries that are no objects; they were left out"] += 1
        return None
    accession = _text(item, "accessionsnummer") or accession_in(_text(item, "href")) or ""
    key = key_of_accession(accession)
    if key is None:
        odd["entries without a usable accession number; they were left out"] += 1
        return None
    reason, moment = _text(item, "reasonForChange"), _text(item, "changeDate")
    removed, is_ours = reason == _REMOVED, _is_ours(item.get("documentType"), accession)
    if not (removed or is_ours):
        return None
    if not removed and reason not in _KNOWN:
        odd[f"entries with the unknown reason {reason[:60]!r}; they were taken as changed"] += 1
    return Change(key, accession, removed, is_ours, moment if _MOMENT.fullmatch(moment) else None)


def _is_ours(kind: Any, accession: str) -> bool:
    """Say whether a document is of a type of this source; where none is given, by its accession number."""
    name = kind.get("shortName") if isinstance(kind, dict) else kind
    return type_of(name) in TYPES if isinstance(name, str) and name.strip() else is_act(accession)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
