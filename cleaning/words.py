"""Words, tokens and kinds of characters of many texts at once: one pass over code points, no Python per word.

``frisat-words-1``: a token is a longest run of letters, numbers and combining marks (Unicode ``L``, ``N``, ``M``), or
one other character that is no white space and no control. A word is a token of the first kind.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

TOKENIZER = "frisat-words-1"
VERSION = 3

_SPACE, _SIGN, _SYMBOL, _LETTER, _NUMBER = range(5)
_KINDS = {"L": _LETTER, "M": _LETTER, "N": _NUMBER, "S": _SYMBOL, "P": _SIGN, "Z": _SPACE, "C": _SPACE}
_TABLE_SIZE = 0x20000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in each text; arrays of one number a text."""

    characters: np.ndarray
    words: np.ndarray
    tokens: np.ndarray
    symbols: np.ndarray
    numbers: np.ndarray


@cache
def _table() -> np.ndarray:
    """Return the kind of each code point below 0x20000; the last entry stands for the ideographs beyond."""
    kinds = bytes(_KINDS[unicodedata.category(chr(point))[0]] for point in range(_TABLE_SIZE))
    return np.frombuffer(kinds + bytes([_LETTER]), dtype=np.uint8)


def _kinds(joined: str) -> np.ndarray:
    kinds = np.empty(len(joined), dtype=np.uint8)
    table = _table()
    for start in range(0, len(joined), _CHUNK):
        points = np.frombuffer(joined[start : start + _CHUNK].encode("utf-32-le"), dtype=np.uint32)
        kinds[start : start + _CHUNK] = table[np.minimum(points, _TABLE_SIZE)]
    return kinds


def count(texts: Sequence[str]) -> Counts:
    """Count characters, words, tokens, symbols (Unicode ``S``) and numbers (``N``) of each text."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    if not len(texts):
        nothing = np.zeros(0, dtype=np.int64)
        return Counts(nothing, nothing, nothing, nothing, nothing)
    # Each text ends in a line end, which is no token: no text is empty, and none runs into the next.
    kinds = _kinds("\n".join([*texts, ""]))
    starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])
    in_word = kinds >= _LETTER
    begins = in_word.copy()
    begins[1:] &= ~in_word[:-1]

    def total(where: np.ndarray) -> np.ndarray:
        before = np.searchsorted(np.flatnonzero(where), np.append(starts, len(kinds)))
        sums: np.ndarray = np.diff(before).astype(np.int64)
        return sums

    words, symbols = total(begins), total(kinds == _SYMBOL)
    return Counts(lengths, words, words + symbols + total(kinds == _SIGN), symbols, total(kinds == _NUMBER))


def exact_hash(text: str) -> bytes:
    """Return a hash of 16 bytes that texts share which differ in white space and case alone."""
    normal = text.lower().replace("\n\n", " ").replace("\n", " ").strip()
    if "  " in normal:
        normal = " ".join(normal.split())
    return hashlib.blake2b(normal.encode(), digest_size=16, person=b"frisat-exact").digest()
