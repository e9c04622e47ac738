"""Rows as assembly sees them: everything of a refined document but its text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from frisat.parquet import read_columns, read_groups
from frisat.schema import PUBLISHED, REFINED

RIGHTS = ("license", "legal_basis", "attribution")
"""Columns whose change makes a row *relabelled*."""

NOT_COMPARED = ("id", "text", "text_sha256", "source", "added", *RIGHTS)
DESCRIBED = tuple(name for name in PUBLISHED.names if name not in NOT_COMPARED)
"""Columns whose change makes a row *redescribed*."""

INDEX = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("added", pa.string()),
        pa.field("text_sha256", pa.string()),
        pa.field("described", pa.binary(16)),
        pa.field("rights", pa.binary(16)),
    ]
)
"""What two releases are compared by: one row a document."""

_NULL = "\x00"
_SEPARATOR = "\x1f"


def load_rows(parts: Sequence[Path]) -> pa.Table:
    """Return the columns of all documents of ``parts`` without their text, with ``part`` and ``row`` to find it by."""
    columns = [name for name in REFINED.names if name != "text"]
    schema = pa.schema([REFINED.field(name) for name in columns])
    tables = []
    for number, part in enumerate(parts):
        table = read_columns(part, columns).cast(schema)
        table = table.append_column("part", pa.array([number] * table.num_rows, pa.int32()))
        tables.append(table.append_column("row", pa.array(range(table.num_rows), pa.int64())))
    empty = schema.append(pa.field("part", pa.int32())).append(pa.field("row", pa.int64())).empty_table()
    return pa.concat_tables([empty, *tables], promote_options="permissive")


def _flat(table: pa.Table, columns: Sequence[str]) -> list[pa.ChunkedArray]:
    flat: list[pa.ChunkedArray] = []
    for name in columns:
        column = table.column(name)
        if pa.types.is_struct(column.type):
            flat += [pc.struct_field(column, field.name) for field in column.type]
        else:
            flat.append(column)
    return flat


def digests(table: pa.Table, columns: Sequence[str]) -> list[bytes]:
    """Return a hash of 16 bytes of these columns of each row; it does not depend on how the table is chunked."""
    if not table.num_rows:
        return []
    strings = [pc.fill_null(column.cast(pa.string()), _NULL) for column in _flat(table, columns)]
    joined = pc.binary_join_element_wise(*strings, _SEPARATOR)
    return [hashlib.blake2b(value.encode(), digest_size=16).digest() for value in joined.to_pylist()]


def index_rows(table: pa.Table) -> pa.Table:
    """Return the :data:`INDEX` of published rows; the text itself is not needed."""
    columns = [table.column(name) for name in ("id", "source", "added", "text_sha256")]
    hashes = [pa.array(digests(table, names), pa.binary(16)) for names in (DESCRIBED, RIGHTS)]
    return pa.table([*columns, *hashes], schema=INDEX)


def index_file(path: Path) -> pa.Table:
    """Return the :data:`INDEX` of the published file at ``path``."""
    columns = [name for name in PUBLISHED.names if name != "text"]
    tables = [index_rows(group) for group in read_groups(path, columns)]
    return pa.concat_tables([INDEX.empty_table(), *tables])


def rows_sha256(index: pa.Table) -> str:
    """Return the hash of an index in its order: two files with the same hash hold the same rows."""
    digest = hashlib.sha256()
    for row in index.to_pylist():
        digest.update(
            f"{row['id']}\t{row['added']}\t{row['text_sha256']}\t".encode() + row["described"] + row["rights"]
        )
    return digest.hexdigest()
