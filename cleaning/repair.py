"""Repairing text without harming Danish: encodings, line ends, white space, invisible characters.

``repair`` is idempotent, and it leaves a text alone that needs nothing. Quotes and dashes stay as written.

A line whose characters all belong to Danish text is never touched by the encoding repair: ftfy alone reads
``”Årsagen`` as mojibake and makes ``Ӂrsagen`` of it. Elsewhere a repair counts only when it undoes UTF-8 read as
latin-1 or windows-1252 (also twice, also inside an otherwise fine line) and brings in no new script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import ftfy
import ftfy.badness

VERSION = 2

DANISH = "æøåÆØÅéÉèüÜöÖäÄáóôêàçß§–—“”„’‘…½¼¾°«»›‹•·´©®€£±²³µ×"
"""Characters beyond ASCII that stand in Danish text as they are."""

_FOREIGN = re.compile(f"[^\n -~{DANISH}]")
_HARMLESS = frozenset("\t\xa0\xad")
"""Characters that need no look at encodings, line ends or composition."""
_MAX_PASSES = 6


def _byte_of() -> dict[str, int]:
    """Return the byte that each character stood for before it was misread as latin-1 or windows-1252."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        try:
            table[bytes([byte]).decode("cp1252")] = byte
        except UnicodeDecodeError:
            continue
    return table


_BYTES = _byte_of()
_MISREAD = frozenset(_BYTES) - frozenset(DANISH) - {"\xa0", "\xad"}
"""No mix-up of encodings is without one of these."""
_STRANGE = re.compile(f"[{re.escape(''.join(sorted(_MISREAD)))}]")
_CONTINUATION = "".join(sorted(c for c, b in _BYTES.items() if b < 0xC0))
_MIXED = re.compile(f"(?:[ÂÃÅÆ][{re.escape(_CONTINUATION)}]|â[{re.escape(_CONTINUATION)}]{{2}}|ï»¿)+")
_GOOD = frozenset(DANISH) | {"\xa0", "\xad", "\ufeff"}

_LINE_ENDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_SPACES = frozenset("\t\x1f\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
_INVISIBLE = frozenset(
    "\x7f\u200b\u200e\u200f\ufeff"
    + "".join(map(chr, [*range(9), *range(0x0E, 0x1C), *range(0x80, 0x85), *range(0x86, 0xA0)]))
    + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070)]))
)
_SOFT_HYPHEN = re.compile("\xad+(?: *\n)?")
_RUN = re.compile("(?<=[^ \n]) {2,}")
_TRAILING = re.compile("(?<! ) ++(?=\n|$)")
_BLANK = re.compile("\n{3,}")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text, and how many places were changed, by kind."""

    text: str
    encoding: int = 0
    whitespace: int = 0
    hyphens: int = 0


def repair(text: str) -> Repaired:
    """Return ``text`` repaired: NFC, Unix line ends, no invisible characters, no mix-up of encodings."""
    encoding = whitespace = hyphens = 0
    for _ in range(_MAX_PASSES):
        before = text
        odd = set(_FOREIGN.findall(text))
        if odd:
            # Encodings first: half of a misread "Å" is the control character that also ends a line.
            if odd & _MISREAD:
                text, changes = _repair_encoding(text)
                encoding += changes
                odd = set(_FOREIGN.findall(text))
            whitespace += text.count("\r")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            text, changes = _replace(text, odd & _LINE_ENDS, "\n")
            whitespace += changes
            text, changes = _replace(text, odd & _INVISIBLE, "")
            whitespace += changes
            if "\xad" in text:
                text, changes = _SOFT_HYPHEN.subn("", text)
                hyphens += changes
            text, changes = _replace(text, odd & _SPACES, " ")
            whitespace += changes
            if odd - _HARMLESS:
                text = unicodedata.normalize("NFC", text)
        text, changes = _tidy(text)
        whitespace += changes
        if not odd - _HARMLESS or text == before:
            break
    return Repaired(text, encoding, whitespace, hyphens)


def _replace(text: str, characters: Iterable[str], by: str) -> tuple[str, int]:
    """Replace each of ``characters``; return the text and how many there were."""
    count = 0
    for character in characters:
        count += text.count(character)
        text = text.replace(character, by)
    return text, count


def _tidy(text: str) -> tuple[str, int]:
    """Bring runs of spaces and of blank lines down to one, and take spaces from line ends."""
    count = 0
    if "  " in text:
        text, changes = _RUN.subn(" ", text)
        count += changes
    if " \n" in text or text.endswith(" "):
        text, changes = _TRAILING.subn("", text)
        count += changes
    if "\n\n\n" in text:
        text, changes = _BLANK.subn("\n\n", text)
        count += changes
    bare = text.rstrip("\n ").lstrip("\n")
    return bare, count + (bare != text)


def _repair_encoding(text: str) -> tuple[str, int]:
    """Repair each line that holds characters strange to Danish; return the text and the count of repairs."""
    if not _STRANGE.search(text):
        return text, 0
    count = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _STRANGE.search(line):
            lines[number], changes = _repair_line(line)
            count += changes
    return "\n".join(lines), count


def _repair_line(line: str) -> tuple[str, int]:
    """Undo mix-ups of encodings in one line."""
    count = 0

    def undo(match: re.Match[str]) -> str:
        nonlocal count
        repaired = _undo(match.group())
        count += repaired != match.group()
        return repaired

    fixed = _MIXED.sub(undo, line)
    if count == 0 and ftfy.badness.is_bad(line):
        whole = _whole_line(line)
        return whole, int(whole != line)
    return fixed, count


def _undo(run: str) -> str:
    """Read a run of misread characters as the UTF-8 it was, once or twice; keep it where Danish does not come out."""
    text = run
    for _ in range(3):
        try:
            text = bytes(_BYTES[c] for c in text).decode()
        except (KeyError, UnicodeDecodeError):
            return run
        if all(c in _GOOD for c in text):
            return text
    return run


def _whole_line(line: str) -> str:
    """Ask ftfy, and accept only a plan that undoes latin-1 or windows-1252 and brings in no new script."""
    fixed, steps = ftfy.fix_encoding_and_explain(line)
    if not steps or any(
        step.action == "encode" and step.parameter not in {"latin-1", "windows-1252", "sloppy-windows-1252"}
        for step in steps
    ):
        return line
    return line if any(ord(c) >= 0x250 and c not in line and c not in _GOOD for c in fixed) else fixed
