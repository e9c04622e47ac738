"""Turns in printed proceedings: who has the floor from when on, under which item of the agenda.

A time stamp in the margin and a tag open a turn; what stands between them are headings. The chair's tag opens one
without a stamp too. Another tag without a stamp is part of what the chair announces, and the one under a written
question (``3) Til finansministeren af:``) names who asked it: the question is printed, nobody says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sources._tidende.lines import HEADINGS, STAMP
from sources._tidende.sitting import Item, read_item
from sources._tidende.tags import Tag, read_role, read_tag

AGENDA: Final = "agenda"
QUESTIONS: Final = "written_questions"
HEADINGS_LEFT: Final = "headings"
MARKS: Final = "sitting_marks"
STAMPS: Final = "time_stamps"
TAGS: Final = "speaker_tags"
UNWRITTEN: Final = "speeches_not_yet_written"

_ITEM_HEADINGS: Final = ("Meddelelser fra formanden", "Samtykke til behandling")
_AGENDA: Final = re.compile(r" *(?:De[tn]?|Nu er) (?:\w+ ){1,4}punkt(?:er)? på dagsordenen (?:er|var) ?:")
_JOINTLY: Final = re.compile(r" *Sammen med (?:dette|disse) punkt(?:er)? foretages ?:")
_NUMBERED: Final = re.compile(r" *[1-9][0-9]{0,2}\) ?\S")
_ASKED: Final = re.compile(r" *([1-9][0-9]{0,2})\) ?Til \w[^:]{3,100} af ?:")
_QUESTION: Final = re.compile(r" *Spm\. ?nr\. ?([A-ZÆØÅ]{1,3} ?[0-9]{1,4})\b[^.]{0,40}")
_SUSPENDED: Final = re.compile(
    r" *Mødet er (?:hævet|udsat|afbrudt|suspenderet)\.?(?: ?\( ?[Kk]l\. ?[0-9]{1,2}[:.][0-9]{2} ?\)?\.?\)?)? *"
)
_UNWRITTEN: Final = re.compile(r" *\(Talen er under udarbejdelse\.?\)\.? *")
_ANNOUNCED: Final = re.compile(r"(?:\w+forslag|Forespørgsel|(?:Skriftlig r|R)edegørelse|Anmodning)\b.{0,40}\bnr\b")
_HEADING: Final = re.compile(r"[A-ZÆØÅ][^.;?!]{2,60}[^.,;:?!»«\s-]")
_LONGEST_MARK: Final = 60
"""No line that means something by itself is longer, but those that end in a colon."""
_NIGHT: Final = timedelta(hours=6)

_State = Literal["front", "agenda", "question", "speech"]


@dataclass(slots=True)
class Turn:
    """A turn as printed: its lines, indented where a paragraph begins, with the empty ones between."""

    tag: Tag
    role: str | None
    start: datetime
    item: Item
    lines: list[str] = field(default_factory=list)


class Reader:
    """Reads the lines of one sitting. ``left`` counts what is no speech, in characters other than white space."""

    def __init__(self, opened: datetime) -> None:
        self.left: Counter[str] = Counter()
        self._clock = opened
        self._item = Item()
        self._turn: Turn | None = None
        self._acting: dict[str, str] = {}
        self._state: _State = "front"
        self._block: list[str] = []
        self._pending: list[str] | None = None
        """The lines since a stamp, until it is known whether they are headings or speech."""

    def turns(self, lines: list[str]) -> Iterator[Turn]:
        """Yield the turns of the sitting in order."""
        for at, line in enumerate(lines):
            if len(line) > _LONGEST_MARK and self._pending is None and line[-1] != ":":
                (self._turn.lines if self._turn and self._state == "speech" else self._block).append(line)
                continue
            if line.startswith(STAMP) and line[4:].replace(":", "", 1).isdigit():
                self._settle(lines, at - 1)
                self._stamp(line)
                continue
            tag = self._tag(line) if line.endswith("):") else None
            if tag and self._opens(tag, lines, at):
                if self._turn:
                    yield self._turn
                self._open(tag, line)
            elif self._pending is not None:
                self._after_stamp(line, lines, at)
            elif self._state == "speech":
                self._speech(line, lines, at)
            else:
                self._print(line)
        self._settle(lines, len(lines) - 1)
        self._close()
        if self._turn:
            yield self._turn

    def _stamp(self, line: str) -> None:
        self.left[STAMPS] += len(line) - 1
        day = self._clock.date()
        clock = datetime(day.year, day.month, day.day, int(line[4:6]) % 24, int(line[7:9]))  # noqa: DTZ001
        if clock < self._clock - _NIGHT:
            clock += timedelta(days=1)
        self._clock = max(clock, self._clock)
        self._pending = []

    # --- tags -------------------------------------------------------------------------------------------------------

    def _tag(self, line: str) -> Tag | None:
        """Return the speaker of a tag; one that is too long for a line begins on the line before."""
        tag = read_tag(line)
        if tag is None and self._pending and "(" in self._pending[-1] and ")" not in self._pending[-1]:
            tag = read_tag(f"{self._pending[-1]} {line.strip()}")
            if tag:
                self.left[TAGS] += _size(self._pending.pop())
        return tag

    def _opens(self, tag: Tag, lines: list[str], at: int) -> bool:
        """Say whether a tag opens a turn."""
        if self._pending is not None or tag.chair:
            return True
        if self._state != "speech" or self._turn is None or not self._turn.tag.chair or at + 1 >= len(lines):
            return False
        follows = lines[at + 1]
        return not lines[at - 1].strip() and bool(follows.strip()) and not _ANNOUNCED.match(follows)

    def _open(self, tag: Tag, line: str) -> None:
        heads = self._pending or []
        self._pending = None
        self._close()
        role = None
        for head in heads:
            text = head.strip()
            self.left[HEADINGS_LEFT] += _size(text)
            role = read_role(text) or role
            question = _QUESTION.fullmatch(text)
            if question:
                self._item = replace(self._item, case=question[1], sub=None)
            elif text in _ITEM_HEADINGS:
                self._item = Item(title=text)
        self.left[TAGS] += _size(line)
        if tag.title and tag.party is None and tag.title.lower().startswith("fg"):
            role = self._acting.setdefault(tag.name, role or tag.title) if role is None else role
            self._acting[tag.name] = role
        self._turn = Turn(tag, role or tag.title, self._clock, self._item)
        self._state = "speech"

    # --- lines ------------------------------------------------------------------------------------------------------

    def _after_stamp(self, line: str, lines: list[str], at: int) -> None:
        """Keep a line after a stamp while it may be a heading; the first that is none shows that speech goes on."""
        assert self._pending is not None  # noqa: S101
        if _ASKED.fullmatch(line.rstrip()):
            heads, self._pending = self._pending, None
            self._begin("question", [*heads, line])
            return
        text = line.strip()
        self._pending.append(line)
        unfinished = "(" in text and ")" not in text and len(text) < 110
        heading = not line.startswith("  ") and (_HEADING.fullmatch(text) or _QUESTION.fullmatch(text))
        if text and not (heading or text in HEADINGS or read_role(text) or unfinished):
            self._settle(lines, at)

    def _settle(self, lines: list[str], last: int) -> None:
        """Put the lines since a stamp where they belong if no tag followed: the stamp stood within something.

        ``last``: where in ``lines`` the last of them stands.
        """
        waiting, self._pending = self._pending or [], None
        for at, line in enumerate(waiting, last - len(waiting) + 1):
            if self._state == "speech":
                self._speech(line, lines, at)
            else:
                self._print(line)

    def _print(self, line: str) -> None:
        """Take a line of a block; the next item of the agenda may follow one that was dropped."""
        if line.endswith(":") and self._state == "agenda" and _AGENDA.fullmatch(line):
            self._begin("agenda", [line])
        else:
            self._block.append(line)

    def _speech(self, line: str, lines: list[str], at: int) -> None:
        if line.endswith(":"):
            opening = _AGENDA.fullmatch(line) or _JOINTLY.fullmatch(line)
            if opening and _NUMBERED.match(_next(lines, at)):
                self._begin("agenda", [line])
                return
            if _ASKED.fullmatch(line.rstrip()):
                self._begin("question", [*self._take_question(), line])
                return
        assert self._turn is not None  # noqa: S101
        if "Mødet er " in line and _SUSPENDED.fullmatch(line):
            self.left[MARKS] += _size(line)
        elif "Talen er " in line and _UNWRITTEN.fullmatch(line):
            self.left[UNWRITTEN] += _size(line)
        else:
            self._turn.lines.append(line)

    def _take_question(self) -> list[str]:
        """Take back the line ``Spm. nr. S 121`` over a written question that no stamp announced."""
        assert self._turn is not None  # noqa: S101
        spoken = self._turn.lines
        last = next((at for at in range(len(spoken) - 1, -1, -1) if spoken[at].strip()), None)
        if last is None or not _QUESTION.fullmatch(spoken[last].strip()):
            return []
        taken, spoken[last:] = spoken[last:], []
        return taken

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _begin(self, state: _State, lines: list[str]) -> None:
        self._close()
        self._state = state
        self._block = lines

    def _close(self) -> None:
        """Count a block of print, and take from it what it says of the turns that follow."""
        block, self._block = self._block, []
        if self._state == "speech" or not block:
            return
        self.left[QUESTIONS if self._state == "question" else AGENDA] += sum(map(_size, block))
        if self._state == "agenda":
            self._item = read_item(block) or self._item
        elif self._state == "question":
            asked = next((found for line in block if (found := _ASKED.fullmatch(line.rstrip()))), None)
            number = next((found for line in block if (found := _QUESTION.fullmatch(line.strip()))), None)
            self._item = replace(self._item, sub=asked[1] if asked else None, case=number[1] if number else None)


def _size(line: str) -> int:
    """Return how many characters a line has that are not white space."""
    return len("".join(line.split()))


def _next(lines: list[str], at: int) -> str:
    """Return the next line that is not empty."""
    return next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
