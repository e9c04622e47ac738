"""What the archived records of a source say of rights, counted: statements, reservations, conflicts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.build import extract_jobs
from flows.rights import ruling_over
from frisat import clock
from frisat.files import sha256
from frisat.parquet import read_columns, read_groups
from frisat.report import Reporter
from frisat.workspace import Workspace
from licensing import PUBLISHABLE, Detected, detect, propose, recognise
from sources import Archive, Source, find_source

_COLUMNS = ["key", "sha256", "retrieved_at", "size", "failure", "blob", "body", "context", "signals", "headers"]
_MAX_BODY = 10_000_000
_MAX_ROWS = 100


@dataclass(slots=True)
class _Tally:
    """How often each thing was found, and the first record it was found in."""

    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    first: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add(self, found: tuple[str, ...], key: str) -> None:
        self.counts[found] += 1
        if found not in self.first or key < self.first[found]:
            self.first[found] = key

    def rows(self, *names: str) -> list[dict[str, Any]]:
        """Return the most frequent first, at most a hundred."""
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [
            {**dict(zip(names, found, strict=True)), "records": count, "first_in": self.first[found]}
            for found, count in ordered[:_MAX_ROWS]
        ]


def detected(workspace: Workspace, name: str, report: Reporter, limit: int | None = None) -> dict[str, Any]:
    """Return what the newest state of each archived record of source ``name`` says of rights.

    Args:
        workspace: where the archive is.
        name: the source.
        report: told of progress.
        limit: look at so many records only, chosen by the hash of their keys.

    Raises:
        UsageError: no such source.
    """
    source = find_source(workspace, name)
    claim = recognise(source.descriptor.rights.claim).id
    archive = Archive(workspace, name)
    statements, reserved, conflicting, looked = _Tally(), _Tally(), _Tally(), Counter[str]()
    certain, against = _Tally(), _Tally()
    cleared, items = _is_cleared(workspace, source), _items(workspace, source)
    for key, found in report.track(_records(archive, limit, claim), label=f"Looking into {name}"):
        looked[found.looked_into or "not looked into"] += 1
        for said in {(s.where, s.sure, s.means, s.wording, s.reason or "") for s in found.statements}:
            statements.add(said, key)
        for held in {(r.kind, r.where, r.wording) for r in found.reservations}:
            reserved.add(held, key)
        for conflict in {str(c) for c in found.conflicts}:
            conflicting.add((conflict,), key)
        proposal = propose(found, source_cleared=cleared, item=key in items)
        if proposal.licence is not None:
            certain.add((proposal.licence,), key)
        for why in proposal.against:
            against.add((why,), key)
    return {
        "source": name,
        "claim": source.descriptor.rights.claim,
        "records": sum(looked.values()),
        "looked_into": dict(sorted(looked.items())),
        "statements": statements.rows("where", "sure", "means", "wording", "reason"),
        "reservations": reserved.rows("kind", "where", "wording"),
        "conflicts": conflicting.rows("conflict"),
        "proposed": certain.rows("licence"),
        "against_proposing": against.rows("why"),
    }


def _is_cleared(workspace: Workspace, source: Source) -> bool:
    """Say whether a person has cleared the source, or a part of it, and that decision stands."""
    ruling = ruling_over(workspace, source, clock.today())
    return any(ruling.status(decision) in PUBLISHABLE for decision in ruling.decisions)


def _items(workspace: Workspace, source: Source) -> set[str]:
    """Return the keys of the records that are one document each."""
    parts = [part for job in extract_jobs(workspace, source) for part in sorted(job.target.glob("*.parquet"))]
    counts = Counter(row["record_key"] for part in parts for row in read_columns(part, ["record_key"]).to_pylist())
    return {key for key, count in counts.items() if count == 1}


def _records(archive: Archive, limit: int | None, claim: str | None) -> Iterator[tuple[str, Detected]]:
    newest = {key: state for key, state in archive.known().items() if state.good}
    chosen = sorted(newest, key=sha256)[:limit] if limit is not None else newest
    wanted = {key: newest[key] for key in chosen}
    for part in archive.parts():
        for group in read_groups(part, _COLUMNS):
            for row in group.to_pylist():
                state = wanted.get(row["key"])
                if state is not None and (state.sha256, state.retrieved_at) == (row["sha256"], row["retrieved_at"]):
                    del wanted[row["key"]]
                    yield row["key"], _look(archive, row, claim)


def _look(archive: Archive, row: dict[str, Any], claim: str | None) -> Detected:
    body = row["body"] or b""
    if row["blob"] and row["size"] <= _MAX_BODY:
        body = (archive.folder / "blobs" / row["blob"]).read_bytes()
    headers = _object(row.get("headers"))
    declared = str(headers.get("content-type", "")).lower()
    return detect(
        body,
        context=_object(row.get("context")),
        signals=_object(row.get("signals")),
        charset=declared.partition("charset=")[2].split(";")[0].strip(" \"'") or None,
        claim=claim,
    )


def _object(text: str | None) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}
