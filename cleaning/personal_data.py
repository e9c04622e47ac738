"""Personal data that must not be published: found by rule, replaced by a typed placeholder, counted.

Five kinds: personal identification numbers (CPR), e-mail addresses, telephone numbers and bank accounts. Telephone and
account numbers only where the text says that they are; never bare eight digits, never numbers of cases, laws or firms.
What was found is told by kind, place and rule: the value itself is neither kept nor hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from cleaning._personal_data.bank import find_iban, find_konto
from cleaning._personal_data.cpr import find_cpr, find_spread_cpr
from cleaning._personal_data.email import find_email
from cleaning._personal_data.finding import KINDS, PLACEHOLDERS, Finding, Kind
from cleaning._personal_data.folding import cover, fold
from cleaning._personal_data.phone import find_telefon
from cleaning._personal_data.policy import PersonalData, flags
from cleaning._personal_data.quick import may_hold, may_hold_any, which_kinds, which_may_hold_any

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
    "redact_column",
    "which_may_hold_any",
]

VERSION = 5

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
        counts: dict[str, int] = dict.fromkeys(KINDS, 0)
        for finding in self.findings:
            counts[finding.kind] += 1
        return counts


def redact(text: str) -> Redacted:
    """Replace what :func:`find` finds by ``[CPR]``, ``[EMAIL]``, ``[TELEFON]``, ``[IBAN]`` and ``[KONTO]``."""
    return _replaced(text, find(text))


def redact_column(texts: Sequence[str]) -> list[Redacted]:
    """Do the same for each of many texts: RE2 reads them where Arrow keeps them, and few go on to Python.

    Args:
        texts: such as an Arrow column can hold, without halves of surrogate pairs.
    """
    # From bytes: pyarrow takes several times as long to encode text by itself.
    column = pa.array([text.encode() for text in texts], pa.string())
    done = list(map(Redacted, texts))
    asked = pc.indices_nonzero(which_may_hold_any(column))
    held = which_kinds(column.take(asked))
    for place, kinds in zip(asked.to_pylist(), held, strict=True):
        if kinds:
            done[place] = _replaced(texts[place], _find(texts[place], kinds))
    return done


def _replaced(text: str, findings: tuple[Finding, ...]) -> Redacted:
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
    return _find(text, {kind for kind in KINDS if may_hold(kind, text)}) if may_hold_any(text) else ()


def _find(text: str, kinds: set[Kind]) -> tuple[Finding, ...]:
    detectors = [detect for kind, detect in _DETECTORS if kind in kinds]
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
