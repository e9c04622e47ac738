"""On what basis a document was published, or would be, on a day; and what was decided between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from flows.build import extract_jobs, refine_jobs
from flows.rights import ruling_over
from frisat import clock
from frisat.errors import UsageError
from frisat.files import canonical_json, sha256
from frisat.parquet import read_groups
from frisat.workspace import Workspace
from licensing import PRIVATE, PUBLISHABLE, Decision, Entry, Register, Ruling, access_open, read_chain
from publishing import Release, current_rows, load_release, load_rows, requests
from sources import Source, find_source

_TERMS = ("license", "legal_basis", "decision_id", "attribution", "added")
_CITED = ("name", "quote", "raw_sha256", "retrieved_at", "url")
_FOR_RIGHTS = ("id", "document_type", "author", "parent_id", "title", "url", "source", "created", "details")


def basis(workspace: Workspace, identity: str, version: str | None, at: date | None) -> dict[str, Any]:
    """Return on what basis a document was published in a version, and what the register says of it on a day.

    Args:
        workspace: where releases and register are.
        identity: the document's id.
        version: a version; without it the document is taken as it is now.
        at: the day; the register counts as it was at its end. Without it only the version is told.

    Raises:
        UsageError: no such version or document.
    """
    source = find_source(workspace, identity.partition("/")[0])
    release = load_release(workspace.release(version)) if version else None
    row = _published(release, identity) if release else None
    found: dict[str, Any] = {"id": identity}
    if release is not None:
        found["released"] = _released(release, identity, row)
    if at is not None:
        found["at"] = _at(workspace, source, row or _current(workspace, source, identity), at)
    return found


def _released(release: Release, identity: str, row: dict[str, Any] | None) -> dict[str, Any]:
    told: dict[str, Any] = {"version": release.version, "date": release.record["date"], "published": row is not None}
    if row is None:
        excluded = release.excluded().get(identity)
        return {
            **told,
            **({"reason": excluded["reason"], "detail": excluded["detail"]} if excluded else {"reason": "not in it"}),
        }
    decision = next(body for body in release.record["decisions"] if body["decision_id"] == row["decision_id"])
    return {**told, **{name: row[name] for name in _TERMS}, "decision": decision}


def _published(release: Release | None, identity: str) -> dict[str, Any] | None:
    for file in release.record["files"] if release else ():
        if identity.startswith(f"{file['source']}/") and release is not None:
            for group in read_groups(release.path / file["path"], list(dict.fromkeys((*_FOR_RIGHTS, *_TERMS)))):
                mine = group.filter(pc.equal(group.column("id"), identity)).to_pylist()
                if mine:
                    return dict(mine[0])
    return None


def _current(workspace: Workspace, source: Source, identity: str) -> dict[str, Any]:
    jobs = refine_jobs(workspace, source, extract_jobs(workspace, source))
    documents = current_rows(load_rows([job.target for job in jobs if job.target.exists()])).documents
    mine = (
        documents.filter(pc.equal(documents.column("id"), identity)).select([*_FOR_RIGHTS, "record_sha256"]).to_pylist()
    )
    if not mine:
        raise UsageError(
            f"{source.name} has no built document {identity!r}: 'frisat build' first, or name a --version that holds it"
        )
    return dict(mine[0])


def _at(workspace: Workspace, source: Source, row: dict[str, Any], day: date) -> dict[str, Any]:
    register = Register(workspace.register)
    entries = until(register.entries(), day)
    ruling = ruling_over(workspace, source, day, entries=entries)
    ruling.claim = _claim_at(workspace, source, day)
    verdict = ruling.verdict(row)
    decision = verdict.decision
    rules = [str(finding) for finding in ruling.findings(decision)] if decision else []
    against = _taken_down(workspace, row["id"], day)
    private = source.descriptor.personal_data in PRIVATE
    if source.descriptor.archive and not access_open(row, day, private=private):
        against.append("access_period")
    return {
        "day": day.isoformat(),
        "publishable": verdict.status in PUBLISHABLE and not against,
        "status": verdict.status,
        "against": against,
        "rules": sorted({*verdict.broken, *rules}),
        "decision": {**decision.body(), "evidence": _evidence(ruling, decision)} if decision else None,
        "records": len(entries),
    }


def _evidence(ruling: Ruling, decision: Decision) -> list[dict[str, Any]]:
    found = [ruling.evidence[key] for key in decision.evidence_ids if key in ruling.evidence]
    return [{name: body[name] for name in _CITED if name in body} for body in found]


def _claim_at(workspace: Workspace, source: Source, day: date) -> str:
    """Return the hash of what the source claimed on a day, as far as releases, which hold it, tell."""
    records = [load_release(workspace.release(version)).record for version in workspace.versions()]
    before = [record for record in records if record["date"] <= day.isoformat()]
    if len(before) < len(records) and before:
        for claimed in before[-1]["sources"]:
            if claimed["name"] == source.name:
                return sha256(canonical_json(claimed["rights"]))
    return source.descriptor.rights_sha256()


def _taken_down(workspace: Workspace, identity: str, day: date) -> list[str]:
    """Return the requests by which the document stayed away on a day, its own or that over what it is a copy of."""
    standing = [found for found in requests(workspace, day) if found.stands]
    own = [f"withdrawn ({found.request}: {found.reason})" for found in standing if found.id == identity]
    tombs = load_release(workspace.release()).record.get("withdrawn", []) if workspace.versions() else []
    of = {tomb.get("near_copy_of") for tomb in tombs if tomb["id"] == identity}
    return own + [f"withdrawn:near_copy ({found.request}, of {found.id})" for found in standing if found.id in of]


def until(entries: Sequence[Entry], day: date) -> list[Entry]:
    """Return the records that were there at the end of ``day``."""
    return [entry for entry in entries if entry.at[:10] <= day.isoformat()]


def log(workspace: Workspace, since: str | None, to: str | None) -> list[dict[str, Any]]:
    """Return what was recorded after ``since`` and up to ``to``: days, or versions of the workspace.

    Raises:
        UsageError: neither a day nor a version; or the register does not hold what the version ended with.
    """
    entries = Register(workspace.register).entries()
    first = _place(workspace, entries, since) if since else 0
    last = _place(workspace, entries, to, through=True) if to else len(entries)
    return [_line(entry) for entry in entries[first:last]]


def _place(workspace: Workspace, entries: Sequence[Entry], mark: str, *, through: bool = False) -> int:
    """Return how many records come before a day (``through``: up to its end), or up to the end of a version's."""
    try:
        day = date.fromisoformat(mark)
    except ValueError:
        head = load_release(workspace.release(mark)).record["register_head"]
        hashes = [entry.hash for entry in entries]
        if head not in hashes:
            return 0 if not set(head) - {"0"} else _not_ours(mark)
        return hashes.index(head) + 1
    return sum(entry.at[:10] <= day.isoformat() if through else entry.at[:10] < day.isoformat() for entry in entries)


def _not_ours(mark: str) -> int:
    raise UsageError(f"the register does not hold the record that {mark} ended with: it is another one")


def _line(entry: Entry) -> dict[str, Any]:
    body = entry.body
    what = {
        "evidence": lambda: f"{body['name']}: “{body['quote'][:80]}”",
        "decision": lambda: f"{body['decision_id']}: {body['status']} under {body['license']} by {body['decided_by']}",
        "event": lambda: f"{body['trigger']}: {body['note']}",
        "reading": lambda: f"{body['id']} read by {body['by']}: {body['note']}",
    }.get(entry.kind, lambda: entry.kind)()
    return {"number": entry.number, "at": entry.at, "kind": entry.kind, "source": body.get("source"), "what": what}


def registers_differ(mine: Sequence[Entry], other: Path) -> dict[str, Any]:
    """Return where this register and the one in the file ``other`` part, and what each has from there on.

    Raises:
        UsageError: the file cannot be read.
        RefusedError: the other register does not hold together.
    """
    try:
        theirs = read_chain(other.read_bytes(), str(other))
    except OSError as error:
        raise UsageError(f"the register {other} cannot be read: {error.strerror}") from error
    pairs = zip(mine, theirs, strict=False)
    common = next((n for n, (a, b) in enumerate(pairs) if a.hash != b.hash), min(len(mine), len(theirs)))
    same = common == len(mine) == len(theirs)
    relation = "equal" if same else "ahead" if common == len(theirs) else "behind" if common == len(mine) else "parted"
    return {
        "relation": relation,
        "common": common,
        "only_here": [_line(entry) for entry in mine[common:]],
        "only_there": [_line(entry) for entry in theirs[common:]],
    }


def day_of(text: str | None, option: str) -> date | None:
    """Return the day that an option names.

    Raises:
        UsageError: it is none.
    """
    if text == "today":
        return clock.today()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no date such as 2028-01-31") from error
