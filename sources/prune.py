"""Taking out of an archive what nothing needs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from frisat.files import sha256
from frisat.parquet import read_columns, read_groups, write_parquet
from frisat.schema import RECORDS
from sources.archive import Archive
from sources.merge import settle_merge

Needed = Callable[[str, str], bool]
"""Says of a record's key and SHA-256 whether that state of it is needed."""


@dataclass(frozen=True, slots=True)
class Prunable:
    """Something in an archive that nothing needs: a state of a record in a part, or a file of its own."""

    source: str
    what: str
    name: str
    path: Path
    bytes: int
    row: int | None = None


def prunable(archive: Archive, needed: Needed) -> list[Prunable]:
    """Return the superseded states of records that are not ``needed``, and files that no record names.

    The newest state of a record is always needed, a tombstone or a failure too.
    """
    return [*_states(archive, needed), *_files(archive)]


def _states(archive: Archive, needed: Needed) -> Iterator[Prunable]:
    newest = archive.known()
    for part in archive.parts():
        rows = read_columns(part, ["key", "sha256", "size", "retrieved_at"]).to_pylist()
        for number, row in enumerate(rows):
            last = newest[row["key"]]
            current = (last.retrieved_at, last.sha256) == (row["retrieved_at"], row["sha256"])
            if not current and not needed(row["key"], row["sha256"]):
                name = f"{row['key']} of {row['retrieved_at']:%Y-%m-%d %H:%M}"
                yield Prunable(archive.source, "superseded record", name, part, row["size"], number)


def _files(archive: Archive) -> Iterator[Prunable]:
    columns = [read_columns(part, ["blob"]).column(0).to_pylist() for part in archive.parts()]
    named = {blob for column in columns for blob in column if blob}
    for folder, what in ((archive.blobs, "file of no record"), (archive.folder / "partial", "unfinished download")):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and path.name not in named:
                yield Prunable(archive.source, what, path.name, path, path.stat().st_size)


def prune_archive(archive: Archive, found: list[Prunable]) -> None:
    """Take ``found`` out of the archive. A part that loses records is written anew under another name."""
    settle_merge(archive)
    rows: dict[Path, set[int]] = {}
    for item in found:
        if item.row is not None:
            rows.setdefault(item.path, set()).add(item.row)
    for part, gone in sorted(rows.items()):
        _rewrite(part, gone)
    for item in found:
        if item.row is None:
            item.path.unlink(missing_ok=True)
    # What only pruned records named.
    for item in _files(archive):
        if item.what == "file of no record":
            item.path.unlink(missing_ok=True)


def _rewrite(part: Path, gone: set[int]) -> None:
    total = read_columns(part, ["key"]).num_rows
    if len(gone) < total:
        name = sha256(f"{part.name} without {sorted(gone)}")[:32]
        write_parquet(part.with_name(f"{name}.parquet"), _without(part, gone), RECORDS, text="body")
    part.unlink()


def _without(part: Path, gone: set[int]) -> Iterator[pa.Table]:
    start = 0
    for table in read_groups(part):
        yield table.filter(pa.array([start + row not in gone for row in range(table.num_rows)], pa.bool_()))
        start += table.num_rows
