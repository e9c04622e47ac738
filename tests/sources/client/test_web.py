"""How failures of a connection are told."""

from __future__ import annotations

import ssl

import httpx
import pytest

from sources.client._urls import Place
from sources.client._web import Answer, _broken

PLACE = Place("https://laws.example/law.xml", "https://laws.example/law.xml")


@pytest.mark.parametrize(
    ("error", "message", "again"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), "could not be reached: [Errno -2] Name or", True),
        (httpx.ConnectTimeout("timed out"), "did not accept a connection in time: timed out", True),
        (httpx.ReadTimeout(""), "stopped answering", True),
        (httpx.RemoteProtocolError("peer closed"), "broke off: peer closed", True),
    ],
)
def test_a_broken_connection_is_told_and_tried_again(error: httpx.TransportError, message: str, again: bool) -> None:
    found = _broken(PLACE.official, PLACE, error)
    assert str(found).startswith(f"https://laws.example/law.xml {message}")
    assert (found.passing, found.again, found.status) == (True, again, None)


def test_a_bad_certificate_is_not_tried_again_at_once() -> None:
    error = httpx.ConnectError("[SSL]")
    error.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    found = _broken(PLACE.official, PLACE, error)
    assert "has a certificate that is not valid: " in str(found)
    assert (found.passing, found.again) == (True, False)


@pytest.mark.parametrize(("status", "phrase"), [(404, "404 Not Found"), (520, "520")])
def test_a_status_is_told_in_words_where_it_has_some(status: int, phrase: str) -> None:
    assert Answer(PLACE.official, PLACE, httpx.Response(status)).phrase == phrase


def test_headers_are_cleaned() -> None:
    raw = httpx.Response(200, headers=[("ETag", "\x1b[31m1"), ("Link", "a"), ("Link", "b"), ("Set-Cookie", "x")])
    assert Answer(PLACE.official, PLACE, raw).headers == {"etag": "[31m1", "link": "a, b"}
