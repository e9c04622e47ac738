"""The published schema is the one that DESIGN and the data cards promise."""

from __future__ import annotations

import pyarrow as pa

from frisat.schema import DOCUMENTS, EXCLUDED, LINKS, PUBLISHED, RECORDS, REFINED


def test_the_first_six_published_columns_are_dynawords() -> None:
    assert [(f.name, str(f.type)) for f in PUBLISHED][:6] == [
        ("id", "string"),
        ("text", "string"),
        ("source", "string"),
        ("added", "string"),
        ("created", "string"),
        ("token_count", "int64"),
    ]


def test_published_columns() -> None:
    assert PUBLISHED.names[6:] == [
        "title", "url", "document_type", "parent_id", "author", "details", "license", "legal_basis", "decision_id",
        "attribution", "retrieved_at", "language", "language_score", "quality", "repairs", "redactions", "duplicates",
        "text_sha256",
    ]  # fmt: skip
    assert PUBLISHED.field("retrieved_at").type == pa.timestamp("ms", tz="UTC")
    assert [f.name for f in PUBLISHED.field("redactions").type] == ["cpr", "email", "telefon", "iban", "konto"]


def test_excluded_never_holds_text() -> None:
    assert EXCLUDED.names == ["id", "source", "reason", "detail", "duplicate_of"]


def test_refined_keeps_every_column_of_documents() -> None:
    assert REFINED.names[: len(DOCUMENTS)] == DOCUMENTS.names


def test_what_must_be_there_is_not_nullable() -> None:
    assert not any(RECORDS.field(name).nullable for name in ("key", "sha256", "size", "retrieved_at", "harvest"))
    assert not any(DOCUMENTS.field(name).nullable for name in ("id", "text", "source", "content", "record_key"))
    assert not any(field.nullable for field in LINKS)
