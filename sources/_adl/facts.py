"""The facts beside an ADL text: title, year, form, and where it stands in the printed edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frisat.documents import JSON, Document, year_range
from sources._adl.tei import TEI, Renderer, find, text_title
from sources._adl.tei_lines import one_line

if TYPE_CHECKING:
    from sources._adl.header import Volume
    from sources._adl.text import Piece, Text

_TITLE_CHARACTERS: Final = 80
_BETWEEN_TITLES: Final = " – "

Years = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What all documents of one text have in common."""

    volume: Volume
    url: str | None
    title: str
    author: str | None
    years: Years | None

    def document(self, name: str, parent: str, piece: Piece) -> Document:
        """Return the document that a piece of the text becomes."""
        heads = [head for head in piece.heads if head != self.title]
        title = _BETWEEN_TITLES.join(filter(None, (self.title, *heads))) or _first_words(piece.text)
        return Document(
            id=name,
            text=piece.text,
            title=title,
            created=year_range(*self.years) if self.years else None,
            url=self.url,
            document_type=piece.form,
            parent_id=parent,
            author=self.author,
            details=self._details(piece),
        )

    def _details(self, piece: Piece) -> dict[str, JSON]:
        volume = self.volume
        details: dict[str, JSON | None] = {
            "volume_title": volume.title,
            "edition": volume.edition,
            "edition_year": min(volume.edition_years, default=None),
            "publisher": volume.publisher,
            "editor": "; ".join(volume.editors) or None,
            "catalogue_number": volume.number,
            "availability": volume.availability,
            "page_from": piece.pages[0],
            "page_to": piece.pages[1],
        }
        return {key: value for key, value in details.items() if value is not None}


def facts(text: Text, volume: Volume, url: str | None, above: Years | None) -> Facts:
    """Return the facts of a text; ``above`` are the years of the work that contains it, if known."""
    listed = volume.works.get(text.declared) if text.declared else None
    own = _heading(text)
    title = (listed.title if listed else None) or own
    return Facts(
        volume=volume,
        url=url,
        title=title or ("" if text.every_division else _first_words("".join(text.out)) or volume.title or "ADL"),
        author=(listed.author if listed else None) or volume.author,
        years=_years(text, volume, title, own) or above,
    )


def _years(text: Text, volume: Volume, title: str, own: str) -> Years | None:
    """Return when a text was written, or first printed, as far as the volume says so.

    In this order: "Skrevet 1891" in its front; the year that ends its title in the list of works, or its head;
    "udkom 1843" in the edition's note before it.
    """
    if text.every_division:
        return None
    stated = text.written or volume.year_in(title) or volume.year_in(own)
    return stated or ((text.appeared, text.appeared) if text.appeared else None)


def _heading(text: Text) -> str:
    """Return what a text calls itself: its head, its title page's title, or the first head kept of it."""
    own = text_title(text.element)
    if own or text.every_division:
        return own
    front = find(text.element, "front")
    page = find(front, "titlePage") if front is not None else None
    parts = page.iter(TEI + "titlePart") if page is not None else ()
    printed = next(filter(None, (one_line(Renderer().render(part)) for part in parts)), "")
    return printed or next((mark.head for mark in text.marks if mark.head), "")


def _first_words(text: str) -> str:
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:400]).split())
    return words if len(words) <= _TITLE_CHARACTERS else words[:_TITLE_CHARACTERS].rpartition(" ")[0] + " …"
