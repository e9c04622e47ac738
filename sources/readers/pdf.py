"""Text out of PDF files from strangers, read in a process that can be stopped (:mod:`sources.readers.guard`).

PDFium says which letter stands where; everything else, from words to paragraphs, is made of these places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from frisat.documents import JSON
from frisat.errors import EmptyRecordError
from sources.readers.guard import guarded

SECONDS: Final = 60.0
SECONDS_PER_MB: Final = 10.0
MEGABYTES: Final = 1024
MEGABYTES_PER_MB: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """The running text of a PDF.

    ``left_out`` counts the characters that are not in ``text``, by kind: ``head``, ``foot``, ``page_number``,
    ``line_number`` (in the margin), ``sideways``, ``outside`` (of the page that is shown), ``unmapped`` (the font does
    not say which letter), ``private`` (only the font knows what its character means).
    ``pages_without_text`` are scanned pages among others that hold text.
    """

    text: str
    pages: int
    pages_without_text: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLayout:
    """The pages of a PDF as they are laid out; ``left_out`` as in :class:`PdfText`."""

    pages: tuple[str, ...]
    pages_without_text: int
    left_out: Mapping[str, int]


def read_pdf(body: bytes) -> PdfText:
    """Return the text of a PDF in reading order: paragraphs and lists parted as they are on the page.

    Raises:
        NotTextError: no PDF, or one without a text layer (a scan).
        EmptyRecordError: no bytes, or nothing shown.
        BrokenRecordError: cut short, encrypted, damaged, beyond reason, or not read within its time and memory.
    """
    value = guarded_pdf(_text, body)
    return PdfText(**value)


def read_pdf_layout(body: bytes) -> PdfLayout:
    """Return the pages of a PDF line by line: a gap of three spaces or more is wide on the page as well.

    Columns stand one below the other; running heads, feet and page numbers are out. Lines keep their indentation
    (in letters of average width), words divided at the end of a line stay divided. Raises what :func:`read_pdf` does.
    """
    value = guarded_pdf(_layout, body)
    return PdfLayout(**{**value, "pages": tuple(value["pages"])})


def guarded_pdf(function: Callable[[bytes], dict[str, JSON]], body: bytes) -> dict[str, Any]:
    """Return what ``function`` makes of a PDF, in a process that has time and memory by the file's size.

    Raises:
        RecordError: ``function`` raised it, or was stopped.
    """
    size = len(body) / 1_000_000
    value = guarded(
        function,
        body,
        seconds=SECONDS + SECONDS_PER_MB * size,
        megabytes=int(MEGABYTES + MEGABYTES_PER_MB * size),
    )
    assert isinstance(value, dict)  # noqa: S101 - what the functions return
    return value


def _text(body: bytes) -> dict[str, JSON]:
    """Read the running text. In the guarded process, as is all below."""
    from sources.readers._pdf_margins import take_margins
    from sources.readers._pdf_pages import read_pages
    from sources.readers._pdf_paragraphs import running_text

    found = read_pages(body)
    found.left_out.update(take_margins(found.pages))
    text = running_text(found.pages)
    if not text:
        raise EmptyRecordError("holds no text beside running heads and page numbers")
    return {
        "text": text,
        "pages": len(found.pages),
        "pages_without_text": found.without_text,
        "left_out": dict(sorted(found.left_out.items())),
    }


def _layout(body: bytes) -> dict[str, JSON]:
    from sources.readers._pdf_layout import laid_out
    from sources.readers._pdf_margins import take_margins
    from sources.readers._pdf_pages import read_pages

    found = read_pages(body, tables=False)
    found.left_out.update(take_margins(found.pages))
    return {
        "pages": [laid_out(page) for page in found.pages],
        "pages_without_text": found.without_text,
        "left_out": dict(sorted(found.left_out.items())),
    }
