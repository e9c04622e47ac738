"""Decoding and parsing HTML, and telling pages that stand in the way of the one that was asked for."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from frisat.errors import BrokenRecordError, NotTextError
from sources.readers._characters import readable

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_ELEMENTS: Final = 2_000_000

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_XML_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
_LOOK: Final = 8192
_TAG: Final = re.compile(r"<(?:html|head|body|title|p|div|table|h[1-6]|br|span|article|section|ul|ol)\b", re.IGNORECASE)
_PLAINLY: Final = 10
"""How many letters beyond ASCII read as UTF-8 outweigh one byte that cannot be."""
_WESTERN: Final = {"iso8859-1", "ascii", "latin_1"}

_WALL_LENGTH: Final = 3_000
"""Characters: a page with more text of its own is no wall before another."""
_CHALLENGE: Final = re.compile(
    r"_cf_chl_opt|cf-browser-verification|challenge-platform|cf-chl-|_Incapsula_Resource|ddos-guard|g-recaptcha|"
    r"h-captcha|hcaptcha\.com|<title>\s*(?:just a moment|attention required|one moment, please|access denied)",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_ERROR_TITLE: Final = re.compile(
    r"\b(?:40[0-9]|410|429|50[0-9])\b.{0,40}(?:error|fejl|found|fundet|forbidden|denied|unavailable|bad|gateway|server)"
    r"|(?:page|side[nr]?|file|fil|dokument\w*) (?:was |blev |kunne |could )?(?:not|ikke) (?:be )?(?:found|fundet)|"
    r"(?:siden|filen|dokumentet) (?:findes|eksisterer) ikke|"
    r"^(?:object moved|runtime error|server error|service unavailable|forbidden|not found|ikke fundet|bad request)\b",
    re.IGNORECASE,
)


def decoded(body: bytes, charset: str) -> str:
    """Return HTML as text: by its byte order mark, as UTF-8 if it is that, as declared, else as Windows-1252."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if body[:64].count(b"\0") > 8:
        return body.decode("utf-16-le" if body[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        mended = body.decode("utf-8", "replace")
    damaged = mended.count("\ufffd")
    plainly = sum(not letter.isascii() for letter in mended) > _PLAINLY * damaged
    return mended if plainly else _by_declaration(body, charset)


def _by_declaration(body: bytes, charset: str) -> str:
    start = body[:_LOOK]
    declared = [match[1].decode("ascii") for pattern in (_DECLARED, _XML_DECLARED) if (match := pattern.search(start))]
    for name in (charset, *declared):
        try:
            found = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if not found or found.startswith("utf") or found in _WESTERN or name.lower() in {"hex", "rot13", "idna"}:
            continue
        try:
            return body.decode(found, "replace")
        except (LookupError, ValueError, AssertionError):  # a codec that is none for text
            continue
    return body.decode("cp1252", "replace")


def parse(markup: str) -> Element:
    """Return the root of a page, mended.

    Raises:
        NotTextError: no element of HTML in it.
        BrokenRecordError: nothing that can be mended, or too many elements.
    """
    if not _TAG.search(markup):
        raise NotTextError(f"is no HTML: it begins with {markup[:20]!r}")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenRecordError(f"is HTML that cannot be read: {error}") from error
    if root is None:
        raise NotTextError("is no HTML: there is no element in it")
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BrokenRecordError(f"is HTML beyond the limits of its parser: {parser.error_log.last_error}"[:200])
    for number, _ in enumerate(root.iter()):
        if number > MAX_ELEMENTS:
            raise BrokenRecordError(f"has more than {MAX_ELEMENTS:,} elements")
    return root


def title_of(root: Element) -> str | None:
    """Return the title of a page, on one line."""
    node = root.find(".//title")
    return " ".join(readable("".join(node.itertext())).split())[:1000] or None if node is not None else None


def refuse_walls(markup: str, title: str, text: str) -> None:
    """Refuse a page that stands in the way of a document.

    Raises:
        NotTextError: it asks for a proof that one is human, for a login, or reports an error.
    """
    if len(text) > _WALL_LENGTH:
        return
    if _CHALLENGE.search(markup):
        raise NotTextError("is a page that asks for a proof that its reader is human; ask the publisher for access")
    if _LOGIN.search(markup):
        raise NotTextError("is a page that asks for a login")
    if _ERROR_TITLE.search(title):
        raise NotTextError(f"is a page that reports an error: {title[:80]!r}")
