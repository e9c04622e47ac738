"""The text of evidence, and the difference of two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing import difference, plain_text
from licensing.difference import sentences
from licensing.quotes import Place, find_quote

SEEN = {
    "hidden": ("<p hidden>No</p><p>Yes</p>", "Yes"),
    "hidden from all": ("<p style='display: NONE'>No<b>No</b></p><p aria-hidden=true>No</p>Yes", "Yes"),
    "a menu by its role": ("<div role=navigation><p>No</p></div><p>Yes</p>", "Yes"),
    "a list of links": ("<ul><li><a href=/a>No</a><li><a href=/b>No</a></ul><p>Yes</p>", "Yes"),
    "a list of lists of links": ("<ul><li><a>No</a><ul><li><a>No</a><li><a>No</a></ul></ul><p>Yes</p>", "Yes"),
    "a line of links": ("<p><a>No</a> | <a>No</a> | <a>No</a></p><p>Yes</p>", "Yes"),
    "a list of links and words": ("<ul><li><a>Yes</a><li>yes <a>yes</a></ul>", "Yes\nyes yes"),
    "a list of licences": (
        "<ul><li><a href=https://creativecommons.org/licenses/by/4.0/>Text</a><li><a>Photos</a></ul>", "Text\nPhotos"),
    "a link alone": ("<p><a href=/x>Yes</a></p>", "Yes"),
    "lines": ("<p>One<br>two<br><br>three</p>", "One two\nthree"),
    "soft hyphens": ("<p>op\u00adhavs\u200bret</p>", "ophavsret"),
    "composed": ("<p>A\u030ar</p>", "År"),
    "nothing": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", SEEN)
def test_what_a_reader_sees(case: str) -> None:
    markup, text = SEEN[case]
    assert plain_text(f"<html><body>{markup}".encode()) == text


def test_plain_text_is_parted_by_blank_lines() -> None:
    assert plain_text(b"One\n line.\n \t\n\nTwo  <b>.\r\n\r\nThree") == "One line.\nTwo <b>.\nThree"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("<p>Vilkår".encode("cp1252"), None, "Vilkår"),
        ("<p>10 €".encode("iso8859-15"), "iso-8859-15", "10 €"),
        ("<meta charset='iso-8859-15'><p>10 €".encode("iso8859-15"), None, "10 €"),
        ("<meta charset='cp1251'><p>Vilkår".encode("cp1252"), "cp1252", "Vilkår"),
        ("<p>Vilkår".encode(), "iso-8859-1", "Vilkår"),
        ("<p>Vilkår".encode("utf-16"), None, "Vilkår"),
        ("\ufeff<p>Vilkår".encode(), None, "Vilkår"),
        (b"<p>Vilk\xe5r", "utf-8", "Vilkår"),
        (b"<p>Vilk\xe5r", "hex", "Vilkår"),
        (b"<p>Vilk\xe5r", "rot13", "Vilkår"),
        (b"<p>Vilk\xe5r", "utf-7", "Vilkår"),
        (b"<p>Vilk\xe5r", "\0nonsense", "Vilkår"),
        (b"<meta charset=idna><p>Vilk\xe5r", None, "Vilkår"),
    ],
)
def test_encodings(content: bytes, charset: str | None, text: str) -> None:
    found = plain_text(content, charset)
    assert found == text


@settings(deadline=None)
@given(st.binary(), st.one_of(st.none(), st.text()))
def test_any_bytes_have_a_text(content: bytes, charset: str | None) -> None:
    for found in (plain_text(content, charset), plain_text(b"<html>" + content, charset)):
        assert all(line == " ".join(line.split()) and line for line in found.split("\n")) or not found


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("er", Place(4, 6, 1)),
        ("er frit.", Place(4, 12, 1)),
        (" er\n frit.\tDog ", Place(4, 16, 1)),
        ("Dog", Place(13, 16, 2)),
        ("dog", None),
        (".*", None),
        ("", None),
        (" \n", None),
    ],
)
def test_quotes(quote: str, place: Place | None) -> None:
    assert find_quote("Alt er frit.\nDog ej § 9.", quote) == place


def test_a_changed_menu_is_silent_and_a_changed_sentence_is_not() -> None:
    page = "<html><nav>{}</nav><ul><li><a>{}</a><li><a>B</a></ul><p>Alt er frit.  Kilden nævnes, jf. § 2, stk. 1.</p>{}"
    before = plain_text(page.format("Forside", "A", "").encode())
    assert not difference(before, plain_text(page.format("Hjem", "Nyt", "").encode()))
    assert not difference(before, plain_text(page.format("Hjem", "C", "").replace("Alt", "\n <b>Alt</b>").encode()))
    found = difference(before, plain_text(page.format("", "D", "<p>Dog ikke til AI.").replace("Alt", "Intet").encode()))
    assert found.as_dict() == {
        "removed": ["Alt er frit."],
        "added": ["Intet er frit.", "Dog ikke til AI."],
        "reordered": False,
    }


@pytest.mark.parametrize(
    ("before", "after", "removed", "added", "reordered"),
    [
        ("Det er så. Det er frit.", "Det er så.\nDet er frit.", [], [], False),
        ("Det er så. Det er så.", "Det er så.", ["Det er så."], [], False),
        ("Tilladt:\nTekst\nForbudt:\nBilleder", "Tilladt:\nBilleder\nForbudt:\nTekst", [], [], True),
        ("Det er så. Det er frit.", "Det er så. Det er ikke frit.", ["Det er frit."], ["Det er ikke frit."], False),
        ("Fra 1. Januar 2041.", "Fra 2. Januar 2041.", ["Fra 1. Januar 2041."], ["Fra 2. Januar 2041."], False),
        ("", "Alt.", [], ["Alt."], False),
    ],
)
def test_differences(before: str, after: str, removed: list[str], added: list[str], reordered: bool) -> None:
    found = difference(before, after)
    assert (list(found.removed), list(found.added), found.reordered) == (removed, added, reordered)
    assert bool(found) == bool(removed or added or reordered)
    back = difference(after, before)
    assert (back.removed, back.added) == (found.added, found.removed)


def test_sentences_do_not_end_at_abbreviations() -> None:
    text = 'Se § 2, stk. 3, jf. Bilag 1, bl.a. Afsnit B. Det er alt! "Er det?" Ja: Det er.\n\nHer'
    assert sentences(text) == [
        "Se § 2, stk. 3, jf. Bilag 1, bl.a. Afsnit B. Det er alt!", '"Er det?"', "Ja:", "Det er.", "Her",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text(), st.text())
def test_equal_sentences_are_no_difference(before: str, after: str) -> None:
    assert not difference(before, before)
    found = difference(before, after)
    assert set(found.removed) <= set(sentences(before))
    assert len(sentences(before)) - len(found.removed) == len(sentences(after)) - len(found.added)
