"""The one writer of Parquet: row groups are cut by rule, so that the same rows give the same bytes.

A row group ends after 10,000 rows or before 16 MB of text is passed. In a published file it also ends where a hash
of the id says so, on average every 8 MB: after an insertion the borders fall where they fell before, and
unchanged row groups keep their bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from frisat.errors import WorkspaceError
from frisat.files import atomic

GROUP_BYTES = 16_000_000
GROUP_ROWS = 10_000
_MEAN_GROUP_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: rows, and bytes on disk."""

    rows: int
    size: int


def hash_says_cut(identity: str, size: int, mean: int) -> bool:
    """Say whether a border follows the document ``identity`` of ``size`` bytes, for borders ``mean`` bytes apart.

    It depends on the document alone, never on what stands before it.
    """
    digest = hashlib.blake2b(identity.encode(), digest_size=8, person=b"frisat-cut").digest()
    return int.from_bytes(digest, "big") / 2**64 < -math.expm1(-size / mean)


def text_sizes(table: pa.Table, column: str) -> np.ndarray:
    """Return the size in bytes of each value of ``column`` (text or binary); null counts as none."""
    lengths = pc.fill_null(pc.binary_length(table.column(column)), 0)
    return np.asarray(lengths.combine_chunks() if isinstance(lengths, pa.ChunkedArray) else lengths)


class _Cutter:
    """Tells after which rows a row group ends; keeps count between tables."""

    def __init__(self, *, published: bool) -> None:
        self.published = published
        self.rows = 0
        self.bytes = 0

    def borders(self, ids: list[str] | None, sizes: np.ndarray) -> Iterator[int]:
        """Yield the positions in this table before which a new row group begins."""
        for position, size in enumerate(sizes.tolist()):
            if self.rows and (self.rows >= GROUP_ROWS or self.bytes + size > GROUP_BYTES):
                yield position
                self.rows = self.bytes = 0
            self.rows += 1
            self.bytes += size
            if self.published and ids and hash_says_cut(ids[position], size, _MEAN_GROUP_BYTES):
                yield position + 1
                self.rows = self.bytes = 0


def _row_groups(tables: Iterable[pa.Table], text: str, *, published: bool) -> Iterator[pa.Table]:
    cutter = _Cutter(published=published)
    waiting: list[pa.Table] = []
    for table in tables:
        ids = table.column("id").to_pylist() if published else None
        start = 0
        for border in cutter.borders(ids, text_sizes(table, text)):
            waiting.append(table.slice(start, border - start))
            group = pa.concat_tables(waiting)
            waiting, start = [], border
            if group.num_rows:
                yield group
        if start < table.num_rows:
            waiting.append(table.slice(start))
    if waiting:
        yield pa.concat_tables(waiting)


def write_parquet(
    path: Path,
    tables: Iterable[pa.Table],
    schema: pa.Schema,
    *,
    text: str = "text",
    published: bool = False,
    metadata: Mapping[str, str] | None = None,
) -> Written:
    """Write the rows of ``tables`` to ``path``, whole or not at all.

    Args:
        path: where the file shall be; its folder is made.
        tables: the rows, in chunks of any size; the bytes written do not depend on the chunks.
        schema: the columns, in order.
        text: the column whose size decides where row groups end.
        published: also cut by the hash of ``id``, and write content-defined chunks and a page index.
        metadata: key-value pairs for the file's footer.
    """
    if metadata:
        schema = schema.with_metadata(dict(metadata))
    rows = 0
    with atomic(path) as temporary:
        with pq.ParquetWriter(
            temporary,
            schema,
            compression="zstd",
            compression_level=3 if published else 1,
            write_page_index=published,
            use_content_defined_chunking=published,
            store_schema=True,
        ) as writer:
            for group in _row_groups(tables, text, published=published):
                # Fresh contiguous arrays: offsets left by slicing would change the bytes.
                whole = group.take(pa.array(np.arange(group.num_rows))).combine_chunks().cast(schema)
                writer.write_table(whole, row_group_size=max(1, whole.num_rows))
                rows += whole.num_rows
        size = temporary.stat().st_size
    return Written(rows=rows, size=size)


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a file that frisat wrote.

    Raises:
        WorkspaceError: it is missing, cut short or no Parquet.
    """
    try:
        return pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"{path} cannot be read as Parquet ({error}). A part that a build made: remove it, and the next build makes it "
        "anew. A part of the archive: bring it back from a backup, or remove it and harvest its delivery again"
    )


def read_groups(path: Path, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """Yield the row groups of the file at ``path`` one by one, each at most about 16 MB of text."""
    with open_parquet(path) as file:
        for group in range(file.num_row_groups):
            try:
                table = file.read_row_group(group, columns=columns, use_threads=False)
            except (OSError, pa.ArrowException) as error:
                raise _damaged(path, error) from error
            yield table


def read_columns(path: Path, columns: list[str]) -> pa.Table:
    """Return some columns of all rows. Not for ``text``: use :func:`read_groups`."""
    with open_parquet(path) as file:
        try:
            return file.read(columns=columns, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(path, error) from error


def read_metadata(path: Path) -> dict[str, str]:
    """Return the key-value pairs of the footer."""
    with open_parquet(path) as file:
        pairs = file.schema_arrow.metadata or {}
    return {key.decode(): value.decode() for key, value in pairs.items()}
