"""Harvesting over the network takes exactly what is new, keeps what failed as records, and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from frisat.descriptor import parse_descriptor
from frisat.documents import Document, Record
from frisat.errors import FrisatError, UsageError
from frisat.parquet import read_groups
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import HarvestError, network
from sources.archive import Archive, Known, Stored, read_records
from sources.client.fetching import FetchError, Limits
from sources.collecting import Found, Gone, Visit
from sources.intake import Collected
from sources.source import Source
from tests.helpers import DESCRIPTOR, NOON
from tests.standins.harvests import Clock, harvest_from
from tests.standins.http import Fault, HttpStandIn

NAME = "example-minutes"
SERVICE = "https://example.org/"
Collect = Callable[[Visit], Iterator[Found | Gone]]


def _extract(record: Record) -> Iterator[Document]:
    yield Document(id=f"{NAME}/{record.key}", text=record.read().decode(), title=str(record.context.get("title", "")))


def _listed(visit: Visit) -> Iterator[Found | Gone]:
    """Yield what stands in a listing of name → version and, perhaps, title."""
    for name, row in sorted(json.loads(visit.get(f"{SERVICE}index.json").read()).items()):
        yield Found(key=name, url=f"{SERVICE}{name}", kind="text", version=row[0], context={"title": row[1]})
    visit.complete()


class Publisher:
    """A stand-in with a listing, and a source that asks it."""

    def __init__(self, server: HttpStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace = server, workspace
        self.archive = Archive(workspace, NAME)
        self.clock = Clock()
        self.descriptor = DESCRIPTOR
        self.has: dict[str, tuple[str, str, str]] = {}
        self.collect: Collect | None = _listed
        monkeypatch.setattr(network, "find_source", lambda *_: self.source())
        self._monkeypatch = monkeypatch
        self.at(NOON)

    def at(self, moment: datetime) -> None:
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def source(self) -> Source:
        module = SimpleNamespace(VERSION=1, accepts=lambda _: True, extract=_extract, PACE={"example.org": 0.25})
        if self.collect:
            module.collect = self.collect

        class Invented(Source):
            @property
            def module(self) -> Any:
                return module

        return Invented(parse_descriptor(self.descriptor.encode(), "t"), built_in=True)

    def publish(self, **has: tuple[str, str, str]) -> None:
        """Have exactly these files: name → version, title, text."""
        for name in self.has:
            self.server.remove(f"/{name}")
        self.has = has
        listing = {name: (version, title) for name, (version, title, _) in has.items()}
        self.server.add("/index.json", json.dumps(listing).encode(), content_type="application/json")
        for name, (_, _, text) in has.items():
            self.server.add(f"/{name}", text.encode(), content_type="text/plain")

    def harvest(self, **options: Any) -> Collected:
        self.server.requests.clear()
        return harvest_from(self.workspace, NAME, {SERVICE: self.server.url}, clock=self.clock, **options)

    def asked(self) -> list[str]:
        """Return what was asked but for robots.txt and the like."""
        return [request.path for request in self.server.requests if request.path.startswith(("/index", "/f"))]

    def stored(self) -> list[Stored]:
        return [stored for part in self.archive.parts() for stored in read_records(self.archive.folder, part)]

    def texts(self) -> dict[str, bytes]:
        """Return the newest state of each record that is there."""
        newest: dict[str, tuple[datetime, bytes | None]] = {}
        for stored in sorted(self.stored(), key=lambda s: s.record.retrieved_at):
            newest[stored.record.key] = (stored.record.retrieved_at, None if stored.failure else stored.record.read())
        return {key: body for key, (_, body) in newest.items() if body is not None}

    def files(self) -> dict[str, bytes]:
        return {
            p.relative_to(self.archive.folder).as_posix(): p.read_bytes()
            for p in self.archive.folder.rglob("*")
            if p.is_file() and p.name != "harvest.json"
        }

    def answers(self) -> list[dict[str, Any]]:
        parts = sorted(self.archive.responses.glob("*.parquet"))
        return [row for part in parts for group in read_groups(part) for row in group.to_pylist()]


@pytest.fixture
def publisher(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with HttpStandIn() as server:
        yield Publisher(server, ws, monkeypatch)


def counts(done: Collected) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "gone", "failed", "unavailable")
    return {name: getattr(done, name) for name in names if getattr(done, name)}


THREE = {"f1": ("a", "One", "first"), "f2": ("a", "Two", "second"), "f3": ("a", "Three", "third")}


def test_the_first_harvest_takes_everything(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    done = publisher.harvest()
    assert (counts(done), done.bytes, done.requests) == ({"new": 3}, 16, 4)
    assert publisher.texts() == {"f1": b"first", "f2": b"second", "f3": b"third"}
    first = next(s.record for s in publisher.stored() if s.record.key == "f1")
    assert (first.url, first.context, first.retrieved_at) == (f"{SERVICE}f1", {"title": "One"}, NOON)
    assert set(publisher.clock.waits) == {0.25}


def test_what_is_archived_of_a_response(publisher: Publisher) -> None:
    publisher.publish(f1=THREE["f1"])
    publisher.server.add("/robots.txt", b"User-agent: *\nAllow: /\n", content_type="text/plain")
    publisher.server.add(
        "/f1", b"first", content_type="text/plain", headers={"ETag": '"1"', "TDM-Reservation": "1", "Set-Cookie": "x=1"}
    )
    publisher.harvest()
    (part,) = publisher.archive.parts()
    (row,) = [row for group in read_groups(part) for row in group.to_pylist()]
    assert (row["status"], row["final_url"], row["size"]) == (200, f"{publisher.server.url}f1", 5)
    headers, signals = json.loads(row["headers"]), json.loads(row["signals"])
    assert headers["etag"] == '"1"'
    assert "set-cookie" not in headers
    assert (signals["tdm"]["reservation"], signals["robots"]) == (1, "allowed")
    kept = {answer["url"]: answer["body"] for answer in publisher.answers()}
    assert kept[f"{SERVICE}robots.txt"] == b"User-agent: *\nAllow: /\n"
    assert json.loads(kept[f"{SERVICE}index.json"]) == {"f1": ["a", "One"]}


def test_nothing_new_asks_for_the_listing_and_writes_nothing(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.harvest()
    before = publisher.files()
    publisher.at(NOON + timedelta(days=1))
    assert counts(publisher.harvest()) == {"unchanged": 3}
    assert publisher.asked() == ["/index.json"]
    assert publisher.files() == before


def test_one_new_one_changed_one_gone(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.harvest()
    later = NOON + timedelta(days=1)
    publisher.at(later)
    publisher.publish(f2=("b", "Two", "second, revised"), f3=THREE["f3"], f4=("a", "Four", "fourth"))
    assert counts(publisher.harvest()) == {"new": 1, "changed": 1, "unchanged": 1, "gone": 1}
    assert publisher.asked() == ["/index.json", "/f2", "/f4"]
    assert publisher.texts() == {"f2": b"second, revised", "f3": b"third", "f4": b"fourth"}
    (tombstone,) = [stored for stored in publisher.stored() if stored.failure]
    assert tombstone.failure == "removed_at_source: no longer in the publisher's listing"
    assert (tombstone.record.key, tombstone.record.retrieved_at) == ("f1", later)
    assert publisher.archive.state()["gone"] == 1


def test_what_was_gone_may_come_back(publisher: Publisher) -> None:
    for names in (("f1", "f2"), ("f2",), ("f2",), ("f1", "f2")):
        publisher.publish(**{name: THREE[name] for name in names})
        last = publisher.harvest()
    assert counts(last) == {"new": 1, "unchanged": 1}
    assert publisher.texts() == {"f1": b"first", "f2": b"second"}
    assert [s.failure is None for s in publisher.stored() if s.record.key == "f1"].count(False) == 1


def test_a_new_description_is_a_revision_of_the_same_bytes(publisher: Publisher) -> None:
    publisher.publish(f1=THREE["f1"])
    publisher.harvest()
    publisher.publish(f1=("a", "Another title", "first"))
    assert counts(publisher.harvest()) == {"changed": 1}
    assert {s.record.context["title"] for s in publisher.stored()} == {"One", "Another title"}


def test_the_same_bytes_under_a_new_version_are_no_news(publisher: Publisher) -> None:
    publisher.publish(f1=THREE["f1"])
    publisher.harvest()
    publisher.publish(f1=("b", "One", "first"))
    assert [counts(publisher.harvest()) for _ in range(2)] == [{"unchanged": 1}] * 2
    assert publisher.asked() == ["/index.json"]


def test_without_a_version_it_is_asked_for_conditionally(publisher: Publisher) -> None:
    def collect(_: Visit) -> Iterator[Found | Gone]:
        yield Found(key="f1", url=f"{SERVICE}f1")

    publisher.collect = collect
    publisher.server.add("/f1", b"first", content_type="text/plain", headers={"ETag": '"1"'})
    assert counts(publisher.harvest()) == {"new": 1}
    before = publisher.files()
    assert counts(publisher.harvest()) == {"unchanged": 1}
    assert publisher.server.requests[-1].headers["if-none-match"] == '"1"'
    assert publisher.files() == before
    publisher.server.add("/f1", b"other", content_type="text/plain", headers={"ETag": '"2"'})
    assert counts(publisher.harvest()) == {"changed": 1}


def test_a_large_body_is_a_file_of_its_own(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.standins.harvests.Limits", lambda **more: Limits(memory=3, **more))
    publisher.publish(f1=THREE["f1"])
    publisher.harvest()
    (stored,) = publisher.stored()
    assert isinstance(stored.record.body, Path)
    assert (stored.record.body.parent, stored.record.read()) == (publisher.archive.blobs, b"first")
    assert list((publisher.archive.folder / "partial").iterdir()) == []


# Failures


def test_a_failure_is_a_record_with_its_reason_and_is_tried_again(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.server.fault("/f2", Fault.status(500), times=99)
    done = publisher.harvest()
    assert counts(done) == {"new": 2, "failed": 1}
    assert "500" in done.failures[0]
    (failed,) = [stored for stored in publisher.stored() if stored.failure]
    assert (failed.record.key, failed.failure and failed.failure.startswith("broken: ")) == ("f2", True)
    assert "500" in str(failed.failure)
    publisher.server.mend("/f2")
    assert counts(publisher.harvest()) == {"new": 1, "unchanged": 2}
    assert publisher.texts()["f2"] == b"second"


def test_a_failure_leaves_the_earlier_state_standing(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.harvest()
    publisher.publish(**{**THREE, "f2": ("b", "Two", "revised")})
    publisher.server.fault("/f2", Fault.status(503), times=99)
    assert counts(publisher.harvest()) == {"unchanged": 2, "failed": 1}
    assert publisher.texts()["f2"] == b"second"
    assert [answer["status"] for answer in publisher.answers() if answer["key"] == "f2"] == [503]


def test_what_is_refused_is_not_asked_for_every_night(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.server.fault("/f2", Fault.challenge(403), times=1)
    assert counts(publisher.harvest()) == {"new": 2, "unavailable": 1}
    publisher.at(NOON + timedelta(days=1))
    assert counts(publisher.harvest()) == {"unchanged": 2, "unavailable": 1}
    assert publisher.asked() == ["/index.json"]
    publisher.at(NOON + timedelta(days=40))
    assert counts(publisher.harvest()) == {"new": 1, "unchanged": 2}


def test_a_refused_file_is_asked_for_when_its_listing_says_it_changed(publisher: Publisher) -> None:
    publisher.publish(f1=THREE["f1"])
    publisher.server.fault("/f1", Fault.status(404), times=1)
    assert counts(publisher.harvest()) == {"unavailable": 1}
    publisher.publish(f1=("b", "One", "first"))
    assert counts(publisher.harvest()) == {"new": 1}


def test_what_failed_and_is_listed_no_more_is_asked_for_again(publisher: Publisher) -> None:
    """A listing of what changed since the last time names a file once only."""

    def collect(visit: Visit) -> Iterator[Found | Gone]:
        if not visit.cursor:
            yield Found(key="f1", url=f"{SERVICE}f1", version="a", context={"title": "One"})
        visit.cursor["seen"] = True

    publisher.collect = collect
    publisher.publish(f1=THREE["f1"])
    publisher.server.fault("/f1", Fault.status(500), times=99)
    assert counts(publisher.harvest()) == {"failed": 1}
    publisher.server.mend("/f1")
    assert counts(publisher.harvest()) == {"new": 1}
    assert [s.record.context for s in publisher.stored() if s.failure is None] == [{"title": "One"}]
    assert counts(publisher.harvest()) == {}


def _many(number: int, version: str = "a") -> dict[str, tuple[str, str, str]]:
    return {f"f{i:03}": (version, "T", f"text {i}") for i in range(number)}


def test_too_many_failures_are_an_error_with_nothing_lost(publisher: Publisher) -> None:
    publisher.publish(**_many(60))
    for i in range(0, 60, 4):
        publisher.server.fault(f"/f{i:03}", Fault.status(404), times=1)
        publisher.server.fault(f"/f{i + 1:03}", Fault.status(500), times=99)
    with pytest.raises(
        HarvestError, match=r"15 of 45 records failed, the last with: .*f057.* 500 .*What came is kept"
    ) as caught:
        publisher.harvest()
    assert counts(caught.value.collected) == {"new": 30, "failed": 15, "unavailable": 15}
    assert len(publisher.texts()) == 30
    assert not publisher.archive.cursor.exists()
    publisher.descriptor = f"max_failed_share = 0.5\n{DESCRIPTOR}"
    assert counts(publisher.harvest()) == {"unchanged": 30, "failed": 15, "unavailable": 15}
    assert publisher.archive.cursor.exists()


def test_a_publisher_that_is_down_is_given_up(publisher: Publisher) -> None:
    publisher.publish(**_many(60))
    for i in range(5, 60):
        publisher.server.fault(f"/f{i:03}", Fault.status(500), times=99)
    with pytest.raises(HarvestError, match="20 requests failed one after another"):
        publisher.harvest()
    assert len(publisher.texts()) == 5


def test_a_listing_that_cannot_be_had_ends_the_harvest(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.harvest()
    publisher.server.fault("/index.json", Fault.challenge(200), times=1)
    with pytest.raises(HarvestError, match=r"example-minutes: .*index\.json"):
        publisher.harvest()
    assert len(publisher.texts()) == 3
    assert counts(publisher.harvest()) == {"unchanged": 3}


def test_a_source_may_do_without_a_listing(publisher: Publisher) -> None:
    def collect(visit: Visit) -> Iterator[Found | Gone]:
        for page in ("index-1.json", "index.json"):
            try:
                listing = json.loads(visit.get(f"{SERVICE}{page}").read())
            except FetchError as error:
                assert error.gone
                continue
            for name in listing:
                yield Found(key=name, url=f"{SERVICE}{name}", version="a")

    publisher.collect = collect
    publisher.publish(f1=THREE["f1"])
    assert counts(publisher.harvest()) == {"new": 1}
    assert [a["status"] for a in publisher.answers() if "index-1" in a["key"]] == [404]


# Vanishing


def test_much_that_vanishes_at_once_is_not_believed(publisher: Publisher) -> None:
    publisher.publish(**_many(40))
    publisher.harvest()
    publisher.publish(**{name: row for name, row in _many(40).items() if name > "f010"})
    with pytest.raises(HarvestError, match=r"11 of 40 records are no longer listed, such as f000\. .*--accept-loss"):
        publisher.harvest()
    assert len(publisher.texts()) == 40
    assert counts(publisher.harvest(accept_loss=True)) == {"unchanged": 29, "gone": 11}
    assert len(publisher.texts()) == 29


def test_only_what_is_under_a_complete_prefix_is_gone(publisher: Publisher) -> None:
    def collect(visit: Visit) -> Iterator[Found | Gone]:
        assert visit.keys("f1/") == ({"f1/a"} if visit.cursor else set())
        for name in ("f1/a", "f2/a") if not visit.cursor else ():
            yield Found(key=name, url=f"{SERVICE}f", version="a")
        visit.complete("f1/")
        visit.cursor["n"] = 1

    publisher.collect = collect
    publisher.server.add("/f", b"text", content_type="text/plain")
    assert counts(publisher.harvest()) == {"new": 2}
    assert counts(publisher.harvest()) == {"gone": 1}
    assert list(publisher.texts()) == ["f2/a"]


def test_a_publisher_may_say_what_it_removed(publisher: Publisher) -> None:
    def collect(visit: Visit) -> Iterator[Found | Gone]:
        if not visit.cursor:
            yield Found(key="f1", url=f"{SERVICE}f1", version="a")
        else:
            yield Gone("f1", "withdrawn by the publisher")
            yield Gone("never-there", "nobody knows it")
        visit.cursor["n"] = 1

    publisher.collect = collect
    publisher.publish(f1=THREE["f1"])
    harvests = [counts(publisher.harvest()) for _ in range(3)]
    assert harvests == [{"new": 1}, {"gone": 1}, {}]
    assert publisher.archive.known()["f1"].failure == "removed_at_source: withdrawn by the publisher"


def test_much_that_is_said_to_be_removed_at_once_is_not_believed(publisher: Publisher) -> None:
    def collect(visit: Visit) -> Iterator[Found | Gone]:
        for name in _many(40):
            if not visit.cursor:
                yield Found(key=name, url=f"{SERVICE}{name}", version="a")
            elif name <= "f010":
                yield Gone(name, "withdrawn")
        visit.cursor["n"] = 1

    publisher.collect = collect
    publisher.publish(**_many(40))
    publisher.harvest()
    with pytest.raises(HarvestError, match=r"11 of 40 records are said to be removed, such as f000\. .*--accept-loss"):
        publisher.harvest()
    assert len(publisher.texts()) == 40
    assert counts(publisher.harvest(accept_loss=True)) == {"gone": 11}


@pytest.mark.parametrize("returns", [True, False])
def test_of_what_was_removed_and_listed_on_one_visit_the_last_word_holds(publisher: Publisher, returns: bool) -> None:
    def collect(visit: Visit) -> Iterator[Found | Gone]:
        there, gone = Found(key="f1", url=f"{SERVICE}f1", version="a"), Gone("f1", "withdrawn")
        items: list[Found | Gone] = [gone, there] if returns else [there, gone]
        yield from items

    publisher.collect = collect
    publisher.publish(f1=THREE["f1"])
    publisher.harvest()
    assert list(publisher.texts()) == (["f1"] if returns else [])


def test_a_record_that_changes_while_it_is_listed_is_taken_in_both_states(publisher: Publisher) -> None:
    """A listing of changes names it twice; a page that is given twice names the same state."""

    def collect(visit: Visit) -> Iterator[Found | Gone]:
        for version in ("a", "a", "b"):
            publisher.publish(f1=(version, "One", f"text {version}"))
            yield Found(key="f1", url=f"{SERVICE}f1", version=version)

    publisher.collect = collect
    assert counts(publisher.harvest()) == {"new": 1, "changed": 1}
    assert publisher.texts() == {"f1": b"text b"}
    assert publisher.asked() == ["/f1", "/f1"]


def test_a_wall_of_refusals_is_not_knocked_on_file_by_file(publisher: Publisher) -> None:
    publisher.publish(**_many(60))
    for i in range(2, 60):
        publisher.server.fault(f"/f{i:03}", Fault.challenge(403), times=1)
    assert counts(publisher.harvest()) == {"new": 2, "unavailable": 58}
    assert len(publisher.asked()) == 1 + 2 + 50
    reasons = [stored.failure for stored in publisher.stored() if stored.failure]
    assert len(reasons) == 58
    assert reasons[-1] == "broken: not asked for: example.org refused 50 files one after another; try another day"
    publisher.at(NOON + timedelta(days=40))
    for i in range(52, 60):
        publisher.server.mend(f"/f{i:03}")
    assert counts(publisher.harvest()) == {"new": 58, "unchanged": 2}


# Cut off


@pytest.mark.parametrize("dies_at", ["/f1", "/f2", "/f3"])
def test_a_harvest_that_was_cut_off_goes_on(publisher: Publisher, dies_at: str) -> None:
    publisher.publish(**THREE)

    collect = publisher.collect
    assert collect is not None

    def cut(visit: Visit) -> Iterator[Found | Gone]:
        for item in collect(visit):
            if isinstance(item, Found) and item.url.endswith(dies_at):
                raise KeyboardInterrupt
            yield item

    publisher.collect = cut
    with pytest.raises(KeyboardInterrupt):
        publisher.harvest()
    before = len(publisher.texts())
    assert publisher.archive.state()["open"] is True
    publisher.collect = collect
    done = publisher.harvest()
    assert (done.new, done.unchanged) == (3 - before, before)
    assert publisher.texts() == {"f1": b"first", "f2": b"second", "f3": b"third"}
    assert publisher.archive.state() | {"number": 1, "open": False} == publisher.archive.state()


def test_a_limit_stops_and_the_next_harvest_goes_on(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    assert counts(publisher.harvest(limit=2)) == {"new": 2}
    assert not publisher.archive.cursor.exists()
    assert counts(publisher.harvest(limit=2)) == {"new": 1, "unchanged": 2}


def test_what_is_remembered_may_be_lost(publisher: Publisher) -> None:
    publisher.publish(**THREE)
    publisher.harvest()
    publisher.archive.visited.unlink()
    assert counts(publisher.harvest()) == {"unchanged": 3}
    assert publisher.asked() == ["/index.json", "/f1", "/f2", "/f3"]
    assert counts(publisher.harvest()) == {"unchanged": 3}
    assert publisher.asked() == ["/index.json"]


# What a visit is given


def test_what_a_visit_knows(publisher: Publisher) -> None:
    seen: list[Any] = []

    def collect(visit: Visit) -> Iterator[Found | Gone]:
        seen.append((dict(visit.cursor), visit.since, visit.started))
        visit.cursor["day"] = "2041-03-01"
        yield from ()

    publisher.collect = collect
    publisher.harvest(since=date(2041, 1, 1))
    publisher.harvest()
    assert seen == [({}, date(2041, 1, 1), NOON), ({"day": "2041-03-01"}, None, NOON)]


def test_a_source_without_a_way_in(publisher: Publisher) -> None:
    publisher.collect = None
    with pytest.raises(UsageError, match="has no way in over the network; give a delivery with --from PATH"):
        publisher.harvest()


def test_no_contact_no_harvest(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRISAT_CONTACT", raising=False)
    with pytest.raises(FrisatError, match="set FRISAT_CONTACT to an e-mail address or a page"):
        network.harvest_network(publisher.workspace, NAME, Silent())


def test_states() -> None:
    when = datetime(2041, 1, 1, tzinfo=UTC)
    assert Known("a", None, when, None, None).good
    assert Known("a", None, when, "removed_at_source: x", None).gone
    failed = Known("a", None, when, "broken: x", None)
    assert not failed.good
    assert not failed.gone
