"""The client against a real server on a loopback socket that misbehaves in every way we could think of."""

from __future__ import annotations

import email.utils
import hashlib
import json
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frisat.files import sha256
from sources.client.client import Client, Entry, FetchError, Limits, Response
from tests.standins.ftp import FtpStandIn
from tests.standins.http import CHALLENGE, HTML, Answer, Fault, HttpStandIn, Request, Wire
from tests.standins.timing import FakeTime

NOON = datetime(2041, 3, 1, 12, tzinfo=UTC)
LAW = b"<law><p>Invented.</p></law>"
XML = "application/xml"
BIG = bytes(range(256)) * 1000
SITE = "https://laws.example/"

Make = Callable[..., Client]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))


@pytest.fixture
def server() -> Iterator[HttpStandIn]:
    with HttpStandIn() as found:
        yield found


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def make(server: HttpStandIn, time: FakeTime, tmp_path: Path) -> Iterator[Make]:
    """Make clients whose official site is the stand-in, without waiting."""
    made: list[Client] = []

    def new(*, mirrors: dict[str, str] | None = None, pace: dict[str, float] | None = None, **limits: Any) -> Client:
        client = Client(
            "mailto:data@example.org",
            folder=tmp_path / "partial",
            mirrors={SITE: server.url} if mirrors is None else mirrors,
            pace=pace,
            timing=time.timing,
            limits=Limits(**{"connect": 10.0, "read": 10.0, **limits}),
        )
        made.append(client)
        return client

    yield new
    for client in made:
        client.close()


@pytest.fixture
def client(make: Make) -> Client:
    return make()


def refused(client: Client, path: str = "law.xml", **asked: Any) -> FetchError:
    """Return the error that fetching ``path`` ends in."""
    with pytest.raises(FetchError) as found:
        client.fetch(path if "://" in path else SITE + path, **asked)
    return found.value


def pages(server: HttpStandIn) -> list[str]:
    """Return the paths asked for, without what is asked of every site."""
    return [r.path for r in server.requests if r.path not in ("/robots.txt", "/.well-known/tdmrep.json")]


def waits(time: FakeTime) -> list[float]:
    """Return the waits that are not the pace."""
    return [seconds for seconds in time.slept if seconds != 0.5]


class TestAnAnswer:
    def test_is_given_whole(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.xml", LAW, content_type=XML, headers={"ETag": '"1"', "Date": "Fri, 01 Mar 2041 11:00:00 GMT"})
        response = client.fetch(f"{SITE}law.xml", kind="xml")
        assert response == Response(
            url="https://laws.example/law.xml",
            final_url=f"{server.url}law.xml",
            status=200,
            retrieved_at=NOON,
            body=LAW,
            sha256=sha256(LAW),
            size=len(LAW),
            headers={
                "content-type": "application/xml",
                "content-length": "27",
                "etag": '"1"',
                "date": "Fri, 01 Mar 2041 11:00:00 GMT",
            },
            signals={"robots": "none"},
        )

    def test_was_asked_for_by_name_and_with_a_contact(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.xml", LAW)
        client.fetch(f"{SITE}law.xml", headers={"Accept": "application/xml"})
        (request,) = server.asked("law.xml")
        assert request.headers["user-agent"] == "frisat/0.1.0 (+mailto:data@example.org)"
        assert request.headers["accept"] == "application/xml"
        assert request.headers["accept-encoding"] == "gzip"
        assert {"cookie", "authorization", "referer"} & set(request.headers) == set()

    def test_comes_from_the_longest_mirror_that_fits(self, server: HttpStandIn, make: Make) -> None:
        mirrors = {SITE: "http://127.0.0.1:1/", f"{SITE}acts/": f"{server.url}a/", f"{SITE}r": f"{server.url}r"}
        server.add("a/law.xml", LAW)
        response = make(mirrors=mirrors).fetch(f"{SITE}acts/law.xml#part")
        assert (response.url, response.final_url) == (f"{SITE}acts/law.xml", f"{server.url}a/law.xml")

    def test_leaves_no_cookies(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.xml", LAW, headers={"Set-Cookie": "id=1; Path=/"})
        assert "set-cookie" not in client.fetch(f"{SITE}law.xml").headers
        client.fetch(f"{SITE}law.xml")
        assert "cookie" not in server.requests[-1].headers

    def test_keeps_of_headers_what_is_readable_and_short(self, server: HttpStandIn, client: Client) -> None:
        link = f'<https://u:secret@x.example/>; rel="license"{"x" * 3000}'
        server.add("law.xml", LAW, headers={"Link": link, "X-Trace": "1"})
        headers = client.fetch(f"{SITE}law.xml").headers
        assert headers["link"].startswith('<https://x.example/>; rel="license"xxx')
        assert len(headers["link"]) == 1000
        assert "x-trace" not in headers

    @pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday"])
    def test_from_a_server_with_a_wrong_clock_is_as_good(self, server: HttpStandIn, make: Make, date: str) -> None:
        server.add("law.xml", LAW, headers={"Date": date, "Last-Modified": "Fri, 01 Mar 2041 00:00:00 GMT"})
        assert make().fetch(f"{SITE}law.xml").retrieved_at == NOON

    def test_that_is_packed_is_unpacked(self, server: HttpStandIn, client: Client) -> None:
        server.compress = True
        server.add("law.xml", LAW * 10_000)
        response = client.fetch(f"{SITE}law.xml")
        assert (response.body, response.headers["content-encoding"]) == (LAW * 10_000, "gzip")

    def test_in_a_format_that_is_packed_already_is_asked_for_plain(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.pdf", b"%PDF-1.7")
        client.fetch(f"{SITE}law.pdf", kind="pdf")
        assert server.asked("law.pdf")[0].headers["accept-encoding"] == "identity"

    def test_not_modified_has_no_body(self, server: HttpStandIn, client: Client) -> None:
        changed = "Thu, 28 Feb 2041 00:00:00 GMT"
        server.add("law.xml", LAW, headers={"ETag": '"1"', "Last-Modified": changed})
        server.add("old.xml", LAW, headers={"Last-Modified": changed})
        by_tag = client.fetch(f"{SITE}law.xml", kind="xml", etag='"1"', modified="Mon, 01 Jan 2040 00:00:00 GMT")
        by_date = client.fetch(f"{SITE}old.xml", kind="xml", modified=changed)
        newer = client.fetch(f"{SITE}law.xml", kind="xml", etag='"0"')
        assert [(r.status, r.body, r.size, r.not_modified) for r in (by_tag, by_date, newer)] == [
            (304, b"", 0, True),
            (304, b"", 0, True),
            (200, LAW, len(LAW), False),
        ]

    def test_not_modified_that_nobody_asked_about_is_an_error(self, server: HttpStandIn, client: Client) -> None:
        server.fault("law.xml", Fault.answer(304))
        error = refused(client)
        assert str(error) == f"{SITE}law.xml (at {server.url}law.xml) answered 304 Not Modified"
        assert error.passing

    def test_that_is_large_is_a_file(self, server: HttpStandIn, make: Make, tmp_path: Path) -> None:
        server.add("big", BIG)
        server.add("small", BIG[:1000])
        client = make(memory=1000)
        response = client.fetch(f"{SITE}big")
        assert isinstance(response.body, Path)
        assert response.body.parent == tmp_path / "partial"
        assert (response.body.read_bytes(), response.sha256, response.size) == (BIG, sha256(BIG), len(BIG))
        assert list((tmp_path / "partial").iterdir()) == [response.body]
        assert client.fetch(f"{SITE}small").body == BIG[:1000]


class TestTryingAgain:
    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
    def test_helps_against_what_passes(self, server: HttpStandIn, client: Client, time: FakeTime, status: int) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.status(status), times=2)
        assert client.fetch(f"{SITE}law.xml").body == LAW
        assert len(server.asked("law.xml")) == 3
        first, second = waits(time)
        assert 1 <= first <= 2 <= second <= 3

    @pytest.mark.parametrize("fault", [Fault.reset(), Fault.reset(after=5), Fault.short(5), Fault.stall(after=5)])
    def test_helps_against_what_breaks(self, server: HttpStandIn, make: Make, fault: Fault) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", fault)
        assert make(read=0.2).fetch(f"{SITE}law.xml").body == LAW
        assert len(server.asked("law.xml")) == 2

    @pytest.mark.parametrize(
        ("fault", "what"),
        [
            (Fault.status(503), "answered 503 Service Unavailable, with an HTML page (tried 5 times)"),
            (Fault.stall(), "stopped answering: timed out (tried 5 times)"),
            (Fault.changed(body=b""), "is empty instead of XML (tried 5 times)"),
        ],
    )
    def test_ends_after_five_times(self, server: HttpStandIn, make: Make, fault: Fault, what: str) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", fault, times=9)
        error = refused(make(read=0.2), kind="xml")
        assert str(error) == f"{SITE}law.xml (at {server.url}law.xml) {what}"
        assert (error.passing, error.gone, error.unavailable) == (True, False, False)
        assert len(server.asked("law.xml")) == 5

    def test_ends_when_nobody_is_there(self, make: Make, time: FakeTime) -> None:
        error = refused(make(mirrors={SITE: "http://127.0.0.1:1/"}))
        assert str(error).startswith(
            f"{SITE}law.xml: {SITE}robots.txt cannot be read, so nothing may be fetched there: "
            f"{SITE}robots.txt (at http://127.0.0.1:1/robots.txt) could not be reached: "
        )
        assert str(error).endswith("(tried 5 times)")
        assert (error.passing, error.status) == (True, None)
        assert len(waits(time)) == 4

    def test_ends_when_the_time_is_over(self, server: HttpStandIn, make: Make, time: FakeTime) -> None:
        server.fault("law.xml", Fault.busy(40), times=9)
        assert refused(make(total=100)).passing
        assert len(server.asked("law.xml")) == 3
        assert waits(time) == [40, 40]

    @pytest.mark.parametrize(
        ("status", "gone", "unavailable"),
        [(400, False, False), (401, False, True), (403, False, True), (404, True, True), (410, True, True),
         (451, False, True), (418, False, False)],
    )  # fmt: skip
    def test_does_not_help_against_what_stands(
        self, server: HttpStandIn, client: Client, status: int, gone: bool, unavailable: bool
    ) -> None:
        server.fault("law.xml", Fault.status(status))
        error = refused(client)
        assert (error.status, error.gone, error.unavailable, error.passing) == (status, gone, unavailable, False)
        assert error.body == f"<html><body><h1>{status}</h1></body></html>".encode()
        assert len(server.asked("law.xml")) == 1

    @pytest.mark.parametrize(
        "wanted",
        ["7", email.utils.format_datetime(NOON + timedelta(seconds=7), usegmt=True)],
    )
    def test_waits_as_long_as_the_server_says(
        self, server: HttpStandIn, client: Client, time: FakeTime, wanted: str
    ) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.busy(wanted))
        assert client.fetch(f"{SITE}law.xml").body == LAW
        assert waits(time) == [7]

    def test_waits_no_longer_than_a_quarter_of_an_hour(
        self, server: HttpStandIn, client: Client, time: FakeTime
    ) -> None:
        server.fault("law.xml", Fault.busy(901, status=503))
        error = refused(client)
        assert str(error).endswith(
            "answered 503 Service Unavailable and asks us to wait 901 s, with text that begins 'busy'"
        )
        assert (error.passing, error.retry_after, waits(time)) == (True, 901, [])

    def test_of_a_stalled_refusal_gives_its_status(self, server: HttpStandIn, make: Make) -> None:
        server.add("law.xml", LAW, status=404)
        server.fault("law.xml", Fault.stall(after=3))
        assert (refused(make(read=0.2)).status, len(server.asked("law.xml"))) == (404, 1)


class TestThePace:
    def test_is_kept_per_official_host(self, server: HttpStandIn, make: Make, time: FakeTime) -> None:
        server.handle("/", lambda _: Answer(200, {}, LAW) if "robots" not in _.path else Answer(404))
        client = make(
            mirrors={"https://a.example/": f"{server.url}a/", "https://b.example/": f"{server.url}b/"},
            pace={"b.example": 10.0},
        )
        client.fetch("https://a.example/1")  # robots.txt, tdmrep.json, the page
        assert time.slept == [0.5, 0.5]
        client.fetch("https://b.example/1")
        assert time.slept[2:] == [10, 10]
        client.fetch("https://a.example/2")  # long since asked
        assert time.slept[4:] == []
        client.fetch("https://b.example/2")
        assert time.slept[4:] == [10]

    def test_is_slowed_down_by_robots_txt(self, server: HttpStandIn, client: Client, time: FakeTime) -> None:
        server.add("robots.txt", "User-agent: *\nCrawl-delay: 3")
        server.add("law.xml", LAW)
        client.fetch(f"{SITE}law.xml")
        assert time.slept == [3, 3]

    def test_is_not_sped_up_by_robots_txt(self, server: HttpStandIn, make: Make, time: FakeTime) -> None:
        server.add("robots.txt", "User-agent: *\nCrawl-delay: 3")
        server.add("law.xml", LAW)
        make(pace={"laws.example": 5}).fetch(f"{SITE}law.xml")
        assert time.slept == [5, 5]

    def test_that_is_absurd_is_refused(self, server: HttpStandIn, client: Client) -> None:
        server.add("robots.txt", "User-agent: *\nCrawl-delay: 86400")
        error = refused(client)
        assert str(error) == (
            f"{SITE}law.xml: {SITE}robots.txt asks for 86,400 s between requests, too slow to harvest"
        )
        assert (error.passing, pages(server)) == (False, [])


class TestALargeBody:
    TAG = {"ETag": '"1"'}  # noqa: RUF012

    def test_goes_on_where_it_broke(self, server: HttpStandIn, make: Make) -> None:
        server.add("big", BIG, headers=self.TAG)
        server.fault("big", Fault.short(100_000))
        server.fault("big", Fault.short(50_000))
        response = make(memory=1000).fetch(f"{SITE}big")
        assert (response.sha256, response.size, response.status) == (sha256(BIG), len(BIG), 206)
        asked = [(r.headers.get("range"), r.headers.get("if-range"), r.headers["accept-encoding"])
                 for r in server.asked("big")]  # fmt: skip
        assert asked == [
            (None, None, "gzip"),
            ("bytes=100000-", '"1"', "identity"),
            ("bytes=150000-", '"1"', "identity"),
        ]

    def test_goes_on_in_memory_too(self, server: HttpStandIn, client: Client, tmp_path: Path) -> None:
        server.add("big", BIG, headers={"Last-Modified": "Thu, 28 Feb 2041 00:00:00 GMT",
                                        "Date": "Fri, 01 Mar 2041 00:00:00 GMT"})  # fmt: skip
        server.fault("big", Fault.short(100_000))
        assert client.fetch(f"{SITE}big").body == BIG
        assert server.requests[-1].headers["if-range"] == "Thu, 28 Feb 2041 00:00:00 GMT"
        assert not (tmp_path / "partial").exists()

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"ETag": 'W/"1"'},
            {"Last-Modified": "Fri, 01 Mar 2041 00:00:00 GMT", "Date": "Fri, 01 Mar 2041 00:00:30 GMT"},
        ],
    )
    def test_starts_over_without_a_validator(self, server: HttpStandIn, make: Make, headers: dict[str, str]) -> None:
        server.add("big", BIG, headers=headers)
        server.fault("big", Fault.short(100_000))
        assert make(memory=1000).fetch(f"{SITE}big").sha256 == sha256(BIG)
        assert "range" not in server.requests[-1].headers

    @pytest.mark.parametrize(
        "fault",
        [
            Fault.changed(Content_Range="bytes 99-255999/256000"),
            Fault.changed(Content_Range="bytes 100000-255999/255000"),
            Fault.changed(Content_Range="furlongs 1-2/3"),
            Fault.changed(ETag='"2"'),
            Fault.changed(Content_Encoding="gzip"),
            Fault.answer(416, b"", Content_Range="bytes */256000"),
        ],
    )
    def test_starts_over_when_the_rest_does_not_fit(self, server: HttpStandIn, make: Make, fault: Fault) -> None:
        server.add("big", BIG, headers=self.TAG)
        server.fault("big", Fault.short(100_000))
        server.fault("big", fault)
        response = make(memory=1000).fetch(f"{SITE}big")
        assert (response.sha256, response.status) == (sha256(BIG), 200)
        assert [r.headers.get("range") for r in server.asked("big")] == [None, "bytes=100000-", None]

    def test_starts_over_where_ranges_are_ignored(self, server: HttpStandIn, make: Make) -> None:
        server.ranges = False
        server.add("big", BIG, headers=self.TAG)
        server.fault("big", Fault.short(100_000))
        assert make(memory=1000).fetch(f"{SITE}big").sha256 == sha256(BIG)
        assert len(server.asked("big")) == 2

    def test_starts_over_when_it_changed(self, server: HttpStandIn, make: Make) -> None:
        bodies = iter([(BIG, '"1"'), (BIG[::-1], '"2"')])

        def changing(_: Request) -> Answer:
            body, tag = next(bodies)
            return Answer(200, {"ETag": tag}, body)

        server.handle("/big", changing)
        server.fault("/big", Fault.short(100_000))
        assert make(memory=1000).fetch(f"{SITE}big").sha256 == sha256(BIG[::-1])

    def test_goes_on_in_a_later_process(self, server: HttpStandIn, make: Make, tmp_path: Path) -> None:
        server.add("big", BIG, headers=self.TAG)
        server.fault("big", Fault.short(100_000))
        assert refused(make(memory=1000, attempts=1), "big").passing
        notes = json.loads(next((tmp_path / "partial").glob("*.json")).read_text())
        assert notes == {"url": f"{SITE}big", "held": 100_000, "validator": '"1"', "total": 256_000}
        response = make(memory=1000).fetch(f"{SITE}big")
        assert (response.sha256, response.size) == (hashlib.sha256(BIG).hexdigest(), len(BIG))
        assert server.requests[-1].headers["range"] == "bytes=100000-"
        assert [response.body] == list((tmp_path / "partial").iterdir())

    def test_that_comes_in_the_parts_a_server_chooses_is_put_together(self, server: HttpStandIn, make: Make) -> None:
        def in_parts(request: Request) -> Answer:
            first = int(request.headers.get("range", "bytes=0-")[6:-1])
            part = BIG[first : first + 100_000]
            spread = f"bytes {first}-{first + len(part) - 1}/{len(BIG)}"
            return Answer(206, {**self.TAG, "Content-Range": spread}, part)

        def first_bytes(wire: Wire, _: Answer) -> None:
            wire.head(Answer(200, {**self.TAG, "Content-Length": str(len(BIG))}))
            wire.write(BIG[:10])
            wire.close()

        server.handle("/big", in_parts)
        server.fault("/big", Fault(first_bytes))
        assert make(memory=1000).fetch(f"{SITE}big").sha256 == sha256(BIG)
        assert [r.headers.get("range") for r in server.asked("big")[1:]] == [
            "bytes=10-",
            "bytes=100010-",
            "bytes=200010-",
        ]

    def test_that_comes_in_parts_nobody_asked_for_is_refused(self, server: HttpStandIn, client: Client) -> None:
        server.fault("big", Fault.answer(206, BIG[:10], Content_Range="bytes 0-9/256000"))
        error = refused(client, "big")
        assert "answered 206 Partial Content" in str(error)
        assert error.passing


class TestTooMuch:
    def test_declared_is_refused_unread(self, server: HttpStandIn, make: Make) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.endless(declared=10**15))
        error = refused(make())
        assert str(error).endswith("is larger than the 200,000,000 bytes that are accepted")
        assert not error.passing

    def test_undeclared_is_stopped(self, server: HttpStandIn, make: Make, tmp_path: Path) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.endless())
        error = refused(make(memory=100_000), max_bytes=1_000_000)
        assert str(error).endswith("is larger than the 1,000,000 bytes that are accepted")
        assert list((tmp_path / "partial").iterdir()) == []

    def test_as_much_as_is_accepted_is_taken(self, server: HttpStandIn, make: Make) -> None:
        server.add("big", BIG)
        assert make().fetch(f"{SITE}big", max_bytes=len(BIG)).size == len(BIG)
        assert not refused(make(), "big", max_bytes=len(BIG) - 1).passing

    def test_in_a_small_parcel_is_refused(self, server: HttpStandIn, make: Make) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.bomb())
        error = refused(make())
        assert "unpacks to more than 200 times its size: 16,0" in str(error)
        assert not error.passing

    def test_in_a_parcel_is_measured_unpacked(self, server: HttpStandIn, make: Make) -> None:
        server.compress = True
        server.add("law.xml", LAW * 1000)
        assert "larger than the 26,999 bytes" in str(refused(make(), max_bytes=26_999))
        assert make().fetch(f"{SITE}law.xml", max_bytes=27_000).size == 27_000

    @pytest.mark.parametrize("coding", ["br", "gzip, gzip", "deflate", "aes128gcm"])
    def test_wrapping_is_refused(self, server: HttpStandIn, client: Client, coding: str) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.changed(Content_Encoding=coding))
        error = refused(client)
        assert str(error).endswith(f"came packed as {coding!r}; only gzip, once, is accepted")
        assert len(server.asked("law.xml")) == 1

    def test_does_not_fill_the_memory(self, server: HttpStandIn, make: Make) -> None:
        server.add("big", b"")
        server.fault("big", Fault.endless())
        client = make(memory=1_000_000)
        tracemalloc.start()
        try:
            assert "is larger" in str(refused(client, "big", max_bytes=40_000_000))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 6_000_000

    def test_time_ends_a_body_that_drips(self, server: HttpStandIn, make: Make, time: FakeTime) -> None:
        time.step = 1.0
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.drip())
        error = refused(make(total=60), max_bytes=1000)
        assert str(error).endswith("took longer than 60 s")
        assert error.passing

    def test_what_may_be_large_has_more_time(self, server: HttpStandIn, make: Make, time: FakeTime) -> None:
        time.step = 1.0
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.drip())
        error = refused(make(total=60, slowest=100), max_bytes=12_000)
        assert str(error).endswith("took longer than 120 s")

    def test_damage_is_tried_again(self, server: HttpStandIn, client: Client) -> None:
        server.compress = True
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.changed(body=b"\x1f\x8b\x08no"))
        server.fault("law.xml", Fault.changed(body=b"\x1f\x8b\x08\0\0\0\0\0"))
        assert client.fetch(f"{SITE}law.xml").body == LAW
        assert len(server.asked("law.xml")) == 3


class TestARedirect:
    def test_is_followed(self, server: HttpStandIn, client: Client) -> None:
        server.add("new/law.xml", LAW)
        server.fault("law.xml", Fault.redirect("/new/moved.xml", 301))
        server.fault("new/moved.xml", Fault.redirect("law.xml", 307))
        response = client.fetch(f"{SITE}law.xml")
        assert (response.url, response.final_url) == (f"{SITE}law.xml", f"{server.url}new/law.xml")

    def test_to_another_site_keeps_its_pace_and_asks_its_robots_txt(
        self, server: HttpStandIn, make: Make, time: FakeTime
    ) -> None:
        client = make(mirrors={SITE: f"{server.url}a/", "https://b.example/": f"{server.url}b/"}, pace={"b.example": 9})
        server.add("b/robots.txt", "User-agent: frisat\nDisallow: /secret")
        server.add("b/law.xml", LAW)
        server.fault("a/law.xml", Fault.redirect("https://b.example/law.xml"))
        server.fault("a/secret.xml", Fault.redirect("https://b.example/secret.xml"))
        assert client.fetch(f"{SITE}law.xml").final_url == f"{server.url}b/law.xml"
        assert time.slept == [0.5, 0.5, 9, 9]
        error = refused(client, "secret.xml")
        assert (str(error), error.unavailable, error.passing) == (
            "robots.txt forbids https://b.example/secret.xml", True, False
        )  # fmt: skip

    def test_in_a_circle_is_named(self, server: HttpStandIn, client: Client) -> None:
        server.fault("law.xml", Fault.redirect("/b"))
        server.fault("b", Fault.redirect("/law.xml"))
        error = refused(client)
        circle = " -> ".join(f"{server.url}{path}" for path in ("law.xml", "b", "law.xml"))
        assert str(error) == f"{SITE}law.xml redirects in a circle: {circle}"

    def test_without_end_is_refused(self, server: HttpStandIn, client: Client) -> None:
        server.handle("/hop", lambda r: Answer(302, {"Location": f"{r.path}x"}))
        assert str(refused(client, "hop")) == f"{SITE}hop redirects more than 10 times"
        assert len(pages(server)) == 11

    @pytest.mark.parametrize(
        ("location", "why"),
        [
            ("ftp://laws.example/law.xml", "is no address in http or https; nothing else is fetched"),
            ("file:///etc/passwd", "is no address in http or https; nothing else is fetched"),
            ("https://u:secret@laws.example/", "had a user name or password in it, which is never sent"),
            ("https://[", "redirects to what is no address"),
            ("https:///law", "is no address: it has no host"),
        ],
    )
    def test_to_something_else_is_refused(self, server: HttpStandIn, client: Client, location: str, why: str) -> None:
        server.fault("law.xml", Fault.redirect(location))
        error = refused(client)
        assert why in str(error)
        assert "secret" not in f"{error} {vars(error)}"

    def test_without_an_address_is_an_error(self, server: HttpStandIn, client: Client) -> None:
        server.fault("law.xml", Fault.answer(302))
        assert str(refused(client)).endswith("answered 302 Found")


class TestAnAddress:
    @pytest.mark.parametrize(
        "url",
        ["file:///etc/passwd", "data:text/plain,x", "law.xml", "", "https://", "https://x.example:port/",
         "https://u:secret@laws.example/law.xml", "https://secret@laws.example/", "https://x.example/a b",
         f"https://x.example/{'a' * 9000}", "https://x.example/\n"],
    )  # fmt: skip
    def test_that_is_none_is_refused(self, client: Client, url: str) -> None:
        error = refused(client, url) if "://" in url else _refused_raw(client, url)
        assert (error.passing, error.status) == (False, None)
        assert "secret" not in f"{error} {vars(error)}"

    @pytest.mark.parametrize("name", ["Authorization", "Cookie", "User-Agent", "Range"])
    def test_is_asked_with_no_headers_of_ours(self, client: Client, name: str) -> None:
        with pytest.raises(ValueError, match="set by the client itself"):
            client.fetch(f"{SITE}law.xml", headers={name: "x"})

    def test_of_a_folder_must_be_ftp(self, client: Client) -> None:
        with pytest.raises(FetchError, match="is no folder on an FTP server"):
            client.entries(f"{SITE}folder/")


def _refused_raw(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as found:
        client.fetch(url)
    return found.value


class TestRobotsTxt:
    def test_is_asked_for_once_and_recorded(self, server: HttpStandIn, client: Client) -> None:
        rules = b"User-agent: *\nDisallow: /secret/\nContent-Usage: train-ai=n\nLicense: https://laws.example/rsl.xml\n"
        server.add("robots.txt", rules)
        server.add("law.xml", LAW)
        for _ in range(3):
            signals = client.fetch(f"{SITE}law.xml").signals
        assert signals == {
            "robots": "allowed",
            "robots_sha256": sha256(rules),
            "robots_lines": ["Content-Usage: train-ai=n", "License: https://laws.example/rsl.xml"],
        }
        assert [r.path for r in server.requests][:3] == ["/robots.txt", "/.well-known/tdmrep.json", "/law.xml"]
        assert len(server.requests) == 5

    def test_forbids(self, server: HttpStandIn, client: Client) -> None:
        server.add("robots.txt", "User-agent: frisat\nDisallow: /secret/\n\nUser-agent: *\nAllow: /")
        error = refused(client, "secret/law.xml")
        assert str(error) == f"robots.txt forbids {SITE}secret/law.xml"
        assert (error.passing, error.unavailable, error.gone) == (False, True, False)
        assert error.signals["robots"] == "forbidden"
        assert pages(server) == []

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_that_is_not_there_forbids_nothing(self, server: HttpStandIn, client: Client, status: int) -> None:
        server.fault("robots.txt", Fault.status(status))
        server.add("law.xml", LAW)
        assert client.fetch(f"{SITE}law.xml").signals == {"robots": "none"}

    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_that_cannot_be_read_forbids_all(self, server: HttpStandIn, client: Client, status: int) -> None:
        server.fault("robots.txt", Fault.status(status), times=9)
        server.add("law.xml", LAW)
        error = refused(client)
        assert f"{SITE}robots.txt cannot be read, so nothing may be fetched there" in str(error)
        assert (error.passing, error.status, error.signals["robots"]) == (True, status, "unreachable")
        assert refused(client, "other.xml").url == f"{SITE}other.xml"
        assert [r.path for r in server.requests] == ["/robots.txt"] * 5

    def test_that_was_unreadable_is_asked_for_again_later(
        self, server: HttpStandIn, client: Client, time: FakeTime
    ) -> None:
        server.fault("robots.txt", Fault.status(500), times=5)
        server.add("law.xml", LAW)
        refused(client)
        time.now += 901
        assert client.fetch(f"{SITE}law.xml").body == LAW

    def test_is_asked_for_again_after_a_day(self, server: HttpStandIn, client: Client, time: FakeTime) -> None:
        server.add("law.xml", LAW)
        client.fetch(f"{SITE}law.xml")
        server.add("robots.txt", "User-agent: *\nDisallow: /")
        time.now += 86_401
        assert refused(client).unavailable

    def test_that_never_ends_is_cut(self, server: HttpStandIn, client: Client) -> None:
        server.add("robots.txt", b"User-agent: *\nDisallow: /secret\n" + b"# x\n" * 150_000 + b"Disallow: /")
        server.add("law.xml", LAW)
        assert client.fetch(f"{SITE}law.xml").body == LAW
        assert [response.size for response in client.asked()][:1] == [512_000]

    def test_of_a_mirror_of_a_part_is_the_mirrors(self, server: HttpStandIn, make: Make) -> None:
        server.add("robots.txt", "User-agent: *\nDisallow: /acts/b")
        server.add("a/law.xml", LAW)
        client = make(mirrors={f"{SITE}acts/": f"{server.url}a/"})
        assert client.fetch(f"{SITE}acts/law.xml").body == LAW
        assert refused(client, "acts/b.xml").unavailable

    def test_and_tdmrep_are_handed_over_as_they_came(self, server: HttpStandIn, client: Client) -> None:
        server.add("robots.txt", "User-agent: *\nAllow: /\n")
        server.add("law.xml", LAW)
        client.fetch(f"{SITE}law.xml")
        robots, tdmrep = client.asked()
        assert (robots.url, robots.status, robots.body) == (f"{SITE}robots.txt", 200, b"User-agent: *\nAllow: /\n")
        assert (tdmrep.url, tdmrep.status) == (f"{SITE}.well-known/tdmrep.json", 404)
        assert tdmrep.body == b"<html><body><h1>404</h1></body></html>"
        assert client.asked() == []


class TestTdm:
    TDMREP = json.dumps([{"location": "/law*", "tdm-reservation": 1, "tdm-policy": "/policy.json"}])

    def signals(self, client: Client, path: str = "law.html") -> Any:
        return client.fetch(SITE + path, kind="html").signals.get("tdm")

    def test_is_read_from_the_site(self, server: HttpStandIn, client: Client) -> None:
        server.add(".well-known/tdmrep.json", self.TDMREP)
        server.add("law.html", "<html><p>Lov</p></html>", content_type=HTML)
        server.add("other.html", "<html><p>Lov</p></html>", content_type=HTML)
        assert self.signals(client) == {"reservation": 1, "policy": f"{SITE}policy.json", "from": "tdmrep.json"}
        assert self.signals(client, "other.html") is None

    def test_is_overridden_by_headers_and_those_by_the_page(self, server: HttpStandIn, client: Client) -> None:
        server.add(".well-known/tdmrep.json", self.TDMREP)
        page = '<html><head><meta name="TDM-Reservation" content="{}"></head></html>'
        server.add("law.html", page.format("1"), content_type=HTML, headers={"tdm-reservation": "0"})
        assert self.signals(client)["from"] == "meta"
        server.add("law.html", page.format("maybe"), content_type=HTML, headers={"tdm-reservation": "0"})
        assert self.signals(client) == {"reservation": 0, "policy": f"{SITE}policy.json", "from": "header"}
        server.add("law.html", page.format("2"), content_type=HTML, headers={"tdm-reservation": "yes"})
        assert self.signals(client)["from"] == "tdmrep.json"

    def test_and_other_headers_are_recorded_raw(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.xml", LAW, headers={"Content-Usage": "train-ai=n", "X-Robots-Tag": "noai"})
        assert client.fetch(f"{SITE}law.xml").signals == {
            "robots": "none",
            "content_usage": "train-ai=n",
            "x_robots_tag": "noai",
        }

    @pytest.mark.parametrize(
        ("fault", "state"),
        [
            (Fault.status(404), None),
            (Fault.answer(200, b"<html>"), "unreadable"),
            (Fault.answer(200, b"[" * 100_000), "unreadable"),
            (Fault.answer(200, b"{}"), "unreadable"),
            (Fault.status(501), "unreachable"),
        ],
    )
    def test_that_cannot_be_known_is_said_to_be_so(
        self, server: HttpStandIn, client: Client, fault: Fault, state: str | None
    ) -> None:
        server.fault(".well-known/tdmrep.json", fault)
        server.add("law.xml", LAW)
        assert client.fetch(f"{SITE}law.xml").signals.get("tdmrep") == state

    def test_is_not_asked_for_where_robots_txt_forbids(self, server: HttpStandIn, client: Client) -> None:
        server.add("robots.txt", "User-agent: *\nDisallow: /.well-known/")
        server.add("law.xml", LAW)
        assert client.fetch(f"{SITE}law.xml").signals["tdmrep"] == "forbidden by robots.txt"
        assert server.asked(".well-known/tdmrep.json") == []


class TestAPromise:
    @pytest.mark.parametrize(
        ("kind", "body", "what"),
        [
            ("pdf", b"<!DOCTYPE html><html><title> Ikke fundet </title>", "an HTML page titled 'Ikke fundet'"),
            ("json", b"<html><body>Fejl</body></html>", "an HTML page"),
            ("xml", b"{}", "text that begins '{}'"),
            ("docx", b"%PDF-1.4", "a PDF"),
            ("html", b"PK\x03\x04", "a ZIP archive"),
            ("text", b"\0\1\2", r"bytes that begin b'\x00\x01\x02'"),
            ("json", b" \n", "nothing but white space"),
        ],
    )
    def test_that_is_not_kept_is_an_error(
        self, server: HttpStandIn, client: Client, kind: Any, body: bytes, what: str
    ) -> None:
        server.add("law", body, content_type="application/octet-stream")
        error = refused(client, "law", kind=kind)
        assert f"is {what} instead of " in str(error)
        assert (error.passing, error.body, error.status) == (True, body, 200)
        assert len(server.asked("law")) == 1

    def test_is_kept_whatever_the_content_type_says(self, server: HttpStandIn, client: Client) -> None:
        server.add("law.xml", LAW)
        server.fault("law.xml", Fault.changed(Content_Type="image/png"))
        assert client.fetch(f"{SITE}law.xml", kind="xml").body == LAW

    @pytest.mark.parametrize("status", [200, 403, 503])
    @pytest.mark.parametrize("kind", ["any", "html", "pdf"])
    def test_is_not_kept_by_a_challenge(self, server: HttpStandIn, client: Client, status: int, kind: Any) -> None:
        server.fault("law", Fault.challenge(status))
        error = refused(client, "law", kind=kind)
        assert "is not available: it answered" in str(error)
        assert "with a challenge to browsers" in str(error)
        assert (error.unavailable, error.passing, error.status, error.body) == (True, True, status, CHALLENGE)
        assert len(server.asked("law")) == 1

    def test_is_not_kept_by_a_challenge_marked_as_one(self, server: HttpStandIn, client: Client) -> None:
        server.add("law", b"{}", headers={"cf-mitigated": "challenge"})
        assert "challenge" in str(refused(client, "law"))

    def test_of_a_file_that_is_not_kept_leaves_none(self, server: HttpStandIn, make: Make, tmp_path: Path) -> None:
        server.add("law.pdf", BIG, headers={"ETag": '"1"'})
        assert "instead of a PDF" in str(refused(make(memory=1000), "law.pdf", kind="pdf"))
        assert list((tmp_path / "partial").iterdir()) == []


class TestFtp:
    @pytest.fixture
    def folder(self) -> Iterator[FtpStandIn]:
        with FtpStandIn() as found:
            found.add("/laws/law.xml", LAW, NOON)
            yield found

    def test_a_file_is_fetched_and_checked(self, folder: FtpStandIn, make: Make, time: FakeTime) -> None:
        client = make(mirrors={"ftp://laws.example/": folder.url})
        response = client.fetch("ftp://laws.example/laws/law.xml", kind="xml", etag='"1"')
        assert (response.url, response.final_url) == ("ftp://laws.example/laws/law.xml", f"{folder.url}laws/law.xml")
        assert (response.body, response.sha256, response.size) == (LAW, sha256(LAW), len(LAW))
        error = refused(client, "ftp://laws.example/laws/law.xml", kind="pdf")
        assert (
            str(error)
            == "ftp://laws.example/laws/law.xml is text that begins '<law><p>Invented.</p></law>' instead of a PDF"
        )
        assert error.passing
        assert time.slept == [0.5]

    def test_a_large_file_that_is_not_what_was_promised_is_removed(
        self, folder: FtpStandIn, make: Make, tmp_path: Path
    ) -> None:
        client = make(mirrors={"ftp://laws.example/": folder.url}, memory=10)
        assert isinstance(client.fetch("ftp://laws.example/laws/law.xml").body, Path)
        before = list((tmp_path / "partial").iterdir())
        assert not refused(client, "ftp://laws.example/laws/law.xml", kind="pdf").gone
        assert list((tmp_path / "partial").iterdir()) == before

    def test_a_folder_is_listed(self, folder: FtpStandIn, make: Make) -> None:
        client = make(mirrors={"ftp://laws.example/": folder.url})
        response, entries = client.entries("ftp://laws.example/laws/")
        assert entries == [Entry(name="law.xml", size=len(LAW), modified=NOON)]
        assert isinstance(response.body, bytes)
        assert b"law.xml" in response.body
        assert response.sha256 == sha256(response.body)

    def test_what_is_not_there_is_gone(self, folder: FtpStandIn, make: Make) -> None:
        client = make(mirrors={"ftp://laws.example/": folder.url})
        error = refused(client, "ftp://laws.example/laws/none.xml")
        assert (error.gone, error.unavailable, error.passing) == (True, True, False)


class TestThreads:
    def test_share_one_client_and_its_pace(self, server: HttpStandIn, make: Make) -> None:
        for number in range(20):
            server.add(f"{number}.xml", f"<law n='{number}'/>")
        client = make()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda n: client.fetch(f"{SITE}{n}.xml", kind="xml").body, range(20)))
        assert found == [f"<law n='{number}'/>".encode() for number in range(20)]
        assert len(server.asked("robots.txt")) == 1
