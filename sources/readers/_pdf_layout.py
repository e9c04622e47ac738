"""The text of a PDF page as it is laid out: a line for each printed line, wide gaps as three spaces or more."""

from __future__ import annotations

import itertools
from statistics import median
from typing import TYPE_CHECKING, Final

from sources.readers._pdf_columns import zones
from sources.readers._pdf_lines import Stretch, rows

if TYPE_CHECKING:
    from sources.readers._pdf_pages import Page

_WIDE_GAP: Final = 3
_MAX_BLANK: Final = 2
_MAX_COLUMN: Final = 250


def laid_out(page: Page) -> str:
    """Return the lines of ``page``, column by column where it has columns, with its indentations and blank lines."""
    return "\n".join(line for zone in zones(page.pieces) for line in _lines(zone)).strip("\n")


def _lines(zone: list[Stretch]) -> list[str]:
    found = rows(zone)
    left = min(piece.x0 for piece in zone)
    letter = _letter_width(zone)
    leading = _leading(found)
    lines: list[str] = []
    above: float | None = None
    for row in found:
        if above is not None:
            lines += [""] * min(_MAX_BLANK, max(0, round((above - row[0].y) / leading) - 1))
        lines.append(_line(row, left, letter))
        above = row[0].y
    return ["", *lines]


def _line(row: list[Stretch], left: float, letter: float) -> str:
    line = ""
    for piece in row:
        column = min(round((piece.x0 - left) / letter), _MAX_COLUMN)
        gap = max(column - len(line), _WIDE_GAP) if line else column
        line += " " * gap + piece.text
    return line


def _letter_width(zone: list[Stretch]) -> float:
    """Return how wide a letter is on average, in points."""
    characters = sum(len(piece.text) for piece in zone)
    return max(sum(piece.x1 - piece.x0 for piece in zone) / max(characters, 1), 0.5)


def _leading(found: list[list[Stretch]]) -> float:
    """Return the usual distance from line to line, in points."""
    steps = [above[0].y - row[0].y for above, row in itertools.pairwise(found)]
    size = median(row[0].size for row in found)
    close = [step for step in steps if 0.8 * size < step < 2.2 * size]
    return max(median(close) if close else 1.2 * size, 1.0)
