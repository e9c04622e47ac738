"""Rows without their text, and the hashes they are compared by."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from frisat.parquet import read_groups, write_parquet
from frisat.schema import PUBLISHED
from publishing import load_rows
from publishing.rows import DESCRIBED, RIGHTS, digests, index_file, index_rows, rows_sha256

if TYPE_CHECKING:
    from tests.conftest import Desk

ROW: dict[str, Any] = {
    "id": "s/1", "text": "Tekst", "source": "s", "added": "2041-01-01", "created": None, "token_count": 1,
    "title": "Titel", "url": None, "document_type": None, "parent_id": None, "author": None, "details": None,
    "license": "CC0-1.0", "legal_basis": "licence", "decision_id": "s-1", "attribution": None,
    "retrieved_at": datetime(2041, 1, 1, tzinfo=UTC), "language": "da", "language_score": 0.5,
    "quality": {"words": 1, "duplicate_lines": 0.0, "symbols": 0.0, "digits": 0.0, "lexicon": None,
                "ocr_confidence": None},
    "repairs": {"encoding": 0, "whitespace": 0, "hyphens": 0},
    "redactions": {"cpr": 0, "email": 0, "telefon": 0, "iban": 0, "konto": 0},
    "duplicates": 0, "text_sha256": "x",
}  # fmt: skip


def published(**changes: Any) -> pa.Table:
    return pa.Table.from_pylist([{**ROW, **changes}], schema=PUBLISHED)


def test_every_column_is_compared_once() -> None:
    assert {"id", "source", "text", "added", "text_sha256", *RIGHTS, *DESCRIBED} == set(PUBLISHED.names)
    assert set(RIGHTS) == {"license", "legal_basis", "attribution"}
    assert not set(RIGHTS) & set(DESCRIBED)


CHANGED: dict[str, Any] = {
    "created": "2041-01-01, 2041-01-02", "token_count": 2, "title": None, "url": "https://x", "document_type": "y",
    "parent_id": "s/0", "author": "A", "details": "{}", "decision_id": "s-2",
    "retrieved_at": datetime(2041, 1, 2, tzinfo=UTC), "language": "sv", "language_score": 0.25,
    "quality": {**ROW["quality"], "lexicon": 0.0}, "repairs": {**ROW["repairs"], "hyphens": 1},
    "redactions": {**ROW["redactions"], "konto": 1}, "duplicates": 1,
    "license": "PDDL-1.0", "legal_basis": "term_expired", "attribution": "",
}  # fmt: skip


@pytest.mark.parametrize("name", [*DESCRIBED, *RIGHTS])
def test_a_change_of_any_column_is_seen(name: str) -> None:
    before, after = index_rows(published()), index_rows(published(**{name: CHANGED[name]}))
    changed = {column for column in before.column_names if before.column(column) != after.column(column)}
    assert changed == {"rights" if name in RIGHTS else "described"}
    assert rows_sha256(before) != rows_sha256(after)


@pytest.mark.parametrize("name", ["id", "added", "text_sha256"])
def test_the_hash_of_rows_depends_on(name: str) -> None:
    assert rows_sha256(index_rows(published())) != rows_sha256(index_rows(published(**{name: "y"})))


def test_the_hash_of_rows_does_not_depend_on_chunks_but_on_order() -> None:
    tables = [published(id=f"s/{number}", title=f"{number}") for number in range(5)]
    whole = index_rows(pa.concat_tables(tables).combine_chunks())
    assert rows_sha256(index_rows(pa.concat_tables(tables))) == rows_sha256(whole)
    assert rows_sha256(index_rows(pa.concat_tables(tables[::-1]))) != rows_sha256(whole)
    assert digests(published().slice(0, 0), DESCRIBED) == []


def test_the_index_of_a_file_is_that_of_its_rows(tmp_path: Path) -> None:
    rows = pa.concat_tables([published(id=f"s/{number}") for number in range(3)])
    write_parquet(tmp_path / "a.parquet", [rows], PUBLISHED, published=True)
    assert index_file(tmp_path / "a.parquet") == index_rows(rows)


def test_rows_are_loaded_without_text_and_with_their_place(finished: Desk) -> None:
    parts = finished.workspace.parts(finished.workspace.refined, "speeches")
    rows = load_rows([parts[0], parts[0]])
    assert "text" not in rows.column_names
    assert rows.column("part").to_pylist() == [0] * 4 + [1] * 4
    assert rows.column("row").to_pylist() == [0, 1, 2, 3] * 2
    assert rows.column("id").to_pylist()[:4] == pa.concat_tables(read_groups(parts[0])).column("id").to_pylist()
    assert load_rows([]).num_rows == 0
    assert load_rows([]).column_names == rows.column_names
