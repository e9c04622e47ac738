"""Extraction: every record gives documents or a reason, and one bad record harms no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import sources.delivery
import sources.extract as extract_module
from frisat.documents import Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, NotTextError
from frisat.files import sha256
from frisat.parquet import read_metadata
from frisat.schema import DOCUMENTS
from frisat.workspace import Workspace
from sources import (
    Archive,
    ExtractJob,
    ExtractResult,
    HarvestError,
    extract_key,
    extract_part,
    find_source,
    remove_stale,
)
from tests.helpers import NOON, harvest, lines, pack, rows_of, write_delivery

NAME = "example-minutes"
Reader = Callable[[Record], Iterator[Document | LeftOut | Problem]]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))


def _jobs(ws: Workspace) -> list[ExtractJob]:
    source, archive = find_source(ws, NAME), Archive(ws, NAME)
    folder = ws.documents / NAME
    return [ExtractJob(source, archive.folder, part, folder / extract_key(source, part)) for part in archive.parts()]


def _extract(ws: Workspace, files: dict[str, bytes]) -> tuple[ExtractResult, list[dict[str, Any]]]:
    """Harvest ``files`` as one delivery and read the documents out of it."""
    harvest(ws, write_delivery(ws.root.parent / "d", files))
    (job,) = _jobs(ws)
    result = extract_part(job)
    return result, [row for part in sorted(job.target.glob("*.parquet")) for row in rows_of(part)]


def _read_with(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> None:
    monkeypatch.setattr(sources.delivery, "extract", reader)


def _document(record: Record, **values: Any) -> Document:
    return Document(**{"id": f"{NAME}/{record.key}", "text": record.read().decode(), **values})


def test_a_document_with_all_it_has(ws: Workspace) -> None:
    row = {
        "id": "m/1", "text": "Tekst\nmere", "title": " En\n titel\t", "url": "https://example.org/1",
        "document_type": "minutes", "parent_id": "m", "author": "Anna", "created": "1943",
        "details": {"b": 1, "a": "æ"},
    }  # fmt: skip
    body = lines(row)
    result, (found,) = _extract(ws, {"a.jsonl": body})
    assert result == ExtractResult(documents=1, gave_none=0, left_out={})
    content = found.pop("content")
    assert (len(content), list(found)) == (64, [name for name in DOCUMENTS.names if name != "content"])
    assert found == {
        "id": f"{NAME}/m/1", "text": "Tekst\nmere", "source": NAME, "title": "En titel",
        "created": "1943-01-01, 1943-12-31", "url": "https://example.org/1", "document_type": "minutes",
        "parent_id": f"{NAME}/m", "author": "Anna", "details": '{"a":"æ","b":1}', "record_key": "a.jsonl",
        "record_sha256": sha256(body), "retrieved_at": NOON, "harvest": 1, "delivery": "d", "reason": None,
        "detail": None,
    }  # fmt: skip


def test_the_content_hash_follows_text_and_description_alone(ws: Workspace) -> None:
    rows = [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}, {"id": "a", "text": "x", "title": "t"}]
    _, found = _extract(ws, {"a.jsonl": lines(*rows), "b.jsonl": lines(rows[0])})
    hashes = [row["content"] for row in found]
    assert len(set(hashes)) == 3
    assert hashes[3] == hashes[0]


def test_two_texts_under_one_id_both_come(ws: Workspace) -> None:
    body = lines({"id": "a", "text": "first"}, {"id": "a", "text": "second"})
    result, found = _extract(ws, {"a.jsonl": body})
    assert result.documents == 2
    assert [(row["id"], row["text"], row["reason"]) for row in found] == [
        (f"{NAME}/a", "first", None), (f"{NAME}/a", "second", None),
    ]  # fmt: skip


def test_records_that_give_none_are_rows_with_a_reason(ws: Workspace) -> None:
    files = {
        "a.jsonl": b"\n", "b.parquet": b"hej", "c.txt": b"\0\0a", "d.pdf": b"x", "e.txt": b"Tekst",
        "f.jsonl": lines({"id": "1", "text": "a"}, {"id": "2"}),
    }  # fmt: skip
    result, found = _extract(ws, files)
    assert result == ExtractResult(documents=2, gave_none=5, left_out={})
    reasons = {row["record_key"]: (row["reason"], row["detail"]) for row in found if row["reason"]}
    assert [(key, reason) for key, (reason, _) in reasons.items()] == [
        ("a.jsonl", "empty"), ("b.parquet", "broken"), ("c.txt", "not_text"), ("d.pdf", "not_text"),
        ("f.jsonl", "broken"),
    ]  # fmt: skip
    assert reasons["a.jsonl"][1] == "a.jsonl: holds no lines"
    assert reasons["d.pdf"][1] == "d.pdf: is in no format that this source reads"
    assert reasons["f.jsonl"][1] == "f.jsonl: line 2 lacks 'text'"
    ids = {row["record_key"]: row["id"] for row in found if row["reason"]}
    assert ids["a.jsonl"] == f"{NAME}/record/{sha256(files['a.jsonl'])[:16]}"
    assert ids["f.jsonl"] == f"{NAME}/record/{sha256(lines({'id': '2'}))[:16]}"
    assert {row["text"] for row in found if row["reason"]} == {""}


def test_what_the_harvest_refused_is_a_row_too(ws: Workspace) -> None:
    files = {"source.toml": (write_delivery(ws.root.parent / "x", {}) / "source.toml").read_bytes()}
    with pytest.raises(HarvestError):
        harvest(ws, pack(ws.root.parent / "d.tar", {**files, "../a.txt": b"1"}))
    (job,) = _jobs(ws)
    assert extract_part(job).gave_none == 1
    (row,) = rows_of(job.target / "00000.parquet")
    assert (row["reason"], row["detail"]) == ("broken", "../a.txt: has a path that leads out of the archive")


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (ValueError("no such page"), "broken", "its reader failed with ValueError: no such page; please report it"),
        (AssertionError(), "broken", "its reader failed with AssertionError: ; please report it"),
        (KeyError("æ"), "broken", "its reader failed with KeyError: 'æ'; please report it"),
        (RecursionError("deep"), "broken", "is nested too deeply to be read"),
        (BrokenRecordError("is hostile"), "broken", "is hostile"),
        (NotTextError("is a picture"), "not_text", "is a picture"),
    ],
)
def test_a_reader_that_raises_spoils_its_record_alone(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str, detail: str
) -> None:
    def read(record: Record) -> Iterator[Document]:
        yield _document(record)
        if record.key == "b.txt":
            raise error

    _read_with(monkeypatch, read)
    result, found = _extract(ws, {"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"})
    assert result == ExtractResult(documents=3, gave_none=1, left_out={})
    assert [row["text"] for row in found] == ["1", "2", "", "3"]
    assert (found[2]["reason"], found[2]["detail"]) == (reason, f"b.txt: {detail}")


def test_an_interrupt_is_not_swallowed(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(record: Record) -> Iterator[Document]:
        yield _document(record)
        raise KeyboardInterrupt

    _read_with(monkeypatch, read)
    with pytest.raises(KeyboardInterrupt):
        _extract(ws, {"a.txt": b"1"})
    assert list((ws.documents / NAME).iterdir()) == []


def test_a_record_of_which_all_was_left_out_is_empty(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(record: Record) -> Iterator[LeftOut | Document]:
        yield LeftOut(kind="contents", characters=len(record.read()))
        yield LeftOut(kind="apparatus", characters=1)
        if record.key == "a.txt":
            yield _document(record)

    _read_with(monkeypatch, read)
    result, found = _extract(ws, {"a.txt": b"12", "b.txt": b"345"})
    assert result == ExtractResult(documents=1, gave_none=1, left_out={"apparatus": 2, "contents": 5})
    assert (found[1]["reason"], found[1]["detail"]) == ("empty", "b.txt: gives no document")
    (part,) = _jobs(ws)[0].target.iterdir()
    by_record = '{"a.txt":{"apparatus":1,"contents":2},"b.txt":{"apparatus":1,"contents":3}}'
    assert read_metadata(part)["frisat.left_out"] == by_record


@pytest.mark.parametrize(
    ("identity", "detail"),
    [
        ("other/1", "gives the id 'other/1', which is no id of this source"),
        (f"{NAME}/æ", f"gives the id '{NAME}/æ', which is no id of this source"),
        (f"{NAME}/a b", f"gives the id '{NAME}/a b', which is no id of this source"),
        (f"{NAME}/{'x' * 500}", f"gives an id of more than 500 characters ('{NAME}/{'x' * 24}'…)"),
    ],
)
def test_an_id_that_cannot_be_is_a_broken_record(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, identity: str, detail: str
) -> None:
    _read_with(monkeypatch, lambda record: iter([_document(record, id=identity)]))
    _, (row,) = _extract(ws, {"a.txt": b"1"})
    assert (row["reason"], row["detail"]) == ("broken", f"a.txt: {detail}")


def test_halves_of_surrogate_pairs_become_the_replacement_character(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = "a\ud800b\ud83d\ude00"
    _read_with(monkeypatch, lambda r: iter([_document(r, text=bad, title=bad, author=bad, details={bad: bad})]))
    _, (row,) = _extract(ws, {"a.txt": b"1"})
    good = "a\ufffdb😀"
    assert (row["text"], row["title"], row["author"]) == (good, good, good)
    assert row["details"] == f'{{"{good}":"{good}"}}'


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("doi:10.1/a", "doi:10.1/a"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("example.org/a", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_that_lead_to_pages_are_kept(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, url: str | None, kept: str | None
) -> None:
    _read_with(monkeypatch, lambda record: iter([_document(record, url=url)]))
    _, (row,) = _extract(ws, {"a.txt": b"1"})
    assert row["url"] == kept


def test_descriptions_are_on_one_line_and_bounded(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _read_with(
        monkeypatch, lambda r: iter([_document(r, title="a\r\n b\u2028c", author="\t", document_type="x" * 3000)])
    )
    _, (row,) = _extract(ws, {"a.txt": b"1"})
    assert (row["title"], row["author"], row["document_type"]) == ("a b c", None, "x" * 2000)


def test_created_is_a_range_of_days(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    created = (date(843, 1, 1), date(1943, 5, 4))
    _read_with(monkeypatch, lambda record: iter([_document(record, created=created)]))
    _, (row,) = _extract(ws, {"a.txt": b"1"})
    assert row["created"] == "0843-01-01, 1943-05-04"


def test_parts_hold_so_many_bytes_of_text(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract_module.PART_BYTES == 16_000_000
    monkeypatch.setattr(extract_module, "PART_BYTES", 10)
    files = {"a.txt": b"12345", "b.txt": b"12345", "c.txt": "ææ".encode(), "d.txt": b"x" * 30, "e.txt": b"1"}
    _extract(ws, files)
    (job,) = _jobs(ws)
    parts = sorted(job.target.iterdir())
    assert [p.name for p in parts] == [f"{n:05d}.parquet" for n in range(4)]
    assert [[row["record_key"] for row in rows_of(part)] for part in parts] == [
        ["a.txt", "b.txt"], ["c.txt"], ["d.txt"], ["e.txt"],
    ]  # fmt: skip


def test_the_same_archive_gives_the_same_bytes(ws: Workspace, tmp_path: Path) -> None:
    files = {"a.jsonl": lines({"id": "1", "text": "x", "details": {"b": 1, "a": 2}}, {"id": "2"}), "b.txt": b"y"}
    _extract(ws, files)
    (job,) = _jobs(ws)
    again = ExtractJob(job.source, job.archive_folder, job.part, tmp_path / "again")
    extract_part(again)
    assert [p.read_bytes() for p in again.target.iterdir()] == [p.read_bytes() for p in job.target.iterdir()]


def test_a_blob_is_read(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.intake.BLOB_BYTES", 10)
    body = lines(*({"id": str(n), "text": "x"} for n in range(9)))
    result, found = _extract(ws, {"a.jsonl": body})
    assert result.documents == 9
    assert {row["record_sha256"] for row in found} == {sha256(body)}


def test_the_key_follows_the_part_and_the_versions(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    harvest(ws, write_delivery(ws.root.parent / "d", {"a.txt": b"1"}))
    (job,) = _jobs(ws)
    key = extract_key(job.source, job.part)
    assert key.partition("-")[0] == job.part.stem
    monkeypatch.setattr(sources.delivery, "VERSION", 99)
    other = extract_key(job.source, job.part)
    monkeypatch.setattr(extract_module, "VERSION", 99)
    assert len({key, other, extract_key(job.source, job.part)}) == 3
    assert str(job) == f"{NAME} {job.part.stem[:8]}"


def test_remove_stale_keeps_what_is_named(tmp_path: Path) -> None:
    for name in ("kept", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "00000.parquet").write_bytes(b"x")
    remove_stale(tmp_path, {"kept"})
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
    remove_stale(tmp_path / "nowhere", set())
