"""Finding the passage relied on in the text of evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from licensing.page_text import folded


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: offsets in characters of the cleaned text, and its line there (the first is 1)."""

    start: int
    end: int
    line: int


def find_quote(text: str, quote: str) -> Place | None:
    """Return where ``quote`` stands in ``text`` for the first time, however both are spaced; ``None`` if nowhere."""
    wanted = folded(quote).split()
    if not wanted:
        return None
    match = re.search(r"\s+".join(map(re.escape, wanted)), text)
    return Place(match.start(), match.end(), text.count("\n", 0, match.start()) + 1) if match else None
