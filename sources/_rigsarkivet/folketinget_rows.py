"""The rows of delivery 14004, read one at a time, whatever the columns' types and however large the file is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from frisat.documents import Problem
from frisat.errors import BrokenRecordError, EmptyRecordError, RecordError
from sources.unpacking import INFLATION_LIMIT

COLUMNS: Final = {
    "identifikator": "identifikator",
    "indhold": "indhold",
    "titel": "titel",
    "skabt": "skabt",
    "type": "type",
    "antalord": "antal ord",
    "dannetvedocr": "dannet ved OCR",
    "ocrmetode": "OCR-metode",
}
"""The publisher's columns, by their letters alone: case, spaces, strokes and what stands in brackets may differ."""
_NEEDED: Final = ("identifikator", "indhold")
_BUFFER: Final = 1 << 20
_ROWS_AT_ONCE: Final = 1
"""A row may hold 24 million characters: reading more of them at once costs memory and gains little."""
_INFLATION_FREE: Final = 1 << 30
_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_WORDS: Final = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with an identifier and a text. ``number`` counts from 1; ``created`` is as the file has it.

    ``digest`` is a short hash of the text.
    """

    number: int
    identifier: str
    text: str
    digest: bytes
    title: str | None
    created: object
    kind: str | None
    words: int | None
    ocr: bool | None
    ocr_method: str | None


def rows(handle: IO[bytes]) -> Iterator[Row | Problem]:
    """Yield the rows of a Parquet file; one that gives no text is a problem, and the rest goes on.

    Raises:
        BrokenRecordError: damaged, cut short, hostile, or without the columns that are needed.
        EmptyRecordError: it has no rows.
    """
    try:
        with pq.ParquetFile(handle, buffer_size=_BUFFER, pre_buffer=False, memory_map=False) as file:
            columns = _columns(file.schema_arrow)
            if not file.metadata.num_rows:
                raise EmptyRecordError("holds no rows")
            _refuse_bomb(file.metadata)
            yield from _read(file, columns, _size(handle))
    except (pa.ArrowException, OSError, MemoryError, OverflowError, ValueError) as error:
        raise BrokenRecordError(
            f"is not readable Parquet ({' '.join(str(error).split())[:200]}); fetch it again"
        ) from error


def _size(handle: IO[bytes]) -> int:
    here = handle.tell()
    size = handle.seek(0, 2)
    handle.seek(here)
    return size


def _columns(schema: Any) -> dict[str, str]:
    """Return the name that each known column has in this file."""
    found: dict[str, str] = {}
    for name in schema.names:
        key = _NO_LETTER.sub("", _BRACKETS.sub("", name)).casefold()
        if key not in COLUMNS:
            continue
        if key in found and COLUMNS[key] not in (found[key], name):
            raise BrokenRecordError(f"has both a column {found[key]!r} and a column {name!r}; which one is meant?")
        if found.get(key) != COLUMNS[key]:
            found[key] = name
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        there = ", ".join(repr(name[:40]) for name in schema.names[:20]) or "none"
        wanted = " and ".join(repr(name) for name in missing)
        raise BrokenRecordError(f"lacks the column {wanted}; its columns are {there}")
    if len(set(schema.names)) < len(schema.names):
        raise BrokenRecordError("has two columns of one name")
    for key, name in list(found.items()):
        if pa.types.is_nested(schema.field(name).type):
            if key in _NEEDED:
                raise BrokenRecordError(f"has in its column {name!r} {schema.field(name).type} where text is expected")
            del found[key]
    return found


def _refuse_bomb(metadata: Any) -> None:
    """Refuse a column that inflates beyond reason, by what the file itself says of it."""
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            inflated, packed = chunk.total_uncompressed_size, max(chunk.total_compressed_size, 1)
            if inflated > _INFLATION_FREE and inflated > INFLATION_LIMIT * packed:
                raise BrokenRecordError(
                    f"has a column {chunk.path_in_schema[:40]!r} that inflates to {inflated:,} bytes, more than "
                    f"{INFLATION_LIMIT} times its compressed size; it is not read"
                )


def _read(file: Any, columns: dict[str, str], size: int) -> Iterator[Row | Problem]:
    number = given = 0
    batches = file.iter_batches(batch_size=_ROWS_AT_ONCE, columns=list(columns.values()), use_threads=False)
    places: dict[str, int] = {}
    for batch in batches:
        places = places or {key: batch.schema.get_field_index(name) for key, name in columns.items()}
        for position in range(batch.num_rows):
            number += 1
            cells = {key: batch.column(place)[position] for key, place in places.items()}
            row = _row(number, cells)
            yield row
            given += len(row.text) if isinstance(row, Row) else 0
            if given > _INFLATION_FREE and given > INFLATION_LIMIT * size:
                raise BrokenRecordError(f"gives more than {INFLATION_LIMIT} times its size in text; it is not read on")


def _row(number: int, cells: dict[str, Any]) -> Row | Problem:
    identifier: str | None = None
    try:
        identifier = _identifier(cells["identifikator"])
        text, digest = _text(cells["indhold"])
    except RecordError as error:
        where = f"row {number}" + (f" ({identifier[:80]!r})" if identifier else "")
        return Problem(error=type(error)(f"{where} {error}"), content=_name(number, identifier))
    return Row(
        number,
        identifier,
        text,
        digest,
        _words_of(cells.get("titel")),
        _value(cells.get("skabt")),
        _words_of(cells.get("type")),
        _count(_value(cells.get("antalord"))),
        _yes_or_no(_value(cells.get("dannetvedocr"))),
        _words_of(cells.get("ocrmetode")),
    )


def repeated(row: Row, error: str) -> Problem:
    """Return the problem of a row whose identifier came before."""
    told = BrokenRecordError(f"row {row.number} ({row.identifier[:80]!r}) {error}")
    return Problem(error=told, content=_name(row.number, row.identifier))


def _name(number: int, identifier: str | None) -> bytes:
    """Return what a problem is known by. Not the record's hash: a ZIP and the file in it give the same problems."""
    return f"row {number} {identifier or ''}".encode(errors="replace")


def _identifier(cell: Any) -> str:
    try:
        value = cell.as_py()
    except (ValueError, OverflowError, UnicodeDecodeError) as error:
        raise BrokenRecordError(f"has an 'identifikator' that cannot be read ({str(error)[:100]})") from error
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise BrokenRecordError("has no 'identifikator'")
    if not isinstance(value, str):
        raise BrokenRecordError(f"has an 'identifikator' that is a {type(value).__name__}, not text or a number")
    return value.strip()


def _text(cell: Any) -> tuple[str, bytes]:
    """Return a text and its hash, from the file's own bytes where they can be had: texts are long, and copies slow."""
    try:
        content: Any = cell.as_buffer() if isinstance(cell, pa.BinaryScalar) else cell.as_py()
        if isinstance(content, str):
            content = content.encode()
        if content is not None and not isinstance(content, bytes | pa.Buffer):
            raise BrokenRecordError(f"has an 'indhold' that is a {type(content).__name__}, not text")
        text = str(content or b"", "utf-8")
    except (ValueError, OverflowError) as error:
        raise BrokenRecordError(f"has an 'indhold' that cannot be read ({str(error)[:100]})") from error
    if not text or text.isspace():
        raise EmptyRecordError("has an empty 'indhold'")
    return text, blake2b(content or b"", digest_size=8).digest()


def _value(cell: Any) -> object:
    """Return an optional cell's value; one that cannot be read counts as not given."""
    try:
        value = None if cell is None else cell.as_py()
        return value.decode() if isinstance(value, bytes) else value
    except (ValueError, OverflowError):
        return None


def _words_of(cell: Any) -> str | None:
    value = _value(cell)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return " ".join(str(value).split()) or None


def _count(value: object) -> int | None:
    if isinstance(value, str):
        match = _WORDS.fullmatch(value.strip())
        value = int(re.sub(r"\D", "", match[0])[:18]) if match else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _yes_or_no(value: object) -> bool | None:
    words: Sequence[tuple[frozenset[str], bool]] = ((_YES, True), (_NO, False))
    name = str(value).strip().casefold() if isinstance(value, str | int) else ""
    return next((meaning for names, meaning in words if name in names), None)


_YES: Final = frozenset({"ja", "j", "yes", "true", "1"})
_NO: Final = frozenset({"nej", "n", "no", "false", "0"})
