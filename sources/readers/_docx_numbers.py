"""The numbers that Word draws before list items and headings, which stand nowhere in the text of a DOCX."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sources.readers._characters import readable
from sources.readers._docx_names import attribute, child, children

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PLACE: Final = re.compile(r"%([1-9])")
_MAX_STYLES: Final = 30
"""Styles based on one another."""
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                 (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbers:
    """Counts the items of all lists of a document, in reading order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._abstract: dict[str, str] = {}
        self._styles = _styles(styles)
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Element) -> None:
        abstract = {attribute(node, "abstractNumId"): node for node in children(numbering, "abstractNum")}
        for node in children(numbering, "num"):
            number, reference = attribute(node, "numId"), attribute(child(node, "abstractNumId"), "val")
            if number is None or reference is None or reference not in abstract:
                continue
            levels = _levels(abstract[reference])
            for change in children(node, "lvlOverride"):
                levels |= _levels(change)
            self._lists[number], self._abstract[number] = levels, reference
            if child(node, "lvlOverride") is not None:
                self._abstract[number] = f"{reference}/{number}"  # a list that begins anew

    def label(self, properties: Element | None) -> str:
        """Return what stands before a paragraph with these properties: "3.", "b)", "•", or nothing."""
        number, level = self._place(properties)
        shape = self._lists.get(number or "", {}).get(level)
        if number is None or number == "0" or shape is None or shape.form == "none":
            return ""
        if shape.form == "bullet":
            return "•" if shape.text.strip() not in {"-", "–"} else "–"
        counts = self._counts[self._abstract[number]]
        counts[level] = counts.get(level, shape.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return readable(_PLACE.sub(lambda match: self._number(number, int(match[1]) - 1), shape.text)).strip()

    def _number(self, number: str, level: int) -> str:
        shape = self._lists[number].get(level)
        if shape is None:
            return ""
        return _written(self._counts[self._abstract[number]].get(level, shape.start), shape.form)

    def _place(self, properties: Element | None) -> tuple[str | None, int]:
        """Return the list a paragraph belongs to, by itself or by its style, and its level from 0."""
        own = child(properties, "numPr")
        style = attribute(child(properties, "pStyle"), "val")
        number, level = (attribute(child(own, name), "val") for name in ("numId", "ilvl"))
        by_style = self._styles.get(style or "", (None, None))
        number = number if number is not None else by_style[0]
        level = level if level is not None else by_style[1]
        return number, int(level) if level is not None and level.isdecimal() else 0


def _levels(node: Element) -> dict[int, _Level]:
    found = {}
    for level in children(node, "lvl"):
        place, start = attribute(level, "ilvl") or "", attribute(child(level, "start"), "val") or "1"
        if place.isdecimal() and len(place) == 1:
            form = attribute(child(level, "numFmt"), "val") or "decimal"
            text = attribute(child(level, "lvlText"), "val") or ""
            found[int(place)] = _Level(form, text, int(start) if start.isdecimal() and len(start) < 6 else 1)
    return found


def _styles(styles: Element | None) -> dict[str, tuple[str | None, str | None]]:
    """Return the list and the level of each style that has them, by itself or from the one it is based on."""
    own: dict[str, tuple[str | None, str | None, str | None]] = {}
    for node in children(styles, "style"):
        numbering = child(child(node, "pPr"), "numPr")
        name = attribute(node, "styleId")
        if name is not None:
            list_, level = (attribute(child(numbering, part), "val") for part in ("numId", "ilvl"))
            own[name] = (list_, level, attribute(child(node, "basedOn"), "val"))
    return {name: _inherited(own, name) for name in own}


def _inherited(own: dict[str, tuple[str | None, str | None, str | None]], name: str) -> tuple[str | None, str | None]:
    list_, level, base = own[name]
    for _ in range(_MAX_STYLES):
        if list_ is not None or base is None or base not in own:
            break
        list_, inherited, base = own[base]
        level = level if level is not None else inherited
    return list_, level


def _written(value: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = "abcdefghijklmnopqrstuvwxyz"[(value - 1) % 26] * min((value - 1) // 26 + 1, 5)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(value)
        return roman.upper() if form == "upperRoman" else roman
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 5000:
        return str(value)
    letters = ""
    for worth, letter in _ROMAN:
        letters += letter * (value // worth)
        value %= worth
    return letters
