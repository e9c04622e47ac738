"""From the lines of a PDF's pages to running text: paragraphs whole over columns and pages, notes at the end."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final, Literal

from sources.readers._hyphens import joined
from sources.readers._pdf_columns import zones
from sources.readers._pdf_rows import Line, lines

if TYPE_CHECKING:
    from sources.readers._pdf_pages import Page

Break = Literal["join", "line", "paragraph"]

_SMALLER: Final = 0.93
"""Of the size of the running text: notes are at most so large."""
_NOTE: Final = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d{1,3}(?!\d)[.)]?|\*{1,3}\)?)\s*(?=\S)")
_LEVEL_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTES_MISSED: Final = 3
_LOW_NUMBER: Final = re.compile(r"\d+\. [a-zæøå]")
_ENDS: Final = (".", ":", ";", "?", "!", ".”", ".“", ".«", ".»", ".)", "?”", "!”", '."')
_FULL_STOPS: Final = (".", "?", "!", ".”", ".“", ".«", ".»", ".)", "?”", "!”", '."')
_WEB: Final = re.compile(r"(?:www\.|https?:|\S+@)\S")
_SIZE: Final = 0.08
"""Of the font size: text of another size is no part of the paragraph."""
_LEADING: Final = 1.35
"""Of the usual distance of lines: a larger one is a paragraph's."""
_INDENT: Final = (0.6, 4.0)
"""Of the font size: how far the first line of a paragraph may stand in."""
_SHIFT: Final = 6.0
"""Of the font size: lines that begin so far from each other do not belong together, unless a word goes on."""
_SHORT: Final = 0.12
"""Of the width of the column: a line that ends so early, where a word more had fitted, was ended on purpose."""

_NARROW: Final = 26
"""Characters to a line, on average."""
_FEW: Final = 12
_FLUSH: Final = 1.5
"""Points within which lines end at the same edge."""
_VERY_SHORT: Final = 0.3
"""The same where no sentence ends there: a line of an address, or of a heading."""


@dataclass(slots=True)
class _Column:
    """The lines of a zone, with its edges and the usual distance of its lines, in points."""

    lines: list[Line]
    left: float
    right: float
    leading: float
    hanging: bool | None
    """Whether the items of its lists go on to the right of their labels; nothing where none goes on."""

    @property
    def narrow(self) -> bool:
        """Whether its lines are those of an address rather than of running text."""
        few = len(self.lines) <= _FEW
        return few and sum(len(line.text) for line in self.lines) < _NARROW * len(self.lines)

    def flush(self, line: Line) -> bool:
        """Say whether a line reaches the right edge of a column that is set flush there: it is no paragraph's last."""
        reaching = sum(abs(other.x1 - self.right) < _FLUSH for other in self.lines)
        return 2 * reaching > len(self.lines) and abs(line.x1 - self.right) < _FLUSH


def running_text(pages: list[Page]) -> str:
    """Return the text of all pages; what is a note at the foot of a page stands at the end under "Noter"."""
    columns = [[_column(lines(zone)) for zone in zones(page.pieces)] for page in pages]
    size = _usual_size(columns)
    notes: list[str] = []
    found: list[str] = []
    last: tuple[Line, _Column] | None = None
    for page in columns:
        for column in page:
            _take_notes(column, size, notes)
            for number, line in enumerate(column.lines):
                if last is None:
                    found.append(line.text)
                else:
                    how = _within(column, number) if number else _across(last, line)
                    _append(found, line.text, how)
                    if how == "join" and last[0].kind == "item":
                        line.kind, line.hang = "item", max(last[0].hang, line.x0 if last[0].hang <= last[0].x0 else 0)
                last = (line, column)
    if notes:
        found += ["\n\nNoter\n", "\n".join(notes)]
    return "".join(found).strip()


def _append(found: list[str], text: str, how: Break) -> None:
    if how == "join":
        found[-1] = joined(found[-1], text)
    else:
        found += ["\n" if how == "line" else "\n\n", text]


def _column(found: list[Line]) -> _Column:
    right = sorted(line.x1 for line in found)[-1 - len(found) // 10]
    steps = [above.y - line.y for above, line in itertools.pairwise(found)]
    size = median(line.size for line in found)
    close = sorted(step for step in steps if 0.8 * size < step < 2.2 * size)
    leading = close[len(close) // 3] if close else 1.25 * size
    return _Column(found, min(line.x0 for line in found), right, leading, _hanging(found))


def _hanging(found: list[Line]) -> bool | None:
    """Say whether items go on to the right of their labels; nothing where no item goes on over a line."""
    shifts = [
        below.x0 - item.x0 - _INDENT[0] * item.size
        for item, below in itertools.pairwise(found)
        if item.kind == "item" and below.kind == "text" and below.text[0].islower()
    ]
    return min(shifts) > 0 if shifts else None


def _usual_size(columns: list[list[_Column]]) -> float:
    sizes: Counter[float] = Counter()
    for page in columns:
        for column in page:
            for line in column.lines:
                sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _take_notes(column: _Column, size: float, notes: list[str]) -> None:
    """Move the notes at the foot of a column to ``notes``: small lines of which the first begins with a label."""
    start = len(column.lines)
    while start and column.lines[start - 1].size <= _SMALLER * size and column.lines[start - 1].kind != "row":
        start -= 1
    small = column.lines[start:]
    if notes and small and small[0].text[0].islower():
        first = 0  # a note of the page before goes on
    else:
        first = next((n for n, line in enumerate(small) if _starts_note(line.text, notes)), len(small))
    for line in small[first:]:
        if _starts_note(line.text, notes):
            notes.append(_NOTE.sub(r"\1 ", line.text, count=1))
        else:
            notes[-1] = joined(notes[-1], line.text)
    del column.lines[start + first :]


def _starts_note(text: str, notes: list[str]) -> bool:
    """Say whether a line begins with the label of the next note: of the first, or of one soon after the last."""
    match = _NOTE.match(text)
    if match is None:
        return False
    number = _label_number(match[1])
    before = _NOTE.match(notes[-1]) if notes else None
    last = _label_number(before[1]) if before else 0
    return number is None or last is None or number == 1 or 0 < number - last <= _NOTES_MISSED


def _label_number(label: str) -> int | None:
    digits = label.translate(_LEVEL_DIGITS).rstrip(".)")
    return int(digits) if digits.isdecimal() else None


def _within(column: _Column, number: int) -> Break:
    """Say how a line goes on from the one above it in the same column."""
    above, line = column.lines[number - 1], column.lines[number]
    if "row" in (above.kind, line.kind):
        return "line" if above.kind == line.kind and not line.begins else "paragraph"
    if above.y - line.y > _LEADING * max(column.leading, 1.05 * line.size):
        return "paragraph" if line.kind != "item" or above.kind != "item" else "line"
    if abs(above.size - line.size) > _SIZE * max(above.size, line.size):
        return "paragraph"
    if line.kind == "item" and not _wraps_label(above, line):
        return "paragraph" if above.kind == "text" and above.text.endswith(_FULL_STOPS) else "line"
    how = _after_item(column, above, line) if above.kind == "item" else "join"
    return how if how != "join" else _same_block(column, above, line)


def _after_item(column: _Column, above: Line, line: Line) -> Break:
    """Say whether a line to the left of an item's text, that is no item itself, ends its list.

    Where no item goes on over a line, so that nothing shows where such lines begin, it does if a sentence ended.
    """
    if column.hanging is False or line.text[0].islower() or above.text.endswith("-"):
        return "join"
    out = above.hang - line.x0 > _INDENT[0] * line.size
    ended = above.text.endswith((*_ENDS, ",", " og", " eller"))
    if column.hanging:
        return "paragraph" if out or line.x0 < above.x0 + 1 else "join"
    return "paragraph" if out and ended else "join"


def _wraps_label(above: Line, line: Line) -> bool:
    """Say whether what looks like a label belongs to the text above: "§" and "5.", "den" and "3. marts"."""
    if above.text.endswith(("§", " nr.", " stk.", " kap.", " pkt.", " art.")):
        return True
    if line.x0 > max(above.x0, above.hang) + 1:
        return False
    return _LOW_NUMBER.match(line.text) is not None and not above.text.endswith((*_ENDS, ",", " og", " eller"))


def _same_block(column: _Column, above: Line, line: Line) -> Break:
    starts_low = above.text.endswith("-") or (line.text[0].islower() and not _WEB.match(line.text))
    ended = above.text.endswith(_ENDS)
    if above.bold != line.bold and not starts_low and (ended or _ended_early(column, above, line)):
        return "paragraph"
    low, high = (share * line.size for share in _INDENT)
    indent = line.x0 - (above.hang if above.kind == "item" else min(above.x0, column.left))
    if low < indent < high and above.x0 - column.left < low and not starts_low and above.kind != "item":
        return "paragraph"
    if not starts_low and (column.narrow or abs(above.x0 - line.x0) > _SHIFT * line.size):
        return "line"
    if not starts_low and _ended_early(column, above, line):
        return "paragraph" if above.kind == "item" or (ended and not above.text.endswith((";", ":"))) else "line"
    return "join"


def _ended_early(column: _Column, above: Line, line: Line) -> bool:
    room = column.right - above.x1
    share = _SHORT if above.text.endswith(_ENDS) else _VERY_SHORT
    return room > line.first_word + 0.3 * line.size and room > share * (column.right - column.left)


def _across(last: tuple[Line, _Column], line: Line) -> Break:
    """Say how the first line of a column goes on from the last one of the column before."""
    above, column = last
    starts_low = line.text[0].islower() or above.text.endswith("-")
    if "row" in (above.kind, line.kind) or line.kind == "item":
        return "line" if above.kind == line.kind else "paragraph"
    if _other_letters(above, line) or (column.narrow and not starts_low):
        return "paragraph"
    if starts_low:
        return "join"
    ended = above.text.endswith(_ENDS) and not column.flush(above)
    return "paragraph" if ended or _ended_early(column, above, line) else "join"


def _other_letters(above: Line, line: Line) -> bool:
    return abs(above.size - line.size) > _SIZE * max(above.size, line.size) or above.bold != line.bold
