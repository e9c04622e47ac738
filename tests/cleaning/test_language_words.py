"""Common words are counted for every language at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaning.language_words import MARKERS, RIVALS, count, pairs


def _of(words: str, rival: str) -> tuple[int, int]:
    hits = count(words.split())
    position = RIVALS.index(rival)
    return hits.danish[position], hits.theirs[position]


def test_a_word_counts_for_the_language_that_has_it_alone() -> None:
    assert _of("af av", "nb") == (1, 1)
    assert _of("ikke", "nb") == (0, 0)
    assert _of("ikke inte och", "sv") == (1, 2)


def test_a_word_counts_once_however_it_is_written() -> None:
    assert _of("af af af", "nb") == (1, 0)
    assert _of("Af AF", "nb") == (2, 0)


def test_words_of_both_languages_tell_nothing() -> None:
    spelled = pairs()
    assert not spelled["da"] & spelled["nb"]
    assert not spelled["both"] & (spelled["da"] | spelled["nb"])
    assert {_of(word, "nb") for word in spelled["both"]} == {(0, 0)}


def test_pairs_part_danish_from_norwegian() -> None:
    assert _of("sprog bog uge", "nb") == (3, 0)
    assert _of("språk bok uke", "nb") == (0, 3)
    assert _of("sprog bog uge", "de") == (0, 0)


def test_a_clear_case_needs_words_of_its_own() -> None:
    assert not count(["af", "efter"]).clearly_danish
    assert count(MARKERS["da"].split()).clearly_danish
    assert count(MARKERS["da"].split()).clear_rival is None
    assert [count(MARKERS[rival].split()).clear_rival for rival in ("de", "en", "fr")] == ["de", "en", "fr"]


def test_all_words_of_all_languages_fit_the_fields() -> None:
    hits = count([word for words in MARKERS.values() for word in words.split()])
    assert all(0 < ours < 1000 and 0 < theirs < 1000 for ours, theirs in zip(hits.danish, hits.theirs, strict=True))


@given(st.lists(st.sampled_from(sorted({word for words in MARKERS.values() for word in words.split()}))))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    assert count(words) == count(words[::-1])


@given(st.lists(st.text()))
def test_any_words_can_be_counted(words: list[str]) -> None:
    hits = count(words)
    assert hits.balance >= -len(words)
    assert not (hits.clearly_danish and hits.leans_away)
