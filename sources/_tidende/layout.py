"""The lines of a printed transcript out of its PDF, as its text has them: stamps, indentations, empty lines.

A transcript has one column, with times at the right edge of it, and no running heads. General rules of layout take a
few times that follow each other on a page of short lines for a column, and the name of who presides, at the top of
several pages, for a head; so here every row is read from left to right, and stays.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING, Final

from frisat.documents import JSON
from sources.readers.pdf import guarded_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.readers._pdf_lines import Stretch

    Row = list[Stretch]

_GAP: Final = "   "
_FAR: Final = "        "
_LEAST_INDENT: Final = 0.6
"""Of the type's size: what stands further from the left edge begins a paragraph."""
_INDENT: Final = 3.0
"""Of the type's size: what stands further yet is set in the middle, or at the right edge."""
_MAX_BLANK: Final = 3
_FEW_PAGES: Final = 6
_ENDS: Final = (".", "!", "?", ":", "«", "»", ")", "”")
_NUMBER: Final = re.compile(r"(?:[Ss]ide )?[0-9]{1,4}(?: (?:/|af) [0-9]{1,4})?")
_STAMP: Final = re.compile(r"Kl\. ?[0-9]{1,2}[:.][0-9]{2}")
_DIGITS: Final = re.compile(r"[0-9]+")


def read_print(body: bytes) -> tuple[str, Mapping[str, int]]:
    """Return the text of a PDF line by line, and how many characters are not in it, by kind.

    Raises:
        NotTextError: no PDF, or one without a text layer (a scan).
        EmptyRecordError: no bytes.
        BrokenRecordError: cut short, encrypted, damaged, or not read within its time and memory.
    """
    value = guarded_pdf(_read, body)
    text, left = value["text"], value["left_out"]
    assert isinstance(text, str)  # noqa: S101
    assert isinstance(left, dict)  # noqa: S101
    return text, {str(kind): int(str(characters)) for kind, characters in left.items()}


def _read(body: bytes) -> dict[str, JSON]:
    """Read a PDF. In the guarded process, as is all below."""
    from sources.readers._pdf_lines import rows
    from sources.readers._pdf_pages import read_pages

    found = read_pages(body)
    pages = [rows(page.pieces) for page in found.pages if page.pieces]
    found.left_out.update(_take_edges(pages))
    left: dict[str, JSON] = {kind: characters for kind, characters in sorted(found.left_out.items()) if characters}
    return {"text": "\n".join(_page_lines([page for page in pages if page])), "left_out": left}


def _take_edges(pages: list[list[Row]]) -> Counter[str]:
    """Take page numbers off the first and last rows of pages, and what stands there on most pages; count it.

    The chair's name, a time or a single word stands at the edge of many pages, but not of most of them.
    """
    left: Counter[str] = Counter()
    for edge, kind in ((0, "head"), (-1, "foot")):
        texts = [" ".join(piece.text for piece in page[edge]) if page else "" for page in pages]
        often = Counter(_DIGITS.sub("0", text) for text in texts)
        for page, text in zip(pages, texts, strict=True):
            number = _NUMBER.fullmatch(text)
            running = 2 * often[_DIGITS.sub("0", text)] > max(len(pages), _FEW_PAGES) and not _STAMP.fullmatch(text)
            if page and (number or running):
                left["page_number" if number else kind] += len("".join(text.split()))
                del page[edge]
    return left


def _page_lines(pages: list[list[Row]]) -> Iterator[str]:
    last: Row | None = None
    for page in pages:
        ends = sorted(row[-1].x1 for row in page)
        right = ends[len(ends) * 19 // 20]  # not the last: a line or two may stick out
        first = page[0][0]
        # A sentence's last line that had room for the word that follows was a paragraph's last.
        if last is not None and last[-1].text.endswith(_ENDS):
            room = right - last[-1].x1 - first.size / 2
            if first.first_word < room:
                yield ""
        yield from _lines(page)
        last = page[-1]


def _lines(page: list[Row]) -> Iterator[str]:
    size = median(row[0].size for row in page)
    left = _left(page)
    steps = [above[0].y - row[0].y for above, row in itertools.pairwise(page)]
    close = [step for step in steps if 0.8 * size < step < 2.2 * size]
    leading = max(median(close) if close else 1.2 * size, 1.0)
    for step, row in zip([0.0, *steps], page, strict=True):
        yield from [""] * min(_MAX_BLANK, max(0, round(step / leading) - 1))
        yield _line(row, (row[0].x0 - left) / size)


def _left(found: list[Row]) -> float:
    """Return where most lines begin."""
    places = Counter(round(row[0].x0) for row in found)
    most = max(places.values())
    return min(place for place, times in places.items() if 2 * times >= most)


def _line(row: Row, indent: float) -> str:
    before = "" if indent < _LEAST_INDENT else _GAP if indent < _INDENT else _FAR
    return before + _GAP.join(piece.text for piece in row)
