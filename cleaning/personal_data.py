"""Personal data that must not be published: found by rule, replaced by a typed placeholder, counted.

Five kinds: personal identification numbers (CPR), e-mail addresses, telephone numbers and bank accounts. Telephone and
account numbers only where the text says that they are; never bare eight digits, never numbers of cases, laws or firms.
What was found is told by kind, place and rule: the value itself is neither kept nor hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cleaning._personal_data.bank import find_iban, find_konto
from cleaning._personal_data.cpr import find_cpr, find_spread_cpr
from cleaning._personal_data.email import find_email
from cleaning._personal_data.finding import KINDS, PLACEHOLDERS, Finding, Kind
from cleaning._personal_data.folding import cover, fold
from cleaning._personal_data.phone import find_telefon
from cleaning._personal_data.policy import PersonalData, flags
from cleaning._personal_data.quick import may_hold, may_hold_any, which_may_hold_any

__all__ = [
    "KINDS",
    "VERSION",
    "Finding",
    "Kind",
    "PersonalData",
    "Redacted",
    "find",
    "flags",
    "may_hold_any",
    "redact",
    "which_may_hold_any",
]

VERSION = 4

_DETECTORS: tuple[tuple[Kind, Callable[[str], Iterator[Finding]]], ...] = (
    ("email", find_email),
    ("iban", find_iban),
    ("konto", find_konto),
    ("cpr", find_cpr),
    ("cpr", find_spread_cpr),
    ("telefon", find_telefon),
)
"""In this order: what one has found, the next does not see."""
_MOST_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with placeholders, and what they stand for. Places are those in the text before."""

    text: str
    findings: tuple[Finding, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many of each kind were replaced, kinds without any included."""
        return {kind: sum(finding.kind == kind for finding in self.findings) for kind in KINDS}


def redact(text: str) -> Redacted:
    """Replace what :func:`find` finds by ``[CPR]``, ``[EMAIL]``, ``[TELEFON]``, ``[IBAN]`` and ``[KONTO]``."""
    findings = find(text)
    if not findings:
        return Redacted(text)
    pieces, position = [], 0
    for finding in findings:
        pieces += [text[position : finding.start], PLACEHOLDERS[finding.kind]]
        position = finding.end
    return Redacted("".join([*pieces, text[position:]]), findings)


def find(text: str) -> tuple[Finding, ...]:
    """Return all findings in ``text``, in order and apart from each other.

    A finding may lay bare another (the second number of a list): the detectors run until nothing more is found, so
    that a redacted text holds nothing to redact.
    """
    if not may_hold_any(text):
        return ()
    detectors = [detect for kind, detect in _DETECTORS if may_hold(kind, text)]
    folded = fold(text)
    findings: list[Finding] = []
    for _ in range(_MOST_ROUNDS):
        before = len(findings)
        for detect in detectors:
            found = list(detect(folded))
            if found:
                folded = cover(folded, found)
                findings += found
        if len(findings) == before:
            break
    return tuple(sorted(findings))
