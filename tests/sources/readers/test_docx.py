"""DOCX from strangers: what a reader of the document sees is read, and what is hostile is refused by name."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources.readers import docx, guard
from sources.readers._docx_numbers import _written
from sources.readers.docx import DocxText, read_docx

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_PREFIXES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{target}"/>'
    "</Relationships>"
)


@pytest.fixture(autouse=True, scope="module")
def _no_children_left() -> Iterator[None]:
    yield
    guard.close()


def _part(root: str, content: str, namespace: str = _W) -> str:
    return f'<w:{root} xmlns:w="{namespace}" {_PREFIXES}>{content}</w:{root}>'


def _docx(body: str, others: Mapping[str, str | bytes] | None = None, *, namespace: str = _W) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _RELATIONS.format(target="word/document.xml"),
        "word/document.xml": _part("document", f"<w:body>{body}<w:sectPr/></w:body>", namespace),
        **(others or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            if content:
                file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def _read(body: str, others: Mapping[str, str | bytes] | None = None) -> DocxText:
    return DocxText(**docx._text(_docx(body, others)))  # type: ignore[arg-type]


def _text(body: str, others: Mapping[str, str | bytes] | None = None) -> str:
    return _read(body, others).text


# --- what is read ---------------------------------------------------------------------------------------------------


def test_through_the_guard_the_text_is_the_same() -> None:
    assert read_docx(_docx(_p("Blåbærgrød"))) == DocxText(text="Blåbærgrød", left_out={})


def test_paragraphs_stand_in_order_parted_by_blank_lines_and_empty_ones_are_none() -> None:
    assert _text(_p("Svar på spørgsmål 4") + _p(" ") + "<w:p/>" + _p("Æblet  falder.")) == (
        "Svar på spørgsmål 4\n\nÆblet falder."
    )


def test_the_strict_schema_is_read_as_well() -> None:
    assert docx._text(_docx(_p("Øst"), namespace=_STRICT))["text"] == "Øst"


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("<w:t>fyr</w:t><w:t>tårn</w:t>", "fyrtårn"),
        ("<w:t>a</w:t><w:tab/><w:t>b</w:t>", "a b"),
        ("<w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t>", "a\nb\nc"),
        ("<w:t>told</w:t><w:noBreakHyphen/><w:t>fri</w:t>", "told-fri"),
        ("<w:t>blå</w:t><w:softHyphen/><w:t>bær</w:t>", "blåbær"),
        ("<w:t>\u00adsky\u00ad\u200b</w:t>", "sky"),
        ("<w:t>ﬁn\u00a0dag</w:t>", "fin dag"),
        ("<w:t>Å</w:t>", "Å"),
        ('<w:sym w:font="Wingdings" w:char="F0B7"/><w:t> punkt</w:t>', "• punkt"),
        ('<w:sym w:font="Symbol" w:char="B7"/><w:t> punkt</w:t>', "• punkt"),
        ('<w:sym w:font="Symbol" w:char="xyz"/><w:t>intet</w:t>', "intet"),
        ("<w:t>\ue123x</w:t>", "x"),
        ("<w:instrText>PAGEREF _Toc1</w:instrText><w:t>felt</w:t>", "felt"),
    ],
)
def test_what_a_run_holds(run: str, text: str) -> None:
    assert _text(f"<w:p><w:r>{run}</w:r></w:p>") == text


@pytest.mark.parametrize(
    "wrapping",
    [
        '<w:ins w:id="1" w:author="N">{}</w:ins>',
        "<w:moveTo>{}</w:moveTo>",
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:fldSimple w:instr="DATE">{}</w:fldSimple>',
        "<w:sdt><w:sdtPr><w:alias w:val='Titel'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag>{}</w:smartTag>",
        "<w:customXml>{}</w:customXml>",
        "<w:ins><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:ins>",
    ],
)
def test_wrapped_text_is_read(wrapping: str) -> None:
    inner = wrapping.format("<w:r><w:t>indsat</w:t></w:r>")
    assert _text(f"<w:p><w:r><w:t>før </w:t></w:r>{inner}</w:p>") == "før indsat"
    if "sdt" in wrapping or "customXml" in wrapping:
        assert _text(_p("før") + wrapping.format(_p("indsat"))) == "før\n\nindsat"


@pytest.mark.parametrize(
    ("out", "kind"),
    [
        ("<w:del><w:r><w:delText>slettet</w:delText></w:r></w:del>", "deleted"),
        ("<w:moveFrom><w:r><w:t>flyttet</w:t></w:r></w:moveFrom>", "deleted"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>skjulte</w:t></w:r>", "hidden"),
    ],
)
def test_deleted_and_hidden_text_is_left_out_and_counted(out: str, kind: str) -> None:
    found = _read(f"<w:p><w:r><w:t>Tekst</w:t></w:r>{out}</w:p>")
    assert found == DocxText(text="Tekst", left_out={kind: 7})


def test_what_says_that_it_is_not_hidden_is_read() -> None:
    assert _text('<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>synlig</w:t></w:r></w:p>') == "synlig"


def test_running_heads_feet_and_comments_are_left_out_and_counted() -> None:
    others = {
        "word/header1.xml": _part("hdr", _p("Hoved")),
        "word/header2.xml": _part("hdr", _p("Hov")),
        "word/footer1.xml": _part("ftr", _p("Fo")),
        "word/comments.xml": _part("comments", f"<w:comment>{_p('Hm')}</w:comment>"),
    }
    assert _read(_p("Krop"), others) == DocxText(text="Krop", left_out={"comment": 2, "foot": 2, "head": 8})


def test_a_text_box_follows_its_paragraph_and_is_read_once() -> None:
    box = "<w:txbxContent>" + _p("I boksen") + "</w:txbxContent>"
    drawn = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert _text(f"<w:p><w:r><w:t>Før</w:t></w:r><w:r>{drawn}</w:r><w:r><w:t> efter</w:t></w:r></w:p>") == (
        "Før efter\n\nI boksen"
    )


def test_letters_of_a_formula_are_read() -> None:
    assert _text("<w:p><m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath></w:p>") == "x+y"


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell if cell.startswith('<') else _p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_table_gives_a_line_for_each_row() -> None:
    table = _table(("År", "Beløb"), ("2098", "1,5 mio. kr."), ("", "i alt"), ("", ""), ("x", ""))
    assert _text(_p("Tabel 1") + table + _p("Efter")) == (
        "Tabel 1\n\nÅr | Beløb\n2098 | 1,5 mio. kr.\n| i alt\nx\n\nEfter"
    )


def test_paragraphs_of_a_cell_stand_on_its_line() -> None:
    assert _text(_table((_p("en") + _p("to"), "tre"))) == "en to | tre"


def test_a_table_of_one_column_or_with_much_in_a_cell_is_read_as_paragraphs() -> None:
    assert _text(_table(("en",), ("to",))) == "en\n\nto"
    many = "".join(_p(f"Afsnit {number}") for number in range(5))
    assert _text(_table((many, "Sidespalte"))).endswith("Afsnit 4\n\nSidespalte")


def test_rows_in_content_controls_are_read_and_deleted_rows_are_not() -> None:
    row = "<w:tr>{}<w:tc>" + _p("a") + "</w:tc><w:tc>" + _p("b") + "</w:tc></w:tr>"
    control = f"<w:sdt><w:sdtContent>{row.format('')}</w:sdtContent></w:sdt>"
    deleted = row.format("<w:trPr><w:del w:id='1'/></w:trPr>")
    assert _text(f"<w:tbl>{control}{deleted}</w:tbl>") == "a | b"


def test_a_table_in_a_cell_stands_on_the_line_of_its_cell() -> None:
    assert _text(_table(("ydre", _table(("in", "dre")) + _p("")))) == "ydre | in | dre"


# --- lists ----------------------------------------------------------------------------------------------------------

_NUMBERING = _part(
    "numbering",
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="8">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="5"/><w:lvlText w:val="(%1)"/></w:lvl></w:lvlOverride></w:num>'
    '<w:num w:numId="9"><w:abstractNumId w:val="404"/></w:num>',
)
_STYLES = _part(
    "styles",
    '<w:style w:styleId="Overskrift1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Under"><w:basedOn w:val="Overskrift1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    '</w:style><w:style w:styleId="Ring"><w:basedOn w:val="Ring"/></w:style>',
)
_LISTS = {"word/numbering.xml": _NUMBERING, "word/styles.xml": _STYLES}


def _item(text: str, number: object, level: object = 0) -> str:
    return _p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_items_have_the_numbers_that_word_draws() -> None:
    items = [
        _item("en", 1),
        _item("alfa", 1, 1),
        _item("beta", 1, 1),
        _item("dyb", 1, 2),
        _item("to", 1),
        _item("ny", 1, 1),
    ]
    assert _text("".join(items), _LISTS) == "1. en\na) alfa\nb) beta\n1.b.III dyb\n2. to\na) ny"


def test_lists_of_one_kind_count_on_unless_one_begins_anew() -> None:
    text = _text(_item("en", 1) + _p("Imens.") + _item("to", 1) + _item("fem", 3) + _item("seks", 3), _LISTS)
    assert text == "1. en\n\nImens.\n\n2. to\n(5) fem\n(6) seks"


def test_bullets_and_levels_without_a_label() -> None:
    assert _text(_item("a", 2) + _item("b", 2, 1) + _item("c", 2, 2), _LISTS) == "• a\n– b\n\nc"


@pytest.mark.parametrize(("number", "level"), [(0, 0), (404, 0), (9, 0), (1, 8), ("x", "y"), (-1, -1)])
def test_a_list_that_is_not_there_gives_no_number(number: object, level: object) -> None:
    assert _text(_item("tekst", number, level), _LISTS) == "tekst"


def test_a_style_numbers_its_paragraphs_also_through_the_one_it_is_based_on() -> None:
    styled = (_p("Et", '<w:pStyle w:val="Overskrift1"/>'), _p("Under", '<w:pStyle w:val="Under"/>'))
    ring = _p("Ring", '<w:pStyle w:val="Ring"/>')
    assert _text("".join(styled) + ring, _LISTS) == "1. Et\na) Under\n\nRing"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (27, "lowerLetter", "aa"),
        (2, "upperLetter", "B"),
        (1994, "upperRoman", "MCMXCIV"),
        (0, "lowerRoman", "0"),
        (3, "decimalZero", "03"),
        (7, "ordinalText", "7"),
        (10**9, "upperLetter", "LLLLL"),
    ],
)
def test_numbers_are_written_as_their_form_says(value: int, form: str, text: str) -> None:
    assert _written(value, form) == text


# --- notes ----------------------------------------------------------------------------------------------------------


def test_notes_stand_at_the_end_under_their_numbers() -> None:
    body = (
        '<w:p><w:r><w:t>Fyret</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t> lyser</w:t></w:r>'
        '<w:r><w:endnoteReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="99"/></w:r></w:p>'
    )
    notes = {
        "word/footnotes.xml": _part(
            "footnotes",
            f'<w:footnote w:type="separator" w:id="-1">{_p("")}</w:footnote>'
            f'<w:footnote w:id="2">{_p("Bygget")}{_p("2098.")}</w:footnote>',
        ),
        "word/endnotes.xml": _part("endnotes", f'<w:endnote w:id="1">{_p("Om natten.")}</w:endnote>'),
    }
    assert _text(body, notes) == "Fyret¹ lyser²³\n\nNoter\n¹ Bygget 2098.\n² Om natten."


# --- what is refused ------------------------------------------------------------------------------------------------


def _zip(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _encrypted() -> bytes:
    body = bytearray(_docx(_p("x")))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := body.find(magic, place + 1)) >= 0:
            body[place + at] |= 1
    return bytes(body)


def _twice() -> bytes:
    buffer = io.BytesIO(_docx(_p("x")))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as file:
        file.writestr("word/document.xml", "<x/>")
    return buffer.getvalue()


_DEEP = "<w:sdt><w:sdtContent>" * 150 + _p("x") + "</w:sdtContent></w:sdt>" * 150
_REFUSED = {
    "nothing": (b"", EmptyRecordError, "no bytes"),
    "a PDF": (b"%PDF-1.7", NotTextError, "no Office file: it begins with b'%PDF-1.7'"),
    "old Word": (b"\xd0\xcf\x11\xe0", NotTextError, "no Office file"),
    "a stub": (b"PK\x03\x04", BrokenRecordError, "damaged or cut short"),
    "a spreadsheet": (_zip({"xl/workbook.xml": b"<a/>"}), NotTextError, "is a spreadsheet"),
    "a presentation": (_zip({"ppt/presentation.xml": b"<a/>"}), NotTextError, "is a presentation"),
    "OpenDocument": (_zip({"content.xml": b"<a/>"}), NotTextError, "is an OpenDocument file"),
    "another ZIP": (_zip({"a.txt": b"a"}), NotTextError, "a ZIP without a Word document: a.txt"),
    "an empty ZIP": (_zip({}), NotTextError, "nothing in it"),
    "no text": (_docx("<w:p/>"), EmptyRecordError, "without text"),
    "deep": (_docx(_DEEP), BrokenRecordError, "Excessive depth|deep"),
    "malformed": (_docx("<w:p>"), BrokenRecordError, "'word/document.xml' that is not well-formed"),
    "an entity": (
        _zip({"word/document.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'}),
        BrokenRecordError,
        "'word/document.xml' that declares a document type",
    ),
    "a bomb": (_zip({"word/document.xml": b"<a>" + b" " * 20_000_000 + b"</a>"}), BrokenRecordError, "beyond reason"),
    "many parts": (_zip({f"{number}": b"" for number in range(10_001)}), BrokenRecordError, "10,001 parts"),
    "a part twice": (_twice(), BrokenRecordError, "a part twice: 'word/document.xml'"),
    "encrypted": (_encrypted(), BrokenRecordError, "encrypted part"),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_record_that_gives_no_text_says_why(name: str) -> None:
    body, error, message = _REFUSED[name]
    with pytest.raises(error, match=message):
        read_docx(body)


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "word/../../x", "a\0b", ""]
)
def test_a_relation_leads_nowhere_but_to_a_part(target: str) -> None:
    body = _zip(
        {"_rels/.rels": _RELATIONS.format(target=target.replace("\0", "%00")).encode(), "word/document.xml": b"<a/>"}
    )
    with pytest.raises(NotTextError, match="ZIP without a Word document"):
        docx._text(body)


def test_the_text_is_where_the_relations_say() -> None:
    body = {"word/document.xml": "", "word/document2.xml": _part("document", f"<w:body>{_p('Her')}</w:body>")}
    for target in ("word/document2.xml", "/word/document2.xml"):
        assert _text("", {**body, "_rels/.rels": _RELATIONS.format(target=target)}) == "Her"


def test_an_external_relation_is_not_followed() -> None:
    relation = _RELATIONS.format(target='http://example.org/x" TargetMode="External')
    assert _text(_p("Her"), {"_rels/.rels": relation}) == "Her"


# --- damage ---------------------------------------------------------------------------------------------------------

_WHOLE = _docx(
    "".join(_item(f"Punkt {number} om fyr", 1, number % 3) for number in range(20)) + _table(("a", "b"), ("c", "d")),
    _LISTS,
)


@pytest.mark.parametrize("twentieth", range(1, 20))
def test_a_file_cut_short_is_broken(twentieth: int) -> None:
    with pytest.raises(BrokenRecordError):
        read_docx(_WHOLE[: len(_WHOLE) * twentieth // 20])


def test_damaged_bytes_give_a_text_or_a_record_error() -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable damage
    for _ in range(400):
        body = bytearray(_WHOLE)
        for _ in range(chance.randrange(1, 8)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        _text_or_refusal(bytes(body))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(body: bytes) -> None:
    _text_or_refusal(body)
    _text_or_refusal(b"PK\x03\x04" + body)


_NAMES = st.sampled_from([
    "p", "r", "t", "tbl", "tr", "tc", "ins", "del", "sdt", "sdtContent", "numPr", "numId", "ilvl", "pPr",
    "footnoteReference", "txbxContent", "sym", "br", "hyperlink",
])  # fmt: skip
_TREES = st.recursive(
    st.text("aå <&", max_size=5).map(lambda text: f"<w:t>{text.replace('&', '&amp;').replace('<', '&lt;')}</w:t>"),
    lambda inner: st.builds(
        lambda name, value, parts: (
            f'<w:{name} w:val="{value}" w:id="{value}" w:char="{value}">{"".join(parts)}</w:{name}>'
        ),
        _NAMES,
        st.sampled_from(["", "1", "-1", "F0B7", "99999999999999999999", "å"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_TREES, max_size=5).map("".join))
def test_elements_in_any_order_give_a_text_or_a_record_error(body: str) -> None:
    _text_or_refusal(_docx(body, _LISTS))


def _text_or_refusal(body: bytes) -> None:
    try:
        text = docx._text(body)["text"]
    except RecordError as error:
        assert str(error)
    else:
        assert isinstance(text, str)
        assert text.strip()
        assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
