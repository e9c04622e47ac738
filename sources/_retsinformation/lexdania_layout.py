"""How a LexDania document is laid out: what blank lines stand before, and how pieces are put on one line."""

from __future__ import annotations

import re
from collections.abc import Callable
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

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS: Final = frozenset("0123456789")
_REFERENCE: Final = re.compile(r"\s*\d{1,3}\)")
_STOPS: Final = frozenset("·∙")
"""A stop between letters in height; lowered to the line it is a full stop, set so lest a line end after "9."."""
_MARKS: Final = {0x200C: None, 0x200D: None, **{0xF030 + digit: str(digit) for digit in range(10)}}
"""Marks for the typesetter, who may not divide or join letters there; and digits of a font of symbols."""

_CLOSING: Final = frozenset(",.;:!?)]«")
_OPENING: Final = frozenset("([»")
_ENUMERATOR: Final = re.compile(r"\(?(\d{1,3}|[a-zæøå]|[ivxIVX]{1,5})[.)]|[-–•·]")
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_SPAN: Final = re.compile(r"[1-9][0-9]?")
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


def off_line(form: str, before: str, text: str) -> str:
    """Return a run that print sets above or below the line, as it stands after ``before``, which is not empty.

    "2)" above refers to a note. Digits above are an exponent or a mark; after a space, the upper half of a fraction.
    """
    if "Superscript" not in form:
        return "." if text in _STOPS else text
    if _REFERENCE.match(text):
        return f" {text}"
    if before[-1].isspace() or not _DIGITS.issuperset(text.strip()):
        return text
    return text.translate(_RAISED)


def plain(text: str) -> str:
    """Return ``text`` without marks for the typesetter."""
    return text.translate(_MARKS)


def cells(row: etree._Element, read: Callable[[etree._Element], str]) -> list[tuple[int, str]]:
    """Return the cells of a row, each with the column it begins in; ``read`` gives the text of one.

    A cell is on one line; but a cell that is alone in its row is a box around text, and keeps its lines.
    """
    found = []
    column = 0
    alone = len(row) == 1
    for cell in row:
        text = read(cell).strip()
        found.append((column, text if alone else " ".join(text.split("\n"))))
        span = cell.get("colspan", "")
        column += int(span) if _SPAN.fullmatch(span) else 1
    return found


def table_lines(rows: list[list[tuple[int, str]]]) -> list[str]:
    """Return the lines of a table; columns that are empty throughout are layout and fall away."""
    used = {column for row in rows if sum(map(bool, dict(row).values())) > 1 for column, text in row if text}
    texts = (_row_text([text for column, text in row if text or column in used]) for row in rows)
    return [line for text in texts for line in text.split("\n")]


def _row_text(cells: list[str]) -> str:
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
