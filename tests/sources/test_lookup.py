"""Looking at single pages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from frisat.errors import FrisatError, NotTextError, UsageError
from sources import look_up, pdf_text
from tests.standins.http import HttpStandIn

URL = "https://example.org/terms"


def test_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpStandIn() as server:
        monkeypatch.setenv("FRISAT_CONTACT", "data@example.org")
        monkeypatch.setenv("FRISAT_MIRRORS", f"https://example.org/={server.url}")
        server.add("/terms", "Alt er frit.", headers={"X-Robots-Tag": "noai"})
        found = look_up(URL, tmp_path)
        assert (found.url, found.status, found.body) == (URL, 200, b"Alt er frit.")
        assert found.signals == {"robots": "none", "x_robots_tag": "noai"}
        server.add("/robots.txt", "User-agent: *\nDisallow: /\n")
        with pytest.raises(FrisatError, match=r"robots\.txt forbids https://example\.org/terms"):
            look_up(URL, tmp_path)


def test_a_contact_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRISAT_CONTACT", raising=False)
    with pytest.raises(UsageError, match="set FRISAT_CONTACT to an e-mail address or a page"):
        look_up(URL, tmp_path)


def test_the_text_of_a_pdf() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.drawString(72, 720, "Alt er frit.")
    canvas.save()
    assert pdf_text(file.getvalue()) == "Alt er frit."
    with pytest.raises(NotTextError):
        pdf_text(b"<html>")
