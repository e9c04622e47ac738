"""From the rows of a PDF page to the lines of its text: list items, rows of tables, and all others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise, starmap
from typing import TYPE_CHECKING, Final

from sources.readers._hyphens import joined
from sources.readers._pdf_heads import heads_joined
from sources.readers._pdf_lines import Stretch, rows

if TYPE_CHECKING:
    from sources.readers._pdf_columns import Zone

_LEVEL: Final = 4.0
"""Points within which edges of cells stand in one line."""
_ROW_STEP: Final = 1.3
"""How many times the distance of lines that of rows is at least, where it tells one from the other."""
_LOW_SHARE: Final = 0.4
_LINES_APART: Final = 8
_FAR: Final = 4.5
"""Of the font size: rows of one table stand closer."""
_LABEL: Final = re.compile(
    r"[•▪◦‣·–—*-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zæøå]|[ivx]{1,5}|[A-Z])[.):]|"
    r"\d{1,2}(?:\.\d{1,2}){1,4}|§ ?\d+\w?\.?"
)
"""What stands before an item of a list."""
LIST_ITEM: Final = re.compile(
    r"[•▪◦‣–—*✓→] |- (?=\S)|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zæøå]|[ivx]{1,5})[.)] (?=\S)|"
    r"[»”“\"]?(?:§ ?\d+ ?\w?\. |(?:Stk|Nr)\. ?\d+\.)"
)
"""How a line begins that is an item of a list, or a paragraph or number of an act."""


@dataclass(slots=True)
class Line:
    """One line as it is read, with its place in points. ``kind`` is "text", "item" or "row" (of a table)."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    first_word: float
    kind: str
    hang: float
    """Where the text begins after the label of an item; else ``x0``."""
    begins: bool = False
    """Whether this is the first row of a table."""


def lines(zone: Zone) -> list[Line]:
    """Return the lines of a zone from the top down; what several cells hold is parted by " | "."""
    found: list[Line] = []
    for drawn, group in groupby(rows(zone), key=lambda row: row[0].row > 0):
        part = list(group)
        found += map(_drawn_row, part) if drawn else _undrawn(part)
    return found


def _drawn_row(row: list[Stretch]) -> Line:
    line = _line(row, row[0].text, "row", row[0].x0)
    line.begins = row[0].row == 1
    return line


def _undrawn(every: list[list[Stretch]]) -> list[Line]:
    """Return the lines of rows between which no lines of a table are drawn."""
    every = heads_joined(every)
    found: list[Line] = []
    tables = _tables(every)
    for number, row in enumerate(every):
        table = next((table for table in tables if number in table), None)
        if table is None:
            found.append(_plain(row))
        elif number == table.start:
            found += _table_lines(every[table.start : table.stop])
    return found


def _table_lines(table: list[list[Stretch]]) -> list[Line]:
    tight = _tight_step(table)
    above = list(table[0])
    found = [_table_row(above)]
    found[0].begins = True
    for upper, row in pairwise(table):
        if _goes_on(above, row, upper[0].y - row[0].y, tight):
            above = _cells_joined(above, row)
            found[-1].text, found[-1].y = _table_row(above).text, row[0].y
        else:
            above = list(row)
            found.append(_table_row(above))
    return found


def _tight_step(table: list[list[Stretch]]) -> float | None:
    """Return up to what distance, in points, lines are those of one cell; nothing where the distance does not tell.

    It tells where some stand further apart than others, and many of the close ones begin in lower case.
    """
    steps = [upper[0].y - row[0].y for upper, row in pairwise(table)]
    if not steps or max(steps) < _ROW_STEP * min(steps):
        return None
    tight = min(steps) * (1 + _ROW_STEP) / 2
    cells = [cell for step, row in zip(steps, table[1:], strict=True) if step < tight for cell in row]
    low = sum(cell.text[0].islower() for cell in cells)
    return tight if low >= _LOW_SHARE * len(cells) else None


def _labelled(row: list[Stretch]) -> bool:
    return len(row) > 1 and _LABEL.fullmatch(row[0].text) is not None


def _tables(every: list[list[Stretch]]) -> list[range]:
    """Return the ranges of rows that are tables: cells of neighbours stand in line."""
    cells = [row[1:] if _labelled(row) else row for row in every]
    found: set[int] = set()
    for number, (here, next_) in enumerate(pairwise(cells)):
        if len(here) > 1 and len(next_) > 1 and _in_line(here, next_) and _near(here, next_):
            found |= {number, number + 1}
    found |= _apart(cells)
    for number in sorted(found):  # lines that go on in some cells only
        below = number + 1
        while (
            below < len(every)
            and below not in found
            and _near(every[below - 1], every[below])
            and _stands_below(every[number], every[below])
        ):
            found.add(below)
            below += 1
    tables: list[range] = []
    for number in sorted(found):
        if tables and tables[-1].stop == number and _near(every[number - 1], every[number]):
            tables[-1] = range(tables[-1].start, number + 1)
        else:
            tables.append(range(number, number + 1))
    return tables


def _apart(cells: list[list[Stretch]]) -> set[int]:
    """Return the rows of tables whose rows of several cells are parted by lines that go on in one cell alone."""
    found: set[int] = set()
    several = [number for number, row in enumerate(cells) if len(row) > 1]
    for start, end in pairwise(several):
        if not 1 < end - start <= _LINES_APART or not _in_line(cells[start], cells[end]):
            continue
        between = cells[start + 1 : end]
        if all(_fits(cells[start], row) for row in between) and all(starmap(_near, pairwise(cells[start : end + 1]))):
            found.update(range(start, end + 1))
    return found


def _fits(above: list[Stretch], row: list[Stretch]) -> bool:
    """Say whether each piece of ``row`` begins where a cell above it does and ends before the next one begins."""
    for piece in row:
        here = [cell.x0 for cell in above if abs(cell.x0 - piece.x0) < _LEVEL]
        beyond = [cell.x0 for cell in above if cell.x0 > piece.x0 + _LEVEL]
        if not here or (beyond and piece.x1 > min(beyond)):
            return False
    return True


def _near(upper: list[Stretch], row: list[Stretch]) -> bool:
    return min(cell.y for cell in upper) - row[0].y < _FAR * row[0].size


def _in_line(here: list[Stretch], there: list[Stretch]) -> bool:
    """Say whether a cell but the first begins, ends or has its middle where one of the other row does."""
    return any(
        abs(a.x0 - b.x0) < _LEVEL or abs(a.x1 - b.x1) < _LEVEL or abs(a.x0 + a.x1 - b.x0 - b.x1) < _LEVEL
        for a in here[1:]
        for b in there[1:]
    )


def _stands_below(above: list[Stretch], row: list[Stretch]) -> bool:
    """Say whether each piece of ``row`` begins where a cell above it does, and not all in the first."""
    first = above[0].x0
    beyond = any(abs(cell.x0 - first) >= _LEVEL for cell in row) or row[0].text[0].islower()
    return beyond and all(any(abs(cell.x0 - upper.x0) < _LEVEL for upper in above) for cell in row)


def _goes_on(above: list[Stretch], row: list[Stretch], step: float, tight: float | None) -> bool:
    """Say whether ``row`` holds further lines of the cells ``above`` it.

    Where rows stand further apart than the lines of a cell, the distance tells; else no cell may begin anew.
    """
    if len(above) == 1 < len(row) and _label_goes_on(above[0], row[0]):
        return step < 1.6 * row[0].size
    if (len(above) < 2 and tight is None) or not all(
        any(abs(cell.x0 - upper.x0) < _LEVEL for upper in above) for cell in row
    ):
        return False
    if tight is not None:
        return step < tight
    return step < 1.6 * row[0].size and all(cell.text[0].islower() for cell in row)


def _label_goes_on(label: Stretch, first: Stretch) -> bool:
    """Say whether ``first`` is the last line of a label whose figures stand at its foot."""
    return abs(label.x0 - first.x0) < _LEVEL and (first.text[0].islower() or label.text.endswith("-"))


def _cells_joined(above: list[Stretch], row: list[Stretch]) -> list[Stretch]:
    cells = list(above)
    if len(cells) == 1 < len(row):
        cells, row = [*cells, *row[1:]], row[:1]
    for cell in row:
        place = min(range(len(cells)), key=lambda number: abs(cells[number].x0 - cell.x0))
        upper = cells[place]
        text = joined(upper.text, cell.text)
        cells[place] = Stretch(text, upper.x0, max(upper.x1, cell.x1), cell.y, upper.size, upper.bold, upper.first_word)
    return cells


def _table_row(row: list[Stretch]) -> Line:
    if _labelled(row):
        label, first, *others = row
        texts = [f"{label.text} {first.text}", *(cell.text for cell in others)]
    else:
        texts = [cell.text for cell in row]
    return _line(row, " | ".join(texts).replace("… | ", "… "), "row", row[0].x0)


def _plain(row: list[Stretch]) -> Line:
    text = " ".join(piece.text for piece in row)
    if _labelled(row):
        return _line(row, text, "item", row[1].x0)
    if LIST_ITEM.match(text):
        return _line(row, text, "item", row[0].hang or row[0].x0)
    return _line(row, text, "text", row[0].x0)


def _line(row: list[Stretch], text: str, kind: str, hang: float) -> Line:
    first = row[0]
    return Line(
        text=text,
        x0=first.x0,
        x1=row[-1].x1,
        y=first.y,
        size=max(piece.size for piece in row),
        bold=all(piece.bold for piece in row),
        first_word=first.first_word,
        kind=kind,
        hang=hang,
    )
