"""Bringing evidence in: from addresses, e-mails, PDFs and files; and comparing two captures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from flows.evidence import compare, gather
from flows.reviewing import dossier, record_decision
from frisat.errors import FrisatError, UsageError
from licensing import Register
from tests.standins.http import HttpStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk

PAGE = "<!DOCTYPE html><html><nav>{}</nav><p>Teksterne må bruges frit under CC0 1.0.</p>{}"
TERMS = "https://example.org/terms"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpStandIn]:
    """The server of a publisher that is asked as example.org."""
    with HttpStandIn() as server:
        monkeypatch.setenv("FRISAT_CONTACT", "mailto:data@example.org")
        monkeypatch.setenv(
            "FRISAT_MIRRORS", f"https://example.org/={server.url} https://www.retsinformation.dk/={server.url}"
        )
        yield server


def _pdf(*lines: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(72, 720 - 14 * number, line)
    canvas.save()
    return file.getvalue()


def test_an_address(site: HttpStandIn) -> None:
    body = PAGE.format("", "").encode("iso8859-15")
    site.add("/terms", body, content_type="text/html; charset=ISO-8859-15", headers={"tdm-reservation": "0"})
    found = gather(TERMS, scope="item", kind=None)
    assert (found.content, found.name, found.kind, found.scope) == (body, TERMS, "terms_page", "item")
    assert (found.charset, found.url, found.status) == ("iso-8859-15", TERMS, 200)
    assert found.headers is not None
    assert found.headers["content-type"] == "text/html; charset=ISO-8859-15"
    assert found.signals == {"robots": "none", "tdm": {"reservation": 0, "from": "header"}}
    assert found.retrieved_at is not None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://example.org/tdm", "terms_page"),
        ("https://example.org/robots.txt", "robots"),
        ("https://example.org/.well-known/tdmrep.json", "tdmrep"),
        ("https://www.retsinformation.dk/eli/lta/2023/1093", "statute"),
    ],
)
def test_kinds_of_addresses(site: HttpStandIn, url: str, kind: str) -> None:
    path = "/" + url.split("/", 3)[3]
    site.add(path, b"[]")
    assert gather(url).kind == kind
    assert gather(url, kind="page_statement").kind == "page_statement"


def test_an_address_that_is_gone(site: HttpStandIn) -> None:
    with pytest.raises(FrisatError, match="404"):
        gather(TERMS)


def test_nobody_is_asked_without_a_contact(site: HttpStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRISAT_CONTACT")
    with pytest.raises(UsageError, match="set FRISAT_CONTACT to an e-mail address"):
        gather(TERMS)
    assert site.requests == []


def test_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "terms.pdf"
    path.write_bytes(_pdf("Teksterne er frie.", "Alle kan bruge dem."))
    found = gather(str(path))
    assert (found.kind, found.text_by) == ("licence_file", "pdf")
    assert "Alle kan bruge dem." in " ".join((found.text or "").split())


@pytest.mark.parametrize("content", [b"%PDF-1.7 nonsense", _pdf()])
def test_a_pdf_without_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "terms.pdf"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"Give its text as a file of its own \(\.txt\) that says where it is from"):
        gather(str(path))


# Deciding


def _decide(desk: Desk, evidence: Path | str, quote: str = "under CC0 1.0", **known: Any) -> dict[str, Any]:
    with desk.workspace.lock("test"):
        return record_decision(desk.workspace, desk.proposal("minutes"), evidence, quote, **known)


def _evidence(desk: Desk) -> list[dict[str, Any]]:
    return [dict(e.body) for e in Register(desk.workspace.register).entries() if e.kind == "evidence"]


def test_a_decision_on_an_address(desk: Desk, site: HttpStandIn) -> None:
    desk.deliver("minutes", desk.minutes(1))
    site.add("/terms", PAGE.format("", ""), content_type="text/html")
    _decide(desk, TERMS, scope="item")
    (body,) = _evidence(desk)
    assert (body["url"], body["kind"], body["scope_stated"], body["http_status"]) == (TERMS, "terms_page", "item", 200)
    (decision,) = dossier(desk.workspace, "minutes")["decisions"]
    assert decision["evidence"] == [f"{TERMS}: “under CC0 1.0” ({body['evidence_id']}, covers: item)"]
    (desk.workspace.register / "evidence" / body["raw_sha256"]).unlink()
    (decision,) = dossier(desk.workspace, "minutes")["decisions"]
    assert decision["evidence"] == [
        f"{TERMS}: “under CC0 1.0” ({body['evidence_id']}, covers: item)"
        f" – the bytes of {TERMS} ({body['evidence_id']}) are gone or were changed"
    ]


def test_a_decision_on_an_address_that_is_gone_leaves_nothing(desk: Desk, site: HttpStandIn) -> None:
    desk.deliver("minutes", desk.minutes(1))
    with pytest.raises(FrisatError, match="404"):
        _decide(desk, TERMS)
    assert not desk.workspace.register.exists()


def test_a_decision_on_confidential_evidence(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(1))
    secret = desk.root / "agreement.pdf"
    secret.write_bytes(_pdf("The price is 17.", "Released under CC0 1.0."))
    _decide(desk, secret, confidential=True, redacted=_pdf("Released under CC0 1.0."))
    (body,) = _evidence(desk)
    assert body["confidential"] is True
    assert body["redacted_sha256"] != body["raw_sha256"]
    kept = {path.name for path in (desk.workspace.register / "evidence").iterdir()}
    assert kept == {body["redacted_sha256"], body["text_sha256"]}


# Comparing


def test_comparing_with_what_the_address_says_now(desk: Desk, site: HttpStandIn) -> None:
    desk.deliver("minutes", desk.minutes(1))
    site.add("/terms", PAGE.format("Forside", ""), content_type="text/html")
    _decide(desk, TERMS)
    (body,) = _evidence(desk)
    site.add("/terms", PAGE.format("Hjem", ""), content_type="text/html")
    first = compare(desk.workspace, body["evidence_id"], None)
    assert first == {
        "before": f"{body['evidence_id']} ({TERMS}, {body['retrieved_at'][:10]})", "after": TERMS, "changed": False,
        "removed": [], "added": [], "reordered": False, "reserved_anew": [],
    }  # fmt: skip
    site.add("/terms", PAGE.format("Hjem", "<p>De må ikke bruges til AI-træning."), content_type="text/html")
    changed = compare(desk.workspace, body["evidence_id"], None)
    assert (changed["changed"], changed["added"]) == (True, ["De må ikke bruges til AI-træning."])
    assert [one["kind"] for one in changed["reserved_anew"]] == ["tdm"]
    _decide(desk, TERMS)
    assert _evidence(desk)[1]["supersedes"] == body["evidence_id"]
    again = compare(desk.workspace, body["evidence_id"], _evidence(desk)[1]["evidence_id"])
    assert again["added"] == changed["added"]


def test_comparing_files(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.format("A", ""))
    (tmp_path / "b.txt").write_text("Teksterne må bruges frit\nunder CC0 1.0.")
    found = compare(desk.workspace, str(tmp_path / "a.html"), str(tmp_path / "b.txt"))
    assert (found["changed"], found["before"], found["after"]) == (False, "a.html", "b.txt")


def test_what_cannot_be_compared(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Released under CC0 1.0.")
    desk.deliver("minutes", desk.minutes(1))
    _decide(desk, path)
    (body,) = _evidence(desk)
    with pytest.raises(UsageError, match=r"no evidence is called e-0; 'frisat review show SOURCE' lists a source's"):
        compare(desk.workspace, "e-0", None)
    for before in (str(path), body["evidence_id"]):
        with pytest.raises(UsageError, match="was not captured from an address; say what to compare it with"):
            compare(desk.workspace, before, None)
    (desk.workspace.register / "evidence" / body["raw_sha256"]).unlink()
    (desk.workspace.register / "evidence" / body["text_sha256"]).unlink(missing_ok=True)
    with pytest.raises(UsageError, match=r"the evidence e-\w+ \(a\.txt\) is gone; restore register/evidence"):
        compare(desk.workspace, body["evidence_id"], str(path))
