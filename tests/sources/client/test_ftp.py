"""The FTP client, against a server that keeps to the rules and one that does not."""

from __future__ import annotations

import hashlib
import itertools
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._ftp_listing import MAX_NAME, parse_list, parse_mlsd, safe_name
from sources.client.fetching import Entry, FetchError, Limits, Timing
from sources.client.ftp import FtpClient
from tests.standins.ftp import FtpStandIn, Listing

_NOW = datetime(2031, 2, 10, 12, 0, tzinfo=UTC)
_WHEN = datetime(2031, 2, 7, 10, 0, 2, tzinfo=UTC)
_LIMITS = Limits(connect=1, read=0.5, total=60, attempts=3, memory=100_000)
_BODY = bytes(range(256)) * 300


class Waits(list[float]):
    """The waits of a client that does not really wait."""

    def timing(self) -> Timing:
        return Timing(sleep=self.append, monotonic=lambda: sum(self))


@pytest.fixture
def server() -> Iterator[FtpStandIn]:
    with FtpStandIn() as server:
        server.add("/ODAXML/20311/a.xml", _BODY)
        server.add("/ODAXML/20311/b c.xml", b"<b/>")
        server.add("/ODAXML/20312/a.xml", b"<c/>")
        yield server


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def client(tmp_path: Path, waits: Waits) -> Iterator[FtpClient]:
    with FtpClient("mailto:data@example.org", folder=tmp_path, timing=waits.timing(), limits=_LIMITS) as client:
        yield client


def _a(server: FtpStandIn) -> str:
    return f"{server.url}ODAXML/20311/a.xml"


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_comes_whole_with_its_size_time_and_hash(server: FtpStandIn, client: FtpClient) -> None:
    response = client.fetch("ftp://oda.ft.dk/ODAXML/20311/a.xml", actual=_a(server))
    assert response.body == _BODY
    assert (response.url, response.final_url) == ("ftp://oda.ft.dk/ODAXML/20311/a.xml", _a(server))
    assert (response.status, response.size) == (226, len(_BODY))
    assert response.sha256 == hashlib.sha256(_BODY).hexdigest()
    assert response.headers == {"content-length": "76800", "last-modified": "Fri, 07 Feb 2031 10:00:02 GMT"}
    assert response.retrieved_at.tzinfo is UTC


def test_the_password_is_the_contact_and_epsv_is_never_said(server: FtpStandIn, client: FtpClient) -> None:
    client.fetch(_a(server))
    client.entries(f"{server.url}ODAXML")
    assert server.asked("USER") == ["anonymous"]
    assert server.asked("PASS") == ["data@example.org"]
    assert {command.partition(" ")[0] for command in server.commands} == {
        "USER", "PASS", "TYPE", "SIZE", "MDTM", "PASV", "RETR", "CWD", "MLSD",
    }  # fmt: skip


def test_a_name_is_decoded_from_the_address(server: FtpStandIn, client: FtpClient) -> None:
    server.add("/ø å.xml", b"<d/>")
    assert client.fetch(f"{server.url}ODAXML/20311/b%20c.xml").body == b"<b/>"
    assert client.fetch(f"{server.url}%C3%B8%20%C3%A5.xml").body == b"<d/>"


def test_a_large_body_is_a_file_that_belongs_to_the_caller(
    server: FtpStandIn, client: FtpClient, tmp_path: Path
) -> None:
    server.add("/large", _BODY * 2)
    response = client.fetch(f"{server.url}large")
    assert isinstance(response.body, Path)
    assert response.read() == _BODY * 2
    assert list(tmp_path.iterdir()) == [response.body]


@pytest.mark.parametrize("address", ["198.51.100.7", "10.0.0.1"])
def test_an_address_that_points_elsewhere_is_ignored(server: FtpStandIn, client: FtpClient, address: str) -> None:
    server.elsewhere = address
    assert client.fetch(_a(server)).body == _BODY


def test_a_server_without_size_time_and_rest_will_do(server: FtpStandIn, client: FtpClient, waits: Waits) -> None:
    server.size = server.mdtm = server.rest = False
    server.fault("RETR", "reset")
    response = client.fetch(_a(server))
    assert (response.body, response.headers) == (_BODY, {"content-length": "76800"})
    client.fetch(_a(server))
    assert (len(server.asked("SIZE")), len(server.asked("MDTM")), len(server.asked("REST"))) == (1, 1, 0)
    assert len(waits) == 1


def test_a_broken_transfer_goes_on_where_it_broke(server: FtpStandIn, client: FtpClient, waits: Waits) -> None:
    server.fault("RETR", "reset")
    assert client.fetch(_a(server)).body == _BODY
    assert server.asked("REST") == ["38400"]
    assert len(waits) == 1


def test_a_short_file_called_whole_is_completed(server: FtpStandIn, client: FtpClient) -> None:
    server.fault("RETR", "short")
    assert client.fetch(_a(server)).body == _BODY


def test_without_rest_it_begins_again(server: FtpStandIn, client: FtpClient) -> None:
    server.rest = False
    server.fault("RETR", "reset")
    assert client.fetch(_a(server)).body == _BODY


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_file_that_changed_after_a_break_is_taken_from_the_beginning(
    server: FtpStandIn, client: FtpClient, change: str
) -> None:
    new = b"x" * (len(_BODY) + (change == "size"))
    server.fault("RETR", "reset")
    passed = itertools.count()

    def replaced(path: str) -> None:
        if next(passed) == 1:
            server.add(path, new, _WHEN.replace(minute=30) if change == "time" else _WHEN)

    server.before["SIZE"] = replaced
    assert client.fetch(_a(server)).body == new
    assert server.asked("REST") == []


def test_a_slow_server_is_waited_for(server: FtpStandIn, client: FtpClient, waits: Waits) -> None:
    server.add("/slow", b"0123456789" * 40)
    server.fault("RETR", "slow")
    assert client.fetch(f"{server.url}slow").body == b"0123456789" * 40
    assert waits == []


@pytest.mark.parametrize("verb", ["CONNECT", "USER", "PASS", "SIZE", "PASV", "RETR"])
@pytest.mark.parametrize("trouble", ["drop", "hang", "421 Too many users, come back later"])
def test_what_fails_once_is_tried_again(
    server: FtpStandIn, client: FtpClient, waits: Waits, verb: str, trouble: str
) -> None:
    server.fault(verb, trouble)
    assert client.fetch(_a(server)).body == _BODY
    assert len(waits) == 1


def test_a_transfer_without_a_last_answer_is_tried_again(server: FtpStandIn, client: FtpClient) -> None:
    server.fault("RETR", "silent")
    assert client.fetch(_a(server)).body == _BODY


@pytest.mark.parametrize(
    ("verb", "trouble", "message"),
    [
        ("CONNECT", "421 Too many users", "421 Too many users"),
        ("PASS", "530 Anonymous users: too many", "530 Anonymous"),
        ("RETR", "drop", "server closed the connection"),
        ("RETR", "450 File busy", "450 File busy"),
        ("RETR", "550 It is being used by another process", "another process"),
        ("RETR", "reset", "broke|not called whole"),
        ("SIZE", "hang", "no answer in time"),
    ],
)
def test_what_fails_always_is_given_up_for_now(
    server: FtpStandIn, client: FtpClient, waits: Waits, verb: str, trouble: str, message: str
) -> None:
    server.rest = False
    server.fault(verb, trouble, times=99)
    with pytest.raises(FetchError, match=message) as caught:
        client.fetch("ftp://oda.ft.dk/ODAXML/20311/a.xml", actual=_a(server))
    assert (caught.value.passing, caught.value.gone, caught.value.unavailable) == (True, False, False)
    assert caught.value.url == "ftp://oda.ft.dk/ODAXML/20311/a.xml"
    assert len(waits) == 2


def test_a_size_that_is_wrong_is_never_taken_for_a_whole_file(server: FtpStandIn, client: FtpClient) -> None:
    for wrong in (100_000, 10):
        server.sizes["/ODAXML/20311/a.xml"] = wrong
        with pytest.raises(FetchError, match=f"76,800 bytes came .* SIZE is {wrong:,}") as caught:
            client.fetch(_a(server))
        assert caught.value.passing


def test_a_missing_file_is_gone_and_asked_for_once(server: FtpStandIn, client: FtpClient, waits: Waits) -> None:
    with pytest.raises(FetchError, match="550 The system cannot find") as caught:
        client.fetch(f"{server.url}ODAXML/none.xml")
    assert (caught.value.status, caught.value.gone, caught.value.unavailable) == (550, True, True)
    assert not caught.value.passing
    assert waits == []


def test_a_forbidden_file_is_there_but_not_for_us(server: FtpStandIn, client: FtpClient) -> None:
    server.fault("RETR", "550 Access is denied.")
    with pytest.raises(FetchError, match="denied") as caught:
        client.fetch(_a(server))
    assert (caught.value.gone, caught.value.unavailable, caught.value.passing) == (False, True, False)


@pytest.mark.parametrize("tells", [True, False])
def test_a_file_that_is_too_large_is_refused(
    server: FtpStandIn, client: FtpClient, tmp_path: Path, tells: bool
) -> None:
    server.size = tells
    server.add("/large", _BODY * 3)
    with pytest.raises(FetchError, match="larger than 150,000 bytes"):
        client.fetch(f"{server.url}large", max_bytes=150_000)
    assert list(tmp_path.iterdir()) == []
    assert len(server.asked("RETR")) == (0 if tells else 1)


def test_an_endless_file_ends_at_the_limit(server: FtpStandIn, client: FtpClient) -> None:
    server.size = False
    server.fault("RETR", "endless")
    with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
        client.fetch(_a(server), max_bytes=1_000_000)


def test_an_endless_file_ends_when_its_time_is_up(server: FtpStandIn, tmp_path: Path) -> None:
    server.fault("RETR", "endless", times=9)
    ticks = itertools.count()
    timing = Timing(sleep=lambda _: None, monotonic=lambda: float(next(ticks)))
    with (
        FtpClient("a@example.org", folder=tmp_path, timing=timing, limits=_LIMITS) as client,
        pytest.raises(FetchError, match="took longer than 60 s") as caught,
    ):
        client.fetch(_a(server))
    assert caught.value.passing


def test_an_endless_answer_ends(server: FtpStandIn, client: FtpClient) -> None:
    server.welcome = "220-" + "\r\n mere" * 1500 + "\r\n220 nu"
    with pytest.raises(FetchError, match="more than 1000 lines"):
        client.fetch(_a(server))
    server.welcome = "220 " + "x" * 20_000
    with pytest.raises(FetchError, match="line of more than 8192 bytes"):
        client.fetch(_a(server))


def test_nobody_there_is_worth_another_night(tmp_path: Path, waits: Waits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with (
        FtpClient("a@example.org", folder=tmp_path, timing=waits.timing(), limits=_LIMITS) as client,
        pytest.raises(FetchError, match="refused") as caught,
    ):
        client.fetch(f"ftp://127.0.0.1:{port}/a.xml")
    assert caught.value.passing
    assert len(waits) == 2


def test_one_connection_serves_many_files(server: FtpStandIn, client: FtpClient, waits: Waits) -> None:
    for _ in range(3):
        client.fetch(_a(server))
    assert len(server.asked("USER")) == 1
    waits.append(31.0)  # so long unused that it is asked whether it still stands
    client.fetch(_a(server))
    assert (len(server.asked("USER")), len(server.asked("NOOP"))) == (1, 1)
    waits.append(31.0)
    server.fault("NOOP", "drop")
    client.fetch(_a(server))
    assert len(server.asked("USER")) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://oda.ft.dk/a.xml",
        "ftp://user:secret@oda.ft.dk/a.xml",
        "ftp:///a.xml",
        "ftp://oda.ft.dk/a%0d%0aDELE%20b.xml",
        "ftp://oda.ft.dk/a/../../b.xml",
        "ftp://oda.ft.dk/a/%2e%2e/b.xml",
    ],
)
def test_other_addresses_are_refused_without_asking_anybody(client: FtpClient, url: str) -> None:
    for ask in (client.fetch, client.entries):
        with pytest.raises(FetchError) as caught:
            ask(url)
        assert not caught.value.passing
        assert "secret" not in f"{caught.value} {caught.value.url}"


# --- folders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listing", "when", "first"),
    [
        ("mlsd", _WHEN, b"type=file;size=76800;modify=20310207100002; a.xml"),
        ("dos", _WHEN.replace(second=0), b"02-07-31  10:00AM                76800 a.xml"),
        ("unix", _WHEN.replace(hour=0, second=0), b"total 7"),
        ("nlst", _WHEN, b"a.xml"),
    ],
)
def test_a_folder_is_read_in_any_kind_of_listing(
    server: FtpStandIn, client: FtpClient, listing: Listing, when: datetime, first: bytes
) -> None:
    server.listing = listing
    raw, entries = client.entries(f"{server.url}ODAXML/20311/")
    assert entries == [Entry(name="a.xml", size=76_800, modified=when), Entry(name="b c.xml", size=4, modified=when)]
    assert raw.split(b"\r\n")[0] == first
    raw, entries = client.entries(f"{server.url}ODAXML")
    assert [(entry.name, entry.size, entry.is_folder) for entry in entries] == [
        ("20311", None, True),
        ("20312", None, True),
    ]
    if listing != "mlsd":
        assert len(server.asked("MLSD")) == 1


def test_a_folder_by_name_alone_where_even_size_is_not_told(server: FtpStandIn, client: FtpClient) -> None:
    server.listing, server.size, server.mdtm = "nlst", False, False
    assert client.entries(f"{server.url}ODAXML/20312")[1] == [Entry(name="a.xml")]
    assert client.entries(f"{server.url}ODAXML")[1][1] == Entry(name="20312", is_folder=True)


def test_names_that_no_file_could_have_are_passed_over(server: FtpStandIn, client: FtpClient) -> None:
    for name in (b"../../etc/x", b"a/b", b"a\\b", b"a\x1bb", b"..", b".", b"x" * 300, b"a\xc2\x85b", b"a\xe2\x80\xa8b"):
        server.line(b"type=file;size=1; " + name)
    assert [entry.name for entry in client.entries(f"{server.url}ODAXML/20312")[1]] == ["a.xml"]


def test_a_listing_that_cannot_be_read_to_the_last_line_is_none(server: FtpStandIn, client: FtpClient) -> None:
    server.line(b"<html>Vi er straks tilbage</html>")
    entries = client.entries(f"{server.url}ODAXML/20312")[1]
    assert "NLST" in server.commands
    assert [entry.name for entry in entries] == ["a.xml"]


def test_names_in_another_encoding_are_read(server: FtpStandIn, client: FtpClient) -> None:
    server.utf8_names = False
    server.add("/ODAXML/20312/mødet.xml", b"x")
    assert [entry.name for entry in client.entries(f"{server.url}ODAXML/20312")[1]] == ["a.xml", "mødet.xml"]


@pytest.mark.parametrize("trouble", ["reset", "silent", "drop", "hang", "421 Too many users"])
def test_a_listing_that_breaks_is_asked_for_again(server: FtpStandIn, client: FtpClient, trouble: str) -> None:
    server.fault("MLSD", trouble)
    assert len(client.entries(f"{server.url}ODAXML/20311")[1]) == 2


def test_an_endless_listing_ends_at_the_limit(server: FtpStandIn, client: FtpClient) -> None:
    server.fault("MLSD", "endless")
    with pytest.raises(FetchError, match="listing of more than 20,000,000 bytes"):
        client.entries(f"{server.url}ODAXML/20311")


def test_a_missing_folder_is_not_said_to_be_gone_for_good(server: FtpStandIn, client: FtpClient) -> None:
    with pytest.raises(FetchError, match="550") as caught:
        client.entries(f"{server.url}ODAXML/20999")
    assert (caught.value.gone, caught.value.unavailable, caught.value.passing) == (False, True, False)


def test_a_server_that_lists_nothing_says_so(server: FtpStandIn, client: FtpClient) -> None:
    for verb in ("MLSD", "LIST", "NLST"):
        server.fault(verb, "502 Command not implemented")
    with pytest.raises(FetchError, match="knows neither MLSD, LIST nor NLST"):
        client.entries(f"{server.url}ODAXML")


# --- lines of listings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("02-07-31  10:00AM                76800 a.xml", Entry(name="a.xml", size=76_800, modified=_WHEN)),
        ("02-07-31  12:05AM       <DIR>          20311",
         Entry(name="20311", modified=_WHEN.replace(hour=0, minute=5), is_folder=True)),
        ("02-07-2031  22:00                5 a b.xml", Entry(name="a b.xml", size=5, modified=_WHEN.replace(hour=22))),
        ("12-31-99  12:30PM  5 a", Entry(name="a", size=5, modified=datetime(1999, 12, 31, 12, 30, tzinfo=UTC))),
        ("13-31-99  12:30PM  5 a", Entry(name="a", size=5)),
        ("02-07-31  13:30PM  5 a", Entry(name="a", size=5)),
        ("-rw-r--r--   1 ftp  ftp   5 Feb  7 10:00 a", Entry(name="a", size=5, modified=_WHEN)),
        ("-rw-r--r--   1 ftp  ftp   5 Dec  7 10:00 a",
         Entry(name="a", size=5, modified=_WHEN.replace(year=2030, month=12))),
        ("-rw-r--r--   1 ftp  ftp   5 Feb 11 11:00 a",
         Entry(name="a", size=5, modified=_WHEN.replace(day=11, hour=11))),
        ("-rw-r--r--+  1 0 5 Dec  7  2023 a", Entry(name="a", size=5, modified=datetime(2023, 12, 7, tzinfo=UTC))),
        ("-rw-r--r--  1 0 0 5 2031-02-07 10:00 a", Entry(name="a", size=5, modified=_WHEN)),
        ("-rw-r--r--  1 0 0 5 Foo  7  2023 a", Entry(name="a", size=5)),
        ("drwxr-xr-x  2 0 0 4096 Feb  7 10:00 20311", Entry(name="20311", modified=_WHEN, is_folder=True)),
        ("lrwxrwxrwx  1 0 0 9 Feb  7 10:00 a -> ../b", Entry(name="a")),
    ],
)  # fmt: skip
def test_a_line_of_list_is_read(line: str, entry: Entry) -> None:
    expected = replace(entry, modified=entry.modified.replace(second=0)) if entry.modified else entry
    assert parse_list(line.encode(), _NOW) == [expected]


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("type=file;size=5;modify=20310207100002.123; a b", [Entry(name="a b", size=5, modified=_WHEN)]),
        ("Size=5;Type=FILE; a", [Entry(name="a", size=5)]),
        ("type=dir;modify=20310207100002; a", [Entry(name="a", modified=_WHEN, is_folder=True)]),
        ("type=cdir; ODAXML", []),
        ("type=pdir; ..", []),
        (" a", [Entry(name="a")]),
        ("modify=20311307100002;size=-5; a", [Entry(name="a")]),
        ("a", None),
        ("type=file a", None),
    ],
)
def test_a_line_of_mlsd_is_read(line: str, entries: list[Entry] | None) -> None:
    assert parse_mlsd(line.encode()) == entries


@given(st.binary(max_size=200))
def test_no_listing_breaks_the_reader_or_gives_an_unsafe_name(raw: bytes) -> None:
    for found in (parse_mlsd(raw), parse_list(raw, _NOW)):
        assert all(safe_name(entry.name) for entry in found or ())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=MAX_NAME))
def test_a_safe_name_comes_back_as_it_was(name: str) -> None:
    found = parse_mlsd(f"type=file; {name}\r\n".encode())
    if safe_name(name):
        assert found == [Entry(name=name)]
