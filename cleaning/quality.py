"""Plain measures of a text. None of them excludes anything by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from cleaning.words import Counts
from frisat.schema import QUALITY

VERSION = 2


def measure(texts: Sequence[str], counts: Counts) -> pa.StructArray:
    """Return words, and the shares of repeated lines, symbols and digits of each text.

    ``symbols`` is the share of characters of the Unicode category S (such as ``=``, ``|``, ``€``, ``■``), ``digits``
    that of category N; ``duplicate_lines`` that of non-empty lines which stood earlier in the text. ``lexicon`` and
    ``ocr_confidence`` are null where nothing measures them.
    """
    length = np.maximum(counts.characters, 1)
    nothing = pa.nulls(len(texts), pa.float32())
    columns = [
        pa.array(counts.words.astype(np.int32)),
        pa.array([_duplicate_lines(text) for text in texts], pa.float32()),
        pa.array((counts.symbols / length).astype(np.float32)),
        pa.array((counts.numbers / length).astype(np.float32)),
        nothing,
        nothing,
    ]
    return pa.StructArray.from_arrays(columns, fields=list(QUALITY))


def _duplicate_lines(text: str) -> float:
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    return 1.0 - len(set(lines)) / len(lines) if lines else 0.0
