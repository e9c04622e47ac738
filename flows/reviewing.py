"""What the reviewer's commands do: joins the register with sources and documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.build import extract_jobs, refine_jobs
from flows.evidence import gather
from flows.rights import ruling_over
from frisat import clock
from frisat.files import canonical_json
from frisat.workspace import Workspace
from licensing import (
    Capture,
    Decision,
    Proposal,
    Register,
    Ruling,
    Statement,
    capture,
    check_capture,
    check_proposal,
    decide,
    detect,
    evidence_faults,
    parse_scope,
)
from publishing import Current, current_rows, load_rows, requests, select
from sources import Source, all_sources, find_source

_PAST = frozenset({"removed_at_source", "withdrawn"})


def _current(workspace: Workspace, source: Source) -> Current:
    jobs = refine_jobs(workspace, source, extract_jobs(workspace, source))
    return current_rows(load_rows([job.target for job in jobs if job.target.exists()]))


def waiting(workspace: Workspace) -> list[dict[str, Any]]:
    """Return what is not cleared, by source and status, the most documents first."""
    entries = Register(workspace.register).entries()
    rows = []
    for name, source in all_sources(workspace).items():
        ruling = ruling_over(workspace, source, clock.today(), entries=entries)
        mine = ruling.decisions
        current = _current(workspace, source)
        chosen = select(current, source.descriptor, ruling, clock.today())
        words = pc.struct_field(current.documents.column("quality"), "words").to_pylist()
        documents: Counter[str] = Counter()
        weight: Counter[str] = Counter()
        for position, reasons in enumerate(chosen.reasons):
            status = next((r.partition(":")[2] for r in reasons if r.startswith("rights:")), None)
            # What its publisher has removed, or was withdrawn, waits for nobody.
            if status is not None and not _PAST & set(reasons):
                documents[status] += 1
                weight[status] += words[position] or 0
        if not mine and not documents:
            documents["needs_review"] = 0
        latest = {decision.scope: decision for decision in mine}.values()
        due = min((decision.review_due.isoformat() for decision in latest), default=None)
        rows += [
            {
                "source": name,
                "status": status,
                "documents": count,
                "words": weight[status],
                "claim": source.descriptor.rights.claim,
                "review_due": due,
            }
            for status, count in documents.items()
        ]
    return sorted(rows, key=lambda row: (-row["documents"], row["source"], row["status"]))


def open_requests(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the takedown requests in which a step is due, the most urgent first."""
    today = clock.today()
    rows = [
        {**request.as_dict(), "overdue": due < today}
        for request in requests(workspace)
        if (due := request.due()) is not None
    ]
    return sorted(rows, key=lambda row: (row["due"], row["request"]))


def dossier(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return what is known of a source's rights: claim, document types, decisions with their evidence."""
    source = find_source(workspace, name)
    register = Register(workspace.register)
    evidence = {entry.body["evidence_id"]: entry.body for entry in register.entries() if entry.kind == "evidence"}
    types = Counter(_current(workspace, source).documents.column("document_type").to_pylist())
    ruling = ruling_over(workspace, source, clock.today())
    return {
        **source.descriptor.model_dump(
            include={"name", "title", "publisher", "landing_page", "rights", "personal_data"}
        ),
        "document_types": [{"document_type": kind, "documents": count} for kind, count in types.most_common()],
        "decisions": [
            {
                **decision.body(),
                "status_now": (status := ruling.status(decision)),
                **({"because": ruling.expired_because(decision)} if status == "expired" else {}),
                "rules": _rules(ruling, decision),
                "evidence": [_shown(register, evidence[key]) for key in decision.evidence_ids],
            }
            for decision in ruling.decisions
        ],
    }


def _rules(ruling: Ruling, decision: Decision) -> list[str]:
    return [f"{finding.rule}: {finding.what}" for finding in ruling.findings(decision)]


def _shown(register: Register, body: Mapping[str, Any]) -> str:
    """Return evidence in a line: its id, what it is, what it covers, the passage, and what no longer holds of it."""
    covers = f", covers: {body['scope_stated']}" if body.get("scope_stated") else ""
    faults = "".join(f" – {fault}" for fault in evidence_faults(register, body))
    return f"{body['name']}: “{body['quote']}” ({body['evidence_id']}{covers}){faults}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A statement that a decision rests on: where it is (an address or a path), the passage, and what is known of it.

    ``known`` are further fields of :class:`licensing.Capture`; see :func:`flows.evidence.gather`.
    """

    where: Path | str
    quote: str
    known: Mapping[str, Any] = field(default_factory=dict)


def record_decision(
    workspace: Workspace,
    proposal: Proposal,
    evidence: Path | str,
    quote: str,
    *,
    also: Sequence[Ground] = (),
    **known: Any,
) -> dict[str, Any]:
    """Capture the evidence and record the decision; return it with what it covers, how it counts, and rules it breaks.

    The workspace's lock must be held. ``known`` says more of the evidence; ``also`` are further statements.

    Raises:
        UsageError: something is missing or does not fit; nothing was recorded.
        FetchError: the evidence is an address that cannot be fetched; nothing was recorded.
    """
    source = find_source(workspace, proposal.source)
    check_proposal(proposal)
    register = Register(workspace.register)
    grounds = [Ground(where=evidence, quote=quote, known=known), *also]
    gathered = [gather(str(ground.where), **ground.known) for ground in grounds]
    for got, one in zip(gathered, grounds, strict=True):
        check_capture(got, one.quote)
    captured = [capture(register, source.name, got, one.quote) for got, one in zip(gathered, grounds, strict=True)]
    claim = source.descriptor.rights.claim
    said = replace(proposal, declared=proposal.declared or claim, detected=proposal.detected or _detected(gathered))
    decision = decide(register, said, captured, source.descriptor.rights_sha256())
    documents = _current(workspace, source).documents
    ruling = ruling_over(workspace, source, clock.today())
    return {
        **decision.body(),
        "documents": documents.num_rows,
        "covers": _covered(documents, proposal.only),
        "status_now": ruling.status(decision),
        "rules": _rules(ruling, decision),
    }


def _detected(gathered: Sequence[Capture]) -> tuple[dict[str, str], ...]:
    """Return the licences that the evidence itself states in a place made for it, or links to; each once."""
    told = [
        {"licence": one.licence, "where": one.where, "sure": str(one.sure)}
        for got in gathered
        for one in _statements(got)
        if one.licence
    ]
    return tuple({canonical_json(one): one for one in told}.values())


def _statements(got: Capture) -> tuple[Statement, ...]:
    shown = got.redacted if got.redacted is not None else got.content
    return detect(shown, signals=got.signals, charset=got.charset).statements


def _covered(documents: pa.Table, only: str | None) -> int:
    scope = parse_scope(only)
    columns = sorted(scope.columns())
    return sum(scope.covers(row) for row in documents.select(columns).to_pylist()) if columns else documents.num_rows
