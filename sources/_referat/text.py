"""Reading one turn (``Tale``) of a sitting's transcript: its text, and what is said of the speaker and the time.

Nearly all turns consist of a few elements that nest in one way. Those are read in a single pass over the elements;
whatever has anything else in it (tables, lists, text outside ``Char``) is read again, with care.
Elements are known by their local names: older files have no namespace.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sources._referat.careful import read_carefully
from sources._referat.turn import END, FIELD_NAMES, NO_FIELDS, Fields, Turn, local_name, one_line, own_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PARAGRAPH: Final = "\x1d"
"""Stands between paragraphs while a text is put together; XML cannot hold it."""
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_SPACES: Final = " \t\r\n"

_CHAR, _LINE, _BLOCK, _SEGMENT, _TITLE, _TYPE, _PASSED, _SPEAKER, _ODD, _UNUSED, _FIELDS = range(11)
_KINDS: Final = {
    "Char": _CHAR, "Linea": _LINE, "Exitus": _BLOCK, "TekstGruppe": _BLOCK, "TaleSegment": _SEGMENT,
    "TalerTitel": _TITLE, "TaleType": _TYPE, "MetaSpeakerMP": _SPEAKER,
    "Tale": _PASSED, "Taler": _PASSED, "MetaSpeechSegment": _PASSED, "LastModified": _UNUSED,
    **{name: _FIELDS + number for number, name in enumerate(FIELD_NAMES)},
}  # fmt: skip


class Kinds(dict[object, int]):
    """What each tag of one file is; its namespace is looked at once."""

    def __missing__(self, tag: object) -> int:
        kind = self[tag] = _KINDS.get(local_name(tag), _ODD)
        return kind


_short_line = lru_cache(4096)(one_line)
"""For speaker tags, of which the same few return."""


def read_turn(tale: Element, kinds: Kinds) -> Turn:
    """Return what the turn ``tale`` holds.

    Raises:
        RecursionError: an odd turn nests too deeply.
    """
    return _read_plain(tale, kinds) or read_carefully(tale)


def _read_plain(tale: Element, kinds: Kinds) -> Turn | None:  # noqa: PLR0911, PLR0912 - a call for each element is dear
    """Read a turn of the usual elements in one pass; ``None`` if there is anything else in it."""
    said: list[str] = []
    title: list[str] = []
    turn_type: list[str] = []
    nowhere: list[str] = []
    target = nowhere
    values = [*NO_FIELDS]
    speaker_id = ""
    elements = tale.iter()
    next(elements)
    if tale.text and not tale.text.isspace():
        return None
    for element in elements:
        kind = kinds[element.tag]
        text = element.text
        tail = element.tail
        if tail and not tail.isspace():
            return None
        if kind == _CHAR:
            if text:
                target.append(text)
        elif kind >= _FIELDS:
            # A turn begins with its first segment and ends with its last.
            kind -= _FIELDS
            if text and (not values[kind] or kind == END):
                values[kind] = text
        elif kind == _UNUSED:
            pass
        elif text and not text.isspace():
            return None
        elif kind == _LINE:
            target.append(" ")
        elif kind == _BLOCK:
            if target is not said:
                return None
            said.append(_PARAGRAPH)
        elif kind == _SEGMENT:
            target = said
            said.append(_PARAGRAPH)
        elif kind == _TITLE:
            target = title
        elif kind == _TYPE:
            target = turn_type
        elif kind == _SPEAKER:
            speaker_id = speaker_id or own_id(element)
        elif kind == _ODD:
            return None
    if nowhere:
        return None
    return Turn(
        _paragraphs("".join(said)),
        _short_line("".join(title)),
        _short_line("".join(turn_type)),
        speaker_id,
        Fields(*values),
    )


def _paragraphs(said: str) -> str:
    found = []
    for part in said.split(_PARAGRAPH):
        text = part.strip(_SPACES)
        if text:
            rough = "  " in text or "\n" in text or "\t" in text or "\r" in text
            found.append(_SPACE.sub(" ", text) if rough else text)
    return "\n\n".join(found)
