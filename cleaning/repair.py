"""Repairing text without harming Danish: encodings, line ends, white space, invisible characters, divided words.

``repair`` is idempotent, takes linear time, and leaves a text alone that needs nothing. Quotes and dashes stay as
written. Whether anything is to be done is asked first, of RE2: of one text (``needs_repair``) or of a whole column
(``may_need_repair``, ``repair_column``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import re2

from cleaning._repair_encoding import DANISH, STRANGE, repair_encoding
from cleaning._repair_hyphens import join_divided, remove_soft

__all__ = ["DANISH", "VERSION", "Repaired", "may_need_repair", "needs_repair", "repair", "repair_column"]

VERSION = 3

_ANYTHING_TO_DO: Final = rf"[^\n -~{DANISH}]|[^ \n]  | \n|\n\n\n|\A\n|[ \n]\z|-\n\pL"
"""In the syntax of RE2. A text without a match is as it should be."""
_TO_DO: Final = re2.Set.SearchSet()
"""A set of one pattern: for a short text, half the cost of a search."""
_TO_DO.Add(_ANYTHING_TO_DO)
_TO_DO.Compile()
_FOREIGN: Final = re.compile(f"[^\n -~{DANISH}]")

_LINE_ENDS: Final = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_SPACES: Final = frozenset("\t\x1f\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
_INVISIBLE: Final = frozenset(
    "\x7f\u200b\u200e\u200f\ufeff"
    + "".join(map(chr, [*range(9), *range(0x0E, 0x1C), *range(0x80, 0x85), *range(0x86, 0xA0)]))
    + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070)]))
)
_PLAIN: Final = _LINE_ENDS | _SPACES | _INVISIBLE | {"\xad"}
"""Characters that go and leave nothing to compose."""
_RUN: Final = re.compile("(?<=[^ \n]) {2,}")
_TRAILING: Final = re.compile("(?<! ) ++(?=\n|$)")
_BLANK: Final = re.compile("\n{3,}")
_MAX_PASSES: Final = 6
_MANY_MARKS: Final = 16
"""So many accents on one letter take the standard library time by the square to sort; none in a language."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text, and how many places were changed, by kind."""

    text: str
    encoding: int = 0
    whitespace: int = 0
    hyphens: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was repaired."""
        return bool(self.encoding or self.whitespace or self.hyphens)

    def counts(self) -> dict[str, int]:
        """Return how many of each kind were repaired."""
        return {"encoding": self.encoding, "whitespace": self.whitespace, "hyphens": self.hyphens}


def needs_repair(text: str) -> bool:
    """Say whether ``repair`` might change ``text``: never no where it would, seldom yes where it would not."""
    try:
        return bool(_TO_DO.Match(text.encode()))
    except UnicodeEncodeError:
        return True


def may_need_repair(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Say of each text of a column, without making it a Python string, what ``needs_repair`` says; null of null."""
    return pc.match_substring_regex(texts, _ANYTHING_TO_DO)


def repair(text: str) -> Repaired:
    """Return ``text`` repaired: NFC, Unix line ends, no invisible characters, no mix-up of encodings, words whole."""
    if not needs_repair(text):
        return Repaired(text)
    encoding = whitespace = hyphens = 0
    for _ in range(_MAX_PASSES):
        before = text
        odd = set(_FOREIGN.findall(text))
        # Encodings first: half of a misread "Å" is the control character that also ends a line.
        if odd & STRANGE:
            text, changes = repair_encoding(text)
            encoding += changes
            odd = set(_FOREIGN.findall(text)) if changes else odd
        text, changes = _plain_white_space(text, odd)
        whitespace += changes
        if odd - _PLAIN:
            text = _composed(text, odd)
        text, changes = _tidy(text)
        whitespace += changes
        if "\xad" in odd:
            text, changes = remove_soft(text)
            hyphens += changes
        text, changes = join_divided(text)
        hyphens += changes
        if text == before or not needs_repair(text):
            break
    return Repaired(text, encoding, whitespace, hyphens)


def repair_column(texts: pa.Array | pa.ChunkedArray) -> list[Repaired]:
    """Return each text of a column repaired, in the same order; null as an empty text.

    For many short texts: RE2 reads the column where it lies, and only those with something to do go on to Python.
    """
    asked = may_need_repair(texts).to_pylist()
    return [repair(text) if ask else Repaired(text or "") for text, ask in zip(texts.to_pylist(), asked, strict=True)]


def _plain_white_space(text: str, odd: set[str]) -> tuple[str, int]:
    """Write every line end as ``\\n`` and every blank as a space, and take out what cannot be seen."""
    count = sum(map(text.count, odd & _PLAIN - {"\xad"}))
    text = text.replace("\r\n", "\n")
    for characters, by in ((_LINE_ENDS, "\n"), (_INVISIBLE, ""), (_SPACES, " ")):
        for character in odd & characters:
            text = text.replace(character, by)
    return text, count


def _composed(text: str, odd: set[str]) -> str:
    """Return ``text`` in NFC, in linear time: long runs of accents are put in their order first."""
    marks = "".join(sorted(c for c in odd if unicodedata.combining(c)))
    if marks:
        text = re.sub(f"[{re.escape(marks)}]{{{_MANY_MARKS},}}", _in_order, text)
    return unicodedata.normalize("NFC", text)


def _in_order(match: re.Match[str]) -> str:
    marks = [part for mark in match[0] for part in unicodedata.normalize("NFD", mark)]
    return "".join(sorted(marks, key=unicodedata.combining))


def _tidy(text: str) -> tuple[str, int]:
    """Bring runs of spaces and of blank lines down to one, and take spaces from line ends."""
    count = 0
    if "  " in text:
        text, changes = _RUN.subn(" ", text)
        count += changes
    if " \n" in text or text.endswith(" "):
        text, changes = _TRAILING.subn("", text)
        count += changes
    if "\n\n\n" in text:
        text, changes = _BLANK.subn("\n\n", text)
        count += changes
    bare = text.rstrip("\n ").lstrip("\n")
    return bare, count + (bare != text)
