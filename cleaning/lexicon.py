"""The Danish lexicon: which words it knows, asked for millions of words at once.

The forms are those of simplemma's Danish dictionary (MIT), lower case, letters only. Forms with ``å`` are known with
``aa`` as well, as they were written until 1948.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from cleaning.words import hashes_of

VERSION = 1
LIBRARY: Final = "simplemma"
_SLOT_BITS: Final = 21


def _listed() -> list[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    keys = "\n".join(DefaultDictionaryFactory().get_dictionary("da")).lower().split("\n")
    plain = [form for form in keys if form.isalpha()]
    return plain + [form.replace("å", "aa") for form in plain if "å" in form]


@cache
def forms() -> frozenset[str]:
    """Return the forms; a second and 100 MB, once a process."""
    return frozenset(_listed())


class _Table:
    """A set of hashes: most in a table with one place for each slot, those that share a slot in a sorted array."""

    def __init__(self, hashes: np.ndarray) -> None:
        slots = hashes >> np.uint64(64 - _SLOT_BITS)
        self._slots = np.zeros(1 << _SLOT_BITS, np.uint64)
        self._slots[slots] = hashes
        self._others = np.sort(hashes[self._slots[slots] != hashes])

    def has(self, hashes: np.ndarray) -> np.ndarray:
        """Return for each hash whether it is in the set."""
        slots = (hashes >> np.uint64(64 - _SLOT_BITS)).view(np.int64)
        found: np.ndarray = self._slots.take(slots, mode="clip") == hashes
        rest = np.flatnonzero(~found)
        places = np.minimum(np.searchsorted(self._others, hashes[rest]), len(self._others) - 1)
        found[rest] = self._others[places] == hashes[rest]
        return found


@cache
def _table() -> _Table:
    return _Table(hashes_of(_listed()))


def known(hashes: np.ndarray) -> np.ndarray:
    """Return for each word, given by its hash of :mod:`cleaning.words`, whether the lexicon has it.

    Two of the lexicon's million forms and a text's words share a hash once in 2^44 words.
    """
    return _table().has(hashes)
