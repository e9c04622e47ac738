"""How fast a part is refined, whole and by step, on the text of the samples.

    python benchmarks/refine.py [--samples ../shared/data] [--record]

The samples' acts, works and debates are extracted into parts; each part is then refined as the build does it: one read,
every step, one write. Processor time of one process; start-up, which loads libraries and the lexicon, is taken apart.
The spread of the measures (1st, 5th, 50th, 95th and 99th hundredth) is told by source. The steps are timed on the same
texts one by one: their sum is less than the whole, which also copies columns and writes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.measured import Figure, record
from cleaning import language, lexicon, personal_data, quality, repair, words
from cleaning.described import clean_json, clean_lines
from cleaning.refine import RefineJob, refine_part
from cleaning.stages import stage
from flows.build import extract_jobs
from frisat.parquet import read_columns, read_groups
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import extract_part, find_source, harvest_delivery

T = TypeVar("T")
SOURCES = {
    "retsinformation": "retsinformation/lexdania_love_2010-2017.tar.zst",
    "adl": "adl/adl_tei.tar.zst",
    "folketingstidende": "folketinget/folketingstidende_pdftext_2022-2023.tar.zst",
}


def parts_of(workspace: Workspace, samples: Path) -> list[tuple[str, Path]]:
    """Harvest and extract the samples; return the source and the path of each part of documents."""
    found = []
    for name, delivery in SOURCES.items():
        harvest_delivery(workspace, name, samples / delivery, Silent())
        jobs = extract_jobs(workspace, find_source(workspace, name))
        for job in jobs:
            extract_part(job)
        found += [(name, part) for job in jobs for part in sorted(job.target.rglob("*.parquet"))]
    return found


def timed(step: Callable[..., T], *values: Any) -> tuple[float, T]:
    """Return the processor seconds of ``step``, and what it returns."""
    began = time.process_time()
    value = step(*values)
    return time.process_time() - began, value


def _redacted(fixed: list[repair.Repaired]) -> list[str]:
    return [row.text for row in personal_data.redact_column([row.text for row in fixed])]


def _languages(texts: list[str]) -> list[language.Language]:
    return [language.detect(text, "da") for text in texts]


def _described(table: pa.Table) -> None:
    clean_json(table.column("details"))
    for name in ("title", "author", "detail"):
        clean_lines(table.column(name))


def steps_of(parts: list[tuple[str, Path]]) -> dict[str, float]:
    """Return the processor seconds of each step over all parts."""
    seconds: dict[str, float] = {}

    def add(name: str, step: Callable[..., T], *values: Any) -> T:
        used, value = timed(step, *values)
        seconds[name] = seconds.get(name, 0.0) + used
        return value

    for _, part in parts:
        for table in read_groups(part):
            fixed = add("repair", repair.repair_column, table.column("text"))
            texts = add("personal data", _redacted, fixed)
            add("language", _languages, texts)
            counts = add("words, lexicon, exact hash", words.count, texts, lexicon.known)
            add("measures", quality.measure, texts, counts)
            add("titles and details", _described, table)
    return seconds


def warm(parts: list[tuple[str, Path]], target: Path) -> float:
    """Refine one part of each source and return the seconds of the first one, in which libraries and lexicon load."""
    first = dict(reversed(parts))
    seconds = [timed(refine_part, RefineJob(name, "da", part, target))[0] for name, part in first.items()]
    return seconds[0]


def tell_measures(name: str, tables: list[pa.Table]) -> None:
    """Print how the measures of a source's documents of 20 words or more are spread."""
    quality_of = pa.concat_tables(tables).column("quality").combine_chunks()
    long = quality_of.filter(pc.greater_equal(pc.struct_field(quality_of, "words"), 20))
    for measure in ("lexicon", "duplicate_lines", "symbols", "digits"):
        found = pc.quantile(pc.struct_field(long, measure), [0.01, 0.05, 0.5, 0.95, 0.99]).to_pylist()
        print(f"  {name} {measure}: " + ", ".join(f"{value:.4f}" for value in found))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--record", action="store_true", help="write the figures to cleaning/measured.json")
    options = parser.parse_args()
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as folder:
        parts = parts_of(Workspace(Path(folder)), options.samples)
        target = Path(folder) / "refined.parquet"
        print(f"the first part, with start-up: {warm(parts, target):.1f} s")
        total = [0.0, 0.0]
        for name in SOURCES:
            mine, tables = [0.0, 0.0, 0.0], []
            for part in [part for source, part in parts if source == name]:
                used, done = timed(refine_part, RefineJob(name, "da", part, target))
                mine = [mine[0] + used, mine[1] + done.text_bytes / 1e6, mine[2] + done.documents]
                tables.append(read_columns(target, ["quality"]))
            print(f"{name}: {mine[1]:.1f} MB, {mine[2]:,.0f} documents: {mine[1] / mine[0]:.1f} MB/s")
            figures[f"megabytes per second, {name}"] = Figure(round(mine[1] / mine[0], 1), int(mine[2]))
            tell_measures(name, tables)
            total = [total[0] + mine[0], total[1] + mine[1]]
        used, size = total
        print(f"all: {size:.1f} MB in {used:.1f} s of one core: {size / used:.1f} MB/s (target 10, aim 20)")
        figures["megabytes per second"] = Figure(round(size / used, 1), len(parts))
        seconds = steps_of(parts)
    for name, one in sorted(seconds.items(), key=lambda item: -item[1]):
        print(f"  {name}: {one / used:.0%} of the whole, {size / one:.0f} MB/s by itself")
    if options.record:
        record("refine", stage("refine"), figures)


if __name__ == "__main__":
    main()
