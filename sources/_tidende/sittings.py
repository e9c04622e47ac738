"""Which sittings the Folketing's open data service knows, and where their transcripts should be.

The service names no address of a transcript. It is put together from session, number and time, as the files' own names
suggest; see ``docs/sources/folketingstidende.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from frisat.documents import JSON
from sources._oda.names import ODA, in_utc
from sources._oda.odata import Row, by_id, rows
from sources._oda.wire import parse_time
from sources.collecting import Found, Gone, Visit

RECENT: Final = timedelta(days=60)
"""How long a transcript is asked for again: it is preliminary at first, with speeches not yet written."""

SITE: Final = "https://www.ft.dk/forhandlinger"

_CHAMBER: Final = 1
_FIRST_SESSION: Final = "20091"
_SESSION: Final = re.compile(r"[12][0-9]{3}[1-9]")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")
_MAX_BYTES: Final = 50_000_000
_CURSOR: Final = "sittings"
_WAITING: Final = "recent"
_CHECKED: Final = "checked"
_CHECK_EVERY: Final = timedelta(days=30)
_EXPAND: Final = ("Periode",)
_SELECT: Final = ("nummer", "dato", "typeid", "Periode/kode")


@dataclass(frozen=True, slots=True)
class _Transcript:
    key: str
    opened: datetime
    version: str

    @property
    def sitting(self) -> str:
        """Which sitting it is of: the key without day and hour, which may be put off."""
        return self.key.partition("_")[0]

    def found(self, started: datetime) -> Found:
        return Found(
            key=self.key,
            url=f"{SITE}/{self.key}",
            kind="pdf",
            version=self.version,
            again=started - self.opened <= RECENT,
            max_bytes=_MAX_BYTES,
        )


def transcripts(visit: Visit) -> Iterator[Found | Gone]:
    """Yield the transcripts of sittings that changed since the last visit, those of the last sixty days, and the gone.

    A sitting that lies ahead is remembered in the cursor until it has been held: its row need not change then.

    Raises:
        FetchError, ServiceError: the service cannot be had, or does something else than it was asked for.
    """
    known = {one.sitting: one for one in _remembered(visit.cursor.get(_WAITING))}
    changed: set[str] = set()
    nameless = 0
    for row in rows(visit, ODA, "Møde", cursor_key=_CURSOR, where={"typeid": _CHAMBER}, expand=_EXPAND, select=_SELECT):
        one = _transcript(row)
        nameless += one is None
        if one is None or one.key < _FIRST_SESSION:
            continue
        known[one.sitting] = one
        if one.opened <= visit.started and one.key not in changed:
            changed.add(one.key)
            yield one.found(visit.started)
    for one in known.values():
        if one.opened <= visit.started and one.key not in changed:
            yield one.found(visit.started)
    recent = [one for one in known.values() if visit.started - one.opened <= RECENT]
    visit.cursor[_WAITING] = [[one.key, one.opened.isoformat(), one.version] for one in recent]
    if nameless:
        visit.note(f"{nameless} sittings without a number, a time or a session: they cannot be asked for")
    yield from _renamed(visit, known)
    yield from _vanished(visit)


def _renamed(visit: Visit, known: Mapping[str, _Transcript]) -> Iterator[Gone]:
    """Yield what is held of a sitting under an hour or day that it no longer has, once it is held under the new one."""
    held = visit.keys()
    for key in sorted(held):
        one = known.get(key.partition("_")[0])
        if one is not None and one.key != key and one.key in held:
            yield Gone(key, "its sitting has another day or hour now")


def _vanished(visit: Visit) -> Iterator[Gone]:
    """Yield what is held of sittings that the service has no more, looked for once in a while: it does not say so."""
    today = visit.started.date()
    last = visit.cursor.get(_CHECKED)
    if isinstance(last, str) and today - date.fromisoformat(last) < _CHECK_EVERY:
        return
    visit.cursor[_CHECKED] = today.isoformat()
    held = visit.keys()
    if last is None or not held:
        return
    every = by_id(visit, ODA, "Møde", where={"typeid": _CHAMBER}, expand=_EXPAND, select=_SELECT)
    there = {one.sitting for row in every if (one := _transcript(row))}
    for key in sorted(held):
        if key.partition("_")[0] not in there:
            yield Gone(key, "its sitting is no longer in the publisher's service")


def _transcript(row: Row) -> _Transcript | None:
    """Return the transcript of a sitting; ``None`` where the row does not say which it is."""
    number, session = str(row.get("nummer") or "").strip(), str((row.get("Periode") or {}).get("kode") or "").strip()
    opened = parse_time(row.get("dato"))
    if not _NUMBER.fullmatch(number) or not _SESSION.fullmatch(session) or opened is None or not opened.hour:
        return None
    name = f"{session}M{int(number):03d}_{opened:%Y-%m-%d_%H%M}.pdf"
    return _Transcript(f"{session}/{name}", in_utc(opened), str(row.get(ODA.stamp) or ""))


def _remembered(value: JSON) -> Iterator[_Transcript]:
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, list) and len(entry) == 3 and all(isinstance(part, str) for part in entry):
            key, opened, version = map(str, entry)
            try:
                moment = datetime.fromisoformat(opened)
            except ValueError:
                continue
            yield _Transcript(key, moment if moment.tzinfo else moment.replace(tzinfo=UTC), version)
