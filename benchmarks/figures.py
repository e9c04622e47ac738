"""How fast the figures of a release are taken.

    python -m benchmarks.figures [--samples ../shared/data] [--megabytes 200]

At least that much Parquet is made of the samples' texts and written as a release is. Then its figures are taken in the
two ways there are. *As a release takes them*: every row read once, without its text, whose length is known since it was
refined. *As a check counts them again*: every row and every text, row group by row group, by two threads. Megabytes are
those of the files, texts included; processor time is that of all threads.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks._made_release import MadeRelease, at_least
from benchmarks._real_text import SAMPLES
from datacards import statistics
from frisat.parquet import read_columns
from publishing.recount import COLUMNS, recount

_RUNS = 3


def light(files: Sequence[Path], lengths: pa.Table) -> pa.Table:
    """Return what figures are taken of, the lengths of texts as they are known."""
    rows = pa.concat_tables(read_columns(path, [name for name in COLUMNS if name != "text"]) for path in files)
    for name in ("characters", "text_bytes"):
        rows = rows.append_column(name, lengths.column(name))
    return rows


def told(name: str, size: float, take: Callable[[], Any], expected: Any) -> None:
    """Take the figures, check them, and print how long that took; ``size`` is in megabytes."""
    began, used = time.perf_counter(), time.process_time()
    if take() != expected:
        raise SystemExit(f"{name}: other figures")
    wall, used = time.perf_counter() - began, time.process_time() - used
    print(f"{name}: {size / wall:.0f} MB/s ({wall:.2f} s; {used:.2f} s of processors), target 200")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--megabytes", type=int, default=200, help="least size of the files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, files = at_least(MadeRelease(options.samples), Path(folder), options.megabytes * 1_000_000, {})
        size = sum(path.stat().st_size for path in files) / 1e6
        folder_of, paths = files[0].parents[2], [path.relative_to(files[0].parents[2]).as_posix() for path in files]
        whole = recount(folder_of, paths)
        if whole is None:
            raise SystemExit("nothing was made")
        figures = statistics(whole)
        print(f"{figures['documents']:,} documents, {size:.0f} MB of Parquet, {figures['bytes'] / 1e6:.0f} MB of text")
        for number in range(_RUNS):
            told(f"as a release takes them, {number + 1}", size, lambda: statistics(light(files, whole)), figures)
        for number in range(_RUNS):
            again = lambda: statistics(recount(folder_of, paths))  # noqa: E731
            told(f"as a check counts them again, {number + 1}", size, again, figures)
        print(f"most memory held at a time: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
