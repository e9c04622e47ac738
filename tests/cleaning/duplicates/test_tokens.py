"""Words as hashes: the same as a plain reading of the rule gives, whatever the texts."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.duplicates import tokens
from cleaning.duplicates.tokens import MOST_BYTES, mix, words_of

_UPPER = {code: code + 32 for code in (*range(0x41, 0x5B), *range(0xC0, 0xDF)) if code != 0xD7}
_WORD = re.compile("[0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2070-\U0010ffff]+")


def _plain(text: str) -> list[str]:
    """Read the rule of ``frisat-fold-1`` a word at a time."""
    return [re.sub("[0-9]", "0", word.translate(_UPPER)) for word in _WORD.findall(text)]


def _hashes(*texts: str | None) -> list[list[int]]:
    found = words_of(pa.array(texts, pa.string()))
    assert len(found.starts) == len(texts) + 1
    return [found.hashes[a:b].tolist() for a, b in pairwise(found.starts.tolist())]


def _of_word(word: str) -> int:
    """Hash one word as the module says, in plain Python."""
    data = word.encode()

    def scramble(value: int) -> int:
        return int(mix(np.array([value % 2**64], dtype=np.uint64))[0])

    hashed = scramble(int.from_bytes(data[:8], "little") + len(data) * 0x9E3779B97F4A7C15)
    for start in range(8, min(len(data), MOST_BYTES), 8):
        hashed = scramble((hashed ^ int.from_bytes(data[start : start + 8], "little")) + 0x9E3779B97F4A7C15)
    return hashed


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Ærø ÅBEN Öl", "ærø åben öl"),
        ("§ 3, stk. 2.", "0 stk 0"),
        ("“Ja” – sagde han…", "ja sagde han"),
        ("1.234,50 kr.", "0 000 00 kr"),
        ("a\u00a0b\u2009c\u2028d", "a b c d"),
        ("3×4÷2", "0 0 0"),
        ("to\tog\ntre\r\n", "to og tre"),
    ],
)
def test_what_is_folded(text: str, same: str) -> None:
    assert _plain(text) == same.split(" ")
    assert _hashes(text) == _hashes(same) == [[_of_word(word) for word in same.split(" ")]]


def test_what_is_told_apart() -> None:
    words = ["mad", "måd", "mæd", "made", "mademademade", "mademademada", "madamademade", "Š", "š", "a" * 8, "a" * 9]
    assert len({word for (word,) in _hashes(*words)}) == len(words)


def test_long_words_are_told_apart_by_their_begin_and_length() -> None:
    (one,), (other,), (longer,) = _hashes("a" * 64 + "bc", "a" * 64 + "cb", "a" * 64 + "bcb")
    assert one == other != longer


def test_no_texts_and_empty_texts() -> None:
    assert _hashes() == []
    assert _hashes("", None, " \n", "ja", "") == [[], [], [], [_of_word("ja")], []]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=8))
def test_any_texts(texts: list[str]) -> None:
    assert _hashes(*texts) == [[_of_word(word) for word in _plain(text)] for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aBæÅ1 .\n–", max_size=60), max_size=6), st.integers(1, 30))
def test_blocks_of_any_size_give_the_same(texts: list[str], block: int) -> None:
    whole = _hashes(*texts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tokens, "_BLOCK", block)
        assert _hashes(*texts) == whole


def test_a_chunked_and_sliced_column() -> None:
    column = pa.chunked_array([pa.array(["en to", "tre"]), pa.array(["fire fem seks"])])
    found = words_of(column.slice(1))
    assert found.counts().tolist() == [1, 3]
