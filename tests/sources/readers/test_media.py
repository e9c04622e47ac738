"""What kind of file it is, whatever it is called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.readers.media import Media, sniff


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "pdf"),
        (b"x" * 100 + b"%PDF-1.4", "pdf"),
        (_zip("[Content_Types].xml", "word/document.xml"), "docx"),
        (_zip("word/document2.xml"), "docx"),
        (_zip("word/document.xml")[:-30], "docx"),
        (_zip("xl/workbook.xml"), "zip"),
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"II*\0", "image"),
        (b"<!DOCTYPE html><title>x", "html"),
        (b" \n<HTML>", "html"),
        (b"<p class=Tekst>", "html"),
        ("<html>".encode("utf-16"), "html"),
        ("<html>".encode("utf-16-be"), "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "html"),
        (b'<?xml version="1.0"?><Dokument><p>x</p>', "xml"),
        (b"<Dokument/>", "xml"),
        ("Kære borger".encode(), "text"),
        ("Kære borger".encode("utf-16"), "text"),
        (b"", "unknown"),
        (b"\x00\x01\x02", "unknown"),
    ],
)
def test_the_kind_is_told_by_the_bytes(body: bytes, media: Media) -> None:
    assert sniff(body) == media


@given(st.binary(max_size=200))
def test_anything_has_a_kind(body: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"<?xml", b"\xff\xfe"):
        assert sniff(start + body)
