"""Harvesting takes what is new, goes on after a kill, and gives the same ids however a delivery is packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from frisat.errors import DeliveryError, UsageError
from frisat.files import write_atomic
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import Archive, Collected, _segments, harvest_delivery, inbox
from sources.archive import Stored, read_records
from sources.intake import Harvest, HarvestError
from sources.unpacking import Member
from tests.helpers import DESCRIPTOR, NOON, harvest, pack, write_delivery, write_files

NAME = "example-minutes"
FILES: dict[str, bytes] = {f"m/{n}.txt": f"Referat {n}".encode() for n in range(6)}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))


def _stored(ws: Workspace, name: str = NAME) -> list[Stored]:
    archive = Archive(ws, name)
    found = [stored for part in archive.parts() for stored in read_records(archive.folder, part)]
    return sorted(found, key=lambda s: (s.record.key, s.record.retrieved_at))


def _held(ws: Workspace) -> dict[str, bytes]:
    return {s.record.key: s.record.read() for s in _stored(ws)}


def test_a_delivery_is_archived_with_its_descriptor(ws: Workspace, tmp_path: Path) -> None:
    assert harvest(ws, write_delivery(tmp_path / "d", FILES)) == Collected(new=6, bytes=54)
    assert _held(ws) == FILES
    assert {s.record.delivery for s in _stored(ws)} == {"d"}
    assert (ws.archive / NAME / "source.toml").read_text() == DESCRIPTOR


@pytest.mark.parametrize("kind", [".tar", ".tar.gz", ".tar.zst", ".zip"])
@pytest.mark.parametrize("top", ["", "any folder/"])
def test_the_same_records_however_packed(ws: Workspace, tmp_path: Path, kind: str, top: str) -> None:
    files = {**FILES, "source.toml": DESCRIPTOR.encode()}
    assert harvest(ws, pack(tmp_path / f"d{kind}", files, top=top)).new == 6
    assert harvest(ws, write_delivery(tmp_path / "d", FILES)) == Collected(unchanged=6)
    assert _held(ws) == FILES


def test_a_second_harvest_of_the_same_brings_nothing(ws: Workspace, tmp_path: Path) -> None:
    origin = write_delivery(tmp_path / "d", FILES)
    harvest(ws, origin)
    before = Archive(ws, NAME).parts()
    assert harvest(ws, origin) == Collected(unchanged=6)
    assert Archive(ws, NAME).parts() == before


def test_a_changed_file_is_a_later_state(ws: Workspace, tmp_path: Path) -> None:
    origin = write_delivery(tmp_path / "d", FILES)
    harvest(ws, origin)
    write_files(origin, {"m/3.txt": b"Rettet"})
    assert harvest(ws, origin) == Collected(changed=1, unchanged=5, bytes=6)
    first, second = [s for s in _stored(ws) if s.record.key == "m/3.txt"]
    assert (first.record.read(), second.record.read()) == (b"Referat 3", b"Rettet")
    assert (first.record.retrieved_at, first.harvest, second.harvest) == (NOON, 1, 2)
    assert second.record.retrieved_at > first.record.retrieved_at


def test_a_killed_harvest_goes_on_and_ends_the_same(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_segments, "PART_BYTES", 20)
    origin = write_delivery(tmp_path / "d", FILES)
    add, count = Harvest.add, 0

    def dies(self: Harvest, member: Member, *, delivery: str, accepted: bool) -> None:
        nonlocal count
        count += 1
        if count == 5:
            raise SystemExit("killed")
        add(self, member, delivery=delivery, accepted=accepted)

    with pytest.MonkeyPatch.context() as killer:
        killer.setattr(Harvest, "add", dies)
        with pytest.raises(SystemExit, match="killed"):
            harvest(ws, origin)
    assert list(_held(ws)) == ["m/0.txt", "m/1.txt"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp()) + 999))
    assert harvest(ws, origin) == Collected(new=4, unchanged=2, bytes=36)
    assert _held(ws) == FILES
    assert {(s.harvest, s.record.retrieved_at) for s in _stored(ws)} == {(1, NOON)}
    assert Archive(ws, NAME).state()["open"] is False


def test_a_limit_is_a_first_look_and_the_next_harvest_goes_on(ws: Workspace, tmp_path: Path) -> None:
    origin = write_delivery(tmp_path / "d", FILES)
    assert harvest(ws, origin, limit=2).new == 2
    assert Archive(ws, NAME).state()["open"] is True
    assert harvest(ws, origin).new == 4
    assert _held(ws) == FILES
    assert {s.harvest for s in _stored(ws)} == {1}


def test_a_limit_as_large_as_the_delivery_ends_it(ws: Workspace, tmp_path: Path) -> None:
    assert harvest(ws, write_delivery(tmp_path / "d", FILES), limit=6).new == 6
    assert Archive(ws, NAME).state()["open"] is False


@pytest.mark.parametrize("kind", [".tar", ".tar.gz", ".tar.zst"])
@pytest.mark.parametrize("known", [False, True])
def test_what_came_before_damage_is_kept(ws: Workspace, tmp_path: Path, kind: str, known: bool) -> None:
    if known:
        write_atomic(ws.archive / NAME / "source.toml", DESCRIPTOR)
    files = {"source.toml": DESCRIPTOR.encode(), "a.txt": b"1", "b.txt": bytes(range(256)) * 20_000}
    if known:
        files.pop("source.toml")
    path = pack(tmp_path / f"d{kind}", files)
    path.write_bytes(path.read_bytes()[: -200 if kind != ".tar" else 100_000])
    with pytest.raises(DeliveryError) as caught:
        harvest(ws, path)
    assert str(caught.value).startswith(f"{path} is damaged or cut short (")
    assert _held(ws)["a.txt"] == b"1"
    path.unlink()
    assert harvest(ws, pack(path, files)).new == 1
    assert {s.harvest for s in _stored(ws)} == {1}


def test_hostile_members_are_told_and_the_others_come(ws: Workspace, tmp_path: Path) -> None:
    files = {"source.toml": DESCRIPTOR.encode(), "../a.txt": b"1", "b.pdf": b"2", "c.txt": b"3"}
    collected = harvest(ws, pack(tmp_path / "d.tar", files))
    assert (collected.new, collected.failed) == (1, 2)
    assert collected.failures == [
        "../a.txt has a path that leads out of the archive", "b.pdf is in no format that this source reads",
    ]  # fmt: skip


def test_a_delivery_of_which_nothing_can_be_read_is_an_error_with_each_failure_kept(
    ws: Workspace, tmp_path: Path
) -> None:
    origin = write_delivery(tmp_path / "d", {"a.pdf": b"1", "b.pdf": b"2"})
    with pytest.raises(HarvestError, match=r"nothing in .*d can be read as 'example-minutes'; a\.pdf is in no format"):
        harvest(ws, origin)
    assert [stored.failure is not None for stored in _stored(ws)] == [True, True]


@pytest.mark.parametrize("kind", ["folder", ".tar.zst", ".zip"])
@pytest.mark.parametrize("named", [NAME, "retsinformation"])
def test_a_delivery_cannot_inherit_a_built_in_sources_clearance(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, named: str
) -> None:
    monkeypatch.setattr(_segments, "PART_BYTES", 10)
    descriptor = DESCRIPTOR.replace(NAME, named)
    files = {**{f"2041/{n}.xml": b"<a>tekst</a>" for n in range(4)}, "source.toml": descriptor.encode()}
    origin = write_files(tmp_path / "d", files) if kind == "folder" else pack(tmp_path / f"d{kind}", files)
    with pytest.raises(UsageError) as caught:
        harvest(ws, origin, "retsinformation")
    assert str(caught.value) == (
        f"{origin} brings its own source.toml, but 'retsinformation' is a built-in source whose name is reserved: "
        "a delivery cannot inherit its clearance. Give the delivery a name of its own"
    )
    assert _stored(ws, "retsinformation") == []
    assert not (ws.archive / "retsinformation" / "source.toml").exists()


def test_a_file_that_the_source_does_not_read(ws: Workspace, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.pdf": b"%PDF"})
    with pytest.raises(UsageError) as caught:
        harvest(ws, tmp_path / "a.pdf", "retsinformation")
    assert str(caught.value) == "a.pdf is in no format that 'retsinformation' reads"


@pytest.mark.parametrize("files", [{}, {".hidden.txt": b"x"}])
def test_a_delivery_that_holds_nothing(ws: Workspace, tmp_path: Path, files: dict[str, bytes]) -> None:
    origin = write_delivery(tmp_path / "d", files)
    with pytest.raises(DeliveryError) as caught:
        harvest(ws, origin)
    assert str(caught.value) == f"{origin} holds no files of '{NAME}'"


def test_one_file_may_follow_a_delivery_with_a_descriptor(ws: Workspace, tmp_path: Path) -> None:
    harvest(ws, write_delivery(tmp_path / "d", FILES))
    write_files(tmp_path, {"more.txt": b"Mere"})
    assert harvest(ws, tmp_path / "more.txt").new == 1
    assert _held(ws) == {**FILES, "more.txt": b"Mere"}


# ---- the inbox


def _collect(ws: Workspace) -> list[Collected]:
    with ws.lock("test"):
        return [harvest_delivery(ws, NAME, origin, Silent()) for origin in inbox(ws, NAME)]


def test_nothing_waits(ws: Workspace) -> None:
    assert _collect(ws) == []


def test_a_folder_with_a_descriptor_is_one_delivery(ws: Workspace) -> None:
    write_delivery(ws.root / "inbox" / NAME, FILES)
    assert [c.new for c in _collect(ws)] == [6]
    assert _held(ws) == FILES


def test_each_thing_that_waits_is_a_delivery(ws: Workspace) -> None:
    waiting = ws.root / "inbox" / NAME
    write_delivery(waiting / "2041-01", {"a.txt": b"1"})
    pack(waiting / "2041-02.tar.zst", {"b.txt": b"2"})
    write_files(waiting, {"c.txt": b"3", ".DS_Store": b"x"})
    assert [c.new for c in _collect(ws)] == [1, 1, 1]
    assert {s.record.key: s.record.delivery for s in _stored(ws)} == {
        "a.txt": "2041-01", "b.txt": "2041-02.tar.zst", "c.txt": "c.txt",
    }  # fmt: skip
    assert [c.unchanged for c in _collect(ws)] == [1, 1, 1]
