"""Extraction: from records in the archive to documents in parts. No network, no clock: a function of the archive."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from frisat.documents import ID_CHARACTERS, Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, RecordError, WorkspaceError
from frisat.files import atomic_folder, canonical_json, sha256
from frisat.parquet import write_parquet
from frisat.schema import DOCUMENTS
from sources.archive import Stored, read_records
from sources.erasing import kept_rows
from sources.source import Extracted, Source

VERSION = 2
PART_BYTES = 16_000_000
_MAX_ID = 500
_URL_SCHEMES = ("http://", "https://", "ftp://", "urn:", "doi:", "hdl:")


@dataclass(frozen=True, slots=True)
class ExtractJob:
    """Read one part of the archive into the folder of documents ``target``."""

    source: Source
    archive_folder: Path
    part: Path
    target: Path

    def __str__(self) -> str:
        return f"{self.source.name} {self.part.stem[:8]}"


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """How many documents a part gave, how many records (or rows) gave none, what was left out on purpose."""

    documents: int
    gave_none: int
    left_out: dict[str, int]


def extract_key(source: Source, part: Path) -> str:
    """Return the name of the documents read out of ``part``: its own key and this stage's fingerprint."""
    fingerprint = sha256(f"extract {VERSION} {source.name} {source.module.VERSION}")
    return f"{part.stem[:32]}-{fingerprint[:12]}"


def extract_part(job: ExtractJob) -> ExtractResult:
    """Read the documents out of one part of the archive, in parts of at most 16 MB of text or one document."""
    left_out: dict[str, Counter[str]] = {}
    counts = [0, 0]
    with atomic_folder(job.target) as folder:
        for number, rows in enumerate(_batches(_rows(job, left_out))):
            counts[0] += sum(row["reason"] is None for row in rows)
            counts[1] += sum(row["reason"] is not None for row in rows)
            table = pa.Table.from_pylist(rows, schema=DOCUMENTS)
            metadata = {"frisat.left_out": canonical_json(left_out)}
            write_parquet(folder / f"{number:05d}.parquet", [table], DOCUMENTS, metadata=metadata)
    kinds = sum(left_out.values(), Counter[str]())
    return ExtractResult(counts[0], counts[1], dict(sorted(kinds.items())))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        weight = len(row["text"])
        if batch and size + weight > PART_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def _rows(job: ExtractJob, left_out: dict[str, Counter[str]]) -> Iterator[dict[str, Any]]:
    for stored in read_records(job.archive_folder, job.part):
        for row in kept_rows(stored.record.body) or _read(job.source, stored, left_out):
            yield {
                **row,
                "source": job.source.name,
                "record_key": stored.record.key,
                "record_sha256": stored.record.sha256,
                "retrieved_at": stored.record.retrieved_at,
                "harvest": stored.harvest,
                "delivery": stored.record.delivery,
            }


def _read(source: Source, stored: Stored, left_out: dict[str, Counter[str]]) -> Iterator[dict[str, Any]]:
    for item in _items(source, stored):
        if isinstance(item, LeftOut):
            left_out.setdefault(stored.record.key, Counter())[item.kind] += item.characters
        else:
            yield _document(item) if isinstance(item, Document) else _problem(item, stored.record)


def _items(source: Source, stored: Stored) -> Iterator[Extracted]:
    """Yield what a record gives; an error of any kind becomes a problem that names it."""
    content = stored.record.sha256.encode()
    if stored.failure is not None:
        reason, _, detail = stored.failure.partition(": ")
        error = RecordError(detail)
        error.reason = reason  # type: ignore[misc]
        yield Problem(error=error, content=content)
        return
    gave = False
    try:
        for item in source.module.extract(stored.record):
            if isinstance(item, Document):
                _check(item, source)
            gave = gave or not isinstance(item, LeftOut)
            yield item
        if not gave:
            raise EmptyRecordError("gives no document")
    except RecordError as error:
        yield Problem(error=error, content=content)
    except WorkspaceError:
        raise  # a full disk says nothing of the record: the part is not done
    except RecursionError:
        yield Problem(error=BrokenRecordError("is nested too deeply to be read"), content=content)
    except Exception as error:
        fault = BrokenRecordError(
            f"its reader failed with {type(error).__name__}: {str(error)[:200]}; please report it"
        )
        yield Problem(error=fault, content=content)


def _check(document: Document, source: Source) -> None:
    if not document.id.startswith(f"{source.name}/") or not ID_CHARACTERS.fullmatch(document.id):
        raise BrokenRecordError(f"gives the id {document.id[:80]!r}, which is no id of this source")
    if len(document.id) > _MAX_ID:
        raise BrokenRecordError(f"gives an id of more than {_MAX_ID} characters ({document.id[:40]!r}…)")


def _encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which are no characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _line(text: str | None) -> str | None:
    """Return a description on one line, or null when there is nothing in it."""
    return " ".join(_encodable(text).split())[:2000] or None if text is not None else None


def _document(document: Document) -> dict[str, Any]:
    created = document.created
    url = _line(document.url)
    row: dict[str, Any] = {
        "id": document.id,
        # As bytes: pyarrow takes several times as long to encode text by itself.
        "text": _encodable(document.text).encode(),
        "title": _line(document.title),
        "created": f"{created[0].isoformat()}, {created[1].isoformat()}" if created else None,
        "url": url if url and url.lower().startswith(_URL_SCHEMES) else None,
        "document_type": _line(document.document_type),
        "parent_id": document.parent_id,
        "author": _line(document.author),
        "details": _encodable(canonical_json(document.details)) if document.details else None,
        "reason": None,
        "detail": None,
    }
    described = canonical_json({name: value for name, value in row.items() if name != "text"})
    return {**row, "content": sha256(f"{sha256(row['text'])} {described}")}


def _problem(problem: Problem, record: Record) -> dict[str, Any]:
    digest = record.sha256 if problem.content == record.sha256.encode() else sha256(problem.content)
    row = dict.fromkeys(field.name for field in DOCUMENTS)
    detail = _encodable(f"{record.key}: {problem.error}")[:1000]
    return {
        **row,
        "id": f"{record.source}/record/{digest[:16]}",
        "text": b"",
        "reason": problem.error.reason,
        "detail": detail,
        "content": sha256(detail),
    }


def remove_stale(folder: Path, keep: set[str]) -> None:
    """Remove document folders whose records were merged or whose stage has changed since."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path)
