"""The lines that are drawn on a PDF page, and the grids of tables they make."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""
Rule = tuple[float, float, float]
"""Where a line lies across its direction, where it begins and where it ends."""

_MAX_OBJECTS: Final = 30_000
"""On one page: maps and drawings have more, tables fewer."""
_MAX_RULES: Final = 3_000
_MAX_CROSSINGS: Final = 20_000
_MAX_FIELDS: Final = 5_000
_MAX_SEGMENTS: Final = 400
"""In one path."""
_THIN: Final = 2.5
"""Points: a rectangle that is no thicker is a line."""
_LONG: Final = 6.0
"""Points: the least length of a line."""
_SAME: Final = 2.0
"""Points within which lines lie on one another."""
_TOUCH: Final = 3.0
"""Points within which lines meet."""
_LEAST_CELL: Final = 5.0


@dataclass(slots=True)
class Grid:
    """A table as its lines divide it: the edges of its columns and rows, and which cell each field belongs to."""

    xs: list[float]
    ys: list[float]
    """From the top down."""
    fields: list[list[int]]
    """For each row and column the number of the cell: one that spans several has the number of its first."""

    def cell(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a place, or nothing outside the grid."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[-1] <= y < self.ys[0]):
            return None
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, -y, key=lambda edge: -edge) - 1
        return self.fields[row][column]


def grids(page: Any, turn: int) -> list[Grid]:
    """Return the grids on ``page``, a ``pypdfium2.PdfPage``, whose text is turned by ``turn`` degrees."""
    level, upright = _rules(page, turn)
    if len(level) < 2 or not upright:
        return []
    level, upright = _merged(level), _merged(upright)
    if len(level) * len(upright) > _MAX_CROSSINGS:
        return []
    return [grid for part in _connected(level, upright) if (grid := _grid(*part)) is not None]


def turned(box: Box, turn: int) -> Box:
    """Return a box of a page as it lies when the text, turned by ``turn`` degrees, is upright."""
    left, bottom, right, top = box
    if turn == 90:
        return bottom, -right, top, -left
    if turn == 180:
        return -right, -top, -left, -bottom
    if turn == 270:
        return -top, left, -bottom, right
    return box


def _rules(page: Any, turn: int) -> tuple[list[Rule], list[Rule]]:
    """Return the level and the upright lines; none where the page is a drawing."""
    level: list[Rule] = []
    upright: list[Rule] = []
    raw, object_of, kind_of, path = (
        page.raw,
        pdfium.FPDFPage_GetObject,
        pdfium.FPDFPageObj_GetType,
        pdfium.FPDF_PAGEOBJ_PATH,
    )
    count = pdfium.FPDFPage_CountObjects(raw)
    for number in range(count if count <= _MAX_OBJECTS else 0):
        thing = object_of(raw, number)
        if kind_of(thing) != path:
            continue
        for box in _strokes(thing):
            left, bottom, right, top = turned(box, turn)
            if top - bottom <= _THIN and right - left >= _LONG:
                level.append(((top + bottom) / 2, left, right))
            elif right - left <= _THIN and top - bottom >= _LONG:
                upright.append(((left + right) / 2, bottom, top))
        if len(level) + len(upright) > _MAX_RULES:
            return [], []
    return level, upright


def _strokes(path: Any) -> Iterator[Box]:
    """Yield the lines of a path, each as the box it fills."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not (fill.value or stroke.value) or not pdfium.FPDFPageObj_GetBounds(path, *map(ctypes.byref, edges)):
        return
    left, bottom, right, top = (edge.value for edge in edges)
    if min(right - left, top - bottom) <= _THIN:
        yield left, bottom, right, top
        return
    count = pdfium.FPDFPath_CountSegments(path)
    if not stroke.value and count <= 5:
        return  # a surface, not a frame
    yield from _segments(path, min(count, _MAX_SEGMENTS), filled=not stroke.value)


def _segments(path: Any, count: int, *, filled: bool) -> Iterator[Box]:
    """Yield the straight pieces of a path that is stroked; of one that is filled, the thin rectangles in it."""
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    figure: list[tuple[float, float]] = []
    for number in range(count + 1):
        segment = pdfium.FPDFPath_GetPathSegment(path, number) if number < count else None
        kind = pdfium.FPDFPathSegment_GetType(segment) if segment else pdfium.FPDF_SEGMENT_MOVETO
        if kind == pdfium.FPDF_SEGMENT_MOVETO and figure:
            yield from [_around(figure)] if filled else map(_around, pairwise(figure))
            figure = []
        if segment:
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            figure.append(
                (
                    matrix.a * x.value + matrix.c * y.value + matrix.e,
                    matrix.b * x.value + matrix.d * y.value + matrix.f,
                )
            )
            if pdfium.FPDFPathSegment_GetClose(segment):
                figure.append(figure[0])


def _around(points: Iterable[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Return lines that lie on one another, or end where the next one begins, as one."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules):
        if levels and rule[0] - levels[-1][0][0] <= _SAME:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    found: list[Rule] = []
    for level in levels:
        place = sum(rule[0] for rule in level) / len(level)
        spans: list[list[float]] = []
        for _, begin, stop in sorted(level, key=lambda rule: rule[1]):
            if spans and begin <= spans[-1][1] + _TOUCH:
                spans[-1][1] = max(spans[-1][1], stop)
            else:
                spans.append([begin, stop])
        found += ((place, start, end) for start, end in spans)
    return found


def _connected(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the lines in groups: those of a group meet or cross each other."""
    owner = list(range(len(level) + len(upright)))

    def root(number: int) -> int:
        while owner[number] != number:
            owner[number] = number = owner[owner[number]]
        return number

    for number, (y, left, right) in enumerate(level):
        for other, (x, low, high) in enumerate(upright, start=len(level)):
            if left - _TOUCH <= x <= right + _TOUCH and low - _TOUCH <= y <= high + _TOUCH:
                owner[root(number)] = root(other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate(level + upright):
        groups.setdefault(root(number), ([], []))[number >= len(level)].append(rule)
    return list(groups.values())


def _grid(level: list[Rule], upright: list[Rule]) -> Grid | None:
    """Return the grid that lines make, or nothing where they do not divide a surface both ways."""
    if len(level) < 2 or not upright:
        return None
    left, right = min(rule[1] for rule in level), max(rule[2] for rule in level)
    low, high = min(rule[1] for rule in upright), max(rule[2] for rule in upright)
    xs = _edges([left, *(rule[0] for rule in upright), right])
    ys = _edges([low, *(rule[0] for rule in level), high])[::-1]
    rows = len(ys) - 1
    if len(xs) < 3 or rows < 1 or (rows == 1 and len(upright) < len(xs)) or len(xs) * len(ys) > _MAX_FIELDS:
        return None
    fields = [[row * (len(xs) - 1) + column for column in range(len(xs) - 1)] for row in range(len(ys) - 1)]
    for row in range(len(ys) - 1):
        y = (ys[row] + ys[row + 1]) / 2
        for column in range(len(xs) - 1):
            x = (xs[column] + xs[column + 1]) / 2
            if column and not _covers(upright, xs[column], y):
                fields[row][column] = fields[row][column - 1]
            elif row and not _covers(level, ys[row], x):
                fields[row][column] = fields[row - 1][column]
    return Grid(xs, ys, fields)


def _edges(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] >= _LEAST_CELL:
            found.append(place)
    return found


def _covers(rules: list[Rule], at: float, along: float) -> bool:
    return any(abs(rule[0] - at) < _LEAST_CELL and rule[1] - _TOUCH <= along <= rule[2] + _TOUCH for rule in rules)
