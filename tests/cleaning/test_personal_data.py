"""Personal data: identifiers of a person go, numbers of other things stay. Nobody here has been born yet."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaning import personal_data
from cleaning._personal_data.cpr import is_date, passes_modulus_11
from cleaning._personal_data.folding import fold
from cleaning.personal_data import (
    KINDS,
    Finding,
    Redacted,
    find,
    may_hold_any,
    redact,
    redact_column,
    which_may_hold_any,
)
from cleaning.repair import repair
from publishing.residual import holds_cpr


def _counts(**found: int) -> dict[str, int]:
    return {**dict.fromkeys(KINDS, 0), **found}


def _check(text: str, redacted: str) -> None:
    done = redact(text)
    assert done.text == redacted
    assert done.counts() == {kind: redacted.count(f"[{kind.upper()}]") for kind in KINDS}


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("010141-5123", "[CPR]"),
        ("010141 5123", "[CPR]"),
        ("0101415123", "[CPR]"),
        ("010141\u20135123, 010141\u22125123 og 010141\u20115123", "[CPR], [CPR] og [CPR]"),
        ("010141 - 5123", "[CPR]"),
        ("010141--5123", "[CPR]"),
        ("010141\n5123", "[CPR]"),
        ("010141\xa05123", "[CPR]"),
        ("(010141-5123).", "([CPR])."),
        ("CPR:010141-5123", "CPR:[CPR]"),
        ("CPR-nr. 0101415123", "CPR-nr. [CPR]"),
        ("cprnr.0101415123", "cprnr.[CPR]"),
        ("CPR nr: 0101415123", "CPR nr: [CPR]"),
        ("personnummer 0101415123", "personnummer [CPR]"),
        ("Personnr. 0101415123", "Personnr. [CPR]"),
        ("J.nr. 010141-5123", "J.nr. [CPR]"),
        ("010141-5123/020241-5124", "[CPR]/[CPR]"),
        ("Anna,010141-5123,3,Bo,020241-5124", "Anna,[CPR],3,Bo,[CPR]"),
        ("010141-5123, 311257-8124", "[CPR], [CPR]"),
        ("290240-5123", "[CPR]"),
        ("brev_010141-5123_svar", "brev_[CPR]_svar"),
        ("010141-\n5123 og 020241\n-5124", "[CPR] og [CPR]"),
        ("010141- \n5123", "[CPR]"),
        ("010141 \u2013 5123", "[CPR]"),
        ("010141\xad5123", "[CPR]"),
        ("O1O141-5l23", "[CPR]"),
        ("OIO|4I-5I23", "[CPR]"),
        ("CPR O1O1415I23", "CPR [CPR]"),
        ("\uff10\uff11\uff10\uff11\uff14\uff11\uff0d\uff15\uff11\uff12\uff13", "[CPR]"),
        ("CPR-nr. 01 01 41 5123", "CPR-nr. [CPR]"),
        ("CPR-nr.: 01.01.41-5123", "CPR-nr.: [CPR]"),
        ("personnummeret er 01-01-2041-5123", "personnummeret er [CPR]"),
        ("c.p.r. nr. 010141/5123", "c.p.r. nr. [CPR]"),
        ("cpr0101415123", "cpr[CPR]"),
        ("født 01.01.41-5123", "født [CPR]"),
        ("01 01 41 - 5123", "[CPR]"),
        ("f\u00f8dt010141-5123og boende", "f\u00f8dt[CPR]og boende"),
        ("CPR: 0101415123, 02 02 41 5124", "CPR: [CPR], [CPR]"),
        ("010141-5123-020241-5124-030341-5125", "[CPR]-[CPR]-[CPR]"),
        ("Per 0101415123", "Per [CPR]"),
        ("patient-id 0101415123", "patient-id [CPR]"),
        ("3,0101415123,Anna", "3,[CPR],Anna"),
    ],
)
def test_personal_identification_numbers_go(text: str, redacted: str) -> None:
    _check(text, redacted)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Skriv til anna@example.dk.", "Skriv til [EMAIL]."),
        ("<a.b+c@sub.example.co.uk>", "<[EMAIL]>"),
        ("mailto:åse@blåbær.dk", "mailto:[EMAIL]"),
        ("a@b.dk;c_d@e-f.dk", "[EMAIL];[EMAIL]"),
        ("ANNA@EXAMPLE.DK", "[EMAIL]"),
        ("anna@\nexample.dk", "[EMAIL]"),
        ("anna\n@example.dk", "[EMAIL]"),
        ("anna@exam-\nple.dk", "[EMAIL]"),
        ("anna@example.\ndk", "[EMAIL]"),
        ("anna\uff20example.dk", "[EMAIL]"),
        ("anna @ example.dk", "[EMAIL]"),
        ("anna[at]example.dk, bo (at) example.dk", "[EMAIL], [EMAIL]"),
        ("anna snabel-a example.dk", "[EMAIL]"),
        ("anna(snabel-a)example.dk", "[EMAIL]"),
        ("annasnabelaexample.dk", "[EMAIL]"),
        ("anna \u201dsnabel a\u201d example.dk", "[EMAIL]"),
        ("anna(a)example.dk", "[EMAIL]"),
        ("anna.b[at]example[dot]dk", "[EMAIL]"),
        ("anna punktum b snabel-a example punktum dk", "[EMAIL]"),
        ("anna at example dot dk", "[EMAIL]"),
        ("010141-5123@example.dk", "[EMAIL]"),
    ],
)
def test_e_mail_addresses_go(text: str, redacted: str) -> None:
    _check(text, redacted)


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
        ("+4512345678 og +299 12 34 56 78", "[TELEFON] og [TELEFON]"),
        ("Tlf. 12 345 678", "Tlf. [TELEFON]"),
        ("Tlf. 12 34\n56 78", "Tlf. [TELEFON]"),
        ("Tlf.\n12345678", "Tlf.\n[TELEFON]"),
        ("Ring til mig på 12 34 56 78", "Ring til mig på [TELEFON]"),
        ("Mit telefonnummer hos kommunen er 12 34 56 78", "Mit telefonnummer hos kommunen er [TELEFON]"),
        ("tlf. 12345678, 23456789 eller 34567890", "tlf. [TELEFON], [TELEFON] eller [TELEFON]"),
        ("12 34 56 78 (mobil)", "[TELEFON] (mobil)"),
        ("M: 12345678", "M: [TELEFON]"),
        ("Tlf. +46 70 123 45 67", "Tlf. [TELEFON]"),
        ("på mobilen 12345678", "på mobilen [TELEFON]"),
    ],
)
def test_telephone_numbers_in_context_go(text: str, redacted: str) -> None:
    _check(text, redacted)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("DK50 0040 0440 1162 43", "[IBAN]"),
        ("DK5000400440116243.", "[IBAN]."),
        ("IBAN: dk50-0040-0440-1162-43", "IBAN: [IBAN]"),
        ("DK50 0040\n0440 1162 43", "[IBAN]"),
        ("IBAN DK51 0040 0440 1162 43", "IBAN [IBAN]"),
        ("GB82 WEST 1234 5698 7654 32 og NO93 8601 1117 947", "[IBAN] og [IBAN]"),
        ("Reg.nr. 1234 Kontonr. 1234567890", "Reg.nr. [KONTO]"),
        ("reg. nr.: 1234, konto nr.: 123 456 7890", "reg. nr.: [KONTO]"),
        ("registreringsnummer 1234 og kontonummer 1234567", "registreringsnummer [KONTO]"),
        ("konto 1234 12345678", "konto [KONTO]"),
        ("Kontonr. 1234-0001234567", "Kontonr. [KONTO]"),
        ("kontonummer 12341234567890", "kontonummer [KONTO]"),
        ("NemKonto: 1234 1234567", "NemKonto: [KONTO]"),
        ("Nørreby Sparekasse 1234 1234567890", "Nørreby Sparekasse [KONTO]"),
        ("girokonto 123-4567 og giro 1 23 45 67", "girokonto [KONTO] og giro [KONTO]"),
        ("konto nr. 0101415123", "konto nr. [KONTO]"),
    ],
)
def test_accounts_go(text: str, redacted: str) -> None:
    _check(text, redacted)


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
        "j.nr. 0101415123",
        "sag nr. 0101415123",
        "Sagsnummer: 0101415123",
        "ISBN 0101415123",
        "løbenr. 0101415123",
        "1.010.141.512",
        "0101415123,50 kr.",
        "3,0101415123",
        "2041-010141-5123",
        "010141-5123-1",
        "01.01.41-5123",
        "010141.5123",
        "320141-5123",
        "300241-5123",
        "011341-5123",
        "000141-5123",
        "10101415123",
        "010141-51234",
        "A010141-5123",
        "EU 2016/679, KOM(2016) 593 og 2014/0256",
        "a@b, @anna og @[Klager]",
        "3 stk. @ 12.50 kr.",
        "Han mente [at] sagen var slut.Derefter gik han.",
        "Tegnet snabel-a står på tastaturet.",
        "sagde (at) mødet",
        "P-nr. 1012345678",
        "P-numre: 1099345678, 1012345678 og 1003567890",
        "produktionsenhedsnummer 1012345678",
        "ISBN-10: 0101415123",
        "Faktura nr. 0101415123",
        "kundenr. 010141 5123",
        "0101415123 kr.",
        "kr. 0101415123",
        "+0101415123",
        "https://example.org/0101415123",
        "www.example.org/?nr=0101415123",
        "DK-0101415123",
        "0,0101415123",
        "0101415123/12",
        "01 01 41 5123",
        "12 01 41 5123 personer",
        "CPR 320141-5123",
        "OoIl|OoIl|",
        "sha256 a0101415123bf",
        "Telefon: 10.00-14.30",
        "Telefonen er åben kl. 1000 1400",
        "ringede 12 34 56 78 gange",
        "tlf. 123456",
        "konto 17.35.11.10 og konto 2030",
        "konto 2030 med 31.699.659 kr.",
        "konto 1234 500 000 kr.",
        "reg.nr. 1234 og 5 andre",
        "DK12345678",
        "DK51 0040 0440 1162 43",
        "§ 12, stk. 3, nr. 4, i lov nr. 1234 af 12. december 2041",
        "organisationsnummer 556012-1234",
        "anna@example",
        "Telefonen ringede 12 34 56 78 gange",
        "https://example.org/12345678",
        "Folketinget 2023-24, 20231-M31",
        "01-01-2041 kl. 12.00",
        "[CPR], [EMAIL], [TELEFON], [IBAN] og [KONTO]",
    ],
)
def test_numbers_of_other_things_stay(text: str) -> None:
    assert redact(text) == Redacted(text)


def test_all_kinds_are_counted_and_told_by_kind_place_and_rule() -> None:
    text = "Anna (010141-5123, anna@example.dk, tlf. 12345678, konto 1234 1234567, DK5000400440116243) og Bo 0202415124"
    done = redact(text)
    assert done.text == "Anna ([CPR], [EMAIL], tlf. [TELEFON], konto [KONTO], [IBAN]) og Bo [CPR]"
    assert done.counts() == _counts(cpr=2, email=1, telefon=1, iban=1, konto=1)
    assert [(text[f.start : f.end], f.kind, f.rule, f.sure) for f in done.findings] == [
        ("010141-5123", "cpr", "cpr:hyphen", True),
        ("anna@example.dk", "email", "email:plain", True),
        ("12345678", "telefon", "telefon:word", True),
        ("1234 1234567", "konto", "konto:account", False),
        ("DK5000400440116243", "iban", "iban:check", True),
        ("0202415124", "cpr", "cpr:ten-digits", False),
    ]


def test_a_finding_holds_neither_the_value_nor_a_hash_of_it() -> None:
    (finding,) = find("010141-5123")
    assert dataclasses.asdict(finding) == {"start": 0, "end": 11, "kind": "cpr", "rule": "cpr:hyphen", "sure": True}


def test_modulus_11_makes_a_bare_number_sure_and_is_asked_of_none() -> None:
    assert [passes_modulus_11(digits) for digits in ("0101415123", "0101415000", "0101415007")] == [False, False, True]
    assert [finding.sure for finding in find("0101415123 og 0101415035")] == [False, True]


@pytest.mark.parametrize(
    ("day", "month", "year", "found"),
    [(1, 1, 0, True), (31, 12, 99, True), (29, 2, 0, True), (29, 2, 27, False), (31, 4, 27, False), (0, 1, 1, False),
     (1, 13, 1, False), (1, 0, 1, False)],
)  # fmt: skip
def test_is_date(day: int, month: int, year: int, found: bool) -> None:
    assert is_date(day, month, year) is found


SNIPPETS = st.lists(
    st.sampled_from(
        ["010141", "5123", "2041", "-", " ", "–", "\n", "/", ",", ".", "0101415123", "0202415124", "anna", "@", "b.dk",
         "tlf. ", "12345678", "12 34 56 78", "+45", "nr. ", "CPR", "cpr-nr. ", "P-nr. ", "faktura ", "_", "\xa0", "(",
         "[CPR]", "kr.", "Per ", "og ", "01 01 41", " - ", "O1O14l", "født ", "konto ", "1234 ", "reg.nr. ", "DK", "x",
         "snabel-a", " at ", "\u2028", "\r\n", "http://a/", "1012345678", "IBAN ", "eller ", "DK5000400440116243",
         "[TELEFON]", "\ue000"]
    ),
    max_size=10,
).map("".join)  # fmt: skip
ANY_TEXT = SNIPPETS | st.text(st.characters(), max_size=40)


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
@example("\ud800 010141-5123")
@example("-0101415123 0101415123")
@example("İ konto 1234 1234567")
def test_redact_takes_any_text_and_leaves_nothing_to_redact(text: str) -> None:
    once = redact(text)
    assert redact(once.text) == Redacted(once.text)


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_places_are_in_order_and_what_lies_outside_of_them_stays(text: str) -> None:
    done = redact(text)
    kept, position = [], 0
    for finding in done.findings:
        assert position <= finding.start < finding.end <= len(text)
        kept += [text[position : finding.start], f"[{finding.kind.upper()}]"]
        position = finding.end
    assert "".join([*kept, text[position:]]) == done.text


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_the_quick_look_is_never_wrong_when_it_says_no(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(personal_data, "may_hold_any", lambda _: True)
        patch.setattr(personal_data, "may_hold", lambda *_: True)
        thorough = find(text)
    assert find(text) == thorough
    assert may_hold_any(text) or not thorough


def test_the_quick_look_at_a_column_is_that_at_each_text() -> None:
    texts = ["", "Formanden gav ordet.", "010141-5123", "a@b.dk", "tlf. 12345678", "§ 12, stk. 3", "\uff11", None]
    said = which_may_hold_any(pa.array(texts)).to_pylist()
    assert said == [None if text is None else may_hold_any(text) for text in texts]
    assert said == [False, False, True, True, True, False, True, None]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("aå\u2013\xad\u2212", "aå---"), ("\xa0\t\u2009\u200b", "    "), ("\u2028\x85\r\n", "\n\n \n"),
        ("\u0661\uff12\uff21\uff20\uff0e", "12A@."), ("İ\ue000", "I\ufffd"), ("[CPR][X]", "\ue000" * 5 + "[X]"),
    ],
)  # fmt: skip
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text) == len(fold(text).lower())


@pytest.mark.parametrize(
    "unit",
    ["1", "-", " ", "a", "@", "\n", "l", "01 ", "a@", "a.", "a-", "tlf. nr ", "snabel-a ", "(at)", "a[at]b.", " dot ",
     "DK50 ", "DK50A", "konto 1234 ", "reg.nr. 1234 ", "cpr ", "010141-5123-", "0101415123,", "tlf. 12345678, ",
     "[CPR],",
     "P-nr. 0101415123, ", "\ud800", "\uff11", "o@" + "a." * 40, "A", "AA11 ", "Avej 1 1234 Bcd "],
)  # fmt: skip
def test_no_unit_repeated_takes_more_than_its_length(unit: str) -> None:
    """The steps can't be counted; a quadratic rule would not come to its end on this in any sensible time."""
    text = unit * (200_000 // len(unit)) + " tlf. 12345678 010141-5123 x@y.dk konto 1234 1234567 IBAN"
    assert redact(text).text
    holds_cpr(text)
    personal_data.flags(text, (), "private_persons")


@settings(max_examples=400, deadline=None)
@given(SNIPPETS)
def test_the_last_look_finds_nothing_that_redaction_left(text: str) -> None:
    assert not holds_cpr(redact(repair(text).text).text)


@settings(max_examples=400, deadline=None)
@given(SNIPPETS)
def test_the_last_look_finds_whatever_redaction_finds(text: str) -> None:
    found = find(text)
    if {finding.kind for finding in found} == {"cpr"}:
        assert holds_cpr(text)


LETTER = "Kære udvalg\nMin sag er gået i stå.\nMed venlig hilsen\nMia Tornbæk\nBirkevænget 4, 2. tv.\n9990 Nørreby"


@pytest.mark.parametrize(
    ("text", "stated", "flagged"),
    [
        (LETTER, "none", []),
        (LETTER, "public_figures", []),
        (LETTER, "private_persons", ["personal_data:address"]),
        (LETTER, "sensitive", ["personal_data:address"]),
        ("Ordføreren Mia Tornbæk fik ordet.", "private_persons", []),
        ("Nørreby Kommune, Rådhuspladsen 1, 9990 Nørreby", "private_persons", []),
        ("sket på Birkevænget 4, 9990 Nørreby", "private_persons", []),
        ("Ved Birkevænget 4 er der 9990 træer.", "private_persons", []),
    ],
)
def test_flags(text: str, stated: personal_data.PersonalData, flagged: list[str]) -> None:
    assert personal_data.flags(text, (), stated) == flagged


def test_an_identifier_in_sensitive_texts_is_a_reason_to_read_them() -> None:
    findings = (
        Finding(0, 1, "konto", "r"),
        Finding(2, 3, "cpr", "r"),
        Finding(4, 5, "cpr", "r"),
        Finding(6, 7, "email", "r"),
    )
    assert personal_data.flags("", findings, "sensitive") == ["personal_data:cpr", "personal_data:konto"]
    assert personal_data.flags("", findings, "private_persons") == []


@settings(max_examples=100, deadline=None)
@given(st.lists(SNIPPETS, max_size=5))
def test_a_column_is_redacted_as_each_text_alone(texts: list[str]) -> None:
    assert redact_column(texts) == [redact(text) for text in texts]
