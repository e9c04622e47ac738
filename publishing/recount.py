"""Counting a finished release again, from its rows: one pass over its files, none of which is held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from datacards import statistics
from frisat.parquet import open_parquet
from publishing.record import overlap, samples
from publishing.release import Release

COLUMNS = (
    "text", "token_count", "quality", "repairs", "redactions", "duplicates", "language", "document_type", "created",
    "license",
)  # fmt: skip
_TOGETHER = 4
"""Row groups that a thread reads at a time."""

_THREADS = 2
"""Decompression and Arrow's counting run beside each other; more threads than cores gain nothing."""


def recount(folder: Path, paths: Sequence[str]) -> pa.Table | None:
    """Return what figures are taken of, for all rows of some data files of a release; None where there are no rows.

    Texts are measured row group by row group; what is kept of a row is some hundred bytes, none of it text.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        jobs = [job for path in paths for job in _jobs(folder / path)]
        tables = [table for found in pool.map(_measured, jobs) for table in found]
    return pa.concat_tables(tables) if tables else None


def _jobs(path: Path) -> Iterator[tuple[Path, range]]:
    """Yield a file in runs of row groups, so that threads end together."""
    with open_parquet(path) as file:
        groups = file.num_row_groups
    for start in range(0, groups, _TOGETHER):
        yield path, range(start, min(start + _TOGETHER, groups))


def _measured(job: tuple[Path, range]) -> list[pa.Table]:
    path, groups = job
    with open_parquet(path) as file:
        return [figures(file.read_row_group(n, columns=list(COLUMNS), use_threads=False)) for n in groups]


def figures(rows: pa.Table) -> pa.Table:
    """Return what figures are taken of, for some published rows: their columns, and the lengths of their texts."""
    text = rows.column("text")
    lengths = {"characters": pc.utf8_length(text), "text_bytes": pc.binary_length(text)}
    columns = {name: rows.column(name) for name in COLUMNS if name != "text"}
    return pa.table(columns | {name: column.cast(pa.int64()) for name, column in lengths.items()})


def check_figures(release: Release) -> Iterator[str]:
    """Yield what the record says of its rows and a recount does not find: figures, samples, copies left out."""
    record, files = release.record, release.record["files"]
    by_source: dict[str, list[str]] = {}
    for file in files:
        by_source.setdefault(file["source"], []).append(file["path"])
    rows = {source: recount(release.path, paths) for source, paths in by_source.items()}
    for source in record["sources"]:
        yield from _differing(f"{source['name']}: ", source["statistics"], rows.get(source["name"]))
    yield from _differing("", record["statistics"], pa.concat_tables(rows.values()) if rows else None)
    if record["samples"] != samples(release.path, files):
        yield "release.json shows samples that are not the first rows"
    excluded: dict[str, list[dict[str, str | None]]] = {}
    for row in release.excluded().values():
        excluded.setdefault(str(row["source"]), []).append(row)
    if record["overlap"] != overlap(excluded):
        yield "release.json counts other copies than excluded.parquet has"


def _differing(where: str, said: Mapping[str, Any] | None, rows: pa.Table | None) -> Iterator[str]:
    found = statistics(rows) if rows is not None else {}
    for name in sorted({*(said or {}), *found}):
        if (said or {}).get(name) != found.get(name):
            yield f"{where}the rows have other figures than release.json says ({name})"
