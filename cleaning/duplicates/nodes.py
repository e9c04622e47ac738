"""Nodes: the distinct forms among all documents of an index. What is said of a form holds for each document of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signing import as_matrix
from frisat.parquet import read_columns


@dataclass(frozen=True, slots=True)
class SignedPart:
    """A part of the index, and the refined part whose documents it signs."""

    source: str
    refined: Path
    signed: Path

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.source}/{self.signed.stem}"


@dataclass(frozen=True, slots=True)
class Nodes:
    """All documents of an index, and the forms they have.

    A document is a number: its place in the parts, one after the other. ``part``, ``node`` and ``exact`` give for each
    document the number of its part, of its form and of its exact text. A node is a number too, in the order of the
    forms' bytes; ``form`` gives its 16 bytes (as two uint64), ``first`` one document of it (which one does not matter:
    all have the same words), ``shingles`` and ``text_bytes`` its size.
    """

    parts: tuple[SignedPart, ...]
    offsets: np.ndarray
    part: np.ndarray
    node: np.ndarray
    exact: np.ndarray
    form: np.ndarray
    first: np.ndarray
    shingles: np.ndarray
    text_bytes: np.ndarray

    def sources(self) -> tuple[list[str], np.ndarray]:
        """Return the names of the sources, and the number of the source of each part."""
        names = sorted({part.source for part in self.parts})
        return names, np.array([names.index(part.source) for part in self.parts], dtype=np.int64)

    def row(self, documents: np.ndarray) -> np.ndarray:
        """Return the place of each document within its part of the index."""
        rows: np.ndarray = documents - self.offsets[self.part[documents]]
        return rows


def load_nodes(parts: Sequence[SignedPart], scheme: Scheme) -> Nodes:
    """Read what the parts of an index say of their documents, ids and texts apart.

    Raises:
        OtherMakeError: a part was made by another scheme.
        WorkspaceError: a part is missing, cut short or no Parquet.
    """
    forms, exacts, shingles, sizes = [], [], [], []
    for part in parts:
        scheme.check_file(part.signed)
        table = read_columns(part.signed, ["form", "exact", "shingles", "text_bytes"])
        forms.append(as_matrix(table.column("form"), ">u8").astype(np.uint64))
        exacts.append(as_matrix(table.column("exact"), ">u8").astype(np.uint64))
        shingles.append(np.asarray(table.column("shingles")).astype(np.int32))
        sizes.append(np.asarray(table.column("text_bytes")).astype(np.int64))
    counts = [len(form) for form in forms]
    node, first, form = number(_stack(forms))
    exact, _, _ = number(_stack(exacts))
    return Nodes(
        parts=tuple(parts),
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        part=np.repeat(np.arange(len(counts)), counts),
        node=node,
        exact=exact,
        form=form,
        first=first,
        shingles=np.concatenate([np.zeros(0, np.int32), *shingles])[first],
        text_bytes=np.concatenate([np.zeros(0, np.int64), *sizes])[first],
    )


def _stack(tables: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros((0, 2), np.uint64), *tables])


def number(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number the distinct rows of a matrix of two columns in their order.

    Returns the number of each row, one row that has each number, and the distinct rows in order.
    """
    order = np.argsort(keys[:, 0], kind="stable")
    ordered = keys[order]
    same_first = ordered[1:, 0] == ordered[:-1, 0]
    same_both = same_first & (ordered[1:, 1] == ordered[:-1, 1])
    if (same_first != same_both).any():  # two of 64 bits alike, and not the same: hardly ever
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        ordered = keys[order]
        same_both = (ordered[1:] == ordered[:-1]).all(axis=1)
    begins = np.concatenate([np.ones(min(1, len(keys)), dtype=bool), ~same_both])
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(begins) - 1
    return numbers, order[begins], ordered[begins]


def form_bytes(form: np.ndarray) -> np.ndarray:
    """Return forms (rows of two uint64) as a matrix of 16 bytes each, as the index has them."""
    return np.ascontiguousarray(form.astype(">u8")).view(np.uint8).reshape(len(form), 16)


def find_nodes(form: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the node of each form of ``wanted`` among the ordered ``form``; -1 where it is not there."""
    if not len(wanted):
        return np.zeros(0, dtype=np.int64)
    both = np.concatenate([form, wanted])
    numbers, _, _ = number(both)
    place = np.full(int(numbers.max()) + 1, -1, dtype=np.int64)
    place[numbers[: len(form)]] = np.arange(len(form))
    found: np.ndarray = place[numbers[len(form) :]]
    return found
