"""What is to be published: the files of a release, what has to be done for them to stand elsewhere, what was done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from frisat.errors import FrisatError
from frisat.files import sha256_file
from publishing.release import SUMS

T = TypeVar("T")
Step = Callable[[str, Callable[[], T]], T]
"""Runs one named step of the work; a flow makes a task of it."""

Gated = Literal["auto", "manual"]


class PublishError(FrisatError):
    """A release could not be published as it should; what stands published stays as it was."""


class ForeignCommitError(PublishError):
    """Somebody else has committed to the repository; nothing was written over."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """How to publish.

    Attributes:
        public: whether a repository that this creates can be read by everybody; else by its owners.
        gated: whether a repository that this creates asks readers to agree first, and who lets them in.
        accept_commit: the commit on the repository's main branch, made by somebody else, that may be followed.
        dry_run: say what would be done; write nothing.
    """

    public: bool = False
    gated: Gated | None = None
    accept_commit: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release: its path within, where it lies, its size in bytes and its SHA-256."""

    path: str
    place: Path
    size: int
    sha256: str

    def git_id(self) -> str:
        """Return the id that git gives the content."""
        content = self.place.read_bytes()
        return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Operations:
    """What makes a place hold just the files of a release: files to add, paths to delete, files that stand there."""

    add: tuple[File, ...]
    delete: tuple[str, ...] = ()
    unchanged: tuple[File, ...] = ()

    @property
    def bytes(self) -> int:
        """How many bytes the files to add have; a store that knows some of them already takes fewer."""
        return sum(file.size for file in self.add)

    def as_dict(self) -> dict[str, Any]:
        """Return the operations for programs."""
        return {
            "add": [{"path": file.path, "bytes": file.size} for file in self.add],
            "delete": list(self.delete),
            "unchanged": len(self.unchanged),
            "bytes": self.bytes,
        }


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read of a published release and found to be as its record says.

    ``how`` is ``every row``, or ``row counts`` for a set too large to be fetched again.
    """

    rows: int
    files: int
    configs: tuple[str, ...]
    how: Literal["every row", "row counts"]

    def as_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"rows": self.rows, "files": self.files, "configs": list(self.configs), "how": self.how}


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did, or would do.

    ``state``: ``planned`` (a dry run), ``published`` (files were written), ``tagged`` (the files stood there, the tag
    was missing), ``unchanged`` (all of it stood there).
    """

    version: str
    to: str
    state: Literal["planned", "published", "tagged", "unchanged"]
    operations: Operations
    revision: str | None = None
    notes: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    read_back: ReadBack | None = field(default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {
            "version": self.version,
            "to": self.to,
            "state": self.state,
            "revision": self.revision,
            "operations": self.operations.as_dict(),
            "notes": list(self.notes),
            "marked": list(self.marked),
            "read_back": self.read_back.as_dict() if self.read_back else None,
        }


def files_of(folder: Path) -> list[File]:
    """Return all files of a release that was verified, by path, with the hashes that ``SHA256SUMS`` names.

    The sums themselves, and a signature of them, are not in the sums.
    """
    sums = {line[66:]: line[:64] for line in (folder / SUMS).read_text("utf-8").splitlines()}
    found = sorted(place.relative_to(folder).as_posix() for place in folder.rglob("*") if place.is_file())
    return [
        File(path, folder / path, (folder / path).stat().st_size, sums.get(path) or sha256_file(folder / path))
        for path in found
    ]


def straight(name: str, function: Callable[[], T]) -> T:
    """Run a step with nobody to tell: the default :data:`Step`."""
    del name
    return function()
