"""The quick look: in linear time, over a text or a whole column, whether a detector can find anything at all.

It may say yes where nothing is; it is never wrong when it says no. The patterns are for RE2, which Arrow uses too, and
speak of the text as it is, before folding. They are kept simple, since a pattern of many classes and counts makes RE2
run out of states and a hundred times slower: whatever is not a letter or digit of ASCII counts as something between,
and a digit of another script, or a full-width sign, is enough for a yes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import re2

from cleaning._personal_data.finding import Kind

_L = "[0-9OolI|]"  # a digit, or what text recognition takes one for
_S = "[^0-9A-Za-z]"
_JOIN = "[^0-9A-Za-z.,;:/()]"  # between the groups of an account number
_NO_LIST = "[^0-9A-Za-z,;]"  # between the groups of other numbers

_STRANGE = r"[^\P{Nd}0-9]|[\x{FE50}-\x{FE6F}\x{FF01}-\x{FF5E}]"
_PATTERNS: dict[Kind, tuple[str, ...]] = {
    "email": (
        r"@|(?i:snabel|alfakrølle|[\[({<_-][^0-9A-Za-z]?at[^0-9A-Za-z]?[\])}>_-]| at [^ ]+ (?:dot|punktum) )",
        r"[^ ][\[({<](?i:a)[\])}>][^ ]",
    ),
    "iban": (r"(?i:iban)", rf"[A-Za-z]{{2}}{_S}?{_L}{{2}}(?:{_S}?[A-Z0-9|]){{11}}"),
    "konto": (
        rf"(?i:giro)|[0-9]{{6}}|[0-9]{{2}}{_JOIN}[0-9]{{2,5}}{_JOIN}[0-9]{{2}}",
        rf"[0-9]{{5}}{_JOIN}[0-9]{{5}}|[0-9]{{3}}{_JOIN}[0-9]{{4}}",
    ),
    "cpr": (
        rf"{_L}{{6}}{_S}{{0,11}}{_L}{{4}}",
        rf"{_L}{{2}}{_NO_LIST}{{0,3}}{_L}{{2}}{_NO_LIST}{{0,3}}(?:19|20)?{_L}{{2}}{_NO_LIST}{{0,9}}{_L}{{2}}{_S}?{_L}{{2}}",
    ),
    "telefon": (
        rf"[0-9]{{2}}{_NO_LIST}{{0,4}}[0-9]{{2}}{_NO_LIST}{{0,3}}[0-9]{{2}}{_NO_LIST}{{0,3}}[0-9]{{2}}",
        rf"[0-9]{{2}}{_NO_LIST}[0-9]{{2,3}}{_NO_LIST}[0-9]{{2,3}}|[0-9]{{2}}{_NO_LIST}[0-9]{{6}}",
        rf"(?:\+|00)[1-9](?:{_S}{{0,6}}[0-9]){{6}}",
    ),
}
# Words without which no telephone or account is found; asked only of a text that the patterns let through.
_WORDS: dict[Kind, str] = {
    "konto": r"(?i:konto|kto|account|reg|giro|bank|kasse|nordea|nykredit)",
    "telefon": r"\+|00 ?(?:45|298|299|46|47|49|44)|(?:^|[^0-9A-Za-z])[TtMmDd](?:[.:]|[^0-9A-Za-z])"
    r"|(?i:tlf|tel|fax|mob|sms|(?:^|[^0-9A-Za-z])ring|træffes|fanges|kontakt|nås|fås|henvend|skriv|opkald|besked)",
}
ANY = "|".join((_STRANGE, *(pattern for patterns in _PATTERNS.values() for pattern in patterns)))
_OF_A_KIND = {
    kind: ["|".join((_STRANGE, *patterns)), *(["|".join((_STRANGE, _WORDS[kind]))] if kind in _WORDS else [])]
    for kind, patterns in _PATTERNS.items()
}
"""Patterns by kind: all of them must be there."""
_ANY = re2.compile(ANY)
_COMPILED = {kind: [re2.compile(pattern) for pattern in patterns] for kind, patterns in _OF_A_KIND.items()}


def may_hold_any(text: str) -> bool:
    """Say whether a detector may find anything in ``text``."""
    return _search(_ANY, text)


def may_hold(kind: Kind, text: str) -> bool:
    """Say whether the detectors of one kind may find anything in ``text``."""
    return all(_search(pattern, text) for pattern in _COMPILED[kind])


def which_may_hold_any(texts: pa.Array | pa.ChunkedArray) -> Any:
    """Say of every text of an Arrow array whether it may hold any: an array of booleans, null where the text is."""
    return pc.match_substring_regex(texts, pattern=ANY)


def which_kinds(texts: pa.Array) -> list[set[Kind]]:
    """Say of every text of an Arrow array, none of them null, what :func:`may_hold` says of each kind."""
    found: list[set[Kind]] = [set() for _ in range(len(texts))]
    for kind, patterns in _OF_A_KIND.items():
        for place in _all_match(texts, patterns).to_pylist():
            found[place].add(kind)
    return found


def _all_match(texts: pa.Array, patterns: list[str]) -> pa.Array:
    """Return the places of the texts that hold all patterns; what lacks the first is not asked for the second."""
    places = pa.array(np.arange(len(texts)))
    for pattern in patterns:
        places = places.filter(pc.match_substring_regex(texts.take(places), pattern=pattern))
    return places


def _search(pattern: Any, text: str) -> bool:
    try:
        return pattern.search(text) is not None
    except UnicodeEncodeError:  # half of a surrogate pair, which RE2 cannot read
        return True
