"""Decisions: who concluded what, on which evidence, for which documents, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from frisat.errors import RefusedError
from licensing.register import Register
from licensing.scope import Scope, parse_scope

STATUSES = (
    "unreviewed",
    "needs_review",
    "cleared",
    "cleared_conditional",
    "bought_out",
    "restricted",
    "blocked",
    "withdrawn",
)
"""What a decision may say. ``expired`` is never written: it follows from dates and from a changed claim."""

PUBLISHABLE = frozenset({"cleared", "cleared_conditional", "bought_out"})

PERMITS = ("collect", "store", "publish_text", "publish_metadata", "modify", "commercial", "train")
"""What a decision may say is permitted; each ``yes``, ``no`` or ``unknown``."""

FIELDS = frozenset({"title", "author", "publisher", "source", "url", "id", "year"})
"""What an attribution may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """What a reviewer says, as it is proposed and as it is recorded.

    ``declared`` is what the source claims, ``detected`` what was found in the evidence (each with ``licence``,
    ``where`` and ``sure``), ``license`` what is concluded. ``weighed`` says by the id of a rule why the reviewer goes
    on against it.
    """

    source: str
    status: str
    license: str
    legal_basis: str
    reasoning: str
    doubts: str
    not_checked: str
    decided_by: str
    attribution: str | None = None
    second_reviewer: str | None = None
    agreement_sha256: str | None = None
    declared: str | None = None
    detected: tuple[Mapping[str, str], ...] = ()
    permits: Mapping[str, str] = field(default_factory=dict)
    obligations: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    role: str | None = None
    proposed_by: str | None = None
    valid_from: date | None = None
    triggers: tuple[str, ...] = ()
    weighed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Concluded):
    """A decision as the register holds it; ``number`` is that of its record there, and no part of it.

    What earlier versions did not record is absent rather than null.
    """

    decision_id: str
    scope: Scope
    evidence_ids: tuple[str, ...]
    decided_at: str
    review_due: date
    rights_sha256: str
    agreement: Mapping[str, Any] | None = None
    number: int = field(default=-1, compare=False)

    def body(self) -> dict[str, Any]:
        """Return the record for the register."""
        names = [name for name in self.__dataclass_fields__ if name != "number"]
        fields = {name: _plain(getattr(self, name)) for name in names}
        return {name: value for name, value in fields.items() if name not in _LATER or value not in (None, [], {})}

    def status_at(self, day: date, rights_sha256: str | None, *, changed: bool = False) -> str:
        """Return the status on ``day``.

        ``expired`` when its review was due, or its ground has ``changed`` (:class:`licensing.ruling.Ruling` knows);
        ``needs_review`` when it does not hold yet, or the source's claim is no longer the one it was made for (pass
        ``None`` where the claim is not at hand); ``restricted`` where it permits no publishing of text.
        """
        if self.status not in PUBLISHABLE:
            return self.status
        if rights_sha256 is not None and rights_sha256 != self.rights_sha256:
            return "needs_review"
        if self.valid_from is not None and day < self.valid_from:
            return "needs_review"
        if changed or day > self.review_due:
            return "expired"
        return "restricted" if self.permits.get("publish_text", "yes") != "yes" else self.status

    def attribution_for(self, row: Mapping[str, object]) -> str | None:
        """Return the attribution line for the document with these columns."""
        if self.attribution is None:
            return None
        created = row.get("created")
        values = {name: str(row.get(name) or "") for name in FIELDS}
        values["year"] = str(created)[:4] if created else ""
        return " ".join(self.attribution.format_map(values).split())


_LATER = frozenset(
    ("declared", "detected", "permits", "obligations", "exclusions", "jurisdictions", "role", "proposed_by",
     "valid_from", "triggers", "weighed", "agreement")
)  # fmt: skip
_LISTS = ("evidence_ids", "detected", "obligations", "exclusions", "jurisdictions", "triggers")


def _plain(value: Any) -> Any:
    if isinstance(value, Scope):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def decision_of(number: int, body: Mapping[str, Any]) -> Decision:
    """Return the decision that a record of the register holds.

    Raises:
        RefusedError: it holds what this version does not know, or lacks what a decision needs.
    """
    later = {"valid_from": date.fromisoformat(body["valid_from"])} if body.get("valid_from") else {}
    try:
        return Decision(
            **{
                **body,
                **{name: tuple(body[name]) for name in _LISTS if name in body},
                **later,
                "scope": parse_scope(body["scope"]),
                "review_due": date.fromisoformat(body["review_due"]),
                "number": number,
            }
        )
    except (TypeError, KeyError) as error:
        raise RefusedError(
            f"record {number} of the register is no decision that this frisat can read ({error}); a later version may "
            "have written it: update frisat"
        ) from error


def decisions(register: Register, source: str | None = None, until: date | None = None) -> list[Decision]:
    """Return the decisions of the register, oldest first, of one source or of all, recorded ``until`` that day."""
    found = (entry for entry in register.entries() if entry.kind == "decision")
    return [
        decision_of(entry.number, entry.body)
        for entry in found
        if (source is None or entry.body.get("source") == source)
        and (until is None or entry.at[:10] <= until.isoformat())
    ]


def standing(found: Sequence[Decision], row: Mapping[str, object]) -> Decision | None:
    """Return the decision that holds for a document: the most special scope, and among equals the latest."""
    covering = [(d.scope.rank(), number, d) for number, d in enumerate(found) if d.scope.covers(row)]
    return max(covering, key=lambda c: c[:2])[2] if covering else None
