"""The archive: what a source collected, as it came, in Parquet parts that are only ever added to."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from frisat import clock
from frisat.documents import Record
from frisat.errors import RecordError
from frisat.files import TEMPORARY, canonical_json, sha256, sync_folder, write_atomic
from frisat.parquet import read_columns, read_groups, write_parquet
from frisat.schema import RECORDS
from frisat.workspace import Workspace
from sources.unpacking import Member

BLOB_BYTES = 32_000_000
"""A record larger than this is a file of its own beside the parts."""
PART_BYTES = 16_000_000


@dataclass(slots=True)
class Collected:
    """What one harvest brought: counts of records, and the parts they lie in."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    bytes: int = 0
    failures: list[str] = field(default_factory=list)
    """The first twenty failures, for people; all of them are in the archive."""


@dataclass(frozen=True, slots=True)
class _Known:
    sha256: str
    retrieved_at: datetime


class Archive:
    """The archive of one source in a workspace."""

    def __init__(self, workspace: Workspace, source: str) -> None:
        self.source = source
        self.folder = workspace.archive / source
        self.records = self.folder / "records"
        self.blobs = self.folder / "blobs"
        self._state = self.folder / "harvest.json"

    def parts(self) -> list[Path]:
        """Return the record parts, by name."""
        return sorted(p for p in self.records.glob("*.parquet") if not p.name.startswith("."))

    def state(self) -> dict[str, Any]:
        """Return what is known of the last harvest: its number, what it read, when, and whether it ended."""
        return dict(json.loads(self._state.read_text())) if self._state.exists() else {}

    def known(self) -> dict[str, _Known]:
        """Return the newest state of each record by key."""
        newest: dict[str, _Known] = {}
        for part in self.parts():
            columns = read_columns(part, ["key", "sha256", "retrieved_at"]).to_pydict()
            for key, digest, when in zip(*columns.values(), strict=True):
                if key not in newest or (when, digest) > (newest[key].retrieved_at, newest[key].sha256):
                    newest[key] = _Known(digest, when)
        return newest

    def begin(self, origin: str) -> Harvest:
        """Begin a harvest from ``origin``, or go on with the one from there that was cut off."""
        state = self.state()
        if not (state.get("open") and state.get("origin") == origin):
            state = {
                "number": int(state.get("number", 0)) + 1,
                "origin": origin,
                "open": True,
                "started_at": clock.now().isoformat(),
            }
            write_atomic(self._state, canonical_json(state) + "\n")
        return Harvest(self, state)

    def end(self, state: dict[str, Any], collected: Collected) -> None:
        """Note that the harvest came to its end."""
        counts = {name: getattr(collected, name) for name in ("new", "changed", "unchanged", "failed", "bytes")}
        write_atomic(self._state, canonical_json({**state, "open": False, **counts}) + "\n")


class Harvest:
    """A harvest that goes on: takes records, skips those already held, writes parts."""

    def __init__(self, archive: Archive, state: dict[str, Any]) -> None:
        self.archive = archive
        self.collected = Collected()
        self._state = state
        self._seen: set[str] = set()
        self._known = archive.known()
        self._now = datetime.fromisoformat(state["started_at"])
        self._rows: list[dict[str, Any]] = []
        self._made: list[Path] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._writing: Future[Any] | None = None
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # However the harvest ends, nothing is written any more when the workspace's lock is given back.
        self._writer.shutdown()

    def add(self, member: Member, *, delivery: str, accepted: bool) -> None:
        """Archive one member of a delivery, or why it could not be read."""
        try:
            if member.chunks is None:
                raise RecordError(member.refused)
            if not accepted:
                self._failure(member.path, "not_text: is in no format that this source reads", delivery)
                return
            body, digest, size = self._receive(member.chunks())
        except RecordError as error:
            self._failure(member.path, f"{error.reason}: {error}", delivery)
            return
        if member.path in self._seen and self._known[member.path].sha256 != digest:
            failure = "broken: stands in the delivery twice, with different content; the first one is kept"
            self._failure(f"{member.path}#{digest[:16]}", failure, delivery)
            return
        blob = None if isinstance(body, bytes) else body.name
        row = {"blob": blob, "body": body if isinstance(body, bytes) else None}
        self._take(member.path, digest, {**row, "size": size, "delivery": delivery})

    def finish(self) -> Collected:
        """Write what is left and note the end."""
        self._flush()
        self._written()
        self.archive.end(self._state, self.collected)
        return self.collected

    def keep(self) -> Collected:
        """Write what is left of a harvest that cannot go on; the next one from there resumes it."""
        self._flush()
        self._written()
        return self.collected

    def discard(self) -> None:
        """Take back what this run has written, when it turns out that nothing of it was the source's."""
        self._written()
        for part in self._made:
            part.unlink(missing_ok=True)
        self._rows, self._size, self._made = [], 0, []

    def _failure(self, key: str, failure: str, delivery: str) -> None:
        self.collected.failed += 1
        if len(self.collected.failures) < 20:
            self.collected.failures.append(f"{key} {failure.partition(': ')[2]}")
        digest = sha256(f"{key}\n{failure}")
        if key in self._seen and self._known[key].sha256 != digest:
            key = f"{key}#{digest[:16]}"
        self._take(key, digest, {"failure": failure, "size": 0, "delivery": delivery})

    def _take(self, key: str, digest: str, row: dict[str, Any]) -> None:
        self._seen.add(key)
        known = self._known.get(key)
        if known is not None and known.sha256 == digest:
            self.collected.unchanged += "failure" not in row
            return
        when = self._now
        if known is not None:
            # A revision is later than what it revises, even when the clock stands still.
            when = max(when, known.retrieved_at + timedelta(milliseconds=1))
        if "failure" not in row:
            self.collected.changed += known is not None
            self.collected.new += known is None
            self.collected.bytes += row["size"]
        self._known[key] = _Known(digest, when)
        weight = 0 if row.get("body") is None else len(row["body"])
        if self._rows and self._size + weight > PART_BYTES:
            self._flush()
        self._rows.append({"key": key, "sha256": digest, "retrieved_at": when, "harvest": self._state["number"], **row})
        self._size += weight

    def _receive(self, chunks: Iterator[bytes]) -> tuple[bytes | Path, str, int]:
        """Read a body; keep it in memory up to 32 MB, else in a file named by its hash."""
        digest, buffer, size = hashlib.sha256(), [], 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            buffer.append(chunk)
            if size > BLOB_BYTES:
                break
        else:
            return b"".join(buffer), digest.hexdigest(), size
        self.archive.blobs.mkdir(parents=True, exist_ok=True)
        temporary = self.archive.blobs / f"{TEMPORARY}receiving"
        try:
            with temporary.open("wb") as handle:
                handle.writelines(buffer)
                buffer.clear()
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    handle.write(chunk)
                handle.flush()
                os.fsync(handle.fileno())
            blob = self.archive.blobs / digest.hexdigest()
            temporary.replace(blob)
            sync_folder(self.archive.blobs)
        finally:
            temporary.unlink(missing_ok=True)
        return blob, digest.hexdigest(), size

    def _flush(self) -> None:
        if not self._rows:
            return
        table = pa.Table.from_pylist([{f.name: row.get(f.name) for f in RECORDS} for row in self._rows], schema=RECORDS)
        names = sha256("\n".join(f"{r['key']} {r['sha256']} {r['retrieved_at']}" for r in self._rows))
        self._written()
        path = self.archive.records / f"{names[:32]}.parquet"
        # Compressing and syncing one part while the next is read: a delivery is read by one process.
        self._writing = self._writer.submit(write_parquet, path, [table], RECORDS, text="body")
        self._made.append(path)
        self._rows, self._size = [], 0

    def _written(self) -> None:
        """Wait for the part that is being written; raise what went wrong with it."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None


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
            )
            yield Stored(record, row["harvest"], row["failure"])
