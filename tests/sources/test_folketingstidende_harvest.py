"""Printed transcripts from a stand-in, night after night: what is new, changed and gone, by way of PDFs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from benchmarks._made_tidende import MadeSitting, made_sitting
from frisat.documents import Document, Record
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import HarvestError
from sources.archive import Archive, Stored, read_records
from sources.folketingstidende import extract
from sources.intake import Collected
from tests.standins.harvests import harvest_from, kill_at_request
from tests.standins.http import Fault
from tests.standins.odata import ODataStandIn

NAME = "folketingstidende"
NOW = datetime(2041, 2, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)
_SESSION = 160


@cache
def _made(number: int, opened: datetime, seed: int) -> MadeSitting:
    return made_sitting("20401", number, opened, seed=seed, turns=5)


@cache
def _pdf(number: int, opened: datetime, seed: int) -> bytes:
    return _made(number, opened, seed).pdf()


class House:
    """The service that lists sittings, the site that has their transcripts, and the workspace that harvests."""

    def __init__(self, server: ODataStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace, self._monkeypatch = server, workspace, monkeypatch
        self.archive = Archive(workspace, NAME)
        self.said: list[str] = []
        self.at(NOW)

    def at(self, moment: datetime) -> None:
        self.now = moment
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def row(self, number: int, opened: datetime, **more: object) -> None:
        """List a sitting, as changed now; ``opened`` is Danish time, without a zone."""
        stamp = (self.now + timedelta(hours=1)).replace(tzinfo=None).isoformat()
        row = {
            "id": 1000 + number, "titel": f"Møde {number}", "lokale": "", "nummer": str(number), "dagsordenurl": None,
            "starttidsbemærkning": None, "offentlighedskode": "O", "dato": opened.isoformat(), "statusid": 1,
            "typeid": 1, "periodeid": _SESSION, "opdateringsdato": stamp,
        }  # fmt: skip
        self.server.put("Møde", {**row, **more})

    def publish(self, number: int, opened: datetime, seed: int = 0) -> None:
        """Put a transcript on the site; another seed gives other speeches."""
        body = _pdf(number, opened, seed)
        tag = hashlib.sha256(body).hexdigest()[:16]
        path = f"www/forhandlinger/20401/{_made(number, opened, seed).name}"
        self.server.add(path, body, content_type="application/pdf", headers={"ETag": f'"{tag}"'})

    def hold(self, number: int, opened: datetime, seed: int = 0) -> None:
        self.row(number, opened)
        self.publish(number, opened, seed)

    @property
    def mirrors(self) -> dict[str, str]:
        return {"https://oda.ft.dk/api/": self.server.base, "https://www.ft.dk/": f"{self.server.url}www/"}

    def harvest(self, since: date | None = None, limit: int | None = None) -> Collected:
        """Harvest; the server's requests are of this harvest only."""
        self.server.requests.clear()
        return harvest_from(self.workspace, NAME, self.mirrors, since=since, limit=limit, report=Silent())

    def counts(self) -> tuple[int, int, int, int, int]:
        """Harvest, and return how many were new, changed, gone, failed and unavailable."""
        done = self.harvest()
        return done.new, done.changed, done.gone, done.failed, done.unavailable

    def fetched(self) -> list[int]:
        """Return the numbers of the sittings whose transcripts were asked for."""
        paths = [request.path for request in self.server.requests if request.path.endswith(".pdf")]
        return [int(path.partition("M")[2].partition("_")[0]) for path in paths]


FIRST = [
    (1, datetime(2040, 10, 1, 12)),  # noqa: DTZ001 - as the service writes it
    (2, datetime(2040, 10, 8, 13)),  # noqa: DTZ001
    (3, datetime(2041, 1, 20, 10)),  # noqa: DTZ001
    (4, datetime(2041, 1, 30, 10)),  # noqa: DTZ001
]


@pytest.fixture
def house(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with ODataStandIn({"Møde": [], "Periode": [{"id": _SESSION, "kode": "20401"}]}) as server:
        house = House(server, ws, monkeypatch)
        for number, opened in FIRST:
            house.at(NOW - 90 * DAY + number * DAY)
            house.hold(number, opened)
        house.at(NOW)
        yield house


def _stored(workspace: Workspace) -> dict[str, Stored]:
    """Return the newest state of each record."""
    archive = Archive(workspace, NAME)
    every = [one for part in archive.parts() for one in read_records(archive.folder, part)]
    return {one.record.key: one for one in sorted(every, key=lambda one: one.record.retrieved_at)}


def _documents(workspace: Workspace) -> dict[str, Document]:
    """Return the documents that the records held give now, by their ids."""
    good = [one.record for _, one in sorted(_stored(workspace).items()) if one.failure is None]
    found = [item for record in good for item in extract(record) if isinstance(item, Document)]
    assert len({item.id for item in found}) == len(found)
    return {item.id: item for item in found}


def _spoken(workspace: Workspace) -> dict[str, list[tuple[str | None, str]]]:
    """Return who said what, by sitting, in order."""
    found: dict[str, list[tuple[str | None, str]]] = {}
    for document in _documents(workspace).values():
        found.setdefault(str(document.parent_id).rpartition("-M")[2], []).append((document.author, document.text))
    return found


def _expected(*sittings: tuple[int, datetime, int]) -> dict[str, list[tuple[str | None, str]]]:
    return {str(number): list(_made(number, opened, seed).turns) for number, opened, seed in sittings}


ALL = [(number, opened, 0) for number, opened in FIRST]


def test_a_first_harvest_takes_every_transcript_and_reads_what_was_said(house: House) -> None:
    assert house.counts() == (4, 0, 0, 0, 0)
    assert house.fetched() == [1, 2, 3, 4]
    assert _spoken(house.workspace) == _expected(*ALL)
    known = _stored(house.workspace)["20401/20401M003_2041-01-20_1000.pdf"].record
    assert known.url == "https://www.ft.dk/forhandlinger/20401/20401M003_2041-01-20_1000.pdf"
    speech = next(document for document in _documents(house.workspace).values() if "/20401-M3/" in document.id)
    assert speech.url == known.url
    assert speech.created == (date(2041, 1, 20), date(2041, 1, 20))


@pytest.mark.parametrize("seed", range(4))
def test_the_pdf_of_a_sitting_and_its_text_are_the_same_documents(seed: int) -> None:
    made = made_sitting("20401", 7, FIRST[2][1], seed=seed, turns=20)

    def read(body: bytes, name: str) -> list[Document]:
        record = Record(source=NAME, key=name, body=body, sha256="0" * 64, retrieved_at=NOW)
        return [item for item in extract(record) if isinstance(item, Document)]

    printed = read(made.pdf(), made.name)
    assert [(document.author, document.text) for document in printed] == made.turns
    assert read(made.text(glued=False).encode(), f"{made.name}.txt") == printed
    # Where a page ended the text has lost a line's end; it is found again, if the words of the text allow it.
    glued = read(made.text().encode(), f"{made.name}.txt")
    assert [(d.author, "".join(d.text.split()), d.details) for d in glued] == [
        (d.author, "".join(d.text.split()), d.details) for d in printed
    ]
    assert sum(a.text != b.text for a, b in zip(glued, printed, strict=True)) <= 1


def test_with_nothing_new_only_recent_sittings_are_asked_for_conditionally(house: House) -> None:
    house.harvest()
    house.at(NOW + DAY)
    assert house.counts() == (0, 0, 0, 0, 0)
    assert house.fetched() == [3, 4]
    asked = [request for request in house.server.requests if request.path.endswith(".pdf")]
    assert all("if-none-match" in request.headers for request in asked)
    house.at(NOW + 70 * DAY)
    house.harvest()
    house.at(NOW + 71 * DAY)
    assert house.counts() == (0, 0, 0, 0, 0)
    assert house.fetched() == []
    assert [request.path for request in house.server.requests].count("/api/Møde") == 1
    assert _spoken(house.workspace) == _expected(*ALL)


def test_one_new_one_changed_and_one_gone(house: House) -> None:
    house.harvest()
    before = _documents(house.workspace)
    house.at(NOW + 31 * DAY)
    fifth = datetime(2041, 3, 4, 10)  # noqa: DTZ001
    house.hold(5, fifth)
    house.hold(2, FIRST[1][1], seed=9)  # long past, and corrected all the same
    house.server.drop("Møde", 1001)
    assert house.counts() == (1, 1, 1, 0, 0)
    assert sorted(house.fetched()) == [2, 3, 4, 5]
    assert _spoken(house.workspace) == _expected((2, FIRST[1][1], 9), *ALL[2:], (5, fifth, 0))
    gone = _stored(house.workspace)["20401/20401M001_2040-10-01_1200.pdf"]
    assert gone.failure == "removed_at_source: its sitting is no longer in the publisher's service"
    after = _documents(house.workspace)
    same = {key for key in before if "/20401-M3/" in key or "/20401-M4/" in key}
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


def test_a_transcript_that_is_completed_later_takes_the_place_of_the_first(house: House) -> None:
    house.harvest()
    house.at(NOW + 2 * DAY)
    house.publish(4, FIRST[3][1], seed=3)  # the service says nothing of it
    assert house.counts() == (0, 1, 0, 0, 0)
    assert _spoken(house.workspace) == _expected(*ALL[:3], (4, FIRST[3][1], 3))


def test_a_transcript_that_is_not_there_yet_is_asked_for_every_night(house: House) -> None:
    fifth = datetime(2041, 2, 1, 13)  # noqa: DTZ001
    house.row(5, fifth)
    assert house.counts() == (4, 0, 0, 0, 1)
    house.at(NOW + DAY)
    assert house.counts() == (0, 0, 0, 0, 1)
    house.publish(5, fifth)
    house.at(NOW + 2 * DAY)
    assert house.counts() == (1, 0, 0, 0, 0)
    assert _spoken(house.workspace) == _expected(*ALL, (5, fifth, 0))


def test_a_sitting_that_is_put_off_is_asked_for_under_its_new_hour_only(house: House) -> None:
    planned, held = datetime(2041, 2, 3, 10), datetime(2041, 2, 4, 13)  # noqa: DTZ001
    house.row(5, planned)
    house.harvest()
    assert house.fetched() == [1, 2, 3, 4]
    house.at(NOW + DAY)
    house.hold(5, held)
    house.at(NOW + 4 * DAY)
    assert house.counts() == (1, 0, 0, 0, 0)
    assert house.fetched() == [5, 3, 4]
    assert _spoken(house.workspace) == _expected(*ALL, (5, held, 0))


def test_a_sitting_whose_hour_is_corrected_is_held_once(house: House) -> None:
    house.harvest()
    house.at(NOW + DAY)
    right = FIRST[3][1] + timedelta(hours=3)
    house.row(4, right)
    assert house.counts() == (0, 0, 0, 0, 1), "nothing is there yet under the new hour: the old one stays"
    assert _spoken(house.workspace) == _expected(*ALL)
    house.publish(4, right, seed=5)
    house.at(NOW + 2 * DAY)
    assert house.counts() == (1, 0, 1, 0, 0)
    assert _spoken(house.workspace) == _expected(*ALL[:3], (4, right, 5))


def test_much_that_has_vanished_at_once_is_not_believed(house: House) -> None:
    for number in range(5, 20):
        house.row(number, FIRST[0][1] + number * timedelta(days=1))
        house.server.add(
            f"www/forhandlinger/20401/20401M{number:03d}_{FIRST[0][1] + number * DAY:%Y-%m-%d_%H%M}.pdf",
            _pdf(1, FIRST[0][1], 0),
            content_type="application/pdf",
        )
    assert house.harvest().new == 19
    house.server.entities["Møde"] = house.server.entities["Møde"][:2]
    house.at(NOW + 31 * DAY)
    with pytest.raises(HarvestError, match="17 of 19 records are said to be removed"):
        house.harvest()
    assert sum(one.failure is None for one in _stored(house.workspace).values()) == 19


def test_a_site_that_asks_for_a_browser_is_not_got_around(house: House) -> None:
    for number, opened in FIRST:
        path = f"www/forhandlinger/20401/{_made(number, opened, 0).name}"
        house.server.fault(path, Fault.challenge(403, marked=True), times=2)
    assert house.counts() == (0, 0, 0, 0, 4)
    house.at(NOW + DAY)
    assert house.counts() == (0, 0, 0, 0, 2)
    assert house.fetched() == [3, 4], "older ones are not asked for again before a month has passed"
    for number, opened in FIRST:
        house.server.mend(f"www/forhandlinger/20401/{_made(number, opened, 0).name}")
    house.at(NOW + 32 * DAY)
    assert house.counts() == (4, 0, 0, 0, 0)
    assert _spoken(house.workspace) == _expected(*ALL)


def test_since_and_limit(house: House) -> None:
    assert house.harvest(limit=1).new == 1
    assert house.harvest(limit=2).new == 2
    assert house.harvest().new == 1
    assert _spoken(house.workspace) == _expected(*ALL)
    house.at(NOW + 90 * DAY)
    house.harvest()
    house.harvest(since=(NOW - 88 * DAY).date())
    assert house.fetched() == []


def test_files_cut_short_by_the_network_come_whole(house: House) -> None:
    path = f"www/forhandlinger/20401/{_made(2, FIRST[1][1], 0).name}"
    house.server.fault(path, Fault.reset(after=3_000), times=1)
    house.server.fault(path, Fault.short(2_000), times=1)
    assert house.counts() == (4, 0, 0, 0, 0)
    assert _spoken(house.workspace) == _expected(*ALL)


@pytest.mark.parametrize("at", [1, 2, 4, 6])
def test_killed_and_resumed_it_ends_with_the_same_documents(house: House, at: int) -> None:
    house.server.habits.page = 2
    kill_at_request(house.workspace, "folketingstidende", house.mirrors, at)
    before = len(_spoken(house.workspace))
    assert house.harvest().new == len(FIRST) - before
    assert _spoken(house.workspace) == _expected(*ALL)
    assert not list(house.workspace.root.rglob("*.partial"))
