"""Writing files so that they are there whole or not at all, and hashing them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TEMPORARY = ".tmp-"
"""What the name of an unfinished file or folder begins with; such names are never read."""


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success sync it and rename it, on failure remove it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY}{os.getpid()}-{path.name}"
    try:
        yield temporary
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """As :func:`atomic`, for a folder that does not exist yet; the files in it sync themselves."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY}{os.getpid()}-{path.name}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        for folder in [temporary, *(p for p in temporary.rglob("*") if p.is_dir())]:
            sync_folder(folder)
        temporary.rename(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


def remove_leftovers(root: Path, *, besides: str | None = None) -> int:
    """Remove what killed commands left unfinished below ``root``; return how many there were.

    The folder of ``root`` called ``besides`` is not ours and is left alone.
    """
    count = 0
    for base, folders, files in os.walk(root):
        for name in [name for name in [*folders, *files] if name.startswith(TEMPORARY)]:
            path = Path(base, name)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            count += 1
        folders[:] = [n for n in folders if not n.startswith(TEMPORARY) and (n != besides or Path(base) != root)]
    return count


def sha256(content: bytes | str) -> str:
    """Return the SHA-256 of ``content`` (text as UTF-8) in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of the file at ``path`` in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def canonical_json(value: Any) -> str:
    """Return the one way to write ``value`` as JSON: keys sorted, no spaces, UTF-8, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
