"""The last look for CPR numbers. The numbers here belong to nobody: these birth dates lie in the future."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from publishing.residual import find_cpr, find_cpr_in, holds_cpr, scan_texts

LEFT = [
    "150734-5678",
    "CPR: 150734-5678.",
    "(150734-5678)",
    "150734 5678",
    "150734 - 5678",
    "150734–5678",
    "150734--5678",
    "150734\xa05678",
    "150734\n5678",
    "150734-\n5678",
    "150734- \n5678",
    "150734\xad5678",
    "1507345678",
    "Per 1507345678",
    "CPR-nr. 1507345678",
    "patient-id 1507345678 kr.",
    "j.nr. 150734-5678",
    "nr. 150734-5678, født",
    "290240-6001",  # 2040 is a leap year
    "tekst\n150734-5678\ntekst",
    "_150734-5678_",
    "født150734-5678og",
    "150734-5678/310155-7890",
    "150734-5678,310155-7890",
    "150734-5678-310155-7890",
    "2041/150734-5678",
    "15O734-56l8",
    "l5O734-5678",
    "１５０７３４-５６７８",
    "CPR 15 07 34 5678",
    "cpr-nummeret er 15.07.34-5678",
    "personnr. 15-07-2034-5678",
    "c.p.r. 150734/5678",
    "[CPR], 15 07 34 5678",
    "født 15.07.34-5678",
    "15 07 34 - 5678",
    "3,1507345678,Anna",
]
NOT = [
    "",
    "151334-5678",
    "320734-5678",
    "290239-6001",
    "000000-0000",
    "a150734-5678",
    "150734-5678a",
    "1150734-5678",
    "150734-56789",
    "150734-567",
    "150734----5678",
    "150734\n\n5678",
    "150734-5678-9",
    "12.150734-5678",
    "150734-5678.9",
    "150734.5678",
    "15 07 34 5678",
    "15.07.34-5678",
    "15 07 34 -  5678",
    "den 15.07.34 5678",
    "[CPR]",
    "[CPR] 15 07 34 5678",
    "OoIl|O-OoIl",
    "j.nr. 1507345678",
    "sag nr. 1507345678",
    "sagsnummer: 1507345678",
    "P-nr. 1507345678",
    "P-numre: 9907345678, 1507345678 og 1607345678",
    "ISBN-10 1507345678",
    "fakturanummer 150734 5678",
    "varekode 1507345678",
    "1507345678 kr.",
    "1507345678,50",
    "kr. 1507345678",
    "+1507345678",
    "#1507345678",
    "DK-1507345678",
    "0,1507345678",
    "1507345678/12",
    "1507345678:30",
    "https://example.org/1507345678",
    "x1507345678",
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


def test_strings_within_structs_are_read_and_numbers_are_not() -> None:
    struct = pa.array([{"a": "150734-5678", "n": 1507345678}, {"a": None, "n": 1}])
    table = pa.table({"id": ["x", "y"], "n": [1507345678, 2], "s": struct})
    assert find_cpr(table) == ["x"]
    assert find_cpr(table.drop_columns(["s"])) == []


def test_rows_of_a_file(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["x", "y"], "text": ["150734-5678", ""]}), tmp_path / "a.parquet")
    assert find_cpr_in(tmp_path / "a.parquet") == ["x"]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("README.md", "---\nsize: 1507345678\n---\nTekst", False),
        ("README.md", "---\nname: 150734-5678\n---\nTekst", True),
        ("README.md", "---\nsize: 1\n---\n150734-5678", True),
        ("README.md", "---\n[not yaml\n---\n150734-5678", True),
        ("README.md", "---\nno end, 150734-5678", True),
        ("NOTICE.md", "150734-5678", True),
        ("release.json", '{"size": 1507345678, "names": ["a", {"b": "c"}]}', False),
        ("release.json", '{"size": 1, "names": ["a", {"b": "150734-5678"}]}', True),
        ("release.json", '{"150734-5678": 1}', True),
        ("release.json", '{"cut off": "150734-5678', True),
        ("rights/register.jsonl", '{"a": 1507345678}\n{"b": "x"}\n', False),
        ("rights/register.jsonl", '{"a": 1}\n{"b": "150734-5678"}\n', True),
        ("dcat.ttl", '<a> <b> "1507345678"^^xsd:decimal .', False),
        ("dcat.ttl", '<a> <b> "150734-5678"@da .', True),
        ("SHA256SUMS", "a1507345678b  data/x.parquet", False),
        ("data/150734-5678.txt", "", True),
    ],
)
def test_every_string_of_every_file_is_read(tmp_path: Path, name: str, content: str, found: bool) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG 150734-5678 \xff")
    assert scan_texts(tmp_path) == ([name] if found else [])
