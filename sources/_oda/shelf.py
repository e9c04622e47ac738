"""What of ODA's documents is held, and what becomes of it: what to fetch, and what is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from frisat.files import sha256
from sources._oda.documents import Labels, describe, own_wording
from sources._oda.files import File, choose
from sources._oda.names import ODA
from sources._oda.odata import Row, missing
from sources.collecting import Found, Gone, Visit

KEY: Final = re.compile(r"dokument/([0-9]{1,10})/(?:fil/([0-9]{1,10})|ordlyd)(?:\.[a-z0-9]+)?", re.IGNORECASE)
"""The key of a record: of a file, or of the wording of a question without one; in a delivery with an extension."""
PUBLIC: Final = "O"

_MAX_BYTES: Final = 150_000_000
_CHECK_EVERY: Final = timedelta(days=30)
_FEW: Final = 10
_MAX_GONE: Final = 0.05
"""The share of what is held that may be gone at once and be believed."""


class Shelf:
    """What is held of each document, and what becomes of it when the document comes again."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._label = Labels(visit)
        self._held: dict[int, set[str]] = {}
        for key in visit.keys("dokument/"):
            if found := KEY.fullmatch(key):
                self._held.setdefault(int(found[1]), set()).add(key)
        self._closed = self._unread = 0
        self._elsewhere: list[str] = []

    def take(self, row: Row) -> list[Found | Gone]:
        """Return what there is to fetch of a document, and what of it is no more; nothing of a row beyond reading."""
        try:
            return list(self._take(row))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            fault = f"{type(error).__name__}: {str(error)[:200]}"
            self._visit.warn(f"{_address(row)} is not as expected and was passed over: {fault}")
            return []

    def _take(self, row: Row) -> Iterator[Found | Gone]:
        every = [File.of(file) for file in row["Fil"] or ()]
        public = row.get("offentlighedskode") == PUBLIC
        self._closed += not public
        found = list(self._found(row, every)) if public else []
        yield from found
        keys = {item.key for item in found}
        known = self._held.get(row["id"], set()) | {_key(row["id"], file.id) for file in every}
        why = "no longer stands for a text of its document" if public else "its document is not public"
        for key in sorted(known - keys):
            yield Gone(key, why)
        self._held[row["id"]] = keys

    def _found(self, row: Row, every: list[File]) -> Iterator[Found]:
        chosen, wording = choose(every), own_wording(row)
        for file in chosen:
            yield Found(
                key=_key(row["id"], file.id),
                url=file.url or "",
                kind=file.kind,
                version=file.version,
                context=describe(row, self._label, file),
                max_bytes=_MAX_BYTES,
            )
        if wording and not chosen:
            yield Found(
                key=_key(row["id"]),
                url=_address(row),
                kind="json",
                version=sha256(wording),
                context=describe(row, self._label),
            )
        self._unread += bool(every) and not chosen
        self._elsewhere += [f"{file.id}" for file in every if not file.url]

    def tell(self) -> None:
        """Say what was met and not taken."""
        if self._closed:
            self._visit.note(f"Documents that are not public, whose files were not asked for: {self._closed:,}")
        if self._unread:
            self._visit.note(f"{self._unread:,} documents that came have no file in PDF, DOCX or HTML")
        if self._elsewhere:
            self._visit.warn(
                f"{len(self._elsewhere):,} files that came have no address on ft.dk and were not asked for, such as "
                f"{ODA.address(f'Fil({self._elsewhere[0]})')}"
            )


def vanished(visit: Visit) -> Iterator[Gone]:
    """Yield what is held and no more in the service, looked for once in a while: it does not say what it removes."""
    today = visit.started.date()
    last = visit.cursor.get("checked")
    if isinstance(last, str) and today - date.fromisoformat(last) < _CHECK_EVERY:
        return
    visit.cursor["checked"] = today.isoformat()
    held = {key: found for key in sorted(visit.keys("dokument/")) if (found := KEY.fullmatch(key))}
    if last is None or not held:
        return
    documents = set(missing(visit, ODA, "Dokument", (int(found[1]) for found in held.values())))
    files = set(missing(visit, ODA, "Fil", (int(found[2]) for found in held.values() if found[2])))
    gone = [key for key, found in held.items() if int(found[1]) in documents or (found[2] and int(found[2]) in files)]
    if len(gone) > max(_FEW, _MAX_GONE * len(held)):
        visit.warn(
            f"{len(gone):,} of {len(held):,} records held are not in the service any more, such as {gone[0]}. That is "
            "not believed; nothing was marked as removed"
        )
        return
    for key in gone:
        yield Gone(key, "no longer in the publisher's service")


def _address(row: Row) -> str:
    return ODA.address(f"Dokument({row['id']})")


def _key(document: int, file: int | None = None) -> str:
    return f"dokument/{document}/fil/{file}" if file is not None else f"dokument/{document}/ordlyd"
