"""Refining: one read of a part, every step, one write. The same rows in the same order; nothing is dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from cleaning import language, lexicon, personal_data, quality, repair, words
from cleaning.described import clean_json, clean_lines
from frisat.files import sha256
from frisat.parquet import read_groups, write_parquet
from frisat.schema import DOCUMENTS, REDACTED, REDACTIONS, REFINED, REPAIRS

VERSION = 3
_LIBRARIES = ("ftfy", "langdetect", "py3langid", "pyarrow", "simplemma")


@dataclass(frozen=True, slots=True)
class RefineJob:
    """Refine the documents of ``part`` into ``target``.

    ``language`` is what the source says it is in, ``held`` the class of personal data that it says it holds.
    """

    source: str
    language: str
    part: Path
    target: Path
    held: personal_data.PersonalData = "none"

    def __str__(self) -> str:
        return f"{self.source} {self.target.stem[:8]}"


@dataclass(frozen=True, slots=True)
class RefineResult:
    """What a part held and what was changed in it."""

    documents: int
    text_bytes: int
    repaired: int
    redacted: int
    not_danish: int


def fingerprint(stated: str, held: personal_data.PersonalData = "none") -> str:
    """Return the hash of everything this stage depends on besides its input."""
    modules = (language, lexicon, personal_data, quality, repair, words)
    parts = [f"refine {VERSION} {stated} {held}", *(f"{m.__name__} {m.VERSION}" for m in modules)]
    return sha256("\n".join([*parts, *(f"{name} {version(name)}" for name in _LIBRARIES)]))[:12]


def refine_key(documents_part: str, stated: str, held: personal_data.PersonalData = "none") -> str:
    """Return the name of the refined part made from the documents called ``documents_part``.

    ``stated`` and ``held`` are the language and the class of personal data that the descriptor states.
    """
    return f"{sha256(documents_part)[:32]}-{fingerprint(stated, held)}"


def refine_part(job: RefineJob) -> RefineResult:
    """Refine one part: repair, redact, tell the language, measure, hash."""
    totals = [0, 0, 0, 0, 0]

    def refined() -> Iterator[pa.Table]:
        for group in read_groups(job.part):
            table, counts = _refine(group, job)
            for position, count in enumerate(counts):
                totals[position] += count
            yield table

    write_parquet(job.target, refined(), REFINED)
    return RefineResult(*totals)


def _refine(table: pa.Table, job: RefineJob) -> tuple[pa.Table, tuple[int, ...]]:
    fixed = repair.repair_column(table.column("text"))
    redacted = personal_data.redact_column([row.text for row in fixed])
    cleaned = [row.text for row in redacted]
    encoded = [text.encode() for text in cleaned]
    gave_none = table.column("reason").is_valid().to_pylist()
    languages = [
        language.Language(None, 0.0) if none else language.detect(text, job.language)
        for text, none in zip(cleaned, gave_none, strict=True)
    ]
    notes = [
        [] if none else [*_notes(row.text, found), *personal_data.flags(row.text, row.findings, job.held)]
        for row, found, none in zip(redacted, languages, gave_none, strict=True)
    ]
    counts = words.count(cleaned, lexicon.known)
    columns: dict[str, Any] = {name: table.column(name) for name in DOCUMENTS.names}
    columns |= {name: clean_lines(table.column(name)) for name in ("title", "author", "detail")}
    columns["details"] = clean_json(table.column("details"))
    columns |= {
        # From bytes: pyarrow takes several times as long to encode text by itself.
        "text": pa.array(encoded, pa.string()),
        "token_count": pa.array(counts.tokens),
        "text_bytes": pa.array([len(text) for text in encoded], pa.int64()),
        "characters": pa.array(counts.characters),
        "text_sha256": pa.array([hashlib.sha256(text).hexdigest() for text in encoded]),
        "language": pa.array([found.code for found in languages], pa.string()),
        "language_score": pa.array([found.score for found in languages], pa.float32()),
        "quality": quality.measure(cleaned, counts),
        "repairs": pa.array([row.counts() for row in fixed], REPAIRS),
        "redactions": pa.array([row.counts() for row in redacted], REDACTIONS),
        "redacted": pa.array([[asdict(finding) for finding in row.findings] for row in redacted], REDACTED),
        "exact": pa.array(counts.exact, pa.binary(16)),
        "notes": pa.array(notes, pa.list_(pa.string())),
    }
    totals = (
        table.num_rows - sum(gave_none),
        sum(len(text) for text in encoded),
        sum(row.changed for row in fixed),
        sum(bool(row.findings) for row in redacted),
        sum(any(reason.startswith("language:") for reason in note) for note in notes),
    )
    return pa.table({field.name: columns[field.name] for field in REFINED}, schema=REFINED), totals


def _notes(text: str, found: language.Language) -> list[str]:
    """Return the reasons against a document that its text alone gives."""
    if not text:
        return ["empty"]
    return [f"language:{found.code}"] if found.code not in (None, "da") else []
