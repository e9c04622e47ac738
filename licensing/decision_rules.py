"""The rules that look at a decision and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from frisat.errors import UsageError
from licensing.agreements import agreement_faults
from licensing.compatibility import fits
from licensing.decisions import Decision
from licensing.evidence import evidence_faults, evidence_text
from licensing.findings import Reservation, Statement, conflicts
from licensing.licences import Licence, find_licence
from licensing.recognise import recognise
from licensing.register import Register
from licensing.republished import is_republication
from licensing.reservations import reservations_in_signals, reservations_in_text
from licensing.rules import Finding

SOON = timedelta(days=60)
"""How long before a review is due it is announced."""

_NEAR = 400
_OPEN_WORDS = frozenset({"cc", "unknown", "ukendt", "other", "andet", "creative commons", "none", "?"})
_FORBIDDING = frozenset({"all-rights", "non-commercial", "no-changes", "no-republishing"})
_NOT_THE_TEXTS = frozenset({"platform", "collection", "annotation"})
_NEED_A_LINE = frozenset({"attribution", "share-alike"})
_OUTGOING = {"share-alike": "CC-BY-SA-4.0"}
"""What the part of a release that holds a licence class goes out under, where all of it must go under one licence."""


@dataclass(frozen=True, slots=True)
class Case:
    """A decision with what is needed to judge it."""

    decision: Decision
    evidence: Sequence[Mapping[str, Any]]
    register: Register
    day: date


def decision_findings(case: Case) -> list[Finding]:
    """Return the rules that a decision breaks on a day. What its reviewer weighed does not count as broken."""
    weighed = set(case.decision.weighed)
    return [
        Finding(identity, case.decision.decision_id, what)
        for identity, rule in _RULES.items()
        if identity not in weighed
        for what in rule(case)
    ]


def _licence_is_known(case: Case) -> Iterator[str]:
    try:
        find_licence(case.decision.license)
    except UsageError as error:
        yield str(error)


def _attribution_is_given(case: Case) -> Iterator[str]:
    licence = _licence(case)
    if licence is not None and licence.licence_class in _NEED_A_LINE and not (case.decision.attribution or "").strip():
        yield f"{licence.id} asks for a line of attribution, and the decision gives none"


def _licence(case: Case) -> Licence | None:
    """Return the licence that was concluded; what is none is for rule L01."""
    try:
        return find_licence(case.decision.license)
    except UsageError:
        return None


def _evidence_stands(case: Case) -> Iterator[str]:
    found = {body["evidence_id"] for body in case.evidence}
    if not case.decision.evidence_ids:
        yield "it names no evidence"
    for identity in case.decision.evidence_ids:
        if identity not in found:
            yield f"its evidence {identity} is not in the register"
    for body in case.evidence:
        yield from evidence_faults(case.register, body)


def _covers_the_texts(case: Case) -> Iterator[str]:
    scopes = {body.get("scope_stated") for body in case.evidence}
    if scopes and scopes <= _NOT_THE_TEXTS:
        yield f"its evidence speaks of the {' and the '.join(sorted(map(str, scopes)))} alone"


def _nothing_forbids(case: Case) -> Iterator[str]:
    decision = case.decision
    said = [("declared", decision.declared or "")] + [("detected", one.get("licence", "")) for one in decision.detected]
    for where, wording in said:
        if wording.strip() and (why := _unclear(wording)):
            yield f"{where} is {wording[:60]!r}, {why}"
    for body in case.evidence:
        text = evidence_text(case.register, body)
        if text is not None:
            start = max(0, body["quote_start"] - _NEAR)
            near = text[start : body["quote_start"] + len(body["quote"]) + _NEAR]
            for one in reservations_in_text(near):
                if one.kind in _FORBIDDING:
                    yield f"beside the quote in {body['name']} stands {one.wording[:80]!r} ({one.kind})"


def _unclear(wording: str) -> str | None:
    """Return why a statement clears nothing, or ``None``: wording that names no licence at all is for a person."""
    found = recognise(wording)
    if found.forbids:
        return f"which forbids ({', '.join(found.forbids)})"
    if wording.strip().casefold() in _OPEN_WORDS:
        return "which names no licence"
    if found.id is None and (found.family or "").startswith("CC"):
        return "a licence without its version"
    return None


def _statements_agree(case: Case) -> Iterator[str]:
    told = [
        Statement(one["licence"], one.get("where", ""), "", "high", recognise(one["licence"]).id, None, None)
        for one in case.decision.detected
        if one.get("sure") in {"high", "medium"} and one.get("licence")
    ]
    claim = recognise(case.decision.declared).id if case.decision.declared else None
    yield from (f"{conflict}" for conflict in conflicts(told, [], claim))
    for name, one in _reserved(case, "no-bulk"):
        yield f"{case.decision.license} stands against {one.wording[:80]!r} in {name} (no bulk reuse)"


def _mining_not_reserved(case: Case) -> Iterator[str]:
    for name, one in _reserved(case, "tdm"):
        yield f"{name} reserves it in {one.where}: {one.wording[:80]!r}"


def _reserved(case: Case, kind: str) -> Iterator[tuple[str, Reservation]]:
    """Yield what the evidence reserves, in its words or in the signals beside it. An act is about others' reserving."""
    for body in case.evidence:
        if body.get("kind") != "statute":
            found = reservations_in_text(evidence_text(case.register, body) or "")
            found += reservations_in_signals(body.get("signals") or {})
            yield from ((str(body["name"]), one) for one in found if one.kind == kind)


def _first_publisher(case: Case) -> Iterator[str]:
    places = [str(body.get("final_url") or body.get("url") or body["name"]) for body in case.evidence]
    if places and all(is_republication(place) for place in places):
        yield f"all its evidence is from where others put data up again ({', '.join(places)[:120]})"


def _found_in_a_field(case: Case) -> Iterator[str]:
    found = case.decision.detected
    if found and all(one.get("sure") == "low" for one in found):
        yield f"the licence was only found as {found[0].get('where', 'a link')} in running text"


def _agreement_stands(case: Case) -> Iterator[str]:
    if case.decision.status == "bought_out":
        record = dict(case.decision.agreement) if case.decision.agreement else None
        yield from agreement_faults(record, case.decision.second_reviewer, case.day)


def _goes_with_its_part(case: Case) -> Iterator[str]:
    licence = _licence(case)
    outgoing = _OUTGOING.get(licence.licence_class) if licence else None
    if licence is not None and outgoing is not None and not (fit := fits(licence.id, outgoing)).fits:
        part = f"the {licence.licence_class} part goes out under"
        yield f"{licence.id} does not go with {outgoing}, which {part}: {fit.why}"


def _not_due_soon(case: Case) -> Iterator[str]:
    due = case.decision.review_due
    if case.day <= due <= case.day + SOON:
        yield f"its review is due on {due}"


_RULES: dict[str, Callable[[Case], Iterator[str]]] = {
    "L01": _licence_is_known,
    "L05": _evidence_stands,
    "L06": _covers_the_texts,
    "L08": _nothing_forbids,
    "L09": _attribution_is_given,
    "L12": _statements_agree,
    "L13": _first_publisher,
    "L14": _found_in_a_field,
    "L15": _mining_not_reserved,
    "L16": _agreement_stands,
    "L19": _goes_with_its_part,
    "L20": _not_due_soon,
}
