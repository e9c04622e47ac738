"""Words, tokens and kinds of characters of many texts at once: one pass over code points, no Python per word.

``frisat-words-1``: a token is a longest run of letters, numbers and combining marks (Unicode ``L``, ``N``, ``M``), or
one other character that is no white space and no control. A word is a token of the first kind.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

TOKENIZER = "frisat-words-1"
VERSION = 4

_SPACE, _SIGN, _SYMBOL, _LETTER, _NUMBER = range(5)
_KINDS = {"L": _LETTER, "M": _LETTER, "N": _NUMBER, "S": _SYMBOL, "P": _SIGN, "Z": _SPACE, "C": _SPACE}
_TABLE_SIZE = 0x20000
_CHUNK = 1 << 18
_BASE = 0x9E3779B97F4A7C15


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


@cache
def _table() -> np.ndarray:
    """Return the kind of each code point below 0x20000; the last entry stands for the ideographs beyond."""
    kinds = bytes(_KINDS[unicodedata.category(chr(point))[0]] for point in range(_TABLE_SIZE))
    return np.frombuffer(kinds + bytes([_LETTER]), dtype=np.uint8)


@cache
def _lower() -> np.ndarray:
    """Return the lower-case form of each code point below 0x20000, where it is one code point itself."""
    forms = (chr(point).lower() if not 0xD800 <= point < 0xE000 else "" for point in range(_TABLE_SIZE))
    return np.array([ord(form) if len(form) == 1 else point for point, form in enumerate(forms)], dtype=np.uint32)


@cache
def _powers(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the powers of ``_BASE`` modulo 2^64, and their inverses."""
    up, down = (np.full(length + 1, base, np.uint64) for base in (_BASE, pow(_BASE, -1, 1 << 64)))
    up[0] = down[0] = 1
    return np.cumprod(up), np.cumprod(down)


def _pieces(joined: str) -> Iterator[tuple[int, np.ndarray]]:
    """Yield pieces of at most ``_CHUNK`` code points with their places; cut between words, where there are any."""
    start = 0
    while start < len(joined):
        end = start + _CHUNK
        if end < len(joined):
            end = max(joined.rfind("\n", start, end), joined.rfind(" ", start, end)) + 1 or end
        yield start, np.frombuffer(joined[start:end].encode("utf-32-le"), dtype=np.uint32)
        start = end


@dataclass(frozen=True, slots=True)
class _Piece:
    """The words of a piece: where each begins, its hash, and whether it is of letters alone; counts of the rest."""

    begins: np.ndarray
    hashes: np.ndarray
    of_letters: np.ndarray
    symbols: np.ndarray
    signs: np.ndarray
    numbers: np.ndarray


def _piece(points: np.ndarray) -> _Piece:
    kinds = _table().take(points, mode="clip")
    edges = np.flatnonzero(np.diff((kinds >= _LETTER).view(np.int8), prepend=0, append=0))
    begins, ends = edges[::2], edges[1::2]
    rare = np.flatnonzero((kinds != _LETTER) & (kinds != _SPACE))
    symbols, signs, numbers = (rare[kinds[rare] == kind] for kind in (_SYMBOL, _SIGN, _NUMBER))
    of_letters = np.ones(len(begins), bool)
    of_letters[np.searchsorted(begins, numbers, side="right") - 1] = False
    return _Piece(begins, _hashes(points, begins, ends), of_letters, symbols, signs, numbers)


def _hashes(points: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return a hash of the code points of each word, from running sums of a polynomial modulo 2^64."""
    lower = _lower().take(points, mode="clip")
    if (beyond := points >= _TABLE_SIZE).any():
        lower = np.where(beyond, points, lower)
    up, down = _powers(_CHUNK)
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum(lower * up[: len(points)], out=sums[1:])
    hashes: np.ndarray = (sums[ends] - sums[begins]) * down[begins]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    return hashes


def hashes_of(words: Sequence[str]) -> np.ndarray:
    """Return the hash of each word: 64 bits of its lower-case form, the same in every text and process.

    Args:
        words: each one word of ``frisat-words-1``.
    """
    found = [_piece(points).hashes for _, points in _pieces("\n".join([*words, ""]))]
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def count(texts: Sequence[str], known: Callable[[np.ndarray], np.ndarray] | None = None) -> Counts:
    """Count characters, words, tokens, symbols (Unicode ``S``) and numbers (``N``) of each text.

    Args:
        texts: any texts.
        known: told the hashes of words of letters alone, returns for each whether it is to be counted as known.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    totals = {
        name: np.zeros(len(texts), np.int64) for name in ("words", "symbols", "signs", "numbers", "letters", "known")
    }
    # Each text ends in a line end, which is no token: no text is empty, and none runs into the next.
    starts = np.concatenate([[0], np.cumsum(lengths + 1)])

    def add(name: str, places: np.ndarray) -> None:
        before = np.searchsorted(places, here)
        totals[name][first:last] += np.diff(before)

    for start, points in _pieces("\n".join([*texts, ""])):
        piece = _piece(points)
        first = int(np.searchsorted(starts, start, side="right")) - 1
        last = int(np.searchsorted(starts, start + len(points), side="left"))
        here = starts[first : last + 1] - start
        add("words", piece.begins)
        for name in ("symbols", "signs", "numbers"):
            add(name, getattr(piece, name))
        add("letters", piece.begins[piece.of_letters])
        if known is not None:
            add("known", piece.begins[piece.of_letters][known(piece.hashes[piece.of_letters])])
    tokens = totals["words"] + totals["symbols"] + totals["signs"]
    return Counts(
        lengths,
        totals["words"],
        tokens,
        totals["symbols"],
        totals["numbers"],
        totals["letters"],
        totals["known"] if known is not None else None,
    )


def exact_hash(text: str) -> bytes:
    """Return a hash of 16 bytes that texts share which differ in white space and case alone."""
    normal = text.lower().replace("\n\n", " ").replace("\n", " ").strip()
    if "  " in normal:
        normal = " ".join(normal.split())
    return hashlib.blake2b(normal.encode(), digest_size=16, person=b"frisat-exact").digest()
