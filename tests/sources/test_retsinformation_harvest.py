"""Acts by the network: all there is the first time, then what changed each night, and nothing lost on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.descriptor import load_descriptor
from frisat.documents import Document
from frisat.errors import RecordError
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import Collected, HarvestError
from sources._retsinformation.changes import _change
from sources._retsinformation.names import TYPES, key_of_accession
from sources.archive import Archive, read_records
from sources.retsinformation import extract
from tests.standins.harvests import Clock, harvest_from
from tests.standins.http import Fault, Request
from tests.standins.retsinformation import API, SITEMAP, Act, RetsinformationStandIn

ROOT = Path(__file__).parents[2]
NAME = "retsinformation"
MONDAY = datetime(2041, 3, 4, 11, tzinfo=UTC)
"""Noon in Denmark."""
DAY = timedelta(days=1)
ACTS = (
    Act(2041, 12),
    Act(2041, 7, "LBK H"),
    Act(2040, 9, "LOV Æ"),
    Act(2040, 8, "BEK H"),
    Act(2007, 1),
    Act(2006, 5),
    Act(2039, 3, has_xml=False),
)
HAVE = ["eli/lta/2007/1", "eli/lta/2040/8", "eli/lta/2040/9", "eli/lta/2041/12", "eli/lta/2041/7"]


class Heard(Silent):
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


class House:
    """A workspace, the publisher, and the time."""

    def __init__(self, server: RetsinformationStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace, self.clock = server, workspace, server.clock or Clock()
        self.archive = Archive(workspace, NAME)
        self._monkeypatch = monkeypatch
        self.heard = Heard()
        self.now = MONDAY
        self.at(MONDAY)

    @property
    def today(self) -> date:
        return self.now.date()

    def at(self, moment: datetime) -> None:
        self.now = moment
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def later(self, days: int) -> None:
        self.at(self.now + days * DAY)

    def harvest(self, since: date | None = None, limit: int | None = None) -> Collected:
        """Harvest; ``heard`` and the server's requests are of this harvest only."""
        self.heard = Heard()
        self.server.requests.clear()
        self.clock.now += 60
        return harvest_from(
            self.workspace, NAME, self.server.mirrors, clock=self.clock, since=since, limit=limit, report=self.heard
        )

    def held(self) -> list[str]:
        return sorted(key for key, known in self.archive.known().items() if known.good)

    def cursor(self) -> object:
        return json.loads(self.archive.cursor.read_text()) if self.archive.cursor.exists() else None

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.archive.folder.rglob("*")) if path.is_file()}


@pytest.fixture
def house(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with RetsinformationStandIn(Clock()) as server:
        server.publish(*ACTS)
        yield House(server, ws, monkeypatch)


@pytest.fixture
def settled(house: House) -> House:
    """A house after its first harvest, on the next day."""
    house.harvest()
    house.later(1)
    return house


def _documents(archive: Archive) -> dict[str, Document]:
    """Return the document that each record held gives now, by its key."""
    known = archive.known()
    found = {}
    for part in archive.parts():
        for stored in read_records(archive.folder, part):
            if stored.failure is None and known[stored.record.key].sha256 == stored.record.sha256:
                try:
                    (found[stored.record.key],) = extract(stored.record)
                except RecordError:
                    continue
    return {key: item for key, item in found.items() if isinstance(item, Document)}


# --- the first time -------------------------------------------------------------------------------------------------


def test_the_first_harvest_takes_all_that_is_listed_from_2007_on_the_newest_first(house: House) -> None:
    done = house.harvest()
    assert (done.new, done.unavailable, done.failed) == (5, 1, 0)
    assert house.held() == HAVE
    assert house.server.acts_asked() == [
        "eli/lta/2041/12", "eli/lta/2041/7", "eli/lta/2040/9", "eli/lta/2040/8", "eli/lta/2039/3", "eli/lta/2007/1",
    ]  # fmt: skip
    assert house.server.days_asked() == [str(house.today - back * DAY) for back in range(9, -1, -1)]
    assert house.server.refused == []
    assert house.cursor() == {"through": "2041-03-04", "from_year": 2007}
    assert "the list names 7 documents of Lovtidende A, 6 of them from 2007 on" in house.heard.notes
    assert house.heard.warnings == []


def test_of_what_is_archived_only_the_types_of_the_source_give_documents(house: House) -> None:
    house.harvest()
    found = _documents(house.archive)
    assert sorted(found) == [key for key in HAVE if key != "eli/lta/2040/8"]
    assert all(document.id == f"{NAME}/{key}" for key, document in found.items())
    assert {document.document_type for document in found.values()} == {"LOV", "LBK"}
    assert list(TYPES) == load_descriptor(ROOT / "sources/retsinformation.toml").document_types


def test_a_person_bounds_the_first_harvest_and_widens_it_later(house: House) -> None:
    house.harvest(since=date(2041, 5, 1))
    assert house.held() == ["eli/lta/2041/12", "eli/lta/2041/7"]
    assert house.cursor() == {"through": "2041-03-04", "from_year": 2041}
    assert house.harvest(since=date(2041, 1, 1)).requests == 2  # two days, no list
    done = house.harvest(since=date(1900, 1, 1))
    assert (done.new, done.unchanged) == (4, 2)
    assert "eli/lta/2006/5" in house.held()
    assert house.harvest().requests == 2


def test_changes_to_acts_from_before_the_first_year_are_not_asked_for(settled: House) -> None:
    settled.server.change(Act(2006, 5, text="Ændret."), on=settled.today)
    assert settled.harvest().new == 0
    assert settled.server.acts_asked() == []


def test_a_first_look_leaves_all_for_the_next_harvest(house: House) -> None:
    assert house.harvest(limit=2).new == 2
    assert house.cursor() is None
    done = house.harvest()
    assert (done.new, done.unchanged) == (3, 2)
    assert house.held() == HAVE


# --- night after night ----------------------------------------------------------------------------------------------


def test_nothing_new_takes_one_call_for_each_day_and_writes_nothing(settled: House) -> None:
    settled.harvest()
    before = settled.files()
    done = settled.harvest()
    assert (done.new, done.changed, done.unchanged, done.requests) == (0, 0, 0, 2)
    assert settled.server.days_asked() == ["2041-03-04", "2041-03-05"]
    assert settled.server.acts_asked() == []
    assert {path for path in before if settled.files().get(path) != before[path]} <= {
        str(settled.archive.folder / "harvest.json")
    }
    assert settled.files().keys() == before.keys()


def test_one_new_one_changed_one_removed(settled: House) -> None:
    server, today = settled.server, settled.today
    server.publish(Act(2041, 13), Act(2041, 14, "BEK H"), on=today)
    server.change(Act(2041, 7, "LBK H", text="Fyret slukkes."), on=today)
    server.withdraw(ACTS[2], on=today)
    done = settled.harvest()
    assert (done.new, done.changed, done.gone) == (1, 1, 1)
    assert sorted(server.acts_asked()) == ["eli/lta/2041/13", "eli/lta/2041/7"]
    assert settled.held() == sorted({*HAVE, "eli/lta/2041/13"} - {"eli/lta/2040/9"})
    assert "Fyret slukkes." in _documents(settled.archive)["eli/lta/2041/7"].text
    assert settled.archive.known()["eli/lta/2040/9"].gone
    settled.later(1)
    done = settled.harvest()  # the day before is asked for again
    assert (done.new, done.changed, done.unchanged, done.gone) == (0, 0, 2, 0)
    assert server.acts_asked() == []
    assert settled.heard.warnings == []


def test_what_happened_last_counts(settled: House) -> None:
    server, today = settled.server, settled.today
    late = {**server.entry(ACTS[0], "NewDocument", today), "changeDate": f"{today}T21:00:00"}
    server.tell(today, late, server.entry(ACTS[0], "RemovedDocument", today))
    server.tell(today - DAY, server.entry(ACTS[1], "DocumentContentChanged", today - DAY))
    server.tell(today, server.entry(ACTS[1], "RemovedDocument", today))
    assert settled.harvest().gone == 1
    assert settled.held() == [key for key in HAVE if key != ACTS[1].key]


def test_an_act_that_was_removed_comes_back(settled: House) -> None:
    settled.server.withdraw(ACTS[0], on=settled.today)
    settled.harvest()
    assert ACTS[0].key not in settled.held()
    settled.later(1)
    settled.server.publish(ACTS[0], on=settled.today)
    assert settled.harvest().new == 1
    assert settled.held() == HAVE


def test_odd_entries_are_told_and_the_others_come(settled: House) -> None:
    server, today = settled.server, settled.today
    server.publish(Act(2041, 20), Act(2041, 21), Act(2041, 22), Act(2041, 23))
    server.tell(
        today,
        "no object", None, 7, [], {}, {"accessionsnummer": 5, "href": ["x"]}, {"accessionsnummer": "../../etc"},
        {"href": "http://www.retsinformation.dk/eli/accn/A20410002030/xml", "documentType": "LOV H",
         "reasonForChange": 3},
        {"accessionsnummer": "A20410002130", "documentType": {"shortName": None}, "changeDate": 20, "more": {}},
        {"accessionsnummer": "A20410002230", "documentType": {"shortName": "LOV Æ"}, "reasonForChange": "Moved",
         "changeDate": "2041-03-05T05:00:00.123+01:00", "href": "https://example.org/eli/accn/A1/xml"},
        {"accessionsnummer": "C20410002360", "documentType": {"shortName": "CIR H"}, "reasonForChange": "NewDocument"},
    )  # fmt: skip
    assert settled.harvest().new == 3
    assert settled.held() == sorted([*HAVE, "eli/lta/2041/20", "eli/lta/2041/21", "eli/lta/2041/22"])
    assert settled.heard.warnings == [
        "the harvest service listed 4 entries that are no objects; they were left out",
        "the harvest service listed 2 entries with the unknown reason ''; they were taken as changed",
        "the harvest service listed 1 entries with the unknown reason 'Moved'; they were taken as changed",
        "the harvest service listed 3 entries without a usable accession number; they were left out",
    ]


def test_an_act_with_an_unknown_accession_number_is_archived_under_it(settled: House) -> None:
    odd = Act(2041, 30, accession="G204100030Z1")
    settled.server.publish(odd, on=settled.today)
    assert settled.harvest().new == 1
    assert "eli/accn/G204100030Z1" in settled.held()
    assert _documents(settled.archive)["eli/accn/G204100030Z1"].id == "retsinformation/eli/lta/2041/30"
    assert "is archived as eli/accn/G204100030Z1" in settled.heard.warnings[0]
    settled.later(2)
    settled.server.withdraw(odd, on=settled.today)
    assert settled.harvest().gone == 1
    assert settled.heard.warnings == []


@pytest.mark.parametrize("body", ['{"message": "x"}', "[1, 2", '"text"', "[" * 100_000])
def test_a_list_that_cannot_be_read_ends_the_harvest_and_loses_nothing(settled: House, body: str) -> None:
    settled.server.publish(Act(2041, 13), on=settled.today)
    settled.server.fault(API, Fault.answer(200, body.encode(), Content_Type="application/json"), times=9)
    with pytest.raises(HarvestError, match="Documents"):
        settled.harvest()
    assert settled.cursor() == {"through": "2041-03-04", "from_year": 2007}
    settled.server.mend(API)
    assert settled.harvest().new == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "accessionsnummer": _JSON | st.sampled_from(["A20410001230", "A20410001229", "B20410001205", "G198450870Z1"]),
        "reasonForChange": _JSON | st.sampled_from(["RemovedDocument", "NewDocument"]),
        "changeDate": _JSON | st.sampled_from(["2041-03-05T04:00:00", "2041-03-05"]),
        "documentType": _JSON | st.fixed_dictionaries({"shortName": _JSON | st.sampled_from(["LOV H", "BEK H", " "])}),
        "href": _JSON | st.sampled_from(["http://www.retsinformation.dk/eli/accn/A20410001230/xml", "http://["]),
    },
)


@given(_ENTRY | _JSON)
def test_an_entry_of_any_form_is_read_or_left_out(entry: object) -> None:
    odd: Counter[str] = Counter()
    change = _change(entry, odd)
    if change is not None:
        assert re.fullmatch(r"eli/(lta/[12][0-9]{3}/[0-9]{1,5}|accn/[A-Z0-9]+)", change.key)
        assert change.removed or change.is_ours
        assert change.version is None or len(change.version) <= 40


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("A20170017429", "eli/lta/2017/174"),
        ("A20410000130", "eli/lta/2041/1"),
        ("A18520000230", "eli/lta/1852/2"),
        ("A20410000105", "eli/accn/A20410000105"),  # neither an act nor a consolidation
        ("B19980076305", "eli/accn/B19980076305"),
        ("G198450870Z1", "eli/accn/G198450870Z1"),
        ("AA000012605", "eli/accn/AA000012605"),
        ("A2041000013", "eli/accn/A2041000013"),
        ("a20410000130", None),
        ("A2041/000130", None),
        ("A", None),
        ("", None),
        ("A" * 50, None),
    ],
)
def test_what_an_accession_number_names(number: str, key: str | None) -> None:
    assert key_of_accession(number) == key


# --- hours, days, pace ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2041, 1, 10, 1, 59, tzinfo=UTC), False),  # winter: one hour ahead
        (datetime(2041, 1, 10, 2, 0, tzinfo=UTC), True),
        (datetime(2041, 1, 10, 22, 44, tzinfo=UTC), True),
        (datetime(2041, 1, 10, 22, 45, tzinfo=UTC), False),
        (datetime(2041, 7, 10, 0, 59, tzinfo=UTC), False),  # summer: two hours ahead
        (datetime(2041, 7, 10, 1, 0, tzinfo=UTC), True),
        (datetime(2041, 7, 10, 21, 44, tzinfo=UTC), True),
        (datetime(2041, 7, 10, 21, 45, tzinfo=UTC), False),
        (datetime(2041, 3, 31, 0, 59, tzinfo=UTC), False),  # clocks go forward, from 01:59 to 03:00
        (datetime(2041, 3, 31, 1, 0, tzinfo=UTC), True),
        (datetime(2041, 10, 27, 1, 59, tzinfo=UTC), False),  # and back
        (datetime(2041, 10, 27, 2, 0, tzinfo=UTC), True),
    ],
)
def test_the_service_is_asked_in_its_hours_only(house: House, moment: datetime, is_open: bool) -> None:
    house.at(moment)
    if is_open:
        assert house.harvest().new == 5
    else:
        with pytest.raises(HarvestError, match=r"open from 03:00 to 23:45 Danish time, and it is .* nothing is lost"):
            house.harvest()
        assert (house.server.requests, house.cursor(), house.held()) == ([], None, [])
    assert house.server.refused == []


def test_after_closing_time_the_cursor_stays(settled: House) -> None:
    settled.at(datetime(2041, 3, 5, 23, 30, tzinfo=UTC))
    with pytest.raises(HarvestError, match="it is 00:30"):
        settled.harvest()
    assert settled.cursor() == {"through": "2041-03-04", "from_year": 2007}


def test_it_is_the_danish_day_that_counts(house: House) -> None:
    house.at(datetime(2041, 7, 9, 21, 30, tzinfo=UTC))
    house.harvest()
    assert house.server.days_asked()[-1] == "2041-07-09"
    house.at(datetime(2041, 7, 10, 1, 30, tzinfo=UTC))
    house.harvest()
    assert house.server.days_asked() == ["2041-07-08", "2041-07-09", "2041-07-10"]


def test_the_pace(house: House) -> None:
    house.harvest()
    api = [seconds for seconds in house.clock.waits if seconds > 5]
    assert api == [10.0] * 11  # ten days, robots.txt and tdmrep.json
    assert sum(seconds == 1.0 for seconds in house.clock.waits) >= 5 + 2


def test_within_ten_days_the_service_tells_all(settled: House) -> None:
    settled.server.publish(Act(2041, 13), on=settled.today)
    settled.later(7)
    settled.server.publish(Act(2041, 14), on=settled.today)
    assert settled.harvest().new == 2
    assert settled.server.days_asked()[0] == "2041-03-03"
    assert settled.server.asked(SITEMAP) == []


def test_at_the_last_moment_too(settled: House) -> None:
    settled.server.publish(Act(2041, 13), on=MONDAY.date())
    settled.later(8)
    assert settled.harvest().new == 1
    assert settled.server.days_asked()[0] == "2041-03-04"
    assert settled.server.asked(SITEMAP) == []


def test_after_twelve_days_the_whole_list_is_read_again(settled: House) -> None:
    server = settled.server
    server.publish(Act(2041, 13, lastmod="2041-03-05"), on=settled.today)
    server.change(Act(2041, 7, "LBK H", text="Fyret slukkes.", lastmod="2041-03-05"), on=settled.today)
    server.withdraw(ACTS[0], on=settled.today)
    settled.later(11)
    server.publish(Act(2041, 15), on=settled.today)
    done = settled.harvest()
    assert len(server.days_asked()) == 10
    assert (done.new, done.changed, done.unchanged, done.gone) == (2, 1, 3, 1)
    assert settled.held() == sorted({*HAVE, "eli/lta/2041/13", "eli/lta/2041/15"} - {ACTS[0].key})
    assert any("longer ago than the harvest service tells of" in note for note in settled.heard.notes)
    assert settled.harvest().requests == 2


def test_after_twelve_days_all_is_asked_for_conditionally_where_the_list_tells_no_dates(house: House) -> None:
    for act in ACTS:
        house.server.publish(Act(act.year, act.number, act.kind, act.text, act.has_xml, lastmod=None))
    house.harvest()
    assert house.harvest().new == 0
    house.server.change(Act(2041, 7, "LBK H", text="Fyret slukkes.", lastmod=None), on=house.today + DAY)
    house.later(12)
    done = house.harvest()
    assert (done.new, done.changed, done.unchanged) == (0, 1, 4)
    assert len(house.server.acts_asked()) == 6


def test_a_first_harvest_goes_on_the_next_day_where_the_list_tells_no_dates(house: House) -> None:
    for act in ACTS:
        house.server.publish(Act(act.year, act.number, act.kind, act.text, act.has_xml, lastmod=None))
    house.harvest(limit=2)
    house.later(1)
    done = house.harvest()
    assert (done.new, done.unchanged) == (3, 2)
    assert len(house.server.acts_asked()) == 4


def test_dates_that_are_all_the_same_are_no_dates(house: House) -> None:
    house.server.per_page = 200
    many = [Act(2041, number, lastmod="2041-03-04") for number in range(100, 220)]
    house.server.publish(*many)
    house.harvest()
    known = house.archive.known()
    house.archive.cursor.unlink()
    house.server.publish(*(Act(2041, number, lastmod="2041-03-05") for number in range(100, 220)))
    done = house.harvest()
    assert (done.new, done.unchanged) == (0, 125)
    assert house.server.acts_asked() == []
    assert house.archive.known() == known


def test_a_far_day_that_is_refused_leads_to_the_list(settled: House) -> None:
    settled.server.publish(Act(2041, 13), on=settled.today)
    settled.later(8)
    settled.server.fault(API, Fault.status(400))
    assert settled.harvest().new == 1
    assert settled.heard.notes[0] == "the harvest service tells nothing of 2041-03-04 any more"
    assert settled.server.asked(SITEMAP)
    assert settled.cursor() == {"through": "2041-03-13", "from_year": 2007}


def test_a_near_day_that_is_refused_ends_the_harvest(settled: House) -> None:
    settled.server.fault(API, Fault.status(400))
    with pytest.raises(HarvestError, match="400"):
        settled.harvest()
    assert "outside its hours" in settled.heard.warnings[0]
    assert settled.cursor() == {"through": "2041-03-04", "from_year": 2007}


@pytest.mark.parametrize("cursor", ["{}", '{"through": 5, "from_year": "x"}', '{"through": "2041-03-04"}'])
def test_a_damaged_cursor_reads_the_list(settled: House, cursor: str) -> None:
    settled.archive.cursor.write_text(cursor)
    done = settled.harvest()
    assert (done.new, done.unchanged, settled.cursor()) == (0, 5, {"through": "2041-03-05", "from_year": 2007})


# --- the list -------------------------------------------------------------------------------------------------------


def test_what_vanished_from_the_list_is_gone_if_its_address_says_so_too(settled: House) -> None:
    settled.server.withdraw(ACTS[0])
    settled.later(20)
    assert settled.harvest().gone == 1
    assert ACTS[0].key not in settled.held()


def test_what_vanished_from_the_list_and_is_still_there_is_kept(settled: House) -> None:
    settled.server.withdraw(ACTS[0])
    settled.server.add(ACTS[0].path, ACTS[0].xml(), content_type="application/xml")
    settled.later(20)
    assert settled.harvest().gone == 0
    assert settled.held() == HAVE
    assert settled.heard.warnings == ["eli/lta/2041/12 is no longer listed, but still there; it is kept"]


def test_what_vanished_from_the_list_and_cannot_be_asked_for_is_kept(settled: House) -> None:
    settled.server.withdraw(ACTS[0])
    settled.server.add(ACTS[0].path, b"no", status=403)
    settled.later(20)
    assert settled.harvest().gone == 0
    assert "whether it is there cannot be told" in settled.heard.warnings[0]


def test_the_service_is_believed_where_the_list_is_behind(settled: House) -> None:
    settled.later(20)
    settled.server.tell(settled.today, settled.server.entry(ACTS[0], "RemovedDocument", settled.today))
    new = Act(2041, 13)
    settled.server.tell(settled.today, settled.server.entry(new, "NewDocument", settled.today))
    settled.server.add(new.path, new.xml(), content_type="application/xml")
    done = settled.harvest()
    assert (done.new, done.gone) == (1, 1)
    assert settled.held() == sorted({*HAVE, new.key} - {ACTS[0].key})
    assert settled.heard.warnings == []


def test_when_far_too_much_vanishes_the_list_is_doubted(house: House) -> None:
    house.server.per_page = 100
    many = [Act(2041, number) for number in range(100, 120)]
    house.server.publish(*many)
    house.harvest()
    for act in many[:12]:
        house.server.withdraw(act)
    house.later(20)
    assert house.harvest().gone == 0
    assert "12 of 25 acts held are no longer listed, such as eli/lta/2041/100: too many" in house.heard.warnings[0]


def test_foreign_addresses_are_left_out_and_counted(house: House) -> None:
    house.server.extra_locs = [
        "https://example.org/eli/lta/2041/99", "http://127.0.0.1/eli/lta/2041/98",
        "ftp://retsinformation.dk/eli/lta/2041/97",
        "https://retsinformation.dk@example.org/eli/lta/2041/96", "https://[retsinformation.dk/eli/lta/2041/95",
        "https://retsinformation.dk/eli/lta/2041/94/../95", "https://retsinformation.dk/eli/fob/2041/1-1",
        "http://www.retsinformation.dk/eli/lta/2041/0012",
    ]  # fmt: skip
    house.server.extra_pages = ["https://example.org/sitemap.xml?page=1", "https://retsinformation.dk/sitemap.xml"]
    house.harvest()
    assert house.held() == HAVE
    assert house.heard.warnings == ["the list holds 6 addresses that are not Retsinformation's; they were left out"]
    assert len(house.server.asked(SITEMAP)) == 1 + 5


def test_a_page_that_repeats_another_ends_the_harvest_after_all_that_it_named(house: House) -> None:
    first = house.server._sitemap
    house.server.handle(SITEMAP, lambda request: first(_on_page_one(request) if "page" in request.query else request))
    with pytest.raises(HarvestError, match=r"page https://retsinformation\.dk/sitemap\.xml\?page=2 .* repeats"):
        house.harvest()
    assert len(house.held()) == 4
    assert house.cursor() is None
    house.server.handle(SITEMAP, first)
    assert house.harvest().new == 1
    assert house.held() == HAVE


def _on_page_one(request: Request) -> Request:
    return replace(request, query={"page": "1"})


_EMPTY = b"<urlset/>"
_BOMB = b'<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (_EMPTY, "names no document of Lovtidende A"),
        (_BOMB, "declares a document type"),
        (b"<urlset><url>", "not well-formed"),
        (b"<urlset>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</urlset>", "deep|well-formed"),
    ],
)
def test_a_list_that_is_hostile_or_broken_ends_the_harvest(house: House, body: bytes, message: str) -> None:
    house.server.add(SITEMAP, body, content_type="application/xml")
    with pytest.raises(HarvestError, match=message):
        house.harvest()
    assert house.cursor() is None
    house.server.remove(SITEMAP)
    assert house.harvest().new == 5


def test_an_empty_page_is_told_and_nothing_is_taken_for_gone(settled: House) -> None:
    settled.server.withdraw(ACTS[0])
    settled.server.extra_pages = ["https://retsinformation.dk/sitemap.xml?page=9"]
    settled.later(20)
    assert settled.harvest().gone == 0
    assert "sitemap.xml?page=9 of the list is empty" in settled.heard.warnings[0]


def test_a_list_of_one_page(house: House) -> None:
    house.server.per_page = 100
    answer = house.server._sitemap
    house.server.handle(SITEMAP, lambda request: answer(_on_page_one(request)))
    assert house.harvest().new == 5


# --- faults ---------------------------------------------------------------------------------------------------------

_FAULTS: dict[str, Callable[[], Fault]] = {
    "busy": lambda: Fault.busy(40),
    "an error": lambda: Fault.status(500),
    "a reset": lambda: Fault.reset(after=100),
    "cut short": lambda: Fault.short(100),
}


@pytest.mark.parametrize("fault", _FAULTS)
@pytest.mark.parametrize("path", [API, SITEMAP, ACTS[0].path])
def test_passing_faults_are_got_over(house: House, fault: str, path: str) -> None:
    house.server.fault(path, _FAULTS[fault]())
    assert house.harvest().new == 5
    assert house.held() == HAVE
    assert house.server.refused == []


def test_a_challenge_in_the_place_of_an_act_is_no_act(house: House) -> None:
    house.server.fault(ACTS[0].path, Fault.challenge())
    done = house.harvest()
    assert (done.new, done.unavailable) == (4, 2)
    assert ACTS[0].key not in house.held()
    house.later(31)
    assert house.harvest().new == 1
    assert house.held() == HAVE


def test_a_page_of_the_site_in_the_place_of_an_act_is_asked_for_again(house: House) -> None:
    page = b"<!doctype html><html><head><title>retsinformation.dk</title></head></html>"
    house.server.fault(ACTS[0].path, Fault.answer(200, page, Content_Type="text/html"), times=9)
    assert house.harvest().failed == 1
    house.server.mend(ACTS[0].path)
    house.later(1)
    assert house.harvest().new == 1


def test_a_hostile_act_is_archived_and_gives_no_document(house: House) -> None:
    bomb = b'<!DOCTYPE Dokument [<!ENTITY a "b">]><Dokument><Meta/></Dokument>'
    house.server.add(ACTS[0].path, bomb, content_type="application/xml")
    assert house.harvest().new == 5
    assert ACTS[0].key not in _documents(house.archive)


def test_an_act_without_a_file_is_asked_for_again_after_a_month(house: House) -> None:
    house.harvest()
    for days, asked in ((1, 0), (28, 0), (2, 1)):
        house.later(days)
        house.harvest()
        assert house.server.acts_asked().count("eli/lta/2039/3") == asked


def test_a_file_that_comes_a_night_after_the_news_of_it_is_taken(settled: House) -> None:
    settled.server.publish(Act(2041, 13, has_xml=False), on=settled.today)
    assert settled.harvest().unavailable == 1
    settled.server.publish(Act(2041, 13))
    settled.later(1)
    assert settled.harvest().new == 1


def test_one_day_in_many_that_cannot_be_had_loses_nothing(settled: House) -> None:
    settled.server.publish(Act(2041, 13), on=settled.today)
    settled.server.fault(API, Fault.status(500), times=20)
    with pytest.raises(HarvestError, match="500"):
        settled.harvest()
    settled.server.mend(API)
    settled.later(1)
    assert settled.harvest().new == 1


# --- killed ---------------------------------------------------------------------------------------------------------

_DRIVER = """
import json, sys
from pathlib import Path
from frisat.workspace import Workspace
from sources import network
from tests.standins.harvests import harvest_from
network._FLUSH_SECONDS = 1
harvest_from(Workspace(Path(sys.argv[1])), "retsinformation", json.loads(sys.argv[2]))
"""


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_killed_harvest_goes_on_and_ends_the_same(house: House, tmp_path: Path, at: int) -> None:
    server = house.server
    server.clock = None  # the other process has a clock of its own
    root = tmp_path / "killed"
    Workspace(root).create()
    arguments = [sys.executable, "-c", _DRIVER, str(root), json.dumps(dict(server.mirrors))]
    child = subprocess.Popen(arguments, cwd=ROOT, env=dict(os.environ))

    def kill(number: int) -> None:
        if number == at:
            os.kill(child.pid, signal.SIGKILL)

    server.on_act = kill
    assert child.wait(60) == -signal.SIGKILL
    server.requests.clear()
    assert subprocess.run(arguments, cwd=ROOT, check=False, timeout=60).returncode == 0
    again = server.acts_asked()
    house.harvest()
    resumed, whole = Archive(Workspace(root), NAME), house.archive
    assert _documents(resumed) == _documents(whole)
    assert {key: state.sha256 for key, state in resumed.known().items()} == {
        key: state.sha256 for key, state in whole.known().items()
    }
    assert len(again) <= 6 - max(0, at - 3)
