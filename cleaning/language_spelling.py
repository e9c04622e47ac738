"""Whether words are spelled as Danish ones or as Norwegian ones: a witness that needs no library.

Danish wrote ``aa`` for ``å`` and gave every noun a capital until 1948; Norwegian gave both up before it came to look as
it does now. The table is learned from today's texts, so the two marks are counted by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("language_spelling.tsv")
"""Made by ``benchmarks/language_spelling.py``, which says from what."""

_LONGEST_RUN = 5
_LONGEST_WHOLE = 7
_LONGEST_WORD = 40
_MOST = 4.0
_WORD = re.compile(r"[^\W\d_]+")
_OLD_A = re.compile(r"[Aa]a")
_CAPITAL = re.compile(r"(?<=[a-zæøåö]) [A-ZÆØÅ](?=[a-zæøåö])")
_NEW_A = re.compile(r"[åÅ]")
_OLD_A_WEIGHT = 1.5
_CAPITAL_WEIGHT = 1.0
_CAPITALS = 0.12
_FEW_CAPITALS = 3
_MOST_FOR_AGE = 6.0


def grams(word: str) -> Iterable[str]:
    """Return the runs of one to five letters of ``word`` between its edges, and a short word as a whole, each once."""
    edged = f"<{word}>"
    runs = {
        edged[start : start + length]
        for length in range(1, _LONGEST_RUN + 1)
        for start in range(len(edged) - length + 1)
    }
    if len(word) <= _LONGEST_WHOLE:
        runs.add(edged)
    return sorted(runs)


@cache
def _weights() -> dict[str, int]:
    """Return the weight of each run, in twentieths: whole numbers, whose sums do not hang on their order."""
    found: dict[str, int] = {}
    for line in WEIGHTS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            weight, _, runs = line.partition("\t")
            found.update(dict.fromkeys(runs.split(" "), int(weight)))
    return found


@lru_cache(maxsize=20_000)
def _odds(word: str) -> float:
    weights = _weights()
    sum_of = weights.get("=", 0) + sum(weights.get(gram, 0) for gram in grams(word))
    return max(-_MOST, min(_MOST, sum_of / 20))


def spelling(text: str) -> float:
    """Return the natural log-odds that ``text`` is spelled as Danish, not as Norwegian: above zero, Danish."""
    words = _WORD.findall(text)
    today = sum(_odds(word[:_LONGEST_WORD].lower()) for word in words)
    old = _old(text, len(words))
    # Old Danish wrote much as Norwegian still does (``kj``, ``gj``, ``ei``): there the table has half a say.
    return old + (today / 2 if old and today < 0 else today)


def _old(text: str, words: int) -> float:
    """Return what spelling of before 1948 says: something only where no ``å`` says the opposite."""
    if _NEW_A.search(text):
        return 0.0
    capitals = len(_CAPITAL.findall(text))
    if capitals < max(_FEW_CAPITALS, _CAPITALS * words):
        capitals = 0
    return min(_MOST_FOR_AGE, _OLD_A_WEIGHT * len(_OLD_A.findall(text)) + _CAPITAL_WEIGHT * capitals)
