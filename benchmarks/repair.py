"""How well text is repaired, how much of it is left alone, and how fast that goes on one core.

    python benchmarks/repair.py [--samples ../shared/data] [--lines 200000] [--list CHANGES.tsv] [--record]

Four things are measured on real text. Every line that repair changes by more than white space is counted by kind;
``--list`` writes each of them, before and after, to be read. Lines with a character beyond ASCII are broken on
purpose, as UTF-8 read as latin-1 or windows-1252 (with its five holes as controls, as browsers do), once and twice,
and must come back exactly. Quotes and dashes put before words with æ, ø, å must stay. Speed is measured on the texts
that need nothing, on all, and on a column in Arrow. ``--record`` writes the figures for the cards.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._real_text import SAMPLES, RealText, real_texts
from benchmarks.measured import Figure, record, share
from cleaning.repair import Repaired, may_need_repair, needs_repair, repair, repair_column
from cleaning.stages import stage

DANISH_TEXT = ("adl", "retsinformation", "folketingstidende", "law DK", "Aarhus", "sentences da")
OPENING = "”“„»«’‘‚‹›\"'–—-…("
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\u2028\u2029]")
_DIVISION = re.compile("[-‐‑¬⸗]$")
_CP1252 = {b: bytes([b]).decode("cp1252") for b in range(0x80, 0xA0) if b not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}}
_WORD = re.compile(r"(?<![^\W\d_])[æøåÆØÅ][^\W\d_]*")


@dataclass(frozen=True, slots=True)
class Change:
    """Lines as they came and as they were made; ``kind`` says by what."""

    kind: str
    before: str
    after: str


def changes(before: str, after: str) -> Iterator[Change]:
    """Yield the lines that are not the same but for white space."""
    old, new = (
        [bare for line in _LINE_END.split(text) if (bare := " ".join(line.split()))] for text in (before, after)
    )
    if old == new:
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            was, now = old[i:j], new[k:m]
            yield Change(_kind(was, now), "\n".join(was), "\n".join(now))


def _kind(was: list[str], now: list[str]) -> str:
    if [line.replace("\xad", "") for line in was] == now:
        return "soft hyphens"
    if any(map(_DIVISION.search, was)):
        return "divided words"
    return "encoding and characters"


def misread(text: str, encoding: str, times: int) -> str:
    """Return ``text`` as UTF-8 that was read as ``encoding``, ``times`` over."""
    for _ in range(times):
        text = text.encode().decode("latin-1")
        if encoding == "windows-1252":
            text = text.translate(_CP1252)
    return text


def left_alone(texts: list[RealText], target: Path | None) -> None:
    """Count what is changed in real text, and write it to ``target``."""
    total, kinds, unsteady = Counter[str](), Counter[tuple[str, str]](), 0
    rows = []
    for text in texts:
        found = repair(text.text)
        unsteady += repair(found.text) != Repaired(found.text)
        total.update(
            texts=1,
            changed=found.text != text.text,
            encoding=found.encoding,
            whitespace=found.whitespace,
            hyphens=found.hyphens,
        )
        for change in changes(text.text, found.text):
            kinds[text.collection, change.kind] += 1
            rows.append(f"{change.kind}\t{text.collection}\t{text.id}\t{change.before!r}\t{change.after!r}\n")
    print(f"real text: {dict(total)}; not the same when repaired again: {unsteady}")
    for (collection, kind), count in sorted(kinds.items()):
        print(f"    {collection}: {kind}: {count:,} places changed by more than white space")
    if target is not None:
        target.write_text("".join(rows))
        print(f"    listed in {target}")


def broken_lines(texts: list[RealText], most: int) -> list[str]:
    """Return lines of Danish text with a character beyond ASCII: all, or evenly chosen ones."""
    lines = [
        line
        for text in texts
        if text.collection in DANISH_TEXT
        for line in re.split("\r?\n", text.text)
        if not line.isascii() and line.strip()
    ]
    step = max(1, -(-len(lines) // most))
    return lines[::step]


def restored(lines: list[str], encoding: str, times: int) -> Figure:
    """Return the share of ``lines`` that come back exactly after they were misread."""
    return share(sum(repair(misread(line, encoding, times)).text == repair(line).text for line in lines), len(lines))


def quotes(lines: list[str]) -> Figure:
    """Return the share of quotes and dashes before words with æ, ø, å that stay, alone on the line and within it."""
    words = sorted({word for line in lines for word in _WORD.findall(line)})[:4_000]
    cases = [form for word in words for quote in OPENING for form in (f"{quote}{word}", f"Han sagde: {quote}{word} er")]
    return share(sum(repair(case) == Repaired(case) for case in cases), len(cases))


def rate(size: int, call: Callable[[], object]) -> float:
    """Return the MB a second of the best of three goes."""
    times = []
    for _ in range(3):
        before = time.process_time()
        call()
        times.append(time.process_time() - before)
    return size / 1e6 / min(times)


def speeds(texts: list[RealText]) -> dict[str, Figure]:
    """Return MB/s of the texts as sources read them: the clean ones, all, and the question alone."""
    every = [text.text for text in texts if text.collection in {"adl", "retsinformation", "folketingstidende"}]
    clean = [text for text in every if not needs_repair(text)]
    column, clean_column = pa.array(every, pa.string()), pa.array(clean, pa.string())
    sizes = {name: sum(len(text.encode()) for text in group) for name, group in (("all", every), ("clean", clean))}
    print(f"speed, of {sizes['all'] / 1e6:.1f} MB ({sizes['clean'] / 1e6:.1f} MB clean):")
    found = {
        "clean_mb_per_second": (rate(sizes["clean"], lambda: repair_column(clean_column)), sizes["clean"]),
        "clean_one_by_one_mb_per_second": (rate(sizes["clean"], lambda: list(map(repair, clean))), sizes["clean"]),
        "all_mb_per_second": (rate(sizes["all"], lambda: repair_column(column)), sizes["all"]),
        "prefilter_mb_per_second": (rate(sizes["all"], lambda: may_need_repair(column)), sizes["all"]),
    }
    return {name: Figure(round(value, 1), size) for name, (value, size) in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--lines", type=int, default=200_000, help="at most so many lines are broken, each way")
    parser.add_argument("--list", type=Path, help="write every changed line here")
    parser.add_argument("--record", action="store_true", help="write the figures to cleaning/measured.json")
    chosen = parser.parse_args()
    if not (chosen.samples / "adl").exists():
        sys.exit(f"no samples in {chosen.samples}; name their folder with --samples")
    texts = list(real_texts(chosen.samples))
    left_alone(texts, chosen.list)
    lines = broken_lines(texts, chosen.lines)
    figures = {
        f"restored_{encoding.replace('-', '_')}_{word}": restored(lines, encoding, times)
        for encoding in ("latin-1", "windows-1252")
        for times, word in ((1, "once"), (2, "twice"))
    }
    figures["opening_quotes_kept"] = quotes(lines)
    figures |= speeds(texts)
    for name, figure in figures.items():
        interval = "" if figure.low is None else f" [{figure.low:.6f}, {figure.high:.6f}]"
        print(f"{name}: {figure.value:,.6g}{interval}, n = {figure.n:,}")
    if chosen.record:
        record("repair", stage("repair"), figures)


if __name__ == "__main__":
    main()
