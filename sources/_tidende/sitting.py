"""Which sitting a transcript is of, and what is on its agenda."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from frisat.errors import BrokenRecordError, NotTextError

_MONTHS: Final = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_HEAD: Final = 4_000
_NUMBER: Final = re.compile(r"^ *([1-9][0-9]{0,2})\. ?møde\b", re.MULTILINE | re.IGNORECASE)
_DAY: Final = re.compile(
    rf"(?:man|tirs|ons|tors|fre|lør|søn)dag den ([0-9]{{1,2}})\. ({'|'.join(_MONTHS)}) ([12][0-9]{{3}})"
    r"(?:,? kl\.? ?([0-9]{1,2})[.:]([0-9]{2}))?",
    re.IGNORECASE,
)
FILE: Final = re.compile(r"([12][0-9]{3}[1-9])M([0-9]{1,3})_([12][0-9]{3}-[01][0-9]-[0-3][0-9])_([0-2][0-9][0-5][0-9])")
"""A sitting's file name, in part: session, number, day and hour."""

_CASE: Final = re.compile(
    r"(?P<stage>.*?)(?:,? ?(?:af|om|til))? ?"
    r"\b(?:lovforslag|beslutningsforslag|forespørgsel|redegørelse|forslag til vedtagelse) "
    r"nr\. (?P<case>[A-ZÆØÅ]{1,3} ?[0-9]{1,4}(?: [A-Z]\b)?)(?P<note> \[[^\]]*\])?(?P<rest>.*)",
    re.IGNORECASE,
)
_PROPOSER: Final = re.compile(
    r"Af [A-ZÆØÅa-zæøå].*|\((?:Fremsættelse|Anmeldelse|[12]\. behandling|Forslag som|Spm\.|Skriftlig).*"
)
_ITEM: Final = re.compile(r" *([1-9][0-9]{0,2})\) ?(\S.*)")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting of the Folketing: the publisher's session (``20231``), its number, when it was opened, its file."""

    session: str
    number: int
    opened: datetime
    file: str

    @property
    def key(self) -> str:
        """The publisher's own name for it, ``20231-M31``."""
        return f"{self.session}-M{self.number}"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda as printed; what is not printed is ``None``."""

    number: str | None = None
    title: str | None = None
    case: str | None = None
    stage: str | None = None
    sub: str | None = None


def read_sitting(text: str, key: str) -> Sitting:
    """Return the sitting that the heading of a transcript names, its session from the file name ``key``.

    Raises:
        NotTextError: the text has no such heading.
        BrokenRecordError: the file name has no session, or is of another sitting than the heading.
    """
    head = text[:_HEAD]
    number, day = _NUMBER.search(head), _DAY.search(head)
    if not number or not day:
        raise NotTextError("does not begin with the number and the day of a sitting; it is no transcript of one")
    named = FILE.search(key)
    if not named:
        raise BrokenRecordError(f"is a transcript, but its name {key[-80:]!r} does not say of which session")
    hour, minute = (day[4], day[5]) if day[4] else (named[4][:2], named[4][2:])
    try:
        month = _MONTHS.index(day[2].lower()) + 1
        opened = datetime(int(day[3]), month, int(day[1]), int(hour), int(minute))  # noqa: DTZ001
    except ValueError as error:
        raise BrokenRecordError(f"has an impossible day in its heading: {day[0]!r}") from error
    if int(named[2]) != int(number[1]) or named[3] != opened.date().isoformat():
        raise BrokenRecordError(
            f"is by its heading sitting {number[1]} of {opened.date()}, by its name sitting {int(named[2])} of "
            f"{named[3]}; see which one is right"
        )
    return Sitting(named[1], int(number[1]), opened, named[0])


def read_item(lines: list[str]) -> Item | None:
    """Return the first item in a block of the agenda: its number, title, case and stage."""
    start = next((at for at, line in enumerate(lines) if _ITEM.fullmatch(line)), None)
    if start is None:
        return None
    first = _ITEM.fullmatch(lines[start])
    assert first is not None  # noqa: S101
    body: list[str] = []
    for line in (first[2], *lines[start + 1 :]):
        if not line.strip() and (len(body) == 1 or (body and body[-1].endswith(":"))):
            continue
        if (
            not line.strip()
            or _PROPOSER.fullmatch(line.strip())
            or _ITEM.fullmatch(line)
            or line.startswith("Sammen med")
        ):
            break
        body.append(line.strip())
    return _item(first[1], body)


def _item(number: str, body: list[str]) -> Item:
    case = _CASE.fullmatch(body[0]) if body else None
    if case is None:
        return Item(number, " ".join(body) or None)
    stage = f"{case['stage'].strip(' ,')}{case['note'] or ''}".strip() or None
    rest = [part for part in (case["rest"].strip(" :."), *body[1:]) if part]
    title = " ".join(rest) or body[0].rstrip(":")
    return Item(number, title, " ".join(case["case"].split()), stage)
