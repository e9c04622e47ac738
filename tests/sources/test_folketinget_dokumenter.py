"""Documents of the Folketing: which file holds the text, what is said of it, and every file that gives none."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.descriptor import load_descriptor
from frisat.documents import ID_CHARACTERS, Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from frisat.files import sha256
from frisat.workspace import Workspace
from sources._oda.columns import document
from sources._oda.documents import describe, own_wording, words_of
from sources._oda.files import File, choose, official_url
from sources.archive import Archive, read_records
from sources.folketinget_dokumenter import accepts, extract
from tests.helpers import NOON, ROOT, harvest, pack, write_files
from tests.standins.folketinget import TABLES, FolketingetStandIn, docx, page, pdf
from tests.standins.odata import Row

NAME = "folketinget-dokumenter"
DETAILS = set(load_descriptor(ROOT / "sources/folketinget_dokumenter.toml").details)
SITE = "https://www.ft.dk/samling/20401/almdel/BRU/bilag/7"


def _record(body: bytes, key: str = "dokument/7/fil/70", context: dict[str, Any] | None = None) -> Record:
    return Record(
        source=NAME,
        key=key,
        body=body,
        sha256=sha256(body),
        retrieved_at=NOON,
        url=f"{SITE}/70.pdf",
        context=context or {},
    )


def _read(body: bytes, key: str = "dokument/7/fil/70", context: dict[str, Any] | None = None) -> Document:
    (found,) = (item for item in extract(_record(body, key, context)) if not isinstance(item, LeftOut))
    assert isinstance(found, Document)
    return found


def _file(number: int, name: str, **more: Any) -> File:
    ending = name.rpartition(".")[2]
    row = {"id": number, "titel": name, "filurl": f"{SITE}/{number}.{ending}", "format": ending.upper(), **more}
    return File.of({"versionsdato": "2041-01-01T10:00:00", "opdateringsdato": "2041-01-02T10:00:00", **row})


def _chosen(*files: File) -> list[int]:
    return [file.id for file in choose(files)]


def _words(table: str, identity: object) -> str | None:
    return TABLES[table][1].get(identity) if isinstance(identity, int) else None


# --- which file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "official"),
    [
        ("https://www.ft.dk/samling/20131/bilag/89/1.pdf", "https://www.ft.dk/samling/20131/bilag/89/1.pdf"),
        ("http://www.ft.dk/a.pdf", "https://www.ft.dk/a.pdf"),
        (" HTTP://WWW.FT.DK/A.pdf ", "https://www.ft.dk/A.pdf"),
        ("https://ft.dk/a.pdf", "https://ft.dk/a.pdf"),
        ("https://www.ft.dk./a.pdf", "https://www.ft.dk/a.pdf"),
        ("http://www.ft.dk:80/a.pdf#page=2", "https://www.ft.dk/a.pdf"),
        ("https://www.ft.dk/bilag/Høring af 3. maj.pdf", "https://www.ft.dk/bilag/H%C3%B8ring%20af%203.%20maj.pdf"),
        ("https://www.ft.dk/bilag/50%.pdf", "https://www.ft.dk/bilag/50%25.pdf"),
        ("https://www.ft.dk/bilag/a%20b.pdf", "https://www.ft.dk/bilag/a%20b.pdf"),
        ("https://www.ft.dk/a.ashx?id=7&n=å", "https://www.ft.dk/a.ashx?id=7&n=%C3%A5"),
        ("https://www.ft.dk", None),
        ("https://www.ft.dk/", None),
        ("https://www.ft.dk.example.org/a.pdf", None),
        ("https://notft.dk/a.pdf", None),
        ("https://www.ft.dk@example.org/a.pdf", None),
        ("https://someone@www.ft.dk/a.pdf", None),
        ("https://www.ft.dk:8080/a.pdf", None),
        ("https://www.ft.dk:x/a.pdf", None),
        ("https://[www.ft.dk/a.pdf", None),
        ("ftp://www.ft.dk/a.pdf", None),
        ("file:///etc/passwd", None),
        ("/samling/a.pdf", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_of_files(given: str | None, official: str | None) -> None:
    assert official_url(given) == official


@given(st.text(max_size=60))
def test_an_address_is_the_folketings_or_none(text: str) -> None:
    for url in (official_url(text), official_url(f"https://www.ft.dk/{text}")):
        assert url is None or (url.startswith("https://") and url.isascii() and url.isprintable() and " " not in url)
        assert url is None or official_url(url) == url


def test_of_one_text_in_several_forms_the_pdf_is_taken() -> None:
    assert _chosen(_file(1, "Svar.docx"), _file(2, "Svar.pdf"), _file(3, "svar.htm")) == [2]
    assert _chosen(_file(1, "Svar.docx"), _file(3, "Svar.htm")) == [1]
    assert _chosen(_file(3, "Svar.HTML")) == [3]


def test_different_texts_are_all_taken() -> None:
    assert _chosen(_file(2, "Bilag 2.docx"), _file(1, "Bilag 1.pdf"), _file(3, "Følgebrev.pdf")) == [1, 2, 3]
    assert _chosen(_file(1, "Bilag.pdf"), _file(2, "Bilag.pdf")) == [1, 2], "two of one form and name are two texts"


def test_a_file_listed_twice_is_taken_once() -> None:
    assert _chosen(_file(1, "Bilag.pdf", filurl=f"{SITE}/1.pdf"), _file(2, "Bilag.pdf", filurl=f"{SITE}/1.pdf")) == [2]


def test_forms_of_one_text_are_known_by_their_address_too() -> None:
    first = _file(1, "L 7 som fremsat.pdf", filurl="https://www.ft.dk/L7/som_fremsat.pdf")
    second = _file(2, "HTML-udgave", filurl="https://www.ft.dk/L7/som_fremsat.htm")
    third = _file(3, "Word", filurl="https://www.ft.dk/L8/som_fremsat.docx")
    assert _chosen(first, second, third) == [1, 3]


def test_files_in_other_forms_and_in_other_places_are_never_taken() -> None:
    assert _chosen(_file(1, "Tal.xlsx"), _file(2, "Oplæg.pptx"), _file(3, "Billede.jpg"), _file(4, "Brev.doc")) == []
    assert _chosen(_file(1, "Svar.pdf", filurl="https://example.org/svar.pdf"), _file(2, "Svar.docx")) == [2]
    assert _chosen(_file(1, "Svar.pdf", filurl=None)) == []


@pytest.mark.parametrize(
    ("url", "word", "media", "kind"),
    [
        ("a.pdf", "PDF", "pdf", "pdf"),
        ("a.pdf", "DOCX", "pdf", "any"),
        ("a.docx", "PDF", "docx", "any"),
        ("a.pdf", None, "pdf", "any"),
        ("a.ashx", "PDF", "pdf", "any"),
        ("a", " docx ", "docx", "any"),
        ("a.xlsx", "XLSX", None, "any"),
    ],
)
def test_what_a_file_promises(url: str, word: str | None, media: str | None, kind: str) -> None:
    file = _file(1, "Svar", filurl=f"https://www.ft.dk/{url}", format=word)
    assert (file.media, file.kind) == (media, kind)


# --- what is said of it -----------------------------------------------------------------------------------------------


def _row(**more: Any) -> Row:
    row = {
        "id": 7, "typeid": 17, "kategoriid": 36, "statusid": 1, "offentlighedskode": "O", "titel": "Svar\n på  spm. 3",
        "dato": "2041-01-15T00:00:00", "modtagelsesdato": None, "frigivelsesdato": "2041-01-16T09:30:00.123",
        "paragraf": "§", "paragrafnummer": "20", "spørgsmålsordlyd": None, "spørgsmålstitel": None, "spørgsmålsid": 3,
        "SagDokument": [
            {"id": 9, "bilagsnummer": None, "Sag": {"id": 51, "typeid": 9, "titel": "Alm. del", "periodeid": 161}},
            {"id": 8, "bilagsnummer": "3", "Sag": {
                "id": 60, "typeid": 3, "nummer": "L 7", "titel": "Lov", "periodeid": 160,
            }},
            {"id": 7, "bilagsnummer": "3", "Sag": None},
        ],
        "DokumentAktør": [
            {"id": 1, "rolleid": 6, "Aktør": {"typeid": 5, "navn": "Karla Kaj"}},
            {"id": 2, "rolleid": 4, "Aktør": {"typeid": 8, "navn": "Broministeriet"}},
            {"id": 3, "rolleid": 8, "Aktør": {"typeid": 12, "navn": "Jens Opdigtet"}},
            {"id": 4, "rolleid": 17, "Aktør": {"typeid": 5, "navn": "Skjult Modtager"}},
            {"id": 5, "rolleid": 8, "Aktør": {"typeid": 99, "navn": "Ukendt Slags"}},
        ],
        "opdateringsdato": "2041-02-01T10:00:00",
    }  # fmt: skip
    return {**row, **more}


def test_the_facts_of_a_document() -> None:
    file = _file(70, "svar.pdf", variantkode="P")
    assert describe(_row(), _words, file) == {
        "id": 7,
        "title": "Svar på spm. 3",
        "type": "Svar",
        "category": "Alm. del",
        "status": "Endeligt",
        "date": "2041-01-15",
        "released": "2041-01-16",
        "paragraph": "§ 20",
        "answers": 3,
        "cases": [
            {"id": 60, "number": "L 7", "title": "Lov", "type": "Lovforslag", "session": "20401", "attachment": "3"},
            {"id": 51, "title": "Alm. del", "type": "Alm. del", "session": "20402"},
        ],
        "actors": [
            {"role": "Spørger", "type": "Person", "name": "Karla Kaj"},
            {"role": "Besvaret af", "type": "Ministerium", "name": "Broministeriet"},
            {"role": "Til", "type": "Privatperson"},
            {"role": "Til"},
        ],
        "file": {"id": 70, "title": "svar.pdf", "format": "PDF", "variant": "P", "date": "2041-01-01"},
    }


def test_names_of_private_persons_and_blind_copies_are_not_kept() -> None:
    kept = json.dumps(describe(_row(), _words), ensure_ascii=False)
    assert not any(name in kept for name in ("Jens Opdigtet", "Skjult Modtager", "Ukendt Slags"))


def test_changes_of_what_is_not_used_change_no_fact() -> None:
    other = _row(opdateringsdato="2042-01-01T00:00:00", procedurenummer="7", grundnotatstatus="x")
    assert describe(other, _words) == describe(_row(), _words)


@pytest.mark.parametrize("placeholder", [None, "", "0001-01-01T00:00:00", "1900-01-01T00:00:00", "9999-12-31T00:00:00"])
def test_placeholders_are_no_date(placeholder: str | None) -> None:
    assert "date" not in describe(_row(dato=placeholder), _words)


def test_the_columns() -> None:
    found = document("7/70", "Broen står.", describe(_row(), _words, _file(70, "svar.pdf")), f"{SITE}/70.pdf", {})
    assert found == Document(
        id=f"{NAME}/7/70",
        text="Broen står.",
        title="Svar på spm. 3",
        created=(date(2041, 1, 15), date(2041, 1, 15)),
        url=f"{SITE}/70.pdf",
        document_type="Svar",
        parent_id=f"{NAME}/sag/60",
        author="Broministeriet",
        details={
            "document": "7",
            "category": "Alm. del",
            "status": "Endeligt",
            "released": "2041-01-16",
            "paragraph": "§ 20",
            "answers": "3",
            "session": "20401",
            "case": "L 7",
            "case_title": "Lov",
            "case_type": "Lovforslag",
            "attachment": "3",
            "cases": ["20401 L 7", "20402"],
            "sender_types": ["Ministerium"],
            "actors": ["Spørger: Karla Kaj", "Besvaret af: Broministeriet", "Til: Privatperson", "Til: ?"],
            "file": "70",
            "file_title": "svar.pdf",
            "file_format": "PDF",
            "file_date": "2041-01-01",
        },
    )
    assert found.details.keys() <= DETAILS


@pytest.mark.parametrize(
    ("kind", "roles", "author"),
    [
        (13, [(6, "Karla Kaj"), (4, "Broministeriet")], "Karla Kaj"),
        (17, [(6, "Karla Kaj"), (4, "Broministeriet")], "Broministeriet"),
        (17, [(1, "Broministeriet"), (4, "Karla Kaj")], "Broministeriet"),
        (12, [(1, "Brovennerne"), (1, "Broministeriet"), (8, "Broudvalget")], "Brovennerne; Broministeriet"),
        (12, [(8, "Broudvalget")], None),
        (12, [], None),
    ],
)
def test_whose_words_a_document_holds(kind: int, roles: list[tuple[int, str]], author: str | None) -> None:
    actors = [{"id": n, "rolleid": r, "Aktør": {"typeid": 8, "navn": name}} for n, (r, name) in enumerate(roles)]
    facts = describe(_row(typeid=kind, DokumentAktør=actors), _words)
    assert document("7/70", "x", facts, None, {}).author == author


# --- the text ---------------------------------------------------------------------------------------------------------

_LONG = "Broen blev undersøgt i foråret, og der blev ikke fundet tegn på, at pillerne har flyttet sig siden sidste år."


@pytest.mark.parametrize("key", ["dokument/7/fil/70", "dokument/7/fil/70.pdf", "dokument/7/fil/70.docx"])
@pytest.mark.parametrize("make", [pdf, docx])
def test_a_file_is_read_by_its_bytes(make: Any, key: str) -> None:
    found = _read(make("Kære udvalg", _LONG), key)
    assert (found.id, found.text) == (f"{NAME}/7/70", f"Kære udvalg\n\n{_LONG}")


def test_a_page_of_the_site() -> None:
    items = list(extract(_record(page("Dagsorden", "Punkt 1.", _LONG), "dokument/7/fil/70.pdf")))
    assert [item.text for item in items if isinstance(item, Document)] == [f"Dagsorden\n\nPunkt 1.\n\n{_LONG}"]
    assert {item.kind for item in items if isinstance(item, LeftOut)} == {"navigation", "foot"}


def test_files_that_came_alone_are_named_by_their_path() -> None:
    found = _read(page("Dagsorden", _LONG), "samling/20401/almdel/BRU/bilag/89/1396405.htm")
    assert found.id == f"{NAME}/samling/20401/almdel/BRU/bilag/89/1396405.htm"
    assert (found.title, found.details) == ("Dagsorden", {"session": "20401"})
    assert _read(docx(_LONG), "Høring 3.docx").id == f"{NAME}/H.xf8.ring.x20.3.docx"
    assert ID_CHARACTERS.fullmatch(_read(docx(_LONG), "a b/Ø.docx").id)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b"", EmptyRecordError, "holds no bytes"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, NotTextError, "its bytes say 'image'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, NotTextError, "its bytes say 'ole'"),
        (b"{\\rtf1 hej}", (NotTextError, BrokenRecordError), ""),
        (b"plain text", NotTextError, "its bytes say 'text'"),
        (gzip.compress(b"x", mtime=0), NotTextError, "its bytes say 'unknown'"),
        (b"%PDF-1.7\n%%EOF", RecordError, ""),
        (b"PK\x03\x04rest", RecordError, ""),
        (b"{", BrokenRecordError, "begins like JSON and is none"),
        (b"[" * 50_000, BrokenRecordError, "begins like JSON and is none"),
        (b'{"value": []}', EmptyRecordError, "gives no document|describes"),
        (b'{"titel": "uden id"}', RecordError, ""),
    ],
)
def test_what_gives_no_document(body: bytes, error: Any, message: str) -> None:
    items = []
    try:
        items = list(extract(_record(body)))
    except RecordError as raised:
        assert isinstance(raised, error)
        assert message in str(raised) or "|" in message
    assert all(isinstance(item, Problem) for item in items)


def test_damaged_files_end_in_one_of_the_three_errors() -> None:
    chance = random.Random(7)  # noqa: S311
    for whole in (pdf(_LONG, _LONG), docx(_LONG, _LONG), page("Dagsorden", _LONG)):
        for _ in range(12):
            damaged = bytearray(whole[: chance.randint(1, len(whole))])
            for _ in range(chance.randint(0, 5)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                items = list(extract(_record(bytes(damaged))))
            except RecordError:
                continue
            assert any(isinstance(item, Document | Problem) for item in items)


# --- questions --------------------------------------------------------------------------------------------------------


def _question(**more: Any) -> Row:
    return _row(typeid=13, spørgsmålsid=None, spørgsmålsordlyd=" Vil ministeren\r\nredegøre for broen? \n", **more)


def test_the_wording_of_a_question_and_no_others() -> None:
    assert own_wording(_question()) == "Vil ministeren\r\nredegøre for broen?"
    assert own_wording(_question() | {"spørgsmålsid": 7}) == "Vil ministeren\r\nredegøre for broen?"
    assert own_wording(_question() | {"spørgsmålsid": 3}) is None, "an answer repeats the question"
    assert own_wording(_row()) is None


def test_a_question_as_the_service_gives_it() -> None:
    body = json.dumps({"odata.metadata": "x", **_question()}).encode()
    found = _read(body, "dokument/7/ordlyd", describe(_question(), _words))
    assert (found.id, found.text) == (f"{NAME}/7/ordlyd", "Vil ministeren\nredegøre for broen?")
    assert (found.author, found.document_type) == ("Karla Kaj", "Spørgsmål")


def _lines(*rows: Row) -> bytes:
    return b"\xef\xbb\xbf" + b"\n".join(json.dumps(row, ensure_ascii=False).encode() for row in rows)


def test_pages_and_lines_of_rows_give_their_questions() -> None:
    rows = [
        _question(Dokumenttype={"id": 13, "type": "Spørgsmål"}, Fil=[]),
        {**_question(), "id": 8, "Fil": [{"id": 80, "titel": "spm.pdf", "filurl": f"{SITE}/80.pdf", "format": "PDF"}]},
        {**_question(), "id": 9, "offentlighedskode": "L"},
        {**_question(), "id": 10, "Fil": [{"id": 81, "titel": "tal.xlsx", "filurl": f"{SITE}/81.xlsx"}]},
        _row(id=11),
    ]
    for body in (_lines(*rows), json.dumps({"value": rows, "odata.nextLink": "https://example.org"}).encode()):
        found = [item for item in extract(_record(body, "documents.jsonl")) if isinstance(item, Document)]
        assert [item.id for item in found] == [f"{NAME}/7/ordlyd", f"{NAME}/10/ordlyd"]
        assert [item.document_type for item in found] == ["Spørgsmål", None]
        assert found[0].author is None, "without the service's tables nobody knows who is a private person"
    with pytest.raises(EmptyRecordError, match="describes 2 documents, none of them a public question without a file"):
        list(extract(_record(_lines(_row(), _row(id=8)), "documents.jsonl")))


def test_rows_that_are_none_are_problems_and_the_rest_goes_on() -> None:
    body = (
        _lines(_question(), {"id": "7"}, {"id": 8, "Fil": 7}, {"id": 9, "Fil": [{}]}, {"titel": "x"}) + b"\nno json\n"
    )
    items = list(extract(_record(body, "documents.jsonl")))
    assert [type(item).__name__ for item in items] == ["Document", *["Problem"] * 5]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "value",
                        "Fil",
                        "filurl",
                        "titel",
                        "spørgsmålsordlyd",
                        "spørgsmålsid",
                        "offentlighedskode",
                        "format",
                        "SagDokument",
                        "Sag",
                        "DokumentAktør",
                        "Aktør",
                        "dato",
                        "Dokumenttype",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_ends_in_documents_or_errors(value: Any) -> None:
    body = json.dumps(value).encode()
    if body[:1] not in (b"{", b"["):
        return
    try:
        items = list(extract(_record(body, "documents.jsonl")))
    except RecordError:
        return
    assert all(isinstance(item, Document | Problem) for item in items)


def test_labels_of_a_row_that_came_without_its_service() -> None:
    label = words_of({"Dokumenttype": {"id": 13, "type": " Spørgsmål "}})
    assert (label("Dokumenttype", 13), label("Dokumenttype", 14), label("Periode", 1)) == ("Spørgsmål", None, None)


# --- deliveries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["a.pdf", "dokument/7/fil/70.PDF", "x/b.docx", "c.htm", "d.html", "documents.jsonl", "p.json"]
)
def test_what_is_accepted(path: str) -> None:
    assert accepts(path)


@pytest.mark.parametrize("path", ["a.xlsx", ".a.pdf", "__MACOSX/a.pdf", "x/.b/c.pdf", "pdf", "a.doc"])
def test_what_is_not(path: str) -> None:
    assert not accepts(path)


@pytest.mark.parametrize("packed", [None, "delivery.zip", "delivery.tar.zst"])
def test_a_delivery_gives_what_the_service_would(ws: Workspace, tmp_path: Path, packed: str | None) -> None:
    with FolketingetStandIn() as server:
        server.publish(7, "Svar", "Svar om broen", [("svar.pdf", pdf(_LONG))])
        server.publish(9, "Spørgsmål", "Spm. 9", spørgsmålsordlyd="Vil ministeren redegøre for broen?")
        rows = server.entities["Dokument"]
    files = {"dokument/7/fil/70.pdf": pdf(_LONG), "documents.jsonl": _lines(*({**row, "Fil": []} for row in rows))}
    origin = pack(tmp_path / packed, files) if packed else write_files(tmp_path / "delivery", files)
    assert harvest(ws, origin, NAME).new == 2
    archive = Archive(ws, NAME)
    stored = [stored for part in archive.parts() for stored in read_records(archive.folder, part)]
    found = [item for one in stored for item in extract(one.record) if isinstance(item, Document)]
    assert {item.id: item.text for item in found} == {
        f"{NAME}/7/70": _LONG,
        f"{NAME}/9/ordlyd": "Vil ministeren redegøre for broen?",
    }
