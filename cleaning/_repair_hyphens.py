"""Words divided at the end of a line, put together where the word is known; and soft hyphens.

A hyphen at a line's end may divide a word ("for-" / "sikring"), belong to it ("EU-" / "lande"), or stand for the rest
of one ("social-" / "og sundhedsvæsen"). It goes only where the joined form stands elsewhere in the document, more
often than the form with the hyphen, or is in the lexicon. The end of the line then comes after the word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cleaning import lexicon
from cleaning.words import hashes_of

MARKS: Final = "-\u2010\u2011\u00ac\u2e17"
"""Hyphens that divide words: plain, U+2010, U+2011, the sign ¬ of transcriptions, the double one of Fraktur."""

_LINKS: Final = frozenset(
    [
        "og",
        "eller",
        "samt",
        "til",
        "kontra",
        "hhv",
        "henholdsvis",
        "respektive",
        "resp",
        "men",
        "som",
        "and",
        "und",
        "och",
    ]
)
"""Words that follow a hyphen which stands for the rest of a word; no divided word ends in one."""
_LONGEST: Final = 40
_MAX_PASSES: Final = 4
_BREAK: Final = re.compile(f"[{MARKS}]\n")
_BEFORE: Final = re.compile(r"[^\W\d_]+\Z")
_AFTER: Final = re.compile(rf"[^\W\d_]{{1,{_LONGEST}}}")
_REST: Final = re.compile(rf"[^{MARKS}\s]{{0,{_LONGEST}}}")
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SOFT_END: Final = re.compile(f"(?<!\xad)\xad++\n([^\\W\\d_][^\\s\xad]{{0,{_LONGEST}}})( ?)")
_SOFT: Final = re.compile("\xad+")
_DENSE: Final = 100
"""A text with fewer divided lines than one in so many is set without dividing words: its hyphens belong."""


@dataclass(frozen=True, slots=True)
class _Divided:
    """A word that may be divided: its parts, and where the hyphen stands."""

    at: int
    left: str
    right: str

    @property
    def joined(self) -> str:
        return f"{self.left}{self.right}".lower()

    @property
    def hyphenated(self) -> str:
        return f"{self.left}-{self.right}".lower()


def join_divided(text: str) -> tuple[str, int]:
    """Return ``text`` with the words put together that are known, and how many."""
    count = 0
    if not any(f"{mark}\n" in text for mark in MARKS):
        return text, 0
    # A word that was put together may speak for another one, if seldom.
    for _ in range(_MAX_PASSES):
        text, changes = _join(text)
        count += changes
        if not changes:
            break
    return text, count


def _join(text: str) -> tuple[str, int]:
    found = list(_divided(text))
    known = _known(found, text) if found else set()
    pieces: list[str] = []
    done = count = 0
    for word in found:
        if word.joined not in known:
            continue
        count += 1
        start = word.at + 2
        rest = _REST.match(text, start + len(word.right))
        end = rest.end() if rest else start + len(word.right)
        pieces += [text[done : word.at], text[start:end]]
        done = end
        if text[end : end + 1] == " ":
            pieces.append("\n")
            done += 1
    return "".join([*pieces, text[done:]]), count


def remove_soft(text: str) -> tuple[str, int]:
    """Return ``text`` without soft hyphens, and how many there were; a word divided at one is put together.

    PDFs write any hyphen at a line's end as a soft one: it becomes a plain one after capitals and figures, and before
    a word that links.
    """
    count = 0

    def end(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        word = _AFTER.match(match[1])
        before = match.string[max(0, match.start() - 2) : match.start()]
        if (
            (word and word[0].lower() in _LINKS)
            or before[-1:].isdigit()
            or (before.isupper() and match[1][0].islower())
        ):
            return f"-\n{match[1]}{match[2]}"
        return match[1] + ("\n" if match[2] else "")

    if "\xad\n" in text:
        text = _SOFT_END.sub(end, text)
    text, others = _SOFT.subn("", text)
    return text, count + others


def _divided(text: str) -> Iterator[_Divided]:
    last = -1
    for match in _BREAK.finditer(text):
        at = match.start()
        before = _BEFORE.search(text, max(0, at - _LONGEST - 1), at)
        after = _AFTER.match(text, match.end())
        if before is None or after is None:
            last = at
            continue
        left, right = before[0], after[0]
        # A word over three lines, or longer than words are: nothing is sure of it.
        chained = (last >= 0 and before.start() == last + 2) or _BREAK.match(text, after.end()) is not None
        last = at
        if not chained and 2 <= len(left) <= _LONGEST and len(right) < _LONGEST and _may_be_one(left, right):
            yield _Divided(at, left, right)


def _may_be_one(left: str, right: str) -> bool:
    """Say whether two parts may be of one word: no capital letters beside small ones, no word that links."""
    if right.lower() in _LINKS:
        return False
    return left[1:].islower() and right.islower() if not left.isupper() else right.isupper()


def _known(found: list[_Divided], text: str) -> set[str]:
    """Return the joined forms that are known, and stand in the text less often with a hyphen.

    Two words of the lexicon in a text that divides none otherwise are taken for a compound with its hyphen
    ("sort-" / "hvid"), unless the text has their joined form elsewhere.
    """
    wanted = {form for word in found for form in (word.joined, word.hyphenated)}
    times = Counter(token for token in _TOKEN.findall(text.lower()) if token in wanted)
    listed = _listed({form for word in found for form in (word.joined, word.left.lower(), word.right.lower())})
    dense = len(found) * _DENSE >= text.count("\n")

    def is_known(word: _Divided) -> bool:
        joined, hyphenated = times[word.joined], times[word.hyphenated]
        if joined > hyphenated and (dense or not hyphenated):
            return True
        compound = {word.left.lower(), word.right.lower()} <= listed
        return word.joined in listed and not hyphenated and (dense or not compound)

    return {word.joined for word in found if is_known(word)}


def _listed(words: set[str]) -> set[str]:
    """Return those of ``words`` that the lexicon has."""
    asked = sorted(words)
    return {word for word, known in zip(asked, lexicon.known(hashes_of(asked)), strict=True) if known}
