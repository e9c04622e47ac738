"""Telling from its bytes what kind of file this is: a publisher's word for it is sometimes another's."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final, Literal

Media = Literal["pdf", "docx", "html", "xml", "zip", "ole", "rtf", "image", "text", "unknown"]
"""``ole`` is what Word wrote until 2007, and what it still writes for files with a password."""

_LOOK: Final = 4096
_STARTS: Final[tuple[tuple[bytes, Media], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|p|div|table|h[1-6])\b", re.IGNORECASE)
_XHTML: Final = re.compile(rb"<html\b", re.IGNORECASE)
_WORD: Final = re.compile(r"(?:word/)?document\d*\.xml")


def sniff(body: bytes) -> Media:
    """Return what kind of file ``body`` is, by its beginning (of a ZIP: by the names of its members)."""
    start = body[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    for magic, media in _STARTS:
        if start.startswith(magic):
            return media
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return _zip_media(body)
    return _text_media(start.replace(b"\0", b"") if b"\0" in start[:64] else start)


def _text_media(start: bytes) -> Media:
    """Return what kind of text this is; of UTF-16 the zeros are gone."""
    start = start.lstrip(b"\xff\xfe")
    if _HTML.search(start) and not (start.startswith(b"<?xml") and not _XHTML.search(start)):
        return "html"
    if start.startswith(b"<"):
        return "xml"
    unseen = sum(byte < 9 or 13 < byte < 32 for byte in start)
    return "unknown" if unseen or not start else "text"


def _zip_media(body: bytes) -> Media:
    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except Exception:  # what zipfile raises over a damaged file is not all of one family
        return "docx" if b"word/" in body[:_LOOK] else "zip"
    return "docx" if any(_WORD.fullmatch(name) for name in names) else "zip"
