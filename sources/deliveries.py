"""Opening a delivery on disk: a folder, a ``.tar``, ``.tar.gz``, ``.tar.zst``, a ``.zip`` or one file.

Members are read one by one, in order, without unpacking. What is hostile is named and passed over: a path that
leads outside, a link, a device, a member that inflates beyond reason.
"""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

import zstandard

from frisat.errors import BrokenRecordError, DeliveryError

CHUNK = 1 << 20
INFLATION_LIMIT = 100
"""How many times larger than its compressed bytes a member of over 64 MB may be."""
_INFLATION_FREE = 64 << 20
_MAX_MEMBERS = 10_000_000
_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
ARCHIVES = (".tar.zst", ".tar.gz", ".tgz", ".tar", ".zip")


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


def is_archive(path: Path) -> bool:
    """Say whether ``path`` is named like an archive frisat reads."""
    return path.name.lower().endswith(ARCHIVES)


def delivery_name(path: Path) -> str:
    """Return the name by which a delivery is remembered: its last path component."""
    return path.resolve().name


def members(path: Path) -> Iterator[Member]:
    """Yield the files of the delivery at ``path``; each must be read before the next is asked for.

    Raises:
        DeliveryError: it is not there, or not what its name says; or it ends before its end. What was yielded
            until then is good.
    """
    if not path.exists():
        raise DeliveryError(f"{path} does not exist; --from takes a folder, an archive or a file")
    if path.is_dir():
        yield from _folder(path)
    elif path.name.lower().endswith(".zip"):
        yield from _zip(path)
    elif is_archive(path):
        yield from _tar(path)
    else:
        yield Member(path.name, lambda: _file_chunks(path))


def _file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk


def _folder(root: Path) -> Iterator[Member]:
    for path in sorted(root.rglob("*"), key=lambda p: p.relative_to(root).as_posix()):
        inner = path.relative_to(root).as_posix()
        if _is_junk(inner):
            continue
        if path.is_symlink():
            yield Member(inner, None, "is a symbolic link; deliver the file itself")
        elif path.is_file():
            yield Member(inner, lambda path=path: _file_chunks(path))  # type: ignore[misc]
        elif not path.is_dir():
            yield Member(inner, None, "is neither a file nor a folder")


def _is_junk(inner: str) -> bool:
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
            cast(IO[bytes], counting), read_size=CHUNK
        ) as reader:
            yield reader
    elif path.name.lower().endswith((".gz", ".tgz")):
        yield gzip.GzipFile(fileobj=cast(IO[bytes], counting), mode="rb")
    else:
        yield counting


def _tar(path: Path) -> Iterator[Member]:
    with path.open("rb") as handle:
        counting = _Counting(handle)
        try:
            with (
                _decompressed(path, counting) as stream,
                tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK) as tar,  # type: ignore[call-overload]
            ):
                for number, info in enumerate(tar):
                    if number > _MAX_MEMBERS:
                        raise DeliveryError(f"{path} has more than {_MAX_MEMBERS:,} members; split it")
                    if (member := _tar_member(tar, info, counting)) is not None:
                        yield member
        except (tarfile.TarError, zstandard.ZstdError, zlib.error, EOFError, OSError) as error:
            raise DeliveryError(
                f"{path} is damaged or cut short ({error}); what came before is kept. Fetch it again and repeat"
            ) from error


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo, counting: _Counting) -> Member | None:
    name = info.name.removeprefix("./")
    if refused := _refusal(info.name):
        return Member(name, None, refused)
    if info.isdir() or _is_junk(name):
        return None
    if not info.isreg():
        return Member(name, None, "is a link or a device; deliver the file itself")

    def chunks() -> Iterator[bytes]:
        file = tar.extractfile(info)
        assert file is not None  # noqa: S101 - a regular member has a file
        start = counting.count
        yield from _bounded(file, lambda: counting.count - start)

    return Member(name, chunks)


def _zip(path: Path) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DeliveryError(f"{path} is not a readable ZIP ({error}); fetch it again and repeat") from error
    with archive:
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if refused := _refusal(info.orig_filename):
                yield Member(info.filename, None, refused)
            elif info.is_dir() or _is_junk(info.filename):
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
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise BrokenRecordError(f"cannot be unpacked ({error})") from error
