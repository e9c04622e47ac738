"""Dividing an ADL volume into texts, as it declares its works or, where it declares none, as it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._adl import matter
from sources._adl.render import TextRenderer
from sources._adl.tei import find, local, plain, text_title
from sources._adl.text import Text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Division(TextRenderer):
    """Walks a volume's ``text`` once and collects its texts in reading order, and what is left out."""

    def __init__(self, volume: Element, others: tuple[str, ...]) -> None:
        super().__init__(volume, others)
        self._has_acts: dict[Element, bool] = {}

    def run(self) -> list[Text]:
        """Divide the volume and return its texts."""
        if self.volume in self.works:
            self.work(self.volume)
        elif self.works:
            self._beside(self.volume)
        elif matter.is_commentary(self.volume):
            self.leave(self.volume, matter.EDITORS_MATTER)
        else:
            self._undeclared(self.volume)
        return self.texts

    def _loose(self, text: str | None) -> None:
        if text and not text.isspace():
            self.left[matter.OUTSIDE_WORKS] += len(" ".join(text.split()))

    def _beside(self, container: Element) -> None:
        """Walk an element that is in no work."""
        self._loose(container.text)
        before: Text | None = None
        for child in container:
            if child in self.works:
                before = self.work(child)
            elif child in self.carriers:
                self._beside(child)
                before = None
            else:
                self._stray(child, before)
            self._loose(child.tail)

    def _stray(self, element: Element, before: Text | None) -> None:
        """Meet an element that holds no work and is in none: after the work ``before``, if it follows one."""
        name, parent = local(element), element.getparent()
        where = local(parent) if parent is not None else ""
        if name == "pb":
            self.turn(element)
        elif name == "text" and find(element, "body") is not None:
            self._undeclared_text(element)
        elif name in ("text", "group", "body", "front", "back"):
            self._beside(element)
        elif where == "front":
            self.leave(element, matter.in_volume_front(element))
        elif where == "back":
            self.leave(element, matter.in_back(element) or matter.EDITORS_MATTER)
        elif name == "div":
            self._stray_division(element, before)
        else:
            self.leave(element, matter.NOTES if name == "note" else matter.OUTSIDE_WORKS)

    def _stray_division(self, element: Element, before: Text | None) -> None:
        kind = matter.outside(element, between_works=0 < self.begun < len(self.works))
        if before is not None and self._continues(element, before.element):
            self.fill(before, element, whole=True)
        elif kind:
            self.leave(element, kind)
        else:
            self.fill(self.begin(element, None), element)

    def _continues(self, element: Element, work: Element) -> bool:
        """Say whether a division after a declared work is an act of it, its cast, or stands between its acts."""
        if (element.get("type") or "").lower() in matter.DRAMA_TYPES:
            return True
        if matter.by_head(matter.opening(element)):
            return False
        if work not in self._has_acts:
            self._has_acts[work] = self._acts_follow(work)
        return self._has_acts[work]

    def _acts_follow(self, work: Element) -> bool:
        for sibling in work.itersiblings():
            if sibling in self.works or sibling in self.carriers:
                return False
            if (sibling.get("type") or "").lower() in ("act", "akt"):
                return True
        return False

    def _undeclared(self, container: Element) -> None:
        """Split at ``group/text``, else at the body's top divisions."""
        self._loose(container.text)
        for child in container:
            name = local(child)
            if name == "pb":
                self.turn(child)
            elif name == "group":
                self._undeclared(child)
            elif name == "text":
                self._undeclared_text(child)
            elif name == "body":
                text = self.begin(child, None)
                text.every_division = True
                self.fill(text, child)
            elif name in ("front", "back"):
                self._undeclared_edge(child, front=name == "front")
            else:
                self.leave(child, matter.OUTSIDE_WORKS)
            self._loose(child.tail)

    def _undeclared_text(self, element: Element) -> None:
        front = find(element, "front")
        page = find(front, "titlePage") if front is not None else None
        kind = matter.by_head(text_title(element) or plain(page))
        if find(element, "group") is not None:
            self._undeclared(element)
        elif kind:
            self.leave(element, kind)
        else:
            self.fill(self.begin(element, None), element)

    def _undeclared_edge(self, edge: Element, *, front: bool) -> None:
        self._loose(edge.text)
        for child in edge:
            kind = matter.in_volume_front(child) if front else matter.in_back(child)
            self.leave(child, kind or matter.EDITORS_MATTER)
            self._loose(child.tail)
