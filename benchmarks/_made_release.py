"""A release as large as wanted out of the samples' texts: copies of them in alphabets of their own, as real files.

A copy has the letters of each text exchanged by a rule of its own: it compresses as the original does, and shares no
passage with it. Files are cut and written by the code that writes releases.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from benchmarks._real_text import SAMPLES, extracted
from frisat.files import sha256
from frisat.parquet import write_parquet
from frisat.schema import PUBLISHED
from publishing.shards import borders
from sources import adl, folketingstidende, retsinformation

SOURCE = "made"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BATCH = 1_000
_DELIVERIES = (
    ("adl", adl.extract, "adl/adl_tei.tar.zst"),
    ("retsinformation", retsinformation.extract, "retsinformation/lexdania_love_2010-2017.tar.zst"),
    ("folketingstidende", folketingstidende.extract, "folketinget/folketingstidende_pdftext_2022-2023.tar.zst"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """One document: a copy of the text at ``place`` in the alphabet ``copy``; ``more`` is what a revision appends."""

    id: str
    copy: int
    place: int
    added: str = "2041-01-01"
    more: str = ""


class MadeRelease:
    """Documents of the samples, as many copies of each as wanted, and the files that a release keeps them in."""

    def __init__(self, samples: Path = SAMPLES) -> None:
        self.texts = [
            item.text
            for name, extract, delivery in _DELIVERIES
            for item in extracted(name, extract, samples / delivery)
            if item.text
        ]
        self.sizes = [len(text.encode()) for text in self.texts]

    def documents(self, copies: int) -> list[Made]:
        """Return the documents of so many copies, in the order of a release."""
        return [
            Made(f"{SOURCE}/{copy:03d}/{place:06d}", copy, place)
            for copy in range(copies)
            for place in range(len(self.texts))
        ]

    def text(self, document: Made) -> str:
        """Return the text of a document."""
        letters = list(_LETTERS)
        random.Random(document.copy).shuffle(letters)  # noqa: S311 - made texts, not secrets
        exchanged = "".join(letters)
        table = str.maketrans(_LETTERS + _LETTERS.upper(), exchanged + exchanged.upper())
        return self.texts[document.place].translate(table) + document.more

    def write(self, folder: Path, documents: Sequence[Made], known: dict[str, Path]) -> list[Path]:
        """Write the data files of a version, those that ``known`` has not; return all of them.

        Args:
            folder: where new files go.
            documents: all documents, in order.
            known: the files of earlier versions by the hash of their rows; new ones are put in.
        """
        starts = borders([d.id for d in documents], [self.sizes[d.place] for d in documents])
        files: list[Path] = []
        for start, end in pairwise([*starts, len(documents)]):
            rows = documents[start:end]
            key = hashlib.sha256(repr(rows).encode()).hexdigest()
            if key not in known:
                path = folder / f"data/{SOURCE}/no-copyright-{len(files):05d}.parquet"
                write_parquet(path, self._tables(rows), PUBLISHED, published=True)
                known[key] = path
            files.append(known[key])
        return files

    def _tables(self, rows: Sequence[Made]) -> Iterator[pa.Table]:
        for start in range(0, len(rows), _BATCH):
            yield pa.Table.from_pylist([self._row(row) for row in rows[start : start + _BATCH]], schema=PUBLISHED)

    def _row(self, made: Made) -> dict[str, object]:
        text = self.text(made)
        words = text.count(" ") + 1
        return {
            "id": made.id, "text": text, "source": SOURCE, "added": made.added, "token_count": words,
            "created": f"{1800 + made.place % 220}-01-01, {1800 + made.place % 220}-12-31",
            "title": text[:60], "url": f"https://example.org/{made.id}", "parent_id": None,
            "document_type": ("LOV", "LBK")[made.place % 2], "author": None, "details": None, "attribution": None,
            "license": "LicenseRef-DK-OPHL-9", "legal_basis": "not_copyright_dk_9", "decision_id": "made-1",
            "retrieved_at": 0, "language": "da", "language_score": 1.0,
            "quality": {"words": words, "duplicate_lines": 0.1, "symbols": 0.0, "digits": 0.02, "lexicon": 0.9,
                        "ocr_confidence": None},
            "repairs": {"encoding": 0, "whitespace": 1, "hyphens": 0},
            "redactions": {"cpr": 0, "email": 0, "telefon": 0, "iban": 0, "konto": 0},
            "duplicates": 0, "text_sha256": sha256(text),
        }  # fmt: skip


def at_least(release: MadeRelease, folder: Path, least: int, known: dict[str, Path]) -> tuple[list[Made], list[Path]]:
    """Write so many copies that their files have at least ``least`` bytes; return the documents and the files."""
    copies = max(1, least * 3 // sum(release.sizes))
    while True:
        documents = release.documents(copies)
        files = release.write(folder / f"first-{copies}", documents, known)
        if sum(path.stat().st_size for path in files) >= least:
            return documents, files
        known.clear()
        copies += 1


def revised(documents: Sequence[Made], count: int) -> list[Made]:
    """Return the documents with ``count`` of them, spread over all, a sentence longer."""
    chosen = {len(documents) * (2 * number + 1) // (2 * count) for number in range(count)}
    return [
        replace(document, more="\nDenne sætning er kommet til.") if place in chosen else document
        for place, document in enumerate(documents)
    ]


def grown(release: MadeRelease, documents: Sequence[Made], share: float) -> list[Made]:
    """Return the documents with ``share`` of their number more: new ones, added later, so at the end."""
    copy = max(document.copy for document in documents) + 1
    count = round(len(documents) * share)
    step = max(len(release.texts) // count, 1)
    places = [number * step % len(release.texts) for number in range(count)]
    new = (Made(f"{SOURCE}/{copy:03d}/{number:06d}", copy, place, "2041-02-01") for number, place in enumerate(places))
    return [*documents, *new]
