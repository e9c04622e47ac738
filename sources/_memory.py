"""What a source's publisher said of each record when last asked: so that only what is new is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from frisat.parquet import read_columns, write_parquet
from frisat.schema import VISITED

RETRY_STANDING = timedelta(days=30)
"""When a record that was refused or missing is asked for again although its listing says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What was said of one record: its version, its validators (``ETag``, ``Last-Modified``), and when.

    ``wanted`` holds, as JSON, what to ask for again where the record could not be had; ``standing`` says that this was
    the publisher's answer rather than an accident.
    """

    version: str | None = None
    etag: str | None = None
    modified: str | None = None
    checked_at: datetime
    wanted: str | None = None
    standing: bool = False

    def due(self, version: str | None, now: datetime) -> bool:
        """Say whether a record that could not be had is to be asked for again."""
        return not self.standing or self.version != version or now - self.checked_at > RETRY_STANDING


class Memory:
    """What was said of the records of one source; kept in one file beside its archive.

    It can be lost without harm: records are then asked for again and found unchanged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = False
        self._visited: dict[str, Visited] = {}
        if path.exists():
            for row in read_columns(path, VISITED.names).to_pylist():
                key = row.pop("key")
                self._visited[key] = Visited(**row)

    def __getitem__(self, key: str) -> Visited | None:
        return self._visited.get(key)

    def note(self, key: str, visited: Visited) -> None:
        """Remember what was said of ``key``; the time alone is no news, unless the record could not be had."""
        before = self._visited.get(key)
        news = (visited.version, visited.etag, visited.modified, visited.wanted, visited.standing)
        if before is None or visited.wanted or news != (
            before.version, before.etag, before.modified, before.wanted, before.standing,
        ):  # fmt: skip
            self._visited[key] = visited
            self._changed = True

    def forget(self, key: str) -> None:
        """Remember nothing of ``key``: its publisher has removed it."""
        self._changed |= self._visited.pop(key, None) is not None

    def wanted(self) -> list[str]:
        """Return the keys of records that could not be had, sorted."""
        return sorted(key for key, visited in self._visited.items() if visited.wanted)

    def save(self) -> None:
        """Write the file, if anything changed."""
        if not self._changed:
            return
        rows = [
            {"key": key, **{name: getattr(visited, name) for name in VISITED.names[1:]}}
            for key, visited in sorted(self._visited.items())
        ]
        write_parquet(self._path, [pa.Table.from_pylist(rows, schema=VISITED)], VISITED, text="key")
        self._changed = False
