"""Draw turns of folketingstidende for a person to read against the print, and count what the person found.

    python benchmarks/turn_sample.py --n 200 --seed 1              # prints each turn with what stands around it
    python benchmarks/turn_sample.py --strata 50 --seed 2          # the difficult kinds, as many of each
    python benchmarks/turn_sample.py --verdicts benchmarks/turn_verdicts.tsv

Verdicts hold ids and judgements, no text: ``id``, ``sample``, ``speaker_ok``, ``borders_ok``, ``note``, by tabs.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks._tidende import ARCHIVE, records
from frisat.documents import Document, Record
from sources.folketingstidende import extract

AROUND = 200
EDGE = 12


@dataclass(frozen=True, slots=True)
class Read:
    """A turn, and what stands before it and behind it in the print."""

    document: Document
    before: str
    after: str
    kinds: frozenset[str]


class Print:
    """The print of a sitting with its white space taken out, in which texts are found again one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = [(match.start(), match[0]) for match in re.finditer(r"\S+", text)]
        self._dense = "".join(word for _, word in self._words)
        self._starts: list[int] = []
        length = 0
        for _, word in self._words:
            self._starts.append(length)
            length += len(word)
        self._at = 0

    def place(self, speaker: str | None, text: str) -> tuple[int, int]:
        """Return where ``text`` begins and ends: behind the next tag of ``speaker`` that it follows."""
        length = len("".join(text.split()))
        # What editors put between paragraphs stands in the print only, so neither edge goes beyond one.
        first, last = ("".join(part.split()) for part in (text.partition("\n\n")[0], text.rpartition("\n\n")[2]))
        name, last = re.escape("".join((speaker or "").split())), last[-EDGE:]
        found = re.compile(rf"{name}[^:]{{0,40}}\):(?={re.escape(first[:EDGE])})").search(self._dense, self._at)
        assert found, f"{speaker}: {text[:80]!r} stands nowhere behind a tag"
        end = self._dense.index(last, found.end() + length - len(last)) + len(last)
        self._at = end
        return self._place(found.end()), self._place(end - 1) + 1

    def _place(self, dense: int) -> int:
        word = bisect_right(self._starts, dense) - 1
        return self._words[word][0] + dense - self._starts[word]


def read(record: Record) -> Iterator[Read]:
    """Yield the turns of a sitting with what stands around them."""
    printed = Print(record.read().decode())
    item: object = None
    for document in extract(record):
        if not isinstance(document, Document):
            continue
        start, end = printed.place(document.author, document.text)
        details = document.details
        before = printed.text[max(0, start - 900) : start]
        kinds = set()
        case = str(details.get("case", ""))
        if case.startswith(("S ", "US ")):
            kinds.add("question time")
        if (details.get("item"), details.get("item_title")) != item:
            kinds.add("first of an item")
        if document.created and document.created[0].isoformat() not in record.key:
            kinds.add("past midnight")
        if "Kl. " not in "\n".join([line for line in before.split("\n") if line.strip()][-4:]):
            kinds.add("without a stamp")
        item = (details.get("item"), details.get("item_title"))
        yield Read(
            document,
            _squeezed(before)[-AROUND:],
            _squeezed(printed.text[end : end + 600])[:AROUND],
            frozenset(kinds),
        )


def _squeezed(text: str) -> str:
    return re.sub(r" {3,}", "   ", re.sub(r"\s*\n\s*\n\s*", " ¶ ", text)).replace("\n", " / ")


def show(turn: Read) -> None:
    """Print a turn for reading."""
    details = turn.document.details
    facts = [details.get(key) for key in ("role", "party", "item", "subitem", "case", "stage", "start")]
    print(f"## {turn.document.id}")
    about = [turn.document.author, *facts, (turn.document.title or "")[:60]]
    print("  ", " | ".join(str(fact or "") for fact in about))
    whole = turn.document.text.replace("\n\n", " ¶ ")
    print(f"   …{turn.before} ⟦{whole}⟧ {turn.after}…\n")


def shares(path: Path) -> None:
    """Print the shares of right speakers and right borders."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for sample in (row["sample"], "all"):
                counts[sample]["n"] += 1
                counts[sample]["speaker"] += row["speaker_ok"] == "1"
                counts[sample]["borders"] += row["borders_ok"] == "1"
    for sample, count in counts.items():
        n = count["n"]
        print(f"{sample}: {n} turns, speaker {count['speaker'] / n:.1%}, borders {count['borders'] / n:.1%}")


def main() -> None:
    """Draw a sample, or count verdicts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("origin", nargs="?", type=Path, default=ARCHIVE)
    parser.add_argument("--n", type=int, default=0)
    parser.add_argument("--strata", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verdicts", type=Path)
    options = parser.parse_args()
    if options.verdicts:
        shares(options.verdicts)
        return
    turns = [turn for record in records(options.origin) for turn in read(record)]
    dice = random.Random(options.seed)  # noqa: S311 - a sample, no secret
    chosen = dice.sample(turns, min(options.n, len(turns)))
    kinds = ("question time", "first of an item", "past midnight", "without a stamp")
    for number, kind in enumerate(kinds):
        of_kind = [turn for turn in turns if kind in turn.kinds]
        wanted = options.strata // len(kinds) + (number < options.strata % len(kinds))
        print(f"# {kind}: {len(of_kind):,}") if options.strata else None
        chosen += dice.sample(of_kind, min(wanted, len(of_kind)))
    for turn in chosen:
        show(turn)


if __name__ == "__main__":
    main()
