"""ADL: works out of TEI volumes, what is left out of them, and every record that gives none."""

import hashlib
import io
import tarfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, Document, LeftOut, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources._adl.matter import KINDS
from sources.adl import accepts, extract

_ROOT = Path(__file__).parents[2]
_ARCHIVE = _ROOT.parent / "shared/data/adl/adl_tei.tar.zst"
_DESCRIPTOR = load_descriptor(_ROOT / "sources/adl.toml")
_TEI = "{http://www.tei-c.org/ns/1.0}"

_HEADER = """<teiHeader><fileDesc><titleStmt><title>Samlede Skrifter II</title>
<respStmt><resp>Grete Brix</resp></respStmt><author>AMALIE FYR</author></titleStmt>
<publicationStmt><publisher>Lygten</publisher><idno>0099:02</idno></publicationStmt>
<sourceDesc><bibl><author><name><surname>Fyr</surname>, <forename>Amalie</forename></name></author>
<title>Samlede Skrifter</title><pubPlace>Ribe</pubPlace><publisher>Lygten</publisher><date>1931-32</date></bibl>
<listBibl>{works}</listBibl></sourceDesc></fileDesc></teiHeader>"""


def _bibl(key: str, title: str, author: str = "") -> str:
    return f'<bibl xml:id="{key}"><title>{title}</title>{author and f"<author>{author}</author>"}</bibl>'


def _tei(text: str, works: str = "", header: str = _HEADER) -> bytes:
    body = f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{header.replace("{works}", works)}{text}</TEI>'
    return body.encode()


def _record(body: bytes, key: str = "adl/fyr02val.xml") -> Record:
    return Record(
        source="adl",
        key=key,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        retrieved_at=datetime(2099, 1, 1, tzinfo=UTC),
    )


def _read(body: bytes, key: str = "adl/fyr02val.xml") -> tuple[list[Document], dict[str, int]]:
    documents: list[Document] = []
    left: dict[str, int] = {}
    for item in extract(_record(body, key)):
        if isinstance(item, Document):
            documents.append(item)
        else:
            left[item.kind] = item.characters
    return documents, left


def _one(inner: str, **options: str) -> str:
    """Return the text of a volume that is one work with this body."""
    documents, _ = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>', _bibl("b1", "Værk"), **options))
    assert len(documents) == 1
    return documents[0].text


# ---- works


def test_a_work_has_its_id_title_author_years_and_place() -> None:
    work = '<div decls="#b7" xml:id="w7"><head>KVÆLD.</head><lg><l>Nu sænker sig Solen</l><l>bag Heden.</l></lg></div>'
    text = f'<text><body><pb n="12"/>{work}</body></text>'
    documents, left = _read(_tei(text, _bibl("b7", "KVÆLD (1874)")))
    assert documents == [
        Document(
            id="adl/fyr02val/b7",
            text="KVÆLD.\n\nNu sænker sig Solen\nbag Heden.",
            title="KVÆLD (1874)",
            created=(date(1874, 1, 1), date(1874, 12, 31)),
            document_type="verse",
            parent_id="adl/fyr02val",
            author="Amalie Fyr",
            details={
                "volume_title": "Samlede Skrifter II",
                "edition": "Samlede Skrifter. Ribe: Lygten, 1931-32",
                "edition_year": 1931,
                "publisher": "Lygten",
                "editor": "Grete Brix",
                "catalogue_number": "0099:02",
                "page_from": "12",
                "page_to": "12",
            },
        )
    ]
    assert left == {}
    assert set(documents[0].details) <= set(_DESCRIPTOR.details)


def test_a_work_keeps_only_its_own_text() -> None:
    inner = f'<div decls="#b2"><head>Havet</head><p>{"Havet gaar. " * 3}</p></div>'
    outer = f'<div decls="#b1"><head>To Rejser</head><p>{"Vi drog ud. " * 20}</p>{inner}<p>Og hjem igen.</p></div>'
    works = _bibl("b1", "To Rejser") + _bibl("b2", "Havet", "Ida Tang")
    documents, left = _read(_tei(f"<text><body>{outer}</body></text>", works))
    assert [(document.id, document.parent_id, document.author) for document in documents] == [
        ("adl/fyr02val/b1", "adl/fyr02val", "Amalie Fyr"),
        ("adl/fyr02val/b2", "adl/fyr02val/b1", "Ida Tang"),
    ]
    assert documents[0].text == f"To Rejser\n\n{('Vi drog ud. ' * 20).strip()}\n\nOg hjem igen."
    assert documents[1].text == f"Havet\n\n{('Havet gaar. ' * 3).strip()}"
    assert left == {}


@pytest.mark.parametrize(("characters", "given_ids"), [(199, ["b2"]), (200, ["b1", "b2"])])
def test_a_container_under_200_characters_is_no_document(characters: int, given_ids: list[str]) -> None:
    outer = f'<div decls="#b1"><p>{"x" * characters}</p><div decls="#b2"><p>Kort.</p></div></div>'
    documents, left = _read(_tei(f"<text><body>{outer}</body></text>"))
    assert [document.id.rpartition("/")[2] for document in documents] == given_ids
    assert left == ({} if len(given_ids) == 2 else {"short_container": 199})
    assert documents[-1].parent_id == "adl/fyr02val/b1"


def test_a_short_poem_is_a_document() -> None:
    documents, _ = _read(_tei('<text><body><div decls="#b1"><l>Stille.</l></div></body></text>'))
    assert [document.text for document in documents] == ["Stille."]


def test_the_years_of_a_collection_are_those_of_its_poems() -> None:
    poem = '<div decls="#b2"><head>Lyng</head><l>Rød er den.</l></div>'
    text = f'<text><body><div decls="#b1"><head>Digte</head>{poem}</div></body></text>'
    documents, _ = _read(_tei(text, _bibl("b1", "Digte (1889-91)") + _bibl("b2", "Lyng")))
    assert [document.created for document in documents] == [(date(1889, 1, 1), date(1891, 12, 31))]


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Vise. (1796 eller 1797.)", (1796, 1797)),
        ("PROLOG (21. Sept. 1817)", (1817, 1817)),
        ("HORNET, af 'Digte', 1803", (1803, 1803)),
        ("Fra Byen. Andet Bind. 1874", (1874, 1874)),
        ("Chr. V's Velkomst [1681?]", None),
        ("Et Liv i Erindring, Bind III, Syv Aar 1849-56", None),
        ("Efter Branden 1728", None),
        ("Anden Del (1931)", None),
        ("Aar (1891-89)", None),
    ],
)
def test_only_a_year_that_ends_a_title_dates_a_work(title: str, years: tuple[int, int] | None) -> None:
    documents, _ = _read(_tei('<text decls="#b1"><body><p>Ja.</p></body></text>', _bibl("b1", title)))
    assert documents[0].created == (years and (date(years[0], 1, 1), date(years[1], 12, 31)))


def test_a_bare_year_counts_where_most_of_the_list_has_one() -> None:
    titles = ["Mindedigt over Niels Fyr 1670", *["Gravskrift 1671"] * 5, *["Sang"] * 4]
    works = "".join(_bibl(f"b{number}", title) for number, title in enumerate(titles, 1))
    documents, _ = _read(_tei('<text><body><div decls="#b1"><l>Her hviler han.</l></div></body></text>', works))
    assert documents[0].created == (date(1670, 1, 1), date(1670, 12, 31))


def test_the_edition_says_when_a_work_appeared_or_was_written() -> None:
    note = "<div><p>Mosen udkom 20.5.1857, kostede 5 kr. og omfatter [4] + 208 s.</p></div>"
    first = f'<text decls="#b1"><front>{note}</front><body><p>Mosen var vaad.</p></body></text>'
    second = (
        '<text decls="#b2"><front><docDate>Skrevet 1887, trykt 1890</docDate></front><body><p>Nu.</p></body></text>'
    )
    documents, left = _read(_tei(f"<text><group>{first}{second}</group></text>"))
    assert [document.created for document in documents] == [
        (date(1857, 1, 1), date(1857, 12, 31)),
        (date(1887, 1, 1), date(1887, 12, 31)),
    ]
    assert documents[0].text == "Mosen var vaad."
    assert left == {"editors_matter": 61}


def test_a_repeated_work_goes_on_with_its_page_then_its_head_then_its_hash() -> None:
    work = '<div decls="#b1"><head>{}</head><l>{}</l></div>'
    body = "".join(
        work.format(*each) for each in (("A", "en"), ("B", "to"), ("Lyng", "tre"), ("Lyng", "fire"), ("C", "fem"))
    )
    documents, _ = _read(_tei(f'<text><body><pb n="7"/>{body}</body></text>'))
    ids = [document.id.removeprefix("adl/fyr02val/b1") for document in documents]
    assert ids[:3] == ["", "/0007", "/0007/lyng-tre"]
    assert len(set(ids)) == 5
    assert all(ID_CHARACTERS.fullmatch(document.id) for document in documents)


# ---- volumes without declared works


def test_an_undeclared_volume_splits_at_its_texts() -> None:
    front = "<titlePage><docTitle><titlePart>SKIBET. 1554.</titlePart></docTitle></titlePage>"
    front += "<div><head>INDLEDNING.</head><p>Udgiveren taler.</p></div>"
    body = '<pb n="21"/><div><head>Fortalen</head><p>Huad er det?</p></div>'
    back = "<div><head>NOTER.</head><p>S. 21 L. 7.</p></div>"
    one = f"<text><front>{front}</front><body>{body}</body><back>{back}</back></text>"
    two = '<text><body><pb n="30"/><head>BREVE</head><p>Kere ven.</p></body></text>'
    register = "<text><body><head>REGISTRE</head><p>Aalborg, 7.</p></body></text>"
    documents, left = _read(_tei(f"<text><group>{one}{two}{register}</group></text>"))
    assert [(document.id, document.title, document.text) for document in documents] == [
        ("adl/fyr02val/0021", "SKIBET. 1554.", "Fortalen\n\nHuad er det?"),
        ("adl/fyr02val/0030", "BREVE", "BREVE\n\nKere ven."),
    ]
    assert documents[0].created == (date(1554, 1, 1), date(1554, 12, 31))
    assert left == {"title_pages": 13, "editors_matter": 27 + 17, "index": 19}


def test_an_undeclared_volume_of_one_text_splits_at_its_top_divisions() -> None:
    body = '<pb n="3"/><head>NIELS FYR</head><div><head>I</head><p>Først.</p>'
    body += '<pb n="9"/><div><head>a</head><p>Saa.</p></div></div>'
    body += '<pb n="12"/><div><head>II</head><p>Sidst.</p></div><div><head>III</head><p>Slut.</p></div>'
    front = '<front><pb n="a"/><titlePage><titlePart>Titel</titlePart></titlePage></front>'
    documents, left = _read(_tei(f"<text>{front}<body>{body}</body></text>"))
    assert [(document.id, document.title, document.text) for document in documents] == [
        ("adl/fyr02val/0003", "NIELS FYR – I", "NIELS FYR\n\nI\n\nFørst.\n\na\n\nSaa."),
        ("adl/fyr02val/0012", "NIELS FYR – II", "II\n\nSidst."),
        ("adl/fyr02val/0012/iii", "NIELS FYR – III", "III\n\nSlut."),
    ]
    assert (documents[0].details["page_from"], documents[0].details["page_to"]) == ("3", "9")
    assert left == {"title_pages": 5}


def test_parts_signed_by_somebody_else_are_not_the_authors() -> None:
    body = "<div><head>AMALIE FYR<lb/>Bemærkninger</head><p>Mine Ord.</p></div>"
    body += "<div><head>GRETE BRIX<lb/>Om tekstens historie</head><p>Udgiverens ord.</p></div>"
    documents, left = _read(_tei(f"<text><body>{body}</body></text>"))
    assert [document.text for document in documents] == ["AMALIE FYR\nBemærkninger\n\nMine Ord."]
    assert left == {"editors_matter": 45}


# ---- texts beside the declared works


def test_a_poem_the_list_forgot_stands_for_itself() -> None:
    lines = "<l>Skov og Strand og Himmelrand, alt er Danmarks skjønne Land.</l>" * 4
    work = '<div decls="#b{}"><l>Ja.</l></div>'
    reference = "<div><head>AFTENEN</head><p>(se Side 130)</p></div>"
    poem = f"<div><head>GLEMT</head><lg>{lines}</lg></div>"
    body = f'<pb n="5"/>{work.format(1)}<pb n="6"/>{poem}{reference}{work.format(2)}'
    documents, left = _read(_tei(f"<text><body>{body}</body></text>"))
    assert [document.id for document in documents] == ["adl/fyr02val/b1", "adl/fyr02val/0006", "adl/fyr02val/b2"]
    assert documents[1].title == "GLEMT"
    assert left == {"outside_works": 22}


def test_prose_before_and_after_the_works_is_the_editors() -> None:
    prose = f"<div><head>Portrætter</head><p>{'Maleren så hende aldrig. ' * 12}</p></div>"
    body = f'{prose}<div decls="#b1"><p>Jeg blev født.</p></div><div><head>Noter</head><p>2 1 rettet</p></div>'
    documents, left = _read(_tei(f"<text><body>{body}</body></text>"))
    assert [document.text for document in documents] == ["Jeg blev født."]
    assert left == {"editors_matter": 10 + 299 + len("Noter2 1 rettet")}


def test_the_acts_after_a_declared_play_are_the_play() -> None:
    body = '<div decls="#b1"><head>ROLF</head></div><div type="castlist"><list><item>ROLF, Konge.</item></list></div>'
    body += '<div type="act"><head>FØRSTE HANDLING</head><sp><speaker>ROLF</speaker><l>Hør!</l></sp></div>'
    body += "<div><head>MELLEM-SANG</head><l>Vinden.</l></div>"
    documents, left = _read(_tei(f"<text><body>{body}</body></text>", _bibl("b1", "ROLF (1770)")))
    assert [document.text for document in documents] == [
        "ROLF\n\nROLF, Konge.\n\nFØRSTE HANDLING\n\nROLF\nHør!\n\nMELLEM-SANG\n\nVinden."
    ]
    assert left == {}


# ---- long works


def _chapter(number: int, page: int, characters: int) -> str:
    words = "Heden laa øde. " * (characters // 15)
    return f'<pb n="{page}"/><div><head>Kapitel {number}</head><p>{words}</p></div>'


def test_a_long_work_splits_at_its_highest_divisions_with_a_head() -> None:
    chapters = _chapter(1, 9, 90_000) + _chapter(2, 99, 90_000) + _chapter(3, 199, 60_000)
    text = f'<text decls="#b1"><body><p>Motto.</p>{chapters}</body></text>'
    documents, _ = _read(_tei(text, _bibl("b1", "Heden")))
    assert [(document.id, document.title, document.parent_id) for document in documents] == [
        ("adl/fyr02val/b1/0009", "Heden – Kapitel 1", "adl/fyr02val/b1"),
        ("adl/fyr02val/b1/0099", "Heden – Kapitel 2", "adl/fyr02val/b1"),
        ("adl/fyr02val/b1/0199", "Heden – Kapitel 3", "adl/fyr02val/b1"),
    ]
    assert documents[0].text.startswith("Motto.\n\nKapitel 1\n\nHeden laa øde.")
    assert [document.text.count("Heden laa øde.") for document in documents] == [6000, 6000, 4000]


def test_a_piece_still_too_long_is_split_again_and_short_chapters_stay_together() -> None:
    first = _chapter(1, 9, 150_000) + _chapter(2, 99, 100_000)
    books = f"<div><head>Første Bog</head>{first}</div><div><head>Anden Bog</head><p>Kort.</p></div>"
    same_page = "<div><head>Tredje Bog</head><p>Ogsaa kort.</p></div>"
    documents, _ = _read(_tei(f'<text decls="#b1"><body>{books}{same_page}</body></text>', _bibl("b1", "Mosen")))
    assert [(document.id, document.title) for document in documents] == [
        ("adl/fyr02val/b1/0009", "Mosen – Første Bog – Kapitel 1"),
        ("adl/fyr02val/b1/0099", "Mosen – Første Bog – Kapitel 2"),
        ("adl/fyr02val/b1/0099/anden-bog", "Mosen – Anden Bog"),
    ]
    assert documents[2].text == "Anden Bog\n\nKort.\n\nTredje Bog\n\nOgsaa kort."


def test_a_long_work_without_heads_stays_whole() -> None:
    text = f'<text decls="#b1"><body><div><p>{"ord " * 60_000}</p></div><div><p>Slut.</p></div></body></text>'
    documents, _ = _read(_tei(text))
    assert [(document.id, len(document.text)) for document in documents] == [("adl/fyr02val/b1", 239_999 + 7)]


def test_pages_that_are_no_numbers_sort_before_those_that_are() -> None:
    chapters = _chapter(1, 9, 150_000).replace('n="9"', 'n="VII"') + _chapter(2, 12, 90_000) + _chapter(3, 105, 9_000)
    documents, _ = _read(_tei(f'<text decls="#b1"><body>{chapters}</body></text>'))
    ids = [document.id for document in documents]
    assert ids == ["adl/fyr02val/b1/0-VII", "adl/fyr02val/b1/0012", "adl/fyr02val/b1/0105"]
    assert ids == sorted(ids)


# ---- how the text is rendered


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<l><hi rend="bold">F</hi> ortvivlelse! dig</l>', "Fortvivlelse! dig"),
        ("<p>\n  <hi>D</hi>\n et var Aften.</p>", "Det var Aften."),
        ('<l><hi rend="italics">S</hi> om Fluer.</l>', "Som Fluer."),
        ('<p><hi rend="bold">J</hi>eg kom.</p>', "Jeg kom."),
        ('<p><hi rend="bold">I</hi> det samme kom han.</p>', "I det samme kom han."),
        ('<l><hi rend="bold">O</hi> hvor stille!</l>', "O hvor stille!"),
        ('<p><hi rend="italics">B</hi> har foreslaaet det.</p>', "B har foreslaaet det."),
        ('<p>Hr. <hi rend="bold">A</hi> kom.</p>', "Hr. A kom."),
    ],
)
def test_a_drop_capital_belongs_to_its_word(inner: str, text: str) -> None:
    assert _one(inner) == text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<p>forme-<pb n="12"/>t af Ler</p>', "formet af Ler"),
        ('<p>paa Stem- <pb n="12"/> men, kjendte</p>', "paa Stemmen, kjendte"),
        ('<p>en Narre= <pb n="2"/> streg</p>', "en Narrestreg"),
        ('<p>af al-</p>\n<pb n="3"/>\n<p>ting paa Jord</p>', "af alting paa Jord"),
        ("<p>Greven til-</p><p>føiede intet.</p>", "Greven tilføiede intet."),
        ("<head>GUDDOM-<lb/>MELIG SANG</head>", "GUDDOMMELIG SANG"),
        ("<p>Guds naa-<lb/>dige Haand</p>", "Guds naadige Haand"),
        ("<p>Ober-<lb/> Cammer-Herre</p>", "Ober-Cammer-Herre"),
        ('<p>Sø- <pb n="4"/>og Landkrig</p>', "Sø- og Landkrig"),
        ('<p>(1336-<pb n="5"/> 1405)</p>', "(1336- 1405)"),
        ('<p>Ord <pb n="6"/> og Ord<pb n="7"/> igen</p>', "Ord og Ord igen"),
        ("<l>blandt Sølver-</l><l>strimler</l>", "blandt Sølver-\nstrimler"),
    ],
)
def test_a_word_goes_on_over_the_end_of_a_page_or_line(inner: str, text: str) -> None:
    assert _one(inner) == text


def test_prose_keeps_its_paragraphs_and_its_printed_lines() -> None:
    inner = (
        "<p>Første\n   Afsnit.</p><opener>Kære\tVen!</opener><p>Andet.</p><closer>Din<lb/>\n  <hi>A. F.</hi></closer>"
    )
    assert _one(inner) == "Første Afsnit.\n\nKære Ven!\n\nAndet.\n\nDin\nA. F."


def test_verse_keeps_its_lines_stanzas_and_numbers() -> None:
    inner = "<lg><lg><head>1.</head><l>Ak hiertens Angist</l><l>oc Nød</l></lg><lg><l>All Verden</l></lg></lg>"
    assert _one(inner) == "1.\nAk hiertens Angist\noc Nød\n\nAll Verden"


def test_drama_has_speakers_directions_and_speeches() -> None:
    first = (
        "<sp><speaker>FRUEN</speaker><stage>(hastigt.)</stage><p>Ud! <stage>(peger.)</stage> Strax!</p><p>Gaa.</p></sp>"
    )
    second = "<sp><speaker>TRINE</speaker><lg><l>O ve,</l><l>o vok.</l></lg><stage>(gaaer)</stage></sp>"
    inner = f"<head>FØRSTE OPTRIN</head><stage>En Stue.</stage>{first}{second}"
    documents, _ = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>'))
    assert documents[0].text == (
        "FØRSTE OPTRIN\n\nEn Stue.\n\nFRUEN (hastigt.)\nUd! (peger.) Strax!\nGaa.\n\nTRINE\nO ve,\no vok.\n(gaaer)"
    )
    assert documents[0].document_type == "drama"


@pytest.mark.parametrize(
    ("inner", "form"),
    [
        ("<p>Han gik, og hun blev staaende.</p>", "prose"),
        ("<p>Den store, grønne Slette,<lb/>den har sit eget Sprog,</p>", "verse"),
        ("<sp><speaker>A</speaker><l>Ja!</l></sp>", "drama"),
    ],
)
def test_the_form_is_what_most_of_the_text_is(inner: str, form: str) -> None:
    documents, _ = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>'))
    assert documents[0].document_type == form


def test_tables_are_lines_and_figures_are_dropped() -> None:
    last = "<row><cell>1670</cell><cell/><cell>7<lb/>Mk</cell></row>"
    table = f"<table><row><cell>Aar</cell><cell>Pris</cell></row>{last}</table>"
    text = f'<text decls="#b1"><body><p>{table}</p><figure><figDesc>Et Fyr</figDesc></figure></body></text>'
    documents, left = _read(_tei(text))
    assert documents[0].text == "Aar | Pris\n1670 | 7 Mk"
    assert left == {"figures": 6}


def test_text_is_composed_unicode() -> None:
    assert _one("<p>A\u030abenra\u030a</p>") == "Åbenrå"


# ---- notes


def test_the_authors_notes_end_the_text_and_the_others_are_counted() -> None:
    inner = "<p>Kæmpen*) sov<note>Rettet fra: sof</note>.</p><note>*) En stor Mand.</note>"
    inner += '<note resp="#ed">* Udg.</note><note resp="#auth">Min egen.</note><p>Saa vaagnede han.</p>'
    documents, left = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>'))
    assert documents[0].text == "Kæmpen*) sov.\n\nSaa vaagnede han.\n\n*) En stor Mand.\n\nMin egen."
    assert left == {"notes": 15 + 6}


def test_the_rule_above_the_notes_goes_with_them() -> None:
    inner = "<p>Kæmpen sov.</p><p>- - -</p><note>1) Ordet er nyt.</note><p>- - -</p><p>Han vaagnede.</p>"
    documents, left = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>'))
    assert documents[0].text == "Kæmpen sov.\n\n- - -\n\nHan vaagnede."
    assert left == {"notes": 5 + 16}


def test_notes_in_great_number_are_glosses() -> None:
    inner = "<l>Ach* see</l><note>*) ak</note>" * 101
    documents, left = _read(_tei(f'<text decls="#b1"><body>{inner}</body></text>'))
    assert documents[0].text == "\n".join(["Ach* see"] * 101)
    assert left == {"notes": 5 * 101}


# ---- what is left out


def test_contents_apparatus_and_editors_matter_are_left_out_and_counted() -> None:
    front = "<front><titlePage><docAuthor>A. FYR</docAuthor></titlePage><div type='toc'><p>Mosen 7</p></div>"
    front += "<div><head>FORTALE</head><p>Kære Læser!</p></div></front>"
    body = "<body><div><head>I</head><p>Mosen.</p></div><div><head>Noter</head><p>7 Mose, Sump.</p></div></body>"
    back = "<back><div><head>Efterskrift og noter</head><p>Værket blev til sent.</p></div>"
    back += "<div><head>Personregister</head><p>Fyr, 7</p></div><div><eg>7,2</eg><p>sof &lt; sov</p></div>"
    back += "<div><lg><l>Et sidste Vers</l></lg></div></back>"
    documents, left = _read(_tei(f'<text decls="#b1">{front}{body}{back}</text>'))
    assert documents[0].text == "FORTALE\n\nKære Læser!\n\nI\n\nMosen.\n\nEt sidste Vers"
    assert left == {
        "apparatus": len("Noter7 Mose, Sump."),
        "contents": len("Mosen 7"),
        "editors_matter": len("Efterskrift og noterVærket blev til sent.") + len("7,2sof < sov"),
        "index": len("PersonregisterFyr, 7"),
        "title_pages": len("A. FYR"),
    }
    assert set(left) <= set(KINDS)


def test_an_authors_argument_and_afterword_are_text() -> None:
    inner = "<div><head>Indhold.</head><l>Da Sangen er saa lang</l></div>"
    inner += "<div><head>Efterskrift</head><p>Jeg lever.</p></div>"
    assert _one(inner) == "Indhold.\n\nDa Sangen er saa lang\n\nEfterskrift\n\nJeg lever."


def test_a_list_of_the_authors_books_is_no_text() -> None:
    front = "<front><div><head>A. FYR</head><p>Mosen. 1899.</p><p>Heden. (1901).</p><p>Havet. 1903.</p></div></front>"
    documents, left = _read(_tei(f'<text decls="#b1">{front}<body><p>Ja.</p></body></text>'))
    assert documents[0].text == "Ja."
    assert left == {"title_pages": 44}


# ---- records that give none, or are odd


def test_a_commentary_gives_what_it_left_out_and_then_none() -> None:
    page = "<titlePage><docTitle><titlePart>Satirer<lb/>II · Kommentar</titlePart></docTitle></titlePage>"
    body = _tei(f"<text><front>{page}</front><body><div><head>Om satiren</head><p>Fyr mente.</p></div></body></text>")
    items = extract(_record(body))
    assert next(items) == LeftOut(kind="editors_matter", characters=41)
    with pytest.raises(EmptyRecordError, match="no text of an author's"):
        next(items)


def test_a_volume_without_a_header_is_named_by_its_file() -> None:
    documents, _ = _read(_tei("<text><body><p>Kun Tekst.</p></body></text>", header=""), "Blå bog (2).xml")
    assert documents == [
        Document(
            id=documents[0].id,
            text="Kun Tekst.",
            title="Kun Tekst.",
            document_type="prose",
            parent_id="adl/Blaa-bog-2",
        )
    ]
    assert documents[0].id == "adl/Blaa-bog-2/kun-tekst"


_BOMB = b'<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><TEI xmlns="http://www.tei-c.org/ns/1.0">&b;</TEI>'
_DEEP = "<div>" * 240 + "<p>x</p>" + "</div>" * 240


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b"", EmptyRecordError, "no bytes"),
        (b"%PDF-1.7", NotTextError, "does not begin as XML"),
        (b"<html><body/></html>", NotTextError, "no TEI P5 volume: its root is 'html'"),
        (b"<TEI/>", NotTextError, "no TEI P5 volume"),
        (_tei(""), BrokenRecordError, "without a text element"),
        (_tei("<text><body/></text>"), EmptyRecordError, "no text of an author's"),
        (_tei("<text><body><p>Ja.</p></body></text>")[:-9], BrokenRecordError, "not well-formed"),
        (_BOMB, BrokenRecordError, "document type"),
        (_tei(f"<text><body>{'<div>' * 300}{'</div>' * 300}</body></text>"), BrokenRecordError, "depth|deep"),
    ],
)
def test_a_record_that_gives_none_says_why(body: bytes, error: type[RecordError], message: str) -> None:
    with pytest.raises(error, match=message):
        list(extract(_record(body)))


def test_the_deepest_tree_xml_allows_does_no_harm() -> None:
    try:
        documents, _ = _read(_tei(f"<text><body>{_DEEP}</body></text>"))
    except BrokenRecordError:
        return
    assert [document.text for document in documents] == ["x"]


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("adl/aare01val.xml", True),
        ("a.XML", True),
        ("adl/._aare01val.xml", False),
        ("__MACOSX/adl/a.xml", False),
        (".git/a.xml", False),
        ("adl/README.md", False),
        ("", False),
    ],
)
def test_volumes_are_xml_files_that_are_not_hidden(path: str, accepted: bool) -> None:
    assert accepts(path) is accepted


_NAMES = st.sampled_from(("div", "text", "front", "body", "back", "group", "p", "lg", "l", "sp", "note", "hi", "head"))
_ATTRIBUTES = st.sampled_from(("", ' decls="#b1"', ' decls=""', ' type="act"'))
_LEAVES = st.sampled_from(("", "Ord og ", "I", "-", '<pb n="7"/>', '<pb n="ix"/>', "<lb/>", "<head>Noter</head>"))


def _branches(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(_NAMES, _ATTRIBUTES, st.lists(inner).map("".join))
    return parts.map(lambda part: f"<{part[0]}{part[1]}>{part[2]}</{part[0]}>")


_TREES = st.recursive(_LEAVES, _branches, max_leaves=30)


@settings(deadline=None)
@given(_TREES)
def test_any_tree_gives_unique_ids_or_a_record_error(tree: str) -> None:
    try:
        documents, left = _read(_tei(f"<text>{tree}</text>"))
    except RecordError:
        return
    assert len({document.id for document in documents}) == len(documents)
    assert all(document.text and document.title and ID_CHARACTERS.fullmatch(document.id) for document in documents)
    assert set(left) <= set(KINDS)


# ---- the real volumes


@cache
def _volumes() -> dict[str, bytes]:
    if not _ARCHIVE.is_file():
        pytest.skip(f"{_ARCHIVE} is not there: the 83 real volumes can only be read beside the shared data")

    def members() -> Iterator[tuple[str, bytes]]:
        with (
            _ARCHIVE.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as stream,
            tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as archive,
        ):
            for member in archive:
                content = archive.extractfile(member)
                if content is not None and accepts(member.name):
                    yield member.name, content.read()

    return dict(members())


def _letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalpha())


def test_the_real_volumes_are_divided_without_loss_and_without_doubling() -> None:
    volumes = _volumes()
    commentaries, documents, seconds = [], 0, 0.0
    for key, body in volumes.items():
        inside = unicodedata.normalize("NFC", "".join(etree.fromstring(body).find(f"{_TEI}text").itertext()))
        started = time.process_time()
        found: list[Document] = []
        left = 0
        try:
            for item in extract(_record(body, key)):
                if isinstance(item, Document):
                    found.append(item)
                else:
                    left += item.characters
        except EmptyRecordError:
            commentaries.append(key)
        seconds += time.process_time() - started
        documents += len(found)
        assert len({document.id for document in found}) == len(found), key
        assert all(ID_CHARACTERS.fullmatch(document.id) and document.title for document in found), key
        assert all(set(document.details) <= set(_DESCRIPTOR.details) for document in found), key
        given = sum(map(_letters, (document.text for document in found)), Counter())
        assert given <= _letters(inside), f"{key}: text is doubled"
        length = len(" ".join(inside.split()))
        assert abs(sum(len(document.text) for document in found) + left - length) < 0.02 * length + 500, key
    assert len(volumes) == 83
    assert commentaries == ["adl/falster05.xml", "adl/hcaeventyr07val.xml"]
    assert documents == 3132
    assert seconds < 30


def test_the_real_volumes_give_the_novel_whole_and_no_title_page() -> None:
    documents, left = _read(_volumes()["adl/bergsoev01ny.xml"], "adl/bergsoev01ny.xml")
    assert [document.id.removeprefix("adl/bergsoev01ny/biblid54112/") for document in documents] == [
        "0009", "0022", "0089", "0167", "0224", "0376", "0381",
    ]  # fmt: skip
    assert 1_190_000 < sum(len(document.text) for document in documents) < 1_200_000
    assert set(left) == {"contents", "editors_matter", "notes", "title_pages"}
