"""Signatures: a sketch of the set of word n-grams of each text, by which near copies are found.

``frisat-sketch-1``: an n-gram's hash is the mixed sum of its words' hashes, each times an odd number of its place. A
signature has ``size`` places. In round 0 every n-gram is drawn to one place and has one value there, by its hash; a
place takes the least value drawn to it. Places that nothing was drawn to wait for round 1, where every n-gram draws
anew, and so on; from round ``size`` on, round ``r`` draws all to place ``r - size``, so that none is left. Two texts
agree in a place with a probability of the Jaccard similarity of their n-grams (Dahlgaard, Knudsen and Thorup, "Fast
similarity sketching", 2017). A long text needs one round: one hash an n-gram, not one for each place. Of each value the
16 bits that a last mixing gives are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.tokens import Words, mix

_GOLDEN = 0x9E3779B97F4A7C15
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_BLOCK = 1 << 15
_MOST_PLACES = 1 << 21
_MANY = 20
"""N-grams a place, from which on a text would have left none empty, did it not repeat itself."""


def odd_numbers(count: int, salt: int) -> np.ndarray:
    """Return ``count`` odd 64-bit numbers that follow from ``salt``."""
    numbers = mix((np.arange(1, count + 1, dtype=np.uint64) + np.uint64(salt << 20)) * np.uint64(_GOLDEN))
    return numbers | np.uint64(1)


def shingles(words: Words, ngram: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of the word n-grams of each text, in order and with repetitions, and where each text begins.

    A text of fewer than ``ngram`` words has none.
    """
    counts = np.maximum(words.counts() - (ngram - 1), 0)
    starts = np.concatenate([[0], np.cumsum(counts)])
    total = len(words.hashes) - ngram + 1
    if total <= 0 or not starts[-1]:
        return np.zeros(0, np.uint64), starts
    places = odd_numbers(ngram, 1)
    hashes = np.empty(total, dtype=np.uint64)
    scratch = np.empty(min(_BLOCK, total), dtype=np.uint64)
    for start in range(0, total, _BLOCK):
        part = hashes[start : start + _BLOCK]
        room = scratch[: len(part)]
        np.multiply(words.hashes[start : start + len(part)], places[0], out=part)
        for place in range(1, ngram):
            np.multiply(words.hashes[start + place : start + place + len(part)], places[place], out=room)
            part += room
        mix(part)
    return hashes[_within(words, ngram, total)], starts


def _within(words: Words, ngram: int, total: int) -> np.ndarray:
    """Say of each position whether the n-gram that begins there ends in the same text."""
    within = np.ones(total, dtype=bool)
    for back in range(1, ngram):
        ends = words.starts[1:] - back
        # An end before the text's own begin belongs to the text before, and is none of its n-grams either.
        within[ends[(ends >= 0) & (ends < total)]] = False
    return within


def distinct(hashes: np.ndarray) -> np.ndarray:
    """Return the distinct values in order. (NumPy's own ``unique`` builds a hash table, several times as slow.)"""
    ordered = np.sort(hashes)
    keep = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def signatures(hashes: np.ndarray, starts: np.ndarray, scheme: Scheme) -> np.ndarray:
    """Return the signature of each text as a row of ``scheme.size`` values (uint16).

    Args:
        hashes: the n-grams of all texts, see :func:`shingles`.
        starts: text ``i`` has those from ``starts[i]`` to ``starts[i + 1]``. A text without any has no signature: its
            row is zeros.
        scheme: how many values, and the seed.
    """
    found = np.zeros((len(starts) - 1, scheme.size), dtype=np.uint16)
    texts = np.flatnonzero(np.diff(starts))
    per_batch = max(1, _MOST_PLACES // scheme.size)
    for first in range(0, len(texts), per_batch):
        batch = texts[first : first + per_batch]
        kept = _sketch(hashes, starts, batch, scheme)
        kept = (kept * np.uint64(_GOLDEN)) >> np.uint64(48)
        found[batch] = kept.astype(np.uint16)
    return found


def _sketch(hashes: np.ndarray, starts: np.ndarray, batch: np.ndarray, scheme: Scheme) -> np.ndarray:
    """Return for each place the round that filled it (upper half) and the least value drawn to it (lower half)."""
    sketch = np.full((len(batch), scheme.size), _EMPTY, dtype=np.uint64)
    waiting = np.arange(len(batch))
    begins, ends = starts[batch], starts[batch + 1]
    turn, turns = 0, 1
    while len(waiting):
        for rows, part in _chunks(hashes, begins[waiting], ends[waiting]):
            offsets = waiting[rows] * scheme.size
            for now in range(turn, min(turn + turns, 2 * scheme.size)):
                _draw(sketch.reshape(-1), offsets, part, now, scheme)
        waiting = waiting[(sketch[waiting] == _EMPTY).any(axis=1)]
        if turn == 0:
            hashes, begins, ends = _distinct(hashes, begins, ends, waiting, scheme)
        # What is drawn to a place that an earlier round filled changes nothing, so that looking rarely is safe.
        turn, turns = turn + turns, max(1, turn + turns)
    return sketch


def _distinct(
    hashes: np.ndarray, begins: np.ndarray, ends: np.ndarray, waiting: np.ndarray, scheme: Scheme
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the n-grams with those of long texts that repeat themselves over and over given once."""
    parts, total = [hashes], len(hashes)
    for row in waiting[ends[waiting] - begins[waiting] > _MANY * scheme.size]:
        parts.append(distinct(hashes[begins[row] : ends[row]]))
        begins[row], total = total, total + len(parts[-1])
        ends[row] = total
    return (np.concatenate(parts) if len(parts) > 1 else hashes), begins, ends


def _chunks(hashes: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the n-grams of some texts piece by piece, each with the number of its text among them."""
    sizes = ends - begins
    totals = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = totals[first] - sizes[first]
        last = max(first + 1, int(np.searchsorted(totals, before + _BLOCK, side="right")))
        if sizes[first] > _BLOCK:
            for start in range(int(begins[first]), int(ends[first]), _BLOCK):
                stop = min(start + _BLOCK, int(ends[first]))
                yield np.full(stop - start, first), hashes[start:stop]
        else:
            rows = np.repeat(np.arange(first, last), sizes[first:last])
            shift = begins[first:last] - (totals[first:last] - sizes[first:last] - before)
            yield rows, hashes[np.repeat(shift, sizes[first:last]) + np.arange(len(rows))]
        first = last


def _draw(sketch: np.ndarray, offsets: np.ndarray, hashes: np.ndarray, turn: int, scheme: Scheme) -> None:
    """Draw each n-gram to a place of its text's signature, and keep the least value of each place."""
    values = hashes * odd_numbers(1, scheme.seed * 1_000_003 + turn)
    places = values >> np.uint64(32)
    values ^= places
    if turn < scheme.size:
        places *= np.uint64(scheme.size)
        places >>= np.uint64(32)
        where = offsets + places.view(np.int64)
    else:
        where = offsets + (turn - scheme.size)
    values &= np.uint64(0xFFFFFFFF)
    values |= np.uint64(turn << 32)
    np.minimum.at(sketch, where, values)


def band_keys(found: np.ndarray, scheme: Scheme) -> np.ndarray:
    """Return of each signature one key (uint64) a band: texts that agree in all rows of a band share its key."""
    rows = found.reshape(len(found), scheme.bands, scheme.rows).astype(np.uint64)
    keys = np.zeros((len(found), scheme.bands), dtype=np.uint64)
    for row, factor in enumerate(odd_numbers(scheme.rows, 2)):
        keys += (rows[:, :, row] + np.uint64(1)) * factor
        mix(keys)
    return keys
