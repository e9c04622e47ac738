"""Data files: the published rows of a source and licence class in order, cut where a hash of the id says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frisat import clock
from frisat.files import atomic, sha256_file
from frisat.parquet import hash_says_cut, open_parquet, read_columns, write_parquet
from frisat.schema import PUBLISHED
from licensing import CLASSES
from publishing.residual import find_cpr, find_cpr_in
from publishing.rows import index_rows, rows_sha256
from publishing.selection import Selected

MEAN_BYTES = 200_000_000
"""Text in a data file, on average."""
_MOST_BYTES = 2 * MEAN_BYTES
_MOST_ROWS = 1_000_000
_WINDOW_BYTES = 32_000_000

FROM_REFINED = (
    "id", "text", "source", "created", "token_count", "title", "url", "document_type", "parent_id", "author",
    "language", "language_score", "quality", "repairs", "redactions", "text_sha256",
)  # fmt: skip
FROM_ASSEMBLY = (
    "added",
    "details",
    "license",
    "legal_basis",
    "decision_id",
    "attribution",
    "retrieved_at",
    "duplicates",
)

PLAN = pa.schema(
    [
        pa.field("part", pa.int32()),
        pa.field("row", pa.int64()),
        pa.field("text_bytes", pa.int64()),
        *(PUBLISHED.field(name) for name in FROM_ASSEMBLY),
    ]
)
"""What a data file is to hold, in order: where each row lies, and what assembly adds to it."""


@dataclass(frozen=True, slots=True)
class ShardJob:
    """Write the rows of ``plan`` (a Parquet file) out of ``parts`` to ``target``."""

    parts: tuple[Path, ...]
    plan: Path
    target: Path

    def __str__(self) -> str:
        return f"{self.target.parent.name}/{self.target.name}"


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A finished data file. ``residual`` are ids in which a number like a CPR number is left."""

    sha256: str
    size: int
    rows: int
    groups: int
    uncompressed: int
    residual: tuple[str, ...] = ()


def borders(ids: Sequence[str], sizes: Sequence[int]) -> list[int]:
    """Return where data files begin in a list of rows, from 0."""
    starts, rows, filled = [0], 0, 0
    for position, (identity, size) in enumerate(zip(ids, sizes, strict=True)):
        if rows and (filled + size > _MOST_BYTES or rows >= _MOST_ROWS):
            starts.append(position)
            rows = filled = 0
        rows += 1
        filled += size
        if position + 1 < len(ids) and hash_says_cut(f"shard {identity}", size, MEAN_BYTES):
            starts.append(position + 1)
            rows = filled = 0
    return sorted(set(starts))


def write_shard(job: ShardJob) -> ShardFile:
    """Write one data file, and look through it for what must not leave."""
    residual: list[str] = []

    def published() -> Iterator[pa.Table]:
        for window in _windows(read_columns(job.plan, PLAN.names)):
            table = _rows(job.parts, window)
            residual.extend(find_cpr(table))
            yield table

    written = write_parquet(job.target, published(), PUBLISHED, published=True)
    return _describe(job.target, written.rows, tuple(residual))


def _windows(plan: pa.Table) -> Iterator[pa.Table]:
    """Cut a plan into runs of rows that fit in memory, however large the data file."""
    filled = np.cumsum(np.asarray(plan.column("text_bytes"))) // _WINDOW_BYTES
    starts = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), plan.num_rows]
    for start, end in pairwise(starts):
        yield plan.slice(start, end - start)


def _rows(parts: Sequence[Path], plan: pa.Table) -> pa.Table:
    """Return the published rows of a plan, in its order."""
    order = np.argsort(_positions(plan), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return _join(pa.concat_tables(_gather(parts, plan)).take(pa.array(place)), plan)


def _positions(plan: pa.Table) -> np.ndarray:
    """Return a number for each row of the plan that sorts as (part, row)."""
    positions: np.ndarray = np.asarray(plan.column("part")).astype(np.int64) * (1 << 40)
    positions += np.asarray(plan.column("row"))
    return positions


def _gather(parts: Sequence[Path], plan: pa.Table) -> Iterator[pa.Table]:
    """Yield the wanted rows part by part, in the order they lie there."""
    for number in sorted(set(plan.column("part").to_pylist())):
        wanted = np.sort(np.asarray(plan.filter(pc.equal(plan.column("part"), number)).column("row")))
        with open_parquet(parts[number]) as file:
            start = 0
            for group in range(file.num_row_groups):
                end = start + file.metadata.row_group(group).num_rows
                inside = wanted[(wanted >= start) & (wanted < end)] - start
                if len(inside):
                    table = file.read_row_group(group, columns=list(FROM_REFINED), use_threads=False)
                    yield table.take(pa.array(inside))
                start = end


def _join(texts: pa.Table, plan: pa.Table) -> pa.Table:
    columns = {name: texts.column(name) for name in FROM_REFINED}
    columns |= {name: plan.column(name) for name in FROM_ASSEMBLY}
    return pa.table({name: columns[name] for name in PUBLISHED.names}).cast(PUBLISHED)


def _describe(path: Path, rows: int, residual: tuple[str, ...] = ()) -> ShardFile:
    with open_parquet(path) as file:
        groups = file.num_row_groups
        uncompressed = sum(file.metadata.row_group(group).total_byte_size for group in range(groups))
    return ShardFile(sha256_file(path), path.stat().st_size, rows, groups, uncompressed, residual)


def carry_over(earlier: Path, target: Path) -> ShardFile:
    """Take over a data file of the last release, byte for byte; a hard link where the file system can.

    It is looked through again: the look of the release that it comes from may have been a narrower one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(earlier, target)
    except OSError:
        with atomic(target) as temporary:
            shutil.copyfile(earlier, temporary)
    with open_parquet(target) as file:
        rows = file.metadata.num_rows
    return _describe(target, rows, tuple(find_cpr_in(target)))


@dataclass(frozen=True, slots=True)
class Shard:
    """One data file to be: its rows in order, without text, and what they are compared by."""

    source: str
    licence_class: str
    number: int
    plan: pa.Table
    index: pa.Table
    figures: pa.Table
    parts: tuple[Path, ...]
    rows_sha256: str

    @property
    def name(self) -> str:
        """The path in the release."""
        return f"data/{self.source}/{self.licence_class}-{self.number:05d}.parquet"

    def entry(self, file: ShardFile | None = None) -> dict[str, Any]:
        """Return what ``release.json`` says of it; with the bytes, once it is written."""
        content: dict[str, Any] = {
            "path": self.name,
            "source": self.source,
            "licence_class": self.licence_class,
            "rows": self.index.num_rows,
            "rows_sha256": self.rows_sha256,
        }
        if file is None:
            return content
        return {**content, "sha256": file.sha256, "size": file.size, "row_groups": file.groups,
                "uncompressed": file.uncompressed}  # fmt: skip


def plan_shards(source: Selected, parts: tuple[Path, ...], added: Mapping[str, str]) -> list[Shard]:
    """Return the data files of one source: by licence class, in the order of ``added`` and id.

    ``added`` says when an id was first published; what is not in it is published today for the first time.
    """
    today = clock.today().isoformat()
    ids = source.documents.column("id").to_pylist()
    sizes = source.documents.column("text_bytes").to_pylist()
    by_class: dict[str, list[tuple[str, str, int]]] = {}
    for row in source.published():
        by_class.setdefault(source.terms(row).licence_class, []).append((added.get(ids[row], today), ids[row], row))
    shards = []
    for licence_class in CLASSES:
        rows = sorted(by_class.get(licence_class, []))
        starts = borders([ids[row] for _, _, row in rows], [sizes[row] for _, _, row in rows]) if rows else []
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(rows)], strict=False)):
            shards.append(_plan(source, licence_class, number, rows[start:end], parts))
    return shards


def _plan(
    source: Selected, licence_class: str, number: int, rows: list[tuple[str, str, int]], parts: tuple[Path, ...]
) -> Shard:
    documents = source.documents.take(pa.array([row for _, _, row in rows], pa.int64())).combine_chunks()
    terms = [source.terms(row) for _, _, row in rows]
    columns: dict[str, Any] = {
        "part": documents.column("part"),
        "row": documents.column("row"),
        "text_bytes": documents.column("text_bytes"),
        "added": pa.array([when for when, _, _ in rows], pa.string()),
        # Of versions of one act, assembly says in the details which comes before and after.
        "details": documents.column("details"),
        "retrieved_at": documents.column("retrieved_at"),
        "duplicates": pa.array([source.duplicates.get(row, 0) for _, _, row in rows], pa.int32()),
    }
    for name in ("license", "legal_basis", "decision_id", "attribution"):
        columns[name] = pa.array([getattr(term, name) for term in terms], pa.string())
    plan = pa.table({name: columns[name] for name in PLAN.names})
    joined = {name: documents.column(name) for name in FROM_REFINED if name != "text"}
    joined |= {name: plan.column(name) for name in FROM_ASSEMBLY}
    index = index_rows(pa.table(joined))
    sizes = {name: documents.column(name) for name in ("characters", "text_bytes")}
    figures = pa.table({**joined, **sizes}).drop_columns(
        ["id", "details", "title", "url", "text_sha256", "attribution"]
    )
    name = source.descriptor.name
    return Shard(name, licence_class, number, plan, index, figures, parts, rows_sha256(index))
