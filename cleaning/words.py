"""Words, tokens and kinds of characters of many texts at once: passes over bytes, no Python per word.

``frisat-words-1``: a token is a longest run of letters, numbers and combining marks (Unicode ``L``, ``N``, ``M``), or
one other character that is no white space and no control. A word is a token of the first kind.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from cleaning.duplicates.tokens import hash_words, whole_words

TOKENIZER = "frisat-words-1"
VERSION = 5

_SPACE, _SIGN, _SYMBOL, _LETTER, _NUMBER = range(5)
_KINDS = {"L": _LETTER, "M": _LETTER, "N": _NUMBER, "S": _SYMBOL, "P": _SIGN, "Z": _SPACE, "C": _SPACE}
_TABLE_SIZE = 0x20000
_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in each text; arrays of one number a text."""

    characters: np.ndarray
    words: np.ndarray
    tokens: np.ndarray
    symbols: np.ndarray
    numbers: np.ndarray
    of_letters: np.ndarray
    """Words of letters and marks alone."""
    known: np.ndarray | None
    """Of these, those that the caller knows; none if it was not asked."""
    exact: list[bytes]
    """Of each a hash of 16 bytes that texts share which differ in white space and case alone."""


@cache
def _table() -> np.ndarray:
    """Return the kind of each code point below 0x20000; the last entry stands for the ideographs beyond."""
    kinds = bytes(_KINDS[unicodedata.category(chr(point))[0]] for point in range(_TABLE_SIZE))
    return np.frombuffer(kinds + bytes([_LETTER]), dtype=np.uint8)


@cache
def _of_bytes() -> bytes:
    """Return the kind of each byte: those beyond ASCII pass for letters until they are looked at."""
    return bytes(_table()[:128]) + bytes([_LETTER]) * 128


@cache
def _lower() -> np.ndarray:
    """Return the lower-case form of each code point below 0x20000, where it is one code point of as many bytes."""

    def form(point: int) -> int:
        lower = chr(point).lower() if not 0xD800 <= point < 0xE000 else ""
        return ord(lower) if len(lower) == 1 and _length(ord(lower)) == _length(point) else point

    return np.array([*map(form, range(_TABLE_SIZE)), 0], dtype=np.uint32)


def _length(point: int) -> int:
    """Return how many bytes UTF-8 takes for a code point."""
    return 1 + (point >= 0x80) + (point >= 0x800) + (point >= 0x10000)


@dataclass(frozen=True, slots=True)
class _Block:
    """Where the words of a run of bytes begin, their hashes, and which are of letters alone; where other signs are.

    ``lower`` is the run in lower case.
    """

    lower: bytes
    begins: np.ndarray
    hashes: np.ndarray
    of_letters: np.ndarray
    symbols: np.ndarray
    signs: np.ndarray
    numbers: np.ndarray


def _block(block: bytes) -> _Block:
    padded = bytearray(b"\n" + block.translate(_LOWER) + b"\n" * 8)
    kinds = np.frombuffer(bytearray(padded.translate(_of_bytes())), dtype=np.uint8)
    lower = np.frombuffer(padded, dtype=np.uint8)
    _beyond_ascii(lower, kinds)
    edges = np.flatnonzero(np.diff((kinds >= _LETTER).view(np.int8)))
    begins, ends = edges[::2] + 1, edges[1::2] + 1
    rare = np.flatnonzero((kinds != _LETTER) & (kinds != _SPACE))
    symbols, signs, numbers = (rare[kinds[rare] == kind] for kind in (_SYMBOL, _SIGN, _NUMBER))
    of_letters = np.ones(len(begins), bool)
    of_letters[np.searchsorted(begins, numbers, side="right") - 1] = False
    hashes = hash_words(lower, begins, ends - begins)
    return _Block(bytes(padded[1:-8]), begins - 1, hashes, of_letters, symbols - 1, signs - 1, numbers - 1)


def _beyond_ascii(lower: np.ndarray, kinds: np.ndarray) -> None:
    """Give the bytes of characters beyond ASCII their kind and their lower-case form, in place."""
    leads = np.flatnonzero(lower >= 0xC2)
    first = lower[leads]
    for size, begin, end in ((2, 0xC2, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0xF8)):
        here = leads[(first >= begin) & (first < end)]
        points: np.ndarray = (lower[here] & (0xFF >> (size + 1))).astype(np.uint32)
        for offset in range(1, size):
            points = points << np.uint32(6) | (lower[here + offset] & 0x3F)
        found = _table().take(points, mode="clip")
        if (others := np.flatnonzero(found != _LETTER)).size:
            kinds[here[others]] = found[others]
            # The bytes that follow are neither counted nor, unless it is a number, within a word.
            for offset in range(1, size):
                kinds[here[others] + offset] = np.where(found[others] == _NUMBER, _LETTER, _SPACE)
        forms = _lower().take(points, mode="clip")
        if (capitals := np.flatnonzero((forms != points) & (points < _TABLE_SIZE))).size:
            rest = forms[capitals]
            for offset in range(size - 1, 0, -1):
                lower[here[capitals] + offset] = 0x80 | rest & 0x3F
                rest = rest >> np.uint32(6)
            lower[here[capitals]] = (0xF00 >> size) & 0xFF | rest


def hashes_of(words: Sequence[str]) -> np.ndarray:
    """Return the hash of each word: 64 bits of its lower-case form, the same in every text and process.

    Args:
        words: each one word of ``frisat-words-1``.
    """
    found = [_block(block).hashes for _, block in whole_words("\n".join([*words, ""]).encode())]
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def count(texts: Sequence[str], known: Callable[[np.ndarray], np.ndarray] | None = None) -> Counts:
    """Count characters, words, tokens, symbols (Unicode ``S``) and numbers (``N``) of each text.

    Args:
        texts: any texts.
        known: told the hashes of words of letters alone, returns for each whether it is to be counted as known.
    """
    encoded = [text.encode() for text in texts]
    totals = {
        name: np.zeros(len(texts), np.int64) for name in ("words", "symbols", "signs", "numbers", "letters", "known")
    }
    # Each text ends in a line end, which is no token: no text is empty, and none runs into the next.
    starts = np.concatenate([[0], np.cumsum([len(text) + 1 for text in encoded], dtype=np.int64)])

    def add(name: str, places: np.ndarray) -> None:
        before = np.searchsorted(places, here)
        totals[name][first:last] += np.diff(before)

    lower = bytearray()
    for start, block in whole_words(b"\n".join([*encoded, b""])):
        found = _block(block)
        lower += found.lower
        first = int(np.searchsorted(starts, start, side="right")) - 1
        last = int(np.searchsorted(starts, start + len(block), side="left"))
        here = starts[first : last + 1] - start
        add("words", found.begins)
        for name in ("symbols", "signs", "numbers"):
            add(name, getattr(found, name))
        add("letters", found.begins[found.of_letters])
        if known is not None:
            add("known", found.begins[found.of_letters][known(found.hashes[found.of_letters])])
    return Counts(
        np.array([len(text) for text in texts], dtype=np.int64),
        totals["words"],
        totals["words"] + totals["symbols"] + totals["signs"],
        totals["symbols"],
        totals["numbers"],
        totals["letters"],
        totals["known"] if known is not None else None,
        [_exact(lower[start : end - 1]) for start, end in pairwise(starts.tolist())],
    )


def _exact(lower: bytearray) -> bytes:
    normal = lower.replace(b"\n\n", b" ").replace(b"\n", b" ").strip()
    if b"  " in normal:
        normal = bytearray(b" ").join(normal.split())
    return hashlib.blake2b(normal, digest_size=16, person=b"frisat-exact").digest()
