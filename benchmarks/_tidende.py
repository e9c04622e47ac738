"""The transcripts that the benchmarks of folketingstidende read: a folder, or an archive as delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from frisat.documents import Record
from sources.deliveries import members
from sources.folketingstidende import accepts

ARCHIVE = Path(__file__).parents[2] / "shared/data/folketinget/folketingstidende_pdftext_2022-2023.tar.zst"


def records(origin: Path) -> Iterator[Record]:
    """Yield the sittings in ``origin``, in the order of their names."""
    found = {}
    for member in members(origin):
        if accepts(member.path) and member.chunks is not None:
            found[member.path.rpartition("/")[2]] = b"".join(member.chunks())
    for name in sorted(found):
        yield Record(
            source="folketingstidende",
            key=name,
            body=found[name],
            sha256=hashlib.sha256(found[name]).hexdigest(),
            retrieved_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
