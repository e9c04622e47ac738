"""Printed transcripts: which turns there are, whose they are, what they say, and every record that gives none."""

from __future__ import annotations

import hashlib
import io
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks._made_tidende import Line, MadeSitting, made_sitting
from benchmarks._tidende import ARCHIVE, records
from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, Document, LeftOut, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from frisat.report import Silent
from sources._tidende.joints import MEASURE, split_line, split_sentences, width
from sources._tidende.lines import lines_of
from sources._tidende.prose import paragraphs, without_announcements, without_insertions
from sources._tidende.sitting import Item, read_item
from sources._tidende.tags import Tag, read_tag
from sources.collecting import Found, Visit
from sources.folketingstidende import accepts, collect, extract

_ROOT = Path(__file__).parents[2]
_NAME = "dk_forhandlinger_20311_20311M007_2031-11-20_1000.pdf.txt"
_DETAILS = set(load_descriptor(_ROOT / "sources/folketingstidende.toml").details)
_PAD = " " * 112

_FRONT = """\
                                                  7. møde
                                  Torsdag den 20. november 2031 kl. 10.00


                                                   Dagsorden

1) 1. behandling af lovforslag nr. L 7:
Forslag til lov om broer. (Flere broer).
Af broministeren (Ib Ibsen).
(Fremsættelse 01.11.2031).

2) Besvarelse af oversendte spørgsmål til ministrene (spørgetid).
"""

_OPENING = f"""{_PAD}Kl. 10:00

Meddelelser fra formanden

Formanden (Bo Bosen):
Mødet er åbnet.

"""

_ITEM = f"""

Det første punkt på dagsordenen er:
1) 1. behandling af lovforslag nr. L 7:
Forslag til lov om broer. (Flere broer).
Af broministeren (Ib Ibsen).
(Fremsættelse 01.11.2031).
{_PAD}Kl. 10:01


Forhandling

Formanden (Bo Bosen):
Forhandlingen er åbnet.
   Værsgo.
{_PAD}Kl. 10:02

(Ordfører)
Åse Ø. Æbelø-Sørensen (BP):
Tak for ordet. Vi går ind for broer, og det gør
vi, fordi der er å'er.
   Det er mit andet afsnit.
{_PAD}Kl. 10:03

Broministeren (Ib Ibsen):
Tak.
{_PAD}Kl. 10:03

Formanden (Bo Bosen):
Ordføreren.
{_PAD}Kl. 10:03

Åse Ø. Æbelø-Sørensen (BP):
Selv tak.
"""

_QUESTION_TIME = f"""

Det næste punkt på dagsordenen er:
2) Besvarelse af oversendte spørgsmål til ministrene (spørgetid).
{_PAD}Kl. 10:10
Anden næstformand (Eva Evasen):
Vi går til spørgsmål nr. 1.
{_PAD}Kl. 10:10

Spm. nr. S 21
1) Til broministeren af:
Per Persen (KP) (medspørger: Dan Dansen (KP)):
Hvad vil ministeren gøre ved broen?

Skriftlig begrundelse

Broen er åben.

Anden næstformand (Eva Evasen):
Værsgo.
{_PAD}Kl. 10:11

Per Persen (KP):
Jeg læser op.
{_PAD}Kl. 10:12

Spm. nr. US 3

Dan Dansen (KP):
Og jeg spørger.
"""

_END = f"""{_PAD}Kl. 00:41

Meddelelser fra formanden

Formanden (Bo Bosen):
Der er ikke mere at foretage.
Mødet er hævet. (Kl. 00:42).
"""


def _record(text: str | bytes, name: str = _NAME) -> Record:
    body = text.encode() if isinstance(text, str) else text
    return Record(
        source="folketingstidende",
        key=name,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        retrieved_at=datetime(2031, 12, 1, tzinfo=UTC),
    )


def _read(text: str) -> tuple[list[Document], dict[str, int]]:
    found = list(extract(_record(text)))
    documents = [item for item in found if isinstance(item, Document)]
    return documents, {item.kind: item.characters for item in found if isinstance(item, LeftOut)}


def _dense(text: str) -> int:
    return len("".join(text.split()))


def _turns(body: str, *, before: str = _FRONT + _OPENING) -> list[tuple[str | None, str]]:
    """Return speakers and texts of a sitting that goes on with ``body`` after the chair opened it; without the opening.

    No letter may be lost or doubled on the way.
    """
    text = before + body
    documents, left = _read(text)
    assert sum(_dense(document.text) for document in documents) + sum(left.values()) == _dense(text)
    return [(document.author, document.text) for document in documents]


# --- whole sittings -------------------------------------------------------------------------------------------------


def test_a_sitting_is_its_turns_with_what_the_print_says_of_them() -> None:
    documents, left = _read(_FRONT + _OPENING + _ITEM + _QUESTION_TIME + _END)
    assert [(d.author, d.text) for d in documents] == [
        ("Bo Bosen", "Mødet er åbnet."),
        ("Bo Bosen", "Forhandlingen er åbnet.\n\nVærsgo."),
        (
            "Åse Ø. Æbelø-Sørensen",
            "Tak for ordet. Vi går ind for broer, og det gør vi, fordi der er å'er.\n\nDet er mit andet afsnit.",
        ),
        ("Ib Ibsen", "Tak."),
        ("Bo Bosen", "Ordføreren."),
        ("Åse Ø. Æbelø-Sørensen", "Selv tak."),
        ("Eva Evasen", "Vi går til spørgsmål nr. 1."),
        ("Eva Evasen", "Værsgo."),
        ("Per Persen", "Jeg læser op."),
        ("Dan Dansen", "Og jeg spørger."),
        ("Bo Bosen", "Der er ikke mere at foretage."),
    ]
    speech = documents[2]
    assert speech.id.startswith("folketingstidende/20311-M7/20311120T1002-aase-oe-aebeloe-soerensen-")
    assert speech.title == "Forslag til lov om broer. (Flere broer)."
    assert speech.created == (date(2031, 11, 20), date(2031, 11, 20))
    assert speech.parent_id == "folketingstidende/20311-M7"
    assert speech.document_type == "speech"
    assert speech.url == "https://www.ft.dk/forhandlinger/20311/20311M007_2031-11-20_1000.pdf"
    assert speech.details == {
        "speaker": "Åse Ø. Æbelø-Sørensen",
        "role": "Ordfører",
        "party": "BP",
        "session": "20311",
        "sitting": "7",
        "item": "1",
        "item_title": "Forslag til lov om broer. (Flere broer).",
        "case": "L 7",
        "stage": "1. behandling",
        "start": "2031-11-20T10:02",
    }
    assert documents[0].title == "Meddelelser fra formanden"
    assert "item" not in documents[0].details
    assert documents[3].details["role"] == "Broministeren"
    assert "party" not in documents[3].details
    assert left["sitting_marks"] == _dense("Mødet er hævet. (Kl. 00:42).")
    assert left["written_questions"] == _dense(_QUESTION_TIME.partition("Spm. nr. S 21")[2].partition("Anden")[0]) + 10


def test_question_time_names_its_questions_and_midnight_begins_a_day() -> None:
    documents, _ = _read(_FRONT + _OPENING + _ITEM + _QUESTION_TIME + _END)
    facts = [{key: d.details.get(key) for key in ("item", "subitem", "case", "stage")} for d in documents[6:10]]
    assert facts == [
        {"item": "2", "subitem": None, "case": None, "stage": None},
        {"item": "2", "subitem": "1", "case": "S 21", "stage": None},
        {"item": "2", "subitem": "1", "case": "S 21", "stage": None},
        {"item": "2", "subitem": None, "case": "US 3", "stage": None},
    ]
    assert documents[7].details["start"] == "2031-11-20T10:10"  # without a stamp: the last one
    last = documents[-1]
    assert last.created == (date(2031, 11, 21), date(2031, 11, 21))
    assert last.details["start"] == "2031-11-21T00:41"
    assert "item" not in last.details


def test_ids_are_unique_sort_as_they_are_read_and_come_from_what_was_said() -> None:
    again = "".join(
        f"{_PAD}Kl. 10:0{minute}\nFormanden (Bo Bosen):\nOrdføreren.\n{_PAD}Kl. 10:0{minute}\nPer Persen (KP):\nTak.\n"
        for minute in (1, 1, 1, 2)
    )
    documents, _ = _read(_FRONT + _OPENING + again)
    ids = [document.id for document in documents]
    assert len(set(ids)) == len(ids) == 9
    assert [id_.rsplit("-", 3)[0] for id_ in ids] == sorted(id_.rsplit("-", 3)[0] for id_ in ids)
    assert all(ID_CHARACTERS.fullmatch(id_) for id_ in ids)
    assert [document.id for document in _read(_FRONT + _OPENING + again)[0]] == ids
    # A turn before them all changes the ids of the next two only: its own neighbours.
    earlier = f"{_PAD}Kl. 10:00\nPer Persen (KP):\nVent.\n"
    later = [document.id for document in _read(_FRONT + _OPENING + earlier + again)[0]]
    assert set(later) >= set(ids[2:3])


@pytest.mark.parametrize("change", ["crlf", "mark", "tabs", "no padding", "form feeds"])
def test_layouts_of_the_same_print_are_read_alike(change: str) -> None:
    text = _FRONT + _OPENING + _ITEM + _QUESTION_TIME + _END
    other = {
        "crlf": text.replace("\n", "\r\n"),
        "mark": "\ufeff" + text,
        "tabs": text.replace(_PAD, "\t\t\t\t"),
        "no padding": text.replace(_PAD, ""),
        "form feeds": text.replace("\n\n\nForhandling", "\n\f\nForhandling"),
    }[change]
    assert [(d.id, d.text) for d in _read(other)[0]] == [(d.id, d.text) for d in _read(text)[0]]


# --- turns ----------------------------------------------------------------------------------------------------------


def test_a_stamp_within_a_speech_is_taken_out() -> None:
    body = (
        f"{_PAD}Kl. 10:01\n\nPer Persen (KP):\nFørst dette.\n{_PAD}Kl. 10:02\n   Så dette.{_PAD}Kl. 10:03\n   Og dette."
    )
    assert _turns(body)[1:] == [("Per Persen", "Først dette.\n\nSå dette.\n\nOg dette.")]


def test_stamps_glued_to_tags_and_text_are_found() -> None:
    body = (
        f"{_PAD}Kl. 10:01Per Persen (KP):\nJa.{_PAD}Kl. 10:02Formanden (Bo Bosen):Tak.\n"
        f"{_PAD}Kl. 10:02Spm. nr. US 4\n\nDan Dansen (KP):\nNej."
    )
    assert _turns(body)[1:] == [("Per Persen", "Ja."), ("Bo Bosen", "Tak."), ("Dan Dansen", "Nej.")]


def test_headings_glued_to_tags_and_roles_are_left_out() -> None:
    body = (
        f"{_PAD}Kl. 10:01\n\nForhandlingFormanden (Bo Bosen):\nVærsgo.\n"
        f"{_PAD}Kl. 10:02\n\nBegrundelse(Ordfører for forslagsstillerne)\nPer Persen (KP):\nTak."
    )
    documents, _ = _read(_FRONT + _OPENING + body)
    assert [(d.author, d.text, d.details["role"]) for d in documents[1:]] == [
        ("Bo Bosen", "Værsgo.", "Formanden"),
        ("Per Persen", "Tak.", "Ordfører for forslagsstillerne"),
    ]


def test_a_tag_glued_behind_a_sentence_opens_a_turn() -> None:
    body = (
        f"{_PAD}Kl. 10:01\n\nSpm. nr. S 1\n1) Til broministeren af:\nPer Persen (KP):\n"
        "Hvornår?Formanden (Bo Bosen):\nVærsgo."
    )
    assert _turns(body)[1:] == [("Bo Bosen", "Værsgo.")]


def test_announced_cases_are_no_turns_and_no_speech() -> None:
    body = """\
I dag er der følgende anmeldelser:

Broministeren (Ib Ibsen):

Lovforslag nr. L 8 (Forslag til lov om svingbroer. (Flere svingbroer)) og

Lovforslag nr. L 9 (Forslag til lov om stenbroer).

Per Persen (KP) og Dan Dansen (KP) m.fl.:Beslutningsforslag nr. B 2 (Forslag til folketingsbeslutning om
en vindebro).

Titlerne vil fremgå af tidenden.
"""
    assert _turns(body) == [
        ("Bo Bosen", "Mødet er åbnet.\n\nI dag er der følgende anmeldelser:\n\nTitlerne vil fremgå af tidenden.")
    ]


def test_announced_cases_are_found_in_each_form_they_are_printed_in() -> None:
    body = """\
I dag er der følgende anmeldelser:Broministeren (Ib Ibsen):

Lovforslag nr. L 8 (Forslag til lov om svingbroer).

Ministeren for broer og åer:

Redegørelse nr. R 3 (Redegørelse om broer).

Per Persen (KP) m. fl.: Beslutningsforslag nr. 18 (Forslag om en bro.)

Dan Dansen (KP) m.fl. :

Hasteforespørgsel nr. F 10 om konsekvenser for broer.

Titlerne vil fremgå af tidenden (jf. ovenfor).

Redegørelse nr. 2 om broer blev anmeldt i går.
"""
    assert _turns(body)[0][1].split("\n\n")[1:] == [
        "I dag er der følgende anmeldelser:",
        "Titlerne vil fremgå af tidenden (jf. ovenfor).",
        "Redegørelse nr. 2 om broer blev anmeldt i går.",
    ]


def test_what_editors_put_between_the_words_is_left_out_and_counted() -> None:
    letter = (
        "[»Folketingets formand\n\nEfter min indstilling er det bestemt, at broen [sic] bygges.\n\n   /Dan Dansen«]."
    )
    body = (
        f"Meddelelsen vil fremgå (jf. nedenfor).\n\n{letter}\n\nI dag er der intet.\n{_PAD}Kl. 10:01\n"
        "Per Persen (KP):\n[Taleren talte færøsk]. Så på dansk.\n\n[Lydudfald]\n\nVi foreslår:\n\n»Broen bygges.«\n\n"
        "(Forslag til vedtagelse nr. V 7).\n"
    )
    documents, left = _read(_FRONT + _OPENING + body)
    assert [d.text for d in documents] == [
        "Mødet er åbnet.\n\nMeddelelsen vil fremgå (jf. nedenfor).\n\nI dag er der intet.",
        "[Taleren talte færøsk]. Så på dansk.\n\n[Lydudfald]\n\nVi foreslår:\n\n»Broen bygges.«",
    ]
    assert left["editors_insertions"] == _dense(letter) + _dense("(Forslag til vedtagelse nr. V 7).")


@pytest.mark.parametrize(
    "found",
    [
        ["[Taleren talte grønlandsk og så dansk i et meget langt stykke tid uden at sige det] og så videre."],
        ["[aldrig lukket, men lang nok til at være en indsættelse, hvis den var lukket et eller andet sted", "Ja."],
        ["[kort]"],
        [],
    ],
)
def test_brackets_that_are_no_insertion_stay(found: list[str]) -> None:
    assert without_insertions(found) == (found, [])


def test_a_chair_who_speaks_of_a_case_is_speaking() -> None:
    body = "Forespørgsel nr. F 1, der netop er blevet fremmet, kan behandles nu.\n"
    assert _turns(body)[0][1].endswith("Forespørgsel nr. F 1, der netop er blevet fremmet, kan behandles nu.")


def test_interjections_in_brackets_stay_in_the_speech() -> None:
    said = "Der er otte. (Dan\nDansen (KP): Ni!). Ni.\n   (Formanden (Bo Bosen): Ro!) Ja."
    assert _turns(f"{_PAD}Kl. 10:01\nPer Persen (KP):\n{said}")[1:] == [
        ("Per Persen", "Der er otte. (Dan Dansen (KP): Ni!). Ni.\n\n(Formanden (Bo Bosen): Ro!) Ja.")
    ]


def test_a_member_called_by_the_chair_has_the_floor_even_if_the_stamp_is_missing() -> None:
    body = f"{_PAD}Kl. 10:01\nFormanden (Bo Bosen):\nVærsgo.\n\nPer Persen (KP):\nTak.\n"
    assert _turns(body)[1:] == [("Bo Bosen", "Værsgo."), ("Per Persen", "Tak.")]


def test_a_tag_too_long_for_a_line_goes_on_on_the_next() -> None:
    title = "Ministeren for broer, tunneler og vejbump og ministeren for nordisk samarbejde om broer"
    body = f"{_PAD}Kl. 10:01\n{title} (Ib\nIbsen):\nTak.\n"
    documents, _ = _read(_FRONT + _OPENING + body)
    assert (documents[1].author, documents[1].details["role"], documents[1].text) == ("Ib Ibsen", title, "Tak.")


def test_an_acting_minister_keeps_the_role_printed_first() -> None:
    body = (
        f"{_PAD}Kl. 10:01\n\n(Broministeren)\nEva Evasen (fg.):\nTak.\n"
        f"{_PAD}Kl. 10:02\n\nEva Evasen (fg.):\nJa.\n{_PAD}Kl. 10:02\nDan Dansen (fg.):\nNej."
    )
    documents, _ = _read(_FRONT + _OPENING + body)
    assert [d.details["role"] for d in documents[1:]] == ["Broministeren", "Broministeren", "fg."]
    assert all("party" not in d.details for d in documents)


def test_speeches_not_yet_written_give_nothing_and_are_counted() -> None:
    body = (
        f"{_PAD}Kl. 10:01\nPer Persen (KP):\n(Talen er under udarbejdelse)\n"
        f"{_PAD}Kl. 10:02\nFormanden (Bo Bosen):\nTak.\n"
    )
    documents, left = _read(_FRONT + _OPENING + body)
    assert [d.author for d in documents] == ["Bo Bosen", "Bo Bosen"]
    assert left["speeches_not_yet_written"] == _dense("(Talen er under udarbejdelse)")


def test_an_item_that_was_dropped_is_not_the_item_of_what_follows() -> None:
    body = f"""\
Det næste punkt på dagsordenen er:
3) 1. behandling af lovforslag nr. L 8:
Forslag til lov om svingbroer.
{_PAD}Kl. 10:04
(Punktet er udgået af dagsordenen).

Det næste punkt på dagsordenen er:4) Forhandling om redegørelse nr. R 2:Broministerens redegørelse om broer.
Sammen med dette punkt foretages:
5) Forespørgsel nr. F 3:
Hvad nu?
{_PAD}Kl. 10:04
Formanden (Bo Bosen):
Værsgo.
"""
    documents, _ = _read(_FRONT + _OPENING + body)
    assert [
        (d.text, d.title, d.details.get("item"), d.details.get("case"), d.details.get("stage")) for d in documents
    ] == [
        ("Mødet er åbnet.", "Meddelelser fra formanden", None, None, None),
        ("Værsgo.", "Broministerens redegørelse om broer.", "4", "R 2", "Forhandling"),
    ]


def test_words_about_the_agenda_are_words() -> None:
    body = f"{_PAD}Kl. 10:01\nFormanden (Bo Bosen):\nDet næste punkt på dagsordenen er:\n   en afstemning.\n"
    assert _turns(body)[1:] == [("Bo Bosen", "Det næste punkt på dagsordenen er:\n\nen afstemning.")]


def test_the_number_of_a_question_glued_to_that_of_its_item_is_known_from_the_agenda() -> None:
    front = _FRONT + "\n6) Til broministeren af:\nPer Persen (KP)\nHvad nu?\n(Spm. nr. S 229).\n"
    body = (
        f"{_PAD}Kl. 10:01\nSpm. nr. S 2296) Til broministeren af:\nPer Persen (KP):\nHvad nu?\n\n"
        "Formanden (Bo Bosen):\nVærsgo.\n"
    )
    documents, _ = _read(front + _OPENING + body)
    assert (documents[1].text, documents[1].details["case"], documents[1].details["subitem"]) == (
        "Værsgo.",
        "S 229",
        "6",
    )


@pytest.mark.parametrize(
    ("line", "tag"),
    [
        ("Mai Maisen (KF):", Tag("Mai Maisen", None, "KF")),
        ("Aki-Matilda von Bro (SIU):", Tag("Aki-Matilda von Bro", None, "SIU")),
        ("Den fg. formand (Bo Bosen):", Tag("Bo Bosen", "Den fg. formand", None)),
        ("Klima-, energi- og broministeren (Ib Ibsen):", Tag("Ib Ibsen", "Klima-, energi- og broministeren", None)),
        ("Ministeren for broer (Ib Ibsen, fg.):", Tag("Ib Ibsen", "Ministeren for broer, fg.", None)),
        ("Kong (Volmer Den Første):", Tag("Volmer Den Første", "Kong", None)),
        ("Ib Ibsen (KF) og Bo Bosen (V):", None),
        ("og broministeren (Ib Ibsen):", None),
        ("Så spørger jeg (1):", None),
        ("(Ib Ibsen):", None),
        ("Ib Ibsen (KF)", None),
    ],
)
def test_tags_are_read(line: str, tag: Tag | None) -> None:
    assert read_tag(line) == tag


def test_who_presides_is_told_from_ministers() -> None:
    chairs = [
        Tag("B", title, None).chair
        for title in ("Formanden", "Anden næstformand", "Aldersformanden", "Miljøministeren")
    ]
    assert chairs == [True, True, True, False]


@pytest.mark.parametrize(
    ("lines", "item"),
    [
        (["1) Valg af formand."], Item("1", "Valg af formand.")),
        (
            ["", "12) 2. (sidste) behandling af beslutningsforslag nr. B 87:", "Forslag om", "en bro.", "Af Bo (V)."],
            Item("12", "Forslag om en bro.", "B 87", "2. (sidste) behandling"),
        ),
        (
            [
                "3) 3. behandling, 1. del, af lovforslag nr. L 1:",
                "",
                "Forslag til finanslov.",
                "(Fremsættelse 1.1.2031).",
            ],
            Item("3", "Forslag til finanslov.", "L 1", "3. behandling, 1. del"),
        ),
        (
            ["6) Fortsættelse af forespørgsel nr. F 9 [afstemning]:", "Hvad nu?"],
            Item("6", "Hvad nu?", "F 9", "Fortsættelse [afstemning]"),
        ),
        (["4) Forespørgsel nr. F 11:", "Hvad nu?"], Item("4", "Hvad nu?", "F 11")),
        (
            ["10) 3. behandling af lovforslag nr. L 63 A:", "Forslag."],
            Item("10", "Forslag.", "L 63 A", "3. behandling"),
        ),
        (
            ["5) Forespørgsel nr. F 5:", "Forespørgsel til broministeren:", "", "Hvad nu?", "Af Bo Bosen (V)."],
            Item("5", "Forespørgsel til broministeren: Hvad nu?", "F 5"),
        ),
        (
            ["2) 2. behandling af lovforslag nr. L 7:"],
            Item("2", "2. behandling af lovforslag nr. L 7", "L 7", "2. behandling"),
        ),
        (["Ingen ved det."], None),
    ],
)
def test_items_of_the_agenda_are_read(lines: list[str], item: Item | None) -> None:
    assert read_item(lines) == item


# --- text -----------------------------------------------------------------------------------------------------------


_FULL = "Vi siger nu her i Folketinget, at der er så uendelig mange af de bygninger, man kalder broer, at vi"
_SHORT = _FULL.removesuffix("vi")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Vi bygger", "broer."], ["Vi bygger broer."]),
        (["Vi bygger.", "", "   Nu."], ["Vi bygger.", "Nu."]),
        (["En CO2-", "bro."], ["En CO2-bro."]),
        (
            ["Børne- og under-", "og ungeområdet, digitaliserings-", "og bropolitik."],
            ["Børne- og under- og ungeområdet, digitaliserings- og bropolitik."],
        ),
        (
            ["Broer og/", "eller veje –", "eller intet -", "slet intet."],
            ["Broer og/eller veje – eller intet - slet intet."],
        ),
        (["Broen  er   lang."], ["Broen er lang."]),
        ([_FULL, "", "kan det samme."], [f"{_FULL} kan det samme."]),
        (
            ["Bestemt,", "", "at en bro bygges, og", "", "at en anden rives ned."],
            ["Bestemt,", "at en bro bygges, og", "at en anden rives ned."],
        ),
        ([], []),
    ],
)
def test_lines_become_paragraphs(lines: list[str], text: list[str]) -> None:
    assert paragraphs(lines) == text


_WORDS = Counter(
    [
        "vi",
        "vi",
        "kan",
        "kan",
        "kan",
        "noget",
        "andet",
        "tænke",
        "os",
        "broer",
        "en",
        "en",
        "bro",
        "skriftligRedegørelse",
    ]
)


def test_a_full_line_is_as_wide_as_the_measure() -> None:
    assert 0 < MEASURE - width(_FULL) < width("kan ")


@pytest.mark.parametrize(
    ("glued", "lines"),
    [
        (f"{_FULL}kan tænke os noget andet.", [_FULL, "kan tænke os noget andet."]),
        (f"{_SHORT}i,kan tænke os noget helt andet.", [f"{_SHORT}i,", "kan tænke os noget helt andet."]),
        (f"{_SHORT}iDanmark tænker os noget andet.", [f"{_SHORT}i", "Danmark tænker os noget andet."]),
        (f"{_SHORT}på10 broer, der er noget andet.", [f"{_SHORT}på", "10 broer, der er noget andet."]),
        (f"{_SHORT}vi– tænker os noget.", [f"{_SHORT}vi", "– tænker os noget."]),
        (f"{_SHORT}–vi tænker os noget andet.", [f"{_SHORT}–", "vi tænker os noget andet."]),
        (f"En skriftligRedegørelse {_FULL[10:]} kan.", ["En skriftlig", f"Redegørelse {_FULL[10:]} kan."]),
        ("En bro.   Så en til.", ["En bro.", "   Så en til."]),
        (_FULL, [_FULL]),
        ("", [""]),
    ],
)
def test_a_page_joint_is_found_where_the_line_was_full(glued: str, lines: list[str]) -> None:
    assert split_line(glued, _WORDS) == lines


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Det er givet.Det er vedtaget.", "Det er givet.\n\nDet er vedtaget."),
        ("A.P. Broby og E.U. Sker.", "A.P. Broby og E.U. Sker."),
        ("Først,så siden 1,5 m.", "Først,\nså siden 1,5 m."),
        ("»Broen« og »Åen« er to.", "»Broen« og »Åen« er to."),
        ("www.folketinget.dk", "www.folketinget.dk"),
    ],
)
def test_sentences_without_a_space_between_are_parted(text: str, split: str) -> None:
    assert split_sentences(text) == split


def test_a_glued_capital_is_parted_only_where_both_words_are_known() -> None:
    text = "Vi er i Bro nu. Bro er god.\nDe er iBro og på TikTok."
    assert "\n".join(lines_of(text)) == "Vi er i Bro nu. Bro er god.\nDe er i\nBro og på TikTok."


def test_only_the_list_of_cases_is_taken_out_of_what_a_chair_says() -> None:
    found = ["Hør her:", "Bo Bosen (V):", "Lovforslag nr. L 1 (Forslag).", "Per Persen (KP):", "Ja."]
    assert without_announcements(found) == (
        ["Hør her:", "Per Persen (KP):", "Ja."],
        ["Bo Bosen (V):", "Lovforslag nr. L 1 (Forslag)."],
    )


_PIECES = st.lists(
    st.sampled_from(
        [
            "Formanden (Bo Bosen):", "Per Persen (KP):", "Broministeren (Ib Ibsen):", f"{_PAD}Kl. 10:05",
            f"{_PAD}Kl. 00:10",
            "Forhandling", "(Ordfører)", "", "", "Det næste punkt på dagsordenen er:", "3) Valg af en bro.", "En bro.",
            "   Et afsnit.", "Spm. nr. S 4", "4) Til broministeren af:", "Mødet er udsat. (Kl. 10:02).", "Et børne-",
            "og ungeområde,så er det.Ja.", "(Talen er under udarbejdelse)", "Sammen med dette punkt foretages:",
            "Lovforslag nr. L 8 (Forslag til lov om svingbroer).", _FULL + "kan noget.   Så det.", "   Kl. 9:5", "):",
        ]
    ),
    max_size=60,
)  # fmt: skip


@given(_PIECES)
@settings(max_examples=300, deadline=None)
def test_no_letter_is_lost_or_doubled_in_any_order_of_lines(pieces: list[str]) -> None:
    text = _FRONT + _OPENING + "\n".join(pieces)
    documents, left = _read(text)
    assert sum(_dense(document.text) for document in documents) + sum(left.values()) == _dense(text)
    assert len({document.id for document in documents}) == len(documents)
    for document in documents:
        assert document.text == document.text.strip()
        assert "  " not in document.text
        assert not re.search(r"[^\n]\n[^\n]|\n{3}", document.text)
        assert set(document.details) <= _DETAILS


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_speech_is_read_without_loss(said: str) -> None:
    try:
        documents, left = _read(f"{_FRONT}{_OPENING}{said}")
    except RecordError:
        return
    assert documents
    assert all(value >= 0 for value in left.values())


# --- records that give none -----------------------------------------------------------------------------------------

_BAD: dict[str, tuple[bytes, str, type[RecordError]]] = {
    "nothing": (b"", _NAME, EmptyRecordError),
    "blanks": (b"  \n\n ", _NAME, EmptyRecordError),
    "no text": (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)), _NAME, NotTextError),
    "another text": (b"En roman om broer." * 50, _NAME, NotTextError),
    "a web page": (b"<html><body>Just a moment...</body></html>", _NAME, NotTextError),
    "no session": ((_FRONT + _OPENING).encode(), "transcript.txt", BrokenRecordError),
    "another number": ((_FRONT + _OPENING).encode(), _NAME.replace("M007", "M008"), BrokenRecordError),
    "another day": ((_FRONT + _OPENING).encode(), _NAME.replace("11-20", "11-21"), BrokenRecordError),
    "no such day": (_FRONT.replace("20. november", "31. november").encode(), _NAME, BrokenRecordError),
    "no speech": (_FRONT.encode(), _NAME, EmptyRecordError),
    "half a PDF": (b"%PDF-1.7\n1 0 obj\n<<", _NAME.removesuffix(".txt"), RecordError),
}


@pytest.mark.parametrize("name", _BAD)
def test_a_record_that_gives_no_document_says_why(name: str) -> None:
    body, key, error = _BAD[name]
    with pytest.raises(error) as raised:
        list(extract(_record(body, key)))
    assert len(str(raised.value)) > 10


def test_damaged_bytes_never_give_another_kind_of_error() -> None:
    whole = (_FRONT + _OPENING + _ITEM + _QUESTION_TIME + _END).encode()
    dice = random.Random(7)  # noqa: S311 - no secret
    for _ in range(300):
        body = bytearray(whole)
        for _ in range(dice.randrange(1, 30)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        for damaged in (bytes(body), whole[: dice.randrange(len(whole))]):
            try:
                list(extract(_record(damaged)))
            except RecordError:
                continue


@pytest.mark.parametrize(
    "unit",
    [
        "Kl. 10:01\n",
        " ",
        "(",
        "):",
        "Ordet er frit.Ja",
        "a,b",
        "Bo Bosen (V):\n",
        "iDanmark ",
        "1) Til en af:\n",
        "ord ",
        "\n",
    ],
)
def test_hostile_repetition_is_read_in_the_end(unit: str) -> None:
    text = _FRONT + _OPENING + unit * (400_000 // len(unit))
    assert _read(text)[0]


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        (_NAME, True),
        (f"a/b/{_NAME}", True),
        ("20311/20311M007_2031-11-20_1000.pdf", True),
        ("forhandlinger_20311M007_2031-11-20_1000.PDF", True),
        ("overblik.txt", False),
        ("20311M007_2031-11-20_1000.xml", False),
        (f".git/{_NAME}", False),
        (f"__MACOSX/{_NAME}", False),
    ],
)
def test_accepts_transcripts_by_their_names(path: str, accepted: bool) -> None:
    assert accepts(path) is accepted


# --- PDF ------------------------------------------------------------------------------------------------------------


def _pdf(text: str) -> bytes:
    """Set ``text`` as the publisher does: in Times, stamps at the right, paragraphs indented; on several pages."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    file = io.BytesIO()
    sheet = canvas.Canvas(file, pagesize=(595, 842))
    height = 0.0
    for number, line in enumerate(text.split("\n")):
        if number % 30 == 0:
            if number:
                sheet.showPage()
            sheet.setFont("Times-Roman", 11)
            height = 790.0
        bare = line.strip()
        if bare.startswith("Kl. "):
            sheet.drawRightString(525, height, bare)
        elif line.startswith("       "):
            sheet.drawCentredString(300, height, bare)
        elif bare:
            sheet.drawString(90 + 13 * line.startswith("   "), height, bare)
        height -= 14
    sheet.save()
    return file.getvalue()


def test_the_pdf_gives_what_its_text_gives() -> None:
    # Lines that go from margin to margin, as print has them on every page, else the stamps look like a column.
    text = re.sub(r"\)\)?:\n", rf"\g<0>{_FULL}\n", _FRONT + _OPENING + _ITEM + _QUESTION_TIME + _END)
    found = [item for item in extract(_record(_pdf(text), _NAME.removesuffix(".txt"))) if isinstance(item, Document)]
    assert [(d.author, d.text) for d in found] == [(d.author, d.text) for d in _read(text)[0]]
    assert [d.id for d in found] == [d.id for d in _read(text)[0]]


def _documents_of(body: bytes, name: str) -> list[Document]:
    return [item for item in extract(_record(body, name)) if isinstance(item, Document)]


def test_heads_and_page_numbers_of_a_pdf_are_left_out_and_counted() -> None:
    made = made_sitting("20311", 7, datetime(2031, 11, 20, 10), turns=40)  # noqa: DTZ001
    found = list(extract(_record(made.pdf(head="20311 - 7. møde - 20.11.2031"), made.name)))
    assert [(item.author, item.text) for item in found if isinstance(item, Document)] == made.turns
    left = {item.kind: item.characters for item in found if isinstance(item, LeftOut)}
    pages = -(-len(made.lines) // 50)
    assert pages > 9
    assert left["pdf_head"] == pages * _dense("20311 - 7. møde - 20.11.2031")
    assert left["pdf_page_number"] == 9 + 2 * (pages - 9)


def test_a_name_or_a_time_at_the_top_of_many_pages_is_no_head() -> None:
    made = MadeSitting("20311M007_2031-11-20_1000.pdf", [Line(line.strip()) for line in _FRONT.split("\n")])
    made.lines += [Line("")] * (50 - len(made.lines) % 50)
    for page in range(12):
        at = "Formanden (Bo Bosen):" if page % 3 else "Kl. 10:01"
        made.lines += [Line(at, "left" if page % 3 else "margin"), *[Line("")] * 20]
        made.lines += [Line("Kl. 10:02", "margin"), Line("Per Persen (KP):"), Line(f"Ja, {page}."), *[Line("")] * 26]
    spoken = [(document.author, document.text) for document in _documents_of(made.pdf(), made.name)]
    assert spoken == [("Per Persen", f"Ja, {page}.") for page in range(12)]


@pytest.mark.parametrize(
    ("end", "begin", "text"),
    [
        (_FULL, "kan det samme.", f"{_FULL} kan det samme."),
        ("Vi bygger broer.", "Og veje.", "Vi bygger broer.\n\nOg veje."),
    ],
)
def test_a_paragraph_goes_on_on_the_next_page_if_the_line_was_full(end: str, begin: str, text: str) -> None:
    made = MadeSitting("20311M007_2031-11-20_1000.pdf", [Line(line.strip()) for line in _FRONT.split("\n")])
    made.lines += [Line(_FULL)] * (47 - len(made.lines)) + [Line("Kl. 10:01", "margin"), Line("Per Persen (KP):")]
    made.lines += [Line(end), Line(begin), *[Line(_FULL)] * 3]
    assert _documents_of(made.pdf(), made.name)[0].text.startswith(text)


# --- the archive ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the archive of real sittings is not here")
def test_real_sittings_keep_every_letter_and_leave_no_print_in_the_speeches() -> None:
    count = Counter[str]()
    ids: set[str] = set()
    for record in records(ARCHIVE):
        found = list(extract(record))
        documents = [item for item in found if isinstance(item, Document)]
        kept = sum(_dense(d.text) for d in documents) + sum(i.characters for i in found if isinstance(i, LeftOut))
        assert kept == _dense(record.read().decode()), record.key
        count.update(_faults(documents))
        ids |= {document.id for document in documents}
        starts = [str(document.details["start"]) for document in documents]
        assert starts == sorted(starts), record.key
    assert count == {"documents": 50_152}
    assert len(ids) == 50_152


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the archive of real sittings is not here")
def test_real_sittings_set_as_a_pdf_are_the_same_documents() -> None:
    """The lines of real print, set anew on pages of other lengths, and read from there."""
    by_size = sorted(records(ARCHIVE), key=lambda record: len(record.read()))
    for record in (by_size[1], by_size[3], by_size[10], by_size[25]):
        made = MadeSitting(record.key.removesuffix(".txt"))
        for line in lines_of(record.read().decode()):
            margin, indent = line.startswith("Kl. "), len(line) - len(line.lstrip())
            made.lines.append(
                Line(line.strip(), "margin" if margin else "middle" if indent > 7 else "indented" if indent else "left")
            )
        expected = [item for item in extract(record) if isinstance(item, Document)]
        assert _documents_of(made.pdf(), made.name) == expected, record.key


def _faults(documents: list[Document]) -> Iterator[str]:
    for document in documents:
        yield "documents"
        if re.search(r"Kl\. ?\d\d?[:.]\d\d|dagsordenen er:$|^Spm\. nr\.|Talen er under udarbejdelse", document.text):
            yield f"print left in {document.id}"
        if any(read_tag(line) for line in document.text.split("\n")):
            yield f"tag left in {document.id}"
        if "  " in document.text or document.text != document.text.strip() or not set(document.details) <= _DETAILS:
            yield f"untidy {document.id}"


# --- the way in -----------------------------------------------------------------------------------------------------

_STARTED = datetime(2031, 12, 1, 12, tzinfo=UTC)


def _moment(month: int, day: int, hour: int) -> datetime:
    """Return a time as the service has it: local, without a zone."""
    return datetime(2031, month, day, hour, tzinfo=UTC).replace(tzinfo=None)


def _sitting(number: int, day: datetime, **changes: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "nummer": str(number),
        "dato": day.isoformat(),
        "typeid": 1,
        "opdateringsdato": "2031-11-30T10:00:00",
        "Periode": {"kode": "20311"},
    }
    return {**row, **changes}


def _collected(monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], cursor: dict[str, Any]) -> list[Found]:
    asked: list[tuple[Any, ...]] = []

    def answer(visit: Visit, service: object, entity: str, **options: Any) -> Iterator[dict[str, Any]]:
        asked.append((entity, options["where"], options["expand"]))
        return iter(rows)

    monkeypatch.setattr("sources._tidende.sittings.rows", answer)
    visit = Visit(
        cursor=cursor, since=None, started=_STARTED, held=lambda _: set(), ask=lambda *_, **__: None, report=Silent()
    )
    found = [item for item in collect(visit) if isinstance(item, Found)]
    assert asked == [("Møde", {"typeid": 1}, ("Periode",))]
    return found


def test_transcripts_are_asked_for_where_their_names_say_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = _moment(1, 8, 13), _moment(11, 20, 10)
    found = _collected(monkeypatch, [_sitting(31, old), _sitting(7, new)], {})
    assert [(item.key, item.url, item.kind, item.version, item.again) for item in found] == [
        (
            "20311/20311M031_2031-01-08_1300.pdf",
            "https://www.ft.dk/forhandlinger/20311/20311M031_2031-01-08_1300.pdf",
            "pdf",
            "2031-11-30T10:00:00",
            False,
        ),
        (
            "20311/20311M007_2031-11-20_1000.pdf",
            "https://www.ft.dk/forhandlinger/20311/20311M007_2031-11-20_1000.pdf",
            "pdf",
            "2031-11-30T10:00:00",
            True,
        ),
    ]
    assert all(accepts(item.key) for item in found)


def test_a_sitting_ahead_is_remembered_and_one_of_the_last_weeks_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead, recent = _STARTED.replace(tzinfo=None) + timedelta(days=2), _moment(11, 20, 10)
    cursor: dict[str, Any] = {}
    assert len(_collected(monkeypatch, [_sitting(9, ahead), _sitting(7, recent)], cursor)) == 1
    monkeypatch.setattr(f"{__name__}._STARTED", _STARTED + timedelta(days=5))
    assert [item.key[:14] for item in _collected(monkeypatch, [], cursor)] == ["20311/20311M00", "20311/20311M00"]
    monkeypatch.setattr(f"{__name__}._STARTED", _STARTED + timedelta(days=90))
    assert all(not item.again for item in _collected(monkeypatch, [], cursor))
    assert cursor["recent"] == []


@pytest.mark.parametrize(
    "changes",
    [{"nummer": None}, {"nummer": "7a"}, {"dato": None}, {"dato": "2031-11-20T00:00:00"}, {"Periode": None},
     {"Periode": {"kode": "x"}}, {"Periode": {"kode": "20081"}}],
)  # fmt: skip
def test_a_sitting_that_cannot_be_named_or_is_too_old_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    assert _collected(monkeypatch, [_sitting(7, _moment(11, 20, 10), **changes)], {}) == []


def test_a_spoilt_memory_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor: dict[str, Any] = {"recent": [["a"], 7, ["k", "no time", "v"], {"x": 1}]}
    assert _collected(monkeypatch, [], cursor) == []
