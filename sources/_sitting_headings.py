"""Where the sittings of parliament begin in a bound volume, by the headings that print and scanning have left.

A heading is a line, or a few, of nothing but an ordinal, the word *Møde*, a date and what goes with them. What a word
may be is looked up letter-tolerantly; a line with anything else is no heading. Dates are believed when the day of the
week confirms them, or when the year is printed and lies within the volume's years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from sources._danish_dates import digits, fold, known, spelled

_MEETING: Final = re.compile(r"[Mm][ \t]?[øØöÖoO0sSóϕφ][ \t]?[dDbB][ \t]?[eEcC](?![^\W\d_])")
_DATED: Final = re.compile(r"dag(?:en)?[.,]?[ \t]+d(?:en|\.)")
_LINE: Final = re.compile(r"[\n\r\f\v]")
_WORD: Final = re.compile(r"[^\W_]+")
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W_][ \t]){2,}[^\W_](?![^\W_])")
_FUSED: Final = re.compile(r"(?i)(?<=[^\W_])(?=m[øöo0]de\b)")
_GOES_ON: Final = re.compile(r"[a-zæøå](?![\dO])")
_CLOCK: Final = frozenset({"kl", "klokken", "klokke"})
_MEETINGS: Final = frozenset({"mode", "mobe", "modc", "msde", "m0de", "mobc"})
_FILLERS: Final = frozenset(map(fold, re.findall(r"\S+", """
    offentlige offentligt offentlig ordentlige ordentligt overordentlige ordinære ordinaire extraordinaire hemmelige
    lukkede lukket fortsat fortsatte fortsættelse aften formiddag formiddagen formiddags eftermiddag eftermiddagen
    eftermiddags middag form formidd efterm eftermidd folkethinget folkethingets folketinget folketingets folkethings
    landsthinget landsthingets landstinget landstingets rigsdagen rigsdagens rigsforsamlingen rigsforsamlingens
    forenede rigsdag i paa på det den d slet og af efter for nr no""")))  # fmt: skip
_LONGEST_LINE: Final = 160
_SHORT_LINE: Final = 90
_AROUND: Final = 4
"""How many lines after a heading's own may hold its date."""
_FOREIGN: Final = 3
"""How many letters of a heading may be unreadable."""
_LIST_GAP, _LIST_RUN = 250, 3
"""So many headings so close to each other are a table of contents."""
_LARGEST: Final = 400
_SKIPPED: Final = 6
"""How many sittings without a heading are believed between two with one, when no date confirms."""
_LOOK_AHEAD: Final = 200
_FAR: Final = 60
"""The same, when a date confirms that it is a later one."""

Years = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a heading says; nothing of it is sure yet."""

    meeting: bool
    number: int | None
    weekday: int | None
    day: int | None
    month: int | None
    year: int | None

    @property
    def dated(self) -> bool:
        """Say whether it names a day."""
        return self.day is not None and self.month is not None


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


def read_line(line: str) -> Line | None:
    """Read a line as (part of) a heading; nothing where it holds anything else."""
    line = line.strip()
    # What begins in lower case goes on from the line above.
    if not line or len(line) > _LONGEST_LINE or _GOES_ON.match(line) or "§" in line:
        return None
    line = _FUSED.sub(" ", _SPACED.sub(lambda match: re.sub(r"[ \t]", "", match[0]), line))
    reader = _Reader()
    for word in _WORD.findall(line):
        reader.take(word)
        if reader.foreign > _FOREIGN:
            return None
    return reader.line()


class _Reader:
    """Takes the words of a line one by one. A number is what the word after it says: a sitting's, or a day's."""

    def __init__(self) -> None:
        self.meeting = self.clock = False
        self.number: int | None = None
        self.weekday: int | None = None
        self.day: int | None = None
        self.month: int | None = None
        self.year: int | None = None
        self.foreign = 0
        """Letters of words, and numbers, that belong in no heading."""
        self._waiting: int | None = None
        self._spelled: list[int] = []

    def take(self, word: str) -> None:
        """Read the next word."""
        name = fold(word)
        if (value := known(name, "numeral")) is not None:
            self._spelled.append(value)
            return
        if self._spelled and name == "og":
            return
        self._finish_spelled()
        if (value := digits(word)) is not None:
            if self.month is not None and self.year is None and 1800 <= value <= 2100:
                self.year = value
            else:
                self._count(value)
        elif name in _MEETINGS:
            self.meeting, self.number, self._waiting = True, self._waiting or self.number, None
        elif (value := known(name, "weekday")) is not None:
            self.weekday = value
        elif self.month is None and (value := known(name, "month")) is not None:
            self.month, self.day, self._waiting = value, self._waiting, None
        elif name in _CLOCK:
            self.clock = True
        elif name not in _FILLERS:
            self.foreign += len(name) if len(name) > 3 else 2

    def _finish_spelled(self) -> None:
        if self._spelled:
            self._count(spelled(self._spelled))
            self._spelled = []

    def _count(self, value: int) -> None:
        if self._waiting is not None and not self.clock:
            self.foreign += 4  # two numbers side by side: a running head, a table
        self._waiting = value

    def line(self) -> Line | None:
        """Return what was read; nothing where it is no heading."""
        self._finish_spelled()
        if self._waiting is not None:
            if self.meeting and self.number is None:
                self.number = self._waiting  # "Møde Nr. 8"
            elif not self.clock:
                self.foreign += 4
        if self.foreign > _FOREIGN or not (self.meeting or self.month):
            return None
        number = self.number if self.number is not None and 1 <= self.number <= _LARGEST else None
        day = self.day if self.day is not None and 1 <= self.day <= 31 else None
        return Line(self.meeting, number, self.weekday, day, self.month, self.year)


def certain_day(line: Line, years: Years | None) -> date | None:
    """Return the day a heading names, where it is sure.

    Args:
        line: what was read.
        years: first and last year of the volume, if known. A session runs into the next year, so a printed year one
            beyond them is believed too when the day of the week confirms it.
    """
    if line.day is None or line.month is None:
        return None
    first, last = years or (1848, 2100)
    if line.year is not None:
        candidates = [line.year] if first - 1 <= line.year <= last + 1 else []
        alone = years is not None and first <= line.year <= last
    else:
        candidates, alone = (list(range(first, last + 1)) if years and last - first < 10 else []), False
    days = [day for year in candidates if (day := _date(year, line.month, line.day)) is not None]
    if line.weekday is not None:
        days = [day for day in days if day.weekday() == line.weekday]
        alone = True
    return days[0] if len(days) == 1 and alone else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
            if end - start > _LONGEST_LINE:
                continue
            line = read_line(text[start:end])
            if line is None or line.meeting is not meeting or (not meeting and line.weekday is None):
                continue
            heading = _with_date(text, start, end, line, years)
            if heading.number is not None or heading.day is not None:
                found.setdefault(heading.start, heading)
    return [found[start] for start in sorted(found)]


def _line_around(text: str, position: int) -> tuple[int, int]:
    low = max(0, position - _LONGEST_LINE - 1)
    before = [match.end() for match in _LINE.finditer(text, low, position)]
    start = before[-1] if before else low
    after = _LINE.search(text, position, position + _LONGEST_LINE + 1)
    return start, after.start() if after else min(len(text), position + _LONGEST_LINE + 1)


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
    low = max(0, start - 2 * _LONGEST_LINE)
    before = text[low:start]
    kept = before.rstrip()
    if kept and before.count("\n", len(kept)) <= 3:
        yield low + max(kept.rfind(mark) for mark in "\n\r\f\v") + 1, low + len(kept)


def _lines_after(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the next lines that are not blank."""
    position, count = end, 0
    while count < _AROUND and position < len(text):
        match = _LINE.search(text, position, position + _LONGEST_LINE + 1)
        stop = match.start() if match else min(len(text), position + _LONGEST_LINE + 1)
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
        if not anew and not (own > day if own else found is not None and number < found <= number + _SKIPPED):
            continue
        if anew:
            series, number = series + 1, 0
        if found is not None and not number < found <= (number + _FAR if number else _LARGEST):
            found = None
        number, day = found or number, own or day
        yield Sitting(heading.start, heading.title, found, own, series, number)


def _misread(own: Any, last: Any, later: Iterable[Any]) -> bool:
    """Say whether a number or a date runs ahead of its time: the next two others lie between ``last`` and it."""
    if own is None:
        return False
    others = list(islice(dict.fromkeys(other for other in later if other not in (None, own)), 2))
    return len(others) == 2 and all(last < other < own for other in others)
