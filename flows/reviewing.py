"""What the reviewer's commands do: joins the register with sources and documents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.build import extract_jobs, refine_jobs
from frisat import clock
from frisat.workspace import Workspace
from licensing import Proposal, Register, capture, check_proposal, decide, decisions, parse_scope
from publishing import Current, current_rows, load_rows, select
from sources import Source, all_sources, find_source


def _current(workspace: Workspace, source: Source) -> Current:
    jobs = refine_jobs(workspace, source, extract_jobs(workspace, source))
    return current_rows(load_rows([job.target for job in jobs if job.target.exists()]))


def waiting(workspace: Workspace) -> list[dict[str, Any]]:
    """Return what is not cleared, by source and status, the most documents first."""
    found = decisions(Register(workspace.register))
    rows = []
    for name, source in all_sources(workspace).items():
        mine = [decision for decision in found if decision.source == name]
        current = _current(workspace, source)
        chosen = select(current, source.descriptor, mine, clock.today())
        words = pc.struct_field(current.documents.column("quality"), "words").to_pylist()
        documents: Counter[str] = Counter()
        weight: Counter[str] = Counter()
        for position, reasons in enumerate(chosen.reasons):
            status = next((r.partition(":")[2] for r in reasons if r.startswith("rights:")), None)
            if status is not None:
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


def dossier(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return what is known of a source's rights: claim, document types, decisions with their evidence."""
    source = find_source(workspace, name)
    register = Register(workspace.register)
    evidence = {entry.body["evidence_id"]: entry.body for entry in register.entries() if entry.kind == "evidence"}
    types = Counter(_current(workspace, source).documents.column("document_type").to_pylist())
    claim = source.descriptor.rights_sha256()
    return {
        **source.descriptor.model_dump(
            include={"name", "title", "publisher", "landing_page", "rights", "personal_data"}
        ),
        "document_types": [{"document_type": kind, "documents": count} for kind, count in types.most_common()],
        "decisions": [
            {
                **decision.body(),
                "status_now": decision.status_at(clock.today(), claim),
                "evidence": [
                    evidence[key]["name"] + ": “" + evidence[key]["quote"] + "”" for key in decision.evidence_ids
                ],
            }
            for decision in decisions(register, name)
        ],
    }


def record_decision(workspace: Workspace, proposal: Proposal, evidence: Path, quote: str) -> dict[str, Any]:
    """Capture the evidence and record the decision; return it with how many documents it covers.

    The workspace's lock must be held.

    Raises:
        UsageError: something is missing or does not fit; nothing was recorded.
    """
    source = find_source(workspace, proposal.source)
    check_proposal(proposal)
    register = Register(workspace.register)
    captured = capture(register, source.name, evidence, quote)
    decision = decide(register, proposal, [captured], source.descriptor.rights_sha256())
    documents = _current(workspace, source).documents
    return {**decision.body(), "documents": documents.num_rows, "covers": _covered(documents, proposal.only)}


def _covered(documents: pa.Table, only: str | None) -> int:
    scope = parse_scope(only)
    columns = sorted(scope.columns())
    return sum(scope.covers(row) for row in documents.select(columns).to_pylist()) if columns else documents.num_rows
