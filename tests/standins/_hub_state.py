"""What the stand-in Hub holds: repositories, their commits, and the large objects that were sent to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_BEGAN = datetime(2041, 3, 1, 12, tzinfo=UTC)
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


def git_id(content: bytes) -> str:
    """Return the id that git gives ``content``."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit; ``sha256`` says that it is a large object."""

    content: bytes
    sha256: str | None = None

    @property
    def oid(self) -> str:
        """The id in git: of a large object, that of the pointer to it."""
        return git_id(self.pointer if self.sha256 else self.content)

    @property
    def pointer(self) -> bytes:
        """What stands in git for a large object."""
        head = "version https://git-lfs.github.com/spec/v1"
        return f"{head}\noid sha256:{self.sha256}\nsize {len(self.content)}\n".encode()

    def entry(self, path: str) -> dict[str, object]:
        """Return the file as listings show it."""
        shown: dict[str, object] = {"type": "file", "path": path, "size": len(self.content), "oid": self.oid}
        if self.sha256:
            size = len(self.content)
            shown["lfs"] = {"oid": self.sha256, "size": size, "pointerSize": len(self.pointer)}
        return shown


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit and the whole tree after it."""

    oid: str
    tree: Mapping[str, Blob]
    parent: str | None
    title: str
    message: str
    author: str
    date: str


@dataclass(slots=True)
class Repository:
    """A dataset repository: its branches and tags point to commits, its objects may be in none yet."""

    name: str
    private: bool = False
    gated: str | bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)

    def commit(
        self, branch: str, tree: Mapping[str, Blob], title: str, message: str = "", author: str = "publisher"
    ) -> Commit:
        """Put a commit on a branch."""
        parent = self.branches.get(branch)
        number = len(self.commits)
        seed = "\n".join([str(parent), title, message, *(f"{p} {b.oid}" for p, b in sorted(tree.items())), str(number)])
        date = (_BEGAN + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        oid = hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()
        made = Commit(oid, dict(tree), parent, title, message, author, date)
        self.commits[oid] = made
        self.branches[branch] = oid
        return made

    def find(self, revision: str) -> Commit | None:
        """Return the commit that a branch, a tag or an id names."""
        oid = self.branches.get(revision) or self.tags.get(revision) or revision
        return self.commits.get(oid)

    @property
    def head(self) -> Commit:
        """The last commit on ``main``."""
        return self.commits[self.branches["main"]]

    def push(self, path: str, content: bytes, author: str = "somebody") -> Commit:
        """Commit one file, as somebody else would."""
        return self.commit("main", {**self.head.tree, path: Blob(content)}, f"Update {path}", author=author)

    def history(self, oid: str) -> list[Commit]:
        """Return a commit and those before it."""
        found = []
        at: str | None = oid
        while at is not None:
            found.append(self.commits[at])
            at = found[-1].parent
        return found
