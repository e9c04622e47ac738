"""Reading an OData service loses no row, whatever happens meanwhile, and says so when it does something else."""

# ruff: noqa: DTZ001 - times without a zone are what such a service writes

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.documents import JSON
from frisat.report import Silent
from sources._oda.names import ODA, in_utc
from sources._oda.odata import PAGE, Row, ServiceError, by_id, missing, rows, with_ids
from sources._oda.wire import literal, parse_page, parse_time
from sources.client.client import Client
from sources.client.fetching import FetchError
from sources.collecting import Visit
from tests.standins.http import Fault, Request
from tests.standins.odata import ODataStandIn
from tests.standins.timing import FakeTime

STARTED = datetime(2041, 3, 1, 12, tzinfo=UTC)
MOMENT = datetime(2041, 1, 1, 10, 0, 0)


class Told(Silent):
    """Keeps what a person would be told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.said.append(f"warning: {message}")


@contextmanager
def _visit(
    server: ODataStandIn, folder: Path, cursor: dict[str, JSON] | None = None, since: date | None = None
) -> Iterator[Visit]:
    """Yield a visit whose publisher is the stand-in."""
    time = FakeTime()
    mirrors = {ODA.base: server.base}
    with Client("mailto:tests@example.org", folder=folder, mirrors=mirrors, timing=time.timing) as client:
        yield Visit(
            cursor={} if cursor is None else cursor,
            since=since,
            started=STARTED,
            held=lambda _: set(),
            ask=lambda method, url, **options: getattr(client, method)(url, **options),
            report=Told(),
        )


def _said(visit: Visit) -> list[str]:
    report = visit._report
    assert isinstance(report, Told)
    return report.said


def _case(number: int, seconds: float = 0, **more: Any) -> Row:
    stamp = (MOMENT + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").removesuffix(".000")
    return {"id": number, "typeid": 1, "titel": f"Møde {number}", "opdateringsdato": stamp, **more}


def _read(server: ODataStandIn, folder: Path, cursor: dict[str, JSON] | None = None, **options: Any) -> list[Row]:
    with _visit(server, folder, cursor) as visit:
        return list(rows(visit, ODA, "Møde", cursor_key="Møde", **options))


def _asked(server: ODataStandIn) -> list[Request]:
    return [request for request in server.requests if request.path.startswith("/api/")]


# --- nothing is lost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", ["skip", "skiptoken", None])
@pytest.mark.parametrize("counts", [True, False])
def test_every_row_comes_once(tmp_path: Path, links: str | None, counts: bool) -> None:
    meetings = [_case(number, seconds=number % 70) for number in range(250)]
    with ODataStandIn({"Møde": meetings}, links=links, counts=counts) as server:
        cursor: dict[str, JSON] = {}
        found = _read(server, tmp_path, cursor)
    assert sorted(row["id"] for row in found) == list(range(250))
    assert [row["opdateringsdato"] for row in found] == sorted(row["opdateringsdato"] for row in meetings)
    assert cursor == {"Møde": "2041-01-01T10:01:09"}


@pytest.mark.parametrize("fraction", [0.0, 0.383, 0.387, 0.39])
def test_more_rows_than_fit_on_a_page_share_one_time(tmp_path: Path, fraction: float) -> None:
    """The database keeps .383 as .38333: rows with exactly that time cannot be asked for."""
    crowd = [_case(number, fraction) for number in range(350)]
    others = [_case(500 + number, fraction + number / 1000) for number in range(-40, 40)]
    with ODataStandIn({"Møde": [*crowd, *others]}) as server:
        found = _read(server, tmp_path)
    assert sorted(row["id"] for row in found) == sorted(row["id"] for row in [*crowd, *others])


def test_a_row_that_changes_while_pages_are_read_comes_again_and_pushes_none_out(tmp_path: Path) -> None:
    """When row 0 moves to the end, every position after it moves by one: a link with $skip would miss a row."""
    with ODataStandIn({"Møde": [_case(number, number) for number in range(250)]}) as server:

        def change(request: Request) -> None:
            if len(_asked(server)) == 1:
                server.put("Møde", _case(0, 9000, titel="Ny titel"))

        server.after = change
        found = _read(server, tmp_path)
    assert [row["id"] for row in found] == [*range(250), 0]
    assert found[-1]["titel"] == "Ny titel"


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_changes_meanwhile_the_newest_state_of_every_row_is_seen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    now = int((STARTED.replace(tzinfo=None) - MOMENT).total_seconds() * 1000)
    ticks = st.one_of(st.integers(0, 30), st.integers(0, 3000))
    meetings = [_case(number, data.draw(ticks) / 1000) for number in range(data.draw(st.integers(0, 40)))]
    habits: dict[str, Any] = {"page": data.draw(st.integers(1, 12)), "counts": data.draw(st.booleans())}
    habits["links"] = data.draw(st.sampled_from(["skip", "skiptoken"]))
    with ODataStandIn({"Møde": meetings}, **habits) as server:
        changes = data.draw(st.lists(st.tuples(st.integers(0, 45), st.integers(0, 20)), max_size=8))

        def change(request: Request) -> None:
            if request.path.startswith("/api/") and changes:
                number, later = changes.pop()
                server.put("Møde", _case(number, (now + later) / 1000, titel=f"{len(changes)} igen"))

        server.after = change
        cursor: dict[str, JSON] = {}
        folder = tmp_path_factory.mktemp("partial")
        found = _read(server, folder, cursor)
        server.after = lambda _: None
        found += _read(server, folder, cursor)
        state = {row["id"]: row for row in server.entities["Møde"]}
    assert {row["id"]: row for row in found} == state


def test_the_cursor_stays_behind_the_beginning_of_the_visit(tmp_path: Path) -> None:
    """What the service dates in the future, by a wrong clock, does not keep later rows from coming."""
    cursor: dict[str, JSON] = {}
    with ODataStandIn({"Møde": [_case(1), {**_case(2), "opdateringsdato": "2099-01-01T00:00:00"}]}) as server:
        assert [row["id"] for row in _read(server, tmp_path, cursor)] == [1, 2]
        assert cursor == {"Møde": "2041-03-01T13:00:00"}
        server.put("Møde", {**_case(3), "opdateringsdato": "2041-03-01T01:00:00"})
        assert [row["id"] for row in _read(server, tmp_path, cursor)] == [3, 2]


def test_the_cursor_follows_what_was_taken(tmp_path: Path) -> None:
    cursor: dict[str, JSON] = {}
    meetings = [_case(number, number) for number in range(9)]
    with ODataStandIn({"Møde": meetings}) as server, _visit(server, tmp_path, cursor) as visit:
        found = rows(visit, ODA, "Møde", cursor_key="Møde")
        for _ in range(4):
            next(found)
    assert cursor == {"Møde": "2041-01-01T10:00:02"}


def test_a_second_visit_asks_once(tmp_path: Path) -> None:
    cursor: dict[str, JSON] = {}
    with ODataStandIn({"Møde": [_case(number, number * 3600) for number in range(240)]}) as server:
        _read(server, tmp_path, cursor)
        before = len(_asked(server))
        again = _read(server, tmp_path, cursor)
        assert len(_asked(server)) == before + 1
    assert [row["id"] for row in again] == list(range(215, 240))


def test_since_moves_the_beginning_back_but_leaves_no_gap(tmp_path: Path) -> None:
    meetings = [_case(number, number * 86400) for number in range(30)]
    with ODataStandIn({"Møde": meetings}) as server:
        for cursor, since, first in (
            ({}, date(2041, 1, 20), 19),
            ({"Møde": "2041-01-25T10:00:00"}, date(2041, 1, 20), 19),
            ({"Møde": "2041-01-10T10:00:00"}, date(2041, 1, 20), 8),
        ):
            with _visit(server, tmp_path, dict[str, JSON](cursor), since) as visit:
                assert [row["id"] for row in rows(visit, ODA, "Møde", cursor_key="Møde")] == list(range(first, 30))


def test_a_cursor_that_is_no_time_begins_anew(tmp_path: Path) -> None:
    with ODataStandIn({"Møde": [_case(1)]}) as server, _visit(server, tmp_path, {"Møde": "i går"}) as visit:
        assert [row["id"] for row in rows(visit, ODA, "Møde", cursor_key="Møde")] == [1]
        assert _said(visit) == ["warning: Møde: the cursor 'i går' is no time; everything is read again"]


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_the_address(tmp_path: Path) -> None:
    with ODataStandIn({"Møde": [_case(1), _case(2, typeid=2)]}) as server:
        found = _read(server, tmp_path, {"Møde": "2041-01-02T00:00:00"}, where={"typeid": 1}, select=("titel",))
        (request,) = _asked(server)
    assert [row["id"] for row in found] == [1]
    assert request.target == (
        "/api/M%C3%B8de?%24filter=typeid%20eq%201%20and%20opdateringsdato%20ge%20datetime'2041-01-01T00:00:00.000000'"
        "&%24orderby=opdateringsdato%20asc,id%20asc&%24top=100&%24inlinecount=allpages"
        "&%24select=id,opdateringsdato,titel,typeid"
    )
    assert request.headers["accept"] == "application/json"


def test_unknown_fields_are_never_sent(tmp_path: Path) -> None:
    with ODataStandIn({}) as server, _visit(server, tmp_path) as visit:
        for options in ({"where": {"dateo": 1}}, {"select": ("dateo",)}):
            with pytest.raises(ValueError, match="Møde is not known to have dateo"):
                rows(visit, ODA, "Møde", cursor_key="c", **options)
    assert not _asked(server)


@pytest.mark.parametrize(("value", "written"), [(7, "7"), ("O", "'O'"), ("d'Hont", "'d''Hont'")])
def test_literals(value: int | str, written: str) -> None:
    assert literal(value) == written


def test_missing_texts_are_one_thing_and_protocol_is_left_out(tmp_path: Path) -> None:
    with ODataStandIn({"Møde": [{**_case(1, titel="", lokale=None), "odata.type": "Møde"}]}) as server:
        (found,) = _read(server, tmp_path)
    assert found == {"id": 1, "typeid": 1, "titel": None, "lokale": None, "opdateringsdato": "2041-01-01T10:00:00"}


def test_small_tables_by_id(tmp_path: Path) -> None:
    with ODataStandIn({"Periode": [{"id": n, "kode": f"{n}", "opdateringsdato": None} for n in range(170)]}) as server:
        with _visit(server, tmp_path) as visit:
            assert [row["kode"] for row in by_id(visit, ODA, "Periode", select=("kode",))] == [
                f"{n}" for n in range(170)
            ]
        assert len(_asked(server)) == 2


def test_rows_with_certain_ids(tmp_path: Path) -> None:
    with ODataStandIn({"Møde": [_case(number) for number in range(0, 400, 2)]}) as server:
        with _visit(server, tmp_path) as visit:
            found = list(with_ids(visit, ODA, "Møde", [399, 4, 2, 4, *range(100, 160)]))
            assert list(with_ids(visit, ODA, "Møde", [])) == []
        assert len(_asked(server)) == 3
        assert max(len(request.target) for request in _asked(server)) < 2048
    assert [row["id"] for row in found] == [2, 4, *range(100, 160, 2)]


def test_ids_that_are_gone(tmp_path: Path) -> None:
    with ODataStandIn({"Møde": [_case(number) for number in range(1000)]}) as server:
        for number in (3, 500, 999):
            server.drop("Møde", number)
        with _visit(server, tmp_path) as visit:
            assert missing(visit, ODA, "Møde", [1, 3, 4, 500, 998, 999, 5000]) == [3, 500, 999, 5000]
            assert missing(visit, ODA, "Møde", []) == []
        assert len(_asked(server)) == 3, "the pages between are not asked for"
        with _visit(server, tmp_path) as visit:
            assert missing(visit, ODA, "Møde", range(1000)) == [3, 500, 999]


# --- lists within a row -----------------------------------------------------------------------------------------------


def _document(files: int, **habits: Any) -> ODataStandIn:
    document = {"id": 7, "titel": "Bilag", "opdateringsdato": "2041-01-01T10:00:00"}
    found = [{"id": n, "dokumentid": 7, "filurl": f"https://www.ft.dk/{n}.pdf"} for n in range(files)]
    return ODataStandIn({"Dokument": [document], "Fil": found}, **habits)


def _with_files(server: ODataStandIn, folder: Path) -> list[str]:
    with _visit(server, folder) as visit:
        (found,) = rows(visit, ODA, "Dokument", cursor_key="c", expand=("Fil",), select=("titel", "Fil/filurl"))
        assert not any("@" in key for key in found)
        return [file["filurl"] for file in found["Fil"]]


@pytest.mark.parametrize("base", [None, "https://oda.ft.dk/api/", "http://oda.ft.dk/api/", ""])
@pytest.mark.parametrize("links", ["skip", "skiptoken"])
def test_a_list_that_was_cut_is_read_to_its_end(tmp_path: Path, base: str | None, links: str) -> None:
    with _document(25, list_page=10, page=10, links=links, link_base=base) as server:
        assert _with_files(server, tmp_path) == [f"https://www.ft.dk/{n}.pdf" for n in range(25)]
        assert len(_asked(server)) == 3


@pytest.mark.parametrize(
    "base", ["https://example.org/api/", "https://oda.ft.dk.example.org/api/", "//example.org/", "file:///etc/", "../"]
)
def test_links_out_of_the_service_are_not_followed(tmp_path: Path, base: str) -> None:
    with _document(25, list_page=10, link_base=base) as server:
        with pytest.raises(ServiceError, match="leads out of the service"):
            _with_files(server, tmp_path)
        assert len(_asked(server)) == 1


def test_links_in_circles_end(tmp_path: Path) -> None:
    with _document(25, list_page=10, page=10) as server:
        server.habits.ignores = {"skip"}
        with pytest.raises(ServiceError, match=r"leads in circles through 'Fil' of row 7"):
            _with_files(server, tmp_path)


# --- a service that does something else -------------------------------------------------------------------------------


def _many() -> dict[str, list[Row]]:
    return {"Møde": [_case(number, number * 3600) for number in range(250)]}


@pytest.mark.parametrize(
    ("ignores", "cursor", "fault"),
    [
        (
            {"filter"},
            {},
            r"ignored the filter: it gave a row of 2041-01-01 10:00:00 when asked for 2041-01-05 .* and later",
        ),
        ({"filter"}, {"c": "2041-01-09T00:00:00"}, "ignored the filter: it gave a row of 2041-01-01"),
        ({"orderby"}, {}, "ignored the order: its rows are not sorted by 'opdateringsdato'"),
        ({"expand"}, {}, "did not bring Periode along with row 0"),
    ],
)
def test_what_is_ignored_is_noticed(tmp_path: Path, ignores: set[str], cursor: dict[str, JSON], fault: str) -> None:
    """A page that comes again and again is such a filter too: it ends here, and not never."""
    meetings = _many()["Møde"]
    meetings.insert(1, {**_case(1000, 3600 * 200)})
    with ODataStandIn({"Møde": [{**row, "periodeid": 1} for row in meetings]}, ignores=ignores) as server:
        server._sorted = lambda rows, text: rows if "orderby" in ignores else type(server)._sorted(server, rows, text)  # type: ignore[method-assign]
        with _visit(server, tmp_path, cursor) as visit, pytest.raises(ServiceError, match=fault):
            list(rows(visit, ODA, "Møde", cursor_key="c", expand=("Periode",)))
        assert len(_asked(server)) <= 2


def test_a_condition_that_is_ignored_is_noticed(tmp_path: Path) -> None:
    meetings = {"Møde": [_case(1), _case(2, typeid=4)]}
    fault = pytest.raises(ServiceError, match="ignored the filter: row 2 has typeid 4, not 1")
    with ODataStandIn(meetings, ignores={"filter"}) as server, fault:
        _read(server, tmp_path, where={"typeid": 1})


def test_ids_that_are_ignored_are_noticed(tmp_path: Path) -> None:
    with ODataStandIn(_many(), ignores={"filter"}) as server, _visit(server, tmp_path) as visit:
        with pytest.raises(ServiceError, match="gave id 3 when asked for"):
            list(with_ids(visit, ODA, "Møde", [0, 1, 2, 9]))
        with pytest.raises(ServiceError, match="when asked for those above 99"):
            list(by_id(visit, ODA, "Møde"))
        with pytest.raises(ServiceError, match="when asked for those above 49"):
            missing(visit, ODA, "Møde", [50])


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"value": [{"titel": "uden id", "opdateringsdato": "2041-01-01T10:00:00"}]}, "a row without an 'id'"),
        ({"value": [{"id": 1}]}, "row 1 without a time in 'opdateringsdato'"),
        ({"value": [{"id": 1, "opdateringsdato": "i går"}]}, "row 1 without a time"),
        ({"odata.count": "7", "value": []}, "says that there are more rows and gives none"),
        ({"value": "rows"}, "gave no page: the answer holds no rows"),
        ({"value": [1]}, "gave no page"),
        ({"odata.error": {"code": "", "message": {"value": "nej"}}}, "gave no page"),
        ([], "gave no page"),
    ],
)
def test_answers_that_are_no_page(tmp_path: Path, answer: JSON, fault: str) -> None:
    with ODataStandIn({}) as server:
        server.add("/api/Møde", json.dumps(answer), content_type="application/json")
        with pytest.raises(ServiceError, match=fault):
            _read(server, tmp_path)


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b'{"value": [', b"\xff{}", b"null"])
def test_bodies_that_are_no_json_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="the answer"):
        parse_page(body, PAGE)


def test_a_single_entity_is_a_page_of_one() -> None:
    body = b'{"odata.metadata": "x#Sag/@Element", "id": 69, "lovnummer": ""}'
    assert parse_page(body, PAGE).rows == [{"id": 69, "lovnummer": None}]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.answer(400), "refused the query with 400"),
        (Fault.status(404), "refused the query with 404"),
        (Fault.answer(404), "refused the query with 404"),
        (Fault.challenge(), "challenge"),
        (Fault.challenge(403, marked=True), "challenge"),
        (Fault.answer(200, b"", Content_Type="application/json"), "empty"),
        (Fault.answer(200, b"<html><body>Nede</body></html>", Content_Type="text/html"), "HTML"),
        (Fault.busy(5), "429"),
        (Fault.status(500), "500"),
    ],
)
def test_refusals_end_the_reading(tmp_path: Path, fault: Fault, message: str) -> None:
    with ODataStandIn(_many()) as server:
        server.fault("/api/Møde", fault, times=99)
        with pytest.raises(FetchError, match=message):
            _read(server, tmp_path)
        assert len(_asked(server)) <= 10


@pytest.mark.parametrize(
    "fault", [Fault.busy(3), Fault.status(500), Fault.status(503), Fault.short(40), Fault.reset(after=40)]
)
def test_accidents_are_tried_again(tmp_path: Path, fault: Fault) -> None:
    with ODataStandIn(_many()) as server:
        server.fault("/api/Møde", fault, times=2)
        assert len(_read(server, tmp_path)) == 250


def test_a_page_too_heavy_for_the_service_is_asked_for_in_a_smaller_one(tmp_path: Path) -> None:
    with ODataStandIn(_many()) as server:
        server.fault("/api/Møde", Fault.status(500), times=5)
        with _visit(server, tmp_path) as visit:
            assert len(list(rows(visit, ODA, "Møde", cursor_key="c"))) == 250
            assert [message[-26:] for message in _said(visit)] == ["A smaller page is asked for"[-26:]]
        tops = [request.query["$top"] for request in _asked(server)]
    assert tops == ["100"] * 5 + ["10"] + ["100"] * 3


@pytest.mark.parametrize("habits", [{"refuses": {"select"}}, {"ignores": {"expand"}}])
def test_a_service_that_refuses_to_choose_fields_is_asked_for_whole_rows(
    tmp_path: Path, habits: Mapping[str, Any]
) -> None:
    with _document(3) as server, _visit(server, tmp_path) as visit:
        server.habits.refuses = habits.get("refuses", set())
        if "ignores" in habits:
            bring = server._bring
            server._bring = lambda entity, row, options: bring(  # type: ignore[method-assign]
                entity, row, {k: v for k, v in options.items() if k != "expand" or "select" not in options}
            )
        (found,) = rows(visit, ODA, "Dokument", cursor_key="c", expand=("Fil",), select=("titel",))
        assert len(found["Fil"]) == 3
        assert [message.partition(";")[0] for message in _said(visit)] in (
            ["warning: Dokument: the service refuses to choose fields"],
            ["warning: Dokument: the service forgets what to bring along when it is to choose fields"],
        )


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2014-09-12T20:00:31.7", datetime(2014, 9, 12, 20, 0, 31, 700_000)),
        ("2025-09-09T12:30:12.467", datetime(2025, 9, 9, 12, 30, 12, 467_000)),
        ("2025-09-09T12:30:12.1234567", datetime(2025, 9, 9, 12, 30, 12, 123_456)),
        ("2025-09-09T12:30:12", datetime(2025, 9, 9, 12, 30, 12)),
        ("2025-09-09T12:30", datetime(2025, 9, 9, 12, 30)),
        (" 2025-09-09T00:00:00 ", datetime(2025, 9, 9)),
        ("2025-02-30T00:00:00", None),
        ("2025-09-09T25:00:00", None),
        ("2025-09-09", None),
        ("2025-09-09T12:30:12Z", None),
        ("٢٠٢٥-09-09T12:30:12", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_times(text: object, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2024, 1, 1, 12), datetime(2024, 1, 1, 11)),
        (datetime(2024, 7, 1, 12), datetime(2024, 7, 1, 10)),
        (datetime(2024, 10, 27, 2, 30), datetime(2024, 10, 27, 0, 30)),
        (datetime(2024, 10, 27, 3, 0), datetime(2024, 10, 27, 2, 0)),
        (datetime(2024, 3, 31, 2, 30), datetime(2024, 3, 31, 1, 30)),
    ],
)
def test_local_times_in_utc(local: datetime, utc: datetime) -> None:
    assert in_utc(local) == utc.replace(tzinfo=UTC)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_a_time_is_read_as_it_was_written(moment: datetime) -> None:
    assert parse_time(moment.isoformat()) == moment
    assert parse_time(literal(moment).removeprefix("datetime'").removesuffix("'")) == moment


def test_the_service_is_asked_by_its_official_name() -> None:
    assert urlsplit(ODA.address("Dokument(7)")).geturl() == "https://oda.ft.dk/api/Dokument(7)"
    assert ODA.address("DokumentAktør").endswith("/DokumentAkt%C3%B8r")
