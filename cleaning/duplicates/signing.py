"""Signing: one part of refined documents in, one part of the index out; one row a document that can be a copy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import band_keys, shingles, signatures
from cleaning.duplicates.tokens import Words, words_of
from frisat.files import sha256
from frisat.parquet import read_groups, write_parquet

VERSION = 1
MIN_WORDS = 20
"""Shorter texts are never called duplicates: "Ordføreren." is said thousands of times."""

_READ = ["id", "text", "source", "text_sha256", "text_bytes", "exact", "quality", "reason"]
_TEXT_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class SignJob:
    """Sign the documents of the refined part ``part`` into ``target``."""

    source: str
    part: Path
    target: Path
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.source} {self.target.stem[:8]}"


@dataclass(frozen=True, slots=True)
class SignResult:
    """How many documents a part holds, how many are too short to be copies, and how much text was signed."""

    signed: int
    short: int
    text_bytes: int


def schema(scheme: Scheme) -> pa.Schema:
    """Return the columns of a part of the index.

    ``row`` is the document's place in its refined part. ``exact`` is the hash of the text but for white space and case;
    ``form`` that of its words as signatures see them: texts of one form have the same n-grams. ``shingles`` counts its
    n-grams with repetitions. ``signature`` and the keys of its bands are null where there is no n-gram.
    """
    fields = [
        pa.field("row", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("text_sha256", pa.string()),
        pa.field("text_bytes", pa.int64()),
        pa.field("exact", pa.binary(16)),
        pa.field("form", pa.binary(16)),
        pa.field("shingles", pa.int32()),
        pa.field("signature", pa.binary(2 * scheme.size)),
        *(pa.field(band_name(band), pa.uint64()) for band in range(scheme.bands)),
    ]
    return pa.schema(fields)


def band_name(band: int) -> str:
    """Return the name of the column that holds the keys of a band."""
    return f"band_{band:02d}"


def sign_key(refined_part: str, scheme: Scheme) -> str:
    """Return the name of the part of the index made from the refined part called ``refined_part``."""
    return f"{sha256(f'sign {VERSION} {MIN_WORDS} {refined_part}')[:32]}-{scheme.fingerprint()}"


def sign_part(job: SignJob) -> SignResult:
    """Sign one part."""
    totals = [0, 0, 0]

    def signed() -> Iterator[pa.Table]:
        start = 0
        for group in read_groups(job.part, _READ):
            rows = np.arange(start, start + group.num_rows)
            start += group.num_rows
            words = pc.fill_null(pc.struct_field(group.column("quality"), "words"), 0)
            here = pc.is_null(group.column("reason"))
            keep = pc.and_(pc.greater_equal(words, MIN_WORDS), here)
            totals[0] += pc.sum(keep).as_py() or 0
            totals[1] += (pc.sum(here).as_py() or 0) - (pc.sum(keep).as_py() or 0)
            kept = group.append_column("row", pa.array(rows)).filter(keep)
            for table in _sized(kept):
                totals[2] += pc.sum(table.column("text_bytes")).as_py() or 0
                yield sign(table, job.scheme)

    write_parquet(job.target, signed(), schema(job.scheme), text="id", metadata=job.scheme.header())
    return SignResult(*totals)


def _sized(table: pa.Table) -> Iterator[pa.Table]:
    """Cut a table into pieces of a few megabytes of text, so that the arrays over their words stay small."""
    if not table.num_rows:
        return
    filled = np.cumsum(np.asarray(table.column("text_bytes"))) // _TEXT_AT_ONCE
    starts = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), table.num_rows]
    for start, end in pairwise(starts):
        yield table.slice(start, end - start)


def sign(table: pa.Table, scheme: Scheme) -> pa.Table:
    """Return the rows of the index for documents; see :func:`schema`."""
    words = words_of(table.column("text"))
    hashes, starts = shingles(words, scheme.ngram)
    found = signatures(hashes, starts, scheme)
    short = words.counts() < max(MIN_WORDS, scheme.ngram)
    counts = np.where(short, 0, np.diff(starts))
    none = pa.array(short)
    keys = band_keys(found, scheme)
    columns = {name: table.column(name) for name in ("row", "id", "source", "text_sha256", "text_bytes", "exact")}
    columns["form"] = pa.array(forms(words), pa.binary(16))
    columns["shingles"] = pa.array(counts.astype(np.int32))
    columns["signature"] = pc.if_else(none, pa.scalar(None, pa.binary(2 * scheme.size)), as_binary(found))
    for band in range(scheme.bands):
        columns[band_name(band)] = pa.array(np.ascontiguousarray(keys[:, band]), mask=short)
    return pa.table({field.name: columns[field.name] for field in schema(scheme)}, schema=schema(scheme))


def forms(words: Words) -> list[bytes]:
    """Return a hash of 16 bytes of the words of each text, in order."""
    data = words.hashes.astype("<u8", copy=False).tobytes()
    borders = (words.starts * 8).tolist()
    return [
        hashlib.blake2b(data[start:end], digest_size=16, person=b"frisat-form").digest()
        for start, end in pairwise(borders)
    ]


def as_binary(rows: np.ndarray) -> pa.Array:
    """Return the rows of a matrix as binary values of one size, little-endian."""
    size = rows.shape[1] * rows.dtype.itemsize
    buffer = pa.py_buffer(np.ascontiguousarray(rows, dtype=rows.dtype.newbyteorder("<")).tobytes())
    return pa.Array.from_buffers(pa.binary(size), len(rows), [None, buffer])


def as_matrix(column: pa.Array | pa.ChunkedArray, dtype: str) -> np.ndarray:
    """Return binary values of one size, none of them null, as the rows of a matrix."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    size = column.type.byte_width
    values = np.frombuffer(column.buffers()[1] or b"", dtype="u1")
    values = values[column.offset * size : (column.offset + len(column)) * size]
    return values.view(dtype).reshape(len(column), size // np.dtype(dtype).itemsize)
