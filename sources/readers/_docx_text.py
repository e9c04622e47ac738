"""The text of WordprocessingML: blocks of a body in order, what is inserted in, what is deleted or hidden out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sources.readers._blocks import RAISED, Block, row
from sources.readers._characters import readable
from sources.readers._docx_names import attribute, child, children, local

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sources.readers._docx_numbers import Numbers

_DELETED: Final = frozenset(["del", "moveFrom"])
_SKIPPED: Final = frozenset(
    ["instrText", "delText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "Fallback", "rt",
     "fldData", "sdtPr", "sdtEndPr", "binData", "annotationRef", "docPartObj", "ctrlPr", "rubyPr", "tblGrid"]
)  # fmt: skip
_MARKS: Final = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_SPACES: Final = re.compile(r"[ \t]+")


@dataclass(slots=True)
class Reader:
    """Reads the parts of one document: counts its lists and notes, and what is left out, by kind in characters."""

    numbers: Numbers
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """The notes referred to, in order: "footnote" or "endnote", and the id."""

    def blocks(self, node: Element) -> list[Block]:
        """Return the blocks within a body, a cell, a text box or a note."""
        found: list[Block] = []
        for inner in node:
            name = local(inner)
            if name == "p":
                found += self._paragraph(inner)
            elif name == "tbl":
                found += self._table(inner)
            elif name in _DELETED:
                self._leave_out("deleted", inner)
            elif name not in _SKIPPED:
                found += self.blocks(inner)
        return found

    def _paragraph(self, node: Element) -> list[Block]:
        properties = child(node, "pPr")
        pieces: list[str] = []
        boxes: list[Block] = []
        self._inline(node, pieces, boxes)
        text = _trimmed("".join(pieces))
        if not text:
            return boxes
        label = self.numbers.label(properties)
        first = Block(f"{label} {text}", "item") if label else Block(text)
        return [first, *boxes]

    def _inline(self, node: Element, pieces: list[str], boxes: list[Block]) -> None:
        for inner in node:
            name = local(inner)
            if name == "t":
                pieces.append(inner.text or "")
            elif name in _MARKS:
                pieces.append(_MARKS[name])
            elif name in _DELETED:
                self._leave_out("deleted", inner)
            elif name == "r" and _is_hidden(inner):
                self._leave_out("hidden", inner)
            elif name == "sym":
                pieces.append(_symbol(inner))
            elif name in {"footnoteReference", "endnoteReference"}:
                pieces.append(self._note(name.removesuffix("Reference"), inner))
            elif name == "txbxContent":
                boxes += self.blocks(inner)
            elif name not in _SKIPPED:
                self._inline(inner, pieces, boxes)

    def _note(self, kind: str, node: Element) -> str:
        number = attribute(node, "id")
        if number is None:
            return ""
        self.notes.append((kind, number))
        return str(len(self.notes)).translate(RAISED)

    def _table(self, node: Element) -> list[Block]:
        """Return a line for each row; see :func:`sources.readers._blocks.row`."""
        rows = [[self.blocks(cell) for cell in _inside(line, "tc")] for line in _inside(node, "tr")]
        return [block for cells in rows for block in row(cells)]

    def _leave_out(self, kind: str, node: Element) -> None:
        self.left_out[kind] += characters(node)


def _inside(node: Element, name: str) -> list[Element]:
    """Return the elements of one name below ``node``, also those in content controls; deleted ones are not there."""
    found = []
    for inner in node:
        if local(inner) == name:
            if name != "tr" or child(child(inner, "trPr"), "del") is None:
                found.append(inner)
        elif local(inner) in {"sdt", "sdtContent", "customXml", "ins", "AlternateContent", "Choice"}:
            found += _inside(inner, name)
    return found


def _is_hidden(run: Element) -> bool:
    mark = child(child(run, "rPr"), "vanish")
    return mark is not None and attribute(mark, "val") not in {"0", "false", "off"}


def _symbol(node: Element) -> str:
    code = attribute(node, "char") or ""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value if value >= 0xF000 else 0xF000 + value) if value < 0xF900 else ""


def _trimmed(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in readable(text).split("\n"))
    return "\n".join(line for line in lines if line)


def characters(node: Element) -> int:
    """Return how many characters of text an element holds, deleted text included."""
    return sum(len(inner.text or "") for inner in node.iter("{*}t", "{*}delText"))


def note_texts(reader: Reader, parts: dict[str, Element | None]) -> list[str]:
    """Return the notes that were referred to, each on one line after its number; notes in notes are left alone."""
    by_id = {
        (kind, attribute(node, "id")): node
        for kind, root in parts.items()
        if root is not None
        for node in children(root, kind)
    }
    lines = []
    for number, reference in enumerate(list(reader.notes), start=1):
        node = by_id.get(reference)
        text = " ".join(" ".join(block.text for block in reader.blocks(node)).split()) if node is not None else ""
        if text:
            lines.append(f"{str(number).translate(RAISED)} {text}")
    return lines
