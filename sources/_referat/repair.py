"""Transcripts that are not well-formed: slips that can be mended without loss, and damage that can only be stated."""

from __future__ import annotations

import html.entities
import re
from typing import TYPE_CHECKING, Final

from frisat.errors import BrokenRecordError
from sources.readers.xml import parse_xml, repair_xml

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_AMPERSAND: Final = re.compile(rb"&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z]{2,8});)?")
_TURN: Final = re.compile(rb"<(?:[\w.-]+:)?Tale(?=[\s/>])")
_TURN_ENDS: Final = re.compile(rb"</(?:[\w.-]+:)?Tale\s*>")


def read_xml(body: bytes) -> tuple[Element, str | None]:
    """Return the root of ``body``, and what is wrong with it where not all of it may have been read.

    Bare ampersands, entities of HTML and control characters are mended: nothing is lost by that, so nothing is said.

    Raises:
        EmptyRecordError, NotTextError: as :func:`sources.readers.xml.parse_xml`.
        BrokenRecordError: hostile, or nothing can be read.
    """
    try:
        return parse_xml(body), None
    except BrokenRecordError as error:
        damage = str(error)
    mended = _AMPERSAND.sub(_mended, _CONTROL.sub(b"", body))
    if mended != body:
        try:
            return parse_xml(mended), None
        except BrokenRecordError as error:
            damage = str(error)
    return repair_xml(mended), damage


def turns_in(body: bytes) -> int:
    """Return how many turns begin in the bytes of a file, whether or not it can be parsed."""
    return len(_TURN.findall(body))


def ends_within_a_turn(body: bytes) -> bool:
    """Say whether the last turn of a file does not end, so that it is not all there."""
    begun = max((match.start() for match in _TURN.finditer(body)), default=-1)
    return begun >= 0 and _TURN_ENDS.search(body, begun) is None


def _mended(match: re.Match[bytes]) -> bytes:
    name = (match[1] or b"").decode()
    if name in html.entities.name2codepoint:
        return f"&#{html.entities.name2codepoint[name]};".encode()
    return b"&amp;" + match[0][1:]
