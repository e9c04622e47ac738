"""How fast a delivery of one large Parquet file is read, on one core, and how much memory that takes.

    python benchmarks/extract_parquet_delivery.py [--megabytes 500 1500] [--volumes 0.8] [--through]

For each size it makes deliveries of invented text, ``--volumes`` of it in bound volumes of 20 million characters that
stand first, the rest in short documents, and reads each in a process of its own: as the Parquet file in row groups of
64 MB; as a single row group; in a ZIP that stores it; in a ZIP that deflates it; and as a single row group whose pages
hold a thousand rows each, however long they are. With ``--through``, what is read is written as parts too, as a build
does. Memory is the peak of the reading process.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from frisat.documents import Document, Record
from sources.rigsarkivet_folketinget import extract

VOLUME: Final = 20_000_000
SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("identifikator", "indhold", "titel", "skabt", "type")]
    + [("antal ord", pa.int64()), ("dannet ved OCR", pa.string()), ("OCR-metode", pa.string())]
)
MONTHS: Final = "januar februar marts april maj juni juli august september oktober november december".split()  # noqa: SIM905
WEEKDAYS: Final = "Mandag Tirsdag Onsdag Torsdag Fredag Lørdag Søndag".split()  # noqa: SIM905
SHAPES: Final = ("groups", "single", "stored", "deflated", "big-pages")


class Maker:
    """Makes rows of invented words. The same seed, the same rows."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - words, not secrets
        letters = "eeeeeennnnrrrrrtttddddiiiaaasssglllomkfvpubhåjyøæ"
        words = ["".join(self._random.choices(letters, k=self._random.randint(2, 11))) for _ in range(30_000)]
        self._blocks = [self._block(words) for _ in range(200)]

    def _block(self, words: list[str]) -> str:
        lines = (" ".join(self._random.choices(words, k=10)).capitalize() + "." for _ in range(700))
        return "\n".join(lines).replace("\nA", "\n— A")  # with a dash, a character takes twice the memory

    def volume(self, year: int) -> str:
        """Return a volume of a hundred sittings or so, on pages parted by form feeds."""
        pieces: list[str] = []
        size, number, day = 0, 0, date(year, 10, 1)
        while size < VOLUME:
            number, day = number + 1, day + timedelta(2)
            heading = f"{number}. Møde.\n\n{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]} {day.year}."
            spoken = [f"{block}\n\f" for block in self._random.choices(self._blocks, k=4)]
            pieces += [f"\n{heading}\n\n", *spoken]
            size += sum(map(len, spoken))
        return "".join(pieces)

    def rows(self, characters: float, volumes: float) -> Iterator[dict[str, object]]:
        """Yield rows of so many characters in all, the share ``volumes`` of them in volumes, which come first."""
        given, number = 0, 0
        while given < characters:
            old = given < characters * volumes
            number += 1
            if old:
                text, year = self.volume(1849 + number % 100), 1849 + number % 100
            else:
                block = self._random.choice(self._blocks)
                text, year = block[: int(self._random.lognormvariate(7.5, 1.3))], 2004 + number % 20
            given += len(text)
            yield {
                "identifikator": f"ft-{number:06d}", "indhold": text, "titel": f"Dokument {number}", "skabt": str(year),
                "type": "Bind" if old else "Bilag", "antal ord": len(text) // 6,
                "dannet ved OCR": "Ja" if old else "Nej", "OCR-metode": "m" if old else None,
            }  # fmt: skip


def write_parquet(path: Path, rows: Iterator[dict[str, object]], *, single: bool, big_pages: bool) -> None:
    """Write rows one by one: in row groups of 64 MB, or in one."""
    options: dict[str, Any] = {} if big_pages else {"use_dictionary": False, "write_batch_size": 1}
    with pq.ParquetWriter(path, SCHEMA, **options) as writer:
        waiting: list[dict[str, object]] = []
        size = 0
        for row in rows:
            waiting.append(row)
            size += len(str(row["indhold"]))
            if size > 64e6 and not big_pages:
                batch = pa.RecordBatch.from_pylist(waiting, schema=SCHEMA)
                if single:
                    writer.write_batch(batch, row_group_size=1 << 30)
                else:
                    writer.write_table(pa.Table.from_batches([batch]))
                waiting, size = [], 0
        if waiting:
            batch = pa.RecordBatch.from_pylist(waiting, schema=SCHEMA)
            writer.write_batch(batch, row_group_size=1 << 30)


def make(folder: Path, shape: str, megabytes: float, volumes: float) -> Path:
    """Make a delivery of one shape."""
    single, big_pages = shape in ("single", "big-pages"), shape == "big-pages"
    parquet = folder / "14004.parquet"
    write_parquet(parquet, Maker().rows(megabytes * 1e6, volumes), single=single, big_pages=big_pages)
    if shape not in ("stored", "deflated"):
        return parquet
    packed = folder / "14004.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if shape == "stored" else zipfile.ZIP_DEFLATED) as archive:
        archive.write(parquet, parquet.name, compresslevel=1)
    return packed


def read(path: Path, *, through: bool) -> None:
    """Read a delivery and say, as JSON, how that went."""
    began, cpu = time.perf_counter(), time.process_time()
    record = Record(
        source="rigsarkivet-folketinget",
        key=path.name,
        body=path,
        sha256="0" * 64,
        retrieved_at=datetime(2041, 1, 1, tzinfo=UTC),
    )
    size = documents = others = longest = 0
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        for item in _written(record, Path(folder)) if through else extract(record):
            if isinstance(item, Document):
                documents += 1
                size += len(item.text)
                longest = max(longest, len(item.text))
            else:
                others += 1
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    counts = {"documents": documents, "others": others, "characters": size, "longest": longest, "peak": _peak()}
    print(json.dumps({**counts, **took}))


def _peak() -> float:
    """Return the most memory of this process in MB. Not by ``getrusage``, which goes on from the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def _written(record: Record, folder: Path) -> Iterator[object]:
    """Yield what extraction gives while it writes it as parts of 16 MB."""
    from frisat.parquet import write_parquet as write_part
    from frisat.schema import DOCUMENTS
    from sources import extract as stage

    given: list[object] = []

    def rows() -> Iterator[dict[str, Any]]:
        for item in extract(record):
            given.append(item)
            row = stage._document(item) if isinstance(item, Document) else stage._problem(item, record)  # type: ignore[arg-type]
            yield {**row, "source": record.source, "record_key": record.key, "record_sha256": record.sha256,
                   "retrieved_at": record.retrieved_at, "harvest": 1, "delivery": None}  # fmt: skip

    for number, batch in enumerate(stage._batches(rows())):
        write_part(folder / f"{number:05d}.parquet", [pa.Table.from_pylist(batch, schema=DOCUMENTS)], DOCUMENTS)
        yield from given
        given.clear()


def main() -> None:
    """Print a line for each size and shape."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[500.0, 1500.0])
    parser.add_argument("--volumes", type=float, default=0.8, help="share of the text in bound volumes")
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=SHAPES)
    parser.add_argument("--through", action="store_true", help="write parts, as a build does")
    parser.add_argument("--one", type=Path, metavar="PATH", help="read this delivery and print JSON")
    options = parser.parse_args()
    if options.one:
        read(options.one, through=options.through)
        return
    for megabytes in options.megabytes:
        for shape in options.shapes:
            with tempfile.TemporaryDirectory(prefix="deliveries-", dir="/var/tmp") as folder:
                path = make(Path(folder), shape, megabytes, options.volumes)
                command = [sys.executable, __file__, "--one", str(path), *(["--through"] if options.through else [])]
                done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                mega = done["characters"] / 1e6
                print(
                    f"{megabytes:>6.0f} MB {shape:<9}: file {path.stat().st_size / 1e6:,.0f} MB, "
                    f"{done['documents']:,} documents, {mega:,.0f} million characters, "
                    f"{mega / done['cpu']:.0f} MB/s of text a core ({done['seconds']:.1f} s), "
                    f"longest {done['longest'] / 1e6:.2f} million, memory {done['peak']:,.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
