"""Writing records into Parquet parts of about 16 MB, one being written while the next is filled."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from frisat.files import sha256
from frisat.parquet import write_parquet
from frisat.schema import RECORDS

PART_BYTES = 16_000_000
PART_ROWS = 10_000


class Segments:
    """Parts of records below ``folder``; each is named by a hash of the records in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []
        self._rows: list[dict[str, Any]] = []
        self._size = 0
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._writing: Future[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # However the harvest ends, nothing is written any more when the workspace's lock is given back.
        self._writer.shutdown()

    def add(self, row: dict[str, Any]) -> None:
        """Take one record (columns of ``RECORDS``, the missing ones null); write a part when one is full."""
        weight = len(row.get("body") or b"") + len(row.get("context") or "")
        if self._rows and (self._size + weight > PART_BYTES or len(self._rows) >= PART_ROWS):
            self.flush()
        self._rows.append(row)
        self._size += weight

    def flush(self) -> None:
        """Begin to write what has been taken, if anything."""
        if not self._rows:
            return
        table = pa.Table.from_pylist([{f.name: row.get(f.name) for f in RECORDS} for row in self._rows], schema=RECORDS)
        names = sha256("\n".join(f"{r['key']} {r['sha256']} {r['retrieved_at']}" for r in self._rows))
        self.wait()
        path = self.folder / f"{names[:32]}.parquet"
        # Compressing and syncing one part while the next is read: a delivery is read by one process.
        self._writing = self._writer.submit(write_parquet, path, [table], RECORDS, text="body")
        self.made.append(path)
        self._rows, self._size = [], 0

    def wait(self) -> None:
        """Wait for the part that is being written; raise what went wrong with it."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def discard(self) -> None:
        """Take back everything this object has written or been given."""
        self.wait()
        for part in self.made:
            part.unlink(missing_ok=True)
        self._rows, self._size, self.made = [], 0, []
