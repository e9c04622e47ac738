"""Links: which documents, of all sources, were verified to be copies of each other.

The result is a function of the set of refined parts: order, workers and batches do not matter. Which copy is
published is not decided here but at assembly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from frisat.files import sha256
from frisat.parquet import read_columns, write_parquet
from frisat.schema import LINKS

VERSION = 1
MIN_WORDS = 20
"""Shorter texts are never called duplicates: "Ordføreren." is said thousands of times."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """How many clusters of copies there are, how many documents in them, and the file that lists them."""

    clusters: int
    documents: int
    path: Path


def links_path(folder: Path, parts: Sequence[Path]) -> Path:
    """Return where the links over ``parts`` are, or will be, in ``folder``."""
    names = sorted(f"{part.parent.name}/{part.stem}" for part in parts)
    key = sha256("\n".join([f"links {VERSION} {MIN_WORDS}", *names]))
    return folder / f"{key[:32]}.parquet"


def link(folder: Path, parts: Sequence[Path]) -> LinkResult:
    """Find exact copies among all documents of ``parts`` and write them to ``folder``; earlier links are removed."""
    path = links_path(folder, parts)
    if not path.exists():
        repeated = _repeated(parts)
        table = _members(parts, repeated) if len(repeated) else LINKS.empty_table()
        write_parquet(path, [table], LINKS, text="id")
    for other in folder.glob("*.parquet"):
        if other != path:
            other.unlink()
    clusters = read_columns(path, ["cluster"]).column("cluster")
    return LinkResult(len(pc.unique(clusters)), len(clusters), path)


def _long_enough(part: Path, columns: list[str]) -> pa.Table:
    table = read_columns(part, [*columns, "quality", "reason"])
    words = pc.struct_field(table.column("quality"), "words")
    keep = pc.and_(pc.greater_equal(words, MIN_WORDS), pc.is_null(table.column("reason")))
    return table.filter(keep).select(columns)


def _repeated(parts: Iterable[Path]) -> pa.Array:
    """Return the hashes that stand more than once over all parts."""
    columns = [_long_enough(part, ["exact"]).column("exact") for part in parts]
    chunks = [chunk for column in columns for chunk in column.chunks]
    if not chunks:
        return pa.array([], pa.binary(16))
    counts = pc.value_counts(pa.chunked_array(chunks, pa.binary(16)))
    return counts.field("values").filter(pc.greater(counts.field("counts"), 1))


def _members(parts: Iterable[Path], repeated: pa.Array) -> pa.Table:
    tables = list(_member_tables(parts, repeated))
    table = pa.concat_tables(tables)
    # States of one document that differ in description only are one text under one id, not copies.
    table = table.group_by(["cluster", "source", "id", "text_sha256"]).aggregate([])
    counts = table.group_by("cluster").aggregate([("id", "count_distinct")])
    several = counts.filter(pc.greater(counts.column("id_count_distinct"), 1)).column("cluster")
    table = table.filter(pc.is_in(table.column("cluster"), value_set=several))
    rows = table.num_rows
    table = table.append_column("kind", pa.array(["exact"] * rows, pa.string()))
    table = table.append_column("score", pa.array([1.0] * rows, pa.float32()))
    return table.select(LINKS.names).sort_by(
        [("cluster", "ascending"), ("id", "ascending"), ("text_sha256", "ascending")]
    )


def _member_tables(parts: Iterable[Path], repeated: pa.Array) -> Iterator[pa.Table]:
    for part in parts:
        table = _long_enough(part, ["exact", "source", "id", "text_sha256"])
        table = table.filter(pc.is_in(table.column("exact"), value_set=repeated))
        clusters = pa.array([value.hex() for value in table.column("exact").to_pylist()], pa.string())
        yield table.drop_columns(["exact"]).add_column(0, "cluster", clusters)
