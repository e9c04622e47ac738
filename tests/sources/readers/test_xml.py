"""XML from strangers: read when it is plain, refused by name when it is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources.readers.xml import MAX_DEPTH, parse_xml

DOCTYPE = "declares a document type ('a'); entities are not accepted"
BOMB = (
    '<!DOCTYPE a [<!ENTITY l0 "haha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
EXTERNAL = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
LATE = b"<!--" + b"x" * 70_000 + b"-->"
"""A comment longer than what is looked at for a document type before parsing."""


@pytest.mark.parametrize(
    "body",
    [
        "<a>blåbær</a>".encode(),
        '<?xml version="1.0" encoding="utf-8"?><a>blåbær</a>'.encode("utf-8-sig"),
        '<?xml version="1.0" encoding="utf-16"?><a>blåbær</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="utf-16"?><a>blåbær</a>'.encode("utf-16-be"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a>blåbær</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="windows-1252"?><a>blåbær</a>'.encode("cp1252"),
        "<a><!-- a remark --><?go now?>blåbær</a>".encode(),
    ],
)
def test_plain_xml_is_read_in_the_encoding_it_declares(body: bytes) -> None:
    root = parse_xml(body)
    assert (root.tag, root.text) == ("a", "blåbær")


@pytest.mark.parametrize(
    "body", [b"", b"  \r\n\t", bytes(9), b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\n"]
)
def test_nothing_is_empty(body: bytes) -> None:
    with pytest.raises(EmptyRecordError) as caught:
        parse_xml(body)
    assert str(caught.value) == "holds no bytes but white space"


@pytest.mark.parametrize(
    ("body", "begins"),
    [(b"%PDF-1.7\n%\xe2", "b'%PDF-1.7\\n%\\xe2'"), (b"PK\x03\x04", "b'PK\\x03\\x04'"), (b"Hej", "b'Hej'")],
)
def test_what_is_no_xml(body: bytes, begins: str) -> None:
    with pytest.raises(NotTextError) as caught:
        parse_xml(body)
    assert str(caught.value) == f"does not begin as XML does, but with {begins}"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<a><b></a>", "Opening and ending tag mismatch"),
        (b"<a><b>cut", "Premature end of data"),
        (b"<a>&nbsp;</a>", "Entity 'nbsp' not defined"),
        (b"<a/><b/>", "Extra content at the end of the document"),
        (b" <?xml version='1.0'?><a/>", "XML declaration allowed only at the start of the document"),
        (b"<a>\x01</a>", "invalid xmlChar value 1|PCDATA invalid Char value 1"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>bl\xe5b\xe6r</a>', "Invalid bytes in character encoding"),
        (b"<a>bl\xe5b\xe6r</a>", "Invalid bytes in character encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><a>x</a>', "Blank needed here|Document labelled UTF-16"),
    ],
)
def test_what_is_not_well_formed_says_where(body: bytes, why: str) -> None:
    with pytest.raises(BrokenRecordError, match=rf"^is not well-formed XML: .*({why}).*line 1, column \d+") as caught:
        parse_xml(body)
    assert caught.value.reason == "broken"


@pytest.mark.parametrize(
    ("encoding", "why"),
    [("klingon", "unknown encoding: klingon"), ("shift_jis", "multi-byte encodings are not supported")],
)
def test_an_encoding_that_cannot_be_read(encoding: str, why: str) -> None:
    with pytest.raises(BrokenRecordError) as caught:
        parse_xml(f'<?xml version="1.0" encoding="{encoding}"?><a>x</a>'.encode())
    assert str(caught.value) == f"declares an encoding that cannot be read: {why}"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE a><a/>",
        f"{BOMB}<a>&l9;</a>".encode(),
        f'{BOMB}<a b="&l9;"/>'.encode(),
        EXTERNAL,
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode("utf-16"),
        '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode("utf-16-le"),
        '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode("utf-16-be"),
        b'<?xml version="1.1"?><!DOCTYPE a><a/>',
    ],
)
def test_a_document_type_is_refused_before_any_entity_is_read(body: bytes) -> None:
    with pytest.raises(BrokenRecordError) as caught:
        parse_xml(body)
    assert str(caught.value) == DOCTYPE


@pytest.mark.parametrize(
    "body",
    [
        LATE + b"<!DOCTYPE a><a/>",
        LATE + EXTERNAL,
        LATE + f"{BOMB}<a>&l9;</a>".encode(),
        LATE + f'{BOMB}<a b="&l9;"/>'.encode(),
        LATE + f'{BOMB}<a b="&l9;">'.encode() + b"x" * 10_000_001 + b"</a>",
    ],
)
def test_a_document_type_far_down_is_refused_too(body: bytes) -> None:
    with pytest.raises(BrokenRecordError, match=r"entities are not accepted$|entity amplification") as caught:
        parse_xml(body)
    assert "root:" not in str(caught.value)


def test_elements_may_nest_as_deep_as_the_limit() -> None:
    assert MAX_DEPTH == 256
    assert len(list(parse_xml(b"<a>" * 255 + b"</a>" * 255).iter())) == 255


@pytest.mark.parametrize("depth", [300, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    with pytest.raises(BrokenRecordError, match="Excessive depth in document: 256"):
        parse_xml(b"<a>" * depth + b"</a>" * depth)


@pytest.mark.parametrize(
    ("depth", "why"), [(300, "nests elements more than 256 deep"), (100_000, "Excessive depth in document")]
)
def test_deep_nesting_in_a_large_file_is_refused(depth: int, why: str) -> None:
    with pytest.raises(BrokenRecordError, match=why):
        parse_xml(b"<a>" * depth + b"x" * 10_000_001 + b"</a>" * depth)


def test_a_text_of_eleven_megabytes_comes_through() -> None:
    assert parse_xml(b"<a>" + b"x" * 11_000_000 + b"</a>").text == "x" * 11_000_000


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60).map(lambda b: b"<" + b) | st.binary(max_size=60))
def test_any_bytes_give_an_element_or_a_record_error(body: bytes) -> None:
    try:
        root = parse_xml(body)
    except RecordError as error:
        assert str(error)
    else:
        assert isinstance(root.tag, str)
