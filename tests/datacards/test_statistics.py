"""Figures over published rows, exact on a small table."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from datacards import statistics, total
from frisat.schema import PUBLISHED, QUALITY, REDACTIONS, REPAIRS

SCHEMA = pa.schema(
    [
        ("token_count", pa.int64()), ("characters", pa.int64()), ("text_bytes", pa.int64()), ("quality", QUALITY),
        ("repairs", REPAIRS), ("redactions", REDACTIONS), ("duplicates", pa.int32()), ("language", pa.string()),
        ("document_type", pa.string()), ("created", pa.string()), ("license", pa.string()),
    ]
)  # fmt: skip


def row(tokens: int, words: int | None, **more: Any) -> dict[str, Any]:
    return {
        "token_count": tokens, "characters": 10 * tokens, "text_bytes": 11 * tokens, "quality": {"words": words},
        "repairs": {"encoding": 1, "whitespace": 0, "hyphens": 2}, "duplicates": 1, "language": "da",
        "redactions": {"cpr": 0, "email": 3, "telefon": 0, "iban": 0, "konto": 0}, "document_type": None,
        "created": None, "license": "CC0-1.0", **more,
    }  # fmt: skip


ROWS = [
    row(1, 1, document_type="LOV", created="1849-06-05, 1849-06-05", quality={"words": 1, "lexicon": 0.5}),
    row(2, 2, quality={"words": 2, "lexicon": 0.75}, document_type="BEK", created="1841-01-01, 1860-12-31"),
    row(3, None, document_type="LOV", language=None),
    row(4, 3, created="2041-03-01, 2041-03-01", license="CC-BY-4.0"),
]


@pytest.mark.parametrize("order", [1, -1])
def test_figures_are_exact(order: int) -> None:
    figures = statistics(pa.Table.from_pylist(ROWS[::order], schema=SCHEMA))
    assert figures == {
        "documents": 4,
        "characters": 100,
        "words": 6,
        "tokens": 10,
        "bytes": 110,
        "tokens_per_document": {"p0": 1, "p5": 1, "p25": 2, "p50": 3, "p75": 3, "p95": 4, "p100": 4},
        "lengths": {"1": 1, "2": 2, "4": 1},
        "quality": {
            "duplicate_lines": {"unknown": 4},
            "symbols": {"unknown": 4},
            "digits": {"unknown": 4},
            "lexicon": {
                "p0": 0.5,
                "p5": 0.5,
                "p25": 0.5,
                "p50": 0.5,
                "p75": 0.75,
                "p95": 0.75,
                "p100": 0.75,
                "unknown": 2,
            },
            "ocr_confidence": {"unknown": 4},
        },
        "languages": {"da": 3, "unknown": 1},
        "document_types": {"LOV": 2, "BEK": 1, "unknown": 1},
        "licenses": {"CC0-1.0": 3, "CC-BY-4.0": 1},
        "decades": {"1840": 2, "2040": 1, "unknown": 1},
        "repairs": {"encoding": 4, "whitespace": 0, "hyphens": 8},
        "redactions": {"cpr": 0, "email": 12, "telefon": 0, "iban": 0, "konto": 0},
        "duplicates": 4,
    }
    assert list(figures["document_types"]) == ["LOV", "BEK", "unknown"]
    assert list(figures["decades"]) == ["1840", "2040", "unknown"]


def test_of_nothing() -> None:
    figures = statistics(SCHEMA.empty_table())
    assert (figures["documents"], figures["words"], figures["tokens_per_document"]) == (0, 0, {})
    assert figures["redactions"] == {"cpr": 0, "email": 0, "telefon": 0, "iban": 0, "konto": 0}


def test_of_one() -> None:
    figures = statistics(pa.Table.from_pylist(ROWS[:1], schema=SCHEMA))
    assert set(figures["tokens_per_document"].values()) == {1}


def test_sums() -> None:
    one = statistics(pa.Table.from_pylist(ROWS, schema=SCHEMA))
    assert total([one, one]) == {"documents": 8, "characters": 200, "words": 12, "tokens": 20, "bytes": 220}
    assert total([]) == {"documents": 0, "characters": 0, "words": 0, "tokens": 0, "bytes": 0}


def test_they_are_taken_from_published_columns() -> None:
    assert set(SCHEMA.names) - set(PUBLISHED.names) == {"characters", "text_bytes"}
