"""Rendering the inside of an ADL text: what is the author's, where its divisions and pages begin, its dates."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from sources._adl import matter
from sources._adl.tei import DIVISIONS, HANDLERS, TEI, Renderer, local, plain, title_of
from sources._adl.tei_lines import BLOCK, finish
from sources._adl.text import NO_TEXT, Mark, Text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_AUTHORS_MARK = re.compile(r"\s*(\*|†|\x86|\(?[a-z]\))")
_RULE = re.compile(r"[-–—_](?: ?[-–—_]){2,}")
_MANY_NOTES = 100
_CHARACTERS_PER_GLOSS = 1_000
_WRITTEN = re.compile(r"\W*skrevet ([12]\d{3})(?:\s*-\s*([12]\d{3}))?", re.I)
_APPEARED = re.compile(r"\budkom\b.{0,60}?\b(1[4-9]\d{2})\b", re.S)
_APPEARED_WITHIN = 400
_SHORT_MATTER = 1_500
_LOOK_AHEAD = 1_000
_DIV: Final = TEI + "div"
_PB: Final = TEI + "pb"


class TextRenderer(Renderer):
    """Renders texts of one volume into the :class:`Text` at hand; counts what is left out."""

    def __init__(self, volume: Element, others: tuple[str, ...]) -> None:
        super().__init__()
        self.volume = volume
        self.others = others
        self.texts: list[Text] = []
        self.left: Counter[str] = Counter()
        self.current: Text | None = None
        self.number: str | None = None
        self.depth = 0
        self.begun = 0
        declared = volume.findall(".//*[@decls]") + [volume] * ("decls" in volume.attrib)
        self.works = frozenset(declared)
        self.carriers = frozenset(above for work in declared for above in work.iterancestors())
        self.glosses = self._are_glosses()
        others_than_divisions = {work.tag for work in declared} - {TEI + name for name in DIVISIONS}
        if others_than_divisions:
            self.handlers = {**HANDLERS, **dict.fromkeys(others_than_divisions, _work_or_not)}

    def begin(self, element: Element, declared: str | None) -> Text:
        """Begin a text after those so far."""
        text = Text(element, declared, self.current, first_page(element, self.number))
        self.texts.append(text)
        self.begun += declared is not None
        return text

    def fill(self, text: Text, element: Element, *, whole: bool = False) -> None:
        """Render the inside of ``element`` (or all of it) into ``text``, then go on where we were."""
        outer = self.current, self.out, self.drama
        self.current, self.out, self.drama = text, text.out, text.drama
        if whole:
            self.element(element)
        else:
            self.children(element)
        text.drama = self.drama
        text.settle()
        self.current, self.out, self.drama = outer

    def work(self, element: Element) -> Text:
        """Render a declared work as a text of its own."""
        if self.current is not None:
            self.current.holds_works = True
        declared = (element.get("decls") or "").split()
        text = self.begin(element, declared[0].removeprefix("#") if declared else None)
        self.fill(text, element)
        return text

    def leave(self, element: Element, kind: str) -> None:
        """Count an element's text as left out, and go on from its last page."""
        characters = len(plain(element))
        if characters:
            self.left[kind] += characters
        for page in element.iter(_PB):
            self.turn(page)

    def turn(self, page: Element) -> None:
        """Go on to the page that a ``pb`` begins."""
        number = page.get("n")
        if number:
            self.number = number
            if self.current is not None:
                self.current.pages.append((len(self.out), number))

    def division(self, element: Element) -> None:
        """Render a division and mark where it begins; leave out what is not the author's."""
        if element in self.works:
            self.work(element)
            return
        kind = None if element in self.carriers else self._matter(element)
        if kind:
            self._date(element)
            self.leave(element, kind)
        elif element.tag != _DIV:
            self.block(element)
        else:
            self.depth += 1
            self._mark(element)
            self.block(element)
            self.depth -= 1

    def _mark(self, element: Element) -> None:
        text = self.current
        if text is not None:
            page = first_page(element, self.number)
            text.marks.append(Mark(self.depth, len(self.out), page, title_of(element)))

    def _matter(self, element: Element) -> str | None:
        parent = element.getparent()
        if parent is None:
            return None
        where = local(parent)
        if where == "front":
            return matter.in_front(element)
        if where == "back":
            return matter.in_back(element)
        if element.tag != _DIV:
            return None
        if where == "body" and self.current is not None and self.current.declared is None:
            return matter.undeclared(element, self.others)
        return matter.in_body(element)

    def _date(self, element: Element) -> None:
        """Keep the year in which, the edition says in front of the work, it appeared."""
        text = plain(element)
        found = _APPEARED.search(text[:_APPEARED_WITHIN]) if len(text) < _SHORT_MATTER else None
        if found and self.current is not None and self.current.appeared is None:
            self.current.appeared = int(found.group(1))

    def dated(self, element: Element) -> None:
        """Render an argument or a date; one that says when the work was written dates it."""
        text = " ".join(plain(child) for child in element.iter(TEI + "p")) or plain(element)
        found = _WRITTEN.match(text)
        if found and self.current is not None:
            first, last = int(found.group(1)), int(found.group(2) or found.group(1))
            self.current.written = (first, last) if first <= last else None
        self.block(element)

    def page(self, element: Element) -> None:
        """Note where a page begins."""
        super().page(element)
        self.turn(element)

    def note(self, element: Element) -> None:
        """Keep an author's note for the end of its text; leave out every other, and the rule above the notes."""
        self._drop_rule()
        if self.current is None or not self._is_authors(element):
            self.leave(element, matter.NOTES)
            return
        outer, self.out = self.out, []
        self.children(element)
        note, self.out = finish(self.out), outer
        self.current.notes.append((len(self.out), note))

    def _drop_rule(self) -> None:
        for at in range(len(self.out) - 1, max(len(self.out) - 6, 0), -1):
            piece = self.out[at].strip(NO_TEXT)
            if piece:
                if _RULE.fullmatch(piece) and self.out[at - 1] == BLOCK:
                    self.out[at] = ""
                    self.left[matter.NOTES] += len(piece)
                return

    def nothing(self, element: Element) -> None:
        """Drop a figure with its description."""
        self.leave(element, matter.FIGURES)

    def _is_authors(self, element: Element) -> bool:
        resp = element.get("resp")
        if resp:
            return bool(resp == "#auth")
        return not self.glosses and _AUTHORS_MARK.match(plain(element)[:20]) is not None

    def _are_glosses(self) -> bool:
        """Say whether the marked notes are so many that they explain words to a later reader."""
        notes = self.volume.iter(TEI + "note")
        marked = sum(_AUTHORS_MARK.match(plain(note)[:20]) is not None for note in notes)
        return marked > _MANY_NOTES and marked * _CHARACTERS_PER_GLOSS > len(plain(self.volume))


def _work_or_not(renderer: Renderer, element: Element) -> None:
    """Meet an element of a kind that some work of the volume is of, but no division."""
    handler = HANDLERS.get(element.tag)
    if isinstance(renderer, TextRenderer) and element in renderer.works:
        renderer.work(element)
    elif handler is not None:
        handler(renderer, element)
    else:
        renderer.children(element)


def first_page(element: Element, current: str | None) -> str | None:
    """Return the ``pb/@n`` of the page on which an element's text begins, or of its first page if none is open."""
    for node in islice(element.iter(), _LOOK_AHEAD):
        if node.tag == _PB and node.get("n"):
            return str(node.get("n"))
        if current is not None and node.text and not node.text.isspace():
            return current
    return current
