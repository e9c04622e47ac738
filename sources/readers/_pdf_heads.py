"""Heads of tables that are set in several lines, above columns of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources.readers._hyphens import joined
from sources.readers._pdf_grids import NUMERIC
from sources.readers._pdf_lines import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = list[Stretch]
Column = tuple[float, float]

_TIGHT: Final = 1.6
"""Of the font size: lines of one head are no further apart."""
_MOST: Final = 8
"""Lines of a head."""
_LEVEL: Final = 4.0
"""Points within which edges of cells stand in one line."""


def heads_joined(every: list[Row]) -> list[Row]:
    """Return rows in which the lines of each table's head are one row."""
    found: list[Row] = []
    for number, row in enumerate(every):
        found.append(row)
        if not _figures(row) or (number and _figures(every[number - 1])):
            continue
        below = next((other for other in every[number + 1 : number + _MOST] if len(other) > 1), [])
        if not _stands_over(row, below):
            continue
        columns = _columns(every, number)
        head = list(_head(found[:-1], row, columns))
        if len(head) > 1:
            found[-1 - len(head) :] = [_joined(head[::-1], columns), row]
    return found


def _figures(row: Row) -> bool:
    """Say whether a row holds nothing but figures beside its first cell."""
    return len(row) > 1 and all(NUMERIC.fullmatch(piece.text) for piece in row[1:])


def _stands_over(row: Row, below: Row) -> bool:
    return any(
        abs(a.x0 - b.x0) < _LEVEL or abs(a.x1 - b.x1) < _LEVEL or abs(a.x0 + a.x1 - b.x0 - b.x1) < _LEVEL
        for a in row[1:]
        for b in below[1:]
    )


def _columns(every: list[Row], number: int) -> list[Column]:
    """Return from where to where the columns reach: those of a row of figures and of the like ones below it."""
    columns = [(piece.x0, piece.x1) for piece in every[number]]
    for row in every[number + 1 :]:
        if len(row) == 1 and row[0].x0 - columns[0][0] < _LEVEL:
            continue  # a name of several lines
        if len(row) != len(columns) or not _figures(row):
            break
        columns = [
            (min(left, piece.x0), max(right, piece.x1)) for (left, right), piece in zip(columns, row, strict=True)
        ]
    return columns


def _head(above: list[Row], first: Row, columns: list[Column]) -> Iterator[Row]:
    """Yield the lines of the head from the lowest up: each of their pieces stands over one column alone."""
    below = first
    for row in above[: -_MOST - 1 : -1]:
        close = row[0].y - below[0].y <= _TIGHT * row[0].size or below is first
        places = [_column(piece, columns) for piece in row]
        if not close or None in places or len(set(places)) < len(places) or row[0].row:
            return
        if places == [0] and below is first:
            return  # what stands over the first column alone is a heading within the table
        yield row
        below = row


def _column(piece: Stretch, columns: list[Column]) -> int | None:
    """Return the number of the one column over which a piece stands; nothing where there are several, or none."""
    under = [number for number, (left, right) in enumerate(columns) if piece.x0 < right and left < piece.x1]
    return under[0] if len(under) == 1 else None


def _joined(head: list[Row], columns: list[Column]) -> Row:
    cells: dict[int, Stretch] = {}
    for row in head:
        for piece in row:
            place = _column(piece, columns)
            assert place is not None  # noqa: S101 - _head has seen to it
            upper = cells.get(place)
            cells[place] = piece if upper is None else _one(upper, piece)
    for cell in cells.values():
        cell.y = head[-1][0].y
    return [cell for _, cell in sorted(cells.items())]


def _one(upper: Stretch, lower: Stretch) -> Stretch:
    return Stretch(
        text=joined(upper.text, lower.text),
        x0=min(upper.x0, lower.x0),
        x1=max(upper.x1, lower.x1),
        y=lower.y,
        size=upper.size,
        bold=upper.bold,
        first_word=upper.first_word,
    )
