"""How many PDF pages a second one core reads through the guard, how much memory the child takes, and what is lost.

    python benchmarks/extract_pdf.py [--pages 100] [--files 200]

Made-up reports of one and of two columns are read again and again, as long files (``--pages`` pages) and as many short
ones (``--files`` of two pages); then letters of a few bytes, for what a call costs by itself. Processor time is that of
the child, wall time that of the caller. Every text is compared with what was written, paragraph by paragraph.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks._made_pdf import Made, made_pdf, size
from sources.readers import guard
from sources.readers.guard import guarded
from sources.readers.pdf import read_pdf, read_pdf_layout

LEAST = 25.0
"""Pages a second that a core must read."""


@dataclass(frozen=True)
class Measure:
    """What reading some files took."""

    pages: int
    wall: float
    processor: float
    exact: float


def main() -> None:
    """Measure and print a table; end with 1 if a core reads less than it must."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100, help="pages of a long file (default 100)")
    parser.add_argument("--files", type=int, default=200, help="short files (default 200)")
    options = parser.parse_args()
    print(f"{'files':<28} {'pages':>6} {'chars/page':>10} {'pages/s':>8} {'pages/s of cpu':>14} {'exact':>7}")
    slowest = float("inf")
    for columns in (1, 2):
        long = [made_pdf(pages=options.pages, columns=columns, seed=columns)]
        short = [made_pdf(pages=2, columns=columns, seed=seed) for seed in range(options.files)]
        for name, files in ((f"long, {columns} column(s)", long), (f"short, {columns} column(s)", short)):
            slowest = min(slowest, _row(name, files))
    _row("long, laid out", [made_pdf(pages=options.pages)], layout=True)
    print(f"\na call by itself: {_call():.2f} ms; memory of the child at most: {_memory():.0f} MB")
    guard.close()
    sys.exit(slowest < LEAST)


def _row(name: str, files: list[Made], *, layout: bool = False) -> float:
    measure = _measure(files, layout=layout)
    characters = sum(len(text) for made in files for text in made.paragraphs) / measure.pages
    per_cpu = measure.pages / measure.processor
    exact = "" if layout else f"{measure.exact:.2%}"
    print(
        f"{name:<28} {measure.pages:>6} {characters:>10.0f} {measure.pages / measure.wall:>8.1f} {per_cpu:>14.1f} "
        f"{exact:>7}",
        flush=True,
    )
    return per_cpu


def _measure(files: list[Made], *, layout: bool) -> Measure:
    read_pdf(files[0].body)
    paragraphs = same = 0
    wall, processor = time.perf_counter(), _processor()
    for made in files:
        if layout:
            read_pdf_layout(made.body)
            continue
        text = read_pdf(made.body).text
        wanted = set(made.paragraphs + made.notes)
        paragraphs += len(wanted)
        same += len(wanted & set(text.replace("\n\n", "\n").split("\n")))
    return Measure(
        pages=sum(made.pages for made in files),
        wall=time.perf_counter() - wall,
        processor=_processor() - processor,
        exact=same / max(paragraphs, 1),
    )


def _call(times: int = 500) -> float:
    """Return the milliseconds that a call takes beyond the reading itself, for a body of 50 kB."""
    guarded(size, b"", seconds=10, megabytes=100)
    began = time.perf_counter()
    for _ in range(times):
        guarded(size, bytes(50_000), seconds=10, megabytes=100)
    return (time.perf_counter() - began) / times * 1000


def _processor() -> float:
    """Return the processor time of this process and of the child that reads, in seconds."""
    used = time.process_time()
    for child in guard.children():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / 100
    return used


def _memory() -> float:
    """Return the most that one child held at any time, in MB."""
    peaks = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]
    for child in guard.children():
        status = Path(f"/proc/{child}/status").read_text()
        peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(peaks)


if __name__ == "__main__":
    main()
