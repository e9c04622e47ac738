"""Words and tokens by the written rule, and a hash that white space and case do not reach."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.words import TOKENIZER, count


def _by_the_rule(text: str) -> tuple[int, int]:
    """Return the words and tokens of ``text``, one character at a time as the rule says."""
    words = signs = 0
    inside = False
    for character in text:
        kind = unicodedata.category(character)[0]
        if kind in "LNM":
            words += not inside
        elif kind in "SP":
            signs += 1
        inside = kind in "LNM"
    return words, words + signs


def exact_hash(text: str) -> bytes:
    [found] = count([text]).exact
    return found


def _counted(texts: list[str]) -> list[tuple[int, int]]:
    found = count(texts)
    return list(zip(found.words.tolist(), found.tokens.tolist(), strict=True))


def test_the_name_of_the_rule() -> None:
    assert TOKENIZER == "frisat-words-1"


@pytest.mark.parametrize(
    ("text", "words", "tokens"),
    [
        ("", 0, 0),
        ("Ordføreren.", 1, 2),
        ("Jf. § 3, stk. 2", 4, 8),
        ("blåbærgrød", 1, 1),
        ("e\u0301n", 1, 1),
        ("1.200,50 kr.", 4, 7),
        ("a_b-c/d", 4, 7),
        ("to\nlinjer", 2, 2),
        ("日本語", 1, 1),
        ("👍👍", 0, 2),
    ],
)
def test_words_and_tokens(text: str, words: int, tokens: int) -> None:
    assert _counted([text]) == [(words, tokens)]


def test_no_texts() -> None:
    assert _counted([]) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(max_codepoint=0x1FFFF, exclude_categories=["Cs"]), max_size=20), max_size=6))
def test_counts_follow_the_rule_whatever_stands_beside(texts: list[str]) -> None:
    assert _counted(texts) == [_by_the_rule(text) for text in texts]
    assert count(texts).characters.tolist() == [len(text) for text in texts]


def test_shares_are_counted_by_category() -> None:
    found = count(["a = 12 €!", "½ m²", ""])
    assert found.symbols.tolist() == [2, 0, 0]
    assert found.numbers.tolist() == [2, 2, 0]


@pytest.mark.parametrize(
    "other", ["hej med  dig", "HEJ MED DIG", "hej\nmed\n\ndig", " hej med dig", "hej med dig\n", "hej\n   med dig"]
)
def test_white_space_and_case_do_not_reach_the_hash(other: str) -> None:
    assert exact_hash(other) == exact_hash("hej med dig")


@pytest.mark.parametrize("other", ["hej meddig", "hej med dig.", "hej, med dig", "hej med dig dig", ""])
def test_anything_else_does(other: str) -> None:
    assert exact_hash(other) != exact_hash("hej med dig")


def test_the_hash_has_sixteen_bytes() -> None:
    assert len(exact_hash("")) == 16
