"""The lines of printed proceedings: each time stamp, speaker's tag and heading on a line of its own."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from sources._tidende.joints import split_capitals, split_line, split_sentences

STAMP: Final = "Kl. "
"""What a line that is a time stamp begins with; its time follows as ``HH:MM``, and nothing else."""

HEADINGS: Final = (
    "Forhandling",
    "Afstemning",
    "Begrundelse",
    "Besvarelse",
    "Meddelelser fra formanden",
    "Samtykke til behandling",
    "Skriftlig begrundelse",
)
"""Headings that stand over turns, and that a page joint may have glued to what follows."""

_ALONE: Final = re.compile(r" *Kl\. ?([0-2]?[0-9])[:.]([0-5][0-9])(?! ?[a-zæøå0-9.,;:)–-])")
_PADDED: Final = re.compile(r"(?<! ) {3,}Kl\. ?([0-2]?[0-9])[:.]([0-5][0-9])")
_GLUED_HEADING: Final = re.compile(rf"(?:{'|'.join(HEADINGS)})(?=[A-ZÆØÅ(])")
_GLUED_ITEM: Final = re.compile(r":(?=[1-9][0-9]{0,2}\) )")
_QUESTION: Final = "Spm. nr."
_GLUED_QUESTION: Final = re.compile(r"Spm\. nr\. ?[A-ZÆØÅ]{1,3} ?([0-9]{1,4})([0-9]\) Til |[A-ZÆØÅ][a-zæøå])")
_MARKED: Final = (*HEADINGS, _QUESTION, STAMP)
_ASKED: Final = re.compile(r"Spm\. nr\. ?[A-ZÆØÅ]{1,3} ?([0-9]{1,4})(?=[\s).,])(?!\) ?Til )")
_TAG_END: Final = re.compile(r"\([^()\n]{1,60}\):")
_LONG: Final = 104
_STAMP_LENGTH: Final = len("Kl. 00:00")


def lines_of(text: str) -> list[str]:
    """Return the lines of a transcript, page joints taken apart, padding and stamps' margins removed.

    The indentation of a paragraph's first line is kept as it is. Nothing else than white space is added or removed.
    """
    text = _GLUED_ITEM.sub(r"\g<0>\n", split_sentences(text))
    words = Counter(text.split())
    words.update(f"{_QUESTION}{number}" for number in _ASKED.findall(text))
    text = split_capitals(text, words)
    raw = text.split("\n")
    lines: list[str] = []
    done = 0
    for at, line in enumerate(raw):
        if len(line) < _LONG and ":" not in line and "   " not in line and not line.startswith(_MARKED):
            continue
        lines += raw[done:at]
        done = at + 1
        bare = line.strip()
        if len(bare) == _STAMP_LENGTH and bare.startswith(STAMP) and _ALONE.match(bare):
            lines.append(bare)
        elif STAMP in line:
            _stamped(line, lines, words)
        else:
            _plain(line, lines, words)
    lines += raw[done:]
    return lines


def _stamped(line: str, lines: list[str], words: Counter[str]) -> None:
    """Add a line that may hold stamps: behind a margin, or alone."""
    at = 0
    for match in _PADDED.finditer(line):
        if line[at : match.start()].strip():
            _plain(line[at : match.start()], lines, words)
        lines.append(f"{STAMP}{int(match[1]):02d}:{match[2]}")
        at = match.end()
    if not at and (alone := _ALONE.match(line)):
        lines.append(f"{STAMP}{int(alone[1]):02d}:{alone[2]}")
        at = alone.end()
    if line[at:].strip():
        _plain(line[at:], lines, words)


def _plain(line: str, lines: list[str], words: Counter[str]) -> None:
    """Add a line without a stamp: what else a page joint put into it stands on lines of its own then."""
    whole = line.find("):") in (-1, len(line) - 2)
    if whole and len(line) < _LONG and "   " not in line[3:] and not line.startswith(_MARKED):
        lines.append(line)
        return
    for piece in split_line(line.rstrip(), words):
        heading = _heading_end(piece, words)
        if heading:
            lines.append(piece[:heading])
        rest = piece[heading:]
        tag = _tag_end(rest)
        if tag:
            lines.append(rest[:tag])
        lines.append(rest[tag:])


def _heading_end(line: str, words: Counter[str]) -> int:
    """Return where a heading ends that the rest of the line is glued to, 0 where there is none.

    The number of a written question runs into that of the item then, ``Spm. nr. S 51013) Til``: it stands elsewhere
    too, in the agenda in front.
    """
    heading = _GLUED_HEADING.match(line)
    if heading:
        return heading.end()
    question = _GLUED_QUESTION.match(line) if line.startswith(_QUESTION) else None
    if question is None:
        return 0
    if question[2][0].isupper():
        return question.end(1)
    digits = question[1]
    for taken in (1, 0):
        number = digits[: len(digits) - taken]
        if number and words[f"{_QUESTION}{number}"]:
            return question.start(1) + len(number)
    return question.end(1)


def _tag_end(line: str) -> int:
    """Return where a speaker's tag ends that the speech is glued to, 0 where there is none."""
    tag = _TAG_END.search(line) if "):" in line else None
    return tag.end() if tag and tag.end() < len(line) and line[tag.end()] not in " ,.;)" else 0
