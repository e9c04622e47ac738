"""Decisions: who concluded what, on which evidence, for which documents, until when."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from licensing.evidence import Evidence
from licensing.licences import LEGAL_BASES, Licence, find_licence
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

_REVIEW_AFTER = {"terms_of_authority": 365, "eu_reuse_2011_833": 365, "public_proceedings_dk": 365}
_REVIEW_AFTER_DEFAULT = 730
_FIELDS = frozenset({"title", "author", "publisher", "source", "url", "id", "year"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as the register holds it."""

    decision_id: str
    source: str
    scope: Scope
    status: str
    license: str
    legal_basis: str
    attribution: str | None
    evidence_ids: tuple[str, ...]
    reasoning: str
    doubts: str
    not_checked: str
    decided_by: str
    second_reviewer: str | None
    decided_at: str
    review_due: date
    rights_sha256: str
    agreement_sha256: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the record for the register."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            **fields,
            "scope": str(self.scope),
            "evidence_ids": list(self.evidence_ids),
            "review_due": self.review_due.isoformat(),
        }

    def status_at(self, day: date, rights_sha256: str | None) -> str:
        """Return the status on ``day``.

        ``expired`` when its review was due, ``needs_review`` when the source's claim is no longer the one it was
        made for (pass ``None`` where the claim is not at hand).
        """
        if self.status not in PUBLISHABLE:
            return self.status
        if rights_sha256 is not None and rights_sha256 != self.rights_sha256:
            return "needs_review"
        return "expired" if day > self.review_due else self.status

    def attribution_for(self, row: Mapping[str, object]) -> str | None:
        """Return the attribution line for the document with these columns."""
        if self.attribution is None:
            return None
        created = row.get("created")
        values = {name: str(row.get(name) or "") for name in _FIELDS}
        values["year"] = str(created)[:4] if created else ""
        return " ".join(self.attribution.format_map(values).split())


def _from_body(body: Mapping[str, Any]) -> Decision:
    return Decision(
        **{
            **body,
            "scope": parse_scope(body["scope"]),
            "evidence_ids": tuple(body["evidence_ids"]),
            "review_due": date.fromisoformat(body["review_due"]),
        }
    )


def decisions(register: Register, source: str | None = None) -> list[Decision]:
    """Return the decisions of the register, oldest first, of one source or of all."""
    bodies = (entry.body for entry in register.entries() if entry.kind == "decision")
    return [_from_body(body) for body in bodies if source is None or body["source"] == source]


def standing(found: list[Decision], row: Mapping[str, object]) -> Decision | None:
    """Return the decision that holds for a document: the most special scope, and among equals the latest."""
    covering = [(d.scope.rank(), number, d) for number, d in enumerate(found) if d.scope.covers(row)]
    return max(covering, key=lambda c: c[:2])[2] if covering else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a reviewer asks to be recorded; see :func:`decide`."""

    source: str
    status: str
    license: str
    legal_basis: str
    reasoning: str
    doubts: str
    not_checked: str
    decided_by: str
    only: str | None = None
    attribution: str | None = None
    second_reviewer: str | None = None
    review_due: date | None = None
    agreement_sha256: str | None = None


def decide(register: Register, proposal: Proposal, evidence: list[Evidence], rights_sha256: str) -> Decision:
    """Check a proposal and append it, with its evidence, to the register.

    A decision that renews one (same source, scope, licence, basis and attribution) keeps its id.

    Raises:
        UsageError: something is missing or does not fit; nothing was recorded.
    """
    licence = check_proposal(proposal)
    if not evidence:
        raise UsageError("a decision rests on evidence: give --evidence FILE and --quote TEXT")
    decision = Decision(
        decision_id=_identity(register, proposal, licence),
        source=proposal.source,
        scope=parse_scope(proposal.only),
        status=proposal.status,
        license=licence.id,
        legal_basis=proposal.legal_basis,
        attribution=_template(proposal),
        evidence_ids=tuple(item.evidence_id() for item in evidence),
        reasoning=proposal.reasoning,
        doubts=proposal.doubts,
        not_checked=proposal.not_checked,
        decided_by=proposal.decided_by,
        second_reviewer=proposal.second_reviewer,
        decided_at=clock.now().isoformat(timespec="milliseconds"),
        review_due=proposal.review_due or _due(proposal.legal_basis),
        rights_sha256=rights_sha256,
        agreement_sha256=proposal.agreement_sha256,
    )
    register.append([*(("evidence", item.body()) for item in evidence), ("decision", decision.body())])
    return decision


def _template(proposal: Proposal) -> str | None:
    return (proposal.attribution or "").strip() or None


def _due(basis: str) -> date:
    return clock.today() + timedelta(days=_REVIEW_AFTER.get(basis, _REVIEW_AFTER_DEFAULT))


def _identity(register: Register, proposal: Proposal, licence: Licence) -> str:
    scope = parse_scope(proposal.only)
    found = decisions(register, proposal.source)
    for earlier in reversed(found):
        same = (earlier.license, earlier.legal_basis, earlier.attribution, earlier.scope)
        if same == (licence.id, proposal.legal_basis, _template(proposal), scope):
            return earlier.decision_id
    return f"{proposal.source}-{len({d.decision_id for d in found}) + 1}"


def check_proposal(proposal: Proposal) -> Licence:
    """Check that a proposal is complete and fits together; return the licence it names.

    Raises:
        UsageError: it does not; the message says what is missing.
    """
    parse_scope(proposal.only)
    if proposal.status not in STATUSES:
        raise UsageError(f"{proposal.status!r} is no status; choose from {', '.join(STATUSES)}")
    if proposal.legal_basis not in LEGAL_BASES:
        raise UsageError(f"{proposal.legal_basis!r} is no legal basis; choose from {', '.join(LEGAL_BASES)}")
    for name in ("reasoning", "doubts", "not_checked", "decided_by"):
        if not getattr(proposal, name).strip():
            raise UsageError(f"--{name.replace('_', '-').replace('decided-by', 'by')} is empty; it must be said")
    licence = find_licence(proposal.license)
    _check_attribution(proposal, licence)
    bought = proposal.status == "bought_out"
    if proposal.status in PUBLISHABLE and bought != (licence.licence_class == "agreement"):
        raise UsageError("status bought_out and a LicenseRef-Agreement-* go together; give both or neither")
    second = (proposal.second_reviewer or "").strip()
    if bought and not (proposal.agreement_sha256 and second and proposal.review_due):
        raise UsageError(
            "bought_out needs --agreement FILE, --second-reviewer WHO and --review-due (before its term ends)"
        )
    if second.casefold() == proposal.decided_by.strip().casefold():
        raise UsageError("the second reviewer must be another person than the first")
    if proposal.status in PUBLISHABLE and proposal.review_due is not None and proposal.review_due < clock.today():
        raise UsageError(f"--review-due {proposal.review_due} has passed already")
    return licence


def _check_attribution(proposal: Proposal, licence: Licence) -> None:
    template = _template(proposal)
    if template is None:
        if licence.licence_class in {"attribution", "share-alike"} and proposal.status in PUBLISHABLE:
            raise UsageError(
                f"{licence.id} asks for attribution: give --attribution, for instance "
                '"{title}, {publisher}, {url}" (fields: ' + ", ".join(sorted(_FIELDS)) + ")"
            )
        return
    try:
        fields = [(name, spec, conv) for _, name, spec, conv in string.Formatter().parse(template)]
    except ValueError as error:
        raise UsageError(f"--attribution {proposal.attribution!r} is no template: {error}") from error
    for name, spec, conversion in fields:
        if name is not None and (name not in _FIELDS or spec or conversion):
            raise UsageError(f"--attribution knows the fields {', '.join(sorted(_FIELDS))}, not {{{name}}}")
