"""Licence statements in XML: TEI ``availability``, Dublin Core ``rights``, MODS ``accessCondition``, ``cc:license``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from licensing.findings import Reservation, Statement, Sure, statement

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DC = ("http://purl.org/dc/", "http://dublincore.org/")
_ABOUT_OTHERS = frozenset({"relatedItem", "figure", "graphic", "image", "biblStruct", "sourceDesc", "back"})
_LINKS = ("{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource", "target",
          "valueURI", "href")  # fmt: skip
_NAMES = tuple(f"{{*}}{name}" for name in ("availability", "accessCondition", "rights", "accessRights", "license",
                                           "licence"))  # fmt: skip
_MAX_FOUND = 1_000
_MAX_WITHIN = 100
_MAX_TEXT = 10_000


def look_into_xml(body: bytes) -> tuple[list[Statement], list[Reservation]]:
    """Return the statements in an XML file, and reservations stated by its elements. Never raises.

    Entities are not expanded, nothing is fetched, and what is not well-formed is read as far as it goes.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], []
    statements: list[Statement] = []
    reserved: list[Reservation] = []
    for element in root.iter(*_NAMES) if root is not None else ():
        where = _where(element)
        if where is None or len(statements) >= _MAX_FOUND:
            continue
        sure: Sure = "low" if any(_local(above) in _ABOUT_OTHERS for above in element.iterancestors()) else "high"
        place = f"line {element.sourceline}"
        wordings = dict.fromkeys(islice(_said(element), _MAX_WITHIN))
        statements += [statement(said, where, place, sure) for said in wordings]
        if element.get("status", "").lower() == "restricted":
            reserved.append(Reservation("permission", 'availability status="restricted"', f"{where}, {place}"))
    return statements, reserved


def _where(element: Element) -> str | None:
    name = _local(element)
    space = etree.QName(element).namespace or ""
    if name == "availability":
        return "tei:availability"
    if name == "accessCondition":
        return "mods:accessCondition"
    if name in {"rights", "license", "accessRights"} and space.startswith(_DC):
        return f"dc:{name}"
    if name == "license" and "creativecommons.org" in space:
        return "cc:license"
    if name not in {"license", "licence"} or any(_local(above) == "availability" for above in element.iterancestors()):
        return None
    return "xml:license"


def _said(element: Element) -> Iterator[str]:
    """Yield the links of an element and of those within it, and its text: as one where words stand between them."""
    yield from (value for name in _LINKS if (value := (element.get(name) or "").strip()))
    if not len(element) or (element.text or "").strip() or any((inner.tail or "").strip() for inner in element):
        yield from (text for text in [_text(element)] if text)
        inside = element.iter(etree.Element)
        next(inside)
        yield from (value for inner in inside for name in _LINKS if (value := (inner.get(name) or "").strip()))
    else:
        for inner in element.iterchildren(etree.Element):
            yield from _said(inner)


def _text(element: Element) -> str:
    pieces: list[str] = []
    size = 0
    for piece in element.itertext(etree.Element):
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_TEXT:
            break
    return " ".join("".join(pieces).split())


def _local(element: Element) -> str:
    return str(etree.QName(element).localname)
