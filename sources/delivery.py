"""Deliveries without code: ``.txt``, ``.jsonl`` with at least ``id`` and ``text``, ``.parquet`` with the same."""

from __future__ import annotations

import difflib
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from frisat.documents import ID_CHARACTERS, Document, LeftOut, Problem, Record, year_range
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from frisat.files import canonical_json, sha256

VERSION = 2

_REQUIRED = ("id", "text")
_OPTIONAL = ("title", "url", "document_type", "parent_id", "author", "created", "details")
_IGNORED = ("source", "added", "token_count")
"""Columns of Danish Dynaword that frisat sets itself."""
_MAX_LINE = 512_000_000
_MAX_NESTING = 32
_UNSAFE = re.compile(r"[^a-zA-Z0-9._-]+")


def accepts(path: str) -> bool:
    """Say whether ``path`` is in one of the three formats."""
    return path.lower().endswith((".txt", ".jsonl", ".parquet"))


def extract(record: Record) -> Iterator[Document | LeftOut | Problem]:
    """Read the documents out of one delivered file.

    Raises:
        RecordError: nothing of the file can be read. A single bad row is a ``Problem`` and the rest goes on.
    """
    kind = PurePosixPath(record.key).suffix.lower()
    reader = {".txt": _text_file, ".jsonl": _json_lines, ".parquet": _parquet}[kind]
    return reader(record)


def _open(record: Record) -> IO[bytes]:
    return io.BytesIO(record.body) if isinstance(record.body, bytes) else record.body.open("rb")


def _text_file(record: Record) -> Iterator[Document]:
    text = _decode(record.read())
    if not text.strip():
        raise EmptyRecordError("holds no text")
    path = record.key[: -len(".txt")]
    yield Document(id=_full_id(record.source, path), text=text, title=PurePosixPath(path).name)


def _decode(content: bytes) -> str:
    """Decode by byte-order mark, else as UTF-8; other encodings are refused rather than guessed."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    encoding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8")
    if content.count(0) and encoding != "utf-16":
        raise NotTextError("holds zero bytes: it is no text, or UTF-16 without a byte-order mark")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BrokenRecordError(
            f"is not {encoding.upper().removesuffix('-SIG')} in line {line} (byte {error.object[error.start]:#04x}); "
            "convert it, for instance with 'iconv -f windows-1252 -t utf-8', and deliver it again"
        ) from error


def _json_lines(record: Record) -> Iterator[Document | Problem]:
    found = False
    with _open(record) as handle:
        for number, line in enumerate(iter(lambda: handle.readline(_MAX_LINE), b""), start=1):
            if not line.strip():
                continue
            found = True
            try:
                yield _row(record, _json_object(line.removeprefix(b"\xef\xbb\xbf").rstrip()))
            except (BrokenRecordError, EmptyRecordError) as error:
                yield Problem(error=type(error)(f"line {number} {error}"), content=line)
    if not found:
        raise EmptyRecordError("holds no lines")


def _json_object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise BrokenRecordError(f"is not JSON ({error.msg}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise BrokenRecordError(f"is not JSON in UTF-8 ({error})") from error
    if not isinstance(row, dict):
        raise BrokenRecordError(f"is a JSON {type(row).__name__}, not an object with 'id' and 'text'")
    return row


def _parquet(record: Record) -> Iterator[Document | Problem]:
    try:
        with _open(record) as handle, pq.ParquetFile(handle) as file:
            if not file.metadata.num_rows:
                raise EmptyRecordError("holds no rows")
            _check_columns(dict.fromkeys(file.schema_arrow.names))
            number = 0
            for batch in file.iter_batches(batch_size=64):
                for position in range(batch.num_rows):
                    number += 1
                    row: dict[str, Any] = {"": f"{record.sha256} {number}"}
                    try:
                        row = _python(batch, position)
                        yield _row(record, row)
                    except (BrokenRecordError, EmptyRecordError) as error:
                        content = repr(sorted(row.items())).encode(errors="replace")
                        yield Problem(error=type(error)(f"row {number} {error}"), content=content)
    except (pa.ArrowException, OSError) as error:
        raise BrokenRecordError(f"is not readable Parquet ({' '.join(str(error).split())[:200]})") from error


def _python(batch: pa.RecordBatch, position: int) -> dict[str, Any]:
    """Return the values of one row, without its nulls."""
    try:
        row = batch.slice(position, 1).to_pylist()[0]
    except (ValueError, OverflowError) as error:
        raise BrokenRecordError(f"holds a value that cannot be read ({str(error)[:200]})") from error
    return {key: value for key, value in row.items() if value is not None}


def _check_columns(row: Mapping[str, object]) -> None:
    for name in _REQUIRED:
        if name not in row:
            near = difflib.get_close_matches(name, row, n=1)
            raise BrokenRecordError(f"lacks '{name}'" + (f" (is it '{near[0]}'?)" if near else ""))
    known = (*_REQUIRED, *_OPTIONAL, *_IGNORED)
    for name in row:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "facts of your own go into the object 'details'"
            raise BrokenRecordError(f"has an unknown column '{str(name)[:40]}'; {hint}")


def _row(record: Record, row: dict[str, Any]) -> Document:
    _check_columns(row)
    identity, text = row["id"], row["text"]
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity.strip():
        raise BrokenRecordError("has an 'id' that is no text")
    if not isinstance(text, str):
        raise BrokenRecordError(f"has a 'text' that is a {type(text).__name__}, not a string")
    if not text.strip():
        raise EmptyRecordError(f"has an empty 'text' (id {identity[:80]!r})")
    plain = {name: row[name] for name in _OPTIONAL[:5] if row.get(name) is not None}
    for name, value in plain.items():
        if not isinstance(value, str):
            raise BrokenRecordError(f"has a '{name}' that is a {type(value).__name__}, not a string")
    if "parent_id" in plain:
        plain["parent_id"] = _full_id(record.source, plain["parent_id"])
    return Document(
        id=_full_id(record.source, identity),
        text=text,
        created=_created(row.get("created")),
        details=_details(row.get("details")),
        **plain,
    )


def _details(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BrokenRecordError(f"has 'details' that are not JSON ({error})") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BrokenRecordError("has 'details' that are no JSON object")
    if _nests_deeper(value, _MAX_NESTING):
        raise BrokenRecordError(f"has 'details' that nest more than {_MAX_NESTING} deep")
    try:
        canonical_json(value)
    except (TypeError, ValueError) as error:
        raise BrokenRecordError(f"has 'details' that JSON cannot hold ({error})") from error
    return value


def _nests_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_nests_deeper(item, levels - 1) for item in inner)


def _created(value: object) -> tuple[date, date] | None:
    """Read a year, month or day, or a range "first, last" of such."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        value = value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    if not isinstance(value, str):
        raise BrokenRecordError("has a 'created' that is no date")
    try:
        ends = [_span(part.strip()) for part in value.split(",")]
    except ValueError as error:
        raise BrokenRecordError(
            f"has a 'created' ({value[:40]!r}) that is no date such as 1943-05-01 or 1943"
        ) from error
    first, last = ends[0][0], ends[-1][1]
    if len(ends) > 2 or first > last:
        raise BrokenRecordError(f"has a 'created' ({value[:40]!r}) that is no range of two dates")
    return first, last


def _span(text: str) -> tuple[date, date]:
    if re.fullmatch(r"\d{4}", text):
        return year_range(int(text))
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = date.fromisoformat(f"{text}-01")
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first, date.fromordinal(following.toordinal() - 1)
    day = date.fromisoformat(text)
    return day, day


def _full_id(source: str, identity: str) -> str:
    """Return the id under the source's name; what ids cannot hold is replaced, and a hash keeps it unique."""
    identity = identity.removeprefix(f"{source}/")
    parts = identity.split("/")
    if len(identity) <= 200 and ID_CHARACTERS.fullmatch(identity) and all(part.strip(".") for part in parts):
        return f"{source}/{identity}"
    slug = "/".join(filter(None, (_UNSAFE.sub("-", part).strip("-.") for part in parts)))[:150].rstrip("/")
    return f"{source}/{slug or 'id'}-{sha256(identity.encode(errors='surrogatepass'))[:16]}"
