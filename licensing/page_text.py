"""The text of evidence as a reader sees it: markup, scripts, menus and what is hidden removed, a paragraph a line."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from licensing.recognise import recognise
from licensing.recognised import MAX_SHOWN

TEXT_VERSION = 2
"""Of the rules below. Version 1 was one line, read everything as UTF-8, and kept lists of links and what is hidden."""

_SPACE = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\0"))
_HTML = re.compile(r"<(?:!doctype\s+html|html|body|p|div)\b", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n[ \t\r]*\n\s*")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_NO_STATEMENT = frozenset({"script", "style", "template", "noscript", "nav", "menu"})
_LISTS = frozenset({"ul", "ol", "dl", "table"})
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_PERHAPS = re.compile(r"cc|commons|licen[sc]|§|rights?|rettighed|ophavsret|domain|domæne|open|odbl|gpl", re.IGNORECASE)
"""What every name and address of a licence that may stand in a menu holds; most links need no closer look."""
_MAX_LISTS = 8
"""Lists within lists that are looked at."""
_MENU_ROLES = frozenset({"navigation", "menu", "menubar"})
_WITHIN_A_LINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
"""Elements that a browser writes without a space or a new line around them."""


def is_html(text: str) -> bool:
    """Say whether ``text`` is a page rather than plain text, by the tags at its beginning."""
    return _HTML.search(text[:5000]) is not None


def decoded(content: bytes, charset: str | None = None) -> str:
    """Return ``content`` as text: by its byte order mark, as UTF-8 if it is that, as declared, else Windows-1252.

    ``charset`` is what the server declared; a declaration within the page comes after it. Never raises.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    within = _DECLARED.search(content[:8192])
    for declared in (charset, within[1].decode("ascii") if within else None):
        try:
            codec = codecs.lookup(declared or "")
            # What is declared as Latin-1 is Windows-1252 everywhere on the web.
            known = codec.name not in {"ascii", "iso8859-1"} and not codec.name.startswith("utf")
            if known and codec._is_text_encoding:
                return content.decode(codec.name, "replace")
        except (LookupError, ValueError, AttributeError):
            continue
    return content.decode("cp1252", "replace")


def plain_text(content: bytes, charset: str | None = None) -> str:
    """Return the text of a page or a plain text: NFC, a paragraph a line, white space folded."""
    text = decoded(content, charset)
    if not is_html(text):
        return paragraphs(text)
    return "\n".join(block.text for block in _blocks(text) if not block.menu)


def paragraphs(text: str) -> str:
    """Return plain text with a paragraph a line; blank lines part them."""
    return "\n".join(line for part in _PARAGRAPHS.split(text) if (line := folded(part)))


def old_plain_text(content: bytes) -> str:
    """Return the text as version 1 of the rules had it, to check evidence that was captured under them."""
    text = content.decode("utf-8", "replace")
    if is_html(text):
        text = " ".join(block.text for block in _blocks(text, seen_only=False))
    return _SPACE.sub(" ", text).strip()


def folded(text: str) -> str:
    """Return ``text`` composed, on one line, without what is invisible."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text.translate(_INVISIBLE))).strip()


@dataclass(slots=True)
class _Block:
    """A paragraph: its text, whether it is nothing but links, where they lead, and whether it belongs to a menu."""

    text: str
    only_links: bool
    links: tuple[str, ...]
    menu: bool = False


def _blocks(markup: str, *, seen_only: bool = True) -> list[_Block]:
    target = _Collector(seen_only=seen_only)
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
    try:
        etree.fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        target.close()
    return target.blocks


@dataclass(slots=True)
class _Collector:
    """Takes the events of a parser. Time and memory in proportion to the page, however deep it nests."""

    seen_only: bool
    blocks: list[_Block] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _beside_links: bool = False
    _links: list[str] = field(default_factory=list)
    _in_link: int = 0
    _skipping: int = 0
    _lists: list[int | None] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if self._skipping or tag in _NO_STATEMENT or (self.seen_only and _unseen(attributes)):
            self._skipping += 1
            return
        if tag == "br" and self.seen_only:
            self._pieces.append("\n")
        elif tag not in _WITHIN_A_LINE:
            self._flush()
        if tag in _LISTS:
            self._lists.append(len(self.blocks) if len(self._lists) < _MAX_LISTS else None)
        if tag == "a":
            self._in_link += 1
            self._links.append(attributes.get("href", ""))

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._skipping:
            self._skipping -= 1
            return
        self._in_link -= tag == "a" and self._in_link > 0
        if tag not in _WITHIN_A_LINE and not (tag == "br" and self.seen_only):
            self._flush()
        if tag in _LISTS and self._lists and (first := self._lists.pop()) is not None:
            found = self.blocks[first:]
            if len(found) > 1 and all(block.only_links for block in found):
                self._mark(found)

    def data(self, text: str) -> None:
        """Take characters."""
        if not self._skipping:
            self._pieces.append(text)
            self._beside_links |= not self._in_link and any(sign.isalnum() for sign in text)

    def comment(self, text: str) -> None:
        """Leave out a comment."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Leave out an instruction to programs."""

    def close(self) -> None:
        """Take the end of the page."""
        self._flush()

    def _flush(self) -> None:
        only_links = bool(self._links) and not self._beside_links
        for part in _PARAGRAPHS.split("".join(self._pieces)) if self._pieces else ():
            if text := folded(part):
                self.blocks.append(_Block(text, only_links, tuple(self._links)))
                if only_links and len(self._links) > 2:
                    self._mark(self.blocks[-1:])
        self._pieces, self._links, self._beside_links = [], [], False

    def _mark(self, found: list[_Block]) -> None:
        """Mark links to pages as a menu, unless one of them names a licence or leads to one: that is a statement."""
        said = [text for block in found for text in (block.text, *block.links)]
        menu = self.seen_only and not any(_is_licence(text) for text in said)
        for block in found:
            block.menu = block.menu or menu


@lru_cache(maxsize=4096)
def _is_licence(text: str) -> bool:
    if len(text) > MAX_SHOWN or not _PERHAPS.search(text):
        return False
    return recognise(text).means_something


def _unseen(attributes: Mapping[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").lower() == "true"
        or attributes.get("role", "").lower() in _MENU_ROLES
        or _HIDDEN_STYLE.search(attributes.get("style", "")) is not None
    )
