"""The text of a LexDania 2.1 document, laid out as it reads in print.

LexDania's element names are half Latin: ``Explicatus`` is a number or label, ``Rubrica`` a heading, ``Exitus`` a
paragraph, ``Linea`` a sentence or line of it, ``Char`` a run of characters, ``Indentatio`` an item of a list,
``Nota`` a footnote. Only ``Char`` and ``Explicatus`` carry text as a rule; text found elsewhere is kept too.

The reader recurs at most three frames for each level of elements, and ``parse_xml`` bounds the levels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from sources._retsinformation.lexdania_layout import (
    BLOCKS,
    HEADED,
    HEADING_STYLES,
    LABEL_ABOVE,
    add,
    cells,
    description,
    is_stop,
    off_line,
    plain,
    table_lines,
)

_RUNS: Final = re.compile(r"[ \t\r\n]+")
_LONG_LABEL: Final = 200


def act_text(root: etree._Element) -> str:
    """Return the text of the document ``root``, its metadata left out; empty if there is nothing beside the title.

    Headings, sections (§), amendments and annexes are separated by blank lines; subsections, items and rows by line
    ends; the cells of a row by `` | ``. Footnotes stand at the end under a line ``Noter``.
    """
    reader = _Reader()
    has_body = False
    for child in root:
        before = len(reader.lines)
        if child.tag == "Nota":
            reader.notes.append(reader.apart(child))
        else:
            reader.begin(child)
        has_body |= len(reader.lines) > before and child.tag not in {"TitelGruppe", "UnderskriftGruppe"}
    if not has_body:
        return ""
    notes = "\n".join(["\n\nNoter", *reader.notes]) if reader.notes else ""
    return "".join(reader.lines) + notes


class _Reader:
    """Walks a document once. ``lines`` holds the text so far, each line with the line ends before it."""

    __slots__ = ("gap", "heading_at", "label", "lines", "notes")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.gap = ""
        self.label = ""
        self.heading_at = -1

    def line(self, text: str) -> None:
        """Add a line, after the label that waits for one."""
        if self.label:
            pieces = [self.label]
            add(pieces, text)
            text = "".join(pieces)
            self.label = ""
        if "\u200c" in text or "\u200d" in text:
            text = plain(text)
        if "  " in text or "\n" in text or "\t" in text or "\r" in text:
            text = _RUNS.sub(" ", text)
        text = text.strip()
        if len(text) == 1 and self.gap == "\n" and is_stop(text):
            self.lines.append(text)
        elif text:
            self.lines.append(self.gap + text)
            self.gap = "\n"

    def flush(self) -> None:
        """Put a label that got no text on a line of its own."""
        if self.label:
            self.line("")

    def block(self) -> None:
        """Let a blank line stand before what follows."""
        self.flush()
        if self.lines:
            self.gap = "\n\n"

    def visit(self, node: etree._Element) -> None:
        """Read any element."""
        _HANDLERS.get(node.tag, _Reader.flow)(self, node)

    def flow(self, node: etree._Element) -> None:
        """Read an element: sentences run together into one line, every other child begins anew."""
        pieces: list[str] = []
        if (text := node.text) is not None and not text.isspace():
            add(pieces, text)
        for child in node:
            tag = child.tag
            if tag == "Linea":
                add(pieces, self.sentence(child))
            elif tag == "Char":
                pieces.append("".join(child.itertext()) or " ")
            elif tag == "Nota" and node.tag != "AendringNyTekst":
                self.notes.append(self.apart(child))
            else:
                if pieces:
                    self.line("".join(pieces))
                    pieces = []
                if tag == "Explicatus":
                    self.number(child, node.tag)
                elif tag == "Rubrica":
                    self.heading(child, node.tag)
                else:
                    _HANDLERS.get(tag, _Reader.flow)(self, child)
            if (text := child.tail) is not None and not text.isspace():
                add(pieces, text)
        if pieces:
            self.line("".join(pieces))

    def sentence(self, linea: etree._Element) -> str:
        """Return the text of one ``Linea``: its runs joined as they are, spaces are inside them."""
        text: str = linea.text or ""
        if text.isspace():
            text = ""
        for child in linea:
            tag = child.tag
            if tag == "Nota":
                self.notes.append(self.apart(child))
            elif tag == "Image":
                text += description(child)
            else:
                piece = "".join(child.itertext()) if len(child) else child.text or ""
                if text and (form := child.get("formaChar")) is not None and "script" in form:
                    piece = off_line(form, text, piece)
                text += piece
            tail = child.tail
            if tail and not tail.isspace():
                text += tail
        return text

    def number(self, node: etree._Element, parent: str) -> None:
        """Read an ``Explicatus``: "§ 1." waits for its text, "Kapitel 1" stands alone."""
        text = (("".join(node.itertext()) if len(node) else node.text) or "").strip()
        if not text:
            return
        if text[0] > "\uefff":
            text = plain(text)
        if len(self.label) > _LONG_LABEL:
            self.flush()
        self.label = f"{self.label} {text}" if self.label else text
        if parent in LABEL_ABOVE:
            self.flush()

    def heading(self, node: etree._Element, parent: str) -> None:
        """Read a ``Rubrica``: below its number, or a block of its own."""
        if parent in HEADED:
            self.flow(node)
            return
        self.block()
        self.flow(node)
        self.block()

    def begin(self, node: etree._Element) -> None:
        """Read an element that a blank line stands before; metadata give nothing, wherever they stand."""
        self.block()
        if node.tag != "Meta":
            self.flow(node)
        self.flush()

    def paragraph(self, node: etree._Element) -> None:
        """Read an ``Exitus``: a paragraph, in annexes also a heading or, if empty, a blank line."""
        style = node.get("formaForma")
        if style is not None and style.startswith(HEADING_STYLES):
            self.block()
            if self.heading_at == len(self.lines):
                self.gap = "\n"
            self.flow(node)
            self.block()
            self.heading_at = len(self.lines)
        elif len(node) or node.text:
            self.flow(node)
        elif (parent := node.getparent()) is not None and parent.tag == "TekstGruppe":
            self.block()

    def new_text(self, node: etree._Element) -> None:
        """Read the text that an amendment puts into another act; print sets it in quotation marks, so do we."""
        self.flush()
        first = len(self.lines)
        self.flow(node)
        self.flush()
        if len(self.lines) == first:
            return
        text = "".join(self.lines[first:])
        opened, closed = text.count("»"), text.count("«")
        if opened <= closed:
            self.lines[first] = f"»{self.lines[first].lstrip()}"
        if closed <= opened:
            parent = node.getparent()
            stop = parent is not None and parent.get("punktumEfterSlutcitationstegn") == "True"
            self.lines[-1] += "«." if stop else "«"
        self.lines[first] = ("\n" if first else "") + self.lines[first].lstrip()

    def apart(self, node: etree._Element) -> str:
        """Return the text of an element that does not stand where it is found: a footnote, a cell."""
        kept = self.lines, self.gap, self.label, self.heading_at
        self.lines, self.gap, self.label, self.heading_at = [], "", "", -1
        self.flow(node)
        self.flush()
        text = "".join(self.lines)
        self.lines, self.gap, self.label, self.heading_at = kept
        return text

    def table(self, node: etree._Element) -> None:
        """Read a table, a line for each row."""
        self.block()
        if node.text and not node.text.isspace():
            self.line(node.text)
        rows = []
        for child in node:
            if child.tag == "Tr":
                rows.append(cells(child, self.apart))
            elif child.tag == "Rubrica":
                self.heading(child, "Table")
            else:
                self.visit(child)
        for line in table_lines(rows):
            self.line(line)
        self.block()

    def image(self, node: etree._Element) -> None:
        """Read an image: its description, if it has one."""
        self.line(description(node))


_HANDLERS: Final[dict[object, Callable[[_Reader, etree._Element], None]]] = {
    **dict.fromkeys(BLOCKS, _Reader.begin),
    "Exitus": _Reader.paragraph,
    "AendringNyTekst": _Reader.new_text,
    "Table": _Reader.table,
    "Image": _Reader.image,
    "Meta": _Reader.begin,
}
