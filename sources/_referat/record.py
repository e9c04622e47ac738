"""The frame of a sitting's transcript: which sitting it is, its agenda, and where its turns stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from frisat.errors import BrokenRecordError, NotTextError
from sources._referat.careful import HEADINGS, line_text
from sources._referat.turn import local_name, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME: Final = re.compile(r"(?P<session>[0-9]{5})_M(?P<sitting>[0-9]{1,4})(?:_.*)?\.xml", re.IGNORECASE)
"""The name of a sitting's file: session, number of the sitting, and "helemoedet" (the whole sitting)."""

AGENDA: Final = "agenda"
OTHER: Final = "other_text"
_LEFT_OUT: Final = {
    "DagsordenPlan": AGENDA,
    "PunktTekst": AGENDA,
    "TitelGruppe": "title",
    "Rubrica": HEADINGS,
    "SkriftligBegrundelse": "written_reasons",
}
_STRUCTURE: Final = frozenset({"Tale", "Aktivitet", "DagsordenPunkt", "DagsordenUnderpunkt"})
_SESSION: Final = re.compile(r"[0-9]{5}")
_SITTING: Final = re.compile(r"[0-9]{1,4}")
_CLOCK: Final = re.compile(r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_BEFORE: Final = timedelta(days=1)
_AFTER: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Which sitting a file is of; ``status`` is the publisher's word for how final it is, empty if it says nothing."""

    session: str
    number: str
    day: date | None
    status: str

    def moment(self, text: str) -> tuple[str, date] | None:
        """Return a time as ``2031-02-07T10:00:02`` and its day, or nothing where it is none of this sitting's.

        A sitting goes on past midnight, and now and then after a break of days.
        """
        text = text.strip()
        day = _cached_day(text[:10])
        if day is None or (self.day and not -_BEFORE <= day - self.day <= _AFTER):
            return None
        return (text[:19], day) if _CLOCK.fullmatch(text, 10) else None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda, or an item below it; what is not known is empty."""

    number: str = ""
    subitem: str = ""
    title: str = ""
    case: str = ""
    stage: str = ""


def read_sitting(root: Element, path: str) -> Sitting:
    """Return which sitting a file is of: as it says itself, else by its name.

    Raises:
        NotTextError: it is no transcript.
        BrokenRecordError: nothing says which sitting it is.
    """
    if local_name(root.tag) != "Dokument":
        raise NotTextError(f"is XML with the root '{str(root.tag)[:80]}', not a transcript's 'Dokument'")
    parts = {local_name(child.tag) for child in root}
    if not parts & {"MetaMeeting", "DagsordenPunkt", "DagsordenPlan", "Tale"}:
        raise NotTextError("is a 'Dokument' without a sitting: it has neither 'MetaMeeting' nor an agenda")
    facts = _facts(root, "MetaMeeting")
    match = NAME.fullmatch(path.rpartition("/")[2])
    session = facts.get("ParliamentarySession", "")
    number = facts.get("MeetingNumber", "")
    if not (_SESSION.fullmatch(session) and _SITTING.fullmatch(number)):
        if match is None:
            raise BrokenRecordError(
                f"says neither in its 'MetaMeeting' (session {session[:40]!r}, sitting {number[:40]!r}) nor by its "
                "name which sitting it is; give it back the publisher's name, like 20231_M31_helemoedet.xml"
            )
        session, number = match["session"], match["sitting"]
    status = next((value for key, value in root.attrib.items() if local_name(key).lower() == "edixistatus"), "")
    day = _day(facts.get("DateOfSitting", "")[:10])
    return Sitting(session, str(int(number)), day, one_line(str(status)))


def turns(root: Element, left: Counter[str], *, damaged: bool) -> Iterator[tuple[Element, Item]]:
    """Yield each turn with the item it belongs to, in order; count the text around them in ``left`` by kind.

    Args:
        root: the file's.
        left: added to.
        damaged: elements may have been closed too late, so that a turn holds what follows it: it is taken out.

    Raises:
        RecursionError: nested too deeply.
    """
    yield from _below(root, Item(), left, damaged)


def _below(element: Element, item: Item, left: Counter[str], damaged: bool) -> Iterator[tuple[Element, Item]]:
    _count(element.text, left)
    for child in element:
        name = local_name(child.tag)
        if name == "Tale":
            swallowed = _swallowed(child) if damaged else None
            yield child, item
            if swallowed is not None:
                yield from _below(swallowed, item, left, damaged)
        elif name in _LEFT_OUT and next(child.iterdescendants("{*}Tale"), None) is None:
            _leave_out(child, _LEFT_OUT[name], left)
        elif name == "DagsordenPunkt":
            yield from _below(child, _item(child), left, damaged)
        elif name == "DagsordenUnderpunkt":
            yield from _below(child, _subitem(child, item), left, damaged)
        elif not name.startswith("Meta"):
            yield from _below(child, item, left, damaged)
        _count(child.tail, left)


def _swallowed(tale: Element) -> Element | None:
    """Take out of a turn what cannot stand in one, and return it in an element of its own."""
    found = [element for element in tale.iterdescendants() if local_name(element.tag) in _STRUCTURE]
    if not found:
        return None
    holder = etree.Element("swallowed")
    for element in found:
        # What stands in an element already taken out stays where it is.
        if next(element.iterancestors(holder.tag), None) is None:
            holder.append(element)
    return holder


def _count(text: str | None, left: Counter[str]) -> None:
    if text and not text.isspace():
        left[OTHER] += len(one_line(text))


def _leave_out(element: Element, kind: str, left: Counter[str]) -> None:
    """Count the text of ``element``; written reasons within an item's text are a kind of their own."""
    reasons = list(element.iterdescendants("{*}SkriftligBegrundelse"))
    within = sum(len(line_text(inner)) for inner in reasons)
    left[_LEFT_OUT["SkriftligBegrundelse"]] += within
    left[kind] += max(len(line_text(element)) - within, 0)


def _facts(element: Element, name: str) -> dict[str, str]:
    """Return the elements of the first child called ``name``, by their names, as text on one line; empty ones not."""
    found: dict[str, str] = {}
    meta = next((child for child in element if local_name(child.tag) == name), None)
    for fact in meta.iter("*") if meta is not None else ():
        if value := one_line(fact.text):
            found.setdefault(local_name(fact.tag), value)
    return found


def _item(element: Element) -> Item:
    facts = _facts(element, "MetaFTAgendaItem")
    return Item(
        number=facts.get("ItemNo", ""),
        title=facts.get("ShortTitle", ""),
        case=_case(facts),
        stage=facts.get("FTCaseStage", ""),
    )


def _subitem(element: Element, item: Item) -> Item:
    """Return an item below ``item``: what it does not say of itself is as above it."""
    facts = _facts(element, "MetaFTAgendaSubItem")
    return replace(
        item,
        subitem=facts.get("SubItemNo") or facts.get("ItemNo") or "",
        title=facts.get("ShortTitle") or item.title,
        case=_case(facts) or item.case,
        stage=facts.get("FTCaseStage") or item.stage,
    )


def _case(facts: dict[str, str]) -> str:
    """Return the case as the publisher writes it, "L 107"; without a type or a number there is none."""
    kind, number = facts.get("FTCaseType", ""), facts.get("FTCaseNumber", "")
    return f"{kind} {number}" if kind and number else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


_cached_day = lru_cache(64)(_day)
