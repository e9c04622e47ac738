"""Looking at single documents: where one came from, what was done to it, and whether it is published."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import redact
from flows.build import extract_jobs, refine_jobs
from flows.comparing import explain, text_at
from flows.rights import ruling_over
from frisat import clock
from frisat.errors import UsageError
from frisat.parquet import read_columns
from frisat.workspace import Workspace
from licensing import FLAG, Register, decisions, record_reading
from publishing import Current, current_rows, load_release, load_rows, main_reason, select
from sources import Archive, Source, all_sources, find_source

_PLACEHOLDER = re.compile(r"\[(?:CPR|EMAIL|TELEFON|IBAN|KONTO)\]")
_SHOWN = ("id", "title", "source", "document_type", "author", "created", "url", "parent_id", "language",
          "language_score", "token_count", "quality", "repairs", "redactions", "text_sha256")  # fmt: skip


def source_of(workspace: Workspace, identity: str) -> Source:
    """Return the source that an id belongs to.

    Raises:
        UsageError: its first part names no source.
    """
    return find_source(workspace, identity.partition("/")[0])


def show(workspace: Workspace, identity: str) -> dict[str, Any]:
    """Return everything known of one document, its text redacted.

    Raises:
        UsageError: there is no such document among those built; the nearest ids are named.
    """
    source = source_of(workspace, identity)
    parts = _refined_parts(workspace, source)
    rows = load_rows(parts)
    mine = rows.filter(pc.equal(rows.column("id"), identity))
    current = _current(rows, mine, identity)
    if current.problems.num_rows:
        return {"id": identity, "problems": current.problems.to_pylist(), "released": _released(workspace, identity)}
    if not current.documents.num_rows:
        near = difflib.get_close_matches(identity, pc.unique(rows.column("id")).to_pylist()[:50_000], n=3)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UsageError(f"{source.name} has no built document {identity!r}{hint}")
    row = current.documents.to_pylist()[0]
    text = text_at(parts[row["part"]], row["row"])
    register = Register(workspace.register)
    chosen = select(current, source.descriptor, ruling_over(workspace, source, clock.today()), clock.today())
    clearance = chosen.clearances[0]
    return {
        **{name: row[name] for name in _SHOWN},
        "details": row["details"],
        "record": {"key": row["record_key"], "sha256": row["record_sha256"], "delivery": row["delivery"]},
        "retrieved_at": row["retrieved_at"].isoformat(),
        "states": len(set(mine.column("content").to_pylist())),
        "changed_lines": list(_changed_lines(_original(workspace, source, row), text))[:20],
        "copies": explain(workspace, identity, row["text_sha256"], text),
        "rights": _rights(register, clearance, source),
        "against": chosen.reasons[0],
        "released": _released(workspace, identity),
        "text": text,
    }


def take_back_flags(workspace: Workspace, identity: str, note: str, by: str) -> dict[str, Any]:
    """Record that a person read a document flagged for personal data and that it may be published as it stands.

    Raises:
        UsageError: there is no such document, it is not flagged, or note or name is empty; nothing was recorded.
    """
    source = source_of(workspace, identity)
    rows = load_rows(_refined_parts(workspace, source))
    current = _current(rows, rows.filter(pc.equal(rows.column("id"), identity)), identity)
    if not current.documents.num_rows:
        raise UsageError(f"{source.name} has no built document {identity!r}")
    register = Register(workspace.register)
    chosen = select(current, source.descriptor, ruling_over(workspace, source, clock.today()), clock.today())
    flags = [reason for reason in chosen.reasons[0] if reason.startswith(FLAG)]
    text = current.documents.column("text_sha256")[0].as_py()
    return record_reading(register, source.name, identity, text, flags, note, by)


def _current(rows: pa.Table, mine: pa.Table, identity: str) -> Current:
    """Return what is current under one id; whether a document is still there, the other states of its records say."""
    records = pc.unique(mine.column("record_key"))
    beside = rows.filter(pc.is_in(rows.column("record_key"), value_set=records))
    # A problem's id names a record, or a text that clashed with another: any record may have given it.
    found = current_rows(beside if mine.num_rows and "/record/" not in identity else rows)
    wanted = (table.filter(pc.equal(table.column("id"), identity)) for table in (found.documents, found.problems))
    return Current(*wanted)


def _rights(register: Register, clearance: Any, source: Source) -> dict[str, Any] | None:
    if clearance is None:
        return None
    found = [d for d in decisions(register, source.name) if d.decision_id == clearance.decision_id][-1]
    body = found.body()
    keep = ("decision_id", "license", "legal_basis", "decided_by", "decided_at", "review_due", "reasoning", "doubts",
            "not_checked")  # fmt: skip
    return {**{name: body[name] for name in keep}, "attribution": clearance.attribution}


def _refined_parts(workspace: Workspace, source: Source) -> list[Path]:
    jobs = refine_jobs(workspace, source, extract_jobs(workspace, source))
    return [job.target for job in jobs if job.target.exists()]


def _original(workspace: Workspace, source: Source, row: dict[str, Any]) -> str:
    """Return the text as it was extracted, redacted."""
    for job in refine_jobs(workspace, source, extract_jobs(workspace, source)):
        if job.target.exists() and job.part.exists():
            contents = read_columns(job.part, ["id", "content"]).to_pylist()
            for position, found in enumerate(contents):
                if found["id"] == row["id"] and found["content"] == row["content"]:
                    return redact(text_at(job.part, position)).text
    return ""


def _changed_lines(before: str, after: str) -> Iterator[dict[str, str]]:
    """Yield the lines that repair changed by more than white space, before and after; numbers redacted in both."""
    old = [" ".join(line.split()) for line in before.splitlines()]
    new = [" ".join(line.split()) for line in after.splitlines()]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False) if len(old) * len(new) < 25_000_000 else None
    for tag, a, b, c, d in matcher.get_opcodes() if matcher else ():
        if tag == "replace":
            for was, became in zip(old[a:b], new[c:d], strict=False):
                # Where repair laid bare what redaction then found, the line as it came is not for showing.
                if was != became and len(_PLACEHOLDER.findall(was)) == len(_PLACEHOLDER.findall(became)):
                    yield {"before": was[:300], "after": became[:300]}


def _released(workspace: Workspace, identity: str) -> dict[str, Any] | None:
    """Return what the latest release says of a document: published in which file, or excluded and why."""
    if not workspace.versions():
        return None
    release = load_release(workspace.release())
    if (row := release.excluded().get(identity)) is not None:
        return {"version": release.version, "published": False, **row}
    for file in release.record["files"]:
        table = read_columns(release.path / file["path"], ["id", "added", "license", "decision_id", "duplicates"])
        found = table.filter(pc.equal(table.column("id"), identity)).to_pylist()
        if found:
            return {"version": release.version, "published": True, "file": file["path"], **found[0]}
    return {"version": release.version, "published": False, "reason": "not in it: collected or built since"}


def sample(workspace: Workspace, source: Source, reason: str | None, count: int) -> list[dict[str, Any]]:
    """Return documents to read, chosen by the hash of their id: any, or those a reason excludes.

    For a reason such as ``broken`` also the records that gave no document, with what is wrong in place of a text.
    """
    parts = _refined_parts(workspace, source)
    current = current_rows(load_rows(parts))
    chosen = select(current, source.descriptor, ruling_over(workspace, source, clock.today()), clock.today())
    rows = []
    for position, row in enumerate(current.documents.select(["id", "title", "url", "part", "row"]).to_pylist()):
        against = chosen.reasons[position]
        main = main_reason(against)[0] if against else None
        if reason is None or any(found == reason or found.startswith(f"{reason}:") for found in against):
            order = hashlib.sha256(row["id"].encode()).hexdigest()
            rows.append((order, {**row, "excluded": main}))
    for problem in current.problems.to_pylist() if reason is not None else ():
        if problem["reason"] == reason:
            order = hashlib.sha256(problem["id"].encode()).hexdigest()
            rows.append((order, {**dict.fromkeys(("title", "url", "part")), **problem, "excluded": problem["reason"]}))
    picked = [row for _, row in sorted(rows, key=lambda item: item[0])[:count]]
    return [
        {
            **{name: row[name] for name in ("id", "title", "url", "excluded")},
            "text": row["detail"] if row["part"] is None else text_at(parts[row["part"]], row["row"]),
        }
        for row in picked
    ]


def overview(workspace: Workspace) -> list[dict[str, Any]]:
    """Return a row per source: rights status, last harvest, documents in the latest release, next review."""
    entries = Register(workspace.register).entries()
    latest = load_release(workspace.release()).record if workspace.versions() else None
    counts = {source["name"]: source["counts"] for source in latest["sources"]} if latest else {}
    rows = []
    for name, source in sorted(all_sources(workspace).items()):
        ruling = ruling_over(workspace, source, clock.today(), entries=entries)
        standing = {d.scope: d for d in ruling.decisions}.values()
        statuses = sorted({ruling.status(decision) for decision in standing}) or ["needs_review"]
        harvest = _last_harvest(workspace, name)
        rows.append(
            {
                "source": name,
                "title": source.descriptor.title.da,
                "built_in": source.built_in,
                "rights": ", ".join(statuses),
                "claim": source.descriptor.rights.claim,
                "last_harvest": harvest,
                "documents": counts.get(name, {}).get("current_documents"),
                "published": counts.get(name, {}).get("published"),
                "next_review": min((d.review_due.isoformat() for d in standing), default=None),
            }
        )
    return rows


def _last_harvest(workspace: Workspace, name: str) -> str | None:
    state = Archive(workspace, name).state()
    return str(state["started_at"])[:16].replace("T", " ") if state else None
