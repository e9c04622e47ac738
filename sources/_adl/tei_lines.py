"""Lines out of rendered pieces: where breaks end up, and words divided by a line or page end grow together.

Breaks are single control characters that XML 1.0 forbids in text, so they cannot be mistaken for it. Resolving
them at the very end keeps rendering fast, and lets a text be cut at any piece without being rendered again.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LB, PB, LINE, BLOCK = "\x01", "\x02", "\x03", "\x04"
"""A printed line end, a page end, the end of a line (verse, speaker, item), the end of a block."""

_BREAKS = re.compile(r"[\x01-\x04][\x01-\x04 ]*")
_HYPHEN = re.compile(r"[-=\xad] ?[\x01\x02\x04][\x01-\x04 ]*([^\W\d_]+)")
_SUSPENDED = frozenset({"og", "oc", "och", "eller", "samt", "til", "und", "oder"})


def _join(match: re.Match[str]) -> str:
    """Join a word divided by a hyphen at the end of a line, a page, or a paragraph that goes on in small letters."""
    before, rest = match.string[max(match.start() - 1, 0)], match.group(1)
    only_blocks = LB not in match.group() and PB not in match.group()
    if not before.isalpha() or (only_blocks and not rest[0].islower()):
        return match.group()
    if rest in _SUSPENDED:
        return match.group() if only_blocks else f"- {rest}"
    if rest[0].islower() or (before.isupper() and rest[:2].isupper()):
        return rest
    return f"-{rest}"


def _break(match: re.Match[str]) -> str:
    found = match.group()
    if BLOCK in found:
        return "\n\n"
    if LINE in found or LB in found:
        return "\n"
    return " " if found[-1] == " " else ""


def finish(pieces: Iterable[str]) -> str:
    """Return the text that rendered ``pieces`` stand for: NFC, lines, blocks apart by one empty line.

    A page end between two spaces is one space, and none where a word goes on across it.
    """
    text = " ".join("".join(pieces).split())
    paged = PB in text
    text = _HYPHEN.sub(_join, text)
    text = _BREAKS.sub(_break, text).replace(" \n", "\n").strip()
    return unicodedata.normalize("NFC", text.replace("  ", " ") if paged else text)


def one_line(pieces: Iterable[str]) -> str:
    """Return rendered ``pieces`` as one line: a title, a table's cell."""
    return " ".join(finish(pieces).split())
