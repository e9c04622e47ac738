"""What of an ADL volume is not the author's text: contents lists, apparatus, indexes, editors' matter, title pages.

The files mark little of this up, so it is told by where a division stands (front, body, back), by the first
words of its head, and by what it is made of. Each rule was read against the volumes it decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sources._adl.tei import TEI, Renderer, find, plain, title_of
from sources._adl.tei_lines import finish

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CONTENTS: Final = "contents"
APPARATUS: Final = "apparatus"
INDEX: Final = "index"
EDITORS_MATTER: Final = "editors_matter"
TITLE_PAGES: Final = "title_pages"
NOTES: Final = "notes"
OUTSIDE_WORKS: Final = "outside_works"
SHORT_CONTAINER: Final = "short_container"
FIGURES: Final = "figures"

KINDS: Final = (CONTENTS, APPARATUS, INDEX, EDITORS_MATTER, TITLE_PAGES, NOTES, OUTSIDE_WORKS, SHORT_CONTAINER, FIGURES)
"""Every kind of text that is left out and counted."""

DRAMA_TYPES: Final = frozenset({"act", "akt", "ack", "scene", "scen", "castlist"})

_TYPES: Final = {"toc": CONTENTS, "hoc": CONTENTS, "notes": APPARATUS, "half_titlepage": TITLE_PAGES,
                 "titlepage": TITLE_PAGES, "trykinfo": TITLE_PAGES}  # fmt: skip
_CONTENTS = re.compile(r"\W*ind?hold(s\w*)?\b|\W*et andet register", re.I)
_INDEX = re.compile(
    r"\W*((\w+-? og )?(\w*register|registre|registeret|navneliste|ordliste|alfabetisk|\w*fortegnelse)\b"
    r"|bibel(citater|steder)|illustrationer i|tavle over)", re.I)  # fmt: skip
_APPARATUS = re.compile(
    r"\W*((text|tekst)(rettelser|kritiske? noter|forhold)|rettelser?( til| af| og)\b|varianter(ne)?\b|variantapparat"
    r"|trykfejl|passager rettet|(nogle smaa )?vildelse|forkortelse(r|sliste)\b|tilføjelser)", re.I)  # fmt: skip
_EDITORS = re.compile(
    r"\W*(efterskrift|noter\b|kommentar|bemærkning(er)?\W*$|anmærkning|oplysninger|indledning\b"
    r"|.{0,60}\b(indledning|noter)\W*$|forbemærkning|udgiver|selskabets forord|redaktionelt|bibliografi|henvisninger"
    r"|(text|tekst)kritik|udgave og|plan for udgaven|litteratur\b|til vejledning|tillæg til)", re.I)  # fmt: skip
_APPARATUS_IN_WORK = re.compile(
    r"\W*(noter( og oplysninger)?|(text|tekst)(rettelser|forhold|kritiske noter)|varianter|anmærkning fra udgiveren"
    r"|rettelser af trykfejl|kommentar(er)?)\W*", re.I)  # fmt: skip
_INTRODUCTION = re.compile(r"\W*indledning\b|.{0,60}\bindledning\W*$", re.I)
_IMPRINT = re.compile(
    r"udgives med støtte|\bISBN\b|©|copyright|bogtryk|forlagstryk|printed in|ret forbeholdes|\bdenne udgave\b"
    r"|\budkom\b.{0,60}\d{4}|\bomfatter \[|faksimile af|\bkostede\b.{0,30}\bkr", re.I | re.S)  # fmt: skip
_COLLATION = re.compile(r".{0,60}\bindeholder: ?(\[|\d+-)", re.S)
_COMMENTARY = re.compile(r"([IVX\d]*\W*)kommentar\W*", re.I)

_YEAR = re.compile(r"(?<!\d)1[4-9]\d\d(?!\d)")

_SHORT_MATTER = 1_500
_LISTED_BOOKS = 3
_CHARACTERS_PER_LISTED_BOOK = 80
_HEAD_LENGTH = 80


def opening(element: Element) -> str:
    """Return the head of a division, or its first words."""
    return (title_of(element) or plain(element)[:_HEAD_LENGTH])[:_HEAD_LENGTH]


def by_head(text: str) -> str | None:
    """Return what the first words of a part that is no work's body say it is."""
    for pattern, kind in ((_CONTENTS, CONTENTS), (_INDEX, INDEX), (_APPARATUS, APPARATUS), (_EDITORS, EDITORS_MATTER)):
        if pattern.match(text):
            return kind
    return None


def _is_verse_or_drama(element: Element) -> bool:
    """Say whether more than half of the text is verse or speeches."""
    whole = len(plain(element))
    verse = sum(len(plain(line)) for line in element.iter(TEI + "l"))
    return 2 * max(verse, sum(len(plain(speech)) for speech in element.iter(TEI + "sp"))) > whole


def _typed(element: Element) -> str | None:
    return _TYPES.get((element.get("type") or "").lower())


def in_front(element: Element) -> str | None:
    """Return what a part of a work's front is, if not the author's text (a dedication, a preface)."""
    if element.tag == TEI + "titlePage":
        return title_page(element)
    text = plain(element)
    head = opening(element)
    kind = _typed(element) or (CONTENTS if _is_contents(element, head) else None)
    if kind:
        return kind
    if _INTRODUCTION.match(head) or _COLLATION.match(text):
        return EDITORS_MATTER
    if len(text) < _SHORT_MATTER and find(element, "lg") is None and _IMPRINT.search(text):
        return EDITORS_MATTER
    if _lists_books(text):
        return TITLE_PAGES
    apparatus = by_head(head)
    return apparatus if apparatus in (INDEX, APPARATUS) else None


def _lists_books(text: str) -> bool:
    """Say whether a page before the title is a list of the author's books: years, and little between them."""
    years = len(_YEAR.findall(text))
    return years >= _LISTED_BOOKS and len(text) < _CHARACTERS_PER_LISTED_BOOK * years


def title_page(element: Element) -> str | None:
    """Return whether a title page is left out: every printed one, and half titles; one with only a motto is text."""
    printed = ("docImprint", "docEdition", "docAuthor", "publisher")
    if any(True for _ in element.iter(*(TEI + name for name in printed))):
        return TITLE_PAGES
    motto = find(element, "epigraph") is not None or next(element.iter(TEI + "l"), None) is not None
    return None if motto else TITLE_PAGES


def in_body(element: Element) -> str | None:
    """Return what a division within a work's body is, if it is certainly not the author's text."""
    kind = _typed(element)
    if kind:
        return kind
    head = title_of(element)
    if not head:
        return None
    if _APPARATUS_IN_WORK.fullmatch(head):
        return APPARATUS
    return CONTENTS if _is_contents(element, head) else None


def in_back(element: Element) -> str | None:
    """Return what a part of a back is: everything in prose is somebody else's or no running text."""
    kind = _typed(element) or by_head(opening(element))
    if kind:
        return kind
    return None if _is_verse_or_drama(element) else EDITORS_MATTER


def in_volume_front(element: Element) -> str:
    """Return what a part of a volume's front is, when the volume is not itself one work."""
    if element.tag == TEI + "titlePage":
        return TITLE_PAGES
    kind = _typed(element) or by_head(opening(element))
    if kind:
        return kind
    text = plain(element)
    return TITLE_PAGES if len(text) < _SHORT_MATTER and _IMPRINT.search(text) else EDITORS_MATTER


def outside(element: Element, *, between_works: bool) -> str | None:
    """Return what a division beside the declared works is; ``None`` for a text that was not declared."""
    kind = _typed(element) or by_head(opening(element))
    if kind:
        return kind
    return None if between_works or _is_verse_or_drama(element) else EDITORS_MATTER


def undeclared(element: Element, others: tuple[str, ...]) -> str | None:
    """Return what a top division is in a volume that declares no works; ``others`` are names of non-authors."""
    head = opening(element)
    kind = _typed(element) or by_head(head)
    if kind:
        return kind
    folded = head.casefold()
    return EDITORS_MATTER if any(folded.startswith(name) for name in others) else None


def is_commentary(volume: Element) -> bool:
    """Say whether the volume's own title page calls it a commentary."""
    front = find(volume, "front")
    pages = front.iterchildren(TEI + "titlePage") if front is not None else ()
    titles = (title for page in pages for title in page.iter(TEI + "titlePart", TEI + "title"))
    return any(_COMMENTARY.fullmatch(line) for title in titles for line in finish(Renderer().render(title)).split("\n"))


def _is_contents(element: Element, head: str) -> bool:
    """A contents list, not an author's argument in verse (``Indhold`` above a canto's summary)."""
    return bool(_CONTENTS.match(head)) and "...." in plain(element)
