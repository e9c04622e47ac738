"""Delivery 14004 over the network: a ZIP without a length or ranges, broken off, replaced, unchanged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from frisat.documents import Document
from frisat.workspace import Workspace
from sources.archive import Archive, read_records
from sources.intake import Collected
from sources.rigsarkivet_folketinget import extract
from tests.helpers import harvest
from tests.standins.harvests import Clock, harvest_from
from tests.standins.http import Fault
from tests.standins.rigsarkivet import DOWNLOAD, LANDING, OFFICIAL, RigsarkivetStandIn, chunked, delivery_zip, row
from tests.standins.volumes import speech, volume

NAME = "rigsarkivet-folketinget"
BEGIN = datetime(2041, 3, 1, 4, tzinfo=UTC)


class Archives:
    """The stand-in, a workspace, and a calendar."""

    def __init__(self, server: RigsarkivetStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace = server, workspace
        self._monkeypatch, self._clock = monkeypatch, Clock()

    def harvest(self, day: int = 0) -> Collected:
        """Harvest so many days after the first."""
        moment = BEGIN + timedelta(days=day)
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        return harvest_from(self.workspace, NAME, {OFFICIAL: self.server.url}, clock=self._clock)

    def documents(self) -> dict[str, str]:
        """Return the documents of the newest state that is held."""
        archive = Archive(self.workspace, NAME)
        held = [stored for part in archive.parts() for stored in read_records(archive.folder, part)]
        good = [stored.record for stored in held if stored.failure is None]
        newest = max(good, key=lambda record: record.retrieved_at)
        return {item.id: item.text for item in extract(newest) if isinstance(item, Document)}


@pytest.fixture
def archives(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archives]:
    with RigsarkivetStandIn() as server:
        yield Archives(server, ws, monkeypatch)


def _delivery(seed: int = 1, *, rows: int = 20) -> bytes:
    random_ = random.Random(seed)  # noqa: S311
    given = [row(f"L {n}", f"{n} {seed} {speech(1980, 2_000, random_)}") for n in range(rows)]
    made = volume(1880, 3, 80_000, seed=seed)
    return delivery_zip([row("B 1", made.text, skabt="1880", titel="Rigsdagstidende 1880-81"), *given])


def _counts(done: Collected) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.unchanged, done.failed


def test_the_zip_comes_without_a_length_and_gives_its_documents(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    assert _counts(archives.harvest()) == (1, 0, 0, 0)
    found = archives.documents()
    assert len(found) == 24
    assert list(found)[:2] == [f"{NAME}/B.x20.1/front", f"{NAME}/B.x20.1/m001-18801005"]


def test_a_delivery_on_disk_gives_the_same_documents(archives: Archives, tmp_path: Path) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    archives.harvest()
    path = tmp_path / "14004.zip"
    path.write_bytes(_delivery())
    elsewhere = Workspace(tmp_path / "elsewhere")
    elsewhere.create()
    other = Archives(archives.server, elsewhere, archives._monkeypatch)
    assert harvest(elsewhere, path, NAME).new == 1
    assert other.documents() == archives.documents()


def test_nothing_new_is_not_asked_for_within_a_month(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    done = [_counts(archives.harvest(day)) for day in (0, 1, 27, 28, 29)]
    assert done == [(1, 0, 0, 0), *[(0, 0, 1, 0)] * 4]
    assert archives.server.downloads() == 2


def test_a_page_without_a_version_is_the_same_however_often_it_counts_visits(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Data fra Folketinget")
    for day in range(5):
        archives.harvest(day)
    assert archives.server.downloads() == 1


def test_a_new_version_takes_the_place_of_the_old(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Opdateret 3. marts 2041")
    archives.harvest()
    before = archives.documents()
    archives.server.publish(_delivery(2, rows=30), "Opdateret 9. april 2041")
    assert _counts(archives.harvest(1)) == (0, 1, 0, 0)
    after = archives.documents()
    assert len(after) == 34
    assert set(before) <= set(after)
    assert before[f"{NAME}/L.x20.1"] != after[f"{NAME}/L.x20.1"]


def test_a_new_zip_behind_the_same_page_is_found_within_a_month(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    archives.harvest()
    archives.server.publish(_delivery(2), "Version 1.0")
    assert [_counts(archives.harvest(day))[1] for day in (1, 28, 29)] == [0, 1, 0]


@pytest.mark.parametrize("fault", [chunked(broken_after=20_000), Fault.reset(after=20_000), Fault.short(20_000)])
def test_a_transfer_that_breaks_off_begins_again_and_comes_whole(archives: Archives, fault: Fault) -> None:
    archives.server.publish(_delivery(rows=200), "Version 1.0")
    archives.server.fault(DOWNLOAD, fault)
    assert _counts(archives.harvest()) == (1, 0, 0, 0)
    assert archives.server.downloads() == 2
    assert len(archives.documents()) == 204


def test_what_broke_off_every_time_is_a_failure_and_asked_for_again_next_time(archives: Archives) -> None:
    archives.server.publish(_delivery(rows=200), "Version 1.0")
    archives.server.fault(DOWNLOAD, chunked(broken_after=20_000), times=50)
    assert _counts(archives.harvest())[::3] == (0, 1)
    archives.server._faults.clear()
    assert _counts(archives.harvest(1)) == (1, 0, 0, 0)
    assert len(archives.documents()) == 204


def test_a_page_in_the_place_of_the_zip_is_a_failure_and_what_is_held_stays(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    archives.harvest()
    archives.server.publish(b"<!DOCTYPE html><html><body>Vi arbejder paa sagen</body></html>", "Version 2.0")
    assert _counts(archives.harvest(1)) == (0, 0, 0, 1)
    assert len(archives.documents()) == 24
    archives.server.publish(_delivery(2), "Version 2.0")
    assert _counts(archives.harvest(9)) == (0, 1, 0, 0)


def test_a_landing_page_that_is_gone_takes_nothing_away(archives: Archives) -> None:
    archives.server.publish(_delivery(), "Version 1.0")
    archives.harvest()
    archives.server.fault(LANDING, Fault.status(404), times=9)
    assert _counts(archives.harvest(1)) == (0, 0, 1, 0)
    assert archives.server.downloads() == 1
