"""Transcripts of sittings: the speeches, who speaks, what is left out, damage, and the list of what is there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._made_referat import Dialect, Maker
from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, JSON, Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from frisat.report import Silent
from sources._referat.speaker import Speaker, make_out
from sources._referat.turn import Fields
from sources.collecting import Entry, FetchError, Found, Visit
from sources.folketinget_referater import accepts, collect, extract

_ROOT = Path(__file__).parents[2]
_DETAILS = set(load_descriptor(_ROOT / "sources/folketinget_referater.toml").details)
_NAME = "20311_M31_helemoedet.xml"

_META = """<MetaMeeting><ParliamentarySession tingdokID="1">20311</ParliamentarySession>
<ParliamentaryGroup>Folketinget</ParliamentaryGroup><DateOfSitting>2032-01-07T10:00:00</DateOfSitting>
<MeetingNumber>31</MeetingNumber><Location>Salen</Location></MetaMeeting>"""
_ANNA = ("Anna", "Holm", "AB", "medlem", "Anna Holm (AB):")
_BO = ("Bo", "Dam", "", "minister", "Fyrministeren (Bo Dam):")
_CHAIR = ("Cilla", "Eng", "CD", "formand", "Formanden (Cilla Eng):")
_ITEM = """<MetaFTAgendaItem><ItemNo>2</ItemNo><FTCase tingdokID="5"/><FTCaseNumber>107</FTCaseNumber>
<FTCaseType>L</FTCaseType><FTCaseStage>1</FTCaseStage><ShortTitle>Om fyr.</ShortTitle></MetaFTAgendaItem>"""


def _record(body: bytes, key: str = f"20311/{_NAME}") -> Record:
    return Record(
        source="folketinget-referater",
        key=key,
        body=body,
        sha256=sha256(body).hexdigest(),
        retrieved_at=datetime(2032, 2, 1, tzinfo=UTC),
    )


def _line(*runs: str) -> str:
    return "<Linea>" + "".join(f"<Char>{run}</Char>" for run in runs) + "</Linea>"


def _p(*lines: str) -> str:
    return "<Exitus>" + "".join(_line(line) for line in lines) + "</Exitus>"


def _group(*paragraphs: str) -> str:
    return f"<TekstGruppe>{''.join(paragraphs)}</TekstGruppe>"


def _segment(text: str, start: str = "10:00:02", end: str | None = "10:01:02", status: str = "Typeset") -> str:
    def moment(clock: str) -> str:
        return clock if "T" in clock or not clock[:1].isdigit() else f"2032-01-07T{clock}"

    last = f"<EndDateTime>{moment(end)}</EndDateTime>" if end is not None else ""
    return (
        f"<TaleSegment><MetaSpeechSegment><LastModified>2032-01-08T09:00:00</LastModified><EdixiStatus>{status}"
        f"</EdixiStatus><StartDateTime>{moment(start)}</StartDateTime>{last}</MetaSpeechSegment>{text}</TaleSegment>"
    )


def _speaker(who: tuple[str, str, str, str, str], number: str | None = "12345") -> str:
    names = ("OratorFirstName", "OratorLastName", "GroupNameShort", "OratorRole")
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in zip(names, who, strict=False))
    own = f' tingdokID=" {number} "' if number else ""
    title = f"<TalerTitel>{_line(who[4])}</TalerTitel>" if who[4] else ""
    return f"<Taler><MetaSpeakerMP{own}>{fields}</MetaSpeakerMP>{title}</Taler>"


def _tale(
    text: str, start: str = "10:00:02", who: tuple[str, str, str, str, str] = _ANNA, number: str | None = "12345"
) -> str:
    """Return a turn of one segment that holds ``text``, paragraphs of a group."""
    return f"<Tale>{_speaker(who, number)}{_segment(_group(text), start)}</Tale>"


def _item(*tales: str, meta: str = _ITEM, before: str = "") -> str:
    return f"<DagsordenPunkt>{meta}{before}<Aktivitet>{''.join(tales)}</Aktivitet></DagsordenPunkt>"


def _file(*parts: str, meta: str = _META, attributes: str = "") -> bytes:
    return f"<Dokument{attributes}>{meta}{''.join(parts)}</Dokument>".encode()


def _all(body: bytes) -> tuple[list[Document], dict[str, int], list[Problem]]:
    found = list(extract(_record(body)))
    left = {item.kind: item.characters for item in found if isinstance(item, LeftOut)}
    documents = [item for item in found if isinstance(item, Document)]
    return documents, left, [item for item in found if isinstance(item, Problem)]


def _documents(body: bytes) -> list[Document]:
    documents, _, problems = _all(body)
    assert problems == []
    return documents


def _text(inner: str) -> str:
    """Return the text of the one speech whose group holds ``inner``."""
    (document,) = _documents(_file(_item(_tale(inner))))
    return document.text


# --- a speech -------------------------------------------------------------------------------------------------------


def test_a_speech_carries_what_the_publisher_says_of_it() -> None:
    tale = f"<Tale><TaleType>{_line('Ordfører')}</TaleType>{_speaker(_ANNA)}{_segment(_group(_p('Tak.')))}</Tale>"
    (document,) = _documents(_file(_item(tale)))
    assert document == Document(
        id="folketinget-referater/20311-M31/20320107T100002",
        text="Tak.",
        title="Om fyr.",
        created=(date(2032, 1, 7), date(2032, 1, 7)),
        url="ftp://oda.ft.dk/ODAXML/Referat/samling/20311/20311_M31_helemoedet.xml",
        document_type="speech",
        parent_id="folketinget-referater/20311-M31",
        author="Anna Holm",
        details={
            "speaker": "Anna Holm",
            "speaker_id": "12345",
            "role": "medlem",
            "party": "AB",
            "session": "20311",
            "sitting": "31",
            "item": "2",
            "item_title": "Om fyr.",
            "case": "L 107",
            "stage": "1",
            "start": "2032-01-07T10:00:02",
            "end": "2032-01-07T10:01:02",
            "turn_type": "Ordfører",
            "status": "Typeset",
        },
    )
    assert set(document.details) | {"subitem"} == _DETAILS


def _in_namespace(body: bytes) -> bytes:
    return body.replace(b"<Dokument", b'<Dokument xmlns="http://FT.PIP.Afskrift.Schemas"', 1)


def _prefixed(body: bytes) -> bytes:
    named = re.sub(rb"<(/?)(?=[A-Z])", rb"<\1ns0:", body)
    return named.replace(b"<ns0:Dokument", b'<ns0:Dokument xmlns:ns0="http://FT.PIP.Afskrift.Schemas"', 1)


def _never_declared(body: bytes) -> bytes:
    return re.sub(rb"<(/?)(?=[A-Z])", rb"<\1ft:", body)


def _with_mark(body: bytes) -> bytes:
    return b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n' + body


@pytest.mark.parametrize("dialect", [_in_namespace, _prefixed, _with_mark])
def test_dialects_are_read_alike(dialect: Callable[[bytes], bytes]) -> None:
    table = f"<Exitus><Table><Tr><Td>{_p('a')}</Td><Td>{_p('b')}</Td></Tr></Table></Exitus>"
    parts = [
        _tale(_p("Så er det fyret, vi skal tale om."), who=_CHAIR),
        _tale(_p("Tak.", "Først dette:") + table, "10:01:00"),
    ]
    body = _file(_item(*parts))
    assert _documents(dialect(body)) == _documents(body)


def test_a_prefix_that_was_never_declared_is_damage_but_all_is_read() -> None:
    body = _file(_item(_tale(_p("Tak."))))
    documents, _, problems = _all(_never_declared(body))
    assert documents == _documents(body)
    assert "all turns were read" in str(problems[0].error)


@pytest.mark.parametrize("dialect", ["plain", "declared", "namespace"])
def test_layout_and_namespace_of_a_whole_sitting_change_nothing(dialect: Dialect) -> None:
    documents, left, problems = _all(Maker(7).sitting("20311", 3, 60_000, dialect))
    expected = _documents(Maker(7).sitting("20311", 3, 60_000, "declared"))
    assert [(d.id, d.text, d.author) for d in documents] == [(d.id, d.text, d.author) for d in expected]
    assert {d.details["status"] for d in documents} == {"Foreløbig" if dialect == "namespace" else "Typeset"}
    assert (problems, set(left)) == ([], {"agenda", "headings", "sitting_marks", "title"})
    assert {key for document in documents for key in document.details} <= _DETAILS


def test_a_made_sitting_is_read_word_for_word() -> None:
    """Every run of characters within a group of a speech comes out once, in order, found by another way."""
    body = Maker(9).sitting("20311", 4, 100_000, "declared")
    said = re.findall(r"<TekstGruppe>(.*?)</TekstGruppe>", body.decode())[:-1]  # the last one marks the end
    runs = ["".join(re.findall(r"<Char[^>]*>(.*?)</Char>", group)) for group in said]
    texts = [document.text for document in _documents(body)]
    assert [re.sub(r"\s", "", text) for text in texts] == [re.sub(r"\s", "", run) for run in runs]


# --- the text -------------------------------------------------------------------------------------------------------


def test_runs_are_joined_as_they_are_lines_by_a_space_and_paragraphs_by_a_blank_line() -> None:
    split = '<Linea><Char>Fyr</Char><Char formaChar="Italic">meste</Char><Char>ren</Char></Linea>'
    assert (
        _text(f"<Exitus>{split}{_line(' taler.')}</Exitus>{_p('Nyt  afsnit.')}") == "Fyrmesteren taler.\n\nNyt afsnit."
    )


def test_all_segments_and_groups_of_a_turn_are_read() -> None:
    segments = (
        _segment(_group(_p("Et."), _group(_p("To."))), "10:00:02", "10:00:30")
        + _segment(_group(_p("Tre.")) + _group(_p("Fire.")), "10:00:30", "10:05:00")
        + _segment(_p("Fem."), "10:05:00", None)
    )
    (document,) = _documents(_file(_item(f"<Tale>{_speaker(_ANNA)}{segments}</Tale>")))
    assert document.text == "Et.\n\nTo.\n\nTre.\n\nFire.\n\nFem."
    assert (document.details["start"], document.details["end"]) == ("2032-01-07T10:00:02", "2032-01-07T10:05:00")


def test_white_space_of_the_file_is_one_space_and_a_no_break_space_stays() -> None:
    lines = _line(" §\xa02  og", "&#10;  3 ") + _line("&#9;")
    assert _text(f"<Exitus>{lines}</Exitus><Exitus/>") == "§\xa02 og 3"


def test_tables_are_rows_as_lines_and_cells_parted_by_bars() -> None:
    table = (
        f"<Table><Tr><Th>{_p('Fyr')}</Th><Th>{_p('Lys')}</Th></Tr>"
        f"<TBody><Tr><Td>{_p('Høje', 'fyr')}{_p('i nord')}</Td><Td>{_p('7')}</Td></Tr><Tr><Td/><Td/></Tr></TBody>"
        f"<Tr><Td/><Td>{_p('9')}</Td></Tr><Tr><Td/><Td>{_p('a')}</Td><Td/><Td>{_p('b')}</Td><Td/></Tr></Table>"
    )
    assert _text(f"{_p('Før.')}<Exitus>{table}</Exitus>{_p('Efter.')}") == (
        "Før.\n\nFyr | Lys\nHøje fyr i nord | 7\n9\n| a | | b\n\nEfter."
    )


def test_lists_are_lines_with_their_marks() -> None:
    items = "".join(
        f"<Indentatio><Explicatus>{mark}</Explicatus>{_p(text)}</Indentatio>"
        for mark, text in (("1)", "Et."), ("2)", "To."))
    )
    assert _text(f"{_p('Først:')}<Exitus><Index>{items}</Index></Exitus>") == "Først:\n\n1) Et.\n2) To."


def test_text_without_its_usual_elements_is_kept() -> None:
    odd = (
        "<Exitus>Løst <Char>tal</Char><Char>e</Char><Linea>i <B>en</B> linje</Linea> efter</Exitus>"
        "<Ukendt><Char>Sidst<Sup>e</Sup></Char></Ukendt>"
    )
    assert _text(odd) == "Løst tale i en linje efter\n\nSidste"


def test_a_number_alone_in_a_run_is_text_too() -> None:
    assert _text(f"<Exitus>{_line('har lukket ', '138', ' fyr.')}</Exitus>") == "har lukket 138 fyr."


# --- who speaks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "title", "speaker"),
    [
        (("Anna", "Holm", "AB", "medlem"), "Anna Holm (AB):", Speaker("Anna Holm", "medlem", "AB")),
        (("Anna", "Holm", "", "medlem"), "Anna Holm (AB):", Speaker("Anna Holm", "medlem", "AB")),
        (("Anna", "Holm Bæk", "AB", "medlem"), "Anna Holm (AB):", Speaker("Anna Holm Bæk", "medlem", "AB")),
        (("Bo", "Dam", "", "minister"), "Fyrministeren (Bo Dam):", Speaker("Bo Dam", "Fyrministeren", "")),
        (("Bo", "Dam", "", "fungerende minister"), "Den fg. fyrminister (Bo Dam) :",
         Speaker("Bo Dam", "Den fg. fyrminister", "")),
        (("Cilla", "Eng", "CD", "formand"), "Formanden:", Speaker("Cilla Eng", "Formanden", "CD")),
        (("Cilla", "Eng", "CD", "formand"), "", Speaker("Cilla Eng", "formand", "CD")),
        (("", "", "", ""), "Tredje næstformand (Cilla Eng):", Speaker("Cilla Eng", "Tredje næstformand", "")),
        (("", "", "", ""), "Anna Holm (AB):", Speaker("Anna Holm", "", "AB")),
        (("Anna ", " Holm", "UFG", "medlem"), " Anna Holm:", Speaker("Anna Holm", "medlem", "UFG")),
        (("Anna", "Holm", "", "medlem"), "Anna Holm (AB) (kort bemærkning):", Speaker("Anna Holm", "medlem", "AB")),
        (("", "", "", ""), "(Ordfører) Anna Holm (AB):", Speaker("Anna Holm", "", "AB")),
        (("", "", "", ""), "Fyrministeren (Bo Dam) (fortsat):", Speaker("Bo Dam", "Fyrministeren", "")),
        (("Cilla", "Eng", "CD", "formand"), "Fungerende formand Cilla Eng:",
         Speaker("Cilla Eng", "Fungerende formand", "CD")),
        (("", "Bo", "", "formand"), "Formanden for Boudvalget, Bo:", Speaker("Bo", "Formanden for Boudvalget", "")),
        (("MødeSlut", "MødeSlut", "MødeSlut", "MødeSlut"), "", Speaker(is_mark=True)),
        (("Pause", "", "Pause", ""), "", Speaker(is_mark=True)),
        (("", "", "", "Pause"), "", Speaker(is_mark=True)),
        (("", "", "", ""), "", Speaker()),
    ],
)  # fmt: skip
def test_the_speaker_is_made_out(fields: tuple[str, str, str, str], title: str, speaker: Speaker) -> None:
    assert make_out(Fields(*fields), title) == speaker


def test_nothing_is_said_of_what_is_not_known() -> None:
    taler = f"<Taler><TalerTitel>{_line('Formanden:')}</TalerTitel></Taler>"
    tale = f"<Tale>{taler}{_segment(_p('Tak.'), '', None, '')}</Tale>"
    (document,) = _documents(_file(f"<DagsordenPunkt>{tale}</DagsordenPunkt>"))
    assert document.details == {"role": "Formanden", "session": "20311", "sitting": "31"}
    assert (document.title, document.author) == (None, None)
    assert document.created == (date(2032, 1, 7), date(2032, 1, 7))


def test_items_of_question_time_and_what_stands_beside_them() -> None:
    below = """<MetaFTAgendaSubItem><SubItemNo>3</SubItemNo><FTCaseNumber>S 12</FTCaseNumber><FTCaseType>S</FTCaseType>
    <ShortTitle>Om båker.</ShortTitle></MetaFTAgendaSubItem>"""
    inner = f"<DagsordenUnderpunkt>{below}{_tale(_p('Et.'), '10:00:01')}</DagsordenUnderpunkt>"
    bare = f"<DagsordenUnderpunkt>{_tale(_p('To.'), '10:00:02')}</DagsordenUnderpunkt>"
    after = _item(_tale(_p("Fire."), "10:00:04"), meta="<MetaFTAgendaItem><ItemNo>0</ItemNo></MetaFTAgendaItem>")
    documents = _documents(_file(_item(inner, bare, _tale(_p("Tre."), "10:00:03")), after))
    keys = ("item", "subitem", "item_title", "case", "stage")
    assert [tuple(document.details.get(key) for key in keys) for document in documents] == [
        ("2", "3", "Om båker.", "S S 12", "1"),
        ("2", None, "Om fyr.", "L 107", "1"),
        ("2", None, "Om fyr.", "L 107", "1"),
        ("0", None, None, None, None),
    ]


def test_elements_in_another_order_or_place_are_found() -> None:
    tale = f"<Tale>{_segment(_p('Tak.'))}{_speaker(_ANNA)}</Tale>"
    body = _file(f"<DagsordenPunkt><Aktivitet><Ny>{tale}</Ny></Aktivitet>{_ITEM}</DagsordenPunkt>", meta="") + b"\n"
    moved = body.replace(b"</Dokument>", f"{_META}</Dokument>".encode())
    (document,) = _documents(moved)
    assert (document.author, document.title, document.text) == ("Anna Holm", "Om fyr.", "Tak.")


def test_a_preliminary_and_a_final_text_are_one_document_in_two_states() -> None:
    preliminary = _file(_item(_tale(_p("Tak for det"))), attributes=' edixistatus="Foreløbig"')
    first, second = _documents(preliminary)[0], _documents(_file(_item(_tale(_p("Tak for det.")))))[0]
    assert first.id == second.id
    assert (first.details["status"], second.details["status"]) == ("Foreløbig", "Typeset")


# --- ids ------------------------------------------------------------------------------------------------------------


def _ids(*tales: str) -> list[str]:
    documents = _documents(_file(_item(*tales)))
    prefix = "folketinget-referater/20311-M31/"
    assert all(document.id.startswith(prefix) and ID_CHARACTERS.fullmatch(document.id) for document in documents)
    return [document.id.removeprefix(prefix) for document in documents]


def test_a_second_speech_in_a_second_gets_the_speakers_id_and_a_third_a_hash() -> None:
    same = [_tale(_p(text)) for text in ("Et.", "To.", "Tre.", "Fire.")]
    ids = _ids(*same)
    assert ids[:2] == ["20320107T100002", "20320107T100002-12345"]
    assert all(re.fullmatch(r"20320107T100002-x[0-9a-f]{12}", name) for name in ids[2:])
    assert len(set(ids)) == 4
    assert _ids(*same, _tale(_p("Fem."), "10:00:03"))[4] == "20320107T100003"


def test_in_files_without_ids_of_speakers_the_name_takes_their_place() -> None:
    who = ("Søren", "Ærø Åkjær", "AB", "medlem", "Søren Ærø Åkjær (AB):")
    assert _ids(_tale(_p("Et.")), _tale(_p("To."), who=who, number=None)) == [
        "20320107T100002",
        "20320107T100002-Soeren-Aeroe-Aakjaer",
    ]


def test_a_speech_without_a_usable_time_keeps_its_place() -> None:
    ids = _ids(
        _tale(_p("Et."), ""),
        _tale(_p("To."), "10:00:02"),
        _tale(_p("Tre."), "0001-01-01T00:00:00"),
        _tale(_p("Fire."), "2032-01-07T25:00:00"),
        _tale(_p("Fem."), "10:00:03"),
    )
    assert re.fullmatch(r"20320107T000000-x[0-9a-f]{12}", ids[0])
    assert re.fullmatch(r"20320107T100002-x[0-9a-f]{12}", ids[2])
    assert [ids[1], ids[4]] == ["20320107T100002", "20320107T100003"]
    assert sorted(ids[:2] + ids[4:]) == ids[:2] + ids[4:]
    assert max(ids[2:4]) < ids[4]


def test_a_sitting_goes_on_past_midnight() -> None:
    documents = _documents(_file(_item(_tale(_p("Et."), "23:59:59"), _tale(_p("To."), "2032-01-08T00:00:04"))))
    assert [document.id[-15:] for document in documents] == ["20320107T235959", "20320108T000004"]
    assert documents[1].created == (date(2032, 1, 8), date(2032, 1, 8))
    assert documents[1].details["start"] == "2032-01-08T00:00:04"


def test_fractions_and_zones_of_a_time_are_cut_off() -> None:
    (document,) = _documents(_file(_item(_tale(_p("Et."), " 2032-01-07T10:00:02.123+01:00 "))))
    assert (document.id[-15:], document.details["start"]) == ("20320107T100002", "2032-01-07T10:00:02")


@pytest.mark.parametrize(
    ("meta", "key", "expected"),
    [
        (_META, "x.xml", "20311-M31"),
        (_META.replace(">31<", "> 0031 <"), "x.xml", "20311-M31"),
        (_META.replace(">20311<", ">2031-32<"), "20301_M7_helemoedet.xml", "20301-M7"),
        ("", "d/20302_M119_helemoedet.XML", "20302-M119"),
    ],
)
def test_the_sitting_is_named_by_the_file_itself_or_by_its_name(meta: str, key: str, expected: str) -> None:
    (document,) = extract(_record(_file(_item(_tale(_p("Tak."))), meta=meta), key))
    assert isinstance(document, Document)
    assert document.parent_id == f"folketinget-referater/{expected}"
    assert document.details["session"] == expected[:5]


def test_ids_of_a_made_sitting_sort_in_reading_order() -> None:
    ids = [document.id for document in _documents(Maker(3).sitting("20311", 2, 200_000))]
    assert len(ids) > 100
    assert sorted(set(ids)) == ids


# --- what is no speech ----------------------------------------------------------------------------------------------


def test_what_was_not_said_is_left_out_and_counted() -> None:
    mark = ("MødeSlut", "MødeSlut", "MødeSlut", "MødeSlut", "")
    nobody = ("", "", "", "", "")
    announced = f"<TekstGruppe>{_p('I dag er anmeldt:')}</TekstGruppe><SagAnmeldelse>{_p('Sag 9')}</SagAnmeldelse>"
    front = (
        f"<TitelGruppe><Titel>{_line('31. møde')}</Titel></TitelGruppe>"
        f"<DagsordenPlan><PunktTekst>{_p('1) Om fyr.')}</PunktTekst></DagsordenPlan>"
    )
    before = f"<PunktTekst>{_p('2) Fyr.')}<SkriftligBegrundelse>{_p('Fordi.')}</SkriftligBegrundelse></PunktTekst>"
    documents, left, problems = _all(
        _file(
            front,
            _item(
                f"<Rubrica>{_line('Forhandling')}</Rubrica>",
                f"<Tale>{_speaker(_CHAIR)}{_segment(announced)}</Tale>",
                _tale(_p("(Talen er under udarbejdelse)"), "10:01:00"),
                _tale(_p("Spørgsmålet er udgået."), "10:02:00", who=nobody, number=None),
                _tale("", "10:03:00"),
                _tale(_p("Mødet er hævet."), "10:04:00", who=mark, number=None),
                "<Ukendt>Løs tekst</Ukendt>",
                before=before,
            ),
        )
    )
    assert [document.text for document in documents] == ["I dag er anmeldt:"]
    assert problems == []
    assert left == {
        "agenda": len("1) Om fyr.") + len("2) Fyr. "),
        "case_announcements": len("Sag 9"),
        "headings": len("Forhandling"),
        "other_text": len("Løs tekst"),
        "sitting_marks": len("Mødet er hævet."),
        "speeches_not_yet_written": len("(Talen er under udarbejdelse)"),
        "title": len("31. møde"),
        "turns_without_a_speaker": len("Spørgsmålet er udgået."),
        "written_reasons": len("Fordi."),
    }


def test_the_same_turn_twice_is_one_speech() -> None:
    documents, left, _ = _all(_file(_item(_tale(_p("Tak.")), _tale(_p("Tak.")))))
    assert len(documents) == 1
    assert left == {"repeated_turns": 4}


def test_a_speaker_may_say_the_same_again_later() -> None:
    assert len(_documents(_file(_item(_tale(_p("Tak.")), _tale(_p("Tak."), "10:00:03"))))) == 2


# --- damage ---------------------------------------------------------------------------------------------------------

_THREE = (_tale(_p("Et."), "10:00:01"), _tale(_p("To."), "10:00:02"), _tale(_p("Tre."), "10:00:03"))


@pytest.mark.parametrize(
    ("slip", "text"),
    [
        ("Fyr & båker", "Fyr & båker"),
        ("Fyr &amp; båker&nbsp;§", "Fyr & båker\xa0§"),
        ("sm&oslash;r &ukendt; R&D;", "smør &ukendt; R&D;"),
        ("Fyr\x0b\x00 slukket\x1f", "Fyr slukket"),
    ],
)
def test_slips_are_mended_without_loss(slip: str, text: str) -> None:
    assert _text(_p(slip)) == text


def test_a_file_cut_short_gives_the_speeches_before_the_cut_and_says_so() -> None:
    body = _file(_item(*_THREE))
    cut = body[: body.index(b"Tre.") + 2]
    documents, left, (problem,) = _all(cut)
    assert [document.text for document in documents] == ["Et.", "To."]
    assert left == {"speech_cut_off": 2}
    assert re.search(r"not well-formed.*1 of its 3 turns could not be read", str(problem.error))
    assert problem.content == sha256(cut).hexdigest().encode()


def test_a_file_cut_short_between_two_speeches_gives_both() -> None:
    body = _file(_item(*_THREE))
    documents, left, (problem,) = _all(body[: body.index(b"</Aktivitet>")])
    assert [document.text for document in documents] == ["Et.", "To.", "Tre."]
    assert left == {}
    assert "all turns were read" in str(problem.error)


def test_damage_in_the_middle_loses_only_what_it_must_and_says_how_much() -> None:
    open_line = _file(_item(*_THREE)).replace(b"To.</Char>", b"To.")
    documents, _, (problem,) = _all(open_line)
    assert [document.text for document in documents] == ["Et.", "To.", "Tre."]
    assert "all turns were read" in str(problem.error)
    swallowing = _file(
        _item(*_THREE), _item(_tale(_p("Fire."), "10:00:04"), before=f"<PunktTekst>{_p('3)')}</PunktTekst>")
    )
    documents, left, _ = _all(swallowing.replace(b"To.</Char>", b"To."))
    assert [document.text for document in documents] == ["Et.", "To.", "Tre.", "Fire."]
    assert left == {"agenda": 2}
    ended = _file(_item(*_THREE)).replace(b"</Tale>", b"</Tale></Aktivitet></DagsordenPunkt></Dokument>", 2)
    documents, _, (problem,) = _all(ended)
    assert documents[0].text == "Et."
    assert f"{3 - len(documents)} of its 3 turns could not be read" in str(problem.error)
    assert len(documents) < 3


def test_a_letter_that_is_no_utf8_costs_that_letter_and_is_said() -> None:
    documents, _, (problem,) = _all(_file(_item(*_THREE)).replace(b"To.", b"T\xf8."))
    assert [document.text for document in documents] == ["Et.", "T\ufffd.", "Tre."]
    assert "not well-formed" in str(problem.error)


def test_two_files_in_one_give_the_first_and_say_so() -> None:
    body = _file(_item(*_THREE))
    documents, _, (problem,) = _all(body + body)
    assert len(documents) == 3
    assert "3 of its 6 turns could not be read" in str(problem.error)


_REFUSED = {
    "nothing": (b"", EmptyRecordError, "no bytes"),
    "plain text": (b"Referat", NotTextError, "does not begin as XML"),
    "a web page": (b"<html><body>Ikke fundet</body></html>", NotTextError, "root 'html'"),
    "an act": (b"<Dokument><Meta/><TitelGruppe/></Dokument>", NotTextError, "without a sitting"),
    "no speech": (_file(_item()), EmptyRecordError, "20311 M31 holds no speech"),
    "cut short before any speech": (_file()[:-11], BrokenRecordError, "not well-formed"),
    "a document type": (
        b'<!DOCTYPE Dokument [<!ENTITY a "b">]>' + _file(),
        BrokenRecordError,
        "document type|entities",
    ),
    "a late document type": (_file(_item("<x>")) + b'<!DOCTYPE a [<!ENTITY b "c">]>', BrokenRecordError, "entities"),
    "another encoding": (
        _file(_item(_tale(_p("Båken på fyret.")))).decode().encode("latin-1"),
        BrokenRecordError,
        "UTF-8",
    ),
    "no sitting": (b"<Dokument><MetaMeeting/></Dokument>", BrokenRecordError, "which sitting it is"),
    "too deep": (_file("<a>" * 300 + "</a>" * 300), BrokenRecordError, "deep|well-formed"),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_record_that_gives_no_document_says_why(name: str) -> None:
    body, error, message = _REFUSED[name]
    with pytest.raises(error, match=message):
        found = list(extract(_record(body, "x.xml")))
        raise next(item.error for item in found if isinstance(item, Problem))


def test_damaged_bytes_never_give_another_kind_of_error() -> None:
    chance = random.Random(20)  # noqa: S311 - repeatable damage
    whole = Maker(4).sitting("20311", 3, 6_000) + _file(_item(*_THREE))
    for number in range(400):
        body = bytearray(whole if number % 2 else _file(_item(*_THREE)))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        try:
            found = list(extract(_record(bytes(body))))
        except RecordError as error:
            assert str(error)
        else:
            assert all(isinstance(item, Document | LeftOut | Problem) for item in found)
            assert found


def test_every_cut_of_a_file_is_read_as_far_as_it_goes() -> None:
    body = _file(_item(*_THREE))
    whole = _documents(body)
    for end in range(body.index(b"<Tale>"), len(body) - 1, 7):
        documents, _, problems = _all(body[:end])
        assert documents == whole[: len(documents)]
        assert len(problems) == 1


@given(st.recursive(st.text("ab \n&lt;æ", max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_no_letter_is_lost_whatever_nests_in_a_speech(tree: Any) -> None:
    names = iter(("Exitus", "Linea", "Char", "Table", "Tr", "Td", "Index", "Indentatio", "X") * 50)

    def build(node: Any) -> str:
        if isinstance(node, str):
            return node.replace("&lt;", "").replace("&", "")
        name = next(names)
        return f"<{name}>{''.join(build(child) for child in node)}</{name}>"

    inner = build(tree)
    letters = re.sub(r"<[^>]*>|\s", "", inner)
    body = _file(_item(_tale(f"{_p('start')}{inner}{_p('slut')}")))
    (document,) = _documents(body)
    assert re.sub(r"[\s|]", "", document.text) == f"start{letters}slut"
    assert not re.search(r"  |[ \t]\n|\n[ \t]|\n\n\n|\A\s|\s\Z", document.text)


def test_hostile_repetition_takes_linear_time() -> None:
    runs = "<Char>x</Char>" * 50_000
    cells = "<Table><Tr>" + "<Td><Char>x</Char></Td>" * 20_000 + "</Tr>" + "<Tr/>" * 20_000 + "</Table>"
    flat = "".join(f"<Tale>{_segment(_p('x'))}</Tale>" for _ in range(2_000))
    documents, left, _ = _all(_file(_item(_tale(runs + cells), flat)))
    assert len(documents[0].text) > 100_000
    assert left["turns_without_a_speaker"] == 2_000


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        (f"samling/20311/{_NAME}", True),
        ("A.XML", True),
        (f"__MACOSX/{_NAME}", False),
        (f"20311/._{_NAME}", False),
        ("20311/20311_M31.pdf", False),
    ],
)
def test_accepts_xml_files_that_are_not_hidden(path: str, accepted: bool) -> None:
    assert accepts(path) is accepted


# --- the way in -----------------------------------------------------------------------------------------------------

_STARTED = datetime(2032, 2, 1, 3, tzinfo=UTC)
_SAMLING = "ftp://oda.ft.dk/ODAXML/Referat/samling/"


class _Heard(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, message: str) -> None:
        self.said.append(message)

    warn = note


def _visit(
    folders: dict[str, list[Entry] | FetchError], since: date | None = None, cursor: dict[str, JSON] | None = None
) -> tuple[Visit, _Heard]:
    heard = _Heard()

    def ask(method: str, url: str) -> tuple[None, list[Entry]]:
        assert method == "entries"
        found = folders[url.removeprefix(_SAMLING)]
        if isinstance(found, FetchError):
            raise found
        return None, found

    visit = Visit(cursor=cursor or {}, since=since, started=_STARTED, held=lambda _: set(), ask=ask, report=heard)
    return visit, heard


def _entry(name: str, days: float = 100.0, size: int = 5) -> Entry:
    return Entry(name=name, size=size, modified=_STARTED - timedelta(days=days))


_FOLDERS = [Entry(name=name, is_folder=True) for name in ("20301", "20311", "Gammelt")]


def test_sessions_are_read_newest_first_and_recent_sittings_are_asked_for_again() -> None:
    visit, heard = _visit(
        {
            "": [*_FOLDERS, Entry(name="laesmig.txt", size=1)],
            "20301/": [_entry("20301_M2_helemoedet.xml", 400)],
            "20311/": [_entry("20311_M10_helemoedet.xml", 61), _entry("20311_M9_helemoedet.xml", 59.9),
                       _entry("20311_M9_udkast.xml"), _entry("20301_M1_helemoedet.xml"),
                       Entry(name="x", is_folder=True)],
        }
    )  # fmt: skip
    found = list(collect(visit))
    assert found == [
        Found(
            key=f"{name[:5]}/{name}",
            url=f"{_SAMLING}{name[:5]}/{name}",
            kind="xml",
            version=version,
            again=again,
            max_bytes=50_000_000,
        )
        for name, version, again in (
            ("20311_M10_helemoedet.xml", "5 2031-12-02T03:00", False),
            ("20311_M9_helemoedet.xml", "5 2031-12-03T05:24", True),
            ("20301_M2_helemoedet.xml", "5 2030-12-28T03:00", False),
        )
    ]
    assert visit.completed == ["20311/", "20301/", ""]
    assert heard.said == [
        "folders of another kind, not fetched: Gammelt",
        "20311: files of another kind, not fetched: 20301_M1_helemoedet.xml, 20311_M9_udkast.xml, x",
    ]


def test_a_change_of_size_or_time_is_another_version() -> None:
    def version(entry: Entry) -> str | None:
        visit, _ = _visit({"": _FOLDERS[1:2], "20311/": [entry]})
        (found,) = collect(visit)
        assert isinstance(found, Found)
        return found.version

    name = "20311_M1_helemoedet.xml"
    seconds = timedelta(seconds=29) / timedelta(days=1)
    versions = {version(_entry(name)), version(_entry(name, size=6)), version(_entry(name, days=99))}
    assert len(versions) == 3
    assert version(_entry(name)) == version(_entry(name, days=100 - seconds))


def test_without_a_time_in_the_listing_a_file_is_asked_for_once_a_week() -> None:
    entries = [Entry(name=f"20311_M{number}_helemoedet.xml", size=5) for number in range(40)]
    nights: list[set[str]] = []
    for day in range(15):
        visit, _ = _visit({"": _FOLDERS[1:2], "20311/": entries})
        visit.started = _STARTED + timedelta(days=day)
        nights.append({f"{found.key} {found.version}" for found in collect(visit) if isinstance(found, Found)})
    changed = [len(after - before) for before, after in pairwise(nights)]
    assert sum(changed) == 80
    assert max(changed) < 20


def test_since_takes_what_was_changed_from_then_on_and_calls_nothing_gone() -> None:
    visit, _ = _visit(
        {
            "": _FOLDERS[:2],
            "20301/": [_entry("20301_M2_helemoedet.xml", 5)],
            "20311/": [_entry("20311_M1_helemoedet.xml", 31), _entry("20311_M2_helemoedet.xml", 32),
                       Entry(name="20311_M3_helemoedet.xml")],
        },
        since=date(2032, 1, 1),
    )  # fmt: skip
    assert [found.key[6:-15] for found in collect(visit)] == ["20311_M1", "20311_M3", "20301_M2"]
    assert visit.completed == []


def test_a_session_that_cannot_be_listed_fails_the_visit_after_the_others() -> None:
    broken = FetchError("20311 is broken", url=f"{_SAMLING}20311/", passing=True)
    visit, heard = _visit({"": _FOLDERS[:2], "20311/": broken, "20301/": [_entry("20301_M2_helemoedet.xml")]})
    came: list[str] = []

    def run() -> Iterator[None]:
        for found in collect(visit):
            came.append(found.key)
            yield

    with pytest.raises(FetchError, match="20311 is broken"):
        list(run())
    assert came == ["20301/20301_M2_helemoedet.xml"]
    assert visit.completed == ["20301/"]
    assert heard.said == ["20311: not listed this time: 20311 is broken"]


def test_an_empty_list_of_sessions_is_no_list() -> None:
    visit, _ = _visit({"": []})
    with pytest.raises(FetchError, match="lists no session"):
        list(collect(visit))
    assert visit.completed == []
