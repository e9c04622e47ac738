"""What a body looks like, held against what was promised."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._promises import describe, head_of, is_challenge, unkept
from sources.client.fetching import Kind

PAGE = b"<!DOCTYPE html><html><head><title>Lov</title></head></html>"
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("pdf", b"%PDF-1.4"),
        ("pdf", b"\n" * 1000 + b"%PDF-2.0"),
        ("zip", b"PK\x03\x04"),
        ("zip", b"PK\x05\x06"),
        ("docx", b"PK\x03\x04"),
        ("json", b"{}"),
        ("json", BOM + b' [{"a": 1}]'),
        ("json", b"null"),
        ("json", b"-1"),
        ("json", '{"æ": 1}'.encode("utf-16")),
        ("xml", b"<law/>"),
        ("xml", BOM + b'\r\n<?xml version="1.0"?><law/>'),
        ("xml", '<?xml version="1.0"?><law/>'.encode("utf-16")),
        ("xml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
        ("xml", b"<headline/>"),
        ("html", PAGE),
        ("html", b"<p>Lov</p>"),
        ("html", b"<!-- a --><!-- b --> <HTML>"),
        ("html", "<p>Lov nr. 1 om h\xf8ring</p>".encode("latin-1")),
        ("text", b"Lov <nr> 1"),
        ("text", "Høring".encode("utf-16")),
        ("any", b"\0"),
    ],
)
def test_is_kept(kind: Any, head: bytes) -> None:
    assert unkept(kind, head) is None


@pytest.mark.parametrize(
    ("kind", "head", "wrong"),
    [
        ("pdf", b"x\n" * 512 + b"%PDF", "is text that begins '" + r"x\n" * 30 + "' instead of a PDF"),
        ("xml", PAGE, "is an HTML page titled 'Lov' instead of XML"),
        ("xml", b"<!-- a --><html>", "is an HTML page instead of XML"),
        ("text", PAGE, "is an HTML page titled 'Lov' instead of plain text"),
        ("json", b"nothing here", "is text that begins 'nothing here' instead of JSON"),
        ("json", b"<law/>", "is text that begins '<law/>' instead of JSON"),
        ("html", b"%PDF-1.4 <p>", "is a PDF instead of an HTML page"),
        ("html", b"Lov", "is text that begins 'Lov' instead of an HTML page"),
        ("docx", b"\xd0\xcf\x11\xe0\0", "is bytes that begin b'\\xd0\\xcf\\x11\\xe0\\x00' instead of a Word document"),
        ("any", b"", "is empty"),
        ("zip", b"", "is empty instead of a ZIP archive"),
    ],
)
def test_is_not_kept(kind: Any, head: bytes, wrong: str) -> None:
    assert unkept(kind, head) == wrong


@given(st.sampled_from(get_args(Kind)), st.binary())
def test_any_bytes_are_kept_or_described(kind: Any, head: bytes) -> None:
    wrong = unkept(kind, head)
    assert wrong is None or wrong.startswith("is ")
    assert describe(head).isprintable()


@pytest.mark.parametrize(
    ("page", "challenge"),
    [
        (b"<html><title>Just a moment...</title>", True),
        (b"<!doctype html><html><script>window._cf_chl_opt={}</script>", True),
        (b"<html><head><title>Making sure you&#39;re not a bot!</title>", True),
        (b"<html><title>Lov</title><p>Just a moment, _cf_chl is a word</p>", False),
        (b"<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", False),
        (b"Just a moment...", False),
        (b'{"title": "<title>Just a moment...</title>"}', False),
    ],
)
def test_a_challenge_is_told_from_a_page_that_speaks_of_one(page: bytes, challenge: bool) -> None:
    assert is_challenge({}, page) is challenge


def test_a_challenge_says_so_in_its_headers() -> None:
    assert is_challenge({"cf-mitigated": "Challenge"}, b"")
    assert is_challenge({"x-amzn-waf-action": "challenge"}, b"")
    assert not is_challenge({"cf-mitigated": "none"}, b"")


def test_hostile_pages_take_no_time() -> None:
    assert unkept("xml", b"<!-- -->" * 8000) is None
    assert not is_challenge({}, b"<!--" * 16_000)
    assert unkept("html", b"<title" * 10_000) is None


def test_the_head_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    body = b"abc" * 50_000
    (tmp_path / "body").write_bytes(body)
    assert head_of(tmp_path / "body") == head_of(body) == body[:65_536]
