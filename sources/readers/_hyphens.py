"""Words divided at the end of a line in Danish: which hyphens go when the lines are joined, and which stay."""

from __future__ import annotations

import re
from typing import Final

_LAST_WORD: Final = re.compile(r"(.*?)([^\W\d_]*)-", re.DOTALL)
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"://|www\.|@")
_PREFIXES: Final = frozenset(["ikke", "eks", "non"])
"""What keeps its hyphen before a word: "ikke-statslig"."""
_LINKS: Final = frozenset(["og", "eller", "samt", "henholdsvis", "såvel", "hhv", "kontra"])
"""Words that follow a suspended hyphen, as in "told- og skattestyrelsen", and are no part of a divided word."""


def joined(above: str, below: str) -> str:
    """Return two lines as one: with a space between them, or with their divided word in one piece.

    A hyphen goes where two letters or more stand before it and lower case follows ("Folke-", "tinget"). It stays
    after capitals ("EU-lande"), before a capital ("Nord-Jylland"), beside a figure ("2020-2030"), in an address and,
    with a space, before a word that links ("ind- og udland").
    """
    if not above or not below:
        return above + below
    last = _LAST_WORD.fullmatch(above.rsplit(None, 1)[-1]) if above.endswith("-") else None
    if last is None or last[0] == "-" or last[0].endswith("--"):
        return f"{above} {below}"
    first = _FIRST_WORD.match(below)
    if first is None or first[0] in _LINKS:
        return f"{above}{below}" if below[0].isdecimal() else f"{above} {below}"
    return f"{above[:-1]}{below}" if _is_divided(last[1], last[2], first[0]) else f"{above}{below}"


def _is_divided(start: str, part: str, rest: str) -> bool:
    """Say whether ``part`` and ``rest`` are one word; ``start`` is what stands before them without a space."""
    if part.lower() in _PREFIXES:
        return False
    capitals = any(letter.isupper() for letter in part[1:])
    return len(part) > 1 and rest[0].islower() and not capitals and _ADDRESS.search(start) is None
