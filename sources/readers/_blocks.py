"""Blocks of text as word processors and browsers show them: paragraphs, items of lists, rows of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["text", "item", "row"]

RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Figures set high: the numbers of notes, and powers."""

_SPACES: Final = re.compile(r"\s+")
LONG_CELL: Final = 1_500
"""Characters: with more in a cell a table only lays out a page."""
_LINES_IN_CELL: Final = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list or a row of a table; a line feed within is a line ended on purpose."""

    text: str
    kind: Kind = "text"


def together(blocks: Iterable[Block]) -> str:
    """Return blocks as text: a blank line between them, none within a list or a table."""
    found: list[str] = []
    last: Kind = "text"
    for block in blocks:
        close = block.kind == last != "text"
        found += ["" if not found else "\n" if close else "\n\n", block.text]
        last = block.kind
    return "".join(found)


def row(cells: Sequence[Sequence[Block]]) -> list[Block]:
    """Return a row of a table as one line, its cells parted by " | "; nothing for an empty one.

    A row with much in a cell, or of one cell, is only laid out as a table: it gives the blocks of its cells.
    """
    texts = [" ".join(block.text for block in cell) for cell in cells]
    if not any(texts):
        return []
    if len(cells) == 1 or max(map(len, texts)) > LONG_CELL or max(map(len, cells)) > _LINES_IN_CELL:
        return [block for cell in cells for block in cell]
    return [Block(row_text(texts), "row")]


def row_text(texts: Sequence[str]) -> str:
    """Return the cells of a row as one line, parted by " | "; empty ones at its end are left out."""
    return _SPACES.sub(" ", " | ".join(texts)).strip().rstrip(" |")
