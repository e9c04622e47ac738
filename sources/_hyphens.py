"""Words divided at the end of a line in Danish: which hyphens go when the lines are joined, and which stay."""

from __future__ import annotations

import re
from typing import Final

_DIVIDED: Final = re.compile(r"[^\W\d_]{2,}-\Z")
"""Two letters or more and a hyphen: "Digitali-", but not "A-" or "2-"."""
_LAST_WORD: Final = re.compile(r"[\w/-]*-\Z")
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_LINKS: Final = frozenset(["og", "eller", "samt", "til", "såvel", "både", "og/eller", "men", "som"])
"""Words that follow a suspended hyphen: "told- og skattestyrelsen". No Danish word is divided so that they remain."""


def joined(above: str, below: str) -> str:
    """Return two lines as one: with a space between them, or with their divided word in one piece.

    A hyphen goes where letters in lower case stand to both sides of it and the word holds no other hyphen nor
    capital within ("AMU-center"); it stays before a capital ("Nord-Jylland"), a figure ("2020-2030"), and, with a
    space, before a word that links ("ind- og udland").
    """
    if not above or not below:
        return above + below
    if not above.endswith("-") or above.endswith((" -", "--")) or above == "-":
        return f"{above} {below}"
    first = _FIRST_WORD.match(below)
    if first is None:
        return f"{above}{below}" if below[0].isdecimal() and above[-2:-1].isalnum() else f"{above} {below}"
    if first[0] in _LINKS:
        return f"{above} {below}"
    if not first[0][0].islower() or not _DIVIDED.search(above):
        return f"{above}{below}"
    word = _LAST_WORD.search(above)
    if word and (_is_compound(word[0][:-1])):
        return f"{above}{below}"
    return f"{above[:-1]}{below}"


def _is_compound(word: str) -> bool:
    """Say whether a hyphen belongs to the word: "EU-", "SMS-", "klima-og-energi-"."""
    return word.isupper() or "-" in word or "/" in word or any(letter.isupper() for letter in word[1:])
