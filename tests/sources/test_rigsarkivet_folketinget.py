"""Delivery 14004: rows as documents, volumes taken apart, ids that do not clash, every bad record and row."""

from __future__ import annotations

import io
import random
import shutil
import struct
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, JSON, Document, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError, WorkspaceError
from frisat.files import sha256
from sources._escaped_id import escaped, unescaped
from sources._rigsarkivet.delivery_state import DOWNLOAD, KEY, LANDING, page_state
from sources.collecting import FetchError, Found, Visit
from sources.rigsarkivet_folketinget import accepts, collect, extract
from tests.standins.rigsarkivet import COLUMNS, delivery_parquet, delivery_zip, row, zipped
from tests.standins.volumes import PERIODS, speech, volume

_ROOT = Path(__file__).parents[2]
_DETAILS = set(load_descriptor(_ROOT / "sources/rigsarkivet_folketinget.toml").details)
_NAME = "rigsarkivet-folketinget"
_TEXT = "Forslaget om at flytte fyret til den anden side af havnen blev vedtaget med 12 stemmer mod 3."


def _record(body: bytes | Path, key: str = "14004.zip") -> Record:
    digest = sha256(body if isinstance(body, bytes) else body.read_bytes())
    when = datetime(2041, 3, 1, tzinfo=UTC)
    return Record(source=_NAME, key=key, body=body, sha256=digest, retrieved_at=when)


def _read(body: bytes | Path) -> tuple[list[Document], list[str]]:
    documents, problems = [], []
    for item in extract(_record(body)):
        if isinstance(item, Document):
            assert ID_CHARACTERS.fullmatch(item.id)
            assert set(item.details) <= _DETAILS
            assert None not in item.details.values()
            documents.append(item)
        else:
            assert isinstance(item, Problem)
            problems.append(f"{item.error.reason}: {item.error}")
    assert len({document.id for document in documents}) == len(documents)
    return documents, problems


def _rows(*rows: dict[str, object], **options: Any) -> tuple[list[Document], list[str]]:
    return _read(delivery_zip(rows, **options))


# ---- rows


def test_a_row_is_a_document() -> None:
    given = row(
        "20041-L12-som-fremsat", f"  {_TEXT}\n", titel="Forslag til lov om fyr", skabt="2004-10-05", type="Lovforslag",
        words="1.017", ocr="Nej", method="ingen",
    )  # fmt: skip
    assert _rows(given) == (
        [
            Document(
                id=f"{_NAME}/20041-L12-som-fremsat",
                text=_TEXT,
                title="Forslag til lov om fyr",
                created=(date(2004, 10, 5), date(2004, 10, 5)),
                url="https://digidata.rigsarkivet.dk/aflevering/14004",
                document_type="Lovforslag",
                details={"words": 1017, "ocr": False, "ocr_method": "ingen"},
            )
        ],
        [],
    )


def test_what_a_row_does_not_say_is_left_out() -> None:
    (document,), _ = _rows(row("a", _TEXT, words=-1, ocr="måske", titel=" ", skabt="ukendt"))
    assert document == Document(id=f"{_NAME}/a", text=_TEXT, url=LANDING)


@pytest.mark.parametrize("stored", [True, False])
def test_the_zip_and_the_file_in_it_give_the_same(stored: bool, tmp_path: Path) -> None:
    made = volume(1880, 3, 90_000)
    rows = [
        row("B 1", made.text, skabt="1880-1881"),
        row("L 1", _TEXT),
        row("L 1", "En anden."),
        row(None, "x"),
        row("L 2", ""),
    ]
    alone, packed = delivery_parquet(rows), delivery_zip(rows, stored=stored)
    expected = list(extract(_record(alone, "14004.parquet")))
    told = [item if isinstance(item, Document) else (str(item.error), item.content) for item in expected]  # type: ignore[union-attr]
    assert len(told) == 8
    path = tmp_path / "blob"
    for body in (packed, alone):
        path.write_bytes(body)
        for form in (body, path):
            found = list(extract(_record(form)))
            assert [i if isinstance(i, Document) else (str(i.error), i.content) for i in found] == told  # type: ignore[union-attr]


def test_columns_are_known_by_their_letters() -> None:
    names = [
        "\ufeffIdentifikator",
        " INDHOLD ",
        "Titel",
        "Skabt",
        "TYPE",
        "Antal_ord",
        "Dannet ved OCR (Ja/Nej)",
        "ocr metode",
    ]
    table = pa.table(dict(zip(names, [["a"], [_TEXT], ["T"], ["1999"], ["x"], [7], ["ja"], ["m"]], strict=True)))
    sink = io.BytesIO()
    pq.write_table(table.append_column("ekstra", pa.array([["noget"]])), sink)
    (document,), _ = _read(sink.getvalue())
    assert (document.title, document.document_type, document.created) == (
        "T",
        "x",
        (date(1999, 1, 1), date(1999, 12, 31)),
    )
    assert document.details == {"words": 7, "ocr": True, "ocr_method": "m"}


@pytest.mark.parametrize(
    ("kind", "value", "identity"),
    [
        (pa.int64(), 17, "17"), (pa.float64(), 17.0, "17"), (pa.large_string(), "a", "a"), (pa.binary(), b"a", "a"),
        (pa.dictionary(pa.int32(), pa.string()), "a", "a"), (pa.string_view(), "a", "a"),
        (pa.decimal128(5, 0), 17, None), (pa.bool_(), True, None), (pa.float64(), 17.5, None),
        (pa.null(), None, None), (pa.string(), "  ", None),
    ],
)  # fmt: skip
def test_identifiers_of_any_type_are_taken_or_named(kind: Any, value: object, identity: str | None) -> None:
    table = pa.table({"identifikator": pa.array([value], kind), "indhold": [_TEXT]})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    documents, problems = _read(sink.getvalue())
    assert [document.id for document in documents] == ([f"{_NAME}/{identity}"] if identity else [])
    assert len(problems) == (identity is None)
    assert all(problem.startswith("broken: row 1 has ") for problem in problems)


@pytest.mark.parametrize(
    ("kind", "value", "first"),
    [
        (pa.int32(), 1999, "1999-01-01"), (pa.date32(), date(1999, 5, 4), "1999-05-04"),
        (pa.timestamp("ns"), datetime(1999, 5, 4, 12), "1999-05-04"),  # noqa: DTZ001
        (pa.timestamp("us", "UTC"), datetime(1999, 5, 4, 12, tzinfo=UTC), "1999-05-04"),
        (pa.dictionary(pa.int8(), pa.large_string()), "1999", "1999-01-01"), (pa.timestamp("us"), 2**62, None),
        (pa.list_(pa.int32()), [1999], None), (pa.binary(), b"\xff", None),
    ],
)  # fmt: skip
def test_dates_of_any_type_are_taken_or_left_out(kind: Any, value: object, first: str | None) -> None:
    table = pa.table({"identifikator": ["a"], "indhold": [_TEXT], "skabt": pa.array([value], kind)})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    (document,), _ = _read(sink.getvalue())
    assert (document.created[0].isoformat() if document.created else None) == first


def test_a_row_without_text_is_told_and_the_rest_goes_on() -> None:
    documents, problems = _rows(
        row("a", None), row("b", ""), row("c", " \n\t"), row("d", _TEXT), row(None, _TEXT), row("", _TEXT)
    )
    assert [document.id for document in documents] == [f"{_NAME}/d"]
    assert problems == [
        "empty: row 1 ('a') has an empty 'indhold'",
        "empty: row 2 ('b') has an empty 'indhold'",
        "empty: row 3 ('c') has an empty 'indhold'",
        "broken: row 5 has no 'identifikator'",
        "broken: row 6 has no 'identifikator'",
    ]


def test_a_text_in_another_encoding_is_told() -> None:
    table = pa.table(
        {"identifikator": ["a", "b"], "indhold": pa.array(["fløde".encode(), "fl\xf8de".encode("latin-1")])}
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    documents, problems = _read(sink.getvalue())
    assert [document.text for document in documents] == ["fløde"]
    assert problems[0].startswith("broken: row 2 ('b') has an 'indhold' that cannot be read ('utf-8' codec")


def test_columns_that_are_missing_are_named_with_those_that_are_there() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"], "indhold": [_TEXT]}), sink)
    with pytest.raises(BrokenRecordError, match=r"lacks the column 'identifikator'; its columns are 'id', 'indhold'"):
        _read(sink.getvalue())


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["identifikator", "indhold", "Indhold"], None),
        (["identifikator", "INDHOLD", "Indhold"], "has both a column 'INDHOLD' and a column 'Indhold'"),
        (["identifikator", "indhold", "indhold"], "two columns of one name"),
        (["x", "y", "z"], "lacks the column 'identifikator' and 'indhold'"),
    ],
)
def test_columns_that_could_be_two_are_refused(names: list[str], message: str | None) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array([_TEXT]), pa.array(["b"])], names), sink)
    if message is None:
        assert [document.text for document in _read(sink.getvalue())[0]] == [_TEXT]
        return
    with pytest.raises(BrokenRecordError, match=message):
        _read(sink.getvalue())


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.binary_view(),
     pa.dictionary(pa.int32(), pa.large_string())],
)  # fmt: skip
def test_texts_of_any_type_are_taken(kind: Any) -> None:
    rows = pa.table({"identifikator": ["a", "b", "c", "c"], "indhold": pa.array(["blåt", None, "", "blåt"], kind)})
    sink = io.BytesIO()
    pq.write_table(rows, sink)
    documents, problems = _read(sink.getvalue())
    assert [(document.id[-2:], document.text) for document in documents] == [("/a", "blåt"), ("/c", "blåt")]
    assert problems == [f"empty: row {n} ({name!r}) has an empty 'indhold'" for n, name in ((2, "b"), (3, "c"))]


def test_a_number_is_no_text() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"identifikator": ["a"], "indhold": [17]}), sink)
    assert _read(sink.getvalue()) == ([], ["broken: row 1 ('a') has an 'indhold' that is a int, not text"])


def test_a_nested_text_is_refused() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"identifikator": ["a"], "indhold": [["a"]]}), sink)
    with pytest.raises(BrokenRecordError, match="in its column 'indhold' list<"):
        _read(sink.getvalue())


# ---- ids


def test_other_characters_are_escaped() -> None:
    assert escaped("20041-L12_som.fremsat") == "20041-L12_som.fremsat"
    assert escaped("L 1/ø.xlsx") == "L.x20.1.x2f..xf8..x2e.xlsx"
    assert [escaped(name) for name in (".", "..")] == [".x2e.", ".x2e..x2e."]


@given(st.text(min_size=1, max_size=30))
def test_escaped_identifiers_come_back(identifier: str) -> None:
    name = escaped(identifier)
    assert ID_CHARACTERS.fullmatch(name)
    assert "/" not in name
    assert name.strip(".") or name not in {".", ".."}
    if ".xh" not in name:
        assert unescaped(name) == identifier


@given(st.text("aø./x2e", min_size=1, max_size=300), st.text("aø./x2e", min_size=1, max_size=300))
def test_two_identifiers_never_become_one(first: str, second: str) -> None:
    assert (escaped(first) == escaped(second)) == (first == second)
    assert len(escaped(first)) <= 200


def test_an_identifier_that_comes_again_is_never_silent() -> None:
    documents, problems = _rows(
        row("a", _TEXT), row(" a", _TEXT), row("a", "En anden tekst."), row("a", "En anden tekst.")
    )
    assert [document.text for document in documents] == [_TEXT, "En anden tekst."]
    assert documents[0].id == f"{_NAME}/a"
    assert documents[1].id.startswith(f"{_NAME}/a.xr")
    assert problems == [
        f"broken: row {number} ('a') repeats an earlier row: the same identifier and the same text" for number in (2, 4)
    ]


# ---- volumes


@pytest.mark.parametrize("period", PERIODS)
def test_a_bound_volume_is_divided_by_sitting(period: int) -> None:
    made = volume(period, 4, 70_000, pages="feeds", noise=0.02)
    title = f"Rigsdagstidende {period}-{period + 1}"
    documents, problems = _rows(
        row(
            f"rt-{period}",
            made.text,
            titel=title,
            skabt=str(period),
            type="Forhandlinger",
            ocr="Ja",
            method="m",
            words=9,
        )
    )
    assert problems == []
    above = f"{_NAME}/rt-{period}"
    whole = (date(period, 1, 1), date(period, 12, 31))
    assert [(d.id, d.created, d.parent_id) for d in documents] == [
        (f"{above}/front", whole, above),
        *((f"{above}/m{number:03d}-{day:%Y%m%d}", (day, day), above) for number, day in made.sittings),
    ]
    assert {d.document_type for d in documents} == {"Forhandlinger"}
    assert documents[0].title == title
    assert documents[0].details == {
        "ocr": True,
        "ocr_method": "m",
        "volume_title": title,
        "part": "front",
        "pages": "17",
    }
    assert documents[2].details.items() >= {"part": "sitting", "sitting": "2", "volume_title": title}.items()
    assert "words" not in documents[2].details


@pytest.mark.parametrize(
    ("values", "divided"),
    [
        ({"skabt": "1930", "type": "bind"}, True),
        ({"ocr": "Ja"}, True),
        ({"skabt": "2011", "titel": "Folketingstidende, tillæg B"}, True),
        ({"skabt": "2011", "type": "Beretning", "ocr": "Nej"}, False),
        ({}, False),
    ],
)
def test_a_long_row_is_a_volume_only_where_something_says_so(values: dict[str, str], divided: bool) -> None:
    text = speech(1950, 450_000, random.Random(4))  # noqa: S311
    documents, _ = _rows(row("x", text, **values))
    assert (len(documents) > 1) is divided
    assert "".join("".join(document.text.split()) for document in documents) == "".join(text.split())


def test_a_short_row_is_never_divided() -> None:
    made = volume(1849, 3, 20_000)
    documents, _ = _rows(row("rt", made.text, titel="Rigsdagstidende", skabt="1849", ocr="Ja"))
    assert [document.id for document in documents] == [f"{_NAME}/rt"]


# ---- records that give nothing


def _packed(files: dict[str, bytes]) -> bytes:
    return zipped(files)


def _encrypted(content: bytes) -> bytes:
    """Return the ZIP with its only member marked as encrypted."""
    central = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : central + 8] + b"\x01" + content[central + 9 :]


def _declared_smaller(content: bytes) -> bytes:
    """Return the ZIP with its only member declared as ten bytes."""
    central = content.index(b"PK\x01\x02")
    return content[: central + 24] + struct.pack("<I", 10) + content[central + 28 :]


_GOOD = delivery_parquet([row(f"a{n}", f"{_TEXT} {n}") for n in range(50)])


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b"", EmptyRecordError, "holds no bytes"),
        (b"<!DOCTYPE html><p>Siden findes ikke", NotTextError, "neither a ZIP nor a Parquet file"),
        (_packed({}), NotTextError, "ZIP without a Parquet file; it holds nothing"),
        (_packed({"laes.txt": b"a", "__MACOSX/x.parquet": b"b"}), NotTextError, "it holds laes.txt"),
        (_packed({"a.parquet": b"PAR1"}), BrokenRecordError, "not readable Parquet"),
        (_packed({"a.parquet": b""}), BrokenRecordError, "not readable Parquet"),
        (_packed({"a.parquet": _GOOD[:-9]}), BrokenRecordError, "not readable Parquet"),
        (_GOOD[: len(_GOOD) // 2], BrokenRecordError, "not readable Parquet"),
        (_packed({"../a.parquet": _GOOD}), BrokenRecordError, "leads out of the ZIP"),
        (_packed({"/a.parquet": _GOOD}), BrokenRecordError, "leads out of the ZIP"),
        (_packed({"C:\\a.parquet": _GOOD}), BrokenRecordError, "leads out of the ZIP"),
        (_packed({"a.parquet": _GOOD})[:-40], BrokenRecordError, "damaged or cut short"),
        (_encrypted(_packed({"a.parquet": _GOOD})), BrokenRecordError, "encrypted"),
        (_declared_smaller(_packed({"a.parquet": _GOOD})), BrokenRecordError, "cannot be unpacked|cut short"),
        (_packed({"a.parquet": bytes(80 << 20)}), BrokenRecordError, "inflates to more than 100 times"),
        (_packed({f"{n}.parquet": b"" for n in range(1001)}), BrokenRecordError, "1,001 Parquet files"),
        (delivery_zip([]), EmptyRecordError, "holds no rows"),
    ],
)  # fmt: skip
def test_records_that_give_nothing(body: bytes, error: type[RecordError], message: str) -> None:
    with pytest.raises(error, match=message):
        list(extract(_record(body)))


@pytest.mark.parametrize("stored", [True, False])
def test_a_member_that_was_damaged_is_found_out_before_anything_is_given(stored: bool) -> None:
    content = bytearray(zipped({"a.parquet": _GOOD}, stored=stored))
    content[len(content) // 2] ^= 0x55
    items = extract(_record(bytes(content)))
    with pytest.raises(BrokenRecordError, match=r"damaged or cut short|cannot be unpacked"):
        next(items)


def test_several_parquet_files_are_read_by_name_and_a_bad_one_is_told() -> None:
    one, two = delivery_parquet([row("a", "Et.")]), delivery_parquet([row("b", "To."), row("a", "Et.")])
    documents, problems = _read(_packed({"2.parquet": two, "1.parquet": one, "3.parquet": b"PAR1 no", "laes.txt": b""}))
    assert [document.id for document in documents] == [f"{_NAME}/a", f"{_NAME}/b"]
    assert len(problems) == 2
    assert "repeats an earlier row" in problems[0]
    assert problems[1].startswith("broken: 3.parquet is not readable Parquet")


def test_a_file_that_ends_in_the_middle_keeps_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(f"a{n}", f"{n} " + speech(1880, 30_000, random.Random(n))) for n in range(30)]  # noqa: S311
    content = bytearray(delivery_parquet(rows, row_group_size=5, compression="zstd", use_dictionary=False))
    place = len(content) * 2 // 3
    content[place : place + 200] = bytes(200)
    items: list[object] = []
    with pytest.raises(BrokenRecordError, match="not readable Parquet"):
        for item in extract(_record(bytes(content))):
            items.append(item)
    assert 0 < len(items) < 30


def test_text_that_a_small_file_repeats_without_end_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from sources._rigsarkivet import folketinget_rows as _folketinget_rows

    monkeypatch.setattr(_folketinget_rows, "_INFLATION_FREE", 1_000_000)
    rows = [row(n, "Nej. " * 2_000) for n in range(20_000)]
    with pytest.raises(BrokenRecordError, match="more than 100 times"):
        list(extract(_record(delivery_parquet(rows))))


@pytest.mark.parametrize("body", [_GOOD, zipped({"a.parquet": _GOOD}), zipped({"a.parquet": _GOOD}, stored=True)])
def test_damage_of_any_kind_ends_in_the_errors_of_records(body: bytes) -> None:
    chance = random.Random(5)  # noqa: S311
    for _ in range(400):
        damaged = bytearray(body[: chance.randrange(len(body))] if chance.random() < 0.3 else body)
        for _ in range(chance.randrange(4)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            for item in extract(_record(bytes(damaged))):
                assert isinstance(item, Document | Problem)
        except RecordError:
            continue


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda i, t, s, w, o: row(i, t, skabt=s, words=w, ocr=o),
            st.none() | st.text(max_size=20), st.none() | st.text(), st.none() | st.text(max_size=15),
            st.none() | st.text(max_size=8), st.none() | st.sampled_from(["Ja", "nej ", "x"]),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_any_rows_give_as_many_documents_and_problems(rows: list[dict[str, object]]) -> None:
    documents, problems = _rows(*rows, schema=pa.schema([(name, pa.string()) for name in COLUMNS]))
    assert len(documents) + len(problems) == len(rows)


# ---- room to unpack


def test_a_full_disk_is_named_and_is_not_the_record_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(WorkspaceError, match=r"unpacking needs .* and there are 1,000; make room there, or let TMPDIR"):
        list(extract(_record(zipped({"a.parquet": _GOOD}))))
    assert len(list(extract(_record(zipped({"a.parquet": _GOOD}, stored=True))))) == 50  # needs no room


def test_a_disk_that_fills_up_while_unpacking_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Full(io.BytesIO):
        def write(self, _: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: _Full())
    with pytest.raises(WorkspaceError, match=r"cannot unpack .* \(No space left on device\); make room"):
        list(extract(_record(zipped({"a.parquet": _GOOD}))))


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.exists() else 0


@pytest.mark.parametrize("taken", [1, 50])
def test_what_was_unpacked_is_gone_however_the_reading_ends(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = _open_files()
    items = extract(_record(zipped({"a.parquet": _GOOD})))
    for _ in range(taken):
        next(items)
    assert list(tmp_path.iterdir()) == []
    cast(Any, items).close()
    assert _open_files() == before
    monkeypatch.setattr(tempfile, "tempdir", None)


# ---- what a delivery on disk may hold


@pytest.mark.parametrize(
    ("path", "expected"),
    [("14004.zip", True), ("mappe/14004.PARQUET", True), ("laes.pdf", False), (".14004.zip", False),
     ("__MACOSX/14004.parquet", False), ("zip", False)],
)  # fmt: skip
def test_accepts(path: str, expected: bool) -> None:
    assert accepts(path) is expected


# ---- collecting


class _Publisher:
    """Stands in for a visit: a landing page, a cursor, and what was said."""

    def __init__(self) -> None:
        self.cursor: dict[str, JSON] = {}
        self.page: bytes | FetchError = b""
        self.warnings: list[str] = []
        self.started = datetime(2041, 3, 1, 4, tzinfo=UTC)
        self.asked: list[str] = []

    def get(self, url: str, *, kind: str) -> SimpleNamespace:
        self.asked.append(f"{kind} {url}")
        if isinstance(self.page, FetchError):
            raise self.page
        return SimpleNamespace(read=lambda: self.page)

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def visit(self, day: date, page: str | FetchError) -> Found:
        self.started = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        self.page = page if isinstance(page, FetchError) else f"<h1>Aflevering 14004</h1>{page}".encode()
        (found,) = collect(cast(Visit, self))
        assert isinstance(found, Found)
        return found


def test_the_zip_is_found_in_the_version_that_the_landing_page_names() -> None:
    publisher = _Publisher()
    found = publisher.visit(date(2041, 3, 1), "<p>Version 2.0, opdateret den 24. februar 2041</p>")
    assert found == Found(
        key=KEY,
        url=DOWNLOAD,
        kind="zip",
        version="opdateret den 24. februar 2041; version 2.0",
        max_bytes=40_000_000_000,
    )
    assert publisher.asked == [f"html {LANDING}"]
    assert publisher.cursor == {"state": found.version, "asked": "2041-03-01"}


def _seen(publisher: _Publisher, *visits: tuple[date, str | FetchError]) -> list[tuple[str | None, bool]]:
    return [((found := publisher.visit(day, page)).version, found.again) for day, page in visits]


def test_the_same_page_asks_once_a_month() -> None:
    page = "<p>Opdateret 24-02-2041</p>"
    days = [date(2041, 3, 1), date(2041, 3, 2), date(2041, 3, 28), date(2041, 3, 29), date(2041, 3, 30)]
    told = _seen(_Publisher(), *((day, page) for day in days))
    assert told == [("opdateret 24-02-2041", again) for again in (False, False, False, True, False)]


def test_a_new_version_is_asked_for_at_once_and_other_words_only_after_a_month() -> None:
    publisher = _Publisher()
    first, second = "<p>Data.</p>", "<p>Data og nye ord.</p>"
    (start, _), (still, _), (later, _), (named, _) = _seen(
        publisher,
        (date(2041, 3, 1), first),
        (date(2041, 3, 9), second),
        (date(2041, 3, 29), second),
        (date(2041, 3, 30), "<p>Version 3.1</p>"),
    )
    assert start == still != later
    assert named == "version 3.1"


def test_counters_scripts_and_markup_change_nothing() -> None:
    def page(number: int) -> bytes:
        script = f'<script nonce="{number}">x={number}</script>'
        return f'<title>T</title>{script}<p id="{number}">Vist {number} gange</p>'.encode()

    assert page_state(page(1)) == page_state(page(27_000))
    assert page_state(b"\xff\xfe\x00<p")[1] is False


@pytest.mark.parametrize("page", ["", "<p>Siden er flyttet</p>"])
def test_a_page_that_is_another_keeps_what_is_known(page: str) -> None:
    publisher = _Publisher()
    publisher.visit(date(2041, 3, 1), "<p>Version 2.1</p>")
    publisher.started, publisher.page = datetime(2041, 3, 2, tzinfo=UTC), page.encode()
    (found,) = collect(cast(Visit, publisher))
    assert isinstance(found, Found)
    assert (found.version, found.again) == ("version 2.1", False)
    assert "does not name delivery 14004" in publisher.warnings[0]


def test_a_page_that_is_gone_is_told_and_the_zip_asked_for_once_a_month() -> None:
    publisher = _Publisher()
    gone = FetchError("no such page", url=LANDING, status=404, gone=True)
    days = [date(2041, 3, 1), date(2041, 3, 2), date(2041, 4, 1)]
    assert _seen(publisher, *((day, gone) for day in days)) == [
        ("not told", False),
        ("not told", False),
        ("not told", True),
    ]
    assert len(publisher.warnings) == 3


def test_a_server_that_is_down_ends_the_visit() -> None:
    with pytest.raises(FetchError):
        _Publisher().visit(date(2041, 3, 1), FetchError("down", url=LANDING, status=503, passing=True))


@pytest.mark.parametrize("cursor", [{"asked": "i går"}, {"asked": 7, "state": 8}, {"state": ""}])
def test_a_cursor_that_is_damaged_begins_anew(cursor: dict[str, JSON]) -> None:
    publisher = _Publisher()
    publisher.cursor = cursor
    assert publisher.visit(date(2041, 3, 1), "<p>Version 2.1</p>").version == "version 2.1"
