"""What the header of an ADL volume says: the printed edition, its people, and the list of declared works."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sources._adl.tei import TEI, XML_ID, Renderer, find, plain
from sources._adl.tei_lines import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d{2}|20\d{2})(?!\d)")
_SECOND = r"(?:\s*(?:[-–/]|eller)\s*(\d{2}|\d{4}))?"
_IN_BRACKETS = re.compile(
    rf"[(\[][^()\[\]?\d]{{0,24}}(?:\d{{1,2}}[^()\[\]?\d]{{1,16}})?(1[4-9]\d\d){_SECOND}\.?[)\]]?[\s.]*$"
)
_AFTER_STOP = re.compile(rf"[.,]'?\s*(1[4-9]\d\d){_SECOND}\.?$")
_AT_END = re.compile(r"(?<![-–\d])\s(1[4-9]\d\d)\.?$")
_PART_OF_WORK = re.compile(r"\b(bind|deel|del)\b", re.I)
_DATED_LIST: Final = 0.5
_TITLES_THAT_TELL: Final = 10


@dataclass(frozen=True, slots=True)
class DeclaredWork:
    """An entry of the header's list of works."""

    title: str | None
    author: str | None


@dataclass(frozen=True, slots=True)
class Volume:
    """The header of a volume."""

    title: str | None
    author: str | None
    editors: tuple[str, ...]
    publisher: str | None
    number: str | None
    edition: str | None
    edition_years: tuple[int, ...]
    availability: str | None
    works: dict[str, DeclaredWork]
    dated: bool
    """Of ten listed titles or more, more than half end in a year: the list gives dates."""

    def year_in(self, title: str) -> tuple[int, int] | None:
        """Return the years that end a title, as the list of works gives them; not the year of the edition."""
        patterns = (_IN_BRACKETS, _AFTER_STOP, _AT_END) if self.dated else (_IN_BRACKETS, _AFTER_STOP)
        found = next(filter(None, (pattern.search(title) for pattern in patterns)), None)
        if found is None:
            return None
        first = int(found.group(1))
        second = found.group(2) if found.re is not _AT_END else None
        last = int(second if not second or len(second) == 4 else f"{first // 100}{second}") if second else first
        printed = min(self.edition_years, default=last + 1)
        return (first, last) if first <= last < printed else None


def read_header(root: Element) -> Volume:
    """Read the header of a volume; every part of it may be missing."""
    header = find(root, "teiHeader")
    header = header if header is not None else root.makeelement(TEI + "teiHeader")
    statement, publication = header.find(f".//{TEI}titleStmt"), header.find(f".//{TEI}publicationStmt")
    source = header.find(f".//{TEI}sourceDesc")
    edition = find(source, "bibl") if source is not None else None
    works = dict(_works(source.iter(TEI + "bibl") if source is not None else ()))
    titles = [work.title for work in works.values() if work.title]
    ending = sum(bool(_IN_BRACKETS.search(title) or _AT_END.search(title)) for title in titles)
    return Volume(
        title=_line(find(statement, "title") if statement is not None else None),
        author=_authors(statement, edition),
        editors=_editors(statement),
        publisher=_line(find(publication, "publisher") if publication is not None else None),
        number=_line(find(publication, "idno") if publication is not None else None),
        edition=_edition(edition),
        edition_years=tuple(int(year) for year in _YEAR.findall(_all(edition, "date"))),
        availability=_line(header.find(f".//{TEI}availability")),
        works=works,
        dated=len(titles) >= _TITLES_THAT_TELL and ending > _DATED_LIST * len(titles),
    )


def _line(element: Element | None) -> str | None:
    return (one_line(Renderer().render(element)) or None) if element is not None else None


def _all(element: Element | None, name: str) -> str:
    found = element.iterchildren(TEI + name) if element is not None else ()
    return "; ".join(filter(None, (plain(child).strip(" ;,") for child in found)))


def _works(bibls: Iterable[Element]) -> Iterable[tuple[str, DeclaredWork]]:
    for bibl in bibls:
        key = bibl.get(XML_ID)
        if key and bibl.getparent() is not None and find(bibl, "title") is not None:
            yield key, DeclaredWork(_line(find(bibl, "title")), _person(find(bibl, "author")))


def _person(author: Element | None) -> str | None:
    """Return an author as ``Forename Surname``, or as printed."""
    if author is None:
        return None
    parts = [" ".join(plain(node) for node in author.iter(TEI + name)) for name in ("forename", "surname")]
    return " ".join(filter(None, parts)) or plain(author) or None


def _authors(statement: Element | None, edition: Element | None) -> str | None:
    printed = [plain(node) for node in statement.iterchildren(TEI + "author")] if statement is not None else []
    printed = [name for name in printed if name]
    listed = list(filter(None, map(_person, edition.iterchildren(TEI + "author")))) if edition is not None else []
    return "; ".join(printed if len(printed) > max(1, len(listed)) else listed or printed) or None


def _editors(statement: Element | None) -> tuple[str, ...]:
    """Return the editors: the volumes name them in ``resp``, where TEI has the kind of responsibility."""
    if statement is None:
        return ()
    found = [plain(node) for node in statement.iter(TEI + "resp", TEI + "name") if node.getparent() is not None]
    return tuple(dict.fromkeys(name for name in found if name and not _PART_OF_WORK.search(name)))


def _edition(bibl: Element | None) -> str | None:
    if bibl is None:
        return None
    place = ": ".join(filter(None, (_all(bibl, "pubPlace"), _all(bibl, "publisher"))))
    imprint = ", ".join(filter(None, (place, _all(bibl, "date"))))
    return ". ".join(filter(None, (_all(bibl, "title").rstrip("."), imprint))) or plain(bibl) or None
