"""Clusters: the union of verified pairs, and which of them are too large to be believed."""

from __future__ import annotations

import numpy as np

MOST_DOCUMENTS = 100
MOST_SHARE = 0.01
"""A cluster with more texts of a source than the larger of these is a template, not a text: it is left unlinked."""


def components(count: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return for each of ``count`` nodes the lowest node that pairs lead to from it."""
    root = np.arange(count)
    while len(first):
        a, b = root[first], root[second]
        apart = a != b
        if not apart.any():
            break
        first, second, a, b = first[apart], second[apart], a[apart], b[apart]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while True:
            further = root[root]
            if (further == root).all():
                break
            root = further
    return root


def most(documents: int) -> int:
    """Return how many texts of a source of ``documents`` one cluster, or one passage of text, may have."""
    return max(MOST_DOCUMENTS, int(documents * MOST_SHARE))


def oversized(root: np.ndarray, source: np.ndarray, node: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return the roots of clusters that have more distinct texts of one source than its limit.

    Args:
        root: of each node.
        source: the number of the source of each document.
        node: of each document.
        limits: of each source.
    """
    sources = len(limits)
    held = np.unique(node * sources + source)  # a text counts once in a source, however often it stands there
    places, counts = np.unique(root[held // sources] * sources + held % sources, return_counts=True)
    found: np.ndarray = np.unique(places[counts > limits[places % sources]] // sources)
    return found
