"""What robots.txt, TDMRep and pages say of machines that read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._signals import Robots, Tdm, matches, parse_tdmrep, tdm_of_headers, tdm_of_html, tdm_of_site

BASE = "https://laws.example/acts/1.html"
PATHS = st.text(alphabet="/ab.æ%?", max_size=20).map(lambda text: f"/{text}")


@pytest.mark.parametrize(
    ("pattern", "target", "fits"),
    [
        ("/", "/acts/1.html", True),
        ("/acts/", "/acts/1.html", True),
        ("/acts/", "/acts", False),
        ("/acts", "/acts-of-old/", True),
        ("/*.pdf", "/acts/1.pdf", True),
        ("/*.pdf$", "/acts/1.pdf", True),
        ("/*.pdf$", "/acts/1.pdf?page=2", False),
        ("/acts$", "/acts", True),
        ("/acts$", "/acts/1", False),
        ("/*/b/*/d", "/a/b/c/d", True),
        ("/*/b/*/d", "/a/b/d", False),
        ("/a*a$", "/a", False),
        ("/a*a$", "/aa", True),
        ("*", "/x", True),
        ("", "/x", True),
        ("$", "/x", False),
        ("/%C3%A6/", "/æ/1", True),
        ("/æ/", "/%c3%a6/1", True),
        ("/a?x=1", "/a?x=12", True),
        ("acts", "/acts", False),
    ],
)
def test_a_location_fits_as_in_robots_txt(pattern: str, target: str, fits: bool) -> None:
    assert matches(pattern, target) is fits


@given(PATHS, PATHS)
def test_a_location_without_wildcards_fits_what_begins_with_it(path: str, rest: str) -> None:
    path, rest = path.replace("%", ""), rest.replace("%", "")
    assert matches(path, path + rest)
    assert matches(f"{path}$", path)
    assert not matches(f"{path}$", f"{path}x")


@given(st.lists(PATHS, min_size=1, max_size=4), PATHS)
def test_a_wildcard_stands_for_anything(parts: list[str], between: str) -> None:
    parts, between = [part.replace("%", "") for part in parts], between.replace("%", "")
    assert matches("*".join(parts) + "$", between.join(parts))


@given(st.text(), st.text())
def test_a_location_may_be_anything(pattern: str, target: str) -> None:
    assert isinstance(matches(pattern, target), bool)


def test_a_hostile_location_takes_no_time() -> None:
    assert not matches("/" + "a*" * 5000 + "b$", "/" + "a" * 8000)


def _site(*items: Any, target: str = "/acts/1.html") -> dict[str, Any] | None:
    locations = parse_tdmrep(json.dumps(items).encode())
    assert locations is not None
    return tdm_of_site(locations, target, BASE).as_json()


def test_the_first_location_that_fits_wins() -> None:
    first = {"location": "/acts/", "tdm-reservation": 0}
    second = {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://laws.example/policy"}
    assert _site(first, second) == {"reservation": 0, "from": "tdmrep.json"}
    assert _site(second, first) == {"reservation": 1, "policy": "https://laws.example/policy", "from": "tdmrep.json"}
    assert _site(first, target="/other") is None


@pytest.mark.parametrize("value", [2, -1, True, None, 1.0, "yes", [], {}])
def test_a_value_that_is_neither_0_nor_1_is_unset(value: Any) -> None:
    assert _site({"location": "/acts/", "tdm-reservation": value}, {"location": "/", "tdm-reservation": 1}) is None


@pytest.mark.parametrize("item", [1, "x", None, [], {}, {"location": 1}, {"tdm-reservation": 1}])
def test_what_is_no_location_is_passed_over(item: Any) -> None:
    assert _site(item, {"location": "/", "tdm-reservation": 1, "tdm-policy": 5}) == {
        "reservation": 1,
        "from": "tdmrep.json",
    }


@given(st.binary())
def test_any_bytes_are_read_as_tdmrep_or_not_at_all(body: bytes) -> None:
    found = parse_tdmrep(body)
    assert found is None or all(isinstance(item, dict) for item in found)


def test_headers() -> None:
    assert tdm_of_headers({}, BASE).as_json() is None
    assert tdm_of_headers({"tdm-policy": "/p"}, BASE).as_json() is None
    assert tdm_of_headers({"tdm-reservation": " 1 ", "tdm-policy": "/p"}, BASE).as_json() == {
        "reservation": 1,
        "policy": "https://laws.example/p",
        "from": "header",
    }


@pytest.mark.parametrize(
    ("page", "reservation"),
    [
        (b'<html><head><meta name="tdm-reservation" content="1"></head></html>', 1),
        (b"<META CONTENT=0 NAME='TDM-Reservation'>", 0),
        ('<html><meta name="tdm-reservation" content="1">'.encode("utf-16"), 1),
        (b'<!-- <meta name="tdm-reservation" content="1"> -->', None),
        (b'<p>&lt;meta name="tdm-reservation" content="1"&gt;</p>', None),
        (b'<meta name="tdm-reservation">', None),
        (b"", None),
        (b"\0\xff" * 100, None),
        (b"x" * 70_000 + b'<meta name="tdm-reservation" content="1">', None),
    ],
)
def test_pages(page: bytes, reservation: int | None) -> None:
    assert tdm_of_html(page, BASE).reservation == reservation


@given(st.binary() | st.text(alphabet="<meta nam=\"'/>1-!").map(str.encode))
def test_any_bytes_may_be_a_page(page: bytes) -> None:
    assert tdm_of_html(page, BASE).reservation in (None, 0, 1)


def test_later_overrides_earlier_and_absence_resets_nothing() -> None:
    site = Tdm(1, "https://a.example/p", "tdmrep.json")
    assert site.then(Tdm(None, None, "header")) == site
    assert site.then(Tdm(0, None, "header")) == Tdm(0, "https://a.example/p", "header")
    assert site.then(Tdm(None, "https://b.example/p", "meta")) == Tdm(1, "https://b.example/p", "tdmrep.json")
    assert Tdm().then(site) == site


def test_robots_txt_that_is_not_there_allows_all() -> None:
    robots = Robots(None)
    assert (robots.allows("/x"), robots.delay, robots.as_json()) == (True, 0, {"robots": "none"})


def test_robots_txt_calls_us_by_name() -> None:
    robots = Robots(b"\xef\xbb\xbfUser-agent: Frisat\nDisallow: /a\nCrawl-delay: 2\n\nUser-agent: *\nDisallow: /\n")
    assert [robots.allows(path) for path in ("/a/1", "/b", "/%61")] == [False, True, False]
    assert robots.delay == 2


def test_robots_txt_lines_of_licence_and_use_are_kept_as_they_stand() -> None:
    lines = ["License: https://a.example/rsl", "content-signal: ai-train=no", "Content-Usage: /x train-ai=n"]
    body = "\n".join(["User-agent: *", f"  {lines[0]}  ", *lines[1:], "# License: no", "Licensee: x"])
    assert Robots(body.encode()).lines == lines
    assert len(Robots(b"License: x\n" * 1000).lines) == 20
    assert Robots(b"License: " + b"x" * 5000).lines == ["License: " + "x" * 991]


@given(st.binary())
def test_any_bytes_may_be_a_robots_txt(body: bytes) -> None:
    robots = Robots(body)
    assert isinstance(robots.allows("/x"), bool)
    assert 0 <= robots.delay < float("inf")
