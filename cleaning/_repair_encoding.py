"""UTF-8 read as latin-1 or windows-1252, undone line by line, and nothing else.

A line without a character strange to Danish is not looked at: ftfy alone reads ``”Årsagen`` as mojibake and makes
``Ӂrsagen`` of it. A line that was misread as a whole is read again, once or twice. In an otherwise fine line, places
are read again where Danish comes out. ftfy has the last word on what is still bad, and its plan is followed only where
it undoes the same mix-up, brings in no new script and changes nothing that is Danish as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

import ftfy
import ftfy.badness

DANISH: Final = "æøåÆØÅéÉèüÜöÖäÄáóôêàçß§–—“”„’‘…½¼¾°«»›‹•·´©®€£±²³´µ×"
"""Characters beyond ASCII that stand in Danish text as they are."""

_GOOD: Final = (
    frozenset(DANISH)
    | frozenset("\xa0\xad\ufeff\u0300\u0301\u0302\u0308\u030a†‡™")
    | frozenset("ÁÀÂÈÊËÍÎÓÔÚÛÇÑÞÐÝáàâèêëíîïóôúûçñþðýõãŠšŽžŒœ")
)
"""What a place in an otherwise fine line may turn out to be."""
_HOLES: Final = frozenset("\x81\x8d\x8f\x90\x9d")
"""Bytes that windows-1252 leaves empty; browsers keep them as controls."""
_LATIN_BEYOND: Final = frozenset(map(ord, "ƒȘșȚț"))
_LATIN_BLOCKS: Final = ((0x2B0, 0x36F), (0x1E00, 0x1EFF), (0xA720, 0xA7FF), (0xFB00, 0xFB06))
"""Modifiers and accents, rare Latin letters, ligatures."""
_FORMATS: Final = frozenset([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0F, 0xFEFF])
_EMOJI: Final = range(0x1F300, 0x1FB00)
_TIMES: Final = 3
_LONGEST_DIFF: Final = 1_000


def _byte_of() -> dict[str, int]:
    """Return the byte that each character stood for before it was misread as latin-1 or windows-1252."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        if chr(byte) not in _HOLES:
            table[bytes([byte]).decode("cp1252")] = byte
    return table


_BYTES: Final = _byte_of()
_AS_LATIN: Final = {ord(c): chr(b) for c, b in _BYTES.items() if ord(c) != b}
_FROM_CONTROL: Final = {b: c for c, b in _BYTES.items() if ord(c) != b}
"""windows-1252 read as latin-1: its quotes, dashes and daggers became controls."""

STRANGE: Final = frozenset(_BYTES) - frozenset(DANISH) - {"\xa0", "\xad"}
"""No mix-up of encodings is without one of these."""
_IS_STRANGE: Final = re.compile(f"[{re.escape(''.join(sorted(STRANGE)))}]")
_CONTINUATION: Final = re.escape("".join(sorted(c for c, b in _BYTES.items() if b < 0xC0)))
_PLACE: Final = re.compile(f"(?:[ÂÃÅÆËÌ][{_CONTINUATION}]|â[{_CONTINUATION}]{{2}}|ðŸ[{_CONTINUATION}]{{2}}|ï»¿)+")
_ONE: Final = re.compile(f"[ÂÃ][{_CONTINUATION}]|â[€‚„\x80\x82\x84][{_CONTINUATION}]|ï»¿")
_LOST_QUOTE: Final = re.compile("(?:â€|Ã¢â‚¬)(?:\ufffd|ï¿½|(?=[\\s.,;:!?)]|$))")
"""A closing quote whose last byte is one of the holes, and was thrown away."""
_LONE_A: Final = re.compile("(?<!\\S)Ã(?= )")
"""A misread "à", whose no-break space became a plain one."""
_PUNCTUATED: Final = re.compile("[à-ï][–—‘’“”‹›«»…][–—‘’“”‹›«»…\xa0]")
_CONTROLS: Final = re.compile(f"[{re.escape(''.join(map(chr, sorted(_FROM_CONTROL))))}]")
_BEYOND_ASCII: Final = re.compile("[^\\0-\x7f]+")


def repair_encoding(text: str) -> tuple[str, int]:
    """Return ``text`` with every line's mix-ups undone, and the number of places that were changed."""
    count = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _IS_STRANGE.search(line):
            lines[number], changes = _line(line)
            count += changes
    return ("\n".join(lines), count) if count else (text, 0)


def _line(line: str) -> tuple[str, int]:
    whole = _whole(line)
    if whole != line:
        return whole, len(_BEYOND_ASCII.findall(line))
    count = 0

    def undo(match: re.Match[str]) -> str:
        nonlocal count
        repaired = _place(match[0])
        count += repaired != match[0]
        return repaired

    fixed = _PLACE.sub(undo, line)
    fixed, quotes = _LOST_QUOTE.subn("”", fixed)
    fixed, lone = _LONE_A.subn("à", fixed)
    controls = len(_CONTROLS.findall(fixed))
    if controls:
        fixed = fixed.translate(_FROM_CONTROL)
    count += quotes + lone + controls
    if count == 0:
        fixed = _by_ftfy(line)
        return fixed, int(fixed != line)
    return fixed, count


def _again(text: str) -> str | None:
    """Read misread text as the UTF-8 it was; None where it is no such thing."""
    try:
        return text.translate(_AS_LATIN).encode("latin-1").decode()
    except UnicodeError:
        return None


def _whole(line: str) -> str:
    """Read a line again until it is fine or is no misread UTF-8; leave it where something unlikely comes out."""
    found = line
    # A single "â" before an ellipsis and a quote is a word's end, not two thirds.
    sure = len(_IS_STRANGE.findall(line)) > 1 or len(_BEYOND_ASCII.findall(line)) > 1 or not _PUNCTUATED.search(line)
    current: str | None = line
    for _ in range(_TIMES):
        if current is None or not _IS_STRANGE.search(current):
            break
        current = _again(current)
        if current is not None and _is_likely_line(current, sure):
            found = current
    return found.translate(_FROM_CONTROL) if found != line else line


def _is_likely_line(line: str, sure: bool) -> bool:
    found = "".join(_BEYOND_ASCII.findall(line))
    return all(c in _GOOD or (_is_likely_character(ord(c)) and (sure or c < "\u0250")) for c in found)


def _is_likely_character(point: int) -> bool:
    """Say whether a character may be meant: Latin script, an accent, a sign; no other script, no empty control."""
    if point < 0x250:
        return chr(point) not in _HOLES and (point < 0x180 or point in _LATIN_BEYOND)
    if any(first <= point <= last for first, last in _LATIN_BLOCKS):
        return True
    kind = unicodedata.category(chr(point))
    return point in _FORMATS or kind == "Sk" or (point >= 0x2000 and kind[0] in "SPNZ")


def _place(run: str) -> str:
    """Read a run of misread characters again, up to three times, until Danish comes out; else what of it can be."""
    text: str | None = run
    for _ in range(_TIMES):
        text = None if text is None else _again(text)
        if text is not None and all(c in _GOOD or ord(c) in _EMOJI for c in text) and _IS_STRANGE.search(run):
            return text
    return _ONE.sub(_single, run)


def _single(match: re.Match[str]) -> str:
    found = _again(match[0])
    return found if found is not None and found in _GOOD else match[0]


def _by_ftfy(line: str) -> str:
    """Ask ftfy, and accept only a plan that undoes latin-1 or windows-1252 and brings in no new script."""
    if len(line) > _LONGEST_DIFF or not ftfy.badness.is_bad(line):
        return line
    fixed, steps = ftfy.fix_encoding_and_explain(line)
    if not steps or any(
        step.action == "encode" and step.parameter not in {"latin-1", "windows-1252", "sloppy-windows-1252"}
        for step in steps
    ):
        return line
    if "\ufffd" in fixed or not _is_likely_line("".join(set(fixed) - set(line)), sure=True):
        return line
    changes = SequenceMatcher(None, line, fixed, autojunk=False).get_opcodes()
    touched = (line[start:end] for kind, start, end, _, _ in changes if kind != "equal")
    return fixed if all(_IS_STRANGE.search(part) for part in touched) else line
