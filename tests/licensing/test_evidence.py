"""Evidence: the quote must stand in the file, as a reader sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from frisat.errors import UsageError
from frisat.files import sha256
from licensing import Register, capture, plain_text

PAGE = """<!DOCTYPE html>
<html><head><title>Vilk&aring;r</title><style>p { content: "Alt er forbudt" }</style>
<script>document.write("Alt er forbudt")</script></head>
<body><nav><a href="/">Forside</a> <a href="/kort">Oversigt over siden</a></nav>
<p>Indholdet m&aring; bruges
   frit under <a href="https://creativecommons.org/publicdomain/zero/1.0/"><b>CC0</b>&nbsp;1.0</a>,
   ogs&aring; i er<i>hverv</i>.</p>
<!-- Alt er forbudt --><noscript>Alt er forbudt</noscript><template>Alt er forbudt</template>
<ul><li>Ingen kildeangivelse</li><li>Ingen betaling</li></ul></body></html>"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    return Register(tmp_path / "register")


def _file(tmp_path: Path, content: str | bytes, name: str = "terms.html") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "quote",
    [
        "må bruges frit under CC0 1.0, også i erhverv.",
        "  må\nbruges\tfrit ",
        "Ingen kildeangivelse",
        "Ingen kildeangivelse Ingen betaling",
        "Vilkår",
    ],
)
def test_a_quote_is_found_as_a_reader_sees_it(register: Register, tmp_path: Path, quote: str) -> None:
    found = capture(register, "minutes", _file(tmp_path, PAGE), quote)
    assert found.quote == " ".join(quote.split())
    text = plain_text(PAGE.encode())
    assert " ".join(text[found.quote_start : found.quote_end].split()) == found.quote
    assert found.quote_line == text[: found.quote_start].count("\n") + 1


@pytest.mark.parametrize("quote", ["Alt er forbudt", "Oversigt over siden", "<b>CC0</b>", "betaling Ingen", "", "   "])
def test_what_a_reader_does_not_see_is_no_quote(register: Register, tmp_path: Path, quote: str) -> None:
    with pytest.raises(UsageError, match=r"the quote does not stand in .*terms\.html") as caught:
        capture(register, "minutes", _file(tmp_path, PAGE), quote)
    assert caught.value.exit_code == 2
    assert not register.folder.exists()


def test_what_is_recorded(register: Register, tmp_path: Path) -> None:
    content = b"Alt  er\nfrit."
    found = capture(register, "minutes", _file(tmp_path, content, "terms.txt"), "er frit")
    assert found.body() == {
        "evidence_id": found.evidence_id(),
        "raw_sha256": sha256(content),
        "text_sha256": sha256("Alt er frit."),
        "quote": "er frit",
        "quote_start": 4,
        "quote_end": 11,
        "quote_line": 1,
        "name": "terms.txt",
        "source": "minutes",
        "retrieved_at": "2041-03-10T00:00:00.000+00:00",
        "kind": "licence_file",
        "text_version": 2,
    }
    assert register.bytes_of(found.text_sha256) == b"Alt er frit."
    assert register.bytes_of(found.raw_sha256) == content


def test_equal_evidence_has_one_id_and_other_evidence_another(register: Register, tmp_path: Path) -> None:
    path = _file(tmp_path, "Alt er frit.", "terms.txt")
    first = capture(register, "minutes", path, "er frit")
    assert capture(register, "minutes", path, "er  frit").evidence_id() == first.evidence_id()
    others = {
        capture(register, "minutes", path, "frit").evidence_id(),
        capture(register, "speeches", path, "er frit").evidence_id(),
        capture(register, "minutes", _file(tmp_path, "Alt er frit!", "b.txt"), "er frit").evidence_id(),
    }
    assert len({first.evidence_id(), *others}) == 4


def test_signs_in_plain_text_are_no_html(register: Register, tmp_path: Path) -> None:
    capture(register, "minutes", _file(tmp_path, "Use it if a < b & c > d.", "terms.txt"), "a < b & c > d")


def test_a_file_that_cannot_be_read(register: Register, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"evidence .*nowhere\.txt cannot be read: No such file"):
        capture(register, "minutes", tmp_path / "nowhere.txt", "x")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        capture(register, "minutes", tmp_path, "x")


def test_a_file_that_is_too_large(register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensing.capturing._MAX_BYTES", 1_000)
    capture(register, "minutes", _file(tmp_path, "frit" * 250), "frit")
    with pytest.raises(UsageError, match=r"is larger than 1,000 bytes; give the page or file that states the right"):
        capture(register, "minutes", _file(tmp_path, "frit" * 250 + "."), "frit")


HOSTILE = {
    "nesting": b"<div>" * 100_000 + b"Alt er frit",
    "no content": b"<!doctype html>",
    "an entity of a file": b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>&x;</p>',
    "entities of entities": b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><p>&b;&b;</p>',
    "zero bytes": b"<html>\x00\x00\xff\xfe<p>\x00</p>",
    "unclosed": b"<html><p><a href='x",
    "a script": b"<html><script>" + b"x" * 100_000,
}


@pytest.mark.parametrize("how", HOSTILE)
def test_hostile_pages_do_no_harm(register: Register, tmp_path: Path, how: str) -> None:
    assert "root:" not in plain_text(HOSTILE[how])
    assert "aaaaaaaaaa" not in plain_text(HOSTILE[how])
    with pytest.raises(UsageError, match="the quote does not stand"):
        capture(register, "minutes", _file(tmp_path, HOSTILE[how]), "Everything is free")
