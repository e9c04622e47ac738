"""Acts from Retsinformation: the layout of the text, the facts beside it, and every record that gives none."""

import hashlib
import io
import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
import zstandard
from lxml import etree

from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, Document, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources._retsinformation.names import key_of_accession
from sources.retsinformation import accepts, extract

_ROOT = Path(__file__).parents[2]
_ARCHIVE = _ROOT.parent / "shared/data/retsinformation/lexdania_love_2010-2017.tar.zst"
_DATA = Path(__file__).parent / "data"
_DETAILS = set(load_descriptor(_ROOT / "sources/retsinformation.toml").details)
_BOM = b"\xef\xbb\xbf"

_META = """<DocumentType>LOV H#LOKDOK01</DocumentType><Rank>A</Rank><AccessionNumber>A20990004230</AccessionNumber>
<DocumentTitle>Lov om fyr</DocumentTitle><Year>2099</Year><DiesSigni>2099-05-03</DiesSigni><EndDate>2099-06-01</EndDate>
<Status>Valid</Status><Number>42</Number><AnnouncedIn>Lovtidende A</AnnouncedIn><Republished>Nej</Republished>"""

_TITLE = "<TitelGruppe><Titel><Linea><Char>Lov om fyr</Char></Linea></Titel></TitelGruppe>"


def _record(body: bytes) -> Record:
    return Record(
        source="retsinformation",
        key="2099/2099-42.xml",
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        retrieved_at=datetime(2099, 6, 1, tzinfo=UTC),
    )


def _act(content: str, meta: str = _META, title: str = _TITLE, rest: str = "") -> bytes:
    text = f"<Dokument><Meta>{meta}</Meta>{title}<DokumentIndhold>{content}</DokumentIndhold>{rest}</Dokument>"
    return _BOM + text.encode()


def _read(body: bytes) -> Document:
    (document,) = extract(_record(body))
    assert isinstance(document, Document)
    return document


def _text(content: str, rest: str = "") -> str:
    """Return the text below the title of an act with this content."""
    title, _, text = _read(_act(content, rest=rest)).text.partition("\n\n")
    assert title == "Lov om fyr"
    return text


def _p(*lines: str) -> str:
    return "<Exitus>" + "".join(f"<Linea><Char>{line}</Char></Linea>" for line in lines) + "</Exitus>"


def _indented(body: bytes) -> bytes:
    """Return the act with every element on a line of its own, as the publisher writes it."""
    root = etree.fromstring(body.removeprefix(_BOM))
    etree.indent(root)
    text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return _BOM + text


# --- the text -------------------------------------------------------------------------------------------------------

_FYR = f"""
<Hymne>{_p("VI ALLE gør vitterligt:")}</Hymne>
<Kapitel><Explicatus>Kapitel 1</Explicatus><Rubrica><Linea><Char>Tænding</Char></Linea></Rubrica>
<ParagrafGruppe><Rubrica><Linea><Char>Hvem der tænder</Char></Linea></Rubrica>
<Paragraf><Explicatus>§ 1. </Explicatus><Stk>{_p("Fyret tændes kl.", "20.", "Det slukkes ved solopgang.")}</Stk>
<Stk><Explicatus>Stk. 2.</Explicatus>{_p("Fyrmesteren")}<Exitus><Index>
<Indentatio formaInd="Nummer"><Explicatus>1)</Explicatus>{_p("passer lampen,")}</Indentatio>
<Indentatio formaInd="Nummer"><Explicatus>2)</Explicatus>{_p("fører bog over")}<Exitus><Index>
<Indentatio formaInd="Litra"><Explicatus>a)</Explicatus>{_p("vind og")}</Indentatio>
<Indentatio formaInd="Litra"><Explicatus>b)</Explicatus>{_p("skibe.")}</Indentatio>
</Index></Exitus></Indentatio></Index></Exitus></Stk></Paragraf></ParagrafGruppe></Kapitel>
<Kapitel><Explicatus>Kapitel 2</Explicatus><ParagrafGruppe>
<Paragraf><Explicatus>§ 2 a.</Explicatus><Stk><Explicatus>Stk. 1.</Explicatus>{_p("(Ophævet)")}</Stk></Paragraf>
<Paragraf><Explicatus>§ 3</Explicatus><Stk>{_p(". Loven gælder straks")}</Stk></Paragraf>
</ParagrafGruppe></Kapitel>
"""

_FYR_TEXT = """\
VI ALLE gør vitterligt:

Kapitel 1
Tænding

Hvem der tænder

§ 1. Fyret tændes kl. 20. Det slukkes ved solopgang.
Stk. 2. Fyrmesteren
1) passer lampen,
2) fører bog over
a) vind og
b) skibe.

Kapitel 2

§ 2 a. Stk. 1. (Ophævet)

§ 3. Loven gælder straks"""


def test_chapters_sections_subsections_and_nested_lists_are_laid_out_as_in_print() -> None:
    assert _text(_FYR) == _FYR_TEXT


def test_indentation_of_the_file_changes_nothing() -> None:
    assert _read(_indented(_act(_FYR))) == _read(_act(_FYR))


def test_a_byte_order_mark_is_optional() -> None:
    assert _read(_act(_FYR).removeprefix(_BOM)) == _read(_act(_FYR))


def test_runs_of_characters_are_joined_as_they_are_and_sentences_by_a_space() -> None:
    linea = '<Linea><Char>I </Char><Char formaChar="Italic">§ 5,</Char><Char> ændres CO</Char><Char>2.</Char></Linea>'
    assert _text(f"<Ikraft><Exitus>{linea}<Linea><Char>Slut.</Char></Linea></Exitus></Ikraft>") == (
        "I § 5, ændres CO2. Slut."
    )


def test_a_sentence_split_before_a_stop_or_within_a_word_is_put_together() -> None:
    assert _text(f"<Ikraft>{_p('fyr og lign.', ', båker m.v.', ')')}{_p('10.', '-klasser')}</Ikraft>") == (
        "fyr og lign., båker m.v.)\n10.-klasser"
    )


def test_white_space_in_the_source_is_one_space_but_a_no_break_space_stays() -> None:
    assert _text(f"<Ikraft>{_p(' §&#160;2  og&#10;   3 ')}</Ikraft>") == "§\xa02 og 3"


@pytest.mark.parametrize(
    ("before", "form", "run", "text"),
    [
        ("stk. 1", "Superscript", "2)", "stk. 1 2), gælder"),
        ("stk. 1", "Bold Superscript", " 12) ", "stk. 1 12) , gælder"),
        ("stk. 1", "Superscript", "2", "stk. 1², gælder"),
        ("40 m", "Bold Superscript", "2 ", "40 m² , gælder"),
        ("(2 x lys)", "Superscript", "10", "(2 x lys)¹⁰, gælder"),
        ("lys ", "Superscript", "1", "lys 1, gælder"),
        ("", "Superscript", "1", "1, gælder"),
        ("1", "Superscript", "ste", "1ste, gælder"),
        ("CO", "Subscript", "2", "CO2, gælder"),
        ("9", "Bold Subscript", "·", "9., gælder"),
        ("9", "Bold", "·", "9·, gælder"),
    ],
)
def test_what_stands_above_or_below_the_line(before: str, form: str, run: str, text: str) -> None:
    runs = f'<Char>{before}</Char><Char formaChar="{form}">{run}</Char><Char>, gælder</Char>'
    assert _text(f"<Ikraft><Exitus><Linea>{runs}</Linea></Exitus></Ikraft>") == text


def test_marks_for_the_typesetter_do_not_stay_in_words() -> None:
    words, label = _p("instituti\u200donens \u200d fyr, her\u200caf\u200c "), "<Explicatus>\uf031)</Explicatus>"
    assert _text(f"<Ikraft>{words}<Stk>{label}{_p('En')}</Stk></Ikraft>") == "institutionens fyr, heraf\n1) En"


def test_footnotes_move_to_the_end() -> None:
    def note(label: str, *lines: str) -> str:
        return f"<Nota><Explicatus>{label}</Explicatus>{''.join(_p(line) for line in lines)}</Nota>"

    title = _TITLE.replace("</Titel>", note("1)", "Gennemfører et direktiv.") + "</Titel>")
    split = (
        f"<Exitus><Linea><Char>Loven,</Char></Linea>{note('2)', 'En ældre lov.', 'Nu ophævet.')}"
        "<Linea><Char>som ændret i Lovtidende</Char></Linea><Linea><Char>.</Char></Linea></Exitus>"
    )
    assert _read(_act(f"<Ikraft>{split}</Ikraft>", title=title)).text == (
        "Lov om fyr\n\nLoven, som ændret i Lovtidende.\n\n"
        "Noter\n1) Gennemfører et direktiv.\n2) En ældre lov.\nNu ophævet."
    )


def test_notes_after_the_body_are_notes_too() -> None:
    rest = f"<Nota><Explicatus>*</Explicatus>{_p('Udgiverens bemærkning.')}</Nota>"
    assert _text(f"<Ikraft>{_p('Krop.')}</Ikraft>", rest) == "Krop.\n\nNoter\n* Udgiverens bemærkning."


def test_tables_lose_layout_columns_and_lists_in_disguise_lose_their_bars() -> None:
    def row(*cells: str) -> str:
        return "<Tr>" + "".join(f"<Td>{_p(cell) if cell else ''}</Td>" for cell in cells) + "</Tr>"

    numbers = row("", "Fyr", "", "Lys") + row("", "", "", "7") + row("", "", "", "") + '<Tr><Td colspan="3"/><Td/></Tr>'
    spanned = f'<Tr><Td colspan="4">{_p("Høje", "fyr")}{_p("i Jylland")}</Td></Tr>' + row("", "Syd", "", "9")
    listed = row("1)", "Nordre fyr") + row("", "a)") + row("2.", "3.")
    assert _text(
        f"<TekstGruppe>{_p('Før')}<Exitus><Table>{numbers}{spanned}</Table></Exitus>"
        f"<Exitus><Table><Rubrica><Linea><Char>Liste</Char></Linea></Rubrica>{listed}</Table></Exitus></TekstGruppe>"
    ) == ("Før\n\nFyr | Lys\n7\nHøje fyr\ni Jylland\nSyd | 9\n\nListe\n\n1) Nordre fyr\na)\n2. | 3.")


def test_a_cell_keeps_its_lines_where_it_is_alone_in_its_row_and_else_is_on_one_line() -> None:
    items = f"<Index><Indentatio><Explicatus>1)</Explicatus>{_p('lys')}</Indentatio></Index>"
    box = f"<Tr><Td>{_p('Fyrets navn')}{_p('Fyrets sted')}<Exitus>{items}</Exitus></Td></Tr>"
    wrapped = f"<Tr><Td>{_p('Afgift pr.')}{_p('halvår')}</Td><Td/></Tr><Tr><Td>{_p('Nord')}</Td><Td>{_p('9')}</Td></Tr>"
    nested = f"<Tr><Td><Table><Tr><Td>{_p('Syd')}</Td><Td>{_p('7')}</Td></Tr></Table></Td></Tr>"
    assert _text(f"<TekstGruppe><Exitus><Table>{box}{wrapped}{nested}</Table></Exitus></TekstGruppe>") == (
        "Fyrets navn\nFyrets sted\n1) lys\nAfgift pr. halvår\nNord | 9\nSyd | 7"
    )


def test_annexes_with_headings_blank_lines_and_images() -> None:
    heading = '<Exitus formaForma="Overskriftstekst1"><Linea><Char>{}</Char></Linea></Exitus>'
    annex = (
        "<Bilag><Explicatus>Bilag 1</Explicatus><Rubrica><Linea><Char>Kort</Char></Linea></Rubrica>"
        f"<BilagIndhold><TekstGruppe>{_p('Første.')}{_p('Andet.')}<Exitus />{_p('Tredje.')}"
        f"{heading.format('A')}{heading.format('Nord')}{_p('Fjerde.')}"
        '<Exitus><Image src="a.png" alt="BL1_1.jpg Size: (4 X 5)"/></Exitus>'
        '<Exitus><Image src="b.png" alt="Kort over fyrene ved Skagen"/></Exitus>'
        "</TekstGruppe></BilagIndhold></Bilag><Bilag><Explicatus>Bilag 2</Explicatus></Bilag>"
    )
    assert _text(f"<Ikraft>{_p('Krop.')}</Ikraft>", annex) == (
        "Krop.\n\nBilag 1\nKort\n\nFørste.\nAndet.\n\nTredje.\n\nA\nNord\n\n"
        "Fjerde.\nKort over fyrene ved Skagen\n\nBilag 2"
    )


_AMENDING = (
    (_DATA / "retsinformation_amending.xml").read_text().partition("<DokumentIndhold>")[2].partition("</DokumentI")[0]
)

_AMENDING_TEXT = """\
§ 1
I lov om fyr, jf. lovbekendtgørelse nr. 7 af 1. maj 2090, som ændret ved lov nr. 9 af 2. maj 2091, foretages:

1. I § 2 ændres »fyr« til: »båke«.

2. Efter § 2 indsættes:
»Kapitel 2 a

§ 2 a. En »båke« tændes.
Stk. 2. Den slukkes.«
§ 3 bliver herefter § 4.

3. Overskriften affattes således:
»Båker«.

4. Som note indsættes:
»1) Et direktiv.«

5. I § 9 indsættes:
»Tegnet er sat.«

§ 2
I lov nr. 3 af 4. juni 2088 om båker foretages:

1. § 1 ophæves.

§ 3
Loven træder i kraft.
Stk. 2. Dog ikke § 1."""


def test_amending_acts_quote_the_new_text() -> None:
    assert _text(_AMENDING) == _AMENDING_TEXT


def test_text_without_its_usual_elements_is_kept() -> None:
    odd = (
        "<Resume>Kort sagt</Resume>"
        "<Kapitel><Explicatus>Kapitel <B>1</B></Explicatus><Rubrica>Ren tekst</Rubrica></Kapitel>"
        "<Paragraf><Explicatus>§ 1.</Explicatus><Exitus>Før <Linea>linje</Linea> efter</Exitus></Paragraf>"
        "<Ukendt>a<Linea>b <Link>c</Link> d<Char>e<Sup>f</Sup></Char></Linea></Ukendt>"
    )
    assert _text(odd) == "Kort sagt\n\nKapitel 1\nRen tekst\n\n§ 1. Før linje efter\na b c def"


def test_the_signature_block_closes_the_act_and_metadata_never_enter_the_text() -> None:
    meta = (
        f"{_META}<AendresAf><Dokument><KortNavn>Ingen</KortNavn><Overskrift>Senere</Overskrift></Dokument></AendresAf>"
        "<Sign/><Signature>ANNA R.</Signature><PlaceOfSignature>Skagen</PlaceOfSignature>"
    )
    rest = (
        "<UnderskriftGruppe><UnderskriftStedDato /><Segl><Linea><Char>Under segl</Char></Linea></Segl>"
        "<Underskriver /></UnderskriftGruppe>"
    )
    inner = "<Bilag><Dokument><Meta><Republished>Nej</Republished></Meta></Dokument></Bilag>"
    document = _read(_act(f"<Ikraft>{_p('Krop.')}</Ikraft>", meta=meta, rest=rest + inner))
    assert document.text == "Lov om fyr\n\nKrop.\n\nUnder segl"
    assert document.details["signatures"] == ["ANNA R."]
    assert document.details["place_of_signature"] == "Skagen"


# --- the facts ------------------------------------------------------------------------------------------------------


def test_a_document_carries_what_the_publisher_says_of_it() -> None:
    meta = r"""<DocumentType>LOV Æ#LOKDOK02</DocumentType><AccessionNumber>A20990000730</AccessionNumber>
    <DocumentId>BX1</DocumentId><DocumentTitle> Lov om ændring af lov om fyr\n(Båker)
    </DocumentTitle><Year>2099</Year><DiesSigni>2098-12-30</DiesSigni><DiesEdicti>2099-01-02</DiesEdicti><Status>Historic</Status>
    <Number>007</Number><DokumentKortNavn>LOV nr 7 af 30/12/2098</DokumentKortNavn><PopularTitle>Fyrloven</PopularTitle>
    <AnnouncedIn>Lovtidende A</AnnouncedIn><DateOfHistoricMark>2100-02-28</DateOfHistoricMark>
    <EndDate>2101-01-01</EndDate>
    <AendresAf><Dokument><KortNavn>LBK nr 5 af 01/02/2100</KortNavn></Dokument>
    <Dokument><KortNavn>Ingen</KortNavn></Dokument>
    <Dokument><KortNavn>LOV nr 6 af 03/04/2099 § 2 og </KortNavn></Dokument></AendresAf>
    <EuReferences>32009L0147</EuReferences><EuReferences>31992L0043</EuReferences><Subject>båker</Subject><Subject />
    <JournalNumber>Fyrmin.,\nj.nr. 1</JournalNumber><Ministry>Fyrministeriet</Ministry>
    <AdministrativeAuthority>Fyrvæsenet</AdministrativeAuthority>"""
    document = _read(_act(_AMENDING, meta=meta))
    assert document.id == "retsinformation/eli/lta/2099/7"
    assert document.url == "https://www.retsinformation.dk/eli/lta/2099/7"
    assert document.title == "Lov om ændring af lov om fyr (Båker)"
    assert document.document_type == "LOV"
    assert document.created == (date(2098, 12, 30), date(2098, 12, 30))
    assert (document.author, document.parent_id) == (None, None)
    assert document.details == {
        "status": "Historic",
        "accession_number": "A20990000730",
        "document_id": "BX1",
        "short_name": "LOV nr 7 af 30/12/2098",
        "popular_title": "Fyrloven",
        "ministry": "Fyrministeriet",
        "authority": "Fyrvæsenet",
        "journal_number": "Fyrmin., j.nr. 1",
        "announced_in": "Lovtidende A",
        "document_type_full": "LOV Æ",
        "published": "2099-01-02",
        "historic_since": "2100-02-28",
        "subjects": ["båker"],
        "eu_references": ["32009L0147", "31992L0043"],
        "amends": ["LBK nr 7 af 01/05/2090", "LOV nr 3 af 04/06/2088"],
        "consolidated_in": ["LBK nr 5 af 01/02/2100"],
        "amended_by": ["LOV nr 6 af 03/04/2099"],
    }


def _later(*names: str) -> str:
    return "<AendresAf>" + "".join(f"<Dokument><KortNavn>{n}</KortNavn></Dokument>" for n in names) + "</AendresAf>"


def test_a_consolidation_says_what_it_restates_and_what_it_worked_in() -> None:
    intro = _p(
        "Herved bekendtgøres lov om fyr m.v.",
        "(fyrloven), jf. lov\xadbekendtgørelse nr. 11 af 1. maj 2090, med de ændringer, der følger af lov nr. 12 af",
        "3. marts 2091 og lov nr. 13 af 4. marts 2092.",
        "De ændringer, der følger af lov nr. 14 af 5. marts 2093, er ikke indarbejdet.",
    )
    meta = _META.replace("LOV H", "LBK H") + _later("LOV nr 15 af 06/03/2100", "LBK nr 16 af 07/03/2101")
    details = _read(_act(f"<Indledning>{intro}</Indledning>", meta=meta)).details
    assert details["consolidates"] == ["LBK nr 11 af 01/05/2090"]
    assert details["incorporates"] == ["LOV nr 12 af 03/03/2091", "LOV nr 13 af 04/03/2092"]
    assert details["replaced_by"] == ["LBK nr 16 af 07/03/2101"]
    assert details["amended_by"] == ["LOV nr 15 af 06/03/2100"]
    assert "amends" not in details


@pytest.mark.parametrize(
    ("sentence", "consolidates"),
    [
        ("Hermed bekendtgøres fyrlov nr. nr. 2 af 3. juni 1991 med de ændringer i lov nr. 4 af 5. maj 2000.",
         ["LOV nr 2 af 03/06/1991"]),
        ("Herved bekendtgøres lov om fyr, jf. lovbekendt-gørelse nr. 68 20. maj 2015.", ["LBK nr 68 af 20/05/2015"]),
        ("Herved bekendtgøres lov om fyr med de ændringer i lov nr. 4 af 5. maj 2000.", None),
        ("Lov nr. 4 af 5. maj 2000 gælder.", None),
    ],
)  # fmt: skip
def test_the_predecessor_is_read_past_slips_and_never_guessed(sentence: str, consolidates: list[str] | None) -> None:
    meta = _META.replace("LOV H", "LBK H")
    assert (
        _read(_act(f"<Indledning>{_p(sentence)}</Indledning>", meta=meta)).details.get("consolidates") == consolidates
    )


def test_an_act_named_without_a_number_is_named_by_its_title() -> None:
    lead = _p("I forslaget til lov om fyr, som ændret i går, foretages følgende:")
    paragraph = f"<AendringCentreretParagraf>{lead}<AendringsNummer /></AendringCentreretParagraf>"
    assert _read(_act(paragraph)).details["amends"] == ["forslaget til lov om fyr"]


def test_acts_that_only_the_new_text_amends_are_not_amended() -> None:
    number = "<AendringsNummer><AendringNyTekst>{}</AendringNyTekst></AendringsNummer></AendringCentreretParagraf>"
    quoted = f"<AendringCentreretParagraf>{_p('I lov nr. 1 af 2. maj 2000 foretages:')}{number.format('x')}"
    act = f"<AendringCentreretParagraf>{_p('I lov nr. 3 af 4. maj 2001 foretages:')}{number.format(quoted)}"
    assert _read(_act(act)).details["amends"] == ["LOV nr 3 af 04/05/2001"]


@pytest.mark.parametrize(
    ("announced", "path"),
    [
        ("Lovtidende A", "eli/lta/2099/42"),
        ("Lovtidende C", "eli/ltc/2099/42"),
        ("Ministerialtidende", "eli/mt/2099/42"),
        ("", "eli/accn/A20990004230"),
        ("Statstidende", "eli/accn/A20990004230"),
    ],
)
def test_ids_are_the_publishers_own(announced: str, path: str) -> None:
    document = _read(_act(_FYR, meta=_META.replace("Lovtidende A", announced)))
    assert (document.id, document.url) == (f"retsinformation/{path}", f"https://www.retsinformation.dk/{path}")


@pytest.mark.parametrize("signed", ["", "2099-02-30", "3. maj 2099", "1900-01-01", "2100-01-01"])
def test_an_absurd_date_of_signature_is_left_out(signed: str) -> None:
    assert _read(_act(_FYR, meta=_META.replace("2099-05-03", signed))).created is None


# --- records that give no document ----------------------------------------------------------------------------------

_NO_IDENTITY = _META.replace("Lovtidende A", "").replace("A20990004230", "?")

_REFUSED = {
    "nothing": (b"", EmptyRecordError, "no bytes"),
    "no text": (_act(""), EmptyRecordError, "no text beside its title"),
    "only a title": (_act("<Ikraft><Exitus /></Ikraft>"), EmptyRecordError, "A20990004230 holds no text"),
    "plain text": (b"Lov om fyr", NotTextError, "does not begin as XML"),
    "a web page": (b"<html><body>Ikke fundet</body></html>", NotTextError, "root 'html'"),
    "another schema": (b'<Dokument xmlns="urn:x"><Meta/></Dokument>', NotTextError, "{urn:x}Dokument"),
    "cut short": (_act(_FYR)[:700], BrokenRecordError, "not well-formed"),
    "a document type": (b'<!DOCTYPE Dokument [<!ENTITY a "b">]>' + _act(_FYR)[3:], BrokenRecordError, "document type"),
    "another encoding": (_act(_FYR).decode("utf-8-sig").encode("latin-1"), BrokenRecordError, "not well-formed"),
    "no metadata": (b"<Dokument><TitelGruppe/></Dokument>", BrokenRecordError, "no 'Meta'"),
    "no type": (_act(_FYR, _META.replace("LOV H#LOKDOK01", "")), BrokenRecordError, "no 'DocumentType'"),
    "an order": (
        _act(_FYR, _META.replace("LOV H", "BEK H")),
        NotTextError,
        "A20990004230 is of the type 'BEK H'.* LOV and LBK only",
    ),
    "an old order": (
        _act("", _META.replace("LOV H#LOKDOK01", "Bekendtgørelse")),
        NotTextError,
        "type 'Bekendtgørelse'",
    ),
    "an old act": (_act("", _META.replace("LOV H#LOKDOK01", "Lov")), EmptyRecordError, "no text beside its title"),
    "no year": (_act(_FYR, _META.replace("<Year>2099", "<Year>")), BrokenRecordError, "'Year' and 'Number'.*'', '42'"),
    "no number": (_act(_FYR, _META.replace(">42<", ">4 2<")), BrokenRecordError, "'Year' and 'Number'.*'4 2'"),
    "no identity": (_act(_FYR, _NO_IDENTITY), BrokenRecordError, "no usable 'AccessionNumber'"),
    "too deep": (_act("<Index>" * 300 + "</Index>" * 300), BrokenRecordError, "deep|well-formed"),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_record_that_gives_no_document_says_why(name: str) -> None:
    body, error, message = _REFUSED[name]
    with pytest.raises(error, match=message):
        list(extract(_record(body)))


def test_what_is_nested_as_deep_as_the_parser_allows_is_read() -> None:
    levels = 240
    content = "<Paragraf><Explicatus>1)</Explicatus>" * levels + _p("Bund.") + "</Paragraf>" * levels
    assert _text(content).endswith("Bund.")


def test_damaged_bytes_never_give_another_kind_of_error() -> None:
    whole, chance = _act(_AMENDING + _FYR), random.Random(20)  # noqa: S311 - repeatable damage
    for _ in range(300):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        try:
            documents = list(extract(_record(bytes(body))))
        except RecordError as error:
            assert str(error)
        else:
            assert len(documents) == 1


def test_hostile_repetition_takes_linear_time() -> None:
    content = "<Stk><Explicatus>1)</Explicatus></Stk>" * 20_000 + f"<Ikraft>{_p(*['.', 'fyr'] * 20_000)}</Ikraft>"
    cells = (
        "<Table><Tr>" + f"<Td>{_p('1)')}</Td>" * 100_000 + "</Tr>" + f"<Tr><Td>{_p('x')}</Td></Tr>" * 5_000 + "</Table>"
    )
    assert len(_text(content + cells)) > 100_000


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("retsinformation/2013/2013-1121.xml", True),
        ("A.XML", True),
        ("__MACOSX/2013/2013-1121.xml", False),
        ("2013/._2013-1121.xml", False),
        (".cache/2013.xml", False),
        ("2013/2013-1121.pdf", False),
        ("2013.xml/readme", False),
    ],
)
def test_accepts_xml_files_that_are_not_hidden(path: str, accepted: bool) -> None:
    assert accepts(path) is accepted


# --- the real archive -----------------------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")


@cache
def _real_acts() -> list[tuple[bytes, Document]]:
    if not _ARCHIVE.exists():
        pytest.skip(f"the real acts are not there: {_ARCHIVE}")
    return [(body, _read(body)) for body in _members()]


def _members() -> Iterator[bytes]:
    stream = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(_ARCHIVE.read_bytes()))
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and accepts(member.name) else None
            if file is not None:
                yield file.read()


def test_every_real_act_gives_one_document_with_an_id_of_its_own() -> None:
    documents = [document for _, document in _real_acts()]
    assert len(documents) == 1_859
    assert len({document.id for document in documents}) == 1_859
    assert all(ID_CHARACTERS.fullmatch(document.id) for document in documents)
    assert Counter(document.document_type for document in documents) == {"LOV": 1_092, "LBK": 767}
    assert all(document.created and document.title and document.url for document in documents)
    assert {key for document in documents for key in document.details} <= _DETAILS


def test_the_accession_number_of_every_real_act_names_its_identifier() -> None:
    for _, document in _real_acts():
        assert key_of_accession(str(document.details["accession_number"])) == document.id.partition("/")[2]


def test_no_metadata_and_no_stray_space_stand_in_any_real_act() -> None:
    for _, document in _real_acts():
        text = document.text
        assert not text.endswith("Nej")
        assert "LOKDOK" not in text
        assert "Senere ændringer til forskriften" not in text
        assert str(document.details["accession_number"]) not in text
        assert not re.search(r"  |[ \t]\n|\n[ \t]|\n\n\n|\A\s|\s\Z", text), document.id


def test_predecessor_and_successor_of_real_consolidations_name_each_other() -> None:
    documents = {document.details["short_name"]: document for _, document in _real_acts()}
    pairs = [
        (documents[name], document)
        for document in documents.values()
        for name in document.details.get("consolidates", [])  # type: ignore[union-attr]
        if name in documents
    ]
    agreeing = sum(
        late.details["short_name"] in [*early.details.get("replaced_by", []), *early.details.get("consolidated_in", [])]  # type: ignore[misc]
        for early, late in pairs
    )
    assert (agreeing, len(pairs)) == (356, 357)


_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _words_of_the_source(body: bytes) -> Counter[str]:
    """Count the words of everything outside ``Meta``, found by another way than the reader's."""
    root = etree.fromstring(body)
    meta = root.find("Meta")
    assert meta is not None
    root.remove(meta)
    for run in root.iter("Char"):
        run.text = re.sub("[\u200c\u200d]", "", run.text or "")
        if "Superscript" in run.get("formaChar", "") and re.match(r"\s*\d+\)", run.text):
            run.text = f" {run.text}"
        if run.text in ("·", "∙"):
            run.text = "."
    lines = ["".join(line.itertext("Char", with_tail=False)) for line in root.iter("Linea")]
    labels = [label.text or "" for label in root.iter("Explicatus")]
    return Counter(_WORD.findall("\n".join([*lines, *labels]).translate(_LEVEL)))


def test_no_word_of_a_real_act_is_lost_or_doubled() -> None:
    acts = sorted(_real_acts(), key=lambda act: hashlib.sha256(act[0]).digest())[:60]
    for body, document in acts:
        words = Counter(_WORD.findall(document.text.replace("\n\nNoter\n", "\n").translate(_LEVEL)))
        assert words == _words_of_the_source(body), document.id
