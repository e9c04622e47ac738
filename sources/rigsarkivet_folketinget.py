"""Folketinget's documents 1849-2026 from Rigsarkivet: delivery 14004, one ZIP with one Parquet file, a row a document.

The oldest rows are whole bound volumes of the proceedings; they are taken apart by sitting.
``docs/sources/rigsarkivet-folketinget.md`` says what is confirmed of the delivery and what is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from frisat.documents import JSON, Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError
from sources._escaped_id import escaped
from sources._rigsarkivet.bound_volume import LONG, Part, parts
from sources._rigsarkivet.danish_dates import Days, days
from sources._rigsarkivet.delivery_state import HOST, LANDING, found
from sources._rigsarkivet.folketinget_rows import Row, repeated, rows
from sources._rigsarkivet.zipped_parquet import Packed, opened, parquet_files
from sources.unpacking import is_junk

if TYPE_CHECKING:
    from sources.collecting import Found, Gone, Visit

VERSION = 1
PACE: Final = {HOST: 5.0}

_PROCEEDINGS: Final = re.compile(r"(?i)tidende")
_YEARS: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?: ?[-–—/] ?(\d{4}|\d{2}))?(?!\d)")
_PRINTED_BEFORE: Final = 2000
"""Long rows of earlier years are volumes; later ones without OCR are long documents, such as reports."""


def accepts(path: str) -> bool:
    """Say whether ``path`` in a delivery is one of the delivery's files: a ZIP or a Parquet file that is not hidden."""
    name = PurePosixPath(path).name.lower()
    return name.endswith((".zip", ".parquet")) and not is_junk(path)


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Yield the delivery's ZIP; asked for when the landing page says something new, else once a month."""
    yield from found(visit)


def extract(record: Record) -> Iterator[Document | LeftOut | Problem]:
    """Read the documents out of the ZIP, or out of the Parquet file that was in it: they are the same.

    Raises:
        RecordError: nothing, or nothing more, of the record can be read. A single bad row is a ``Problem``.
        WorkspaceError: there is no room to unpack the ZIP.
    """
    given = _Given(record.source)
    with opened(record.body) as handle:
        files = parquet_files(handle)
        for packed in files:
            try:
                yield from _file(packed, given, record.retrieved_at.year)
            except BrokenRecordError as error:
                if len(files) == 1:
                    raise
                yield Problem(error=BrokenRecordError(f"{packed.name[:100]} {error}"), content=packed.name.encode())


def _file(packed: Packed, given: _Given, year: int) -> Iterator[Document | Problem]:
    with packed.open() as handle:
        for row in rows(handle):
            if isinstance(row, Problem):
                yield row
            else:
                yield from _documents(row, given, year)


@dataclass(slots=True)
class _Given:
    """The ids given so far, each with a hash of its text: 125,000 of them take some 20 MB."""

    source: str
    _texts: dict[str, bytes] = field(default_factory=dict)

    def take(self, row: Row) -> str | None:
        """Return the id of a row; nothing where the same text came under the same identifier before.

        Another text under an identifier that came before gets its hash into the id.
        """
        name = f"{self.source}/{escaped(row.identifier)}"
        before = self._texts.setdefault(name, row.digest)
        if before is row.digest:
            return name
        name = f"{name}.xr{row.digest.hex()}"
        if before == row.digest or name in self._texts:
            return None
        self._texts[name] = row.digest
        return name


def _documents(row: Row, given: _Given, year: int) -> Iterator[Document | Problem]:
    name = given.take(row)
    if name is None:
        yield repeated(row, "repeats an earlier row: the same identifier and the same text")
        return
    created = days(row.created, year + 1)
    details: dict[str, JSON] = {"ocr": row.ocr, "ocr_method": row.ocr_method}
    details = {key: value for key, value in details.items() if value is not None}
    if not _is_volume(row, created):
        if row.words is not None:
            details["words"] = row.words
        yield Document(
            id=name, text=row.text.strip(), title=row.title, created=created, url=LANDING, document_type=row.kind,
            details=details,
        )  # fmt: skip
        return
    if row.title:
        details["volume_title"] = row.title
    for part in parts(row.text, _years(row, created)):
        yield _part(name, part, row, created, details)


def _part(name: str, part: Part, row: Row, created: Days | None, details: dict[str, JSON]) -> Document:
    own: dict[str, JSON] = {"part": part.kind, "sitting": part.sitting, "pages": part.pages}
    return Document(
        id=f"{name}/{part.name}",
        text=part.text,
        title=part.title or row.title,
        created=part.created or created,
        url=LANDING,
        document_type=row.kind,
        parent_id=name,
        details={**details, **{key: value for key, value in own.items() if value is not None}},
    )


def _is_volume(row: Row, created: Days | None) -> bool:
    """Say whether a row is a bound volume: long, and named so, or printed, or read by a scanner."""
    if len(row.text) <= LONG:
        return False
    named = any(_PROCEEDINGS.search(name) for name in (row.identifier, row.title or "", row.kind or ""))
    return named or bool(row.ocr) or (created is not None and created[1].year < _PRINTED_BEFORE)


def _years(row: Row, created: Days | None) -> tuple[int, int] | None:
    """Return the first and last year of a volume, by its title and its date."""
    years = [created[0].year, created[1].year] if created else []
    for match in _YEARS.finditer(row.title or ""):
        first = int(match[1])
        years.append(first)
        if match[2]:
            last = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
            years.append(last if first <= last <= first + 10 else first + 1 if last == first - 99 else first)
    return (min(years), max(years)) if years else None
