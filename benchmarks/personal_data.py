"""How well personal data is found: recall and precision on a made Danish set, and every hit in real acts and debates.

    python -m benchmarks.personal_data [--samples ../shared/data] [--peers PYTHON] [--peer-megabytes 4] [--record]

The made set (:mod:`benchmarks._personal_data_frames`) holds invented values in sentences, and confusers: numbers that
are something else. Precision is over the made set and the Nordic legal texts of the samples. ``--peers`` names a Python
that has ``presidio-analyzer`` or ``datatrove``; what it lacks is said to be not installed. Intervals are Wilson's at
95 %.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._personal_data_frames import Case, confusers, injected
from benchmarks._personal_data_hard import hard
from benchmarks._real_text import SAMPLES, RealText, bodies, real_texts
from benchmarks.measured import Figure, record, share
from cleaning.personal_data import KINDS, VERSION, find
from cleaning.stages import stage

Span = tuple[str, int, int]
Detect = Callable[[str], list[Span]]

NORDIC = "legal_sources/legal_sources_nordic.tar.zst"
AGREED = {"email": 36, "telefon": 11}
"""Findings in the Nordic texts that a reader agreed with: those of authorities, and one telephone of a firm."""
_OBFUSCATED = frozenset(("[at]", "snabel-a", "at and dot", "apart"))
_LAW = re.compile(
    r"(?:§§? ?|stk\. ?|\bnr\. ?|\blov |\bbekendtgørelse |\bdirektiv |\bforordning )[0-9][0-9 a-zA-Z./-]{0,12}",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_PEER = Path(__file__).with_name("_personal_data_peers.py")


@dataclass(slots=True)
class Score:
    """What one detector did on the made set."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    false: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def recall(self, kind: str, forms: Callable[[str], bool] = bool) -> Figure:
        """Return the share of the values of one kind that were found, in some forms of it."""
        keys = [key for key in self.asked if key[0] == kind and forms(key[1])]
        return share(sum(self.found[key] for key in keys), sum(self.asked[key] for key in keys))

    def precision(self, kind: str) -> Figure:
        """Return the share of the findings of one kind that were right."""
        return share(self.right[kind], self.right[kind] + self.wrong[kind])

    def both(self) -> dict[str, list[str]]:
        """Return the wrong decisions of each kind."""
        return {
            kind: [f"missed: {line}" for line in self.misses[kind]] + [f"false: {line}" for line in self.false[kind]]
            for kind in KINDS
        }


def ours(text: str) -> list[Span]:
    """Return what the project finds."""
    return [(finding.kind, finding.start, finding.end) for finding in find(text)]


def judge(detect: Detect, cases: Sequence[Case]) -> Score:
    """Run a detector over the made set."""
    score = Score()
    for case in cases:
        spans = detect(case.text)
        hit = False
        for kind, start, end in spans:
            right = kind == case.kind and start < case.end and case.start < end
            hit = hit or (right and start <= case.start and end >= case.end)
            (score.right if right else score.wrong)[kind] += 1
            if not right:
                score.false[kind].append(f"{case.form}: {case.text!r} -> {case.text[start:end]!r}")
        if case.kind is not None:
            score.asked[case.kind, case.form] += 1
            score.found[case.kind, case.form] += hit
            if not hit:
                score.misses[case.kind].append(f"{case.form}: {case.text!r}")
    return score


def nordic(detect: Detect, samples: Path) -> Counter[str]:
    """Return how many of each kind a detector finds in the Nordic legal texts, and print those of ours."""
    counts: Counter[str] = Counter()
    for name, body in bodies(samples / NORDIC):
        text = json.loads(body).get("text") or ""
        for kind, start, end in detect(text):
            counts[kind] += 1
            if detect is ours:
                print(f"   {name} {kind}: {_around(text, start, end)}")
    return counts


def in_real_text(detect: Detect, texts: Sequence[RealText], listed: int) -> tuple[Counter[str], int, int]:
    """Return the hits by kind, the tokens read, and the law references touched; print the first hits."""
    counts: Counter[str] = Counter()
    touched = 0
    for item in texts:
        for kind, start, end in detect(item.text):
            counts[kind] += 1
            if sum(counts.values()) <= listed:
                print(f"   {item.id} {kind}: {_around(item.text, start, end)}")
            near = _LAW.finditer(item.text, max(0, start - 30), min(len(item.text), end + 30))
            touched += any(match.start() < end and start < match.end() for match in near)
    return counts, sum(len(_TOKEN.findall(item.text)) for item in texts), touched


def _around(text: str, start: int, end: int) -> str:
    return repr(f"{text[max(0, start - 40) : start]}<<{text[start:end]}>>{text[end : end + 20]}")


@contextmanager
def peer(python: Path, name: str) -> Iterator[Detect | None]:
    """Run a peer in another Python, and yield its detection; None where it is not installed."""
    process = subprocess.Popen(
        [python, "-W", "ignore", _PEER, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def detect(text: str) -> list[Span]:
        stdin.write(json.dumps({"text": text}) + "\n")
        stdin.flush()
        return [(kind, start, end) for kind, start, end in json.loads(stdout.readline())["spans"]]

    try:
        said = json.loads(stdout.readline() or '{"missing": "it did not start"}')
        print(f"\n## {name} {said.get('version', '')}" + (" not installed" if "missing" in said else ""))
        yield None if "missing" in said else detect
    finally:
        stdin.close()
        process.wait()


def report(
    score: Score, real: tuple[Counter[str], int, int], kinds: Sequence[str], listed: int = 10
) -> dict[str, Figure]:
    """Print the figures of one detector, and return them."""
    figures: dict[str, Figure] = {}
    for kind in kinds:
        figures[f"{kind} recall"] = score.recall(kind)
        if kind == "email":
            figures["email recall, plain"] = score.recall(kind, lambda form: form not in _OBFUSCATED)
            figures["email recall, obfuscated"] = score.recall(kind, lambda form: form in _OBFUSCATED)
        figures[f"{kind} precision"] = score.precision(kind)
        figures[f"{kind} hits per million tokens of real text"] = Figure(
            round(real[0][kind] / real[1] * 1e6, 3), real[1]
        )
    for name, figure in figures.items():
        interval = "" if figure.low is None or figure.high is None else f"  [{figure.low:.4f}, {figure.high:.4f}]"
        print(f"{name:48} {figure.value:.4f}{interval}  n={figure.n:,}")
    print(f"law references touched: {real[2]}")
    for key in sorted(score.asked):
        if key[0] in kinds and score.found[key] < score.asked[key]:
            print(f"   {key[0]}, {key[1]}: {score.found[key]} of {score.asked[key]}")
    for kind in kinds:
        for heading, lines in (("missed", score.misses[kind]), ("false", score.false[kind])):
            for line in lines[:: max(1, len(lines) // listed)][:listed]:
                print(f"   {heading} {kind}: {line}")
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--peers", type=Path, help="a Python that has presidio-analyzer or datatrove")
    parser.add_argument("--peer-megabytes", type=float, default=4.0, help="real text that the peers read")
    parser.add_argument("--record", action="store_true", help="write the figures to cleaning/measured.json")
    options = parser.parse_args()
    cases = [*injected(), *confusers()]
    print(
        f"## ours (rules {VERSION}); {len(cases):,} cases, {sum(case.kind is None for case in cases):,} of them "
        "confusers"
    )
    score = judge(ours, cases)
    real: tuple[Counter[str], int, int] = (Counter(), 1, 0)
    texts: list[RealText] = []
    if options.samples.exists():
        for kind, count in nordic(ours, options.samples).items():
            score.right[kind] += min(count, AGREED.get(kind, 0))
            score.wrong[kind] += max(0, count - AGREED.get(kind, 0))
        wanted = ("retsinformation", "folketingstidende")
        texts = [item for item in real_texts(options.samples) if item.collection.startswith(wanted)]
        begun = time.process_time()
        for item in texts:
            find(item.text)
        took, size = time.process_time() - begun, sum(len(item.text.encode()) for item in texts) / 1e6
        real = in_real_text(ours, texts, 1000)
        print(
            f"real acts and debates: {size:.0f} MB, {real[1]:,} tokens, {size / took:.0f} MB/s, "
            f"{sum(real[0].values())} hits"
        )
    figures = report(score, real, KINDS)
    print("\n## hard cases, apart from all figures: where the rules end")
    for kind, wrong in judge(ours, list(hard())).both().items():
        print("\n".join(f"   {kind} {line}" for line in wrong))
    if options.record:
        record("personal_data", stage("personal_data"), figures)
    if options.peers is None:
        print("\npeers: not asked for (--peers PYTHON)")
        return
    some = _some(texts, options.peer_megabytes)
    kinds: dict[str, Sequence[str]] = {"presidio": ("email", "iban", "telefon"), "datatrove": ("email", "ip")}
    for name, known in kinds.items():
        with peer(options.peers, name) as detect:
            if detect is not None:
                begun = time.perf_counter()
                hits = in_real_text(detect, some, 10)
                took = time.perf_counter() - begun
                megabytes = sum(len(item.text.encode()) for item in some) / 1e6
                print(f"{megabytes:.1f} MB of real text, {megabytes / took:.2f} MB/s, hits {dict(hits[0])}")
                report(judge(detect, cases), hits, known)


def _some(texts: Sequence[RealText], megabytes: float) -> list[RealText]:
    """Return every so-many-th text, so that about ``megabytes`` come together."""
    size = sum(len(item.text) for item in texts) / 1e6
    return list(texts[:: max(1, round(size / megabytes))]) if megabytes > 0 else []


if __name__ == "__main__":
    main()
