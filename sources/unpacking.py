"""Reading the members of a ``.tar``, ``.tar.gz``, ``.tar.zst`` or ``.zip`` one by one, none beyond reason."""

from __future__ import annotations

import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, Self, cast

import zstandard

from frisat.errors import BrokenRecordError, DeliveryError

CHUNK = 1 << 20
INFLATION_LIMIT = 100
"""How many times larger than its compressed bytes a member of over 64 MB may be."""
_INFLATION_FREE = 64 << 20
_MAX_MEMBERS = 10_000_000
_MAX_TAR_HEADER = 1 << 20
"""Bytes that a TAR may spend on one long name or one extended header, which are read into memory."""
_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


class Readable(Protocol):
    """Bytes that can be read in chunks."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a delivery: its path within, and either a way to read it or why it cannot be."""

    path: str
    chunks: Callable[[], Iterator[bytes]] | None
    refused: str | None = None


def is_junk(inner: str) -> bool:
    """Say whether a path is hidden, or one of those that operating systems leave behind."""
    parts = PurePosixPath(inner).parts
    return any(part in _JUNK or (part.startswith(".") and part not in {"..", "."}) for part in parts)


def _refusal(name: str) -> str | None:
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "has an absolute path"
    if ".." in name.replace("\\", "/").split("/"):
        return "has a path that leads out of the archive"
    if "\0" in name or len(name) > 1000:
        return "has an impossible name"
    return None


def _bounded(source: Readable, compressed: Callable[[], int]) -> Iterator[bytes]:
    """Yield the bytes of ``source`` until they outgrow the compressed bytes they came from."""
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > _INFLATION_FREE and size > INFLATION_LIMIT * max(compressed(), 1):
            raise BrokenRecordError(
                f"inflates to more than {INFLATION_LIMIT} times its compressed size (over {size:,} bytes); not read on"
            )
        yield chunk


class _Counting:
    """A file that counts the bytes read from it."""

    def __init__(self, handle: IO[bytes]) -> None:
        self.handle = handle
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self.handle.read(size)
        self.count += len(data)
        return data


@contextmanager
def _decompressed(path: Path, counting: _Counting) -> Iterator[Readable]:
    if path.name.lower().endswith(".zst"):
        with zstandard.ZstdDecompressor(max_window_size=1 << 28).stream_reader(
            cast(IO[bytes], counting), read_size=CHUNK, read_across_frames=True
        ) as reader:
            yield reader
    elif path.name.lower().endswith((".gz", ".tgz")):
        yield gzip.GzipFile(fileobj=cast(IO[bytes], counting), mode="rb")
    else:
        yield counting


def tar_members(path: Path) -> Iterator[Member]:
    """Yield the members of a TAR, compressed as its name says; each must be read before the next is asked for."""
    with path.open("rb") as handle, _damage(path):
        counting = _Counting(handle)
        with (
            _decompressed(path, counting) as stream,
            tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK, tarinfo=_StrictInfo) as tar,  # type: ignore[call-overload]
        ):
            number = 0
            while (info := tar.next()) is not None:
                tar.members.clear()  # it would remember them all
                number += 1
                if number > _MAX_MEMBERS:
                    raise DeliveryError(f"{path} has more than {_MAX_MEMBERS:,} members; split it")
                if (member := _tar_member(path, tar, info, counting)) is not None:
                    yield member
            _read_rest(stream)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn what the readers of a TAR raise into an error that names it."""
    try:
        yield
    except (tarfile.TarError, zstandard.ZstdError, zlib.error, EOFError, OSError, ValueError) as error:
        raise DeliveryError(
            f"{path} is damaged or cut short ({error}); what came before is kept. Fetch it again and repeat"
        ) from error


class _StrictInfo(tarfile.TarInfo):
    """A header of a TAR; a damaged or missing one is an error, where ``tarfile`` alone takes it for the end."""

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tar)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined] # two blocks of zeros: the true end
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _LONG_HEADERS and info.size > _MAX_TAR_HEADER:
            raise tarfile.ReadError(f"a header of {info.size:,} bytes")
        return info


_LONG_HEADERS = {
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
}  # fmt: skip


def _read_rest(stream: Readable) -> None:
    """Read what follows the last member, so that the checksum at the end of the compressed bytes is compared."""
    for _ in range(_INFLATION_FREE // CHUNK):
        if not stream.read(CHUNK):
            return


def _tar_member(path: Path, tar: tarfile.TarFile, info: tarfile.TarInfo, counting: _Counting) -> Member | None:
    name = info.name.removeprefix("./")
    if refused := _refusal(info.name):
        return Member(name, None, refused)
    if info.isdir() or is_junk(name):
        return None
    if not info.isreg():
        return Member(name, None, "is a link or a device; deliver the file itself")

    def chunks() -> Iterator[bytes]:
        file = tar.extractfile(info)
        assert file is not None  # noqa: S101 - a regular member has a file
        # Up to a chunk of the member's compressed bytes was read ahead, with the member before.
        start = counting.count - CHUNK
        # Whoever reads the member stands outside of tar_members: what goes wrong must be named here too.
        with _damage(path):
            yield from _bounded(file, lambda: counting.count - start)

    return Member(name, chunks)


def zip_members(path: Path) -> Iterator[Member]:
    """Yield the members of a ZIP, by name."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise DeliveryError(f"{path} is not a readable ZIP ({error}); fetch it again and repeat") from error
    with archive:
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if refused := _refusal(info.orig_filename):
                yield Member(info.filename, None, refused)
            elif info.is_dir() or is_junk(info.filename):
                continue
            elif stat.S_ISLNK(info.external_attr >> 16):
                yield Member(info.filename, None, "is a link; deliver the file itself")
            elif info.flag_bits & 1:
                yield Member(info.filename, None, "is encrypted; deliver it in the clear")
            else:
                yield Member(info.filename, lambda info=info: _zip_chunks(archive, info))  # type: ignore[misc]


def _zip_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as file:
            yield from _bounded(file, lambda: info.compress_size)
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise BrokenRecordError(f"cannot be unpacked ({str(error) or 'it ends too early'})") from error
