"""Opening a delivery on disk: a folder, a ``.tar``, ``.tar.gz``, ``.tar.zst``, a ``.zip`` or one file.

Members are read one by one, in order, without unpacking. What is hostile is named and passed over: a path that
leads outside, a link, a device, a member that inflates beyond reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from frisat.errors import BrokenRecordError, DeliveryError
from sources.unpacking import CHUNK, Member, is_junk, tar_members, zip_members

ARCHIVES = (".tar.zst", ".tar.gz", ".tgz", ".tar", ".zip")


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
    for member in _members(path):
        # A name in another encoding than UTF-8: its bytes are spelled out, as guessing might be wrong.
        yield replace(member, path=member.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def _members(path: Path) -> Iterator[Member]:
    if not path.exists():
        raise DeliveryError(f"{path} does not exist; --from takes a folder, an archive or a file")
    if path.is_dir():
        yield from _folder(path)
    elif path.name.lower().endswith(".zip"):
        yield from zip_members(path)
    elif is_archive(path):
        yield from tar_members(path)
    else:
        yield Member(path.name, lambda: _file_chunks(path))


def _file_chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                yield chunk
    except OSError as error:
        raise BrokenRecordError(f"cannot be read ({error.strerror}); check it and harvest again") from error


def _folder(root: Path) -> Iterator[Member]:
    for path in sorted(root.rglob("*"), key=lambda p: p.relative_to(root).as_posix()):
        inner = path.relative_to(root).as_posix()
        if is_junk(inner):
            continue
        if path.is_symlink():
            yield Member(inner, None, "is a symbolic link; deliver the file itself")
        elif path.is_file():
            yield Member(inner, lambda path=path: _file_chunks(path))  # type: ignore[misc]
        elif not path.is_dir():
            yield Member(inner, None, "is neither a file nor a folder")
