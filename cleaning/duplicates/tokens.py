"""Words of many texts as 64-bit hashes: passes over one flat buffer of bytes, no Python per word.

``frisat-fold-1``: letters are lower case (ASCII and U+00C0–00DE), every ASCII digit is 0; a word is a longest run of
ASCII letters and digits and of characters beyond ASCII, other than U+0080–00BF, ``×``, ``÷`` and U+2000–206F. So
æ, ø and å are letters, and quotes, dashes, § and spaces of all kinds are not. Written out here rather than left to a
library's Unicode tables, so that signatures made years apart can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NORMALISER = "frisat-fold-1"
MOST_BYTES = 64
"""Words longer than this are told apart by their first 64 bytes and their length."""

_BLOCK = 1 << 19
"""Bytes worked on at once: the arrays over them stay in the processor's cache."""
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_SEED = 0x9E3779B97F4A7C15

_FOLD = bytes(ord("0") if 48 <= byte <= 57 else byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_IN_WORD = bytes(chr(byte).isalnum() or byte >= 0x80 for byte in range(128)) + b"\x01" * 128
_KEEP = np.array([(1 << (8 * length)) - 1 for length in range(8)] + [(1 << 64) - 1], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts, in order: ``hashes`` (uint64) of all of them, text ``i`` from ``starts[i]`` to
    ``starts[i + 1]``."""

    hashes: np.ndarray
    starts: np.ndarray

    def counts(self) -> np.ndarray:
        """Return the number of words of each text."""
        return np.diff(self.starts)


def mix(values: np.ndarray) -> np.ndarray:
    """Scramble 64-bit values in place (the finisher of SplitMix64, public domain) and return them."""
    scratch = values >> np.uint64(30)
    values ^= scratch
    values *= np.uint64(_MIX[0])
    np.right_shift(values, np.uint64(27), out=scratch)
    values ^= scratch
    values *= np.uint64(_MIX[1])
    np.right_shift(values, np.uint64(31), out=scratch)
    values ^= scratch
    return values


def words_of(texts: pa.Array | pa.ChunkedArray) -> Words:
    """Return the words of ``texts`` (strings; null is an empty text)."""
    joined, ends = _joined(texts)
    hashes = np.empty(len(joined) // 2 + 1, dtype=np.uint64)
    starts = np.zeros(len(ends) + 1, dtype=np.int64)
    filled = 0
    for start, block in whole_words(joined):
        where, found = _words_of_block(block)
        hashes[filled : filled + len(found)] = found
        first, last = np.searchsorted(ends, [start, start + len(block)], side="right")
        starts[first + 1 : last + 1] = filled + np.searchsorted(where, ends[first:last] - start)
        filled += len(found)
    return Words(hashes[:filled], starts)


def _joined(texts: pa.Array | pa.ChunkedArray) -> tuple[bytes, np.ndarray]:
    """Return all texts as one run of bytes, a line end after each, and where each ends."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks() if texts.num_chunks != 1 else texts.chunk(0)
    if not len(texts):
        return b"", np.zeros(0, np.int64)
    plain = pc.fill_null(texts.cast(pa.large_binary()), b"")
    ends = np.cumsum(np.asarray(pc.binary_length(plain)) + 1)
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(plain)], pa.int64()), plain)
    return pc.binary_join(whole, pa.scalar(b"\n", pa.large_binary()))[0].as_buffer().to_pybytes() + b"\n", ends


def whole_words(joined: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield pieces of some size, each with its place, cut behind a space or a line end: no word is cut."""
    start = 0
    while start < len(joined):
        end = min(start + _BLOCK, len(joined))
        while end < len(joined):
            cut = max(joined.rfind(b" ", start, end), joined.rfind(b"\n", start, end)) + 1
            if cut > start:
                end = cut
                break
            end = min(end + _BLOCK, len(joined))
        yield start, joined[start:end]
        start = end


def _words_of_block(block: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return where the words of a block begin, and their hashes."""
    padded = bytearray(b"\n" + block.translate(_FOLD) + b"\n" * 8)
    folded = np.frombuffer(padded, dtype=np.uint8)
    in_word = np.frombuffer(bytearray(padded.translate(_IN_WORD)), dtype=np.uint8)
    _beyond_ascii(folded, in_word)
    borders = np.flatnonzero(in_word[1:] != in_word[:-1])
    starts, lengths = borders[::2] + 1, borders[1::2] - borders[::2]
    return starts - 1, hash_words(folded, starts, lengths)


def _beyond_ascii(folded: np.ndarray, in_word: np.ndarray) -> None:
    """Make Latin-1 letters lower case and punctuation no part of words, in place."""
    leads = np.flatnonzero(folded >= 0xC2)
    kinds = folded[leads]
    after = folded[leads + 1]
    upper = leads[(kinds == 0xC3) & (after >= 0x80) & (after <= 0x9E) & (after != 0x97)]
    folded[upper + 1] += 0x20
    signs = leads[(kinds == 0xC2) | ((kinds == 0xC3) & ((after == 0x97) | (after == 0xB7)))]
    spaces = leads[(kinds == 0xE2) & ((after == 0x80) | ((after == 0x81) & (folded[leads + 2] <= 0xAF)))]
    for places, size in ((signs, 2), (spaces, 3)):
        for offset in range(size):
            in_word[places + offset] = 0


def hash_words(folded: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return a hash of each word, from its bytes eight at a time.

    Args:
        folded: the bytes, with eight more behind the last word.
        starts: where each word begins.
        lengths: of how many bytes it is.
    """
    eights = np.lib.stride_tricks.sliding_window_view(folded, 8)
    hashes = _eight(eights, starts, np.minimum(lengths, 8))
    hashes += lengths.astype(np.uint64) * np.uint64(_SEED)
    mix(hashes)
    going = np.flatnonzero(lengths > 8)
    done = 8
    while len(going) and done < MOST_BYTES:
        more = _eight(eights, starts[going] + done, np.minimum(lengths[going] - done, 8))
        hashes[going] = mix((hashes[going] ^ more) + np.uint64(_SEED))
        done += 8
        going = going[lengths[going] > done]
    return hashes


def _eight(eights: np.ndarray, where: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    loaded: np.ndarray = eights[where].view("<u8").ravel()
    loaded &= _KEEP[lengths]
    return loaded
