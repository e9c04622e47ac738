"""Signatures of what is published: one file a source, by which others find our texts in theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import Scheme
from frisat.parquet import read_columns, write_parquet
from publishing.selection import Selected

_WANTED = pa.schema([pa.field("id", pa.string()), pa.field("text_sha256", pa.string())])


@dataclass(frozen=True, slots=True)
class SignaturesJob:
    """Write the signatures of the documents that the file ``wanted`` names, out of the index's parts ``signed``."""

    source: str
    signed: tuple[Path, ...]
    wanted: Path
    target: Path

    def __str__(self) -> str:
        return f"{self.source} signatures"


def schema(scheme: Scheme) -> pa.Schema:
    """Return the columns of ``signatures/<source>.parquet``; its footer says how they were made."""
    return pa.schema(
        [
            pa.field("id", pa.string()),
            pa.field("scheme", pa.string()),
            pa.field("signature", pa.binary(2 * scheme.size)),
        ]
    )


def signatures_job(folder: Path, source: Selected, signed: tuple[Path, ...]) -> SignaturesJob:
    """Return the job that writes the signatures of one source; what it needs is written to ``folder``."""
    name = source.descriptor.name
    rows = source.documents.select(_WANTED.names).take(pa.array(source.published(), pa.int64()))
    wanted = folder / "wanted" / f"{name}.parquet"
    write_parquet(wanted, [rows], _WANTED, text="id")
    return SignaturesJob(name, signed, wanted, folder / "signatures" / f"{name}.parquet")


def write_signatures(job: SignaturesJob) -> int:
    """Write the signatures of one source, in the order of ids; return how many.

    A text under twenty words has none: it is never called a copy.
    """
    scheme = Scheme()
    wanted = read_columns(job.wanted, _WANTED.names)
    tables = [
        pa.table(
            {"id": [], "text_sha256": [], "signature": []}, schema=_WANTED.append(schema(scheme).field("signature"))
        )
    ]
    for part in job.signed:
        table = read_columns(part, [*_WANTED.names, "signature"])
        here = pc.is_in(table.column("text_sha256"), value_set=wanted.column("text_sha256").combine_chunks())
        tables.append(table.filter(pc.and_(here, pc.is_valid(table.column("signature")))))
    # States of one document that differ in description only have one text, and one signature.
    found = pa.concat_tables(tables).group_by(_WANTED.names).aggregate([("signature", "min")])
    rows = wanted.join(found, _WANTED.names, join_type="inner").sort_by("id")
    columns = [rows.column("id"), pa.array([scheme.scheme] * rows.num_rows, pa.string()), rows.column("signature_min")]
    made = schema(scheme)
    write_parquet(job.target, [pa.table(columns, schema=made)], made, text="id", metadata=scheme.header())
    return int(rows.num_rows)
