"""The words of a PDF page with their places, as PDFium finds them."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium

from sources.readers._characters import count_private, readable

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS: Final = 400_000
"""On one page; a page of small print holds 10,000."""

_GAP: Final = 0.15
"""Of the font size: a wider gap between two letters is a space. Spaces are 0.25 wide, kerning stays under 0.1."""
_DRIFT: Final = 0.06
"""Of the font size: how far the base line may move within a word."""
_SPACES: Final = frozenset([0, 9, 10, 11, 12, 13, 32, 0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200C)])
_LINE_ENDS: Final = frozenset([10, 13])
_HYPHEN_AT_LINE_END: Final = 2
_SOFT_HYPHEN: Final = 0xAD
"""What is drawn is seen: fonts that call their hyphen so are common."""
_FIRST_PRIVATE: Final = 0xD800
_BOLD: Final = 600
_BOLD_NAME: Final = re.compile(rb"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)
_FONT_NAME: Final = 128
"""Bytes of a font's name; most are shorter than 40."""
_SKEW: Final = 15.0
"""Degrees: text set more aslant is no part of the lines."""
_MARGIN: Final = 2.0


@dataclass(slots=True)
class Word:
    """Letters without a space: from ``x0`` to ``x1`` on the base line ``y`` (points, upwards), of a font size.

    ``space`` is how many spaces stand before it in the file: none where it follows the word before directly.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    space: int


@dataclass(slots=True)
class Words:
    """The words of a page in the file's order, and how many characters were not taken, by kind."""

    words: list[Word]
    left_out: Counter[str]
    unmapped: int
    turn: int


@dataclass(slots=True)
class _Run:
    """The letters of one word: where the first and the last stand, and the first one's number on the page."""

    x0: float
    x1: float
    y: float
    index: int
    spaces: int
    codes: list[int]


def read_words(text_page: Any, box: tuple[float, float, float, float]) -> Words:
    """Return the words that stand upright within ``box`` (left, bottom, right, top), whatever way the page is turned.

    Args:
        text_page: a ``pypdfium2.PdfTextPage``.
        box: the part of the page that is shown.
    """
    raw, count = text_page.raw, text_page.count_chars()
    turn = _turn(raw, count)
    found = Words([], Counter(), 0, turn)
    fonts = _Fonts(raw)
    for run in _runs(raw, count, turn, box, found):
        word = _word(raw, run, turn, found, fonts)
        if word is None:
            found.left_out["sideways"] += len(run.codes)
        elif word.text:
            found.words.append(word)
    found.words = list(_once(found.words))
    return found


def _turn(raw: Any, count: int) -> int:
    """Return by how many degrees, of 0, 90, 180 and 270, most of the text is turned."""
    turns: Counter[int] = Counter()
    for index in range(0, count, max(1, count // 64)):
        if pdfium.FPDFText_GetUnicode(raw, index) not in _SPACES:
            turns[round((_angle(raw, index) or 0) / 90) % 4 * 90] += 1
    return turns.most_common(1)[0][0] if turns else 0


def _angle(raw: Any, index: int) -> float | None:
    """Return by how many degrees a letter is turned, counterclockwise, if its font's matrix says so."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        return None
    return math.degrees(math.atan2(matrix.b, matrix.a))


def _place(turn: int, rect: Any, x: float, y: float) -> tuple[float, float, float]:
    """Return where a letter begins and ends along its line, and the height of its base line."""
    if turn == 0:
        return rect.left, rect.right, y
    if turn == 90:
        return rect.bottom, rect.top, -x
    if turn == 180:
        return -rect.right, -rect.left, -y
    return -rect.top, -rect.bottom, x


def _runs(raw: Any, count: int, turn: int, box: tuple[float, float, float, float], found: Words) -> Iterator[_Run]:
    """Yield the letters of one word at a time. This loop is where reading a PDF spends its time."""
    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    at_rect, at_x, at_y = ctypes.byref(rect), ctypes.byref(x), ctypes.byref(y)
    unicode_of, box_of, origin_of = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharOrigin,
    )
    left, bottom, right, top = box[0] - _MARGIN, box[1] - _MARGIN, box[2] + _MARGIN, box[3] + _MARGIN
    run: _Run | None = None
    spaces, end, line, size = 0, 0.0, 0.0, 1.0
    for index in range(count):
        code = unicode_of(raw, index)
        if code in _SPACES:
            spaces += code not in _LINE_ENDS
            if code == 0 and not pdfium.FPDFText_IsGenerated(raw, index):
                found.unmapped += 1
            continue
        if not box_of(raw, index, at_rect) or not origin_of(raw, index, at_x, at_y):
            continue
        if not (left <= x.value <= right and bottom <= y.value <= top):
            found.left_out["outside"] += 1
            continue
        x0, x1, base = _place(turn, rect, x.value, y.value)
        if run is None or spaces or not -size < x0 - end < size * _GAP or abs(base - line) > size * _DRIFT:
            if run is not None:
                yield run
            run = _Run(x0, x1, base, index, spaces, [code])
            size = max(rect.top - rect.bottom if turn in (0, 180) else rect.right - rect.left, 0.1)
        else:
            run.codes.append(code)
            run.x1 = x1
        spaces, end, line = 0, x1, base
    if run is not None:
        yield run


def _word(raw: Any, run: _Run, turn: int, found: Words, fonts: _Fonts) -> Word | None:
    """Return the word that ``run`` spells, or nothing where it stands at an angle to the rest."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(raw, run.index)
    bold = fonts.bold(run.index)
    if pdfium.FPDFText_GetMatrix(raw, run.index, ctypes.byref(matrix)):
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) - turn
        if _SKEW < angle % 360 < 360 - _SKEW:
            return None
        size *= math.hypot(matrix.c, matrix.d)
    if _SOFT_HYPHEN in run.codes or max(run.codes) >= _FIRST_PRIVATE or min(run.codes) < 32:
        letters = "".join(_letter(raw, run.index + place, code) for place, code in enumerate(run.codes))
        found.unmapped += len(run.codes) - len(letters)
        if private := count_private(letters):
            found.left_out["private"] += private
    else:
        letters = "".join(map(chr, run.codes))
    return Word(readable(letters), run.x0, max(run.x1, run.x0), run.y, max(size, 0.1), bold, run.spaces)


class _Fonts:
    """Tells whether letters are bold, by the name of their font; by its weight where the name says nothing.

    PDFium guesses the weight from the stems: of some fonts the italic letters are heavier by it than the bold ones.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._name, self._flags = ctypes.create_string_buffer(_FONT_NAME), ctypes.c_int()
        self._at_flags = ctypes.byref(self._flags)
        self._bold: dict[bytes, bool] = {}

    def bold(self, index: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, _FONT_NAME, self._at_flags)
        if not 1 < length <= _FONT_NAME:
            return bool(pdfium.FPDFText_GetFontWeight(self._raw, index) >= _BOLD)
        name = self._name.value
        if name not in self._bold:
            self._bold[name] = _BOLD_NAME.search(name) is not None
        return self._bold[name]


def _letter(raw: Any, index: int, code: int) -> str:
    """Return the letter of a code, a hyphen for both of PDFium's ways to say one, nothing for what is no letter."""
    if code == _SOFT_HYPHEN or (code == _HYPHEN_AT_LINE_END and pdfium.FPDFText_IsHyphen(raw, index)):
        return "-"
    return chr(code) if 32 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""


def _once(words: list[Word]) -> Iterator[Word]:
    """Leave out words drawn a second time in nearly the same place, which is how some print bold."""
    drawn: set[tuple[str, int, int]] = set()
    for word in words:
        across, up = int(word.x0), int(word.y)
        near = ((word.text, across + i, up + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if len(word.text) > 1 and any(place in drawn for place in near):
            continue
        drawn.add((word.text, across, up))
        yield word
