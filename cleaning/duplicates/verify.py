"""Verifying: the n-grams of two texts compared one by one. No link is made on the word of a signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from cleaning.duplicates.bands import decode
from cleaning.duplicates.nodes import Nodes, form_bytes
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import distinct, shingles
from cleaning.duplicates.signing import as_binary
from cleaning.duplicates.tokens import words_of
from frisat.parquet import open_parquet, read_columns, write_parquet

SAMPLE = 4096
"""N-grams kept of each verified copy, those of the lowest hashes: what text common to a source is discounted by."""
_TEXT_A_JOB = 48_000_000
_TEXT_AT_ONCE = 4_000_000

COMPARED = pa.schema(
    [
        pa.field("a", pa.binary(16)),
        pa.field("b", pa.binary(16)),
        pa.field("shared", pa.int32()),
        pa.field("a_shingles", pa.int32()),
        pa.field("b_shingles", pa.int32()),
    ]
)
"""Two forms, the lower first, their numbers of distinct n-grams, and how many both have."""

SAMPLES = pa.schema([pa.field("form", pa.binary(16)), pa.field("shingles", pa.binary())])
"""The lowest hashes of n-grams of a form, in order, as little-endian uint64."""


@dataclass(frozen=True, slots=True)
class VerifyJob:
    """Compare pairs of texts.

    ``refined`` and ``signed`` name the parts; ``documents`` is a file of three rows of numbers for each text that is
    needed: its part, its row there, and its form (two numbers); ``pairs`` one of pairs of these. The results lie in
    ``target`` and, beside it, the samples of texts that are near copies by ``threshold``.
    """

    refined: tuple[Path, ...]
    signed: tuple[Path, ...]
    work: Path
    scheme: Scheme
    threshold: float
    target: Path

    def __str__(self) -> str:
        return f"pairs {self.target.stem[:8]}"

    @property
    def samples(self) -> Path:
        """Where the samples lie."""
        return self.target.with_suffix(".samples")


def jaccard(shared: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the share of all distinct n-grams of two texts that both have."""
    found: np.ndarray = shared / np.maximum(a + b - shared.astype(np.int64), 1)
    return found


def containment(shared: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the share of the distinct n-grams of the shorter text that the longer one has too."""
    found: np.ndarray = shared / np.maximum(np.minimum(a, b), 1)
    return found


def bundles(codes: np.ndarray, groups: np.ndarray, nodes: Nodes) -> Iterator[np.ndarray]:
    """Cut pairs into bundles of some megabytes of text, those of one group together as far as they fit.

    Args:
        codes: the pairs.
        groups: the number of each pair's group: pairs that share a text are in one.
        nodes: whose texts they are.
    """
    ordered = codes[np.lexsort((codes, groups))]
    known: set[int] = set()
    filled, start = 0, 0
    for position, (first, second) in enumerate(zip(*(n.tolist() for n in decode(ordered)), strict=True)):
        more = [node for node in (first, second) if node not in known]
        size = sum(int(nodes.text_bytes[node]) for node in more)
        if position > start and filled + size > _TEXT_A_JOB:
            yield ordered[start:position]
            known, filled, start = set(), 0, position
            more = [first, second]
            size = sum(int(nodes.text_bytes[node]) for node in more)
        known.update(more)
        filled += size
    if start < len(ordered):
        yield ordered[start:]


def prepare(work: Path, codes: np.ndarray, nodes: Nodes) -> tuple[np.ndarray, list[int]]:
    """Write what a job needs to ``work`` (a file of NumPy arrays) and return the numbers of the parts it reads."""
    first, second = decode(codes)
    used = np.unique(np.concatenate([first, second]))
    documents = nodes.first[used]
    parts = np.unique(nodes.part[documents])
    with work.open("wb") as handle:
        np.savez(
            handle,
            part=np.searchsorted(parts, nodes.part[documents]),
            row=nodes.row(documents),
            form=nodes.form[used],
            text_bytes=nodes.text_bytes[used],
            first=np.searchsorted(used, first),
            second=np.searchsorted(used, second),
        )
    return used, parts.tolist()


def verify_pairs(job: VerifyJob) -> int:
    """Compare the pairs of one job and write what was found; return how many are near copies."""
    with np.load(job.work) as work:
        part, row, form, first, second = (work[name] for name in ("part", "row", "form", "first", "second"))
    sets = read_sets(job.refined, job.signed, part, row, job.scheme)
    sizes = np.array([len(found) for found in sets], dtype=np.int64)
    shared = np.array(
        [_shared(sets[a], sets[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)], np.int64
    )
    near = jaccard(shared, sizes[first], sizes[second]) >= job.threshold
    names = form_bytes(form)
    table = pa.table(
        {
            "a": as_binary(names[first]),
            "b": as_binary(names[second]),
            "shared": pa.array(shared.astype(np.int32)),
            "a_shingles": pa.array(sizes[first].astype(np.int32)),
            "b_shingles": pa.array(sizes[second].astype(np.int32)),
        }
    )
    kept = np.unique(np.concatenate([first[near], second[near]]))
    samples = pa.table(
        {
            "form": as_binary(names[kept]),
            "shingles": pa.array(
                [sets[place][:SAMPLE].astype("<u8").tobytes() for place in kept.tolist()], pa.binary()
            ),
        }
    )
    write_parquet(job.samples, [samples], SAMPLES, text="shingles")
    write_parquet(job.target, [table], COMPARED, text="a")
    return int(near.sum())


def _shared(a: np.ndarray, b: np.ndarray) -> int:
    both = np.concatenate([a, b])
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))


def read_sets(
    refined: Sequence[Path], signed: Sequence[Path], part: np.ndarray, row: np.ndarray, scheme: Scheme
) -> list[np.ndarray]:
    """Return the distinct n-grams, in order, of texts named by the number of their part and their row in the index."""
    sets: list[np.ndarray] = [np.zeros(0, np.uint64)] * len(part)
    for number in np.unique(part).tolist():
        places = np.flatnonzero(part == number)
        rows = np.asarray(read_columns(signed[number], ["row"]).column(0))[row[places]]
        for where, texts in texts_at(refined[number], rows):
            for begin, end in _pieces(texts):
                hashes, starts = shingles(words_of(texts.slice(begin, end - begin)), scheme.ngram)
                for position in range(begin, end):
                    mine = hashes[starts[position - begin] : starts[position - begin + 1]]
                    sets[places[where[position]]] = distinct(mine)
    return sets


def texts_at(path: Path, rows: np.ndarray) -> Iterator[tuple[np.ndarray, pa.Array]]:
    """Yield the texts of some rows of a refined part, and which of ``rows`` each is; only the groups that hold any."""
    with open_parquet(path) as file:
        start = 0
        for group in range(file.num_row_groups):
            end = start + file.metadata.row_group(group).num_rows
            where = np.flatnonzero((rows >= start) & (rows < end))
            if len(where):
                column = file.read_row_group(group, columns=["text"], use_threads=False).column("text")
                taken = column.take(pa.array(rows[where] - start))
                yield where, pa.concat_arrays(taken.chunks)
            start = end


def _pieces(texts: pa.Array) -> Iterator[tuple[int, int]]:
    sizes = np.diff(np.frombuffer(texts.buffers()[1], dtype="<i4")[texts.offset : texts.offset + len(texts) + 1])
    filled = np.cumsum(sizes) // _TEXT_AT_ONCE
    starts = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), len(texts)]
    yield from pairwise(starts)
