"""Where a file goes while it arrives: memory at first, a file when it is large; kept from one attempt to the next."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from frisat.files import TEMPORARY
from sources.client.fetching import FetchError

State = tuple[object, ...]


class Receiver:
    """The bytes of one file that have come so far.

    Args:
        url: the file's official address, for messages.
        folder: where a large body is put.
        memory: a body of more bytes than this is put into a file.
        max_bytes: a body of more bytes than this is refused.
    """

    def __init__(self, url: str, *, folder: Path, memory: int, max_bytes: int) -> None:
        self.size = 0
        self._url = url
        self._folder = folder
        self._memory = memory
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._state: State | None = None
        self._short = -1

    def expect(self, state: State) -> None:
        """Take note of what the server says of the file (size, time): where that has changed, begin again.

        Where it says nothing, what came before cannot be trusted to be the beginning of the same file.
        """
        if state != self._state or not any(state):
            self.restart()
        self._state = state

    def add(self, piece: bytes) -> None:
        """Take the next bytes.

        Raises:
            FetchError: there are more than are accepted.
        """
        self.check(self.size + len(piece))
        self.size += len(piece)
        self._digest.update(piece)
        if self._file is None:
            self._pieces.append(piece)
            if self.size > self._memory:
                self._spill()
        else:
            self._file.write(piece)

    def check(self, size: int | None) -> None:
        """Refuse a size that is too large.

        Raises:
            FetchError: it is.
        """
        if size is not None and size > self._max_bytes:
            raise FetchError(f"{self._url} is larger than {self._max_bytes:,} bytes; refused", url=self._url)

    def stuck(self) -> bool:
        """Say whether an attempt before this one ended at the same byte: going on from there is of no use."""
        before, self._short = self._short, self.size
        return before == self.size

    def restart(self) -> None:
        """Forget what has come."""
        self.discard()
        self.size, self._pieces, self._digest = 0, [], hashlib.sha256()

    def finish(self) -> tuple[bytes | Path, str, int]:
        """Return the body (bytes, or the path of a file that is the caller's now), its SHA-256 and its size."""
        digest = self._digest.hexdigest()
        if self._file is None:
            return b"".join(self._pieces), digest, self.size
        handle, self._file = self._file, None
        with handle:
            handle.flush()
            os.fsync(handle.fileno())
        return Path(handle.name), digest, self.size

    def discard(self) -> None:
        """Remove the file that has begun, unless it was handed over."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
        self._file = None

    def _spill(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - outlives this call
            dir=self._folder, prefix=f"{TEMPORARY}ftp-", delete=False
        )
        self._file.writelines(self._pieces)
        self._pieces = []
