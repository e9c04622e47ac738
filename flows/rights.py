"""What the archive and the register say of the rights of a source, for the commands that look."""

from __future__ import annotations

import json
from datetime import date, datetime

from frisat.parquet import open_parquet, read_columns
from frisat.workspace import Workspace
from licensing import Entry, Register, Ruling, reservations_in_signals
from publishing import ruling_of
from sources import Archive, Source

_COLUMNS = ["sha256", "retrieved_at", "signals"]


def reserved_records(workspace: Workspace, name: str) -> dict[str, datetime]:
    """Return the SHA-256 of the records beside which mining or training was reserved at retrieval, and when that was.

    That robots.txt forbids an address or could not be read is none: then there is no record.
    """
    found: dict[str, datetime] = {}
    known: dict[str | None, bool] = {None: False}
    for part in Archive(workspace, name).parts():
        if "signals" not in open_parquet(part).schema_arrow.names:
            continue
        columns = read_columns(part, _COLUMNS)
        rows = zip(*(columns.column(column).to_pylist() for column in _COLUMNS), strict=True)
        for digest, when, signals in rows:
            if signals not in known:
                known[signals] = any(one.kind == "tdm" for one in reservations_in_signals(json.loads(signals)))
            if known[signals]:
                found[digest] = min(when, found.get(digest, when))
    return found


def ruling_over(workspace: Workspace, source: Source, day: date, *, entries: list[Entry] | None = None) -> Ruling:
    """Return what holds for the documents of ``source`` on a day, by the workspace's register and archive."""
    reserved = reserved_records(workspace, source.name)
    return ruling_of(
        source.descriptor,
        Register(workspace.register),
        day,
        reserved={digest: when for digest, when in reserved.items() if when.date() <= day},
        entries=entries,
    )
