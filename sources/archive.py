"""The archive: what a source collected, as it came, in Parquet parts that are only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frisat import clock
from frisat.documents import Record
from frisat.files import canonical_json, sync_folder, write_atomic
from frisat.parquet import open_parquet, read_columns, read_groups
from frisat.workspace import Workspace

if TYPE_CHECKING:
    from sources.intake import Collected

GONE = "removed_at_source"
"""The reason of a tombstone: a record that says its publisher has removed what came before under its key."""

_COUNTS = ("new", "changed", "unchanged", "gone", "failed", "unavailable", "bytes")


@dataclass(frozen=True, slots=True)
class Known:
    """The newest state of a record: hash of its body, hash of its context, when, and what it is."""

    sha256: str
    described: str | None
    retrieved_at: datetime
    failure: str | None
    url: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Known:
        """Return the state that a row of ``RECORDS`` stands for."""
        return cls(row["sha256"], row.get("described"), row["retrieved_at"], row.get("failure"), row.get("url"))

    @property
    def good(self) -> bool:
        """Whether it is what the publisher has, neither a failure nor a tombstone."""
        return self.failure is None

    @property
    def gone(self) -> bool:
        """Whether it is a tombstone."""
        return self.failure is not None and self.failure.startswith(GONE)


class Archive:
    """The archive of one source in a workspace."""

    def __init__(self, workspace: Workspace, source: str) -> None:
        self.source = source
        self.folder = workspace.archive / source
        self.records = self.folder / "records"
        self.responses = self.folder / "responses"
        """What the publisher answered besides records: listings, robots.txt, refusals. Never read for documents."""
        self.blobs = self.folder / "blobs"
        self.visited = self.folder / "visited.parquet"
        self.cursor = self.folder / "cursor.json"
        self._state = self.folder / "harvest.json"

    def parts(self) -> list[Path]:
        """Return the record parts, by name. Of a merge that was cut off either all it makes count, or none."""
        journal = self.folder / "merge.json"
        found = {f"{self.records.name}/{p.name}" for p in self.records.glob("*.parquet") if not p.name.startswith(".")}
        if journal.exists():
            said = json.loads(journal.read_text())
            done = all((self.folder / name).exists() for name in said["made"])
            found -= set(said["replaces"] if done else said["made"])
        return sorted(self.folder / name for name in found)

    def state(self) -> dict[str, Any]:
        """Return what is known of the last harvest: its number, what it read, when, and whether it ended."""
        return dict(json.loads(self._state.read_text())) if self._state.exists() else {}

    def was_asked(self) -> bool:
        """Say whether the publisher's own service was harvested before."""
        return self.visited.exists() or self.cursor.exists()

    def known(self) -> dict[str, Known]:
        """Return the newest state of each record by key."""
        newest: dict[str, Known] = {}
        for part in self.parts():
            names = [n for n in ("key", *Known.__dataclass_fields__) if n in open_parquet(part).schema_arrow.names]
            columns = read_columns(part, names)
            for key, row in zip(columns.column("key").to_pylist(), columns.to_pylist(), strict=True):
                found = Known.of(row)
                if key not in newest or (found.retrieved_at, found.sha256) > (
                    newest[key].retrieved_at,
                    newest[key].sha256,
                ):
                    newest[key] = found
        return newest

    def begin(self, origin: str) -> dict[str, Any]:
        """Begin a harvest from ``origin``, or go on with the one from there that was cut off; return its state."""
        state = self.state()
        if not (state.get("open") and state.get("origin") == origin):
            state = {
                "number": int(state.get("number", 0)) + 1,
                "origin": origin,
                "open": True,
                "started_at": clock.now().isoformat(),
            }
            write_atomic(self._state, canonical_json(state) + "\n")
        return state

    def end(self, state: dict[str, Any], collected: Collected) -> None:
        """Note that the harvest came to its end."""
        counts = {name: getattr(collected, name) for name in _COUNTS}
        write_atomic(self._state, canonical_json({**state, "open": False, **counts}) + "\n")

    def keep_blob(self, file: Path, digest: str) -> Path:
        """Move a large body, synced already, to its place; return that."""
        self.blobs.mkdir(parents=True, exist_ok=True)
        blob = self.blobs / digest
        file.replace(blob)
        sync_folder(self.blobs)
        return blob


@dataclass(frozen=True, slots=True)
class Stored:
    """A record in the archive: the record, or the failure that stands in its place."""

    record: Record
    harvest: int
    failure: str | None


def read_records(archive_folder: Path, part: Path) -> Iterator[Stored]:
    """Yield the records of one part of the archive in ``archive_folder`` (``archive/<source>``)."""
    for group in read_groups(part):
        for row in group.to_pylist():
            body = row["body"] if row["body"] is not None else b""
            record = Record(
                source=archive_folder.name,
                key=row["key"],
                body=archive_folder / "blobs" / row["blob"] if row["blob"] else body,
                sha256=row["sha256"],
                retrieved_at=row["retrieved_at"],
                url=row["url"],
                delivery=row["delivery"],
                context=json.loads(row["context"]) if row.get("context") else {},
            )
            yield Stored(record, row["harvest"], row["failure"])
