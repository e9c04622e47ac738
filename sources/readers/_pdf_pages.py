"""Opening a PDF from a stranger and reading the words of its pages."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources.readers._pdf_grids import take_tables
from sources.readers._pdf_lines import Stretch, stretches
from sources.readers._pdf_rules import grids, turned
from sources.readers._pdf_words import MAX_CHARACTERS, read_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PAGES: Final = 10_000
MAX_CHARACTERS_IN_ALL: Final = 40_000_000
_MAX_POINTS: Final = 15_000
"""To a side of a page; the format's own limit is 14,400."""
_HEAD: Final = 1024
_TAIL: Final = 4096
_LINEARIZED: Final = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})")
_UNMAPPED: Final = 20
_UNMAPPED_SHARE: Final = 0.01
"""Of all characters: of a text that lost its æ, ø and å they were 3 in 100."""


@dataclass(slots=True)
class Page:
    """One page: what is written on it, from 0 to ``width`` and ``height`` (points, upwards), as it is turned."""

    number: int
    pieces: list[Stretch]
    left: float
    right: float
    bottom: float
    top: float
    image: bool


@dataclass(slots=True)
class Pages:
    """All pages of a document, and how many characters were not taken from them, by kind."""

    pages: list[Page] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def without_text(self) -> int:
        """How many pages hold pictures and no text: scans."""
        return sum(page.image and not page.pieces for page in self.pages)


def read_pages(body: bytes, *, tables: bool = True) -> Pages:
    """Return the pages of a PDF with the places of their text; rows of drawn ``tables`` as one stretch each.

    Raises:
        NotTextError: something else than a PDF, or one of pictures only.
        EmptyRecordError: no bytes, or a PDF that shows nothing.
        BrokenRecordError: cut short, encrypted, beyond reason, or drawn with fonts that do not say their letters.
    """
    _refuse_others(body)
    result, unmapped, characters = Pages(), 0, 0
    with _opened(body) as document:
        for number in range(_page_count(document)):
            page, missing = _page(document, number, result.left_out, tables=tables)
            characters += sum(len(piece.text) for piece in page.pieces)
            unmapped += missing
            result.pages.append(page)
            if characters > MAX_CHARACTERS_IN_ALL:
                raise BrokenRecordError(f"holds more than {MAX_CHARACTERS_IN_ALL:,} characters; split it")
    if unmapped > max(_UNMAPPED, _UNMAPPED_SHARE * (characters + unmapped)):
        raise NotTextError(
            f"does not say which letters its fonts draw ({unmapped:,} of {characters + unmapped:,} characters); "
            "it must be read by OCR"
        )
    if not characters:
        _refuse_without_text(result)
    if unmapped:
        result.left_out["unmapped"] += unmapped
    return result


def _refuse_others(body: bytes) -> None:
    if not body.strip(b"\0 \t\r\n"):
        raise EmptyRecordError("holds no bytes but white space")
    if b"%PDF-" not in body[:_HEAD]:
        raise NotTextError(f"is no PDF: it begins with {body[:12]!r}")
    end = body.rfind(b"%%EOF")
    if end < 0:
        raise BrokenRecordError("is cut short: no end of the PDF is in it; fetch it again")
    if b" obj" in body[end + 5 :] and len(body) - end > _TAIL:
        raise BrokenRecordError("is cut short within a later change of the PDF; fetch it again")
    linearized = _LINEARIZED.search(body[: 2 * _HEAD])
    if linearized and int(linearized[1]) > len(body):
        raise BrokenRecordError(f"is cut short: {len(body):,} of {int(linearized[1]):,} bytes; fetch it again")


def _refuse_without_text(result: Pages) -> None:
    scans = sum(page.image for page in result.pages)
    if scans:
        raise NotTextError(f"has no text layer: {_counted(scans, 'page')} of images; it must be read by OCR")
    raise EmptyRecordError(f"shows no text on its {_counted(len(result.pages), 'page')}")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


@contextmanager
def _opened(body: bytes) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        # PDFium does not always set its error anew; the one of a file before may stand.
        if b"/Encrypt" in body and getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise BrokenRecordError(
                "is encrypted and asks for a password; ask the publisher for an open copy"
            ) from error
        raise BrokenRecordError("cannot be opened as a PDF; it is damaged, fetch it again") from error
    try:
        yield document
    finally:
        document.close()


def _page_count(document: Any) -> int:
    count = len(document)
    if count > MAX_PAGES:
        raise BrokenRecordError(f"says that it has {count:,} pages; more than {MAX_PAGES:,} are not read")
    if count < 1:
        raise BrokenRecordError("has no page")
    return count


def _page(document: Any, number: int, left_out: Counter[str], *, tables: bool) -> tuple[Page, int]:
    """Return a page, and how many of its characters have no meaning."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise BrokenRecordError(f"has a page {number + 1} that cannot be read: {error}") from error
    try:
        box = page.get_cropbox()
        if max(abs(edge) for edge in box) > _MAX_POINTS:
            raise BrokenRecordError(f"has a page {number + 1} of impossible size: {box}")
        if text_page.count_chars() > MAX_CHARACTERS:
            raise BrokenRecordError(f"has more than {MAX_CHARACTERS:,} characters on page {number + 1}")
        words = read_words(text_page, box)
        left_out.update(words.left_out)
        plain, drawn = take_tables(words.words, grids(page, words.turn) if tables and words.words else [])
        pieces = stretches(plain) + drawn
        image = not pieces and any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2))
        left, bottom, right, top = turned(box, words.turn)
        return Page(number, pieces, left, right, bottom, top, image), words.unmapped
    finally:
        text_page.close()
        page.close()
