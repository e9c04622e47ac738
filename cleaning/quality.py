"""Plain measures of a text. None of them excludes anything by itself."""

from __future__ import annotations

import pyarrow as pa

from cleaning.words import character_share, count_words
from frisat.schema import QUALITY

VERSION = 1


def measure(texts: pa.Array) -> pa.StructArray:
    """Return words, and the shares of repeated lines, symbols and digits of each text.

    ``symbols`` is the share of characters of the Unicode category S (such as ``=``, ``|``, ``€``, ``■``);
    ``duplicate_lines`` that of non-empty lines which stood earlier in the text. ``lexicon`` and ``ocr_confidence`` are
    null where nothing measures them.
    """
    nothing = pa.nulls(len(texts), pa.float32())
    columns = [
        count_words(texts),
        pa.array([_duplicate_lines(text) for text in texts.to_pylist()], pa.float32()),
        character_share(texts, r"\pS"),
        character_share(texts, r"\pN"),
        nothing,
        nothing,
    ]
    return pa.StructArray.from_arrays(columns, fields=list(QUALITY))


def _duplicate_lines(text: str) -> float:
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    return 1.0 - len(set(lines)) / len(lines) if lines else 0.0
