"""How exact, how fast and how large the search for copies is; side by side with datatrove on the same documents.

    python benchmarks/duplicates.py exact speed [--samples ../shared/data] [--peers PYTHON]
    python benchmarks/duplicates.py linear incremental short joined

``exact``        near-copies made from real text, true Jaccard similarity by a plain reading: recall and precision
``speed``        two workers, start-up left out; with ``--peers``, a Python that has datatrove 0.10.1, that beside it
``linear``       the same at 1, 2, 4 and 8 times the text
``incremental``  1 % added to an index
``short``        one million documents of 25 words: time and memory
``joined``       ten million signatures joined: time and memory

Wall time and processor time are both told: other work on the machine spoils the first, hardly the second.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks._duplicates_made import made_pairs, plain_similarity, texts_of, write_parts
from benchmarks._memory import Memory
from benchmarks.measured import Figure, record, share
from cleaning import LinkResult, Scheme, SignedPart, SignJob, link, sign_part
from cleaning.duplicates.signing import schema
from cleaning.duplicates.verify import verify_pairs
from cleaning.links import read_pairs_of
from cleaning.stages import stage
from frisat.files import sha256
from frisat.parquet import read_columns, write_parquet
from frisat.runner import PoolRunner, Runner, Workers

WORKERS = 2
HERE = Path(__file__).parent


@dataclass
class Spent:
    """Seconds by the clock, and of processors in this process and its children; the largest memory of any (bytes)."""

    wall: float = 0.0
    cpu: float = 0.0


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure a block, with the processor time of children that still live counted."""
    import psutil

    def children() -> float:
        found = psutil.Process().children(recursive=True)
        return sum(sum(child.cpu_times()[:2]) for child in found if child.is_running())

    spent = Spent()
    wall, cpu = time.perf_counter(), _cpu() + children()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - wall, _cpu() + children() - cpu


def search(root: Path, parts: Sequence[tuple[str, Path]], runner: Runner, scheme: Scheme) -> tuple[LinkResult, Spent]:
    """Sign and link refined parts, as a build does."""
    jobs = [
        SignJob(source, part, root / "signatures" / source / f"{part.stem}.parquet", scheme) for source, part in parts
    ]
    with spending() as spent:
        for outcome in runner.map(sign_part, [job for job in jobs if not job.target.exists()], label="Signing"):
            outcome.result()
        signed = [SignedPart(job.source, job.part, job.target) for job in jobs]
        result = link(root / "links", signed, runner, scheme=scheme)
    return result, spent


@contextmanager
def warm() -> Iterator[Runner]:
    """Give two processes that have imported what they need."""
    with Workers(WORKERS) as workers:
        runner = PoolRunner(workers)
        list(runner.map(_sleep, [0.2] * 8, label="Warming"))
        yield runner


def _sleep(seconds: float) -> str:
    time.sleep(seconds)
    return verify_pairs.__name__


def exact(samples: Path, root: Path, figures: dict[str, Figure]) -> None:
    """Look for near-copies made from real text, among all of that text."""
    texts = texts_of(samples)
    pairs = made_pairs(texts)
    documents = {**texts, **{pair.copy: pair.text for pair in pairs}}
    parts = write_parts(root / "refined", documents)
    with warm() as runner:
        result, _ = search(root, parts, runner, Scheme())
    linked, form = _linked(result, root)
    for name, low, high in (("0.85", 0.85, 1.01), ("0.80", 0.8, 0.85), ("0.75", 0.75, 0.8), ("0.70", 0.7, 0.75)):
        wanted = [pair for pair in pairs if low <= pair.similarity < high]
        hits = sum(
            form[pair.original] == form[pair.copy] or frozenset((pair.original, pair.copy)) in linked for pair in wanted
        )
        kind = "recall" if low >= 0.8 else "linked"
        figures[f"{kind}_{name}"] = share(hits, len(wanted))
    true = [plain_similarity(*(documents[name] for name in pair)) >= 0.8 for pair in map(tuple, linked)]
    figures["precision"] = share(sum(true), len(true))
    for name, figure in figures.items():
        print(f"{name}: {figure.value:.4f} of {figure.n} ({figure.low:.4f}–{figure.high:.4f})")


def _linked(result: LinkResult, root: Path) -> tuple[set[frozenset[str]], dict[str, bytes]]:
    """Return the pairs of documents that were linked directly, and the form of each document.

    Of many documents of one form, which all are linked, each stands in one pair alone.
    """
    forms: dict[bytes, list[str]] = {}
    for path in (root / "signatures").rglob("*.parquet"):
        table = read_columns(path, ["id", "form"])
        for identity, form in zip(table.column("id").to_pylist(), table.column("form").to_pylist(), strict=True):
            forms.setdefault(form, []).append(identity.partition("/")[2])
    found = {frozenset((ids[0], other)) for ids in forms.values() for other in ids[1:]}
    for row in read_pairs_of(result.path).to_pylist():
        if row["verdict"] == "near":
            found |= {frozenset((one, other)) for one in forms[row["a"]] for other in forms[row["b"]]}
    return found, {identity: form for form, ids in forms.items() for identity in ids}


def speed(samples: Path, root: Path, figures: dict[str, Figure], peers: str | None, bands: int, rows: int) -> None:
    """Search the Archive for Danish Literature's text, with datatrove's four stages beside it."""
    texts = texts_of(samples, ["adl"])
    size = sum(len(text.encode()) for text in texts.values()) / 1e6
    print(f"{len(texts)} documents, {size:.1f} MB, {bands} bands of {rows}")
    parts = write_parts(root / "refined", texts)
    scheme = Scheme(bands=bands, rows=rows)
    turns = []
    with warm() as runner:
        for turn in range(5):
            _, spent = search(root / f"turn{turn}", parts, runner, scheme)
            _tell("frisat", size, spent)
            turns.append(spent)
    spent = sorted(turns, key=lambda one: one.wall)[len(turns) // 2]
    _tell("frisat, the middle one", size, spent)
    figures[f"mb_per_second_{bands}x{rows}"] = Figure(round(size / spent.wall, 2), len(texts))
    figures[f"mb_per_cpu_second_{bands}x{rows}"] = Figure(round(size / spent.cpu, 2), len(texts))
    if peers is None:
        return
    for tokenizer in ("whitespace", "danish"):
        empty = _datatrove(peers, root, dict(list(texts.items())[:2]), scheme, tokenizer)
        seconds = _datatrove(peers, root, texts, scheme, tokenizer) - empty
        print(
            f"datatrove, {tokenizer} (start-up of {empty:.1f} s taken off): {seconds:.2f} s, {size / seconds:.1f} MB/s"
        )
        print(f"  frisat's {spent.wall:.2f} s are {seconds / spent.wall:.1f} times as fast")
        figures[f"times_datatrove_{tokenizer}_{bands}x{rows}"] = Figure(round(seconds / spent.wall, 1), len(texts))


def _tell(name: str, size: float, spent: Spent) -> None:
    print(
        f"{name}: {spent.wall:.2f} s, {size / spent.wall:.1f} MB/s; processors {spent.cpu:.2f} s, "
        f"{size / spent.cpu:.1f} MB/s each",
        flush=True,
    )


def _datatrove(python: str, root: Path, texts: Mapping[str, str], scheme: Scheme, tokenizer: str) -> float:
    """Return the seconds by the clock that datatrove's four stages take."""
    source = root / "datatrove"
    source.mkdir(parents=True, exist_ok=True)
    names = list(texts)
    for number in range(WORKERS):
        lines = (json.dumps({"id": name, "text": texts[name]}) for name in names[number::WORKERS])
        (source / f"{number}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    settings = [str(scheme.bands), str(scheme.rows), str(scheme.ngram), tokenizer]
    done = subprocess.run(
        [python, str(HERE / "_datatrove.py"), str(source), str(root / "work"), *settings],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    answer = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not answer:
        sys.exit(f"datatrove failed:\n{done.stderr[-2000:]}")
    return float(sum(json.loads(answer[-1].removeprefix("RESULT "))["seconds"].values()))


def linear(samples: Path, root: Path, figures: dict[str, Figure]) -> None:
    """Search the same text over and over, each time with other words."""
    texts = texts_of(samples, ["adl"])
    for scale in (1, 2, 4, 8):
        more = {
            f"{n}-{k}": text.replace(" og ", f" og{n} ").replace("e ", f"e{n} ")
            for n in range(scale)
            for k, text in texts.items()
        }
        size = sum(len(text.encode()) for text in more.values()) / 1e6
        parts = write_parts(root / f"refined{scale}", more)
        with warm() as runner:
            _, spent = search(root / f"scale{scale}", parts, runner, Scheme())
        _tell(f"{scale}×", size, spent)
        figures[f"cpu_seconds_per_mb_at_{scale}x"] = Figure(round(spent.cpu / size, 4), len(more))


def incremental(samples: Path, root: Path, figures: dict[str, Figure]) -> None:
    """Add 1 % to an index of the same text eight times over."""
    texts = {
        f"{n}-{k}": text.replace("e ", f"e{n} ") for n in range(8) for k, text in texts_of(samples, ["adl"]).items()
    }
    names = list(texts)
    border = len(names) - len(names) // 100
    old = write_parts(root / "refined", {name: texts[name] for name in names[:border]})
    new = write_parts(root / "refined", {name: texts[name] for name in names[border:]}, first=len(old))
    with warm() as runner:
        _, whole = search(root, old, runner, Scheme())
        result, added = search(root, [*old, *new], runner, Scheme())
    print(
        f"the whole: {whole.wall:.1f} s, processors {whole.cpu:.1f} s; "
        f"1 % more: {added.wall:.1f} s, processors {added.cpu:.1f} s"
    )
    print(f"pairs compared for the 1 %: {result.compared}")
    figures["share_of_cost_of_adding_1_percent"] = Figure(round(added.cpu / whole.cpu, 3), len(names))


def short(root: Path, figures: dict[str, Figure], count: int) -> None:
    """Search many documents of 25 words, one in ten of them a near copy."""
    chance = random.Random(1)  # noqa: S311 - for texts of chance, not for secrets
    vocabulary = [f"ord{''.join(chance.choices('abdefgiklmnoprstuvæøå', k=4))}" for _ in range(20_000)]
    per_part = 100_000
    parts: list[tuple[str, Path]] = []
    for start in range(0, count, per_part):
        texts: dict[str, str] = {}
        for n in range(start, min(start + per_part, count)):
            words = chance.choices(vocabulary, k=25)
            texts[f"{n:08d}"] = " ".join(words)
            if n % 10 == 0:
                texts[f"{n:08d}x"] = " ".join([*words[:24], "til"])
        parts += write_parts(root / "refined", texts, first=len(parts), source="short")
    with warm() as runner, Memory() as memory:
        result, spent = search(root, parts, runner, Scheme())
    size = sum(os.path.getsize(part) for _, part in parts) / 1e6  # noqa: PTH202
    print(
        f"{count} short documents ({size:.0f} MB of parts): {spent.wall:.1f} s, processors {spent.cpu:.1f} s; "
        f"pairs {result.pairs}; memory at its highest {memory.peak / 1e9:.2f} GB"
    )
    figures["short_documents_peak_gb"] = Figure(round(memory.peak / 1e9, 2), count)
    figures["short_documents_cpu_seconds"] = Figure(round(spent.cpu, 1), count)


def joined(root: Path, figures: dict[str, Figure], count: int) -> None:
    """Join signatures that were never texts: what meets in a band is dropped by the whole signatures."""
    scheme, generator = Scheme(), np.random.default_rng(1)
    made, per_part, parts = schema(scheme), 250_000, []
    for start in range(0, count, per_part):
        rows = min(per_part, count - start)
        columns: dict[str, Any] = {
            "row": pa.array(np.arange(rows)),
            "id": pa.array([f"s/{start + n}" for n in range(rows)]),
            "source": pa.array(["s"] * rows),
            "text_sha256": pa.array([sha256(str(start + n)) for n in range(rows)]),
            "text_bytes": pa.array(np.full(rows, 1000)),
            "exact": _random(generator, rows, 16),
            "form": _random(generator, rows, 16),
            "shingles": pa.array(np.full(rows, 200, np.int32)),
            "signature": _random(generator, rows, 2 * scheme.size),
        }
        for band in range(scheme.bands):
            # One key in twenty is that of another document.
            keys = generator.integers(1, 20 * count, rows, dtype=np.uint64)
            columns[f"band_{band:02d}"] = pa.array(keys)
        path = root / "signatures" / "s" / f"{start:09d}.parquet"
        write_parquet(path, [pa.table(columns, schema=made)], made, text="id", metadata=scheme.header())
        parts.append(SignedPart("s", root / "none", path))
    with warm() as runner, Memory() as memory, spending() as spent:
        result = link(root / "links", parts, runner)
    print(
        f"{count} signatures joined: {spent.wall:.1f} s, processors {spent.cpu:.1f} s; {result.pairs}; "
        f"memory at its highest {memory.peak / 1e9:.2f} GB"
    )
    figures["joined_signatures_peak_gb"] = Figure(round(memory.peak / 1e9, 2), count)
    figures["joined_signatures_cpu_seconds"] = Figure(round(spent.cpu, 1), count)


def _random(generator: np.random.Generator, rows: int, size: int) -> pa.Array:
    return pa.Array.from_buffers(pa.binary(size), rows, [None, pa.py_buffer(generator.bytes(rows * size))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="+", choices=["exact", "speed", "linear", "incremental", "short", "joined"])
    parser.add_argument("--samples", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--peers", help="a Python that has datatrove 0.10.1")
    parser.add_argument("--bands", type=int, default=Scheme().bands)
    parser.add_argument("--rows", type=int, default=Scheme().rows)
    parser.add_argument("--count", type=int, help="documents of 'short' or 'joined'")
    parser.add_argument("--record", action="store_true", help="keep the figures in cleaning/measured.json")
    chosen = parser.parse_args()
    steps: dict[str, Callable[[Path, dict[str, Figure]], None]] = {
        "exact": partial(exact, chosen.samples),
        "speed": lambda root, figures: speed(chosen.samples, root, figures, chosen.peers, chosen.bands, chosen.rows),
        "linear": partial(linear, chosen.samples),
        "incremental": partial(incremental, chosen.samples),
        "short": lambda root, figures: short(root, figures, chosen.count or 1_000_000),
        "joined": lambda root, figures: joined(root, figures, chosen.count or 10_000_000),
    }
    for name in chosen.what:
        figures: dict[str, Figure] = {}
        with tempfile.TemporaryDirectory(prefix="frisat-duplicates-") as folder:
            print(f"── {name}", flush=True)
            steps[name](Path(folder), figures)
        if chosen.record:
            record(f"duplicates/{name}", stage("duplicates"), figures)


if __name__ == "__main__":
    main()
