"""Real texts, near-copies made of them, and a plain reading of how alike two texts are."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from benchmarks._real_text import extracted
from cleaning.words import count
from frisat.files import sha256
from frisat.parquet import write_parquet
from frisat.schema import REFINED
from sources import adl, folketingstidende

SOURCES = {
    "adl": (adl.extract, "adl/adl_tei.tar.zst"),
    "folketingstidende": (folketingstidende.extract, "folketinget/folketingstidende_pdftext_2022-2023.tar.zst"),
}
_PART_BYTES = 8_000_000
_FOLDED = re.compile("[0-9a-zà-öø-\u1fff\u2070-\U0010ffff]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, a copy made of it, and the share of their word 5-grams that both have."""

    original: str
    copy: str
    text: str
    similarity: float


def texts_of(samples: Path, collections: Sequence[str] = tuple(SOURCES)) -> dict[str, str]:
    """Return the documents of some sources by id, as they are read."""
    found = (text for name in collections for text in extracted(name, SOURCES[name][0], samples / SOURCES[name][1]))
    return {text.id.replace("/", "."): text.text for text in found if text.text and text.collection in collections}


def write_parts(
    folder: Path, texts: Mapping[str, str], *, first: int = 0, source: str = "real"
) -> list[tuple[str, Path]]:
    """Write texts as refined parts of some megabytes; return the source and path of each."""
    parts: list[tuple[str, Path]] = []
    batch: dict[str, str] = {}
    filled = 0
    for identity, text in [*texts.items(), ("", "")]:
        if batch and (not identity or filled > _PART_BYTES):
            path = folder / source / f"{first + len(parts):05d}.parquet"
            write_parquet(path, [_refined(batch, source)], REFINED)
            parts.append((source, path))
            batch, filled = {}, 0
        batch[identity] = text
        filled += len(text.encode())
    return parts


def _refined(texts: Mapping[str, str], source: str) -> pa.Table:
    rows = list(texts.values())
    counts = count(rows)
    constant = {"source": source, "content": "", "record_key": "", "record_sha256": "", "harvest": 1, "token_count": 0,
                "retrieved_at": 0, "repairs": {}, "redactions": {}, "notes": [], "redacted": []}  # fmt: skip
    columns = {
        "id": [f"{source}/{identity}" for identity in texts],
        "text": rows,
        "text_bytes": [len(text.encode()) for text in rows],
        "characters": [len(text) for text in rows],
        "text_sha256": [sha256(text) for text in rows],
        "quality": [{"words": words} for words in counts.words.tolist()],
        "exact": counts.exact,
    }
    arrays = []
    for field in REFINED:
        values = columns.get(field.name, [constant.get(field.name)] * len(rows))
        arrays.append(pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=REFINED)


@lru_cache(maxsize=20_000)
def plain_ngrams(text: str) -> frozenset[tuple[str, ...]]:
    """Return the word 5-grams of a text, read without any of the code that is measured."""
    words = _FOLDED.findall(re.sub("[0-9]", "0", text.lower().replace("÷", " ")))
    return frozenset(tuple(words[i : i + 5]) for i in range(len(words) - 4))


def plain_similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of the word 5-grams of two texts."""
    a, b = plain_ngrams(one), plain_ngrams(other)
    return len(a & b) / max(1, len(a | b))


def made_pairs(texts: Mapping[str, str], per_change: int = 1_500) -> list[Pair]:
    """Return near-copies of real texts of 40 words or more, each changed in one way and by a share of its own."""
    chance = random.Random(5)  # noqa: S311 - for a fair choice, not for secrets
    fit = [identity for identity, text in texts.items() if 40 <= text.count(" ") <= 3_000]
    pairs = []
    for name, change in CHANGES.items():
        for number, identity in enumerate(chance.sample(fit, min(per_change, len(fit)))):
            text = change(texts[identity], chance.choice(_SHARES), chance)
            copy = f"copy.{name}.{number}"
            pairs.append(Pair(identity, copy, text, plain_similarity(texts[identity], text)))
    return pairs


_SHARES = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2)


def _words_changed(text: str, share: float, chance: random.Random) -> str:
    words = text.split(" ")
    for place in chance.sample(range(len(words)), max(1, int(len(words) * share))):
        words[place] = chance.choice(words)[::-1] + "e"
    return " ".join(words)


def _cut(text: str, share: float, chance: random.Random) -> str:
    words = text.split(" ")
    left = max(1, int(len(words) * share * 2))
    at = chance.choice((0, len(words) - left))
    return " ".join(words[:at] + words[at + left :])


def _reordered(text: str, share: float, chance: random.Random) -> str:
    """Put pieces of a text in another order; the larger the share, the smaller the pieces."""
    words = text.split(" ")
    size = max(5, int(1 / share))
    pieces = [words[start : start + size] for start in range(0, len(words), size)]
    chance.shuffle(pieces)
    return " ".join(word for piece in pieces for word in piece)


_MISREAD = {
    "e": "c",
    "a": "o",
    "n": "u",
    "m": "rn",
    "ø": "o",
    "æ": "ce",
    "å": "a",
    "l": "1",
    "i": "l",
    "t": "f",
    "s": "f",
}


def _misread(text: str, share: float, chance: random.Random) -> str:
    """Misread letters as a scanner does."""
    letters = list(text)
    for place in range(len(letters)):
        if letters[place] in _MISREAD and chance.random() < share / 4:
            letters[place] = _MISREAD[letters[place]]
    return "".join(letters)


CHANGES: dict[str, Callable[[str, float, random.Random], str]] = {
    "words": _words_changed,
    "cut": _cut,
    "reordered": _reordered,
    "misread": _misread,
}
