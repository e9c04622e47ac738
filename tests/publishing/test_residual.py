"""The last look for CPR numbers. The numbers here belong to nobody: these birth dates lie in the future."""

from __future__ import annotations

import pyarrow as pa
import pytest

from publishing.residual import find_cpr, holds_cpr

LEFT = [
    "150734-5678",
    "CPR: 150734-5678.",
    "(150734-5678)",
    "150734 5678",
    "150734 - 5678",
    "150734–5678",
    "150734\xa05678",
    "nr. 150734-5678, født",
    "290240-6001",  # 2040 is a leap year
    "tekst\n150734-5678\ntekst",
    "_150734-5678_",
    "150734-5678/310155-7890",
    "150734-5678,310155-7890",
    "2041/150734-5678",
]
NOT = [
    "",
    "1507345678",  # ten digits in one: left to redaction, which weighs the context
    "151334-5678",
    "320734-5678",
    "290239-6001",
    "000000-0000",
    "a150734-5678",
    "150734-5678a",
    "1150734-5678",
    "150734-56789",
    "150734-567",
    "150734--5678",
    "150734-5678-9",
    "12.150734-5678",
    "150734-5678.9",
    "150734\n5678",
    "150734.5678",
]


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    assert holds_cpr(text)
    assert find_cpr(pa.table({"id": ["a"], "text": [text]}), ["id", "text"]) == ["a"]


@pytest.mark.parametrize("text", NOT)
def test_not(text: str) -> None:
    assert not holds_cpr(text)
    assert find_cpr(pa.table({"id": ["a"], "text": [text]}), ["id", "text"]) == []


def test_every_column_is_looked_through_and_ids_come_sorted() -> None:
    table = pa.table(
        {
            "id": ["c", "b", "a", "150734-5678"],
            "text": ["150734-5678", None, "", ""],
            "title": ["150734-5678", "310155-7890", None, ""],
        }
    )
    assert find_cpr(table, ["id", "text", "title"]) == ["150734-5678", "b", "c"]
    assert find_cpr(table, ["text"]) == ["c"]
