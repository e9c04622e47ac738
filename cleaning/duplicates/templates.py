"""Template text: the n-grams that stand in so many texts of a source that they tell none from another.

An n-gram is template text of a source if more than the larger of 100 and 1 % of its distinct texts have it: more than
one cluster of copies may have. How many have it is told from a sample, the texts of the lowest forms: a form is a hash,
so the sample is a fair one, and the same in whatever order the texts came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cleaning.duplicates.clusters import most
from cleaning.duplicates.nodes import Nodes, form_bytes
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import distinct
from cleaning.duplicates.verify import read_sets
from frisat.files import sha256
from frisat.parquet import read_columns, write_parquet

VERSION = 1
SAMPLE_SHINGLES = 1_000_000
"""About 6 MB of text."""
LEAST = 10
"""Texts of the sample that must have an n-gram before it is called template text."""

COMMON = pa.schema([pa.field("shingles", pa.binary())])
"""One row: the hashes of n-grams of template text, in order, as little-endian uint64."""


@dataclass(frozen=True, slots=True)
class TemplateJob:
    """Find the template text of a source in the texts named by part and row; ``least`` of them must have it."""

    source: str
    refined: tuple[Path, ...]
    signed: tuple[Path, ...]
    part: tuple[int, ...]
    row: tuple[int, ...]
    least: int
    scheme: Scheme
    target: Path

    def __str__(self) -> str:
        return f"{self.source} template text"


def template_job(nodes: Nodes, source: str, scheme: Scheme, folder: Path) -> TemplateJob | None:
    """Return the job that finds the template text of ``source``; None where it has too few texts to have any."""
    mine = [number for number, part in enumerate(nodes.parts) if part.source == source]
    documents = np.flatnonzero(np.isin(nodes.part, mine))
    held, first = np.unique(nodes.node[documents], return_index=True)
    held, first = held[nodes.shingles[held] > 0], first[nodes.shingles[held] > 0]
    if len(held) <= most(len(held)):
        return None
    size = max(1, int(np.searchsorted(np.cumsum(nodes.shingles[held].astype(np.int64)), SAMPLE_SHINGLES, side="right")))
    chosen = documents[first[:size]]
    least = max(LEAST, int(most(len(held)) * size / len(held)) + 1)
    parts = sorted(set(nodes.part[chosen].tolist()))
    forms = form_bytes(nodes.form[held[:size]]).tobytes()
    key = sha256(f"template {VERSION} {least} {scheme.fingerprint()} ".encode() + forms)
    return TemplateJob(
        source,
        tuple(nodes.parts[part].refined for part in parts),
        tuple(nodes.parts[part].signed for part in parts),
        tuple(np.searchsorted(parts, nodes.part[chosen]).tolist()),
        tuple(nodes.row(chosen).tolist()),
        least,
        scheme,
        folder / source / f"{key[:32]}.parquet",
    )


def find_template(job: TemplateJob) -> int:
    """Write the template text of a source; return how many n-grams it has."""
    sets = read_sets(job.refined, job.signed, np.array(job.part), np.array(job.row), job.scheme)
    ordered = np.sort(np.concatenate(sets))
    far = job.least - 1
    common = distinct(ordered[far:][ordered[far:] == ordered[: len(ordered) - far]]).astype("<u8")
    write_parquet(job.target, [pa.table({"shingles": [common.tobytes()]}, schema=COMMON)], COMMON, text="shingles")
    return len(common)


def read_template(path: Path) -> np.ndarray:
    """Return the template text that :func:`find_template` wrote."""
    return np.frombuffer(read_columns(path, ["shingles"]).column(0)[0].as_py(), dtype="<u8")


def discounted(a: np.ndarray, b: np.ndarray, common_a: np.ndarray, common_b: np.ndarray, most_kept: int) -> float:
    """Return the Jaccard similarity of two texts without the template text of their sources.

    Args:
        a: the lowest hashes of the distinct n-grams of one text, in order: all, or ``most_kept`` of them.
        b: those of the other.
        common_a: template text of the source of ``a``.
        common_b: that of ``b``.
        most_kept: how many hashes are kept of a text that has more.

    Of texts longer than a sample it is an estimate, right to about 0.006; 0 where nothing but template text is left.
    """
    upto = min(s[-1] for s in (a, b) if len(s) == most_kept) if most_kept in (len(a), len(b)) else None
    if upto is not None:
        a, b = a[a <= upto], b[b <= upto]
    a = a[~np.isin(a, common_a) & ~np.isin(a, common_b)]
    b = b[~np.isin(b, common_a) & ~np.isin(b, common_b)]
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(1, len(a) + len(b) - shared)


def has_template(samples: Mapping[bytes, np.ndarray], common: np.ndarray) -> set[bytes]:
    """Return the forms of which any n-gram is template text."""
    if not len(samples) or not len(common):
        return set()
    names = list(samples)
    joined = np.concatenate([samples[name] for name in names])
    owner = np.repeat(np.arange(len(names)), [len(samples[name]) for name in names])
    return {names[number] for number in np.unique(owner[np.isin(joined, common)]).tolist()}
