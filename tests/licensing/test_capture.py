"""Capturing evidence, and whether it still holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from frisat.errors import UsageError
from frisat.files import sha256
from licensing import (
    Capture,
    Evidence,
    Register,
    capture,
    evidence_bytes,
    evidence_faults,
    evidence_text,
    file_capture,
)


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    return Register(tmp_path / "register")


def test_a_page(register: Register) -> None:
    given = Capture(
        content="<html><p>Alt må bruges – også i erhverv.</p>".encode("cp1252"),
        name="https://example.org/terms",
        kind="terms_page",
        scope="item",
        url="https://example.org/terms",
        final_url="https://example.org/vilkaar",
        status=200,
        headers={"content-type": "text/html"},
        signals={"robots": "allowed"},
        retrieved_at=datetime(2041, 1, 2, 3, tzinfo=UTC),
    )
    body = capture(register, "minutes", given, "må bruges – også").body()
    assert len({body.pop(name) for name in ("evidence_id", "raw_sha256", "text_sha256")}) == 3
    assert body == {
        "quote": "må bruges – også",
        "quote_start": 4,
        "quote_end": 20,
        "quote_line": 1,
        "name": "https://example.org/terms",
        "source": "minutes",
        "retrieved_at": "2041-01-02T03:00:00.000+00:00",
        "kind": "terms_page",
        "scope_stated": "item",
        "text_version": 2,
        "url": "https://example.org/terms",
        "final_url": "https://example.org/vilkaar",
        "http_status": 200,
        "headers": {"content-type": "text/html"},
        "signals": {"robots": "allowed"},
    }


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    assert file_capture(path, scope="item") == Capture(content=b"x", name="a.txt", kind="licence_file", scope="item")


def test_what_it_covers_is_part_of_what_it_is(register: Register) -> None:
    ids = {
        capture(register, "m", Capture(content=b"CC0", name="t", scope=scope), "CC0").evidence_id()
        for scope in (None, "platform", "collection", "item", "annotation")
    }
    assert len(ids) == 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "rumour"}, "'rumour' is no kind of evidence; choose from terms_page, licence_file"),
        ({"scope": "world"}, "'world' is no scope of evidence; choose from platform, collection, item, annotation"),
        ({"confidential": True}, "t is confidential: give a redacted copy to keep"),
    ],
)
def test_what_does_not_fit_is_refused(register: Register, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        capture(register, "m", Capture(**{"content": b"CC0", "name": "t", **wrong}), "CC0")
    assert not register.folder.exists()


def test_html_that_is_too_large(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensing.capturing._MAX_HTML_BYTES", 1_000)
    with pytest.raises(UsageError, match=r"evidence t is larger than 1,000 bytes of HTML; give the page or file"):
        capture(register, "m", Capture(content=b"<html><p>" + b"frit " * 250, name="t"), "frit")
    assert not register.folder.exists()
    assert capture(register, "m", Capture(content=b"frit " * 250, name="t"), "frit").quote_start == 0


def test_terms_of_fifty_megabytes_have_an_answer(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "terms.html"
    path.write_bytes(b"<html><p>" + b"x" * 50_000_000)
    for huge in (path, Capture(content=path.read_bytes(), name=str(path))):
        with pytest.raises(UsageError, match=r"evidence .*terms\.html is larger than 50,000,000 bytes"):
            capture(register, "m", huge, "x")


def test_text_that_is_too_long(register: Register) -> None:
    words = b"Alt er frit.\n\n" * 160_000
    with pytest.raises(UsageError, match=r"evidence t is larger than 2,000,000 characters of text; give the page"):
        capture(register, "m", Capture(content=words, name="t"), "Alt er frit")
    assert not register.folder.exists()


def test_text_that_somebody_else_has_read(register: Register) -> None:
    given = Capture(content=b"%PDF-1.7 ...", name="a.pdf", text="First <p>.\n\nAll is\nfree.", text_by="pdf")
    found = capture(register, "m", given, "All is free.")
    assert (found.text_by, found.quote_line) == ("pdf", 2)
    assert evidence_text(register, found.body()) == "First <p>.\nAll is free."
    assert evidence_faults(register, found.body()) == []


MAIL = b"""From: =?utf-8?q?S=C3=B8ren?= Opdigtet <so@example.org>
To: private.person@example.org
Date: Fri, 1 Mar 2041 12:00:00 +0100
Subject: Brug af teksterne
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

I m=E5 bruge teksterne
frit.

Med venlig hilsen
--y
Content-Type: text/html; charset=utf-8

<html><p>Noget andet</p>
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename=aftale.pdf

JVBERi0=
--x--
"""


def test_a_mail(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "svar.EML"
    path.write_bytes(MAIL)
    found = capture(register, "m", path, "må bruge teksterne frit")
    assert (found.kind, found.issued_by, found.issued_on) == ("email", "example.org", "2041-03-01")
    assert evidence_text(register, found.body()) == (
        "From: Søren Opdigtet <so@example.org>\nDate: Fri, 01 Mar 2041 12:00:00 +0100\nSubject: Brug af teksterne\n"
        "I må bruge teksterne frit.\nMed venlig hilsen\n[attached: aftale.pdf]"
    )
    assert "Opdigtet" not in str(found.body())


HOSTILE_MAILS = [
    b"", b"\0\xff", b"From: <\n\n", b"Date: yesterday\n\nx", b"Content-Type: multipart/mixed; boundary=\n\nx",
    b"Content-Type: text/plain; charset=\xff\n\nx", b"Content-Type: text/plain; charset=hex\n\nx",
    b"From: " + b"(" * 10_000 + b"\n\nx", b"Content-Transfer-Encoding: base64\n\n!!!!",
    b"Content-Type: message/rfc822\n\n" * 500, b"Date: Fri, 99 Mar 99999 99:99:99 +9999\n\nx",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE_MAILS)
def test_mails_that_are_none(register: Register, content: bytes) -> None:
    with pytest.raises(UsageError, match=r"the quote does not stand in|is no e-mail that can be read"):
        capture(register, "m", Capture(content=content, name="m", kind="email"), "Everything is free")


def test_confidential_evidence_keeps_the_redacted_copy_alone(register: Register) -> None:
    secret, shown = b"Price 17. All may be published.", b"Price [..]. All may be published."
    given = Capture(content=secret, name="a.txt", kind="agreement", confidential=True, redacted=shown)
    found = capture(register, "m", given, "All may be published.")
    body = found.body()
    assert (body["raw_sha256"], body["redacted_sha256"], body["confidential"]) == (sha256(secret), sha256(shown), True)
    assert register.bytes_of(found.raw_sha256) is None
    assert evidence_bytes(register, body) == shown
    assert evidence_faults(register, body) == []
    assert not any(b"17" in path.read_bytes() for path in register.folder.rglob("*") if path.is_file())
    with pytest.raises(UsageError, match="the quote does not stand"):
        capture(register, "m", given, "Price 17")


def test_a_later_capture_supersedes_the_earlier(register: Register) -> None:
    def keep(content: bytes, name: str = "t", source: str = "m", **more: Any) -> Evidence:
        found = capture(register, source, Capture(content=content, name=name, **more), "free")
        register.append([("evidence", found.body())])
        return found

    first = keep(b"free")
    assert first.supersedes is None
    second = keep(b"free too")
    assert second.supersedes == first.evidence_id()
    assert keep(b"free too").supersedes == first.evidence_id()
    assert keep(b"free", name="other").supersedes is None
    assert keep(b"free", source="other").supersedes is None
    page = keep(b"free", url="https://example.org/t")
    assert page.supersedes is None
    assert keep(b"as free", url="https://example.org/t").supersedes == page.evidence_id()


def test_evidence_that_is_gone_or_changed(register: Register) -> None:
    found = capture(register, "m", Capture(content=b"All  is free.", name="t"), "is free")
    body = found.body()
    assert evidence_faults(register, body) == []
    misplaced = [f"the quote does not stand where it should in t ({found.evidence_id()})"]
    assert evidence_faults(register, {**body, "quote_start": 3}) == misplaced
    assert evidence_faults(register, {**body, "quote": "is not"}) == misplaced
    (register.folder / "evidence" / found.text_sha256).unlink()
    assert evidence_faults(register, body) == [
        f"the text of t ({found.evidence_id()}) is not the one that was captured"
    ]
    path = register.folder / "evidence" / found.raw_sha256
    path.chmod(0o644)
    path.write_bytes(b"Nothing is free.")
    assert evidence_faults(register, body) == [f"the bytes of t ({found.evidence_id()}) are gone or were changed"]
    assert evidence_text(register, body) is None


def test_evidence_of_the_first_version_still_verifies(register: Register) -> None:
    page = (
        "<!DOCTYPE html><title>Vilk&aring;r</title><nav>Forside</nav><p>Frit under\n <b>CC0</b>&nbsp;1.0, ogs&aring; i "
        "er<i>hverv</i>.<ul><li><a>Et</a><li><a>To</a></ul><p hidden>Tre</p>"
    )
    text = "Vilkår Frit under CC0 1.0, også i erhverv. Et To Tre"
    body = {
        "evidence_id": "e-0", "raw_sha256": register.keep_bytes(page.encode()), "text_sha256": sha256(text),
        "quote": "Et To", "quote_start": 43, "name": "terms.html", "source": "m",
        "retrieved_at": "2041-03-10T00:00:00.000+00:00",
    }  # fmt: skip
    assert evidence_text(register, body) == text
    assert evidence_faults(register, body) == []
