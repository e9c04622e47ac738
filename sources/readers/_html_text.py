"""The text of a parsed HTML page, block by block, in one walk without recursion."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from lxml import etree

from sources.readers._blocks import RAISED, Block, row, together
from sources.readers._characters import readable
from sources.readers._html_frame import Frame, title_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SILENT: Final = frozenset([
    "script", "style", "noscript", "template", "head", "title", "svg", "canvas", "iframe", "object", "embed",
    "audio", "video", "map", "select", "option", "datalist", "textarea", "button", "input", "rt", "rp",
    "applet", "frameset", "colgroup", "dialog",
])  # fmt: skip
_LEFT_OUT: Final = {"nav": "navigation", "aside": "navigation", "header": "head", "footer": "foot", "form": "form",
                    "del": "deleted"}  # fmt: skip
_ROLES: Final = {"navigation": "navigation", "banner": "head", "contentinfo": "foot", "search": "form"}
_BLOCKS: Final = frozenset([
    "p", "div", "section", "article", "main", "body", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "ul", "ol", "dl", "dt", "dd", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "pre",
    "blockquote", "address", "fieldset", "legend", "figure", "figcaption", "details", "summary", "hr", "center",
    "form", "nav", "aside", "html", "hgroup", "menu", "search",
])  # fmt: skip
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RUNS: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_MOST: Final = 0.5


class Reader:
    """Walks one page. ``left_out`` counts the characters passed over, by kind."""

    def __init__(self, root: Element) -> None:
        self.left_out: Counter[str] = Counter()
        self._root = root
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._rows: list[list[list[Block]]] = []
        self._labels: list[str] = []
        self._counts: list[int] = []
        self._layout: set[Element] = {
            outer for table in root.iter("table") if (outer := next(table.iterancestors("table"), None)) is not None
        }
        self._whole = _whole_forms(root)
        self._frame = Frame(root)

    def text(self) -> str:
        """Return the text: a blank line between blocks, none within a list or a table."""
        skipping: Element | None = None
        for event, node in etree.iterwalk(self._root, events=("start", "end")):
            if not isinstance(node.tag, str):
                continue
            if skipping is not None:
                if event == "end" and node is skipping:
                    skipping = None
                    self._say(node.tail)
            elif event == "start" and self._is_out(node):
                skipping = node
            elif event == "start":
                self._start(node)
            else:
                self._end(node)
        self._flush()
        return together(self._blocks)

    def _is_out(self, node: Element) -> bool:
        kind = self._kind_out(node)
        if kind:
            self.left_out[kind] += sum(len(text.strip()) for text in node.itertext() if text.strip())
        if kind is not None and node.tag in _BLOCKS:
            self._flush()
        return kind is not None

    def _kind_out(self, node: Element) -> str | None:
        """Return why an element is left out: a kind, nothing ("") where it is no text, or ``None`` where it is read."""
        tag = node.tag
        if tag in _SILENT:
            return ""
        if "hidden" in node.attrib or _HIDING.search(node.get("style") or ""):
            return "hidden"
        kind = _LEFT_OUT.get(tag) or _ROLES.get((node.get("role") or "").lower())
        if kind is None:
            return self._frame.kind(node)
        if node in self._whole:
            return None
        if kind in {"head", "foot"} and (
            title_in(node)
            or next(node.iter("main", "article"), None) is not None
            or next(node.iterancestors("main", "article", "section", "blockquote"), None) is not None
        ):
            return None
        return kind

    def _start(self, node: Element) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
        if tag == "br":
            self._pieces.append("\n")
        elif tag in {"ol", "ul", "menu"}:
            self._counts.append(_whole_number(node.get("start"), 1) - 1)
        elif tag == "li":
            self._labels.append(self._label(node))
        elif tag == "tr" and next(node.iterancestors("table"), None) not in self._layout:
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows:
            self._rows[-1].append([])
        self._say(node.text, node)

    def _end(self, node: Element) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
        if tag in {"ol", "ul", "menu"} and self._counts:
            self._counts.pop()
        elif tag == "li" and self._labels:
            self._labels.pop()  # of an empty item
        elif tag == "tr" and self._rows and next(node.iterancestors("table"), None) not in self._layout:
            self._blocks += row(self._rows.pop())
        self._say(node.tail)

    def _say(self, text: str | None, node: Element | None = None) -> None:
        if not text:
            return
        if node is not None and node.tag == "sup" and text.strip().isdecimal():
            text = text.strip().translate(RAISED)
        if node is None or node.tag != "pre":
            text = _RUNS.sub(" ", text)
        self._pieces.append(text)

    def _label(self, node: Element) -> str:
        if node.getparent() is not None and node.getparent().tag == "ol" and self._counts:
            self._counts[-1] = _whole_number(node.get("value"), self._counts[-1] + 1)
            return f"{self._counts[-1]}."
        return "•"

    def _flush(self) -> None:
        """End the paragraph begun: it goes to the open cell, else to the page."""
        lines = (" ".join(line.split()) for line in readable("".join(self._pieces)).split("\n"))
        text = "\n".join(line for line in lines if line)
        self._pieces = []
        if not text:
            return
        label = " ".join(self._labels)
        self._labels = []
        if label and not text.startswith(label):
            text = f"{label} {text}"
        blocks = self._rows[-1][-1] if self._rows and self._rows[-1] else self._blocks
        blocks.append(Block(text, "item" if label else "text"))


def _whole_forms(root: Element) -> set[Element]:
    """Return the forms that hold most of a page: some servers put every page into one."""
    forms = list(root.iter("form"))
    if not forms:
        return set()
    everything = _length(root)
    return {form for form in forms if _length(form) > _MOST * everything}


def _length(node: Element) -> int:
    """Return how many characters of text there are below ``node``, scripts apart."""
    return sum(
        len((inner.text or "").strip()) * (inner.tag not in _SILENT)
        + len((inner.tail or "").strip()) * (inner is not node)
        for inner in node.iter(etree.Element)
    )


def _whole_number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 7 else otherwise
