"""One text of an ADL volume while it is rendered, and the documents it is cut into.

A :class:`Text` keeps its rendered pieces in a flat list with marks where a headed division begins and where a
page does, so that it can be cut without being rendered again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from sources._adl.tei_lines import BLOCK, LB, LINE, PB, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

WORK_CHARACTERS: Final = 200_000
"""A longer text is cut at its highest divisions with a head."""

_LEAD_CHARACTERS = 2_000
_VERSE_LINE = 75
NO_TEXT: Final = " \t\r\n" + BLOCK + LB + LINE + PB


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a division begins in a text: how deep, at which piece, on which page, under which head."""

    depth: int
    at: int
    page: str | None
    head: str


@dataclass(slots=True, eq=False)
class Text:
    """One text of a volume: a declared work, or a part that stands for itself."""

    element: Element
    declared: str | None
    parent: Text | None
    page: str | None
    out: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    pages: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    holds_works: bool = False
    every_division: bool = False
    drama: int = 0
    length: int = 0
    written: tuple[int, int] | None = None
    appeared: int | None = None

    def settle(self) -> None:
        """Measure what was rendered, and take the page it begins on for the text's own."""
        self.length = sum(map(len, self.out))
        first = next((at for at, piece in enumerate(self.out) if piece.strip(NO_TEXT)), None)
        if first is not None:
            self.page = self.page_at(first)

    def page_at(self, at: int) -> str | None:
        """Return the page that a rendered piece stands on."""
        before = bisect_right(self.pages, at, key=itemgetter(0))
        return self.pages[before - 1][1] if before else self.page

    def form(self, body: str) -> str:
        """Return ``drama``, ``verse`` or ``prose``: what more than half of the characters of ``body`` are.

        Drama is a matter of the whole text's markup; verse, of blocks of two lines or more that are short.
        """
        if 2 * self.drama > self.length:
            return "drama"
        blocks = (block for block in body.split("\n\n") if len(block) < _VERSE_LINE * (block.count("\n") + 1))
        return "verse" if 2 * sum(len(block) for block in blocks if "\n" in block) > len(body) else "prose"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that becomes one document."""

    text: str
    form: str
    heads: tuple[str, ...]
    page: str | None
    """The page that names it: the one its division begins on."""
    pages: tuple[str | None, str | None]
    """The first and the last page that what was kept stands on."""


@dataclass(frozen=True, slots=True)
class _Range:
    start: int
    end: int
    heads: tuple[str, ...]
    page: str | None


def pieces(text: Text) -> Iterator[Piece]:
    """Cut a text where it must be cut and yield what becomes documents, in order; empty ones are left away.

    A text is cut at its top divisions if it stands for a whole volume, and wherever it is over 200,000 characters
    at its highest divisions with a head. Divisions that begin on one page stay together in the second case.
    """
    whole = _Range(0, len(text.out), (), text.page)
    ranges = _cut(text, whole, 1, merge=False) if text.every_division else [whole]
    for part in ranges:
        yield from _bounded(text, part)


def _bounded(text: Text, part: _Range) -> Iterator[Piece]:
    if _is_long(text, part):
        inner = {mark.depth for mark in text.marks if part.start < mark.at < part.end and mark.head}
        for depth in sorted(inner):
            ranges = _cut(text, part, depth, merge=True)
            if len(ranges) > 1:
                for smaller in ranges:
                    yield from _bounded(text, smaller)
                return
    body = finish(text.out[part.start : part.end])
    if body:
        yield _piece(text, part, body)


def _is_long(text: Text, part: _Range) -> bool:
    """Say whether a range renders to more than 200,000 characters; it is rendered only where that is close."""
    raw = sum(map(len, text.out[part.start : part.end]))
    if not WORK_CHARACTERS / 2 < raw < WORK_CHARACTERS * 2:
        return raw > WORK_CHARACTERS
    return len(finish(text.out[part.start : part.end])) > WORK_CHARACTERS


def _cut(text: Text, part: _Range, depth: int, *, merge: bool) -> list[_Range]:
    """Cut a range before its marks of one depth.

    What precedes the first mark goes with it, unless it is over 2,000 characters and begins on another page. With
    ``merge``, a mark on the page that the range before it is named by does not cut, nor one without a head.
    """
    marks = [mark for mark in text.marks if part.start <= mark.at < part.end and mark.depth == depth]
    found: list[_Range] = []
    start, heads, page = part.start, part.heads, part.page
    for number, mark in enumerate(marks):
        if merge and not mark.head:
            continue
        own = (*part.heads, mark.head) if mark.head and mark.head not in part.heads[-1:] else part.heads
        lead = number == 0 and _length(text, start, mark.at) < _LEAD_CHARACTERS
        if lead or (number == 0 and mark.page == page):
            heads = own
            continue
        if merge and mark.page == page:
            continue
        found.append(_Range(start, mark.at, heads, page))
        start, heads, page = mark.at, own, mark.page
    return [*found, _Range(start, part.end, heads, page)]


def _length(text: Text, start: int, end: int) -> int:
    return len(" ".join("".join(text.out[start:end]).split()))


def _piece(text: Text, part: _Range, body: str) -> Piece:
    position = itemgetter(0)
    from_note, to_note = (bisect_left(text.notes, at, key=position) for at in (part.start, part.end))
    notes = [note for _, note in text.notes[from_note : to_note if part.end < len(text.out) else None]]
    inside = range(part.start, part.end)
    first = next(at for at in inside if text.out[at].strip(NO_TEXT))
    last = next(at for at in reversed(inside) if text.out[at].strip(NO_TEXT))
    pages = text.page_at(first), text.page_at(last)
    return Piece("\n\n".join([body, *notes]), text.form(body), part.heads, part.page, pages)
