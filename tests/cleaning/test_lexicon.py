"""The lexicon knows Danish words, old spelling and compounds among them, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.lexicon import forms, known
from cleaning.words import count, hashes_of

SOME = sorted(forms())[::9973]


@pytest.mark.parametrize(
    "word", ["hus", "Huse", "ÅRSAGEN", "aarsagen", "folketingsmedlem", "sundhedsministeriet", "skulde", "på", "paa"]
)
def test_known(word: str) -> None:
    assert known(hashes_of([word])).tolist() == [True]


@pytest.mark.parametrize("word", ["xqzt", "hhuuss", "årsaagen", "б", "b2"])
def test_unknown(word: str) -> None:
    assert known(hashes_of([word])).tolist() == [False]


def test_every_form_is_known_by_its_hash() -> None:
    assert known(hashes_of(SOME)).all()
    assert not known(hashes_of(SOME) + np.uint64(1)).any()


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1)))
def test_what_is_known_is_what_the_forms_hold(words: list[str]) -> None:
    """Lower case here is that of single code points, as the hash takes it."""
    plain = [word for word in words if all(len(letter.lower()) == 1 for letter in word)]
    lower = ["".join(letter.lower() for letter in word) for word in plain]
    assert known(hashes_of(plain)).tolist() == [word in forms() for word in lower]


def test_the_same_word_has_one_hash_wherever_it_stands() -> None:
    far = "x " * 200_000 + "Ærø"
    seen: list[np.ndarray] = []

    def remember(hashes: np.ndarray) -> np.ndarray:
        seen.append(hashes)
        return np.zeros(len(hashes), bool)

    count([far, "ærø"], remember)
    hashes = np.concatenate(seen)
    assert hashes[-1] == hashes[-2] == hashes_of(["ÆRØ"])[0]
    assert len(set(hashes.tolist())) == 2
