"""Finding copies between any two collections by their signatures alone: ours are in every release."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaning.duplicates.bands import decode, encode
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import band_keys, distinct, shingles, signatures
from cleaning.duplicates.signing import MIN_WORDS, as_binary, as_matrix
from cleaning.duplicates.tokens import words_of

_TEXTS_AT_ONCE = 2_000
_PAIRS_AT_ONCE = 1 << 18


def sign_texts(texts: pa.Array | pa.ChunkedArray, scheme: Scheme | None = None) -> pa.Array:
    """Return the signature of each text; null where it has fewer than twenty words."""
    made_by = scheme or Scheme()
    found = [pa.array([], pa.binary(2 * made_by.size))]
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        words = words_of(texts.slice(start, _TEXTS_AT_ONCE))
        rows = signatures(*shingles(words, made_by.ngram), made_by)
        short = pa.array(words.counts() < max(MIN_WORDS, made_by.ngram))
        found.append(pc.if_else(short, pa.scalar(None, found[0].type), as_binary(rows)))
    return pa.concat_arrays(found)


def find_copies(
    mine: pa.Array | pa.ChunkedArray,
    theirs: pa.Array | pa.ChunkedArray,
    *,
    threshold: float = 0.8,
    scheme: Scheme | None = None,
) -> pa.Table:
    """Return the pairs of near copies between two collections of signatures.

    A row gives the place in ``mine``, the place in ``theirs``, and the ``similarity`` that the signatures tell, which
    is that of the texts to within about 0.034. Where it matters, compare the texts.
    """
    made_by = scheme or Scheme()
    both = pa.chunked_array([pa.concat_arrays(_chunks(side)) for side in (mine, theirs)])
    filled = np.flatnonzero(np.asarray(both.is_valid()))
    table = as_matrix(both.drop_null(), "<u2")
    border = int(np.searchsorted(filled, len(mine)))
    codes = distinct(np.concatenate([np.zeros(0, np.uint64), *_meetings(band_keys(table, made_by), border)]))
    first, second = decode(codes)
    alike = np.zeros(len(codes), dtype=np.float32)
    for start in range(0, len(codes), _PAIRS_AT_ONCE):
        piece = slice(start, start + _PAIRS_AT_ONCE)
        alike[piece] = (table[first[piece]] == table[second[piece]]).mean(axis=1)
    keep = alike >= threshold
    columns = {"mine": filled[first[keep]], "theirs": filled[second[keep]] - len(mine), "similarity": alike[keep]}
    return pa.table(columns)


def _chunks(side: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return list(side.chunks) or [pa.array([], side.type)] if isinstance(side, pa.ChunkedArray) else [side]


def _meetings(keys: np.ndarray, border: int) -> list[np.ndarray]:
    """Return for each band the pairs of a row before ``border`` and one from it on that share a key."""
    found = []
    for band in range(keys.shape[1]):
        mine, theirs = keys[:border, band], keys[border:, band]
        order = np.argsort(theirs, kind="stable")
        low, high = (np.searchsorted(theirs[order], mine, side=side) for side in ("left", "right"))
        counts = high - low
        rows = np.repeat(np.arange(border), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        found.append(encode(rows, border + order[np.repeat(low, counts) + within]))
    return found
