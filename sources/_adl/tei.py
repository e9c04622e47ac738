"""Rendering TEI P5 as plain text: what each element becomes, in one pass over the tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sources._adl.tei_lines import BLOCK, LB, LINE, PB, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

TEI: Final = "{http://www.tei-c.org/ns/1.0}"
XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"

_WORDS_OF_ONE_LETTER = frozenset("IOÅ")
_DROP_CAPITAL = re.compile(r"[«»\"„]?[A-ZÆØÅÄÖÜ]")
_CONTINUES = re.compile(r"\s+[a-zæøåäöüé]+")

DIVISIONS: Final = ("div", "text", "front", "back", "titlePage")
BLOCKS: Final = ("p", "lg", "list", "table", "closer", "opener", "salute", "signed", "dateline", "byline", "epigraph",
                 "cit", "trailer", "titlePart", "docAuthor", "docEdition", "docImprint", "body", "group",
                 "address")  # fmt: skip
LINES: Final = frozenset({"l", "item", "speaker", "row", "addrLine"})
_BIBL_LINES: Final = frozenset({"div", "cit", "epigraph", "q", "body", "front"})


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def plain(element: Element | None) -> str:
    """Return all text of an element as one line, notes included; nothing for ``None``."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def find(element: Element, name: str) -> Element | None:
    """Return the first child with this local name."""
    return next(element.iterchildren(TEI + name), None)


def title_of(element: Element) -> str:
    """Return the first head of an element as one line without its notes; nothing if it has none.

    A head within the element's leading ``argument`` counts: some volumes print a chapter's number with its summary.
    """
    head = find(element, "head")
    if head is None:
        argument = find(element, "argument")
        head = find(argument, "head") if argument is not None else None
    return one_line(Renderer().render(head)) if head is not None else ""


def text_title(element: Element) -> str:
    """Return the head of an element, or of its body."""
    own = title_of(element)
    body = find(element, "body") if not own else None
    return title_of(body) if body is not None else own


class Renderer:
    """Renders elements into :attr:`out`; a subclass decides about divisions, notes and pages."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.handlers = HANDLERS
        self.drama = 0

    def render(self, element: Element) -> list[str]:
        """Render the inside of one element and return the pieces."""
        self.children(element)
        return self.out

    def children(self, element: Element) -> None:
        """Render the inside of ``element``."""
        handlers = self.handlers
        text = element.text
        if text:
            self.out.append(text)
        for child in element:
            tag, tail = child.tag, child.tail
            if tag == _HI and tail and self._drop_capital(child, tail):
                self.out += (child.text or "").strip(), tail.lstrip()
                continue
            handler = handlers.get(tag)
            if handler is not None:
                handler(self, child)
            elif len(child):
                self.children(child)
            elif child.text:
                self.out.append(child.text)
            if tail:
                self.out.append(tail)

    def element(self, element: Element) -> None:
        """Render one element, with the breaks it brings."""
        handler = self.handlers.get(element.tag)
        if handler is not None:
            handler(self, element)
        else:
            self.children(element)

    def note(self, element: Element) -> None:
        """Meet a note: here it is dropped."""

    def page(self, _: Element) -> None:
        """Meet a page's beginning."""
        self.out.append(PB)

    def division(self, element: Element) -> None:
        """Meet a ``div``, ``text``, ``front``, ``back`` or ``titlePage``."""
        self.block(element)

    def dated(self, element: Element) -> None:
        """Meet a ``docDate`` or an ``argument``, which may say when the text was written."""
        self.block(element)

    def block(self, element: Element) -> None:
        """Render an element as a block of its own."""
        self.out.append(BLOCK)
        self.children(element)
        self.out.append(BLOCK)

    def line(self, element: Element) -> None:
        """Render an element as a line of its own."""
        self.out.append(LINE)
        self.children(element)
        self.out.append(LINE)

    def line_break(self, _: Element) -> None:
        """Meet a printed line's end."""
        self.out.append(LB)

    def nothing(self, _: Element) -> None:
        """Drop an element (an empty gap, a running head)."""

    def head(self, element: Element) -> None:
        """Render a heading: its own block, or the line above a stanza or a list."""
        self.out.append(BLOCK)
        self.children(element)
        parent = element.getparent()
        self.out.append(LINE if parent is not None and parent.tag in _STANZA_OR_LIST else BLOCK)

    def bibl(self, element: Element) -> None:
        """Render a reference: a line under a quotation, else part of its sentence."""
        parent = element.getparent()
        if parent is not None and local(parent) in _BIBL_LINES:
            self.line(element)
        else:
            self.children(element)

    def stage(self, element: Element) -> None:
        """Render a stage direction: within a sentence, else a line (in a speech) or a block."""
        parent = element.getparent()
        name = local(parent) if parent is not None else ""
        if name in ("p", "l", "stage"):
            self.children(element)
        elif name == "sp":
            self.line(element)
        else:
            self.block(element)

    def speech(self, element: Element) -> None:
        """Render a speech: the speaker's line with its first direction, then paragraphs and verse as lines."""
        start = len(self.out)
        self.out += BLOCK, element.text or ""
        begun, named = False, False
        for child in element:
            tag = child.tag
            if tag == _SPEAKER and not begun:
                self.line(child)
                named = True
            elif tag == _STAGE and named and not begun:
                self.out[-1] = " "
                self.children(child)
                self.out.append(LINE)
                named = False
            elif tag in (_P, _LG) and not (tag == _LG and begun):
                self.line(child)
                begun = True
            else:
                self.element(child)
                begun = begun or tag != _PB
            if child.tail and not child.tail.isspace():
                self.out.append(child.tail)
        self.out.append(BLOCK)
        self.drama += sum(map(len, self.out[start:]))

    def row(self, element: Element) -> None:
        """Render a table's row as one line, cells apart by a bar, empty cells left out."""
        outer, cells = self.out, []
        for cell in element:
            self.out = []
            self.children(cell)
            cells.append(one_line(self.out))
        self.out = outer
        self.out += LINE, " | ".join(filter(None, cells)), LINE

    def _drop_capital(self, element: Element, tail: str) -> bool:
        """Say whether ``element`` is the large first letter of the word that ``tail`` goes on with.

        Alone, first in its line or paragraph, followed by white space and a small letter. I, O and Å are words.
        An italic letter in prose is a siglum or a name cut short.
        """
        text = (element.text or "").strip()
        if len(text) > 2 or len(element) or not _DROP_CAPITAL.fullmatch(text) or not _CONTINUES.match(tail):
            return False
        parent = element.getparent()
        in_verse = parent is not None and parent.tag == _L
        if text[-1] in _WORDS_OF_ONE_LETTER or not (in_verse or (element.get("rend") or "bold") == "bold"):
            return False
        before = next((piece for piece in reversed(self.out) if not piece.isspace()), BLOCK)
        return before[-1] in (LINE, BLOCK, PB)


Handler = Callable[[Renderer, "Element"], None]

_HI, _L, _P, _LG, _SPEAKER, _STAGE, _PB = (TEI + name for name in ("hi", "l", "p", "lg", "speaker", "stage", "pb"))
_STANZA_OR_LIST: Final = (TEI + "lg", TEI + "list")

HANDLERS: Final[dict[object, Handler]] = {
    **{TEI + name: Renderer.block for name in BLOCKS},
    **{TEI + name: Renderer.line for name in LINES},
    **{TEI + name: lambda renderer, element: renderer.dated(element) for name in ("docDate", "argument")},
    **{TEI + name: lambda renderer, element: renderer.nothing(element) for name in ("gap", "fw", "figure")},
    **{TEI + name: lambda renderer, element: renderer.division(element) for name in DIVISIONS},
    TEI + "lb": Renderer.line_break,
    TEI + "pb": lambda renderer, element: renderer.page(element),
    TEI + "note": lambda renderer, element: renderer.note(element),
    TEI + "head": Renderer.head,
    TEI + "bibl": Renderer.bibl,
    TEI + "stage": Renderer.stage,
    TEI + "sp": Renderer.speech,
    TEI + "row": Renderer.row,
}
