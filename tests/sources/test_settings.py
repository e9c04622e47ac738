"""What whoever runs frisat sets for its way into the network."""

from __future__ import annotations

import pytest

from frisat.errors import UsageError
from sources import contact
from sources.settings import mirrors


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", None),
        ("  ", None),
        ("data@example.org", "mailto:data@example.org"),
        ("mailto:data@example.org", "mailto:data@example.org"),
        (" https://example.org/about ", "https://example.org/about"),
    ],
)
def test_contacts(monkeypatch: pytest.MonkeyPatch, value: str, said: str | None) -> None:
    monkeypatch.setenv("FRISAT_CONTACT", value)
    assert contact() == said


@pytest.mark.parametrize("value", ["me", "a b@example.org", "mailto:a\r\nX-Evil: 1", "ftp://example.org"])
def test_what_is_no_contact(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRISAT_CONTACT", value)
    with pytest.raises(UsageError, match="give an e-mail address or the URL of a page"):
        contact()


def test_mirrors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRISAT_MIRRORS", "https://a.dk/=http://127.0.0.1:1/  ftp://b.dk/=ftp://127.0.0.1:2/x=y/")
    assert mirrors() == {"https://a.dk/": "http://127.0.0.1:1/", "ftp://b.dk/": "ftp://127.0.0.1:2/x=y/"}
    monkeypatch.delenv("FRISAT_MIRRORS")
    assert mirrors() == {}


@pytest.mark.parametrize("value", ["https://a.dk/", "a=b", "https://a.dk/=", "=http://b/"])
def test_what_is_no_mirror(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRISAT_MIRRORS", value)
    with pytest.raises(UsageError, match="is not of the form OFFICIAL_URL=MIRROR_URL"):
        mirrors()
