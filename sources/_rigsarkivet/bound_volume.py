"""Taking a bound volume of parliamentary proceedings apart: by sitting, else by runs of pages, else by paragraphs.

The parts, put together again, are the volume but for white space where it was cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import Final

from frisat.files import sha256
from sources._rigsarkivet.heading_lines import Years
from sources._rigsarkivet.sitting_headings import Sitting, sittings
from sources._rigsarkivet.volume_pages import Page, Run, pages, pages_between, runs

LONG: Final = 200_000
"""Characters of a text that may be a volume."""
_LONGEST_SITTING: Final = 1_000_000
"""Characters beyond which what stands under one heading is more than one sitting, and cut further."""
_SERIES: Final = "mnopqrstuvwxyz"
_FRONT: Final = "front"
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a volume.

    ``name`` sorts as the parts stand in the volume. ``kind`` says what it is: "front", "sitting", or
    a run of "pages" or of "text".
    ``created`` is narrower than the volume's own where a heading's date is sure; ``sitting`` is its number, or
    "8-10" where headings between were not found.
    """

    name: str
    text: str
    kind: str
    title: str | None = None
    created: tuple[date, date] | None = None
    sitting: str | None = None
    pages: str | None = None


def parts(text: str, years: Years | None) -> Iterator[Part]:
    """Yield the parts of a volume in reading order.

    Args:
        text: the whole volume.
        years: its first and last year, if known: no date outside of them is believed without its day of the week.
    """
    leaves = pages(text)
    found = sittings(text, years)
    if len(found) < _FEWEST:
        yield from _runs(text, 0, len(text), leaves, "")
        return
    if text[: found[0].start].strip():
        yield from _before(text, found[0].start, leaves)
    for sitting, following in zip_longest(found, found[1:]):
        yield from _sitting(text, sitting, following, leaves)


def _before(text: str, end: int, leaves: list[Page]) -> Iterator[Part]:
    """Yield what stands before the first sitting: title pages, lists of members, contents."""
    if end <= LONG:
        yield Part(_FRONT, text[:end].strip(), "front", pages=pages_between(0, end, leaves))
    else:
        yield from _runs(text, 0, end, leaves, f"{_FRONT}/")


def _sitting(text: str, sitting: Sitting, following: Sitting | None, leaves: list[Page]) -> Iterator[Part]:
    end = following.start if following else len(text)
    if following and following.series != sitting.series:
        following = None
    last = following.number - 1 if following and following.number and sitting.number else sitting.number
    long = end - sitting.start > _LONGEST_SITTING
    created = _created(sitting, following, alone=last == sitting.number and not long)
    if long:
        for part in _runs(text, sitting.start, end, leaves, f"{_name(sitting)}/"):
            yield replace(part, created=created)
        return
    numbers = None if sitting.number is None else str(last) if last == sitting.number else f"{sitting.number}-{last}"
    content, printed = text[sitting.start : end].strip(), pages_between(sitting.start, end, leaves)
    yield Part(_name(sitting), content, "sitting", sitting.title, created, numbers, printed)


def _name(sitting: Sitting) -> str:
    """Return ``m031-18491018``: series, number and day. ``m031_18491020`` has no sure number and comes after 31."""
    stem = f"{_SERIES[sitting.series]}{sitting.after:03d}"
    if sitting.day is None:
        return stem
    return f"{stem}{'_' if sitting.number is None else '-'}{sitting.day:%Y%m%d}"


def _created(sitting: Sitting, following: Sitting | None, *, alone: bool) -> tuple[date, date] | None:
    """Return the day of a sitting; where others may stand under its heading, the days to the next known one."""
    if sitting.day is None:
        return None
    if alone:
        return sitting.day, sitting.day
    return (sitting.day, following.day) if following and following.day and following.day >= sitting.day else None


def _runs(text: str, start: int, end: int, leaves: list[Page], above: str) -> Iterator[Part]:
    """Yield runs of pages or of paragraphs; what no page names goes by its place, and by its text to be sure."""
    for number, run in enumerate(runs(text, start, end, leaves), start=1):
        content = text[run.start : run.end].strip()
        if content:
            yield Part(f"{above}{_run_name(run, number, content)}", content, _run_kind(run), pages=run.pages)


def _run_name(run: Run, number: int, content: str) -> str:
    return run.name or f"t{number:04d}-{sha256(content)[:12]}"


def _run_kind(run: Run) -> str:
    return "pages" if run.name else "text"
