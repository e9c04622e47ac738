"""Signatures agree as often as the texts are alike, and depend on nothing but the text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.duplicates import signature
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import band_keys, distinct, shingles, signatures
from cleaning.duplicates.tokens import words_of
from tests.cleaning.duplicates.helpers import changed, prose

SCHEME = Scheme()


def _sets(*texts: str, ngram: int = 5) -> list[set[int]]:
    hashes, starts = shingles(words_of(pa.array(texts, pa.string())), ngram)
    return [set(hashes[a:b].tolist()) for a, b in pairwise(starts.tolist())]


def _signatures(*texts: str, scheme: Scheme = SCHEME) -> np.ndarray:
    return signatures(*shingles(words_of(pa.array(texts, pa.string())), scheme.ngram), scheme)


def test_shingles_are_word_ngrams_and_none_crosses_texts() -> None:
    one, two, three, four = _sets("a b c d e f", "b c d e f", "a b c d", "")
    assert (len(one), len(two), len(three), len(four)) == (2, 1, 0, 0)
    assert two < one
    assert _sets("a b c d e", "b a c d e")[0].isdisjoint(_sets("b a c d e")[0])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=12), max_size=8), st.integers(1, 6))
def test_shingles_of_any_texts(texts: list[list[str]], ngram: int) -> None:
    found = _sets(*(" ".join(text) for text in texts), ngram=ngram)
    plain = [{tuple(text[i : i + ngram]) for i in range(len(text) - ngram + 1)} for text in texts]
    assert [len(one) for one in found] == [len(one) for one in plain]
    for one, other in zip(found, plain, strict=True):
        for more, others in zip(found, plain, strict=True):
            assert len(one & more) == len(other & others)


@pytest.mark.parametrize("words", [20, 60, 400, 5000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.1])
def test_agreement_tells_the_similarity(words: int, share: float) -> None:
    differences = []
    for seed in range(40):
        text = prose(seed, words)
        one, other = _sets(text, changed(text, share, seed))
        true = len(one & other) / len(one | other)
        a, b = _signatures(text, changed(text, share, seed))
        differences.append((a == b).mean() - true)
    # Of one pair the standard error is below 0.043, of the mean of forty below 0.007.
    assert abs(np.mean(differences)) < 0.03
    assert np.abs(differences).max() < 0.2


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abcæ ", max_size=80), min_size=1, max_size=10), st.randoms())
def test_a_signature_depends_on_its_text_alone(texts: list[str], chance: object) -> None:
    together = _signatures(*texts)
    assert (together[::-1] == _signatures(*texts[::-1])).all()
    for text, found in zip(texts, together, strict=True):
        assert (found == _signatures(text)[0]).all()


def test_a_signature_depends_on_the_set_of_its_ngrams() -> None:
    text = prose(1, 300)
    assert (_signatures(text)[0] == _signatures(f"{text} {text} {text}")[0]).mean() > 0.95
    repeated = " ".join(["igen"] * 50)
    assert (_signatures(repeated)[0] == _signatures(" ".join(["igen"] * 90_000))[0]).all()


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_pieces_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    texts = [prose(1, 9), prose(2, 700), "", prose(3, 30), "a " * 400]
    whole = _signatures(*texts)
    monkeypatch.setattr(signature, "_BLOCK", block)
    monkeypatch.setattr(signature, "_MOST_PLACES", 2 * SCHEME.size)
    assert (_signatures(*texts) == whole).all()


def test_a_text_without_ngrams_has_zeros() -> None:
    assert not _signatures("", "en to tre fire").any()


def test_the_formula_is_what_the_scheme_says() -> None:
    """Signatures are stored for years: if this fails, the scheme needs another name."""
    found = _signatures(
        "Byrådet besluttede i går at udskyde sagen til mødet den 3. marts", scheme=Scheme(bands=2, rows=3)
    )
    assert found.tolist() == FORMULA
    assert band_keys(found, Scheme(bands=2, rows=3)).tolist() == KEYS


FORMULA = [[48107, 46918, 60154, 13176, 21887, 23302]]
KEYS = [[3887280937950948574, 5740865518179278405]]


def test_a_seed_gives_other_signatures() -> None:
    text = prose(1)
    assert (_signatures(text)[0] == _signatures(text, scheme=Scheme(seed=2))[0]).mean() < 0.05


def test_keys_follow_the_rows_of_their_band() -> None:
    scheme = Scheme(bands=3, rows=2)
    keys = band_keys(np.array([[1, 2, 3, 4, 5, 6], [1, 2, 4, 3, 5, 6], [2, 1, 3, 4, 5, 6]], np.uint16), scheme)
    assert (keys[0] == keys[1]).tolist() == [True, False, True]
    assert (keys[0] == keys[2]).tolist() == [False, True, True]


def test_distinct_is_sorted_and_once() -> None:
    assert distinct(np.array([3, 1, 3, 2, 1], np.uint64)).tolist() == [1, 2, 3]
    assert distinct(np.zeros(0, np.uint64)).tolist() == []
