"""Repair: what was broken comes back, and correct Danish stays as it is."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaning.repair import DANISH, Repaired, may_need_repair, needs_repair, repair, repair_column

FINE = [
    "”Årsagen er enkel: vi ville have det sådan.",
    "”ærlig snak”",
    "LOVÅ§ 3, stk. 2",
    "Se LOVÆ§ 3 og BEKØ§ 4.",
    "»Årsagen«, “Ærlighed”, „Østen“ og ‘åben’",
    "–Åh, nej! —Øv… Ålborg•Århus",
    "§ 3, stk. 1, nr. 2, litra a: 20 °C, 5 ½ m², 100 € og ±3 µg",
    "René og Zoë så André fra Curaçao i Malmö på en crème brûlée",
    "Æ æ Ø ø Å å\nÉn linje til.",
    "São Paulo og Łódź",
    "日本語 og ελληνικά og русский",
    "En linje\n\nEn anden\n    indrykket",
    "1) a\n2) b",
    "👩‍🚀 er en astronaut",
]


@pytest.mark.parametrize("text", FINE)
def test_what_needs_nothing_stays(text: str) -> None:
    assert repair(text) == Repaired(text)


@pytest.mark.parametrize("quote", "”“„»«’‘‹›–—…")
@pytest.mark.parametrize("letter", "æøåÆØÅ")
def test_a_quote_before_a_danish_letter_stays(quote: str, letter: str) -> None:
    for text in (f"{quote}{letter}rsagen er enkel", f"Han sagde: {quote}{letter}, {letter}{quote}"):
        assert repair(text) == Repaired(text)


def _misread(text: str, encoding: str) -> str:
    """Return ``text`` as UTF-8 read in ``encoding``; cp1252 as browsers read it, with its five holes."""
    return "".join(
        bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode()
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "text",
    ["Årsagen til ændringen er øget", "”Ålborg”", "blåbærgrød på Ærø", "§ 3", "én idé", "– og så videre…", "½ m²"],
)
def test_what_was_misread_comes_back(text: str, encoding: str, times: int) -> None:
    broken = text
    for _ in range(times):
        broken = _misread(broken, encoding)
    fixed = repair(broken)
    assert fixed.text == text
    assert fixed.encoding > 0


@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        ("Ã…rsagen er enkel", "Årsagen er enkel", 1),
        ("Jeg så ”Ã¸llet” i Ålborg", "Jeg så ”øllet” i Ålborg", 1),
        ("fin linje æøå\nKÃ¸benhavn og Ã†rÃ¸\nfin igen", "fin linje æøå\nKøbenhavn og Ærø\nfin igen", 3),
        ("ï»¿Første", "Første", 1),
        ("ÃƒÂ¥ben", "åben", 1),
    ],
)
def test_a_mix_up_inside_a_fine_line(text: str, fixed: str, count: int) -> None:
    assert repair(text) == Repaired(fixed, encoding=count, whitespace=repair(text).whitespace)
    assert repair(text).text == fixed


@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        ("a\r\nb", "a\nb", 1),
        ("a\rb", "a\nb", 1),
        ("a\u2028b\u2029c", "a\nb\nc", 2),
        ("a\x0bb\x0cc", "a\nb\nc", 2),
        ("a\xa0b", "a b", 1),
        ("a\u2003b\u202fc", "a b c", 2),
        ("a\tb", "a b", 1),
        ("a\u200bb\ufeffc", "abc", 2),
        ("a\u2060b", "ab", 1),
        ("a\u202eb\u2066c\u200f", "abc", 3),
        ("a\0b\x07c\x7f", "abc", 3),
        ("a   b", "a b", 1),
        ("a  \nb", "a\nb", 2),
        ("a\n\n\n\nb", "a\n\nb", 1),
        ("\n\na\n\n", "a", 1),
        ("a ", "a", 1),
        ("   a", "   a", 0),
    ],
)
def test_white_space_and_invisible_characters(text: str, fixed: str, count: int) -> None:
    assert repair(text) == Repaired(fixed, whitespace=count)


@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        ("og så videre\x85", "og så videre…", 1),
        ("\x93Ærlig\x94 \x96 snak", "“Ærlig” – snak", 3),
        ("en note\x86 til", "en note† til", 1),
    ],
)
def test_controls_that_are_signs_of_windows_1252(text: str, fixed: str, count: int) -> None:
    assert repair(text) == Repaired(fixed, encoding=count)


@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        ("Dan\xadmark", "Danmark", 1),
        ("Dan\xad\nmark", "Danmark", 1),
        ("Dan\xad\r\nmark", "Danmark", 1),
        ("Dan\xad \nmark", "Danmark", 1),
        ("Dan\xad\xadmark og Nor\xadge", "Danmark og Norge", 2),
    ],
)
def test_soft_hyphens(text: str, fixed: str, count: int) -> None:
    found = repair(text)
    assert (found.text, found.hyphens) == (fixed, count)


def test_letters_are_composed() -> None:
    for text in ("bla\u030abærgrød", "A\u030arhus", "\u212b"):
        assert repair(text) == Repaired(unicodedata.normalize("NFC", text))
    assert repair("Cafe\u0301").text == "Café"


def test_all_kinds_are_counted_together() -> None:
    assert repair("KÃ¸ben\xadhavn\r\nog\xa0Ã…rhus ") == Repaired(
        "København\nog Århus", encoding=2, whitespace=3, hyphens=1
    )


@pytest.mark.parametrize("text", ["", "   ", "\n \n", "\u200b\ufeff", "\xa0\r\n"])
def test_nothing_is_left_of_nothing(text: str) -> None:
    assert repair(text).text == ""


def test_long_runs_of_spaces_take_no_longer_than_they_should() -> None:
    spaces = " " * 300_000
    assert repair(f"a\n{spaces}b \nc{spaces}") == Repaired(f"a\n{spaces}b\nc", whitespace=repair("a \nb  ").whitespace)


@pytest.mark.parametrize(
    "unit",
    [
        "a", "-", "1", " ", "\n", "-\n", "ab-\n", "a- \n", "\xad", "a\xad\n", "\xa0", " \n", "x  ", "\r", "\x85", "Ã",
        "Ã¥", "Ãƒ", "â€", "â€\ufffd", "\u0316\u030a", "\ud800", "for-\nsikring ", "¬", "Ãð \n", "\U0001f600",
    ],
)  # fmt: skip
def test_a_megabyte_of_one_thing_is_read_once(unit: str) -> None:
    """What took time by the square would not come to its end."""
    text = unit * (1_000_000 // len(unit))
    assert len(repair(text).text) <= len(text)


def test_accents_without_end_are_composed() -> None:
    marks = "\u0301\u0316\u0345" * 20
    assert repair(f"e{marks}").text == unicodedata.normalize("NFC", f"e{marks}")


def test_what_needs_nothing_is_seen_at_once() -> None:
    assert [text for text in FINE if needs_repair(text)] == [FINE[i] for i in (7, 9, 10, 13)]


@pytest.mark.parametrize(
    "text",
    ["a\r", "a\tb", "a ", "\na", "a  b", "a \nb", "a\n\n\nb", "a\n", "for-\nan", "\xa0", "\xad", "Ã", "\ud800", "\0"],
)
def test_what_needs_repair_is_not_overlooked(text: str) -> None:
    assert needs_repair(text)


def test_a_column_is_repaired_text_by_text() -> None:
    texts = ["Årsagen", "Ã…rsagen\r\n", None, "a  b", ""]
    for column in (pa.array(texts), pa.chunked_array([texts[:2], texts[2:]], pa.string())):
        assert may_need_repair(column).to_pylist() == [False, True, None, True, False]
        assert repair_column(column) == [
            Repaired("Årsagen"), Repaired("Årsagen", encoding=1, whitespace=2), Repaired(""),
            Repaired("a b", whitespace=1), Repaired(""),
        ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(f"ab  \n\n--{DANISH}\xa0\xadÃ\r"), max_size=40))
def test_what_needs_no_repair_is_not_changed(text: str) -> None:
    if not needs_repair(text):
        assert repair(text) == Repaired(text)
    assert repair_column(pa.array([text])) == [repair(text)]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=80))
@example("Ã\x83Â\x85")
@example("\ud800Ã¥")
def test_repair_takes_any_text_and_is_idempotent(text: str) -> None:
    once = repair(text)
    assert repair(once.text) == Repaired(once.text)
    assert not set(once.text) & set("\r\t\0\xa0\xad\u200b\ufeff\u2028\x85")
    assert unicodedata.is_normalized("NFC", once.text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"ÃÂÅÆËÌâïð»¿¥¸¦…†ƒ€™¬\x85\x86\x9d\xa0\xad\ufffd",
                "”Å",
                "Ã¥",
                "ÃƒÂ¥",
                "ðŸ˜€",
                "â€",
                " ",
                "\n",
                "\r\n",
                "a",
                "\u030a",
                "  ",
                "-\n",
                "-",
                "for",
                "an",
                "og",
                "EU",
                "ord",
                "7",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_repair_is_idempotent_on_what_looks_broken(text: str) -> None:
    once = repair(text)
    assert repair(once.text) == Repaired(once.text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(f"abc XYZ.,§\n{DANISH}"), max_size=80))
def test_a_text_in_danish_letters_keeps_them(text: str) -> None:
    assert repair(text).text.replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
    assert repair(text).encoding == 0
