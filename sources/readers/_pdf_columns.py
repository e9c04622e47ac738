"""The reading order of a PDF page: columns one after the other, full-width heads between them."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.readers._pdf_lines import Stretch

_BIN: Final = 2.0
"""Points: how finely gutters are looked for."""
_GUTTER: Final = 0.7
"""Of the usual font size: the least width of a gutter."""
_SLACK: Final = 25
"""One in so many pieces may lie within a gutter."""
_CANDIDATES: Final = 8
_LINES: Final = 4
"""The least lines of a column."""
_LINES_IN_COMPANY: Final = 2
"""The least lines of a column on a page that has columns elsewhere."""
_IN_LINE: Final = 0.7
"""Points within which two lines share their base line."""
_FULL: Final = 0.6
_CHARACTERS: Final = 18
"""The least characters to a line, on average: a column of figures is part of a table."""
_RATIO: Final = 1.7
"""How many times as many lines one column may have as the one beside it: cells of a table differ more."""

Zone = list["Stretch"]


def zones(pieces: list[Stretch], depth: int = 3) -> list[Zone]:
    """Return ``pieces`` in zones, in reading order; within a zone they are read by rows."""
    if depth == 0 or len(pieces) < 2 * _LINES:
        return [pieces] if pieces else []
    best: tuple[int, list[Zone]] = (0, [pieces])
    for gutter in _gutters(pieces):
        found = _cut(pieces, gutter, depth)
        if found[0] > best[0]:
            best = found
    if best[0] == 0:
        return [pieces]
    return [inner for zone in best[1] for inner in (zones(zone, depth - 1) if len(zone) < len(pieces) else [zone])]


def _gutters(pieces: list[Stretch]) -> list[float]:
    """Return the middles of the upright bands that few pieces cross, the least crossed and widest of them first.

    What lies across columns (a title, a table below them) may end anywhere, so within a band a few more pieces may
    cross at one place than at another.
    """
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    count = min(int((right - left) / _BIN) + 2, 5000)
    steps = [0] * (count + 1)
    for piece in pieces:
        steps[min(int((piece.x0 - left) / _BIN), count)] += 1
        steps[min(int((piece.x1 - left) / _BIN) + 1, count)] -= 1
    crossed = list(accumulate(steps))[:count]
    least = _GUTTER * sorted(piece.size for piece in pieces)[len(pieces) // 2]
    slack = len(pieces) // _SLACK
    bands: set[tuple[int, int, int]] = set()
    for low, first, last in _lows(crossed):
        start, end = first, last
        while start > 0 and crossed[start - 1] <= low + slack:
            start -= 1
        while end < count and crossed[end] <= low + slack:
            end += 1
        if start > 0 and end < count and (end - start) * _BIN >= least:
            bands.add((low, start - end, start))
    return [left + (start - width / 2) * _BIN for _, width, start in sorted(bands)[:_CANDIDATES]]


def _lows(crossed: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the bands of one height with higher ones to both sides: the height, where it begins and where it ends."""
    start = 0
    for place in range(1, len(crossed)):
        if crossed[place] == crossed[start]:
            continue
        if start > 0 and crossed[start] < min(crossed[start - 1], crossed[place]):
            yield crossed[start], start, place
        start = place


def _cut(pieces: list[Stretch], gutter: float, depth: int) -> tuple[int, list[Zone]]:
    """Return how many pieces lie in columns to both sides of ``gutter``, and all pieces in zones."""
    layers = _layers(pieces, gutter)
    in_columns = any(_are_columns(left, right, _LINES, depth) for left, right in layers)
    count = 0
    found: list[Zone] = []
    plain: Zone = []
    for left, right in layers:
        beside = [left, right] if in_columns and _are_columns(left, right, _LINES_IN_COMPANY, depth) else []
        if beside or (beside := _side_note(left, right)):
            count += len(left) + len(right)
            found += [plain, *beside] if plain else beside
            plain = []
        else:
            plain = plain + left + right
    return count, [*found, plain] if plain else found


def _layers(pieces: list[Stretch], gutter: float) -> list[tuple[Zone, Zone]]:
    """Return, from the top down, what lies left and right of ``gutter`` between rows that cross it."""
    ordered = sorted(pieces, key=lambda piece: -piece.y)
    crossing = [piece for piece in ordered if piece.x0 < gutter < piece.x1]
    layers: list[tuple[Zone, Zone]] = [([], [])]
    across = False
    place = 0
    for piece in ordered:
        while place < len(crossing) and crossing[place].y - piece.y > 0.3 * piece.size:
            place += 1
        beside = place < len(crossing) and abs(crossing[place].y - piece.y) <= 0.3 * piece.size
        if beside != across:
            layers.append(([], []))
            across = beside
        layers[-1][0 if beside or piece.x1 <= gutter else 1].append(piece)
    return layers


def _are_columns(left: Zone, right: Zone, lines: int, depth: int) -> bool:
    """Say whether both sides are one column of prose, or several, and of about as many lines beside each other."""
    columns = [_column_count(side, lines, depth) for side in (left, right)]
    if not all(columns):
        return False
    low = max(left[-1].y, right[-1].y)
    high = min(left[0].y, right[0].y)
    beside = [
        sum(low - 1 <= piece.y <= high + 1 for piece in side) / count
        for side, count in zip((left, right), columns, strict=True)
    ]
    return min(beside) >= lines / 2 and max(beside) <= _RATIO * min(beside) + 1


def _side_note(left: Zone, right: Zone) -> list[Zone]:
    """Return a sender's block at the edge of a letter, and the letter after it; nothing where there is none.

    Its lines begin at one edge and stand beside, but not in line with, those of the text: so it is no table.
    """
    for side, text in ((right, left), (left, right)):
        if not _LINES - 1 <= len(side) < len(text):
            continue
        edge = min(piece.x0 for piece in side)
        aligned = sum(abs(piece.x0 - edge) < _BIN for piece in side)
        levels = sorted(piece.y for piece in text)
        within = [piece for piece in side if levels[0] <= piece.y <= levels[-1]]
        in_line = sum(_has_near(levels, piece.y) for piece in within)
        if aligned >= 0.8 * len(side) and 2 * len(within) >= len(side) and in_line <= 0.4 * len(within):
            return [side, text]
    return []


def _has_near(levels: list[float], y: float) -> bool:
    place = bisect_left(levels, y - _IN_LINE)
    return place < len(levels) and levels[place] <= y + _IN_LINE


def _column_count(side: Zone, lines: int, depth: int) -> int:
    if _is_prose(side, lines):
        return 1
    if len(side) < 2 * lines or depth < 2:
        return 0
    found = sum(_is_prose(zone, lines) for zone in zones(side, depth - 1))
    return found if found > 1 else 0


def _is_prose(side: Zone, lines: int) -> bool:
    """Say whether most lines fill their column and hold words, as they do not in a table."""
    if len(side) < lines:
        return False
    width = max(piece.x1 for piece in side) - min(piece.x0 for piece in side)
    full = sum(piece.x1 - piece.x0 >= _FULL * width for piece in side)
    return 2 * full >= len(side) and sum(len(piece.text) for piece in side) >= _CHARACTERS * len(side)
