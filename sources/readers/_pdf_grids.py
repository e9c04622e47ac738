"""Tables that a PDF page draws with lines: the words of each cell, and from them a line for each row."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING, Final

from sources.readers._blocks import LONG_CELL, row_text
from sources.readers._hyphens import joined
from sources.readers._pdf_lines import Stretch, rows, stretches

if TYPE_CHECKING:
    from sources.readers._pdf_rules import Grid
    from sources.readers._pdf_words import Word

NUMERIC: Final = re.compile(r"[-–—+±(~*]*(?:\d[\d.,: ]*(?:pct\.|[%)*]|kr\.|[⁰¹²³⁴⁵⁶⁷⁸⁹])*|[-–—.…])[\s*)]*")
"""What a cell of figures holds: such a cell is never wrapped."""
_MIDDLE: Final = 0.3
"""Of the font size: how far over the base line the middle of a letter lies."""
_LEVEL: Final = 3.0
"""Points within which lines of neighbouring cells share their base line."""
_CLEARLY: Final = 0.9
"""Of the distance to the line above: a line that is so close below is nearer."""


@dataclass(slots=True)
class _Cell:
    number: int
    words: list[Word]
    lines: list[Stretch]

    @property
    def length(self) -> int:
        return sum(len(line.text) for line in self.lines)


def take_tables(words: list[Word], grids: list[Grid]) -> tuple[list[Word], list[Stretch]]:
    """Return the words that stand in no table, and the rows of the tables, each one as a stretch.

    A frame around a text, a row of one cell, and a row with as much in a cell as a page of prose are only laid out
    as tables: their words are returned.
    """
    found: list[Stretch] = []
    taken: set[int] = set()
    for grid in grids:
        table = _rows_of(grid, words)
        if not any(len(cells) > 1 for cells in table.values()):
            continue
        begins = True
        for number, cells in sorted(table.items()):
            alone = len(set(grid.fields[number])) == 1
            if alone or max(cell.length for cell in cells) > LONG_CELL:
                begins = True
                continue
            found += _stretches(grid, number, cells, begins=begins)
            taken.update(id(word) for cell in cells for word in cell.words)
            begins = False
    return [word for word in words if id(word) not in taken], found


def _rows_of(grid: Grid, words: list[Word]) -> dict[int, list[_Cell]]:
    """Return the cells that hold words, by the row in which they begin."""
    inside: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        number = grid.cell((word.x0 + word.x1) / 2, word.y + _MIDDLE * word.size)
        if number is not None:
            inside[number].append(word)
    columns = len(grid.xs) - 1
    table: dict[int, list[_Cell]] = defaultdict(list)
    for number, held in sorted(inside.items()):
        lines = [piece for line in rows(stretches(held)) for piece in line]
        if lines:
            table[number // columns].append(_Cell(number, held, lines))
    return table


def _stretches(grid: Grid, number: int, cells: list[_Cell], *, begins: bool) -> list[Stretch]:
    """Return a row as drawn, as one stretch, or as several where its figures stand one below the other."""
    levels = _levels(cells)
    texts: list[dict[int, str]] = [{} for _ in levels]
    for cell in cells:
        for line, place in zip(cell.lines, _places(levels, cell.lines), strict=True):
            held = texts[place]
            held[cell.number] = joined(held.get(cell.number, ""), line.text)
    fields = list(dict.fromkeys(field for field in grid.fields[number] if field // len(grid.fields[number]) == number))
    every = list(chain.from_iterable(cell.lines for cell in cells))
    found: list[Stretch] = []
    for level, held in zip(levels, texts, strict=True):
        if held:
            found.append(
                Stretch(
                    text=row_text([held.get(field, "") for field in fields]),
                    x0=grid.xs[0],
                    x1=grid.xs[-1],
                    y=level,
                    size=median(line.size for line in every),
                    bold=all(line.bold for line in every),
                    first_word=grid.xs[-1] - grid.xs[0],
                    row=1 if begins and not found else 2,
                )
            )
    return found


def _levels(cells: list[_Cell]) -> list[float]:
    """Return the base lines of the rows in a row as drawn: of the figures, where a cell holds several."""
    figures = [cell.lines for cell in cells if all(NUMERIC.fullmatch(line.text) for line in cell.lines)]
    most = max(figures, key=len, default=[])
    if len(most) < 2:
        return [max(line.y for cell in cells for line in cell.lines)]
    return [line.y for line in most]


def _places(levels: list[float], lines: list[Stretch]) -> list[int]:
    """Return to which of the rows each line of a cell belongs: to the figures beside it, else as the nearest line does.

    So a name of two lines goes with its figures whether they stand beside its first line or its last.
    """
    beside = [
        next((number for number, level in enumerate(levels) if abs(level - line.y) < _LEVEL), None) for line in lines
    ]
    found: list[int] = []
    for number, line in enumerate(lines):
        own = beside[number]
        if own is None:
            above = lines[number - 1].y - line.y if number else float("inf")
            below = line.y - lines[number + 1].y if number + 1 < len(lines) else float("inf")
            next_ = beside[number + 1] if below < _CLEARLY * above else None
            own = next_ if next_ is not None else found[-1] if found else 0
        found.append(own)
    return found
