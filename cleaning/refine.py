"""Refining: one read of a part, every step, one write. The same rows in the same order; nothing is dropped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import language, lexicon, personal_data, quality, repair, words
from frisat.files import canonical_json, sha256
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
    changed = [_redacted(fixed) for fixed in repair.repair_column(table.column("text"))]
    cleaned = [row[0] for row in changed]
    encoded = [text.encode() for text in cleaned]
    gave_none = table.column("reason").is_valid().to_pylist()
    languages = [
        language.Language(None, 0.0) if none else language.detect(text, job.language)
        for text, none in zip(cleaned, gave_none, strict=True)
    ]
    notes = [
        [] if none else [*_notes(row[0], found), *personal_data.flags(row[0], row[3], job.held)]
        for row, found, none in zip(changed, languages, gave_none, strict=True)
    ]
    counts = words.count(cleaned, lexicon.known)
    columns: dict[str, Any] = {name: table.column(name) for name in DOCUMENTS.names}
    columns |= {name: _redact_column(table.column(name)) for name in ("title", "author", "detail")}
    columns["details"] = _redact_column(table.column("details"), _clean_json)
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
        "repairs": pa.array([row[1] for row in changed], REPAIRS),
        "redactions": pa.array([row[2] for row in changed], REDACTIONS),
        "redacted": pa.array([[asdict(finding) for finding in row[3]] for row in changed], REDACTED),
        "exact": pa.array([words.exact_hash(text) for text in cleaned], pa.binary(16)),
        "notes": pa.array(notes, pa.list_(pa.string())),
    }
    totals = (
        table.num_rows - sum(gave_none),
        sum(len(text) for text in encoded),
        sum(any(row[1].values()) for row in changed),
        sum(any(row[2].values()) for row in changed),
        sum(any(reason.startswith("language:") for reason in note) for note in notes),
    )
    return pa.table({field.name: columns[field.name] for field in REFINED}, schema=REFINED), totals


def _redacted(fixed: repair.Repaired) -> tuple[str, dict[str, int], dict[str, int], tuple[personal_data.Finding, ...]]:
    found = personal_data.redact(fixed.text)
    repairs = {"encoding": fixed.encoding, "whitespace": fixed.whitespace, "hyphens": fixed.hyphens}
    return found.text, repairs, found.counts(), found.findings


def _clean_line(text: str) -> str:
    return personal_data.redact(repair.repair(text).text).text


def _clean_json(text: str) -> str:
    """Clean the texts and the numbers within a JSON object; cleaned as one text it might be JSON no more."""
    return canonical_json(_clean_value(json.loads(text)))


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return _clean_line(value)
    if isinstance(value, dict):
        return {_clean_line(key): _clean_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean_value(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and (cleaned := _clean_line(str(value))) != str(value):
        return cleaned
    return value


def _redact_column(column: pa.ChunkedArray, clean: Callable[[str], str] = _clean_line) -> pa.Array:
    """Repair and redact a description: a title may hold a number as well as a text does.

    Only those go through Python in which there may be something to do: in JSON also what stands there escaped.
    """
    asked = pc.or_(repair.may_need_repair(column), personal_data.which_may_hold_any(column))
    asked = pc.or_(asked, pc.or_(pc.match_substring(column, "\\"), pc.equal(column, "")))
    if not pc.any(asked).as_py():
        return column.combine_chunks()
    pairs = zip(column.to_pylist(), asked.to_pylist(), strict=True)
    values = [(clean(value) or None) if value is not None and ask else value for value, ask in pairs]
    return pa.array(values, pa.string())


def _notes(text: str, found: language.Language) -> list[str]:
    """Return the reasons against a document that its text alone gives."""
    if not text:
        return ["empty"]
    return [f"language:{found.code}"] if found.code not in (None, "da") else []
