"""Bands joined by sorting: which nodes have the same key in a band, and may therefore be near copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaning.duplicates.nodes import Nodes
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import distinct
from cleaning.duplicates.signing import as_matrix, band_name
from frisat.files import atomic
from frisat.parquet import read_columns

MOST_TOGETHER = 64
"""Up to this many nodes with one key are paired each with each; of more, each with those nearest to it."""
NEAREST = 32
_PAIRS_AT_ONCE = 1 << 18
_KEYS_A_JOB = 5_000_000


@dataclass(frozen=True, slots=True)
class BandJob:
    """Pair the nodes that share a key in any of ``bands``.

    ``nodes`` is a file of the documents that stand for the nodes; ``fresh`` one that says which nodes are new;
    ``crowded`` are, for each band, the keys that too many nodes shared when the old ones were last paired.
    """

    parts: tuple[Path, ...]
    scheme: Scheme
    bands: tuple[int, ...]
    nodes: Path
    fresh: Path
    crowded: tuple[tuple[int, ...], ...]
    target: Path

    def __str__(self) -> str:
        return f"bands {', '.join(map(str, self.bands))}"


def bands_together(documents: int) -> int:
    """Return how many bands one job joins: of a small index several, so that each part is opened once for all."""
    return max(1, min(5, _KEYS_A_JOB // max(1, documents)))


def pair_bands(job: BandJob) -> list[list[int]]:
    """Write the pairs of some bands to ``job.target``; return for each band the keys that too many nodes share.

    First come the pairs that were looked at when the old nodes were last paired, then those to be looked at now.
    """
    chosen, fresh = np.load(job.nodes), np.load(job.fresh)
    keys = dict(zip(job.bands, _keys(job, job.bands, chosen), strict=True))
    nothing = np.zeros(0, np.uint64)
    before, look, crowded = [nothing], [nothing], []
    for band, known in zip(job.bands, job.crowded, strict=True):
        codes, unsure, shared = _pair_band(job, band, keys, chosen, known)
        unsure |= fresh[codes >> np.uint64(32)] | fresh[codes & np.uint64(0xFFFFFFFF)]
        before.append(codes[~unsure])
        look.append(codes[unsure])
        crowded.append(shared.tolist())
    with atomic(job.target) as temporary, temporary.open("wb") as handle:
        np.save(handle, distinct(np.concatenate(before)))
        np.save(handle, distinct(np.concatenate(look)))
    return crowded


def _pair_band(
    job: BandJob, band: int, keys: dict[int, np.ndarray], chosen: np.ndarray, known: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of a band, whether the number of nodes that share their key makes each unsure, and such keys."""
    filled = np.flatnonzero(keys[band])
    mine = keys[band][filled]
    order = np.argsort(mine, kind="stable")
    crowded = _crowded(mine[order])
    if len(crowded):
        # Those nearest to each other stand together: first by the next band's key, then in the order of their forms.
        after = (band + 1) % job.scheme.bands
        beside = keys[after] if after in keys else _keys(job, (after,), chosen)[0]
        order = np.lexsort((np.arange(len(mine)), beside[filled], mine))
    first, second, key = pairs_of(mine[order])
    unsure = np.isin(key, crowded) | np.isin(key, np.array(known, dtype=np.uint64))
    return encode(filled[order[first]], filled[order[second]]), unsure, crowded


def _keys(job: BandJob, wanted: Sequence[int], chosen: np.ndarray) -> list[np.ndarray]:
    """Return the key of each node in each wanted band; 0 where it has none."""
    found = [[np.zeros(0, np.uint64)] for _ in wanted]
    for part in job.parts:
        table = read_columns(part, [band_name(band) for band in wanted])
        for column, keys in zip(table.columns, found, strict=True):
            keys.append(np.asarray(column.fill_null(0)).astype(np.uint64))
    return [np.concatenate(keys)[chosen] for keys in found]


def _crowded(keys: np.ndarray) -> np.ndarray:
    """Return the keys that more than :data:`MOST_TOGETHER` nodes share, of ordered keys."""
    if len(keys) <= MOST_TOGETHER:
        return np.zeros(0, np.uint64)
    return distinct(keys[MOST_TOGETHER:][keys[MOST_TOGETHER:] == keys[:-MOST_TOGETHER]])


def pairs_of(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of each two equal keys of ordered ``keys``, and the key; see :data:`MOST_TOGETHER`."""
    crowded = np.isin(keys, _crowded(keys))
    firsts, distances = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    going = np.flatnonzero(keys[1:] == keys[:-1])
    distance = 1
    while len(going):
        firsts.append(going)
        distances.append(np.full(len(going), distance))
        distance += 1
        going = going[going + distance < len(keys)]
        going = going[keys[going + distance] == keys[going]]
        if distance > NEAREST:
            going = going[~crowded[going]]
    first = np.concatenate(firsts)
    return first, first + np.concatenate(distances), keys[first]


def encode(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return each pair of nodes as one number, the lower node in its upper half."""
    lower, upper = np.minimum(first, second), np.maximum(first, second)
    codes: np.ndarray = (lower.astype(np.uint64) << np.uint64(32)) | upper.astype(np.uint64)
    return codes


def decode(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two nodes of each pair, the lower one first."""
    return (codes >> np.uint64(32)).astype(np.int64), (codes & np.uint64(0xFFFFFFFF)).astype(np.int64)


def read_pairs(paths: Sequence[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct pairs of all bands: those that were looked at before, and those to be looked at."""
    before, look = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for path in paths:
        with path.open("rb") as handle:
            before.append(np.load(handle))
            look.append(np.load(handle))
    unsure = distinct(np.concatenate(look))
    return np.setdiff1d(distinct(np.concatenate(before)), unsure, assume_unique=True), unsure


def likely(codes: np.ndarray, nodes: Nodes, scheme: Scheme, threshold: float) -> np.ndarray:
    """Return the pairs that may be copies by their whole signatures; the texts decide.

    A signature tells the Jaccard similarity to within about ``sqrt(0.16 / size)``, 0.034 with 140 values: four and a
    half times that is allowed for. Kept as well is what may be an excerpt within the other.
    """
    if not len(codes):
        return codes
    first, second = decode(codes)
    used = distinct(np.concatenate([first, second]))
    table = _signatures(nodes, used, scheme)
    least = threshold - 4.5 * np.sqrt(threshold * (1 - threshold) / scheme.size)
    keep = np.zeros(len(codes), dtype=bool)
    for start in range(0, len(codes), _PAIRS_AT_ONCE):
        piece = slice(start, start + _PAIRS_AT_ONCE)
        one, other = first[piece], second[piece]
        same = (table[np.searchsorted(used, one)] == table[np.searchsorted(used, other)]).mean(axis=1)
        a, b = nodes.shingles[one].astype(np.float64), nodes.shingles[other].astype(np.float64)
        within = same / (1 + same) * (a + b) / np.minimum(a, b)
        keep[piece] = (same >= least) | (within >= threshold)
    return codes[keep]


def _signatures(nodes: Nodes, used: np.ndarray, scheme: Scheme) -> np.ndarray:
    documents = nodes.first[used]
    table = np.zeros((len(used), scheme.size), dtype=np.uint16)
    part_of = nodes.part[documents]
    for part in np.unique(part_of):
        here = np.flatnonzero(part_of == part)
        column = read_columns(nodes.parts[part].signed, ["signature"]).column(0)
        table[here] = as_matrix(column.take(nodes.row(documents[here])), "<u2")
    return table
