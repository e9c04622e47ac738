"""How fast the figures of a release are taken from its rows.

    python -m benchmarks.statistics [--samples ../shared/data] [--megabytes 200]

At least that much Parquet is made of the samples' texts and written as a release is; then it is counted again as
``frisat verify`` does: every row and every text read once, row group by row group, by two threads. Megabytes are those
of the files; processor time is that of all threads.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from benchmarks._made_release import SOURCE, MadeRelease, at_least
from benchmarks._real_text import SAMPLES
from datacards import statistics
from publishing.recount import recount

_RUNS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--megabytes", type=int, default=200, help="least size of the files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, files = at_least(MadeRelease(options.samples), Path(folder), options.megabytes * 1_000_000, {})
        size = sum(path.stat().st_size for path in files) / 1e6
        for number in range(_RUNS):
            began, used = time.perf_counter(), time.process_time()
            rows = recount(files[0].parents[2], [path.relative_to(files[0].parents[2]).as_posix() for path in files])
            read = time.perf_counter() - began
            figures = statistics(rows) if rows is not None else {}
            wall, used = time.perf_counter() - began, time.process_time() - used
            told = f"{SOURCE} {number + 1}: {figures['documents']:,} documents, {size:.0f} MB of Parquet"
            print(f"{told}, {figures['bytes'] / 1e6:.0f} MB of text: {size / wall:.0f} MB/s (target 200)")
            print(f"    {wall:.2f} s, of which {read:.2f} s reading; {used:.2f} s of processors")
        print(f"most memory held at a time: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
