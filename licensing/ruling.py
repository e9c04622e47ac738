"""What holds for the documents of a source on a day: the decision over each, its status, and the rules it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from licensing.decision_rules import Case, decision_findings
from licensing.decisions import PUBLISHABLE, Decision, decision_of, standing
from licensing.difference import difference
from licensing.document_rules import document_breaks
from licensing.events import Event, event_of
from licensing.evidence import statement_text
from licensing.readings import readings_of
from licensing.register import Entry, Register
from licensing.rules import Finding, rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for one document: ``status`` as it counts, and the ids of the rules that withhold it."""

    decision: Decision | None
    status: str
    broken: tuple[str, ...] = ()


@dataclass(slots=True)
class Ruling:
    """The decisions over one source, as the register held them on ``day``, and what became of their ground."""

    source: str
    claim: str
    listed: tuple[str, ...]
    day: date
    register: Register
    decisions: list[Decision]
    evidence: dict[str, dict[str, Any]]
    captures: list[dict[str, Any]]
    events: list[Event]
    reserved: Mapping[str, datetime] = field(default_factory=dict)
    readings: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Flags for personal data that a person took back, by the id and the SHA-256 of the text."""
    _known: dict[tuple[int, str], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _by_columns: dict[tuple[Any, ...], Decision | None] = field(default_factory=dict)
    _columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._columns = tuple(sorted({column for decision in self.decisions for column in decision.scope.columns()}))

    @classmethod
    def of(
        cls,
        register: Register,
        source: str,
        claim: str,
        listed: Iterable[str],
        day: date,
        *,
        reserved: Mapping[str, datetime] | None = None,
        entries: Sequence[Entry] | None = None,
    ) -> Ruling:
        """Return the ruling.

        Args:
            register: evidence is looked up in it.
            source: the source's name.
            claim: the hash of what the source claims now.
            listed: the document types that it lists.
            day: the day of the release.
            reserved: SHA-256 of its records beside which mining was reserved when they were retrieved, and when.
            entries: the register's records, if they are at hand, or those of an earlier day.
        """
        found = register.entries() if entries is None else entries
        mine = [entry for entry in found if entry.body.get("source") == source]
        captures = [dict(entry.body) for entry in mine if entry.kind == "evidence"]
        return cls(
            source=source,
            claim=claim,
            listed=tuple(listed),
            day=day,
            register=register,
            decisions=[decision_of(entry.number, entry.body) for entry in mine if entry.kind == "decision"],
            evidence={body["evidence_id"]: body for body in captures},
            captures=captures,
            events=[event_of(entry.number, entry.body) for entry in mine if entry.kind == "event"],
            reserved=dict(reserved or {}),
            readings=readings_of(mine),
        )

    def columns(self) -> set[str]:
        """Return the columns of a document that the scopes look at."""
        scopes = [*(decision.scope for decision in self.decisions), *(event.scope for event in self.events)]
        return {column for scope in scopes for column in scope.columns()}

    def verdict(self, row: Mapping[str, Any]) -> Verdict:
        """Return what holds for a document; ``needs_review`` where nothing was decided."""
        decision = self._standing(row)
        if decision is None:
            return Verdict(None, "needs_review")
        if decision.status not in PUBLISHABLE:
            return Verdict(decision, decision.status)
        status, broken = self._state(decision, row)
        if status in PUBLISHABLE:
            broken += tuple(document_breaks(decision, row, self.listed))
            if row.get("record_sha256") in self.reserved and "L15" not in (*decision.weighed, *broken):
                broken += ("L15",)
        return Verdict(decision, "needs_review" if broken and status in PUBLISHABLE else status, broken)

    def _standing(self, row: Mapping[str, Any]) -> Decision | None:
        key = tuple(row.get(column) for column in self._columns)
        if key not in self._by_columns:
            self._by_columns[key] = standing(self.decisions, row)
        return self._by_columns[key]

    def _state(self, decision: Decision, row: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Return the status of a decision for a document, and the rules that it breaks itself."""
        struck = next((event for event in self.events if self._strikes(event, decision, row)), None)
        key = (decision.number, struck.trigger if struck else "")
        if key not in self._known:
            changed = struck is not None or self._changed(decision)
            broken = tuple(
                dict.fromkeys(finding.rule for finding in self.findings(decision) if finding.severity == "E")
            )
            self._known[key] = decision.status_at(self.day, self.claim, changed=changed), broken
        return self._known[key]

    def _strikes(self, event: Event, decision: Decision, row: Mapping[str, Any] | None) -> bool:
        heeded = not decision.triggers or event.trigger in decision.triggers
        return event.number > decision.number and heeded and (row is None or event.scope.covers(row))

    def findings(self, decision: Decision) -> list[Finding]:
        """Return the rules that a decision breaks."""
        evidence = [self.evidence[key] for key in decision.evidence_ids if key in self.evidence]
        return decision_findings(Case(decision, evidence, self.register, self.day))

    def _changed(self, decision: Decision) -> bool:
        """Say whether the evidence has changed since, or mining was reserved that was not when it was decided."""
        since = datetime.fromisoformat(decision.decided_at)
        since = since if since.tzinfo else since.replace(tzinfo=UTC)
        heeded = "L15" not in decision.weighed and (not decision.triggers or "signal_changed" in decision.triggers)
        later = heeded and any(when > since for when in self.reserved.values())
        return later or self.changed_evidence(decision) is not None

    def expired_because(self, decision: Decision) -> str:
        """Return why a decision whose status is ``expired`` is so, for a person."""
        struck = [event for event in self.events if self._strikes(event, decision, None)]
        if struck:
            return f"{struck[0].trigger}, noted by {struck[0].by}: {struck[0].note}"
        if (later := self.changed_evidence(decision)) is not None:
            return f"the terms it rests on have changed since ({later})"
        if self.day > decision.review_due:
            return f"its review was due on {decision.review_due}"
        return "mining or training was reserved beside texts that came since"

    def changed_evidence(self, decision: Decision) -> str | None:
        """Return the id of a later capture of what the decision rests on in which a sentence is another, if any."""
        for identity in decision.evidence_ids:
            before = self.evidence.get(identity)
            after = self._latest(before) if before else None
            if before and after and after["raw_sha256"] != before["raw_sha256"]:
                old, new = statement_text(self.register, before), statement_text(self.register, after)
                if old is None or new is None or difference(old, new):
                    return str(after["evidence_id"])
        return None

    def _latest(self, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the latest capture of the same address. Of two files of one name nobody knows that they are one."""
        if not body.get("url"):
            return None
        return [other for other in self.captures if other.get("url") == body["url"]][-1]

    def status(self, decision: Decision) -> str:
        """Return the status of a decision as it counts, for documents that an event of its source strikes too."""
        if decision.status not in PUBLISHABLE:
            return decision.status
        struck = any(self._strikes(event, decision, None) and not event.scope.columns() for event in self.events)
        changed = struck or self._changed(decision)
        status = decision.status_at(self.day, self.claim, changed=changed)
        broken = any(finding.severity == "E" for finding in self.findings(decision))
        return "needs_review" if broken and status in PUBLISHABLE else status


def withheld_by(broken: Iterable[str]) -> list[str]:
    """Return the reasons beside ``rights:<status>`` that name the rules a document breaks."""
    return [f"rights:rule_{identity}" for identity in broken if identity in rules()]
