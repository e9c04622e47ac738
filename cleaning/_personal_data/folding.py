"""One text for all detectors: digits, dashes and blanks of every script brought down to those of ASCII.

Character by character, so that a place in the folded text is the same place in the text. What was found, and
placeholders that stand there already, are covered by marks of their kind: no detector looks beneath a mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cleaning._personal_data.finding import KINDS, PLACEHOLDERS, Finding, Kind

MARKS: dict[Kind, str] = {kind: chr(0xE000 + number) for number, kind in enumerate(KINDS)}
"""Characters for private use; such a character of the text itself is folded away."""

_OTHER = re.compile("[^\n -~æøåÆØÅ§éÉüÜöÖäÄ»«”“’]+")
_PLACEHOLDER = re.compile(r"\[(?:CPR|EMAIL|TELEFON|IBAN|KONTO)\]")
_BY_PLACEHOLDER = {placeholder: MARKS[kind] for kind, placeholder in PLACEHOLDERS.items()}
_SINGLE = {
    **dict.fromkeys("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
    **dict.fromkeys("−\xad⁃˗", "-"),
    "İ": "I",  # the one that is longer in lower case
}
_CATEGORIES = {"Pd": "-", "Zs": " ", "Cc": " ", "Cf": " ", "Co": "\ufffd"}


def fold(text: str) -> str:
    """Return ``text`` folded, of the same length."""
    text = _OTHER.sub(_fold_run, text)
    if "[" in text:
        text = _PLACEHOLDER.sub(lambda match: _BY_PLACEHOLDER[match[0]] * len(match[0]), text)
    return text


def cover(folded: str, findings: Iterable[Finding]) -> str:
    """Return ``folded`` with each of ``findings`` (in order, apart from each other) covered by marks."""
    pieces, position = [], 0
    for finding in findings:
        pieces += [folded[position : finding.start], MARKS[finding.kind] * (finding.end - finding.start)]
        position = finding.end
    return "".join([*pieces, folded[position:]])


def _fold_run(match: re.Match[str]) -> str:
    return "".join(map(_fold_character, match[0]))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _SINGLE:
        return _SINGLE[character]
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in _CATEGORIES:
        return _CATEGORIES[category]
    # Full-width and small forms of ASCII.
    wide = 0xFE50 <= ord(character) <= 0xFE6F or 0xFF01 <= ord(character) <= 0xFF5E
    return unicodedata.normalize("NFKC", character)[0] if wide else character
