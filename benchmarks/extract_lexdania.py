"""How much text one core reads out of Danish acts in a second. The mark to keep is 15 MB.

    python benchmarks/extract_lexdania.py [--samples ../shared/data] [--times 3]

Reads all acts of the archive of samples from memory, several times over, and tells of the fastest; the time is that of
the processor, so other work on the machine matters little.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._real_text import bodies
from frisat.documents import Document, Record
from sources.retsinformation import accepts, extract

ARCHIVE = "retsinformation/lexdania_love_2010-2017.tar.zst"


def acts(archive: Path) -> list[Record]:
    """Return the acts in ``archive``."""
    when = datetime(2041, 1, 1, tzinfo=UTC)
    return [
        Record(source="retsinformation", key=name, body=body, sha256="", retrieved_at=when)
        for name, body in bodies(archive)
        if accepts(name)
    ]


def read(records: list[Record]) -> tuple[float, int]:
    """Return the seconds that reading took, and the bytes of text that it gave."""
    begun = time.process_time()
    size = 0
    for record in records:
        for item in extract(record):
            if isinstance(item, Document):
                size += len(item.text.encode())
    return time.process_time() - begun, size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    records = acts(options.samples / ARCHIVE)
    xml = sum(len(record.read()) for record in records) / 1e6
    runs = [read(records) for _ in range(options.times)]
    seconds, size = min(runs)
    print(f"{len(records):,} acts, {xml:,.1f} MB of XML, {size / 1e6:,.1f} MB of text")
    for took, _ in runs:
        print(f"{took:.2f} s: {size / 1e6 / took:.1f} MB of text a second, {xml / took:.1f} MB of XML")
    print(f"fastest: {size / 1e6 / seconds:.1f} MB of text a second and core")


if __name__ == "__main__":
    main()
