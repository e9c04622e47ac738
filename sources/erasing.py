"""Erasing documents from an archive: their text goes, what else a record gave stays, and its hash stays known.

A record that gave nothing else loses its body. Of one that gave more, the body is replaced by what extraction read out
of it but the erased documents, in a form of our own. The hash stays that of what came, so that the same body coming
again is no news and is not archived again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from frisat.files import canonical_json, sha256
from frisat.parquet import read_groups, write_parquet
from frisat.schema import RECORDS
from sources.archive import Archive
from sources.merge import settle_merge

MAGIC = b"frisat: what is kept of a record in which documents were erased\n"
FAILURE = "withdrawn: its text was erased on request"

KEPT = ("id", "text", "title", "created", "url", "document_type", "parent_id", "author", "details", "content", "reason",
        "detail")  # fmt: skip
"""What is kept of each other document (or row that gave none) of such a record."""

State = tuple[str, str]
"""A record's key, and the SHA-256 of one state of it."""


def erase_records(archive: Archive, states: Mapping[State, Sequence[Mapping[str, Any]]]) -> int:
    """Erase in the archive; return how many rows were changed.

    Args:
        archive: the source's archive; the workspace's lock must be held.
        states: the states of records to erase in, each with the rows of documents (``KEPT``) that are to stay.
    """
    settle_merge(archive)
    changed = 0
    for part in archive.parts():
        rows = _affected(part, states)
        if rows:
            name = sha256(f"{part.name} erased {canonical_json(sorted(rows))}")[:32]
            write_parquet(part.with_name(f"{name}.parquet"), _without(part, states), RECORDS, text="body")
            part.unlink()
            changed += len(rows)
    named = {row["blob"] for part in archive.parts() for row in _columns(part, ["blob"]) if row["blob"]}
    for blob in archive.blobs.iterdir() if archive.blobs.is_dir() else ():
        if blob.name in {digest for _, digest in states} and blob.name not in named:
            blob.unlink()
    return changed


def _columns(part: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    for group in read_groups(part, names):
        yield from group.to_pylist()


def _affected(part: Path, states: Mapping[State, Sequence[Mapping[str, Any]]]) -> list[int]:
    rows = enumerate(_columns(part, ["key", "sha256", "failure"]))
    return [number for number, row in rows if (row["key"], row["sha256"]) in states and row["failure"] is None]


def _without(part: Path, states: Mapping[State, Sequence[Mapping[str, Any]]]) -> Iterator[pa.Table]:
    for group in read_groups(part):
        rows = []
        for row in group.to_pylist():
            kept = states.get((row["key"], row["sha256"])) if row["failure"] is None else None
            rows.append(row if kept is None else _erased(row, kept))
        yield pa.Table.from_pylist([{name: row.get(name) for name in RECORDS.names} for row in rows], schema=RECORDS)


def _erased(row: dict[str, Any], kept: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not kept:
        return {**row, "body": None, "blob": None, "size": 0, "failure": FAILURE}
    lines = b"".join(canonical_json({name: item[name] for name in KEPT}).encode() + b"\n" for item in kept)
    return {**row, "body": MAGIC + lines, "blob": None, "size": len(MAGIC) + len(lines)}


def kept_rows(body: bytes | Path) -> list[dict[str, Any]] | None:
    """Return the rows that are kept of a record in which documents were erased; ``None`` for any other record."""
    if not isinstance(body, bytes) or not body.startswith(MAGIC):
        return None
    rows = [json.loads(line) for line in body[len(MAGIC) :].splitlines() if line]
    return [{**row, "text": row["text"].encode()} for row in rows]
