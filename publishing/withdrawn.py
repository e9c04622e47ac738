"""Marking the cards of versions that are published already and hold what was withdrawn since.

A tag is a name for a commit, and a commit does not change. So the old version gets a commit of its own with the same
data and a marked card, beside the main branch, and its tag moves there. Who pinned the commit itself is not reached.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from frisat.workspace import version_key
from publishing._hub_client import Hub, HubError
from publishing._hub_state import VERSION, last_commit
from publishing.exclusion import kind
from publishing.release import Release, load_release

MARK = "frisat-marked"
"""Stands in the description of the commit that marks a card."""

_BRANCH = "marked-"
_NOTICE = re.compile(r"<!-- withdrawn -->.*?<!-- /withdrawn -->\n\n", re.DOTALL)


def withdrawn_since(version: str, history: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the ids withdrawn after ``version``, each with the version that took it out.

    Args:
        version: a published version.
        history: the changes of all versions, as ``changes.json`` has them.
    """
    later = [entry for entry in history if version_key(entry["version"]) > version_key(version)]
    return {
        gone["id"]: entry["version"]
        for entry in later
        for gone in entry["gone"]
        if kind(gone["reason"] or "") == "withdrawn"
    }


def marked_card(card: str, version: str, latest: str, count: int) -> str:
    """Return the card of ``version`` with a notice before its body; a notice that stands there is replaced."""
    plain = _NOTICE.sub("", card)
    fence = plain.index("\n---\n", 4) + len("\n---\n") if plain.startswith("---\n") else 0
    documents = "1 document" if count == 1 else f"{count:,} documents"
    dokumenter = "1 dokument" if count == 1 else f"{count} dokumenter"
    notice = (
        "<!-- withdrawn -->\n"
        f"> **Withdrawn texts.** {documents} of {version} have been withdrawn since. Do not use this version for new "
        f'work: load `revision="{latest}"` or later, and remove the withdrawn texts from copies you hold. '
        f"`changes.json` of {latest} names them.\n>\n"
        f"> **Tilbagekaldte tekster.** {dokumenter} i {version} er siden trukket tilbage. Brug {latest} eller nyere.\n"
        "<!-- /withdrawn -->\n\n"
    )
    return plain[:fence] + notice + plain[fence:].lstrip("\n")


def mark_old_cards(hub: Hub, release: Release, history: Sequence[Mapping[str, Any]]) -> list[str]:
    """Mark the card of each earlier version that holds a text withdrawn since; return the versions marked now."""
    refs = hub.ask("listing the tags", lambda: hub.api.list_repo_refs(**hub.where()))
    # A branch of ours without its tag is what a break left: that version is done first of all.
    names = {tag.name for tag in refs.tags} | {branch.name.removeprefix(_BRANCH) for branch in refs.branches}
    earlier = [v for v in names if VERSION.fullmatch(v) and version_key(v) < version_key(release.version)]
    done = []
    for version in sorted(earlier, key=version_key):
        gone = _held(release.path.parent / version, set(withdrawn_since(version, history)))
        if gone and mark(hub, version, release.version, gone):
            done.append(version)
    return done


def _held(folder: Path, gone: set[str]) -> int:
    """Return how many of ``gone`` the release in ``folder`` holds; all of them if that release is not there to ask."""
    if not gone or not (folder / "release.json").is_file():
        return len(gone)
    return sum(len(gone.intersection(t.column("id").to_pylist())) for t in load_release(folder).index().values())


def mark(hub: Hub, version: str, latest: str, count: int) -> bool:
    """Mark the card of ``version``; return False if it is marked so already. A break is made good by repeating."""
    from huggingface_hub import CommitOperationAdd, HfFileSystem

    api, where, branch = hub.api, hub.where(), f"{_BRANCH}{version}"
    refs = hub.ask("listing the branches", lambda: api.list_repo_refs(**where))
    has_branch = any(item.name == branch for item in refs.branches)
    has_tag = any(item.name == version for item in refs.tags)
    start = branch if has_branch and not has_tag else version
    HfFileSystem.clear_instance_cache()
    card = hub.ask("reading the card", lambda: _text(hub, start))
    marked = marked_card(card, version, latest, count)
    if has_tag and marked == card and not has_branch:
        return False
    if not has_branch:
        hub.ask("branching", lambda: api.create_branch(**where, branch=branch, revision=version))
    if _text(hub, branch) != marked:
        hub.ask(
            "marking the card",
            lambda: api.create_commit(
                **where, revision=branch, operations=[CommitOperationAdd("README.md", marked.encode())],
                commit_message=f"Mark {version}: texts were withdrawn", commit_description=f"{MARK}: {version}",
            ),
        )  # fmt: skip
    commit = last_commit(hub, branch).id
    if has_tag:
        hub.ask("moving the tag", lambda: _gone(hub, version))
    hub.ask("moving the tag", lambda: api.create_tag(**where, tag=version, revision=commit, exist_ok=True))
    hub.ask("removing the branch", lambda: api.delete_branch(**where, branch=branch))
    return True


def _gone(hub: Hub, version: str) -> None:
    """Delete a tag; one that is not there any more is as good."""
    from huggingface_hub.errors import RevisionNotFoundError

    try:
        hub.api.delete_tag(**hub.where(), tag=version)
    except RevisionNotFoundError:
        return


def _text(hub: Hub, revision: str) -> str:
    from huggingface_hub import HfFileSystem

    try:
        with HfFileSystem(skip_instance_cache=True).open(f"datasets/{hub.repo}@{revision}/README.md", "rb") as handle:
            content: bytes = handle.read()
    except FileNotFoundError:
        raise HubError(f"{revision} of {hub.page} has no card", 404, passing=False) from None
    return content.decode()
