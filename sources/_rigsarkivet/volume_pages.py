"""Where the pages of a bound volume begin, and where a long stretch of text may be cut.

Pages part at form feeds; in a text without them, at lines that hold nothing but a number, if those count upwards. A
printed page number is believed when the page before or after it fits.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_NUMBER_LINE: Final = re.compile(r"\n[ \t]*[-—–]?[ \t]?(\d{1,5})[ \t]?[-—–]?[ \t]*(?=[\n\r]|\Z)")
_EDGE_NUMBER: Final = re.compile(r"(?:^|\s)(\d{1,5})[.]?$|^(\d{1,5})(?=\s|[.]?$)")
_STEP: Final = 4
"""How far the numbers of two pages in a row may be apart: columns are numbered too, and pages are missing."""
_MEAN_PAGE: Final = (600, 20_000)
"""Characters of a page, at least and at most, for lone numbers to be page numbers."""
_SENTENCE: Final = re.compile(r"[.!?:;]\s")

PAGES_IN_A_RUN: Final = 40
RUN_CHARACTERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it begins, its place among the pages of the volume (from 1), and the number printed on it."""

    start: int
    leaf: int
    number: int | None


def pages(text: str) -> list[Page]:
    """Return the pages of ``text`` in order; none where nothing tells them apart."""
    if "\f" in text:
        starts = [0, *(match.end() for match in re.finditer("\f", text))]
        ends = [*starts[1:], len(text)]
        numbers = [_printed(text, start, end) for start, end in zip(starts, ends, strict=True)]
        believed = _believed(numbers)
        return [Page(start, leaf, number) for leaf, (start, number) in enumerate(zip(starts, believed, strict=True), 1)]
    lone = _counting([(match.start(), int(match[1])) for match in _NUMBER_LINE.finditer(f"\n{text}")])
    if len(lone) < 3 or not _MEAN_PAGE[0] <= len(text) / len(lone) <= _MEAN_PAGE[1]:
        return []
    return [Page(start, leaf, number) for leaf, (start, number) in enumerate(lone, 1)]


def _printed(text: str, start: int, end: int) -> tuple[int, ...]:
    """Return the numbers at the outer ends of a page's first and last line."""
    page = text[start : min(end, start + 400)].strip(), text[max(start, end - 400) : end].strip()
    lines = page[0].split("\n", 1)[0].strip(), page[1].rsplit("\n", 1)[-1].strip()
    found = (match[1] or match[2] for line in lines for match in _EDGE_NUMBER.finditer(line[:200]))
    return tuple(int(number) for number in found)


def _believed(numbers: list[tuple[int, ...]]) -> list[int | None]:
    """Return the lowest number of each page that fits a number of a page beside it."""
    believed: list[int | None] = []
    for position, own in enumerate(numbers):
        before = numbers[position - 1] if position else ()
        after = numbers[position + 1] if position + 1 < len(numbers) else ()
        fits = [n for n in own if any(0 < n - b <= _STEP for b in before) or any(0 < a - n <= _STEP for a in after)]
        believed.append(min(fits, default=None))
    return believed


def _counting(numbers: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of the lone numbers that count upwards in small steps: a stray one does not break the row."""
    best: list[tuple[int, int]] = []
    run: list[tuple[int, int]] = []
    strays = 0
    for start, number in numbers:
        if run and 0 < number - run[-1][1] <= _STEP:
            run.append((start, number))
            strays = 0
        elif run and strays < 3:
            strays += 1
        else:
            best, run, strays = max(best, run, key=len), [(start, number)], 0
    return max(best, run, key=len)


def _start(page: Page) -> int:
    return page.start


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a volume: its characters, its name among its brothers, and the printed pages it holds.

    A name is ``s`` and the first printed page, ``b`` and the place of the first leaf, or, where there are no pages,
    nothing: then only its text can name it.
    """

    start: int
    end: int
    name: str | None
    pages: str | None


def runs(text: str, start: int, end: int, leaves: list[Page]) -> list[Run]:
    """Cut the characters ``start`` to ``end`` into runs of pages, else at paragraphs; about equally long."""
    inner = leaves[bisect_right(leaves, start, key=_start) : bisect_left(leaves, end, key=_start)]
    opening = leaves[bisect_right(leaves, start, key=_start) - 1] if leaves and leaves[0].start <= start else None
    if not inner:
        return [Run(low, high, None, None) for low, high in _paragraph_cuts(text, start, end)]
    first = opening or Page(start, 0, None)
    groups = _grouped([Page(start, first.leaf, first.number), *inner], end)
    printed = [next((page.number for page in group if page.number is not None), -1) for group in groups]
    counted = printed[0] >= 0 and all(one < other for one, other in pairwise(printed))
    names = [f"s{n:04d}" if counted else f"b{g[0].leaf:04d}" for n, g in zip(printed, groups, strict=True)]
    stops = [*(group[0].start for group in groups[1:]), end]
    return [Run(g[0].start, s, n, page_range(g)) for g, s, n in zip(groups, stops, names, strict=True)]


def page_range(leaves: list[Page]) -> str | None:
    """Return the printed pages as "120-159"; nothing where the first or the last is not known."""
    first, last = (leaves[0].number, leaves[-1].number) if leaves else (None, None)
    if first is None or last is None or last < first:
        return None
    return str(first) if first == last else f"{first}-{last}"


def pages_between(start: int, end: int, leaves: list[Page]) -> str | None:
    """Return the printed pages that the characters ``start`` to ``end`` stand on."""
    low = max(0, bisect_right(leaves, start, key=_start) - 1)
    return page_range(leaves[low : bisect_left(leaves, end, key=_start)])


def _grouped(leaves: list[Page], end: int) -> list[list[Page]]:
    """Put pages together until a run has its forty pages or its characters; runs come out about equally long."""
    wanted = max(-(-len(leaves) // PAGES_IN_A_RUN), -(-(end - leaves[0].start) // RUN_CHARACTERS))
    limit, most = (end - leaves[0].start) / wanted, -(-len(leaves) // wanted)
    groups: list[list[Page]] = [[leaves[0]]]
    for page, stop in zip(leaves[1:], [*(p.start for p in leaves[2:]), end], strict=True):
        group = groups[-1]
        if len(group) >= most or stop - group[0].start > min(RUN_CHARACTERS, limit * 1.2):
            groups.append([page])
        else:
            group.append(page)
    return groups


def _paragraph_cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut into about equal stretches of at most 200,000 characters: at a paragraph, else a line, a sentence, a word."""
    while end - start > RUN_CHARACTERS:
        pieces = -(-(end - start) // RUN_CHARACTERS)
        aim = start + (end - start) // pieces
        cut = _cut(text, start + (aim - start) * 3 // 4, aim)
        yield start, cut
        start = cut
    yield start, end


def _cut(text: str, low: int, high: int) -> int:
    for mark in ("\n\n", "\n"):
        if (found := text.rfind(mark, low, high)) > 0:
            return found + len(mark)
    ends = [match.end() for match in _SENTENCE.finditer(text, low, high)]
    if ends:
        return ends[-1]
    found = text.rfind(" ", low, high)
    return found + 1 if found > 0 else high
