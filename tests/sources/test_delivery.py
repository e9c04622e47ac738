"""Deliveries without code: what is read out of ``.txt``, ``.jsonl`` and ``.parquet``, and what is said of the rest."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.documents import ID_CHARACTERS, Document, Problem
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources.delivery import accepts, extract
from tests.helpers import lines, parquet_bytes, record

NAME = "example-minutes"
YEAR = (date(1943, 1, 1), date(1943, 12, 31))


def _documents(body: bytes, key: str) -> list[Document]:
    found = list(extract(record(body, key)))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def _problems(body: bytes, key: str) -> list[str]:
    return [f"{i.error.reason}: {i.error}" for i in extract(record(body, key)) if isinstance(i, Problem)]


def _id(identity: object) -> str:
    """Return the id that a row with this id gets."""
    (document,) = _documents(lines({"id": identity, "text": "x"}), "a.jsonl")
    return document.id


@pytest.mark.parametrize(
    ("path", "accepted"),
    [("a.txt", True), ("b/A.JSONL", True), ("a.parquet", True), ("a.json", False), ("a.pdf", False), ("txt", False)],
)
def test_accepts(path: str, accepted: bool) -> None:
    assert accepts(path) is accepted


# ---- .txt


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_by_its_byte_order_mark(encoding: str) -> None:
    (document,) = _documents("Blåbærgrød\r\nmed fløde\n".encode(encoding), "mappe/fil.TXT")
    assert document == Document(id=f"{NAME}/mappe/fil", text="Blåbærgrød\r\nmed fløde\n", title="fil")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_not_text(encoding: str) -> None:
    with pytest.raises(NotTextError) as caught:
        list(extract(record("Blåbærgrød".encode(encoding), "a.txt")))
    assert str(caught.value) == "holds zero bytes: it is no text, or UTF-16 without a byte-order mark"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("en\nto\nblåbær\n".encode("latin-1"), "UTF-8 in line 3 (byte 0xe5)"),
        (b"\xef\xbb\xbfen\nbl\xe5b\xe6r", "UTF-8 in line 2 (byte 0xe5)"),
        ("en\nto".encode("utf-16-le").join([b"\xff\xfe", b"\x00"]), "UTF-16 in line 2 (byte 0x00)"),
    ],
)
def test_another_encoding_is_refused_with_its_line(body: bytes, what: str) -> None:
    with pytest.raises(BrokenRecordError) as caught:
        list(extract(record(body, "a.txt")))
    assert str(caught.value) == (
        f"is not {what}; convert it, for instance with 'iconv -f windows-1252 -t utf-8', and deliver it again"
    )


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", "\xa0\n".encode()])
def test_a_text_file_without_text(body: bytes) -> None:
    with pytest.raises(EmptyRecordError) as caught:
        list(extract(record(body, "a.txt")))
    assert str(caught.value) == "holds no text"


def test_a_text_of_twenty_million_characters_comes_through(tmp_path: Path) -> None:
    text = "blåbær " * 2_860_000
    (tmp_path / "blob").write_bytes(text.encode())
    (document,) = list(extract(record(tmp_path / "blob", "a.txt")))
    assert isinstance(document, Document)
    assert len(document.text) == 20_020_000
    assert document.text == text


# ---- .jsonl


def test_json_lines_with_every_column() -> None:
    row = {
        "id": "m/1", "text": "Tekst", "title": "Titel", "url": "https://example.org/1", "document_type": "minutes",
        "parent_id": "m", "author": "Anna", "created": "1943", "details": {"agenda_item": 4}, "source": "other",
        "added": "2041-01-01", "token_count": 1,
    }  # fmt: skip
    (document,) = _documents(lines(row), "a.jsonl")
    assert document == Document(
        id=f"{NAME}/m/1", text="Tekst", title="Titel", url="https://example.org/1", document_type="minutes",
        parent_id=f"{NAME}/m", author="Anna", created=YEAR, details={"agenda_item": 4},
    )  # fmt: skip


def test_windows_line_ends_blank_lines_and_a_mark() -> None:
    body = b'\xef\xbb\xbf{"id": 1, "text": "a"}\r\n\r\n  \r\n{"id": 2, "text": "b"}'
    assert [(d.id, d.text) for d in _documents(body, "a.jsonl")] == [(f"{NAME}/1", "a"), (f"{NAME}/2", "b")]


@pytest.mark.parametrize("body", [b"", b"\n\n  \n"])
def test_json_lines_without_lines(body: bytes) -> None:
    with pytest.raises(EmptyRecordError) as caught:
        list(extract(record(body, "a.jsonl")))
    assert str(caught.value) == "holds no lines"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b'{"id": "1"', "broken: line 2 is not JSON (Expecting ',' delimiter, column 11)"),
        (b'{"id": "\xe6"}', "broken: line 2 is not JSON in UTF-8 ('utf-8' codec can't decode byte 0xe6 in position 8"),
        (b"[" * 100_000, "broken: line 2 is not JSON in UTF-8 (maximum recursion depth exceeded"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "broken: line 2 is not JSON in UTF-8 (Exceeds the limit"),
        ([1], "broken: line 2 is a JSON list, not an object with 'id' and 'text'"),
        ({"id": "1"}, "broken: line 2 lacks 'text'"),
        ({"ID": "1", "text": "a"}, "broken: line 2 lacks 'id'"),
        ({"id": "1", "txt": "a"}, "broken: line 2 lacks 'text' (is it 'txt'?)"),
        ({"id": "1", "text": "a", "titel": "b"}, "broken: line 2 has an unknown column 'titel'; did you mean 'title'?"),
        (
            {"id": "1", "text": "a", "xyz": 1},
            "broken: line 2 has an unknown column 'xyz'; facts of your own go into the object 'details'",
        ),
        ({"id": None, "text": "a"}, "broken: line 2 has an 'id' that is no text"),
        ({"id": True, "text": "a"}, "broken: line 2 has an 'id' that is no text"),
        ({"id": 1.5, "text": "a"}, "broken: line 2 has an 'id' that is no text"),
        ({"id": "  ", "text": "a"}, "broken: line 2 has an 'id' that is no text"),
        ({"id": "1", "text": 5}, "broken: line 2 has a 'text' that is a int, not a string"),
        ({"id": "1", "text": None}, "broken: line 2 has a 'text' that is a NoneType, not a string"),
        ({"id": "m/1", "text": " \n"}, "empty: line 2 has an empty 'text' (id 'm/1')"),
        ({"id": "1", "text": "a", "title": ["b"]}, "broken: line 2 has a 'title' that is a list, not a string"),
        ({"id": "1", "text": "a", "parent_id": 7}, "broken: line 2 has a 'parent_id' that is a int, not a string"),
        ({"id": "1", "text": "a", "details": [1]}, "broken: line 2 has 'details' that are no JSON object"),
        ({"id": "1", "text": "a", "details": "{"}, "broken: line 2 has 'details' that are not JSON (Expecting"),
        (
            b'{"id": "1", "text": "a", "details": {"a": NaN}}',
            "broken: line 2 has 'details' that JSON cannot hold (Out of range float",
        ),
        (
            {"id": "1", "text": "a", "created": "May"},
            "broken: line 2 has a 'created' ('May') that is no date such as 1",
        ),
        ({"id": "1", "text": "a", "created": True}, "broken: line 2 has a 'created' that is no date"),
        ({"id": "1", "text": "a", "created": [1943]}, "broken: line 2 has a 'created' that is no date"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(row: Any, problem: str) -> None:
    body = lines({"id": "a", "text": "first"}, row, {"id": "b", "text": "last"})
    assert [i.id for i in extract(record(body, "a.jsonl")) if isinstance(i, Document)] == [f"{NAME}/a", f"{NAME}/b"]
    (found,) = _problems(body, "a.jsonl")
    assert found.startswith(problem)


def test_a_bad_lines_content_is_the_line_itself() -> None:
    items = [i for i in extract(record(lines({"id": "a"}), "a.jsonl")) if isinstance(i, Problem)]
    assert [i.content for i in items] == [b'{"id": "a"}\n']


@pytest.mark.parametrize(("depth", "fits"), [(30, True), (32, True), (33, False), (900, False)])
@pytest.mark.parametrize("text", [False, True])
def test_details_may_nest_so_deep(depth: int, fits: bool, text: bool) -> None:
    nested = '{"a":' * depth + "1" + "}" * depth
    row = f'{{"id": "1", "text": "a", "details": {json.dumps(nested) if text else nested}}}'.encode()
    body = lines(row, {"id": "2", "text": "b"})
    assert len([i for i in extract(record(body, "a.jsonl")) if isinstance(i, Document)]) == 1 + fits
    assert _problems(body, "a.jsonl") == ([] if fits else ["broken: line 1 has 'details' that nest more than 32 deep"])


def test_two_lines_with_one_id_both_come() -> None:
    body = lines({"id": "a", "text": "first"}, {"id": "a", "text": "second"})
    assert [(d.id, d.text) for d in _documents(body, "a.jsonl")] == [(f"{NAME}/a", "first"), (f"{NAME}/a", "second")]


def test_half_a_surrogate_pair_spares_the_other_lines() -> None:
    row = b'{"id": "\\ud800", "text": "\\ud800", "title": "\\ud800", "details": {"\\ud800": "\\ud800"}}'
    documents = _documents(lines(row, {"id": "b", "text": "last"}), "a.jsonl")
    assert [d.id for d in documents] == [documents[0].id, f"{NAME}/b"]
    assert ID_CHARACTERS.fullmatch(documents[0].id)


def test_details_may_be_json_in_a_string() -> None:
    (document,) = _documents(lines({"id": "a", "text": "b", "details": '{"n": [1, "æ"]}'}), "a.jsonl")
    assert document.details == {"n": [1, "æ"]}


# ---- created


@pytest.mark.parametrize(
    ("value", "created"),
    [
        (None, None),
        ("", None),
        ("1943", YEAR),
        (1943, YEAR),
        ("1943-02", (date(1943, 2, 1), date(1943, 2, 28))),
        ("1944-02", (date(1944, 2, 1), date(1944, 2, 29))),
        ("1943-12", (date(1943, 12, 1), date(1943, 12, 31))),
        ("1943-05-04", (date(1943, 5, 4), date(1943, 5, 4))),
        ("1943-01-01, 1943-12-31", YEAR),
        ("1940,1945-05", (date(1940, 1, 1), date(1945, 5, 31))),
    ],
)
def test_created(value: object, created: tuple[date, date] | None) -> None:
    (document,) = _documents(lines({"id": "a", "text": "b", "created": value}), "a.jsonl")
    assert document.created == created


@pytest.mark.parametrize("value", ["0000", "1943-13", "1943-02-30", "4/5 1943", "c. 1943", "43", "1943,", -5, 10**30])
def test_created_that_is_no_date(value: object) -> None:
    (problem,) = _problems(lines({"id": "a", "text": "b", "created": value}), "a.jsonl")
    assert problem.startswith("broken: line 1 has a 'created' (")
    assert problem.endswith(") that is no date such as 1943-05-01 or 1943")


@pytest.mark.parametrize("value", ["1945, 1940", "1943-05-04, 1943-05-03", "1940, 1941, 1942"])
def test_created_that_is_no_range(value: str) -> None:
    (problem,) = _problems(lines({"id": "a", "text": "b", "created": value}), "a.jsonl")
    assert problem == f"broken: line 1 has a 'created' ({value!r}) that is no range of two dates"


# ---- .parquet


def test_parquet_with_every_kind_of_column() -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "text": pa.array(["a", "b"], pa.large_string()),
            "title": pa.array(["T", None]).dictionary_encode(),
            "created": pa.array([datetime(1943, 5, 4, 12, tzinfo=UTC), None]),
            "details": pa.array([{"page": 4}, None]),
            "token_count": pa.array([1, 1]),
        }
    )
    day = date(1943, 5, 4)
    assert _documents(parquet_bytes(table), "a.parquet") == [
        Document(id=f"{NAME}/1", text="a", title="T", created=(day, day), details={"page": 4}),
        Document(id=f"{NAME}/2", text="b"),
    ]


def test_parquet_rows_come_in_order_over_batches() -> None:
    table = pa.table({"id": [f"{n:04d}" for n in range(300)], "text": ["x"] * 300})
    assert [d.id for d in _documents(parquet_bytes(table), "a.parquet")] == [f"{NAME}/{n:04d}" for n in range(300)]


def test_bad_rows_of_parquet_are_named_and_the_others_go_on() -> None:
    table = pa.table({"id": ["a", "b", None, "d"], "text": ["first", None, "third", " "]})
    assert _problems(parquet_bytes(table), "a.parquet") == [
        "broken: row 2 lacks 'text'",
        "broken: row 3 lacks 'id'",
        "empty: row 4 has an empty 'text' (id 'd')",
    ]


def test_a_value_that_is_no_utf_8_spares_the_other_rows() -> None:
    buffers = [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xe6")]
    texts = pa.Array.from_buffers(pa.string(), 2, buffers)
    body = parquet_bytes(pa.table({"id": ["1", "2"], "text": texts}))
    assert [i.id for i in extract(record(body, "a.parquet")) if isinstance(i, Document)] == [f"{NAME}/1"]
    (problem,) = _problems(body, "a.parquet")
    assert problem.startswith("broken: row 2 holds a value that cannot be read ('utf-8' codec can't decode byte 0xe6")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (["id", "txt"], "lacks 'text' (is it 'txt'?)"),
        (["a", "text"], "lacks 'id'"),
        (["id", "text", "autor"], "has an unknown column 'autor'; did you mean 'author'?"),
    ],
)
def test_columns_of_parquet(columns: list[str], why: str) -> None:
    with pytest.raises(BrokenRecordError) as caught:
        list(extract(record(parquet_bytes(pa.table({name: ["a"] for name in columns})), "a.parquet")))
    assert str(caught.value) == why


def test_parquet_without_rows() -> None:
    with pytest.raises(EmptyRecordError) as caught:
        list(extract(record(parquet_bytes(pa.table({"id": [], "text": []})), "a.parquet")))
    assert str(caught.value) == "holds no rows"


@pytest.mark.parametrize("damage", ["no parquet", "empty", "cut short", "damaged"])
def test_what_is_no_readable_parquet(damage: str) -> None:
    whole = parquet_bytes(pa.table({"id": ["a" * 99] * 9, "text": ["b" * 99] * 9}))
    body = {
        "no parquet": b"hej med dig", "empty": b"", "cut short": whole[:-9],
        "damaged": whole[:4] + bytes(99) + whole[103:],
    }[damage]  # fmt: skip
    with pytest.raises(BrokenRecordError, match=r"^is not readable Parquet \(.+\)$"):
        list(extract(record(body, "a.parquet")))


# ---- ids


@pytest.mark.parametrize("identity", ["eli/lta/2013/1121", "A.b_c-d", "7", "20231-M31/20231207T100002"])
def test_an_id_that_fits_stays(identity: str) -> None:
    assert _id(identity) == f"{NAME}/{identity}"
    assert _id(f"{NAME}/{identity}") == f"{NAME}/{identity}"


@pytest.mark.parametrize(
    ("identity", "begins"),
    [
        ("møde 3", "m-de-3-"),
        ("æøå", "id-"),
        ("../../etc/passwd", "etc/passwd-"),
        ("a/../b", "a/b-"),
        ("a//b", "a/b-"),
        ("/a/", "a-"),
        (".", "id-"),
        ("a\nb", "a-b-"),
        ("javascript:alert(1)", "javascript-alert-1-"),
        ("x" * 5000, "x" * 150 + "-"),
    ],
)
def test_an_id_that_does_not_fit_is_made_safe(identity: str, begins: str) -> None:
    made = _id(identity)
    assert made.startswith(f"{NAME}/{begins}")
    assert len(made) == len(NAME) + 1 + len(begins) + 16
    assert _id(identity) == made


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=12).filter(lambda s: bool(s.strip())), min_size=2, max_size=2, unique=True)
)
def test_ids_are_safe_and_unique(identities: list[str]) -> None:
    first, second = (_id(identity) for identity in identities)
    for made in (first, second):
        assert ID_CHARACTERS.fullmatch(made)
        assert all(part.strip(".") for part in made.split("/"))
    assert first != second


def test_a_parent_is_named_as_its_own_row_is() -> None:
    rows = {"id": "møde 3", "text": "a"}, {"id": "b", "text": "b", "parent_id": "møde 3"}
    parent, child = _documents(lines(*rows), "a.jsonl")
    assert child.parent_id == parent.id


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["a.txt", "a.jsonl", "a.parquet"]),
    st.binary(max_size=80)
    | st.dictionaries(
        st.sampled_from(["id", "text", "title", "created", "details", "url", "x"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(), max_size=8)
        | st.lists(st.none()),
    ).map(lambda row: json.dumps(row).encode()),
)
def test_any_bytes_give_documents_problems_or_a_record_error(key: str, body: bytes) -> None:
    try:
        found = list(extract(record(body, key)))
    except (BrokenRecordError, EmptyRecordError, NotTextError) as error:
        assert str(error)
    else:
        assert found
        assert all(isinstance(item, (Document, Problem)) for item in found)
