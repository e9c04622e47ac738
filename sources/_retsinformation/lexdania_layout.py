"""How a LexDania document is laid out: what blank lines stand before, and how pieces are put on one line."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

BLOCKS: Final = (
    "TitelGruppe", "Hymne", "Indledning", "Praeambel", "Resume", "TekstGruppe", "Bog", "Afsnit", "Kapitel",
    "Paragraf", "AendringCentreretParagraf", "IkraftCentreretParagraf", "AendringsNummer", "Ikraft", "Bilag",
    "UnderskriftGruppe",
)  # fmt: skip
"""Elements that a blank line stands before."""

LABEL_ABOVE: Final = frozenset({
    "Bog", "Afsnit", "Kapitel", "Bilag", "AendringCentreretParagraf", "IkraftCentreretParagraf", "AendringNyTekst",
})  # fmt: skip
"""Elements whose number stands on a line of its own, centred in print."""

HEADED: Final = LABEL_ABOVE - {"AendringNyTekst"} | {"Paragraf"}
"""Elements whose heading follows their number without a blank line."""

HEADING_STYLES: Final = ("Overskrift", "Kapitel", "Afsnitsoverskrift", "Tekstoverskrift")
"""Styles of an annex whose paragraphs are headings."""

_CLOSING: Final = frozenset(",.;:!?)]«")
_OPENING: Final = frozenset("([»")
_ENUMERATOR: Final = re.compile(r"\(?(\d{1,3}|[a-zæøå]|[ivxIVX]{1,5})[.)]|[-–•·]")
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_IMAGE_SIZE: Final = re.compile(r"\s*Size:.*", re.DOTALL)


def is_stop(text: str) -> bool:
    """Say whether ``text`` is a single closing mark, which never stands on a line of its own."""
    return len(text) == 1 and text in _CLOSING


def add(pieces: list[str], text: str) -> None:
    """Put ``text`` after ``pieces``: a space between them, but none before a stop or after an opening bracket."""
    text = text.strip()
    if not text:
        return
    if pieces:
        dash = text[0] == "-" and text[1:2].isalnum()
        if not (dash or text[0] in _CLOSING or pieces[-1][-1] in _OPENING):
            pieces.append(" ")
    pieces.append(text)


def row_text(cells: list[str]) -> str:
    """Return the cells of a row on one line, `` | `` between them.

    Many tables are lists in disguise: a cell that only numbers the next one belongs to it ("1)", "2. | a)").
    """
    row: list[str] = []
    numbers: list[str] = []
    for cell in cells:
        if _ENUMERATOR.fullmatch(cell):
            numbers.append(cell)
            continue
        if numbers:
            listed = len(numbers) <= 2 and _WORD.search(cell)
            row += [" ".join([*numbers, cell])] if listed else [*numbers, cell]
            numbers = []
        else:
            row.append(cell)
    row += numbers
    filled = [cell for cell in row if cell]
    return filled[0] if len(filled) == 1 else " | ".join(row).rstrip(" |")


def description(image: etree._Element) -> str:
    """Return what an image shows, or nothing: most describe themselves by a file name and a size."""
    text = _IMAGE_SIZE.sub("", image.get("alt", ""))
    return text if sum(word.isalpha() for word in text.split()) > 2 else ""
