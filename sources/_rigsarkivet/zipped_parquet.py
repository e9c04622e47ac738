"""Opening the Parquet files of a delivery, alone or packed in a ZIP, without holding them in memory.

A member that the ZIP stores as it is, is read in place. A deflated one is first unpacked into a temporary file that
has no name, so it is gone however the reading ends: in the folder that ``TMPDIR`` names, else in ``/var/tmp``, since
``/tmp`` is memory on many machines.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import IO, Final, cast

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, WorkspaceError
from sources.unpacking import CHUNK, INFLATION_LIMIT, is_junk

_PARQUET: Final = b"PAR1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_INFLATION_FREE: Final = 64 << 20
_MAX_PACKED: Final = 1000
_ROOM_LEFT: Final = 256 << 20
"""Bytes of a disk that unpacking leaves free for others."""
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Packed:
    """A Parquet file of a delivery: its name in the ZIP (none where it came alone), and how to open it.

    ``open`` raises ``BrokenRecordError`` where the file cannot be unpacked, ``WorkspaceError`` where there is no room.
    """

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]


@contextmanager
def opened(body: bytes | Path) -> Iterator[IO[bytes]]:
    """Open the body of a record for reading.

    Raises:
        BrokenRecordError: the file cannot be read.
    """
    try:
        handle: IO[bytes] = io.BytesIO(body) if isinstance(body, bytes) else body.open("rb")
    except OSError as error:
        raise BrokenRecordError(f"cannot be opened ({error.strerror}); harvest it again") from error
    with handle:
        yield handle


def parquet_files(handle: IO[bytes]) -> list[Packed]:
    """Return the Parquet files in ``handle``, by name: itself, or those packed in it.

    Raises:
        EmptyRecordError: no bytes.
        NotTextError: neither a Parquet file nor a ZIP with one.
        BrokenRecordError: a damaged ZIP.
    """
    start = handle.read(8)
    handle.seek(0)
    if not start:
        raise EmptyRecordError("holds no bytes")
    if start.startswith(_PARQUET):
        return [Packed("", lambda: nullcontext(handle))]
    if not start.startswith(_ZIP):
        raise NotTextError(f"is neither a ZIP nor a Parquet file (it begins with {start!r})")
    try:
        members = zipfile.ZipFile(handle).infolist()
    except (*_DAMAGE, OSError, RecursionError) as error:
        raise BrokenRecordError(f"is a ZIP that is damaged or cut short ({error}); fetch it again") from error
    found = sorted((info for info in members if _is_parquet(info)), key=lambda info: info.filename)
    if not found:
        names = ", ".join(info.filename[:60] for info in members[:5]) or "nothing"
        raise NotTextError(f"is a ZIP without a Parquet file; it holds {names}")
    if len(found) > _MAX_PACKED:
        raise BrokenRecordError(f"is a ZIP with {len(found):,} Parquet files; more than {_MAX_PACKED:,} are not read")
    return [Packed(info.filename, lambda info=info: _member(handle, info)) for info in found]  # type: ignore[misc]


def _is_parquet(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(".parquet") and not info.is_dir() and not is_junk(info.filename)


@contextmanager
def _member(handle: IO[bytes], info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Yield the member's bytes as a file that can be read from any place; take it away afterwards."""
    name = info.filename[:100]
    parts = info.orig_filename.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or parts[0].endswith(":") or "\0" in info.orig_filename:
        raise BrokenRecordError(f"holds {name!r}, a path that leads out of the ZIP; it is not read")
    if info.flag_bits & 1:
        raise BrokenRecordError(f"holds {name!r} encrypted; deliver it in the clear")
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size:
        window = _Window(handle, _data_offset(handle, info), info.file_size)
        _check_sum(window, info)
        yield cast(IO[bytes], window)
        return
    with _unpacked(handle, info) as spool:
        yield spool


def _data_offset(handle: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Return where the bytes of a member begin: after its local header, whose length only that header knows."""
    handle.seek(info.header_offset)
    header = handle.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise BrokenRecordError(f"is a ZIP with a damaged entry {info.filename[:100]!r}; fetch it again")
    name, extra = struct.unpack("<HH", header[26:30])
    return info.header_offset + 30 + int(name) + int(extra)


def _check_sum(window: _Window, info: zipfile.ZipInfo) -> None:
    found, size = 0, 0
    while chunk := window.read(CHUNK):
        found, size = zlib.crc32(chunk, found), size + len(chunk)
    if size != info.file_size or found != info.CRC:
        raise BrokenRecordError(f"holds {info.filename[:100]!r} damaged or cut short; fetch it again")
    window.seek(0)


def _unpacked(handle: IO[bytes], info: zipfile.ZipInfo) -> IO[bytes]:
    """Return the member unpacked into a nameless temporary file.

    Raises:
        BrokenRecordError: it cannot be unpacked, or inflates beyond reason.
        WorkspaceError: there is no room for it, before or while it is written.
    """
    folder = _spool_folder()
    try:
        free = shutil.disk_usage(folder).free
        if info.file_size + _ROOM_LEFT > free:
            raise _no_room(folder, info.file_size, free)
        spool = tempfile.TemporaryFile(dir=folder, prefix="frisat-")  # noqa: SIM115 - the caller closes it
        try:
            _unpack(handle, info, spool)
        except BaseException:
            spool.close()
            raise
    except OSError as error:
        raise WorkspaceError(
            f"cannot unpack {info.file_size:,} bytes into {folder} ({error.strerror or error}); make room there, or "
            "let TMPDIR name a folder on a disk with room, and build again"
        ) from error
    return spool


def _spool_folder() -> str:
    """Return the folder for what is unpacked."""
    chosen = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return "/var/tmp" if not chosen and os.access("/var/tmp", os.W_OK) else tempfile.gettempdir()  # noqa: S108


def _no_room(folder: str, size: int, free: int) -> WorkspaceError:
    return WorkspaceError(
        f"unpacking needs {size:,} bytes in {folder} and there are {free:,}; make room there, or let TMPDIR name a "
        "folder on a disk with room, and build again"
    )


def _unpack(handle: IO[bytes], info: zipfile.ZipInfo, spool: IO[bytes]) -> None:
    """Inflate a member into ``spool``; not beyond what it declares, nor beyond reason."""
    name, size = info.filename[:100], 0
    try:
        archive = zipfile.ZipFile(handle)
        member = archive.open(info)
    except (*_DAMAGE, OSError, RuntimeError) as error:
        raise BrokenRecordError(f"holds {name!r}, which cannot be unpacked ({error}); fetch it again") from error
    with member:
        while chunk := _inflate(member, name):
            size += len(chunk)
            if size > _INFLATION_FREE and size > INFLATION_LIMIT * max(info.compress_size, 1):
                raise BrokenRecordError(
                    f"holds {name!r}, which inflates to more than {INFLATION_LIMIT} times its compressed size "
                    f"(over {size:,} bytes); it is not read on"
                )
            spool.write(chunk)
    if size != info.file_size:
        raise BrokenRecordError(f"holds {name!r} cut short: {size:,} of {info.file_size:,} bytes; fetch it again")
    spool.flush()
    spool.seek(0)


def _inflate(member: IO[bytes], name: str) -> bytes:
    """Read on in a member; what goes wrong here is the ZIP's fault, while writing may find a full disk."""
    try:
        return member.read(CHUNK)
    except (*_DAMAGE, OSError) as error:
        fault = str(error) or "it ends too early"
        raise BrokenRecordError(f"holds {name!r}, which cannot be unpacked ({fault}); fetch it again") from error


class _Window(io.RawIOBase):
    """A stretch of a file, as a file of its own."""

    def __init__(self, handle: IO[bytes], start: int, size: int) -> None:
        self._handle, self._start, self._size, self._at = handle, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._size - self._at)
        self._handle.seek(self._start + self._at)
        data = self._handle.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def readall(self) -> bytes:
        return self.read()
