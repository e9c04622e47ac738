"""Reading a turn that holds more than the usual: tables, lists, text where none is expected. No letter is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._referat.turn import END, FIELD_NAMES, NO_FIELDS, Fields, Turn, local_name, one_line, own_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ANNOUNCEMENTS: Final = "case_announcements"
HEADINGS: Final = "headings"
_LEFT_OUT: Final = {"SagAnmeldelse": ANNOUNCEMENTS, "Rubrica": HEADINGS}


def read_carefully(tale: Element) -> Turn:
    """Return what the turn ``tale`` holds: any elements in any order. What has no place is a paragraph of its own.

    Raises:
        RecursionError: it nests too deeply.
    """
    return _Careful(tale).turn


class _Careful:
    def __init__(self, tale: Element) -> None:
        self.turn = Turn()
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._running = False
        self._values = [*NO_FIELDS]
        for child in tale:
            name = local_name(child.tag)
            if name == "Taler":
                self._speaker(child)
            elif name == "TaleType":
                self.turn.turn_type = self.turn.turn_type or line_text(child)
            elif name != "Tale":
                self._block(child)
            self._stray(child.tail)
        self._stray(tale.text)
        self._flush()
        self.turn.text = "\n\n".join(self._blocks)
        self.turn.fields = Fields(*self._values)

    def _speaker(self, taler: Element) -> None:
        for element in taler.iter("*"):
            name = local_name(element.tag)
            if name == "MetaSpeakerMP":
                self.turn.speaker_id = self.turn.speaker_id or own_id(element)
            elif name == "TalerTitel":
                self.turn.title = self.turn.title or line_text(element)
            elif name in FIELD_NAMES:
                self._field(name, element)

    def _field(self, name: str, element: Element) -> None:
        value, place = "".join(element.itertext()).strip(), FIELD_NAMES.index(name)
        if value and (not self._values[place] or place == END):
            self._values[place] = value

    def _block(self, element: Element) -> None:
        """Take a block of text: everything below it, in paragraphs."""
        name = local_name(element.tag)
        running, self._running = self._running, name == "Char"
        if name in _LEFT_OUT:
            kind = _LEFT_OUT[name]
            self.turn.left[kind] = self.turn.left.get(kind, 0) + len(line_text(element))
        elif name == "Tale":
            return  # a turn of its own
        elif name == "MetaSpeechSegment":
            for child in element.iter("*"):
                if local_name(child.tag) in FIELD_NAMES:
                    self._field(local_name(child.tag), child)
        elif name == "Linea":
            self._line += [" ", line_text(element)]
        elif name == "Char":
            # Runs that stand side by side without a line around them are one line.
            self._line += ["" if running else " ", "".join(element.itertext())]
        elif name in ("Table", "Index"):
            self._flush()
            rows = _rows(element) if name == "Table" else _items(element)
            self._blocks += ["\n".join(rows)] if rows else []
        else:
            self._flush()
            self._stray(element.text)
            for child in element:
                self._block(child)
                self._stray(child.tail)
            self._flush()

    def _stray(self, text: str | None) -> None:
        if text and not text.isspace():
            self._line += [" ", text]
            self._running = False

    def _flush(self) -> None:
        text = one_line("".join(self._line))
        self._blocks += [text] if text else []
        self._line = []


def line_text(element: Element) -> str:
    """Return all text below ``element`` on one line: runs are joined as they are, lines and cells by a space."""
    parts: list[str] = []
    _gather(element, parts)
    return one_line("".join(parts))


def _gather(element: Element, parts: list[str]) -> None:
    run = local_name(element.tag) == "Char"
    # White space counts only within a run of characters: elsewhere it is the file's own layout.
    if element.text and (run or not element.text.isspace()):
        parts.append(element.text)
    for child in element:
        apart = " " if not run and local_name(child.tag) != "Char" else ""
        parts.append(apart)
        _gather(child, parts)
        parts.append(apart)
        if child.tail and (run or not child.tail.isspace()):
            parts.append(child.tail)


def _rows(table: Element) -> list[str]:
    """Return the rows of a table, each on a line, its cells parted by bars; a row with one filled cell is that cell."""
    found = _outside(table.text)
    for child in table:
        name = local_name(child.tag)
        if name == "Tr":
            cells = _outside(child.text)
            for cell in child:
                cells += [line_text(cell), *_outside(cell.tail)]
            filled = [cell for cell in cells if cell]
            found += filled if len(filled) == 1 else [one_line(" | ".join(cells)).rstrip(" |")] if filled else []
        elif name in ("THead", "TBody", "TFoot", "Table"):
            found += _rows(child)
        else:
            found += _outside(line_text(child))
        found += _outside(child.tail)
    return found


def _items(index: Element) -> list[str]:
    """Return the items of a list, each on a line with its mark in front."""
    found = _outside(index.text)
    for child in index:
        found += [*_outside(line_text(child)), *_outside(child.tail)]
    return found


def _outside(text: str | None) -> list[str]:
    line = one_line(text)
    return [line] if line else []
