"""Where the sittings of parliament begin in a bound volume, by the headings that print and scanning have left.

Headings are found by the word *Møde* or by a date, told from what only looks like them, and put into a row in which
numbers and days go upwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from sources._rigsarkivet.heading_lines import LARGEST, LONGEST_LINE, Line, Years, certain_day, read_line

_MEETING: Final = re.compile(r"[Mm][ \t]?[øØöÖoO0sSóϕφ][ \t]?[dDbB][ \t]?[eEcC](?![^\W\d_])")
_DATED: Final = re.compile(r"dag(?:en)?[.,]?[ \t]+d(?:en|\.)")
_LINE: Final = re.compile(r"[\n\r\f\v]")
_SHORT_LINE: Final = 90
_AROUND: Final = 4
"""How many lines after a heading's own may hold its date."""
_LIST_GAP, _LIST_RUN = 250, 3
"""So many headings so close to each other are a table of contents."""
_SKIPPED: Final = 6
"""How many sittings without a heading are believed between two with one, when no date confirms."""
MOST_SERIES: Final = 14
"""How many rows of numbers a volume may have."""
_LOOK_AHEAD: Final = 200
_FAR: Final = 60
"""The same, when a date confirms that it is a later one."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting that begins at the character ``start``.

    ``number`` and ``day`` only where they are sure. ``series`` grows where the numbers of a volume begin anew;
    ``after`` is the last number that was sure, which puts an unnumbered sitting into its place.
    """

    start: int
    title: str
    number: int | None
    day: date | None
    series: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    title: str
    number: int | None
    day: date | None
    meeting: bool


def sittings(text: str, years: Years | None) -> list[Sitting]:
    """Return the sittings of a volume in reading order."""
    headings = _without_lists(_headings(text, years))
    met = {heading.day for heading in headings if heading.meeting}
    chosen = [h for h in headings if h.meeting or (h.day is not None and h.day not in met)]
    return list(_chain(chosen))


def _headings(text: str, years: Years | None) -> list[_Heading]:
    found: dict[int, _Heading] = {}
    for pattern, meeting in ((_MEETING, True), (_DATED, False)):
        end = -1
        for match in pattern.finditer(text):
            if match.start() < end:
                continue
            start, end = _line_around(text, match.start())
            if end - start > LONGEST_LINE:
                continue
            line = read_line(text[start:end])
            if line is None or line.meeting is not meeting or (not meeting and line.weekday is None):
                continue
            heading = _with_date(text, start, end, line, years)
            if heading.number is not None or heading.day is not None:
                found.setdefault(heading.start, heading)
    return [found[start] for start in sorted(found)]


def _line_around(text: str, position: int) -> tuple[int, int]:
    low = max(0, position - LONGEST_LINE - 1)
    before = [match.end() for match in _LINE.finditer(text, low, position)]
    start = before[-1] if before else low
    after = _LINE.search(text, position, position + LONGEST_LINE + 1)
    return start, after.start() if after else min(len(text), position + LONGEST_LINE + 1)


def _with_date(text: str, start: int, end: int, line: Line, years: Years | None) -> _Heading:
    """Return the heading with the date of the line before or of one after it, where its own has none."""
    day, first, last = certain_day(line, years), start, end
    title = text[start:end]
    if line.meeting and not line.dated:
        for low, high in (*_line_before(text, start), *_lines_after(text, end)):
            other = read_line(text[low:high])
            if other is not None and not other.meeting and other.dated:
                day, first, last = certain_day(other, years), min(start, low), max(end, high)
                title = f"{text[low:high]} {title}" if low < start else f"{title} {text[low:high]}"
                break
    return _Heading(first, last, " ".join(title.split()), line.number, day, line.meeting)


def _line_before(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the span of the last line before ``start`` that is not blank, if it is near."""
    low = max(0, start - 2 * LONGEST_LINE)
    before = text[low:start]
    kept = before.rstrip()
    if kept and before.count("\n", len(kept)) <= 3:
        yield low + max(kept.rfind(mark) for mark in "\n\r\f\v") + 1, low + len(kept)


def _lines_after(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the next lines that are not blank."""
    position, count = end, 0
    while count < _AROUND and position < len(text):
        match = _LINE.search(text, position, position + LONGEST_LINE + 1)
        stop = match.start() if match else min(len(text), position + LONGEST_LINE + 1)
        if text[position:stop].strip():
            yield position, stop
            count += 1
        if match is None or stop - position > _SHORT_LINE:
            return
        position = match.end()


def _without_lists(headings: list[_Heading]) -> list[_Heading]:
    """Leave out headings that follow each other as in a table of contents."""
    kept: list[_Heading] = []
    run: list[_Heading] = []
    for heading in headings:
        again = any(heading.number == other.number and heading.day == other.day for other in run)
        if run and (again or heading.start - run[-1].end > _LIST_GAP):
            kept += run if len(run) < _LIST_RUN else []
            run = []
        run.append(heading)
    return kept + (run if len(run) < _LIST_RUN else [])


def _chain(headings: list[_Heading]) -> Iterator[Sitting]:
    """Yield the headings that begin a sitting: not those repeated on every page, nor mentions of earlier ones."""
    number, day, series = 0, date.min, 0
    for position, heading in enumerate(headings):
        later = headings[position + 1 : position + _LOOK_AHEAD]
        found = None if _misread(heading.number, number, (h.number for h in later)) else heading.number
        own = None if _misread(heading.day, day, (h.day for h in later)) else heading.day
        anew = heading.meeting and own is not None and own != day and found is not None and found <= 3 < number
        anew = anew and series < MOST_SERIES - 1
        if not anew and not (own > day if own else found is not None and number < found <= number + _SKIPPED):
            continue
        if anew:
            series, number = series + 1, 0
        if found is not None and not number < found <= (number + _FAR if number else LARGEST):
            found = None
        number, day = found or number, own or day
        yield Sitting(heading.start, heading.title, found, own, series, number)


def _misread(own: Any, last: Any, later: Iterable[Any]) -> bool:
    """Say whether a number or a date runs ahead of its time: the next two others lie between ``last`` and it."""
    if own is None:
        return False
    others = list(islice(dict.fromkeys(other for other in later if other not in (None, own)), 2))
    return len(others) == 2 and all(last < other < own for other in others)
