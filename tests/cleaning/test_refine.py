"""Refining returns the same rows in the same order, cleaned and measured."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning import (
    RefineJob,
    RefineResult,
    language,
    personal_data,
    quality,
    refine,
    refine_key,
    refine_part,
    repair,
    words,
)
from frisat import parquet
from frisat.files import sha256
from frisat.parquet import write_parquet
from frisat.schema import DOCUMENTS, REFINED
from tests.helpers import DANISH, document, rows_of

SWEDISH = (
    "Kommunfullmäktige beslutade i går att skjuta upp ärendet eftersom flera av ledamöterna ännu inte hade läst "
    "bilagan som skickades ut efter tidsfristen."
)


def _refine(folder: Path, rows: list[dict[str, Any]], stated: str = "da") -> tuple[RefineResult, list[dict[str, Any]]]:
    write_parquet(folder / "in.parquet", [pa.Table.from_pylist(rows, schema=DOCUMENTS)], DOCUMENTS)
    result = refine_part(RefineJob("s", stated, folder / "in.parquet", folder / "out.parquet"))
    return result, rows_of(folder / "out.parquet")


def test_a_row_with_all_it_gets(tmp_path: Path) -> None:
    text = f"{DANISH}\r\nTlf. 12345678, CPR 010141-5123 og anna@example.dk. KÃ¸ben\xadhavn."
    result, (row,) = _refine(tmp_path, [document("1", text, title="T")])
    cleaned = f"{DANISH}\nTlf. [TELEFON], CPR [CPR] og [EMAIL]. København."
    exact, score, measures = row.pop("exact"), row.pop("language_score"), row.pop("quality")
    assert (len(exact), 0.4 < score <= 1, measures["words"]) == (16, True, 30)
    assert row == {
        **document("1", cleaned, title="T", content=sha256(text)),
        "token_count": 43, "text_bytes": len(cleaned.encode()), "characters": len(cleaned),
        "text_sha256": sha256(cleaned), "language": "da", "repairs": {"encoding": 1, "whitespace": 1, "hyphens": 1},
        "redactions": {"cpr": 1, "email": 1, "telefon": 1, "iban": 0, "konto": 0}, "notes": [],
        "redacted": [
            {"start": 151, "end": 159, "kind": "telefon", "rule": "telefon:word", "sure": True},
            {"start": 165, "end": 176, "kind": "cpr", "rule": "cpr:labelled", "sure": True},
            {"start": 180, "end": 195, "kind": "email", "rule": "email:plain", "sure": True},
        ],
    }  # fmt: skip
    assert result == RefineResult(documents=1, text_bytes=len(cleaned.encode()), repaired=1, redacted=1, not_danish=0)


def test_the_schema_is_exact(tmp_path: Path) -> None:
    _refine(tmp_path, [document("1", DANISH)])
    with pq.ParquetFile(tmp_path / "out.parquet") as file:
        assert file.schema_arrow.equals(REFINED)


def test_rows_keep_their_order_over_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 7)
    rows = [document(f"{number * 37 % 100:03d}", f"{DANISH} {number}") for number in range(40)]
    result, found = _refine(tmp_path, rows)
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert (result.documents, result.repaired, result.redacted) == (40, 0, 0)


def test_nothing_is_dropped(tmp_path: Path) -> None:
    rows = [
        document("1", ""), document("2", "\u200b\r\n"), document("3", "1234"), document("3", "1234"),
        document("4", SWEDISH), document("5", DANISH),
    ]  # fmt: skip
    result, found = _refine(tmp_path, rows)
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert [row["notes"] for row in found] == [["empty"], ["empty"], [], [], ["language:sv"], []]
    assert (result.documents, result.not_danish) == (6, 1)


def test_no_rows(tmp_path: Path) -> None:
    assert _refine(tmp_path, []) == (RefineResult(0, 0, 0, 0, 0), [])


def test_a_row_without_a_document_passes_through(tmp_path: Path) -> None:
    problem = document("record/1", "", reason="broken", detail="a.txt: has an 'id' (anna@example.dk, 010127-5123)")
    result, (row,) = _refine(tmp_path, [problem])
    assert (row["id"], row["reason"], row["notes"], row["language"]) == ("s/record/1", "broken", [], None)
    assert row["detail"] == "a.txt: has an 'id' ([EMAIL], [CPR])"
    assert result.documents == 0


def test_descriptions_are_cleaned_too(tmp_path: Path) -> None:
    values = {"title": "Brev fra anna@example.dk", "author": "Anna 010127-5123", "details": '{"til":"tlf. 12345678"}'}
    _, (row,) = _refine(tmp_path, [document("1", DANISH, **values, url="https://example.org/1", parent_id="s/0")])
    assert row["title"] == "Brev fra [EMAIL]"
    assert row["author"] == "Anna [CPR]"
    assert row["details"] == '{"til":"tlf. [TELEFON]"}'
    assert (row["url"], row["parent_id"]) == ("https://example.org/1", "s/0")


def test_a_description_of_which_nothing_is_left_is_null(tmp_path: Path) -> None:
    _, (row,) = _refine(tmp_path, [document("1", DANISH, title="\u200b")])
    assert row["title"] is None


@pytest.mark.parametrize(
    ("details", "cleaned"),
    [
        ({"nr": 3112275123}, {"nr": "[CPR]"}),
        ({"note": "a\nanna@example.dk"}, {"note": "a\n[EMAIL]"}),
        ({"note": "a\u2028b"}, {"note": "a\nb"}),
        ({"note": "KÃ¸benhavn", "n": [1, -2.5, True, None, ["010127-5123"]]},
         {"note": "København", "n": [1, -2.5, True, None, ["[CPR]"]]}),
        ({"a\\b": 'c"d\\'}, {"a\\b": 'c"d\\'}),
        ({"anna@example.dk": {"tlf": 12345678}}, {"[EMAIL]": {"tlf": 12345678}}),
    ],
)  # fmt: skip
def test_details_stay_json(tmp_path: Path, details: dict[str, Any], cleaned: dict[str, Any]) -> None:
    _, (row,) = _refine(tmp_path, [document("1", DANISH, details=json.dumps(details, ensure_ascii=False))])
    assert json.loads(row["details"]) == cleaned


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12)
        | st.sampled_from(["010127-5123", "\nanna@example.dk", "tlf. 12345678", "\u2028", "KÃ¸b\\"])
        | st.just(3112275123),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    )
)  # fmt: skip
def test_details_of_any_kind_stay_json_and_lose_what_must_go(
    tmp_path_factory: pytest.TempPathFactory, value: Any
) -> None:
    folder = tmp_path_factory.getbasetemp() / "details"
    row = document("1", DANISH, details=json.dumps({"value": value}, ensure_ascii=False))
    _, (found,) = _refine(folder, [row])
    assert set(json.loads(found["details"])) == {"value"}
    assert not {"010127-5123", "3112275123", "anna@example.dk"} & set(found["details"].split('"'))


@pytest.mark.parametrize("module", [language, personal_data, quality, repair, words, refine])
def test_the_key_follows_every_version(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = refine_key("a/00000.parquet", "da")
    monkeypatch.setattr(module, "VERSION", 99)
    assert refine_key("a/00000.parquet", "da") != before
    assert refine_key("a/00000.parquet", "da").partition("-")[0] == before.partition("-")[0]


def test_the_key_follows_the_part_the_language_and_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [
        refine_key("a/00000.parquet", "da"),
        refine_key("a/00001.parquet", "da"),
        refine_key("a/00000.parquet", "sv"),
    ]
    monkeypatch.setattr(refine, "version", lambda name: f"{name} 99")
    keys.append(refine_key("a/00000.parquet", "da"))
    assert len(set(keys)) == 4
    assert all(len(key) == 32 + 1 + 12 for key in keys)


def test_the_same_part_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = [document("1", DANISH), document("2", SWEDISH, title="a@b.dk"), document("3", "Lone og Lars")]
    contents = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        _refine(tmp_path / name, rows)
        contents.add((tmp_path / name / "out.parquet").read_bytes())
    assert len(contents) == 1


def test_a_job_names_itself() -> None:
    assert str(RefineJob("s", "da", Path("in"), Path("0123456789-x.parquet"))) == "s 01234567"
