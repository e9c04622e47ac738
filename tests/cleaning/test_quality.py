"""Measures of a text: shares between nothing and all."""

from __future__ import annotations

from typing import Any

import pytest

from cleaning.lexicon import known
from cleaning.quality import measure
from cleaning.words import count


def _measures(text: str) -> dict[str, Any]:
    (row,) = measure([text], count([text])).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("text", "words", "duplicate_lines", "symbols", "digits"),
    [
        ("", 0, 0.0, 0.0, 0.0),
        ("hej", 1, 0.0, 0.0, 0.0),
        ("a\nb\na\n\na\n", 4, 0.5, 0.0, 0.0),
        ("a\n \n \nb", 2, 0.0, 0.0, 0.0),
        ("12 =", 1, 0.0, 0.25, 0.5),
        ("€€", 0, 0.0, 1.0, 0.0),
    ],
)
def test_measures(text: str, words: int, duplicate_lines: float, symbols: float, digits: float) -> None:
    assert _measures(text) == {
        "words": words, "duplicate_lines": duplicate_lines, "symbols": symbols, "digits": digits, "lexicon": None,
        "ocr_confidence": None,
    }  # fmt: skip


def test_no_texts_give_no_rows() -> None:
    assert measure([], count([])).to_pylist() == []


def test_the_share_of_words_that_the_lexicon_knows() -> None:
    texts = ["Aarsagen er kendt.", "xqzt er 1848 b2 xqzv qqq", "1848", ""]
    shares = [row["lexicon"] for row in measure(texts, count(texts, known)).to_pylist()]
    assert shares == [1.0, 0.25, None, None]
