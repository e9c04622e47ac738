"""Plain measures of a text. None of them excludes anything by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from cleaning.words import Counts
from frisat.schema import QUALITY

VERSION = 3


def measure(texts: Sequence[str], counts: Counts) -> pa.StructArray:
    """Return words, and the shares of repeated lines, symbols, digits and known words of each text.

    ``symbols`` is the share of characters of the Unicode category S (such as ``=``, ``|``, ``€``, ``■``), ``digits``
    that of category N; ``duplicate_lines`` that of non-empty lines which stood earlier in the text. ``lexicon`` is the
    share of words, those with digits apart, that the Danish lexicon knows; null where there are none.
    ``ocr_confidence`` is null where the publisher gives none.
    """
    length = np.maximum(counts.characters, 1)
    columns = [
        pa.array(counts.words.astype(np.int32)),
        pa.array([_duplicate_lines(text) for text in texts], pa.float32()),
        pa.array((counts.symbols / length).astype(np.float32)),
        pa.array((counts.numbers / length).astype(np.float32)),
        _lexicon(counts),
        pa.nulls(len(texts), pa.float32()),
    ]
    return pa.StructArray.from_arrays(columns, fields=list(QUALITY))


def _lexicon(counts: Counts) -> pa.Array:
    if counts.known is None:
        return pa.nulls(len(counts.words), pa.float32())
    share = counts.known / np.maximum(counts.of_letters, 1)
    return pa.array(share.astype(np.float32), mask=counts.of_letters == 0)


def _duplicate_lines(text: str) -> float:
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    return 1.0 - len(set(lines)) / len(lines) if lines else 0.0
