"""How fast transcripts are read, on one core: MB of text out and MB of XML in per second, and the memory used.

    python benchmarks/extract_referat.py [--megabytes 60] [--repeat 3]

The sittings are made up (see ``_made_referat.py``), since no real one may lie in the repository.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._made_referat import Dialect, Maker
from frisat.documents import Document, Record
from sources.folketinget_referater import extract

DIALECTS: tuple[Dialect, ...] = ("plain", "declared", "namespace")
SIZES = (400_000, 1_000_000, 3_000_000)


def made(megabytes: float, dialect: Dialect) -> Iterator[Record]:
    """Yield sittings of one dialect, in all ``megabytes`` of XML."""
    maker, total, number = Maker(), 0, 0
    while total < megabytes * 1e6:
        number += 1
        body = maker.sitting("20311", number, SIZES[number % len(SIZES)], dialect)
        total += len(body)
        yield Record(
            source="folketinget-referater",
            key=f"20311/20311_M{number}_helemoedet.xml",
            body=body,
            sha256=sha256(body).hexdigest(),
            retrieved_at=datetime(2031, 1, 1, tzinfo=UTC),
        )


def peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Print a line for each dialect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=60.0)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    for dialect in DIALECTS:
        records = list(made(arguments.megabytes, dialect))
        before = peak()
        best, text, speeches = float("inf"), 0, 0
        for _ in range(arguments.repeat):
            began = time.process_time()
            text = speeches = 0
            for record in records:
                for found in extract(record):
                    if isinstance(found, Document):
                        text += len(found.text.encode())
                        speeches += 1
            best = min(best, time.process_time() - began)
        xml = sum(len(record.read()) for record in records)
        print(
            f"{dialect:>10}: {len(records)} sittings, {xml / 1e6:.1f} MB of XML, {speeches:,} speeches, "
            f"{text / 1e6:.1f} MB of text: {text / best / 1e6:.1f} MB/s of text, {xml / best / 1e6:.1f} MB/s of XML, "
            f"{speeches / best:,.0f} speeches/s; memory grew by {peak() - before:.0f} MB"
        )


if __name__ == "__main__":
    main()
