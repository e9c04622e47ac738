"""A body while it comes in: in memory as long as it is small, then in a file from which a later fetch goes on."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from frisat.files import sha256, write_atomic

_SYNC_BYTES = 16_000_000
"""So much may be lost to a kill or a power cut."""


_MAX_AGE = 30 * 86_400
"""In seconds."""


def remove_stale(folder: Path) -> None:
    """Remove what is left in ``folder`` of bodies that nobody asked for again in a month."""
    if not folder.is_dir():
        return
    before = time.time() - _MAX_AGE  # as the file system tells time, not as a stopped clock does
    for path in folder.iterdir():
        with suppress(OSError):  # another process may have taken it
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink()


class Partial:
    """What has come of the body at ``url``. ``folder`` is made when the body outgrows ``memory`` bytes.

    The file is named by the hash of the URL. Beside it stands a JSON file that says how much of it is safe on disk,
    and the validator that tells whether the publisher's copy is still the same. Only one fetch of a URL at a time.
    """

    def __init__(self, folder: Path, url: str, memory: int) -> None:
        name = sha256(url)[:40]
        self.path = folder / f"{name}.part"
        self._notes = folder / f"{name}.json"
        self._whole = folder / name
        self._url = url
        self._memory = memory
        self._chunks: list[bytes] = []
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._synced = 0
        self.size = 0
        self.validator: str | None = None
        """A strong ETag or a date of change: what ``If-Range`` may hold. Without one there is no going on."""
        self.total: int | None = None
        """The length of the whole, if it was declared."""
        self._load()

    def _load(self) -> None:
        """Take up what an earlier process left."""
        if not self.path.exists():
            return
        try:
            notes = json.loads(self._notes.read_text("utf-8"))
            url, held, validator, total = (notes[key] for key in ("url", "held", "validator", "total"))
            sane = url == self._url and 0 < held <= self.path.stat().st_size and isinstance(validator, str)
            sane = sane and (total is None or held < total)
        except (OSError, ValueError, KeyError, TypeError):
            sane = False
        if not sane:
            self.discard()
            return
        self._file = self.path.open("r+b")
        self._file.truncate(held)
        self._digest = hashlib.file_digest(self._file, "sha256")
        self._file.seek(0, os.SEEK_END)
        self.size = self._synced = held
        self.validator, self.total = validator, total

    @property
    def resumable(self) -> bool:
        """Whether a fetch can go on from here."""
        return self.size > 0 and self.validator is not None

    def begin(self, validator: str | None, total: int | None) -> None:
        """Start over, with what is now known of the whole."""
        self.discard()
        self.validator, self.total = validator, total

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._digest.update(chunk)
        self.size += len(chunk)
        if self._file is None and self.size <= self._memory:
            self._chunks.append(chunk)
            return
        self._to_file(chunk)
        if self.size - self._synced >= _SYNC_BYTES:
            self._sync()

    def _to_file(self, chunk: bytes) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w+b")
            self._file.writelines(self._chunks)
            self._chunks.clear()
        self._file.write(chunk)

    def _sync(self) -> None:
        """Make what is in the file safe, then say how much that is."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._synced = self.size
        notes = {"url": self._url, "held": self.size, "validator": self.validator, "total": self.total}
        write_atomic(self._notes, json.dumps(notes))

    def head(self, limit: int) -> bytes:
        """Return the first ``limit`` bytes of what has come."""
        if self._file is None:
            return b"".join(self._chunks)[:limit]
        self._file.flush()
        with self.path.open("rb") as file:
            return file.read(limit)

    def finish(self) -> tuple[bytes | Path, str]:
        """Return the whole body, as bytes or as a file that is now the caller's, and its SHA-256."""
        digest = self._digest.hexdigest()
        if self._file is None:
            body = b"".join(self._chunks)
            self._chunks.clear()
            return body, digest
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self.path.replace(self._whole)
        self._notes.unlink(missing_ok=True)
        return self._whole, digest

    def leave(self) -> None:
        """Close the file; what can be gone on from stays for a later fetch, the rest is removed."""
        if self._file is None:
            return
        if not self.resumable:
            self.discard()
            return
        self._sync()
        self._file.close()
        self._file = None

    def discard(self) -> None:
        """Forget all of it."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._chunks.clear()
        self._digest = hashlib.sha256()
        self.size = self._synced = 0
        self.validator = self.total = None
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)
