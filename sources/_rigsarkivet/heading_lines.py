"""Reading one line of a bound volume as the heading of a sitting, or as a part of one.

A heading is a line of nothing but an ordinal, the word *Møde*, a date and what goes with them. What a word may be is
looked up letter-tolerantly; a line with anything else is no heading. A date is believed when the day of the week
confirms it, or when its year is printed and is the volume's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sources._rigsarkivet.danish_dates import digits, fold, known, spelled

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
LONGEST_LINE: Final = 160
_FOREIGN: Final = 3
"""How many letters of a heading may be unreadable."""
LARGEST: Final = 400

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


def read_line(line: str) -> Line | None:
    """Read a line as (part of) a heading; nothing where it holds anything else."""
    line = line.strip()
    # What begins in lower case goes on from the line above.
    if not line or len(line) > LONGEST_LINE or _GOES_ON.match(line) or "§" in line:
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
        number = self.number if self.number is not None and 1 <= self.number <= LARGEST else None
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
