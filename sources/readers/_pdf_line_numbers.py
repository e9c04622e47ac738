"""The numbers of lines that some bills and reports print in the margin: every fifth line, every tenth."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sources.readers._pdf_lines import Stretch
    from sources.readers._pdf_pages import Page

_LEAST: Final = 3
"""Numbers on a page."""
_MOST_DIGITS: Final = 4
_STEPS: Final = frozenset([2, 4, 5, 10])
_OUTSIDE: Final = 0.9
"""Of the other text of the page, how much lies on the other side."""
_LEVEL: Final = 3.0
"""Points: within one line."""


def take_line_numbers(pages: list[Page]) -> int:
    """Take the numbers of lines off ``pages``; return how many characters they were."""
    taken = 0
    for page in pages:
        numbers = {id(piece) for piece in _line_numbers(page)}
        taken += sum(len(piece.text) for piece in page.pieces if id(piece) in numbers)
        page.pieces = [piece for piece in page.pieces if id(piece) not in numbers]
    return taken


def _line_numbers(page: Page) -> list[Stretch]:
    """Return the figures in a margin that go up by one step, with as many lines of text between two of them.

    The first column of a table of years is no such thing: there is no line between two of its figures.
    """
    figures = [piece for piece in page.pieces if piece.text.isdecimal() and len(piece.text) <= _MOST_DIGITS]
    if len(figures) < _LEAST:
        return []
    own = {id(piece) for piece in figures}
    others = [piece for piece in page.pieces if id(piece) not in own]
    left, right = sorted(piece.x0 for piece in others), sorted(piece.x1 for piece in others)
    levels = _levels(others)
    for outside in (
        [piece for piece in figures if len(left) - bisect_left(left, piece.x1) >= _OUTSIDE * len(left)],
        [piece for piece in figures if bisect_left(right, piece.x0) >= _OUTSIDE * len(right)],
    ):
        for group in _in_line(outside):
            if others and len(group) >= _LEAST and _count_lines(group, levels):
                return group
    return []


def _levels(pieces: list[Stretch]) -> list[float]:
    """Return the heights of the lines, from the bottom up."""
    levels: list[float] = []
    for y in sorted(piece.y for piece in pieces):
        if not levels or y - levels[-1] > _LEVEL:
            levels.append(y)
    return levels


def _in_line(figures: list[Stretch]) -> list[list[Stretch]]:
    """Return figures that end below one another, from the top down."""
    groups: list[list[Stretch]] = []
    for piece in sorted(figures, key=lambda piece: piece.x1):
        if groups and piece.x1 - groups[-1][0].x1 < _LEVEL:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [sorted(group, key=lambda piece: -piece.y) for group in groups]


def _count_lines(group: list[Stretch], levels: list[float]) -> bool:
    steps = {int(below.text) - int(above.text) for above, below in pairwise(group)}
    if len(steps) != 1 or not steps <= _STEPS:
        return False
    (step,) = steps
    places = [bisect_left(levels, piece.y - _LEVEL) for piece in group]
    return all(abs(above - below - step) <= 1 for above, below in pairwise(places))
