"""The archive keeps records as they came, in parts, and large ones in files named by their hash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from frisat.errors import BrokenRecordError
from frisat.files import sha256
from frisat.workspace import Workspace
from sources import Archive, Collected, _segments, intake
from sources.archive import Stored, read_records
from sources.intake import Harvest
from sources.unpacking import Member
from tests.helpers import NOON

SECOND = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))


def _member(path: str, *chunks: bytes) -> Member:
    return Member(path, lambda: iter(chunks))


def _harvest(archive: Archive, *members: Member, origin: str = "d", accepted: bool = True) -> Collected:
    harvest = Harvest(archive, archive.begin(origin))
    for member in members:
        harvest.add(member, delivery=origin, accepted=accepted)
    return harvest.finish()


def _stored(archive: Archive) -> list[Stored]:
    return [stored for part in archive.parts() for stored in read_records(archive.folder, part)]


def test_an_empty_archive(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    assert (archive.parts(), archive.state(), archive.known()) == ([], {}, {})


def test_records_come_back_as_they_came(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    assert _harvest(archive, _member("a.txt", b"fi", b"rst"), _member("b.txt")) == Collected(new=2, bytes=5)
    first, second = _stored(archive)
    assert (first.record.source, first.record.key, first.record.read()) == ("s", "a.txt", b"first")
    assert (first.record.sha256, first.record.retrieved_at, first.record.delivery) == (sha256("first"), NOON, "d")
    assert (first.harvest, first.failure, first.record.url) == (1, None, None)
    assert second.record.read() == b""


def test_the_state_of_a_harvest(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    harvest = Harvest(archive, archive.begin("d"))
    opened = {"number": 1, "origin": "d", "open": True, "started_at": NOON.isoformat()}
    assert archive.state() == opened
    harvest.add(_member("a.txt", b"x"), delivery="d", accepted=True)
    harvest.finish()
    counts = {"new": 1, "changed": 0, "unchanged": 0, "gone": 0, "failed": 0, "unavailable": 0, "bytes": 1}
    assert archive.state() == {**opened, "open": False, **counts}
    archive.begin("d")
    assert archive.state()["number"] == 2


def test_a_harvest_cut_off_goes_on_under_its_number(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(ws, "s")
    archive.begin("d")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp()) + 60))
    _harvest(archive, _member("a.txt", b"x"))
    assert archive.state()["number"] == 1
    assert _stored(archive)[0].record.retrieved_at == NOON


def test_a_harvest_from_elsewhere_does_not_go_on_with_it(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    archive.begin("d")
    archive.begin("e")
    assert (archive.state()["number"], archive.state()["origin"]) == (2, "e")


def test_a_revision_is_later_even_when_the_clock_stands_still(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    for content in (b"one", b"two", b"one"):
        _harvest(archive, _member("a.txt", content))
    states = sorted((s.record.retrieved_at, s.record.read(), s.harvest) for s in _stored(archive))
    assert states == [(NOON, b"one", 1), (NOON + SECOND, b"two", 2), (NOON + 2 * SECOND, b"one", 3)]
    assert archive.known()["a.txt"].sha256 == sha256("one")


def test_what_is_held_already_is_not_archived_again(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    _harvest(archive, _member("a.txt", b"one"), _member("b.txt", b"two"))
    collected = _harvest(archive, _member("a.txt", b"one"), _member("b.txt", b"new"), _member("c.txt", b"three"))
    assert collected == Collected(new=1, changed=1, unchanged=1, bytes=8)
    assert sorted(s.record.key for s in _stored(archive)) == ["a.txt", "b.txt", "b.txt", "c.txt"]


def test_failures_stand_in_the_archive(ws: Workspace) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise BrokenRecordError("cannot be unpacked (bad data)")

    archive = Archive(ws, "s")
    members = (Member("l.txt", None, "is a link"), Member("b.txt", breaks), _member("a.txt", b"x"))
    collected = _harvest(archive, *members)
    assert collected.failures == ["l.txt is a link", "b.txt cannot be unpacked (bad data)"]
    assert (collected.new, collected.failed) == (1, 2)
    assert sorted((s.record.key, s.failure or "") for s in _stored(archive)) == [
        ("a.txt", ""), ("b.txt", "broken: cannot be unpacked (bad data)"), ("l.txt", "broken: is a link"),
    ]  # fmt: skip


def test_a_member_in_no_format_is_not_read(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    collected = _harvest(archive, _member("a.pdf", b"x"), accepted=False)
    assert collected.failures == ["a.pdf is in no format that this source reads"]
    assert [s.failure for s in _stored(archive)] == ["not_text: is in no format that this source reads"]


def test_the_same_failure_is_counted_and_not_archived_again(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    for _ in range(2):
        assert _harvest(archive, Member("l.txt", None, "is a link")).failed == 1
    assert len(_stored(archive)) == 1


def test_only_twenty_failures_are_told(ws: Workspace) -> None:
    collected = _harvest(Archive(ws, "s"), *(Member(f"{n}.txt", None, "is a link") for n in range(30)))
    assert (collected.failed, len(collected.failures)) == (30, 20)


def test_a_name_that_stands_twice_keeps_its_first_content_and_names_the_other(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    twice = (_member("a.txt", b"one"), _member("a.txt", b"two"), _member("a.txt", b"one"), _member("b.txt", b"x"))
    _harvest(archive, *twice)
    again = _harvest(archive, *twice)
    assert (again.new, again.changed, again.failed) == (0, 0, 1)
    key = f"a.txt#{sha256('two')[:16]}"
    failure = "broken: stands in the delivery twice, with different content; the first one is kept"
    assert sorted((s.record.key, s.record.read(), s.failure) for s in _stored(archive)) == [
        ("a.txt", b"one", None), (key, b"", failure), ("b.txt", b"x", None),
    ]  # fmt: skip


def test_a_refused_name_that_stands_twice_settles_too(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    for members in ((Member("a.txt", None, "is a link"), _member("a.txt", b"x")), (_member("b.txt", b"x"), Member("b.txt", None, "is a link"))):  # fmt: skip  # noqa: E501
        _harvest(archive, *members)
        count = len(_stored(archive))
        _harvest(archive, *members)
        assert len(_stored(archive)) == count


def test_parts_hold_so_many_bytes(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (_segments.PART_BYTES, intake.BLOB_BYTES) == (16_000_000, 32_000_000)
    monkeypatch.setattr(_segments, "PART_BYTES", 100)
    archive = Archive(ws, "s")
    _harvest(archive, *(_member(f"{n}.txt", bytes([n]) * 40) for n in range(5)), _member("z.txt", b"z" * 300))
    sizes = [[len(s.record.read()) for s in read_records(archive.folder, part)] for part in archive.parts()]
    assert sorted(sizes) == [[40], [40, 40], [40, 40], [300]]


def test_parts_are_named_by_what_they_hold(ws: Workspace, tmp_path: Path) -> None:
    names = []
    for root in (ws.root, tmp_path / "other"):
        archive = Archive(Workspace(root), "s")
        _harvest(archive, _member("a.txt", b"one"), _member("b.txt", b"two"))
        names.append([(p.name, p.read_bytes()) for p in archive.parts()])
    assert names[0] == names[1]


def test_a_large_record_is_a_file_named_by_its_hash(ws: Workspace) -> None:
    chunk = b"x" * 1_000_000
    archive = Archive(ws, "s")
    _harvest(archive, _member("small.txt", *[chunk] * 32), _member("large.txt", *[chunk] * 32, b"y"))
    digest = sha256(chunk * 32 + b"y")
    assert [p.name for p in archive.blobs.iterdir()] == [digest]
    found = {s.record.key: s.record for s in _stored(archive)}
    assert found["small.txt"].body == chunk * 32
    assert found["large.txt"].body == archive.blobs / digest
    assert found["large.txt"].read() == chunk * 32 + b"y"
    assert found["large.txt"].sha256 == digest


def test_a_large_record_that_breaks_off_leaves_nothing(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BLOB_BYTES", 10)

    def breaks() -> Iterator[bytes]:
        yield b"x" * 20
        raise BrokenRecordError("inflates too far")

    archive = Archive(ws, "s")
    _harvest(archive, Member("bomb.txt", breaks))
    assert list(archive.blobs.iterdir()) == []
    assert [s.failure for s in _stored(archive)] == ["broken: inflates too far"]
