"""Taking a text down: the request, what is kept to know it again, the erasing, and the report that proves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from cleaning import Scheme, find_copies, read_withheld, withhold, workspace_key, write_withheld
from flows.build import extract_jobs, refine_jobs, sign_jobs
from frisat.errors import UsageError
from frisat.parquet import read_columns, read_groups
from frisat.workspace import Workspace
from publishing import (
    Release,
    Withdrawal,
    find_request,
    key_file,
    load_release,
    record_request,
    standing_withdrawals,
    withheld_file,
)
from sources import KEPT, Archive, Source, erase_records, find_source, remove_stale


def withdraw(workspace: Workspace, identity: str, reason: str, note: str, by: str, *, erase: bool) -> dict[str, Any]:
    """Record a request and withhold the text from every later release; erase it where that is asked or implied.

    The workspace's lock must be held. Can be done again: what was erased stays erased, what came since is erased too.

    Raises:
        UsageError: there is no such document among those built or published, or the request does not fit.
    """
    source = find_source(workspace, identity.partition("/")[0])
    held_by = _holding(workspace, identity)
    texts = list(_texts(workspace, source, identity)) or list(_released_texts(workspace, identity, held_by))
    if not texts and not held_by:
        raise UsageError(
            f"{source.name} has no document {identity!r}, built or published; look it up with 'frisat show'"
        )
    made = _same_request(workspace, identity, reason) or record_request(
        workspace, identity, reason, note, by, erase=erase
    )
    watched = _keep_signatures(workspace, identity, texts)
    unread = _unread(workspace, source) if made.erase else 0
    erased = _erase(workspace, source, identity) if made.erase else 0
    return {
        **made.as_dict(),
        "states": len(texts),
        "watched": watched,
        "records_erased": erased,
        "unread_parts": unread,
        "inbox": inbox_of(workspace, source.name),
        "held_by": held_by,
    }


def _same_request(workspace: Workspace, identity: str, reason: str) -> Withdrawal | None:
    """Return the request that erasing goes on with, where it could not be finished before."""
    found = standing_withdrawals(workspace).get(identity)
    return found if found is not None and found.erase and found.reason == reason else None


def inbox_of(workspace: Workspace, name: str) -> list[str]:
    """Return the deliveries of a source that lie in the inbox, which may hold a text that was erased elsewhere."""
    folder = workspace.root / "inbox" / name
    return sorted(str(path) for path in folder.iterdir()) if folder.is_dir() else []


def _unread(workspace: Workspace, source: Source) -> int:
    """Return how many parts of the archive nothing is known of, because they are not built."""
    return sum(not job.target.is_dir() for job in extract_jobs(workspace, source))


def _texts(workspace: Workspace, source: Source, identity: str) -> Iterator[str]:
    for job in refine_jobs(workspace, source, extract_jobs(workspace, source)):
        for group in read_groups(job.target, ["id", "text", "reason"]) if job.target.exists() else ():
            mine = group.filter(pc.and_(pc.equal(group.column("id"), identity), pc.is_null(group.column("reason"))))
            yield from mine.column("text").to_pylist()


def _released_texts(workspace: Workspace, identity: str, versions: list[str]) -> Iterator[str]:
    """Yield the text as the latest of ``versions`` has it."""
    release = load_release(workspace.release(versions[-1])) if versions else None
    for path in _files_of(release, identity) if release else ():
        for group in read_groups(path, ["id", "text"]):
            yield from group.filter(pc.equal(group.column("id"), identity)).column("text").to_pylist()


def _keep_signatures(workspace: Workspace, identity: str, texts: list[str]) -> int:
    """Keep what every state of the text is known again by, beside what is kept already; return how many states are."""
    scheme, path = Scheme(), withheld_file(workspace)
    key = workspace_key(key_file(workspace))
    new = [found for text in dict.fromkeys(texts) if (found := withhold(identity, text, key, scheme)) is not None]
    held = read_withheld(path, scheme) if path.exists() else []
    known = {(one.id, one.shingles.tobytes()) for one in held}
    kept = [*held, *(one for one in new if (one.id, one.shingles.tobytes()) not in known)]
    write_withheld(path, kept, scheme)
    return sum(one.id == identity for one in kept)


def _erase(workspace: Workspace, source: Source, identity: str) -> int:
    """Erase the text in archive, documents, refined parts and index; the rest of its records stays."""
    states: dict[tuple[str, str], list[dict[str, Any]]] = {}
    jobs = extract_jobs(workspace, source)
    for job in jobs:
        for part in sorted(job.target.glob("*.parquet")):
            rows = read_columns(part, ["id", "record_key", "record_sha256"]).to_pylist()
            for row in rows:
                if row["id"] == identity:
                    states[row["record_key"], row["record_sha256"]] = []
    for job in jobs if states else ():
        for part in sorted(job.target.glob("*.parquet")):
            for group in read_groups(part, [*KEPT, "record_key", "record_sha256"]):
                for row in group.to_pylist():
                    kept = states.get((row["record_key"], row["record_sha256"]))
                    if kept is not None and row["id"] != identity:
                        kept.append(row)
    changed = erase_records(Archive(workspace, source.name), states) if states else 0
    _forget_parts(workspace, source)
    return changed


def _forget_parts(workspace: Workspace, source: Source) -> None:
    """Remove the documents, refined parts and index made from archive parts that are no more."""
    jobs = extract_jobs(workspace, source)
    remove_stale(workspace.documents / source.name, {job.target.name for job in jobs})
    refined = refine_jobs(workspace, source, jobs)
    keep = {job.target for job in refined} | {job.target for job in sign_jobs(workspace, refined)}
    for folder in (workspace.refined / source.name, workspace.signatures / source.name):
        for part in folder.glob("*.parquet"):
            if part not in keep:
                part.unlink()


def _holding(workspace: Workspace, identity: str) -> list[str]:
    """Return the versions of the workspace that publish the document."""
    return [
        version for version in workspace.versions() if _publishes(load_release(workspace.release(version)), identity)
    ]


def _publishes(release: Release, identity: str) -> bool:
    return any(
        pc.any(pc.equal(read_columns(path, ["id"]).column(0), identity)).as_py()
        for path in _files_of(release, identity)
    )


def _files_of(release: Release, identity: str) -> list[Path]:
    name = identity.partition("/")[0]
    return [release.path / file["path"] for file in release.record["files"] if file["source"] == name]


def proof(workspace: Workspace, request: str) -> dict[str, Any]:
    """Return what can be shown of a request now: each check, whether it holds, and what was looked at.

    Raises:
        UsageError: there is no such request.
    """
    found = find_request(workspace, request)
    checks = [*_shown_by_release(workspace, found), *_shown_by_archive(workspace, found)]
    return {**found.as_dict(), "held_by": _holding(workspace, found.id), "checks": checks}


def _check(what: str, *, holds: bool, seen: str) -> dict[str, Any]:
    return {"what": what, "holds": holds, "seen": seen}


def _shown_by_release(workspace: Workspace, found: Withdrawal) -> Iterator[dict[str, Any]]:
    if not workspace.versions():
        yield _check("no release holds it", holds=True, seen="there is no release")
        return
    release = load_release(workspace.release())
    yield _check(
        "the latest release does not publish it", holds=not _publishes(release, found.id), seen=release.version
    )
    tombs = {tomb["id"]: tomb for tomb in release.record.get("withdrawn", [])}
    yield _check("the latest release has its tombstone", holds=found.id in tombs, seen=release.version)
    copies = [identity for identity, tomb in tombs.items() if tomb.get("near_copy_of") == found.id]
    published = sorted(_copies_published(workspace, release, found.id))
    seen = f"{len(copies)} withheld" + (f" ({', '.join(copies[:5])})" if copies else "")
    yield _check(
        "the latest release publishes no near copy", holds=not published, seen=", ".join(published[:5]) or seen
    )


def _copies_published(workspace: Workspace, release: Release, identity: str) -> set[str]:
    """Return the published documents whose signatures say that they are near copies."""
    scheme, path = Scheme(), withheld_file(workspace)
    if not path.exists():
        return set()
    held = read_columns(path, ["id", "signature"])
    mine = held.filter(pc.equal(held.column("id"), identity)).column("signature")
    found: set[str] = set()
    for file in sorted((release.path / "signatures").glob("*.parquet")) if len(mine) else ():
        theirs = read_columns(file, ["id", "signature"])
        pairs = find_copies(mine, theirs.column("signature"), scheme=scheme)
        found |= set(theirs.column("id").take(pairs.column("theirs")).to_pylist())
    return found


def _shown_by_archive(workspace: Workspace, found: Withdrawal) -> Iterator[dict[str, Any]]:
    if not found.erase:
        return
    source = find_source(workspace, found.source)
    left = sum(1 for _ in _texts(workspace, source, found.id))
    unread = _unread(workspace, source)
    seen = f"{left} states of its text" + (f"; {unread} parts are not built yet" if unread else "")
    yield _check(
        "no text of it is left in archive, documents and refined parts", holds=not left and not unread, seen=seen
    )
    waits = inbox_of(workspace, source.name)
    yield _check("no delivery of the source waits in the inbox", holds=not waits, seen=", ".join(waits[:5]) or "empty")
