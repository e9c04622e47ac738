"""Addresses, mirrors, and where a redirect may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._urls import Mirrors, Place, check, follow, is_private, origin, target
from sources.client.fetching import FetchError, without_userinfo

LAW = Place("http://laws.example/law.xml", "http://laws.example/law.xml")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "a.localhost", "localhost.", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
     "0177.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0",  # noqa: S104
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "ff02::1",
     "127。0。0。1", "１２７.0.0.1", "ⓛocalhost"],
)  # fmt: skip
def test_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["laws.example", "8.8.8.8", "2001:4860:4860::8888", "localhost.example", "10.example"])
def test_public(host: str) -> None:
    assert not is_private(host)


@given(st.text())
def test_any_host_is_private_or_not(host: str) -> None:
    assert isinstance(is_private(host), bool)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://laws.example:443/a?b", "https://laws.example/"),
        ("https://LAWS.example:8443", "https://laws.example:8443/"),
        ("http://[::1]:80/a", "http://[::1]/"),
        ("ftp://laws.example:2121/a", "ftp://laws.example:2121/"),
    ],
)
def test_origin(url: str, found: str) -> None:
    assert origin(url) == found


def test_target() -> None:
    assert target("https://laws.example") == "/"
    assert target("https://laws.example/a%20b?c=d#e") == "/a%20b?c=d"


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/",
     "http://2130706433/", "http://0x7f.1/", "http://[::ffff:192.168.0.1]/", "http://a.localhost./"],
)  # fmt: skip
def test_a_redirect_into_a_network_is_refused_unless_it_began_there(location: str) -> None:
    with pytest.raises(FetchError, match="an address inside a network; refused"):
        follow(LAW, location, Mirrors({}), inside=False, url=LAW.official)
    assert follow(LAW, location, Mirrors({}), inside=True, url=LAW.official).actual == location


def test_a_redirect_from_https_to_http_is_refused() -> None:
    place = Place("https://laws.example/law.xml", "https://laws.example/law.xml")
    with pytest.raises(FetchError, match=r"redirects from https to http://laws\.example/law\.xml; refused"):
        follow(place, "http://laws.example/law.xml", Mirrors({}), inside=False, url=place.official)


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("/a b.xml", "http://laws.example/a%20b.xml"),
        (" b.xml ", "http://laws.example/b.xml"),
        ("//other.example/b", "http://other.example/b"),
        ("https://other.example/b#part", "https://other.example/b"),
        ("?page=2", "http://laws.example/law.xml?page=2"),
        ("/æ", "http://laws.example/æ"),
    ],
)
def test_a_redirect_is_read_as_browsers_do(location: str, found: str) -> None:
    assert follow(LAW, location, Mirrors({}), inside=False, url=LAW.official) == Place(found, found)


def test_a_redirect_within_a_mirror_keeps_its_official_address() -> None:
    mirrors = Mirrors({"https://laws.example/": "http://mirror.example/laws/"})
    place = mirrors.place("https://laws.example/a")
    assert place == Place("https://laws.example/a", "http://mirror.example/laws/a")
    assert follow(place, "b", mirrors, inside=False, url=place.official) == mirrors.place("https://laws.example/b")
    assert follow(place, "https://laws.example/c", mirrors, inside=False, url=place.official) == mirrors.place(
        "https://laws.example/c"
    )


@given(st.text())
def test_a_redirect_leads_somewhere_or_is_refused(location: str) -> None:
    try:
        place = follow(LAW, location, Mirrors({}), inside=False, url=LAW.official)
    except FetchError as error:
        assert not error.passing
    else:
        assert place.actual.startswith(("http://", "https://"))


@given(st.text())
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        check(url, official=url, schemes=("http", "https"))
    except FetchError as error:
        assert not error.passing


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://u:p@a.example/b", "https://a.example/b"),
        ("see ftp://u@p@a.example/x@y and //u:p@b.example", "see ftp://a.example/x@y and //b.example"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("https://a.example/x@y?z=//b@c", "https://a.example/x@y?z=//c"),
    ],
)
def test_user_names_and_passwords_are_taken_out(text: str, clean: str) -> None:
    assert without_userinfo(text) == clean
