"""Withdrawn texts: what is kept of them, so that a near copy that arrives later is known, and no word of them.

Of a withdrawn text its signature stays, and the hashes of its word 5-grams under a key of the workspace (BLAKE2b).
Without the key nobody can try sentences against the hashes; with it one can tell only whether a text at hand is a near
copy. A text of fewer than twenty words is never called a copy: nothing is kept of it but its id.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cleaning.duplicates.nodes import SignedPart
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import band_keys, distinct, shingles, signatures
from cleaning.duplicates.signing import MIN_WORDS, as_binary, as_matrix, band_name
from cleaning.duplicates.tokens import words_of
from cleaning.duplicates.verify import jaccard, read_sets
from frisat.errors import WorkspaceError
from frisat.parquet import read_columns, write_parquet

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is kept of one withdrawn text; ``shingles`` are its keyed hashes in order (uint64)."""

    id: str
    signature: np.ndarray
    shingles: np.ndarray


@dataclass(frozen=True, slots=True)
class Returned:
    """A document that is a near copy of a withdrawn one."""

    id: str
    text_sha256: str
    withdrawn: str
    similarity: float


@dataclass(frozen=True, slots=True)
class CatchJob:
    """Look among the documents of one part for near copies of what the file ``withheld`` holds."""

    part: SignedPart
    withheld: Path
    key: bytes
    scheme: Scheme
    threshold: float = 0.8

    def __str__(self) -> str:
        return self.part.name


def columns(scheme: Scheme) -> pa.Schema:
    """Return the columns of a file of withdrawn texts."""
    fields = [("id", pa.string()), ("signature", pa.binary(2 * scheme.size)), ("shingles", pa.binary())]
    return pa.schema([pa.field(name, kind) for name, kind in fields])


def workspace_key(path: Path) -> bytes:
    """Return the key in the file at ``path``; a new one is made, readable by its owner alone, where there is none.

    Raises:
        WorkspaceError: the file holds something else. Another key would never find what was hashed under the first.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise WorkspaceError(
            f"{path} is no key of {_KEY_BYTES} bytes; bring it back from a backup: what was withdrawn before cannot be "
            "found again under another key"
        )
    return key


def keyed(hashes: np.ndarray, key: bytes) -> np.ndarray:
    """Return the hashes of n-grams under a key, in order."""
    digests = b"".join(
        hashlib.blake2b(value, digest_size=8, key=key, person=b"frisat-withheld").digest()
        for value in (hashes.astype("<u8")[place : place + 1].tobytes() for place in range(len(hashes)))
    )
    return np.sort(np.frombuffer(digests, dtype="<u8"))


def withhold(identity: str, text: str, key: bytes, scheme: Scheme) -> Withheld | None:
    """Return what is kept of a withdrawn text; None where it is too short to be known again."""
    words = words_of(pa.array([text], pa.string()))
    if words.counts()[0] < max(MIN_WORDS, scheme.ngram):
        return None
    hashes, starts = shingles(words, scheme.ngram)
    return Withheld(identity, signatures(hashes, starts, scheme)[0], keyed(distinct(hashes), key))


def write_withheld(path: Path, held: Iterable[Withheld], scheme: Scheme) -> None:
    """Write what is kept of withdrawn texts, by id."""
    rows = sorted(held, key=lambda row: row.id)
    matrix = np.array([row.signature for row in rows], dtype=np.uint16).reshape(len(rows), scheme.size)
    table = pa.table(
        {
            "id": pa.array([row.id for row in rows], pa.string()),
            "signature": as_binary(matrix),
            "shingles": pa.array([row.shingles.astype("<u8").tobytes() for row in rows], pa.binary()),
        }
    )
    write_parquet(path, [table], columns(scheme), text="shingles", metadata=scheme.header())


def read_withheld(path: Path, scheme: Scheme) -> list[Withheld]:
    """Return what is kept of withdrawn texts.

    Raises:
        OtherMakeError: the file was made by another scheme.
        WorkspaceError: it is missing, cut short or no Parquet.
    """
    scheme.check_file(path)
    table = read_columns(path, columns(scheme).names)
    matrix = as_matrix(table.column("signature"), "<u2")
    rows = zip(table.column("id").to_pylist(), matrix, table.column("shingles").to_pylist(), strict=True)
    return [Withheld(identity, row, np.frombuffer(hashes, dtype="<u8")) for identity, row, hashes in rows]


def catch_part(job: CatchJob) -> list[Returned]:
    """Return the documents of one part that are near copies of a withdrawn text, by id."""
    held = read_withheld(job.withheld, job.scheme)
    job.scheme.check_file(job.part.signed)
    if not held:
        return []
    meet = _meet(job, held)
    if not meet:
        return []
    rows = np.array(sorted({row for row, _ in meet}))
    part = np.zeros(len(rows), dtype=np.int64)
    sets = read_sets([job.part.refined], [job.part.signed], part, rows, job.scheme)
    hashed = {row: keyed(found, job.key) for row, found in zip(rows.tolist(), sets, strict=True)}
    named = read_columns(job.part.signed, ["id", "text_sha256"]).take(pa.array(rows)).to_pylist()
    names = dict(zip(rows.tolist(), named, strict=True))
    found = []
    for row, number in sorted(meet):
        mine, theirs = hashed[row], held[number].shingles
        shared = np.array([len(np.intersect1d(mine, theirs))])
        alike = float(jaccard(shared, np.array([len(mine)]), np.array([len(theirs)]))[0])
        if alike >= job.threshold:
            found.append(Returned(names[row]["id"], names[row]["text_sha256"], held[number].id, alike))
    return sorted(found, key=lambda returned: (returned.id, returned.text_sha256, returned.withdrawn))


def _meet(job: CatchJob, held: Sequence[Withheld]) -> set[tuple[int, int]]:
    """Return the rows of the part and the withdrawn texts that share the key of a band."""
    keys = band_keys(np.array([row.signature for row in held]), job.scheme)
    meet: set[tuple[int, int]] = set()
    for band in range(job.scheme.bands):
        mine = np.asarray(read_columns(job.part.signed, [band_name(band)]).column(0).fill_null(0)).astype(np.uint64)
        order = np.argsort(keys[:, band])
        wanted = keys[order, band]
        for row in np.flatnonzero(np.isin(mine, wanted)).tolist():
            low, high = (int(np.searchsorted(wanted, mine[row], side=side)) for side in ("left", "right"))
            meet.update((row, int(number)) for number in order[low:high])
    return meet
