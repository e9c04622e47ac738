"""A harvest that goes on: takes what comes, skips what is held already, notes what failed or is gone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from frisat.errors import FrisatError, RecordError
from frisat.files import TEMPORARY, sha256
from sources._segments import Segments
from sources.archive import GONE, Archive, Known
from sources.unpacking import Member

BLOB_BYTES = 32_000_000
"""A record larger than this is a file of its own beside the parts."""


@dataclass(slots=True)
class Collected:
    """What one harvest brought: counts of records.

    ``failed`` could not be had this time, ``unavailable`` is what the publisher refuses or does not have.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    unavailable: int = 0
    bytes: int = 0
    requests: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    """The first twenty failures, for people; all of them are in the archive."""

    def failure(self, key: str, why: str) -> None:
        """Remember a failure for people."""
        if len(self.failures) < 20:
            self.failures.append(f"{key} {why}")


class HarvestError(FrisatError):
    """Too much of a harvest failed, or far too much would vanish. What came is kept; the next harvest goes on."""

    def __init__(self, message: str, collected: Collected) -> None:
        super().__init__(message)
        self.collected = collected


class Harvest:
    """Adds records to an archive, in the harvest whose ``state`` :meth:`Archive.begin` gave."""

    def __init__(self, archive: Archive, state: dict[str, Any]) -> None:
        self.archive = archive
        self.collected = Collected()
        self.known = archive.known()
        self.number = int(state["number"])
        self._state = state
        self._seen: set[str] = set()
        self._started = datetime.fromisoformat(state["started_at"])
        self._segments = Segments(archive.records)

    def __enter__(self) -> Self:
        self._segments.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._segments.__exit__(*error)

    def add(self, member: Member, *, delivery: str, accepted: bool) -> None:
        """Archive one member of a delivery, or why it could not be read."""
        row = {"delivery": delivery}
        try:
            if member.chunks is None:
                raise RecordError(member.refused)
            if not accepted:
                self.fail(member.path, "not_text: is in no format that this source reads", row)
                return
            body, digest, size = self._receive(member.chunks())
        except RecordError as error:
            self.fail(member.path, f"{error.reason}: {error}", row)
            return
        if member.path in self._seen and self.known[member.path].sha256 != digest:
            failure = "broken: stands in the delivery twice, with different content; the first one is kept"
            self.fail(f"{member.path}#{digest[:16]}", failure, row)
            return
        self.take(member.path, body, digest, size, row)

    def take(self, key: str, body: bytes | Path, digest: str, size: int, row: Mapping[str, Any]) -> bool:
        """Archive a record unless this state of it is held; say whether it was new or changed.

        Args:
            key: the record's name.
            body: its bytes, or a file already among the archive's blobs.
            digest: SHA-256 of the body.
            size: bytes of the body.
            row: further columns: ``described`` (hash of ``context``) and ``retrieved_at`` among them.
        """
        held = self.known.get(key)
        self._seen.add(key)
        if held is not None and (held.sha256, held.described) == (digest, row.get("described")):
            self.collected.unchanged += 1
            return False
        stored = {"blob": body.name} if isinstance(body, Path) else {"body": body}
        self.collected.changed += held is not None and held.good
        self.collected.new += held is None or not held.good
        self.collected.bytes += size
        self._put(key, {**row, **stored, "sha256": digest, "size": size})
        return True

    def fail(self, key: str, failure: str, row: Mapping[str, Any]) -> None:
        """Archive why a record could not be had: ``failure`` is ``reason: sentence``."""
        self.collected.failed += 1
        self.collected.failure(key, failure.partition(": ")[2])
        self.stand_in(key, failure, row)

    def stand_in(self, key: str, failure: str, row: Mapping[str, Any]) -> None:
        """Archive a failure in the place of a record, without counting it; the same one is kept once."""
        digest = sha256(f"{key}\n{failure}")
        if key in self._seen and self.known[key].sha256 != digest:
            key = f"{key}#{digest[:16]}"
        self._seen.add(key)
        if key not in self.known or self.known[key].sha256 != digest:
            self._put(key, {"size": 0, **row, "sha256": digest, "failure": failure})

    def gone(self, key: str, why: str, when: datetime) -> None:
        """Archive that the publisher has removed a record; nothing if it is not held."""
        held = self.known.get(key)
        if held is not None and not held.gone:
            self.collected.gone += 1
            failure = f"{GONE}: {why}"
            row = {"sha256": sha256(f"{key}\n{failure}"), "size": 0, "failure": failure, "url": held.url}
            self._put(key, {**row, "retrieved_at": when})

    def finish(self) -> Collected:
        """Write what is left and note the end."""
        self.keep()
        self.archive.end(self._state, self.collected)
        return self.collected

    def keep(self) -> Collected:
        """Write what is left of a harvest that cannot go on; the next one from there resumes it."""
        self._segments.flush()
        self._segments.wait()
        return self.collected

    def discard(self) -> None:
        """Take back what this run has written, when it turns out that nothing of it was the source's."""
        self._segments.discard()

    def _put(self, key: str, row: dict[str, Any]) -> None:
        held = self.known.get(key)
        when = row.get("retrieved_at") or self._started
        if held is not None:
            # A revision is later than what it revises, even when the clock stands still.
            when = max(when, held.retrieved_at + timedelta(milliseconds=1))
        self.known[key] = Known.of({**row, "retrieved_at": when})
        self._segments.add({**row, "key": key, "retrieved_at": when, "harvest": self.number})

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
            return self.archive.keep_blob(temporary, digest.hexdigest()), digest.hexdigest(), size
        finally:
            temporary.unlink(missing_ok=True)
