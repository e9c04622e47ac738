"""Recording a decision: what a reviewer must say, what must fit together, and until when it holds."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from licensing.agreements import Agreement
from licensing.decisions import FIELDS, PERMITS, PUBLISHABLE, STATUSES, Concluded, Decision, decisions
from licensing.events import TRIGGERS
from licensing.evidence import Evidence, evidence_text
from licensing.licences import LEGAL_BASES, Licence, find_licence
from licensing.register import Register
from licensing.republished import is_republication
from licensing.reservations import reservations_in_text
from licensing.rules import WEIGHABLE
from licensing.scope import parse_scope

_REVIEW_AFTER = {"terms_of_authority": 365, "eu_reuse_2011_833": 365, "public_proceedings_dk": 365}
_PAGES = frozenset({"terms_page", "page_statement", "api_metadata", "email", "http_headers", "robots", "tdmrep"})
_DAYS_DEFAULT, _DAYS_PAGE, _DAYS_CHANGING = 730, 365, 182
_BEFORE_TERM_ENDS = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Concluded):
    """What a reviewer asks to be recorded; see :func:`decide`."""

    only: str | None = None
    review_due: date | None = None
    agreement: Agreement | None = None


def decide(register: Register, proposal: Proposal, evidence: list[Evidence], rights_sha256: str) -> Decision:
    """Check a proposal and append it, with its evidence, to the register.

    A decision that renews one (same source, scope, licence, basis and attribution) keeps its id.

    Raises:
        UsageError: something is missing or does not fit; nothing was recorded.
        RefusedError: the clock stands before the last record.
    """
    licence = check_proposal(proposal)
    if not evidence:
        raise UsageError("a decision rests on evidence: give --evidence FILE and --quote TEXT")
    agreement = proposal.agreement
    said: dict[str, Any] = {name: getattr(proposal, name) for name in Concluded.__dataclass_fields__}
    said |= {"license": licence.id, "attribution": _template(proposal)}
    if agreement is not None:
        granted = {name: agreement.grants.get(name, "unknown") for name in PERMITS if name in agreement.grants}
        said["permits"] = said["permits"] or granted
        said["agreement_sha256"] = said["agreement_sha256"] or agreement.signed_sha256
    decision = Decision(
        **said,
        decision_id=_identity(register, proposal, licence),
        scope=parse_scope(proposal.only),
        evidence_ids=tuple(item.evidence_id() for item in evidence),
        decided_at=clock.now().isoformat(timespec="milliseconds"),
        review_due=proposal.review_due or review_due(register, proposal, evidence),
        rights_sha256=rights_sha256,
        agreement=agreement.record() if agreement else None,
    )
    register.append([*(("evidence", item.body()) for item in evidence), ("decision", decision.body())])
    return decision


def _template(proposal: Proposal) -> str | None:
    return (proposal.attribution or "").strip() or None


def review_due(register: Register, proposal: Proposal, evidence: Sequence[Evidence]) -> date:
    """Return until when a decision holds where nobody says: by what its evidence is, and how soon that may change.

    Statutes and licences pinned by their hash 24 months; terms of an authority and statements on pages 12; terms that
    say they may change, and what others republished, 6; an agreement until 90 days before its term ends.
    """
    days = _REVIEW_AFTER.get(proposal.legal_basis, _DAYS_DEFAULT)
    for item in evidence:
        if item.kind in _PAGES:
            days = min(days, _DAYS_PAGE)
        text = evidence_text(register, item.body()) or ""
        if is_republication(item.url) or any(one.kind == "changeable" for one in reservations_in_text(text)):
            days = min(days, _DAYS_CHANGING)
    due = clock.today() + timedelta(days=days)
    term_end = proposal.agreement.term_end if proposal.agreement else None
    return min(due, max(clock.today(), term_end - _BEFORE_TERM_ENDS)) if term_end else due


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
    if "tdm" in proposal.legal_basis.lower() or "mining" in proposal.legal_basis.lower():
        raise UsageError(
            "the exception for text and data mining (§ 11 b) lets one copy, not publish, and is no basis: record the "
            "source as --status restricted, on the basis that it would need to be published"
        )
    if proposal.legal_basis not in LEGAL_BASES:
        raise UsageError(f"{proposal.legal_basis!r} is no legal basis; choose from {', '.join(LEGAL_BASES)}")
    for name in ("reasoning", "doubts", "not_checked", "decided_by"):
        if not getattr(proposal, name).strip():
            raise UsageError(f"--{name.replace('_', '-').replace('decided-by', 'by')} is empty; it must be said")
    _check_words(proposal)
    licence = find_licence(proposal.license)
    _check_attribution(proposal, licence)
    _check_agreement(proposal, licence)
    second = (proposal.second_reviewer or "").strip().casefold()
    if second and second in {(name or "").strip().casefold() for name in (proposal.decided_by, proposal.proposed_by)}:
        raise UsageError("the second reviewer must be another person than the first")
    if proposal.status in PUBLISHABLE and proposal.review_due is not None and proposal.review_due < clock.today():
        raise UsageError(f"--review-due {proposal.review_due} has passed already")
    return licence


def _check_words(proposal: Proposal) -> None:
    for name, answer in proposal.permits.items():
        if name not in PERMITS or answer not in {"yes", "no", "unknown"}:
            raise UsageError(f"--permits {name}={answer}: the names are {', '.join(PERMITS)}; yes, no or unknown")
    for trigger in proposal.triggers:
        if trigger not in TRIGGERS:
            raise UsageError(f"{trigger!r} is no trigger; choose from {', '.join(TRIGGERS)}")
    for rule, why in proposal.weighed.items():
        if rule not in WEIGHABLE or not why.strip():
            raise UsageError(
                f"--weighed {rule}=…: a reviewer may go on against {', '.join(sorted(WEIGHABLE))}, and says why"
            )


def _check_agreement(proposal: Proposal, licence: Licence) -> None:
    bought = proposal.status == "bought_out"
    if proposal.status in PUBLISHABLE and bought != (licence.licence_class == "agreement"):
        raise UsageError("status bought_out and a LicenseRef-Agreement-* go together; give both or neither")
    known = proposal.agreement_sha256 or proposal.agreement
    due = proposal.review_due or (proposal.agreement and proposal.agreement.term_end)
    if bought and not (known and (proposal.second_reviewer or "").strip() and due):
        raise UsageError(
            "bought_out needs --agreement FILE, --second-reviewer WHO and --review-due (before its term ends)"
        )


def _check_attribution(proposal: Proposal, licence: Licence) -> None:
    template = _template(proposal)
    if template is None:
        if licence.licence_class in {"attribution", "share-alike"} and proposal.status in PUBLISHABLE:
            raise UsageError(
                f"{licence.id} asks for attribution: give --attribution, for instance "
                '"{title}, {publisher}, {url}" (fields: ' + ", ".join(sorted(FIELDS)) + ")"
            )
        return
    try:
        fields = [(name, spec, conv) for _, name, spec, conv in string.Formatter().parse(template)]
    except ValueError as error:
        raise UsageError(f"--attribution {proposal.attribution!r} is no template: {error}") from error
    for name, spec, conversion in fields:
        if name is not None and (name not in FIELDS or spec or conversion):
            raise UsageError(f"--attribution knows the fields {', '.join(sorted(FIELDS))}, not {{{name}}}")
