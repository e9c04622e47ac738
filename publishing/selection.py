"""Selection: which current documents are published, under which terms, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from frisat.descriptor import Descriptor
from frisat.rules import parse_rule, reason
from licensing import PRIVATE, PUBLISHABLE, Decision, Ruling, access_open, find_licence, standing, withheld_by
from publishing.current import Current
from publishing.exclusion import STOOD_FOR, kind, main_reason

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


def select(current: Current, descriptor: Descriptor, decisions: list[Decision] | Ruling, as_of: date) -> Selected:
    """Join rights to the documents of one source and note every reason against each, duplicates apart.

    With a :class:`licensing.Ruling` in place of bare decisions the rules of rights are heard too.
    """
    rows = current.documents.select(_looked_at(current.documents, descriptor, decisions)).to_pylist()
    removed = current.documents.column("removed").to_pylist()
    notes = _notes(current.documents, decisions)
    rights = _rights_of(descriptor, decisions, as_of)
    private = descriptor.personal_data in PRIVATE
    clearances: list[Clearance | None] = []
    reasons: list[list[str]] = []
    ruled = _ruled_out(current.documents, descriptor)
    for row, gone, noted, measured in zip(rows, removed, notes, ruled, strict=True):
        clearance, withheld = rights(row)
        clearances.append(clearance)
        closed = descriptor.archive and not access_open(row, as_of, private=private)
        against = [
            *noted,
            *measured,
            *(["removed_at_source"] if gone else []),
            *withheld,
            *(["access_period"] if closed else []),
        ]
        reasons.append(against)
    return Selected(descriptor, current.documents, current.problems, clearances, reasons)


def _notes(documents: pa.Table, decisions: list[Decision] | Ruling) -> list[list[str]]:
    """Return what cleaning noted against each document, but for the flags that a person read and took back."""
    notes: list[list[str]] = documents.column("notes").to_pylist()
    if not isinstance(decisions, Ruling) or not decisions.readings:
        return notes
    keys = zip(documents.column("id").to_pylist(), documents.column("text_sha256").to_pylist(), strict=True)
    read = [decisions.readings.get(key, frozenset()) for key in keys]
    return [[note for note in noted if note not in mine] for noted, mine in zip(notes, read, strict=True)]


def _ruled_out(documents: pa.Table, descriptor: Descriptor) -> list[list[str]]:
    """Return the reasons that the descriptor's own rules give against each document."""
    against: list[list[str]] = [[] for _ in range(documents.num_rows)]
    for name, written in sorted(descriptor.exclude.items()):
        quality = documents.column("quality").combine_chunks()
        for row in pc.indices_nonzero(parse_rule(written).holds(quality)).to_pylist():
            against[row].append(reason(name))
    return against


def _looked_at(documents: pa.Table, descriptor: Descriptor, decisions: list[Decision] | Ruling) -> list[str]:
    """Return the columns that rights are joined by; the longer ones only where something looks at them."""
    found = decisions.decisions if isinstance(decisions, Ruling) else decisions
    columns = {*_FOR_RIGHTS, *(column for decision in found for column in decision.scope.columns())}
    if isinstance(decisions, Ruling):
        columns |= {"record_sha256"} if decisions.reserved else set()
        columns |= decisions.columns()
    if descriptor.archive:
        columns.add("details")
    return [name for name in documents.column_names if name in columns]


def _rights_of(
    descriptor: Descriptor, decisions: list[Decision] | Ruling, as_of: date
) -> Callable[[Mapping[str, Any]], tuple[Clearance | None, list[str]]]:
    """Return a function from a document to its clearance, or to the reasons that withhold it."""
    judge = _judged(decisions) if isinstance(decisions, Ruling) else _plainly(descriptor, decisions, as_of)

    def rights(row: Mapping[str, Any]) -> tuple[Clearance | None, list[str]]:
        decision, status, broken = judge(row)
        if decision is None or status not in PUBLISHABLE:
            return None, [f"rights:{status}", *withheld_by(broken)]
        licence = find_licence(decision.license)
        attribution = decision.attribution_for({**row, "publisher": descriptor.publisher})
        if attribution == "":
            return None, ["rights:needs_review"]  # the document has nothing of what the licence wants named
        terms = (licence.id, licence.licence_class, decision.legal_basis, decision.decision_id, attribution)
        return Clearance(*terms), []

    return rights


_Judged = tuple[Decision | None, str, tuple[str, ...]]


def _judged(ruling: Ruling) -> Callable[[Mapping[str, Any]], _Judged]:
    def judge(row: Mapping[str, Any]) -> _Judged:
        verdict = ruling.verdict(row)
        return verdict.decision, verdict.status, verdict.broken

    return judge


def _plainly(descriptor: Descriptor, decisions: list[Decision], as_of: date) -> Callable[[Mapping[str, Any]], _Judged]:
    claim = descriptor.rights_sha256()
    columns = sorted({column for decision in decisions for column in decision.scope.columns()})
    known: dict[tuple[Any, ...], Decision | None] = {}

    def judge(row: Mapping[str, Any]) -> _Judged:
        key = tuple(row.get(column) for column in columns)
        if key not in known:
            known[key] = standing(decisions, row)
        decision = known[key]
        return decision, decision.status_at(as_of, claim) if decision else "needs_review", ()

    return judge


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
                    "duplicate_of": source.duplicate_of.get(position) if kind(reason) in STOOD_FOR else None,
                }
            )
    rows += [{**row, "duplicate_of": None} for row in source.problems.to_pylist()]
    name = source.descriptor.name
    return sorted(({**row, "source": name} for row in rows), key=lambda r: (str(r["id"]), str(r["detail"])))
