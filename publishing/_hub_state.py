"""What stands in a dataset repository on the Hub, and what is to be done so that a release stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from frisat.workspace import version_key
from publishing._hub_client import Hub, HubError
from publishing.publication import File, Operations

KEPT = frozenset({".gitattributes"})
"""Files that are the Hub's own: never compared, never deleted."""

SIGNATURE = "frisat-release: "
"""What the last line of the description of each of our commits begins with."""

VERSION = re.compile(r"v\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the Hub: ``sha256`` is known of large files only, of the others git's id."""

    size: int
    git_id: str
    sha256: str | None

    def holds(self, file: File) -> bool:
        """Return whether this is the content of ``file``."""
        if self.size != file.size:
            return False
        return self.sha256 == file.sha256 if self.sha256 else self.git_id == file.git_id()


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: ``message`` is its description, below the title."""

    id: str
    title: str
    message: str
    authors: tuple[str, ...]
    date: str

    @property
    def by_frisat(self) -> bool:
        """Whether its description says that frisat made it."""
        return any(line.startswith(f"{SIGNATURE}v") for line in self.message.splitlines())

    def __str__(self) -> str:
        return f"{self.id[:10]} “{self.title}” by {', '.join(self.authors) or 'nobody named'}, {self.date}"


@dataclass(frozen=True, slots=True)
class State:
    """A repository: its last commit, the files of it, and its version tags. ``head`` is None before any commit."""

    head: Commit | None = None
    tree: Mapping[str, Stored] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    private: bool | None = None
    gated: Any = None

    @property
    def empty(self) -> bool:
        """Whether nobody has put anything into it yet."""
        return self.tree.keys() <= KEPT

    def latest(self) -> str | None:
        """Return the highest version that has a tag."""
        return max(self.tags, key=version_key, default=None)


def look(hub: Hub) -> State | None:
    """Return how the repository stands; None if there is none, or none that this token may see."""
    try:
        info = hub.ask("asking for the repository", lambda: hub.api.dataset_info(hub.repo))
    except HubError as error:
        if error.status in (401, 404):
            return None
        raise
    refs = hub.ask("listing the tags", lambda: hub.api.list_repo_refs(**hub.where()))
    head = last_commit(hub, "main") if any(branch.name == "main" for branch in refs.branches) else None
    tags = {tag.name: tag.target_commit for tag in refs.tags if VERSION.fullmatch(tag.name)}
    tree = files_at(hub, head.id) if head else {}
    return State(head, tree, tags, info.private, info.gated)


def last_commit(hub: Hub, revision: str) -> Commit:
    """Return the commit that ``revision`` points to."""
    found = hub.ask(
        f"reading the history of {revision}", lambda: hub.api.list_repo_commits(**hub.where(), revision=revision)
    )[0]
    when = found.created_at.isoformat(timespec="seconds")
    return Commit(found.commit_id, found.title, found.message, tuple(found.authors), when)


def files_at(hub: Hub, revision: str) -> dict[str, Stored]:
    """Return the files at ``revision`` by path."""
    from huggingface_hub.hf_api import RepoFile

    found = hub.ask(
        f"listing the files of {revision}",
        lambda: list(hub.api.list_repo_tree(**hub.where(), revision=revision, recursive=True)),
    )
    return {
        item.path: Stored(item.size, item.blob_id, item.lfs.sha256 if item.lfs else None)
        for item in found
        if isinstance(item, RepoFile)
    }


def plan(files: Iterable[File], tree: Mapping[str, Stored]) -> Operations:
    """Return what makes ``tree`` hold ``files`` and nothing else but what is the Hub's own."""
    add: list[File] = []
    unchanged: list[File] = []
    named = set(KEPT)
    for file in files:
        named.add(file.path)
        stored = tree.get(file.path)
        (unchanged if stored is not None and stored.holds(file) else add).append(file)
    return Operations(tuple(add), tuple(sorted(tree.keys() - named)), tuple(unchanged))
