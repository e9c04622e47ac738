"""From the words of a PDF page to stretches of text on one base line, and to rows of such stretches."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sources.readers._pdf_words import Word

_WIDE: Final = 2.0
"""Of the font size: justified text parts words by no more, where one space stands between them."""
_NARROW: Final = 0.9
"""Of the font size: without a space, or with several, a wider gap is a tab or the edge of a cell."""
_TAB: Final = 0.5
"""Of the font size: a wider gap after the label of an item is a tab."""
_SAME_LINE: Final = 0.3
_RAISED: Final = 0.6
_FIGURES: Final = re.compile(r"[-–+]?\d[\d.,%]*[-–+]?[\d.,%]*")
"""Two figures: so far apart they are two cells."""
_SPACED_LETTERS: Final = 5
_LEADERS: Final = re.compile(r"\s*(?:(?:[._]\s?){5,}|…(?:\s?…)+)\s*")
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Stretch:
    """Text on one base line ``y`` without a wide gap, from ``x0`` to ``x1`` (points, upwards)."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    first_word: float
    """The width of the first word: what a line above would have needed to hold it."""
    hang: float | None = None
    """Where the text begins after the first word, if a tab parts them."""
    row: int = 0
    """Whether this is a whole row of a table, with all its cells: 1 for the first of a table, 2 for others."""


def stretches(words: Iterable[Word]) -> list[Stretch]:
    """Join words that follow each other in the file and on the page."""
    chains: list[list[Word]] = []
    for word in words:
        if chains and _follows(chains[-1], word):
            chains[-1].append(word)
        else:
            chains.append([word])
    return [stretch for chain in chains if (stretch := _stretch(chain)).text]


def _follows(chain: list[Word], word: Word) -> bool:
    before = chain[-1]
    size = max(before.size, word.size)
    smaller = min(before.size, word.size) < (0.95 if _is_mark(before) or _is_mark(word) else 0.85) * size
    if abs(word.y - before.y) > size * (_RAISED if smaller else _SAME_LINE):
        return False
    gap = word.x0 - before.x1
    figures = word.space == 1 and gap > _NARROW * size and _FIGURES.fullmatch(before.text + word.text)
    return -0.5 * size < gap < size * (_WIDE if word.space == 1 and not figures else _NARROW)


def _is_mark(word: Word) -> bool:
    return len(word.text) < 4 and word.text.isdecimal()


def _stretch(chain: list[Word]) -> Stretch:
    main = max(chain, key=lambda word: word.size * min(len(word.text), 4))
    pieces: list[str] = []
    for number, word in enumerate(chain):
        text, gap = word.text, word.x0 - chain[number - 1].x1
        if word.size < 0.95 * main.size and word.y - main.y > 0.15 * main.size and text.isdecimal():
            text = text.translate(_SUPERSCRIPT)
            apart = gap > 0.3 * main.size
        else:
            apart = word.space > 0 or gap > 0.15 * word.size
        pieces.append(f" {text}" if number and apart else text)
    text = _tighten(chain) or "".join(pieces)
    return Stretch(
        text=_LEADERS.sub(" … ", text).strip(),
        x0=chain[0].x0,
        x1=max(word.x1 for word in chain),
        y=main.y,
        size=main.size,
        bold=sum(len(word.text) for word in chain if word.bold) * 2 > sum(len(word.text) for word in chain),
        first_word=chain[0].x1 - chain[0].x0,
        hang=chain[1].x0 if len(chain) > 1 and chain[1].x0 - chain[0].x1 > _TAB * main.size else None,
    )


def _tighten(chain: list[Word]) -> str | None:
    """Return the words of a line whose letters are set apart for emphasis, or nothing where they are not."""
    if len(chain) < _SPACED_LETTERS or any(len(word.text) > 1 or not word.text.isalpha() for word in chain):
        return None
    gaps = [word.x0 - before.x1 for before, word in itertools.pairwise(chain)]
    usual = median(gaps)
    letters = [word.text if gap < 1.7 * usual else f" {word.text}" for gap, word in zip(gaps, chain[1:], strict=True)]
    return chain[0].text + "".join(letters)


def rows(pieces: Iterable[Stretch]) -> list[list[Stretch]]:
    """Return stretches by row, from the top down, each row from left to right; neighbours that touch are joined."""
    found: list[list[Stretch]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.y, piece.x0)):
        whole = piece.row or (found and found[-1][0].row)
        if found and not whole and found[-1][0].y - piece.y < _SAME_LINE * min(piece.size, found[-1][0].size):
            found[-1].append(piece)
        else:
            found.append([piece])
    return [_joined(sorted(row, key=lambda piece: piece.x0)) for row in found]


def _joined(row: list[Stretch]) -> list[Stretch]:
    joined = row[:1]
    for piece in row[1:]:
        before = joined[-1]
        gap = piece.x0 - before.x1
        if gap > 0.6 * max(piece.size, before.size):
            joined.append(piece)
            continue
        apart = " " if gap > 0.1 * piece.size else ""
        joined[-1] = Stretch(
            text=f"{before.text}{apart}{piece.text}",
            x0=before.x0,
            x1=max(before.x1, piece.x1),
            y=before.y,
            size=max(before.size, piece.size),
            bold=before.bold and piece.bold,
            first_word=before.first_word,
            hang=before.hang,
        )
    return joined
