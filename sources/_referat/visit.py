"""Which sittings the publisher has, by the folders of its FTP server: one for each session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from sources._referat.record import NAME
from sources.collecting import Entry, FetchError, Found, Visit

FOLDER: Final = "ftp://oda.ft.dk/ODAXML/Referat/samling/"

_SESSION: Final = re.compile(r"[0-9]{5}")
_RECENT: Final = timedelta(days=60)
_MAX_BYTES: Final = 50_000_000
_NAMED: Final = 5


def sittings(visit: Visit) -> Iterator[Found]:
    """Ask for the sittings of all sessions, the newest first.

    Every folder is listed every time: there are some forty, and files of sessions long past are replaced too.

    Raises:
        FetchError: the list of sessions cannot be had, or is empty; or that of one session cannot, after all others
            were read.
    """
    failed: FetchError | None = None
    folders = [entry for entry in visit.entries(FOLDER) if entry.is_folder]
    sessions = [entry.name for entry in folders if _SESSION.fullmatch(entry.name)]
    if not sessions:
        raise FetchError(f"{FOLDER} lists no session; look whether the transcripts have moved", url=FOLDER)
    _name_others(visit, "folders", sorted({entry.name for entry in folders} - set(sessions)))
    for session in sorted(sessions, reverse=True):
        try:
            entries = visit.entries(f"{FOLDER}{session}/")
        except FetchError as error:
            visit.warn(f"{session}: not listed this time: {error}")
            failed = error
            continue
        yield from _of_session(visit, session, entries)
        if visit.since is None:
            visit.complete(f"{session}/")
    if failed is not None:
        raise failed
    if visit.since is None:
        visit.complete()


def _of_session(visit: Visit, session: str, entries: list[Entry]) -> Iterator[Found]:
    others = []
    for entry in entries:
        match = NAME.fullmatch(entry.name)
        if entry.is_folder or match is None or match["session"] != session or not _is_whole(entry.name):
            others.append(entry.name)
        elif visit.since is None or entry.modified is None or entry.modified.date() >= visit.since:
            yield Found(
                key=f"{session}/{entry.name}",
                url=f"{FOLDER}{session}/{quote(entry.name)}",
                kind="xml",
                version=_version(visit, entry),
                again=entry.modified is not None and visit.started - entry.modified <= _RECENT,
                max_bytes=_MAX_BYTES,
            )
    _name_others(visit, f"{session}: files", others)


def _is_whole(name: str) -> bool:
    return name.lower().endswith("_helemoedet.xml")


def _name_others(visit: Visit, what: str, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        visit.note(f"{what} of another kind, not fetched: {', '.join(names[:_NAMED])}{more}")


def _version(visit: Visit, entry: Entry) -> str:
    """Return the state of a file by its size and time, in minutes: not every listing has seconds.

    Without a time the week takes its place, so that the file is asked for once a week; each on a day of its own.
    """
    if entry.modified is not None:
        return f"{entry.size} {entry.modified:%Y-%m-%dT%H:%M}"
    spread = sha256(entry.name.encode()).digest()[0] % 7
    return f"{entry.size} week {(visit.started.date().toordinal() + spread) // 7}"
