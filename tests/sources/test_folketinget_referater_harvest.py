"""Transcripts by FTP, night after night: what is new, replaced and gone, and nothing lost on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from benchmarks._made_referat import Maker
from frisat.documents import Document, Record
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import Collected, HarvestError
from sources.archive import Archive, read_records
from sources.folketinget_referater import extract
from tests.standins.ftp import FtpStandIn, Listing
from tests.standins.harvests import harvest_from

ROOT = Path(__file__).parents[2]
NAME = "folketinget-referater"
OFFICIAL = "ftp://oda.ft.dk/"
NOW = datetime(2031, 11, 20, 3, tzinfo=UTC)
DAY = timedelta(days=1)
_SAMLING = "/ODAXML/Referat/samling"

_DRIVER = f"""
import json, sys
from pathlib import Path
from frisat.workspace import Workspace
from sources import network
from tests.standins.harvests import harvest_from
network._FLUSH_SECONDS = 0
harvest_from(Workspace(Path(sys.argv[1])), "{NAME}", json.loads(sys.argv[2]))
"""


@cache
def _made(session: str, number: int, seed: int = 0) -> bytes:
    return Maker(seed or number).sitting(session, number, 5_000)


def _path(session: str, number: int) -> str:
    return f"{_SAMLING}/{session}/{session}_M{number}_helemoedet.xml"


class House:
    """A workspace, the publisher, and the time."""

    def __init__(self, server: FtpStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace = server, workspace
        self.archive = Archive(workspace, NAME)
        self._monkeypatch = monkeypatch
        self.at(NOW)

    @property
    def mirrors(self) -> dict[str, str]:
        return {OFFICIAL: self.server.url}

    def at(self, moment: datetime) -> None:
        self.now = moment
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def put(self, session: str, number: int, *, days: float = 100, seed: int = 0) -> None:
        """Put a sitting there, last changed so many days ago; another seed gives another text."""
        self.server.add(_path(session, number), _made(session, number, seed), self.now - days * DAY)

    def harvest(self, since: date | None = None, limit: int | None = None) -> Collected:
        """Harvest; the server's commands are of this harvest only."""
        self.server.commands.clear()
        return harvest_from(self.workspace, NAME, self.mirrors, since=since, limit=limit, report=Silent())

    def held(self) -> list[str]:
        return sorted(key for key, known in self.archive.known().items() if known.good)

    def fetched(self) -> list[str]:
        return [path.removeprefix(f"{_SAMLING}/").split("_helemoedet")[0] for path in self.server.asked("RETR")]


@pytest.fixture
def house(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with FtpStandIn(listing="dos", rest=True) as server:
        house = House(server, ws, monkeypatch)
        house.put("20301", 1, days=400)
        house.put("20301", 2, days=399)
        house.put("20311", 1, days=70)
        house.put("20311", 2, days=10)
        yield house


def _documents(archive: Archive) -> dict[str, Document]:
    """Return the documents that the records held give now, by their ids."""
    known, found = archive.known(), {}
    for part in archive.parts():
        for stored in read_records(archive.folder, part):
            if stored.failure is None and known[stored.record.key].sha256 == stored.record.sha256:
                found.update({item.id: item for item in extract(stored.record) if isinstance(item, Document)})
    return found


def _of_made(session: str, number: int) -> list[Document]:
    """Return the documents of a sitting as it was made."""
    body = _made(session, number)
    record = Record(source=NAME, key="x.xml", body=body, sha256="0" * 64, retrieved_at=NOW)
    return [item for item in extract(record) if isinstance(item, Document)]


def test_all_sittings_come_the_newest_session_first(house: House) -> None:
    done = house.harvest()
    assert (done.new, done.failed, done.requests) == (4, 0, 7)
    assert house.fetched() == ["20311/20311_M1", "20311/20311_M2", "20301/20301_M1", "20301/20301_M2"]
    assert house.held() == [f"{s}/{s}_M{n}_helemoedet.xml" for s in ("20301", "20311") for n in (1, 2)]
    known = house.archive.known()["20301/20301_M1_helemoedet.xml"]
    assert known.url == "ftp://oda.ft.dk/ODAXML/Referat/samling/20301/20301_M1_helemoedet.xml"
    documents = _documents(house.archive)
    assert {document.parent_id for document in documents.values()} == {
        f"{NAME}/{session}-M{number}" for session in ("20301", "20311") for number in (1, 2)
    }
    assert "EPSV" not in {command.partition(" ")[0] for command in house.server.commands}
    assert house.server.asked("PASS") == ["tests@example.org"]


def test_with_nothing_new_only_recent_sittings_are_asked_for(house: House) -> None:
    house.harvest()
    house.at(NOW + DAY)
    done = house.harvest()
    assert (done.new, done.changed, done.gone, done.failed) == (0, 0, 0, 0)
    assert house.fetched() == ["20311/20311_M2"]
    house.at(NOW + 60 * DAY)
    house.harvest()
    assert house.fetched() == []


def test_one_new_one_replaced_and_one_gone(house: House) -> None:
    house.harvest()
    before = _documents(house.archive)
    house.at(NOW + DAY)
    house.put("20311", 3, days=0)
    house.put("20301", 2, days=1, seed=77)  # long past, and replaced all the same
    house.server.remove(_path("20301", 1))
    done = house.harvest()
    assert (done.new, done.changed, done.gone, done.failed) == (1, 1, 1, 0)
    assert house.fetched() == ["20311/20311_M2", "20311/20311_M3", "20301/20301_M2"]
    assert [key.split("_h")[0] for key in house.held()] == [
        "20301/20301_M2", "20311/20311_M1", "20311/20311_M2", "20311/20311_M3",
    ]  # fmt: skip
    assert house.archive.known()["20301/20301_M1_helemoedet.xml"].gone
    after = _documents(house.archive)
    assert {i: d for i, d in after.items() if "/20311-M1/" in i or "/20311-M2/" in i} == {
        i: d for i, d in before.items() if "/20311-" in i
    }
    assert any("/20301-M2/" in i for i in after.keys() - before.keys())


def test_a_preliminary_text_of_the_same_size_and_minute_is_replaced(house: House) -> None:
    house.harvest()
    path = _path("20311", 2)
    body = _made("20311", 2).replace("Foreløbig".encode(), b"Endelig..")
    house.server.add(path, body, NOW - 10 * DAY)
    assert house.harvest().changed == 1
    assert {document.details["status"] for document in _documents(house.archive).values() if "-M2/" in document.id} >= {
        "Endelig.."
    }


@pytest.mark.parametrize("listing", ["mlsd", "dos", "nlst"])
def test_any_kind_of_listing_will_do(house: House, listing: Listing) -> None:
    house.server.listing = listing
    assert house.harvest().new == 4
    house.at(NOW + 61 * DAY)
    assert house.harvest().new == 0
    assert house.fetched() == []


def test_a_kind_of_listing_that_changes_changes_no_version(house: House) -> None:
    house.harvest()
    house.at(NOW + 61 * DAY)
    house.server.listing = "mlsd"
    house.harvest()
    assert house.fetched() == []


def test_since_bounds_what_is_asked_for_and_nothing_is_gone(house: House) -> None:
    assert house.harvest(since=(NOW - 80 * DAY).date()).new == 2
    assert house.held() == ["20311/20311_M1_helemoedet.xml", "20311/20311_M2_helemoedet.xml"]
    done = house.harvest()
    assert (done.new, done.gone) == (2, 0)


def test_a_first_look_leaves_the_rest_for_the_next_time(house: House) -> None:
    assert house.harvest(limit=1).new == 1
    assert house.harvest().new == 3


def test_a_session_that_cannot_be_listed_fails_the_harvest_and_nothing_in_it_is_gone(house: House) -> None:
    house.harvest()
    house.put("20301", 3)
    house.server.fault("CWD", "450 Busy", times=99, path=f"{_SAMLING}/20311")
    with pytest.raises(HarvestError, match="20311"):
        house.harvest()
    assert len(house.held()) == 5
    house.server.faults.clear()
    done = house.harvest()
    assert (done.new, done.gone) == (0, 0)


def test_a_file_taken_away_while_it_was_listed_is_missing_this_night_only(house: House) -> None:
    gone = _path("20311", 2)

    def taken_away(path: str) -> None:
        if path == gone:
            house.server.before.clear()
            house.server.remove(gone)

    house.server.before["SIZE"] = taken_away
    done = house.harvest()
    assert (done.new, done.unavailable) == (3, 1)
    house.put("20311", 2, days=0)
    assert house.harvest().new == 1


def test_files_cut_short_by_the_network_come_whole(house: House) -> None:
    house.server.fault("RETR", "reset", times=2)
    house.server.fault("RETR", "short", times=1, path=_path("20301", 2))
    assert house.harvest().new == 4
    assert _documents(house.archive) == {
        item.id: item for session in ("20301", "20311") for number in (1, 2) for item in _of_made(session, number)
    }


def test_no_sessions_at_all_is_a_failure_and_nothing_is_gone(house: House) -> None:
    house.harvest()
    for session in ("20301", "20311"):
        for number in (1, 2):
            house.server.remove(_path(session, number))
    house.server.add(f"{_SAMLING}/laesmig.txt", b"Flyttet")
    with pytest.raises(HarvestError, match="lists no session"):
        house.harvest()
    assert len(house.held()) == 4


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_killed_harvest_goes_on_and_ends_the_same(house: House, tmp_path: Path, at: int) -> None:
    root = tmp_path / "killed"
    Workspace(root).create()
    arguments = [sys.executable, "-c", _DRIVER, str(root), json.dumps(house.mirrors)]
    child = subprocess.Popen(arguments, cwd=ROOT, env=dict(os.environ))
    asked: list[str] = []

    def kill(path: str) -> None:
        asked.append(path)
        if len(asked) == at:
            os.kill(child.pid, signal.SIGKILL)
            child.wait(60)

    house.server.before["RETR"] = kill
    assert child.wait(60) == -signal.SIGKILL
    house.server.before.clear()
    assert subprocess.run(arguments, cwd=ROOT, check=False, timeout=60).returncode == 0
    house.harvest()
    resumed = Archive(Workspace(root), NAME)
    assert _documents(resumed) == _documents(house.archive)
    assert {key: known.sha256 for key, known in resumed.known().items()} == {
        key: known.sha256 for key, known in house.archive.known().items()
    }
