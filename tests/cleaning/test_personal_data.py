"""Personal data: identifiers of a person go, numbers of other things stay. Nobody here has been born yet."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaning.personal_data import Redacted, is_date, may_hold_any, redact
from cleaning.repair import repair
from publishing.residual import holds_cpr


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("010127-5123", "[CPR]"),
        ("010127 5123", "[CPR]"),
        ("0101275123", "[CPR]"),
        ("010127\u20135123, 010127\u22125123 og 010127\u20115123", "[CPR], [CPR] og [CPR]"),
        ("010127 - 5123", "[CPR]"),
        ("010127--5123", "[CPR]"),
        ("010127\n5123", "[CPR]"),
        ("010127\xa05123", "[CPR]"),
        ("(010127-5123).", "([CPR])."),
        ("CPR:010127-5123", "CPR:[CPR]"),
        ("CPR-nr. 0101275123", "CPR-nr. [CPR]"),
        ("cprnr.0101275123", "cprnr.[CPR]"),
        ("CPR nr: 0101275123", "CPR nr: [CPR]"),
        ("personnummer 0101275123", "personnummer [CPR]"),
        ("Personnr. 0101275123", "Personnr. [CPR]"),
        ("J.nr. 010127-5123", "J.nr. [CPR]"),
        ("010127-5123/020227-5124", "[CPR]/[CPR]"),
        ("Anna,010127-5123,3,Bo,020227-5124", "Anna,[CPR],3,Bo,[CPR]"),
        ("010127-5123, 311257-8124", "[CPR], [CPR]"),
        ("290228-5123", "[CPR]"),
        ("brev_010127-5123_svar", "brev_[CPR]_svar"),
    ],
)
def test_personal_identification_numbers_go(text: str, redacted: str) -> None:
    assert redact(text) == Redacted(redacted, cpr=redacted.count("[CPR]"))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Skriv til anna@example.dk.", "Skriv til [EMAIL]."),
        ("<a.b+c@sub.example.co.uk>", "<[EMAIL]>"),
        ("mailto:åse@blåbær.dk", "mailto:[EMAIL]"),
        ("a@b.dk;c_d@e-f.dk", "[EMAIL];[EMAIL]"),
    ],
)
def test_e_mail_addresses_go(text: str, redacted: str) -> None:
    assert redact(text) == Redacted(redacted, email=redacted.count("[EMAIL]"))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Tlf. 12 34 56 78", "Tlf. [TELEFON]"),
        ("tlf.: 12345678", "tlf.: [TELEFON]"),
        ("tlf.nr. 12345678", "tlf.nr. [TELEFON]"),
        ("Telefon: 1234 5678", "Telefon: [TELEFON]"),
        ("telefonnummer 12.34.56.78", "telefonnummer [TELEFON]"),
        ("Telefon nr. 12-34-56-78", "Telefon nr. [TELEFON]"),
        ("Mobilnr 12345678", "Mobilnr [TELEFON]"),
        ("mob: 12345678, fax 12345679", "mob: [TELEFON], fax [TELEFON]"),
        ("Telefax 12345678", "Telefax [TELEFON]"),
        ("ring til 12345678", "ring til [TELEFON]"),
        ("Ring på 12 34 56 78", "Ring på [TELEFON]"),
        ("+45 12345678", "[TELEFON]"),
        ("+4512345678", "[TELEFON]"),
        ("0045 12 34 56 78", "[TELEFON]"),
        ("Tlf. +45 12 34 56 78", "Tlf. [TELEFON]"),
        ("Tlf.: (+45) 12 34 56 78", "Tlf.: [TELEFON]"),
    ],
)
def test_telephone_numbers_in_context_go(text: str, redacted: str) -> None:
    assert redact(text) == Redacted(redacted, telefon=redacted.count("[TELEFON]"))


@pytest.mark.parametrize(
    "text",
    [
        "CPV 66100000-1",
        "27.10.19.85",
        "EAN 57 98 000 35 48 21",
        "EAN 5798000354821",
        "CVR: 1007 4002",
        "CVR-nr. 10 07 40 02",
        "Kl 1400 1700",
        "17841797",
        "13 18 19 28",
        "12 34 56 78",
        "12345678",
        "lov nr. 680 af 6. juni 2023",
        "lov nr. 680 af 06/06/2023",
        "J.nr. 2041-1234-5678",
        "j.nr. 0101275123",
        "sag nr. 0101275123",
        "Sagsnummer: 0101275123",
        "ISBN 0101275123",
        "løbenr. 0101275123",
        "1.010.127.512",
        "0101275123,50 kr.",
        "3,0101275123",
        "2041-010127-5123",
        "010127-5123-1",
        "01.01.27-5123",
        "010127.5123",
        "320127-5123",
        "300227-5123",
        "011327-5123",
        "000127-5123",
        "10101275123",
        "010127-51234",
        "A010127-5123",
        "EU 2016/679, KOM(2016) 593 og 2014/0256",
        "a@b, @anna og anna(at)example.dk",
        "anna@example",
        "Telefonen ringede 12 34 56 78 gange",
        "konto 1234 12345678",
        "https://example.org/12345678",
        "Folketinget 2023-24, 20231-M31",
        "01-01-2027 kl. 12.00",
        "[CPR], [EMAIL] og [TELEFON]",
    ],
)
def test_numbers_of_other_things_stay(text: str) -> None:
    assert redact(text) == Redacted(text)


def test_all_kinds_are_counted() -> None:
    text = "Anna (010127-5123, anna@example.dk, tlf. 12345678) og Bo (020227-5124, bo@example.dk)"
    assert redact(text) == Redacted(
        "Anna ([CPR], [EMAIL], tlf. [TELEFON]) og Bo ([CPR], [EMAIL])", cpr=2, email=2, telefon=1
    )


@pytest.mark.parametrize(
    ("day", "month", "year", "found"),
    [(1, 1, 0, True), (31, 12, 99, True), (29, 2, 0, True), (29, 2, 27, False), (31, 4, 27, False), (0, 1, 1, False),
     (1, 13, 1, False), (1, 0, 1, False)],
)  # fmt: skip
def test_is_date(day: int, month: int, year: int, found: bool) -> None:
    assert is_date(day, month, year) is found


SNIPPETS = st.lists(
    st.sampled_from(
        ["010127", "5123", "-", " ", "–", "\n", "/", ",", ".", "0101275123", "anna", "@", "b.dk", "tlf. ", "12345678",
         "+45", "nr. ", "CPR", "_", "\xa0", "[CPR]", "(", "12 34 56 78", "\ud800"]
    ),
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(SNIPPETS | st.text(st.characters(), max_size=40))
@example("\ud800 010127-5123")
@example("-0101275123 0101275123")
def test_redact_takes_any_text_and_is_idempotent(text: str) -> None:
    once = redact(text)
    assert redact(once.text) == Redacted(once.text)
    if once != Redacted(text):
        assert may_hold_any(text)


@settings(max_examples=200, deadline=None)
@given(SNIPPETS)
def test_text_outside_of_what_goes_stays(text: str) -> None:
    rest = redact(text).text
    for placeholder in ("[CPR]", "[EMAIL]", "[TELEFON]"):
        rest = rest.replace(placeholder, "\0")
    position = 0
    for kept in rest.split("\0"):
        position = text.index(kept, position) + len(kept)
    found = redact(text)
    assert found.cpr + found.email + found.telefon + sum(text.count(p) for p in ("[CPR]",)) == rest.count("\0")


@settings(max_examples=300, deadline=None)
@given(SNIPPETS)
def test_the_last_look_finds_nothing_that_redaction_left(text: str) -> None:
    assert not holds_cpr(redact(repair(text).text).text)
