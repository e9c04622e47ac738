"""Running heads, running feet and page numbers: what stands at the edges of page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal

from sources.readers._pdf_line_numbers import take_line_numbers
from sources.readers._pdf_lines import Stretch

if TYPE_CHECKING:
    from sources.readers._pdf_pages import Page

Edge = Literal["head", "foot"]

_DEEPEST: Final = 4
"""Rows looked at from either edge."""
_MARGIN: Final = 0.16
"""Of the page's height: no running head or foot lies further in."""
_LEVEL: Final = 8.0
"""Points within which repeated rows lie at the same height."""
_GAP: Final = 1.6
"""Of the font size: the least distance from the base line of a running head to that of the text, at the same size."""
_SIZE: Final = 0.07
_ALONE: Final = 2
_LETTERS: Final = 3
_SHARE: Final = 0.6
_DIGITS: Final = re.compile(r"\d{1,9}", re.ASCII)
_FIRST_NUMBER: Final = re.compile(r"^\d{1,4}(?!\d)[\s–—-]*", re.ASCII)
_LAST_NUMBER: Final = re.compile(r"[\s–—-]*(?<!\d)\d{1,4}$", re.ASCII)
"""The number of a page, which stands at the outer end of heads on left and on right pages."""
_ROMAN: Final = re.compile(r"[ivxlc]{1,7}")
_PAGE_NUMBER: Final = re.compile(
    r"(?:(?:side|s\.|page|p\.)\s*)?[-–—]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—]?(?:\s*(?:/|af|ud af|of)\s*\d{1,4})?\.?",
    re.IGNORECASE | re.ASCII,
)
_SAYS_PAGE: Final = re.compile(
    r"(?:side|page)\s*\d{1,4}(?:\s*(?:/|af|ud af|of)\s*\d{1,4})?|\d{1,4}\s*(?:/|af|of)\s*\d{1,4}", re.I
)


@dataclass(slots=True)
class _Row:
    page: int
    edge: Edge
    pieces: list[Stretch]
    text: str
    height: float


def take_margins(pages: list[Page]) -> Counter[str]:
    """Take running heads, feet, numbers of pages and of lines off ``pages``; return how many characters each were."""
    numbers = take_line_numbers(pages)
    edges = [(page, _edge_rows(page, edge)) for page in pages for edge in _EDGES]
    running = _running([row for _, found in edges for row in found], len(pages))
    taken: Counter[str] = Counter({"line_number": numbers} if numbers else {})
    gone: set[int] = set()
    for page, found in edges:
        outer = list(takewhile(lambda row: id(row) in running, found))
        if outer and _stands_apart(outer, page):
            for row in outer:
                taken[running[id(row)]] += sum(len(piece.text) for piece in row.pieces)
                gone.update(map(id, row.pieces))
    for page in pages:
        page.pieces = [piece for piece in page.pieces if id(piece) not in gone]
    return taken


_EDGES: Final[tuple[Edge, Edge]] = ("head", "foot")


def _edge_rows(page: Page, edge: Edge) -> list[_Row]:
    """Return the outermost rows of a page, the outermost first, that lie in its margin."""
    margin = _MARGIN * max(page.top - page.bottom, 1.0)
    if edge == "head":
        near = [piece for piece in page.pieces if page.top - piece.y < margin]
    else:
        near = [piece for piece in page.pieces if piece.y - page.bottom < margin]
    found: list[list[Stretch]] = []
    for piece in sorted(near, key=lambda piece: piece.y, reverse=edge == "head"):
        if found and abs(found[-1][0].y - piece.y) < 0.3 * piece.size:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [_row(page, edge, pieces) for pieces in found[:_DEEPEST]]


def _row(page: Page, edge: Edge, pieces: list[Stretch]) -> _Row:
    pieces.sort(key=lambda piece: piece.x0)
    text = " ".join(piece.text for piece in pieces).lower()
    return _Row(page.number, edge, pieces, text, pieces[0].y - page.bottom)


def _stands_apart(outer: list[_Row], page: Page) -> bool:
    """Say whether a gap or another size parts the running rows from the text: else they are text that recurs.

    On a page with nothing else, a row or two may be running.
    """
    taken = {id(piece) for row in outer for piece in row.pieces}
    rest = [piece for piece in page.pieces if id(piece) not in taken]
    if not rest:
        return len(outer) <= _ALONE
    last = outer[-1].pieces[0]
    text = min(rest, key=lambda piece: abs(piece.y - last.y))
    return abs(last.y - text.y) > _GAP * max(last.size, text.size) or abs(last.size - text.size) > _SIZE * text.size


def _running(rows_: list[_Row], pages: int) -> dict[int, str]:
    """Return the kind of each row (by identity) that runs through the document."""
    found: dict[int, str] = {}
    groups: dict[tuple[Edge, str], list[_Row]] = defaultdict(list)
    for row in rows_:
        for key in {_DIGITS.sub("#", row.text), _FIRST_NUMBER.sub("", row.text), _LAST_NUMBER.sub("", row.text)}:
            groups[row.edge, key].append(row)
    for (edge, key), group in groups.items():
        letters = sum(letter.isalpha() for letter in key)
        if letters >= _LETTERS or (letters and len({row.text for row in group}) == 1 and len(group[0].text) > _LETTERS):
            found.update((id(row), edge) for row in _repeated(group, pages))
    numbers: dict[Edge, list[tuple[_Row, int]]] = {"head": [], "foot": []}
    for row in rows_:
        if (number := _number(row.text)) is not None:
            numbers[row.edge].append((row, number))
    for numbered in numbers.values():
        found.update((id(row), "page_number") for row in _counting(numbered, pages))
    return found


def _repeated(group: list[_Row], pages: int) -> list[_Row]:
    """Return the rows that say the same at the same height on enough pages; figures may count the pages."""
    levels: Counter[int] = Counter()
    for row in group:
        levels.update({round(row.height / _LEVEL) + step for step in (0, 1)})
    level, _ = max(levels.items(), key=lambda item: (item[1], -item[0]))
    same = [row for row in group if round(row.height / _LEVEL) in (level, level - 1)]
    needed = 2 if pages <= 3 else 3
    if len({row.page for row in same}) < needed:
        return []
    constant = max(Counter(tuple(_DIGITS.findall(row.text)) for row in same).values())
    return same if max(constant, _counting_pages(same)) >= _SHARE * len(same) else []


def _counting_pages(same: list[_Row]) -> int:
    """Return how many rows hold, first or last in them, a number that goes up with the pages."""
    steps: Counter[int] = Counter()
    for row in same:
        digits = _DIGITS.findall(row.text)
        steps.update({int(number) - row.page for number in (digits[0], digits[-1])} if digits else ())
    return max(steps.values(), default=0)


def _number(text: str) -> int | None:
    match = _PAGE_NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    return int(match[1]) if match[1].isdecimal() else _roman(match[1].lower())


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text]
    return sum(-a if b > a else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _counting(numbered: list[tuple[_Row, int]], pages: int) -> list[_Row]:
    """Return the rows whose numbers go up with the pages; alone, one that says it is a page's number."""
    offsets = Counter(number - row.page for row, number in numbered)
    if pages == 1:
        return [row for row, number in numbered if number == 1 or _SAYS_PAGE.fullmatch(row.text.strip())]
    good = {offset for offset, count in offsets.items() if count >= max(2, min(4, pages // 2))}
    return [row for row, number in numbered if number - row.page in good or _SAYS_PAGE.fullmatch(row.text.strip())]
