"""Selection: which current documents are published, under which terms, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from frisat.descriptor import Descriptor
from frisat.rules import parse_rule, reason
from licensing import PUBLISHABLE, Decision, clarity, find_licence, standing
from publishing.current import Current
from publishing.exclusion import main_reason

_FOR_RIGHTS = ("id", "document_type", "author", "parent_id", "title", "url", "source", "created")


@dataclass(frozen=True, slots=True)
class Clearance:
    """The terms a document is published under."""

    license: str
    licence_class: str
    legal_basis: str
    decision_id: str
    attribution: str | None


@dataclass(slots=True)
class Selected:
    """One source at assembly. Lists run parallel to the rows of ``documents``."""

    descriptor: Descriptor
    documents: pa.Table
    problems: pa.Table
    clearances: list[Clearance | None]
    reasons: list[list[str]]
    duplicate_of: dict[int, str] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)

    def published(self) -> list[int]:
        """Return the rows that nothing excludes."""
        return [row for row, reasons in enumerate(self.reasons) if not reasons]

    def terms(self, row: int) -> Clearance:
        """Return the terms of a published row."""
        clearance = self.clearances[row]
        if clearance is None:
            raise ValueError(f"row {row} of {self.descriptor.name} is not cleared")
        return clearance


def select(current: Current, descriptor: Descriptor, decisions: list[Decision], as_of: date) -> Selected:
    """Join rights to the documents of one source and note every reason against each, duplicates apart."""
    rows = current.documents.select(_FOR_RIGHTS).to_pylist()
    removed = current.documents.column("removed").to_pylist()
    notes = current.documents.column("notes").to_pylist()
    rights = _rights_of(descriptor, decisions, as_of)
    clearances: list[Clearance | None] = []
    reasons: list[list[str]] = []
    ruled = _ruled_out(current.documents, descriptor)
    for row, gone, noted, measured in zip(rows, removed, notes, ruled, strict=True):
        clearance, status = rights(row)
        clearances.append(clearance)
        against = [
            *noted,
            *measured,
            *(["removed_at_source"] if gone else []),
            *([f"rights:{status}"] if status else []),
        ]
        reasons.append(against)
    return Selected(descriptor, current.documents, current.problems, clearances, reasons)


def _ruled_out(documents: pa.Table, descriptor: Descriptor) -> list[list[str]]:
    """Return the reasons that the descriptor's own rules give against each document."""
    against: list[list[str]] = [[] for _ in range(documents.num_rows)]
    for name, written in sorted(descriptor.exclude.items()):
        quality = documents.column("quality").combine_chunks()
        for row in pc.indices_nonzero(parse_rule(written).holds(quality)).to_pylist():
            against[row].append(reason(name))
    return against


def _rights_of(
    descriptor: Descriptor, decisions: list[Decision], as_of: date
) -> Callable[[Mapping[str, Any]], tuple[Clearance | None, str | None]]:
    """Return a function from a document to its clearance, or to the status that withholds it."""
    claim = descriptor.rights_sha256()
    columns = sorted({column for decision in decisions for column in decision.scope.columns()})
    known: dict[tuple[Any, ...], Decision | None] = {}

    def rights(row: Mapping[str, Any]) -> tuple[Clearance | None, str | None]:
        key = tuple(row.get(column) for column in columns)
        if key not in known:
            known[key] = standing(decisions, row)
        decision = known[key]
        if decision is None:
            return None, "needs_review"
        status = decision.status_at(as_of, claim)
        if status not in PUBLISHABLE:
            return None, status
        licence = find_licence(decision.license)
        attribution = decision.attribution_for({**row, "publisher": descriptor.publisher})
        if attribution == "":
            return None, "needs_review"  # the document has nothing of what the licence wants named
        terms = (licence.id, licence.licence_class, decision.legal_basis, decision.decision_id, attribution)
        return Clearance(*terms), None

    return rights


def choose_survivors(sources: Sequence[Selected], links: pa.Table, added: Mapping[str, str]) -> None:
    """Among the copies that nothing else excludes, let one stand for the others.

    The one with the clearer licence stays, then the one published earlier, then the source's rank, then the id.

    Args:
        sources: what was selected; reasons and counts are added in place.
        links: clusters of copies.
        added: the date each published id was first published.
    """
    place = _places(sources, links)
    clusters: dict[str, list[tuple[tuple[Any, ...], int, int]]] = {}
    for row in links.select(["cluster", "id", "text_sha256"]).to_pylist():
        found = place.get((row["id"], row["text_sha256"]))
        if found is None:
            continue
        source, position = found
        clearance = sources[source].clearances[position]
        if sources[source].reasons[position] or clearance is None:
            continue
        rank = (
            clarity(clearance.licence_class),
            added.get(row["id"], "9999-99-99"),
            sources[source].descriptor.rank,
            row["id"],
        )
        clusters.setdefault(row["cluster"], []).append((rank, source, position))
    for cluster in clusters.values():
        _let_first_stand(sources, sorted(cluster))


def _places(sources: Sequence[Selected], links: pa.Table) -> dict[tuple[str, str], tuple[int, int]]:
    """Return where the linked documents that are current stand, by id and text."""
    linked = set(links.column("id").to_pylist())
    places = {}
    for number, source in enumerate(sources):
        ids = source.documents.column("id").to_pylist()
        texts = source.documents.column("text_sha256").to_pylist()
        for position, (identity, text) in enumerate(zip(ids, texts, strict=True)):
            if identity in linked:
                places[identity, text] = number, position
    return places


def _let_first_stand(sources: Sequence[Selected], cluster: list[tuple[tuple[Any, ...], int, int]]) -> None:
    (_, first_source, first), *others = cluster
    if not others:
        return
    identity = sources[first_source].documents.column("id")[first].as_py()
    sources[first_source].duplicates[first] = len(others)
    for _, source, position in others:
        sources[source].reasons[position].append("duplicate:exact")
        sources[source].duplicate_of[position] = identity


def excluded_rows(source: Selected) -> list[dict[str, str | None]]:
    """Return the rows of ``excluded.parquet`` for one source, sorted by id."""
    rows: list[dict[str, str | None]] = []
    ids = source.documents.column("id").to_pylist()
    for position, reasons in enumerate(source.reasons):
        if reasons:
            reason, others = main_reason(reasons)
            rows.append(
                {
                    "id": ids[position],
                    "reason": reason,
                    "detail": ", ".join(others) or None,
                    "duplicate_of": source.duplicate_of.get(position) if reason.startswith("duplicate") else None,
                }
            )
    rows += [{**row, "duplicate_of": None} for row in source.problems.to_pylist()]
    name = source.descriptor.name
    return sorted(({**row, "source": name} for row in rows), key=lambda r: (str(r["id"]), str(r["detail"])))
