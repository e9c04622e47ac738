"""Running text out of printed lines: paragraphs, each on one line."""

from __future__ import annotations

import re
from typing import Final

from sources._tidende.joints import MEASURE, width

_SUSPENDED: Final = re.compile(r"(?:og|eller|samt|til|men|kontra|respektive|og/eller|hhv\.)\b")

_KIND: Final = r"(?:Lovforslag|Beslutningsforslag|(?:F|Hastef)orespørgsel|Redegørelse|Forslag til vedtagelse) nr\. ?"
_CASE: Final = re.compile(
    rf"(?:[^:]{{3,900}}\)(?: m\. ?fl\.)? ?: )?{_KIND}(?:[A-ZÆØÅ]{{1,2}} ?)?[0-9]{{1,4}}(?: [A-Z])? ?(?P<title>\(| om )"
)
_PROPOSERS: Final = re.compile(
    r"[^:]{3,900}\)(?: m\. ?fl\.)? ?[:.]?|[^:]{3,900} m\. ?fl\. ?:?|[^:.]{0,90}[Mm]inisteren\b[^:.]{0,90}:"
)
_NAMED: Final = re.compile(r"\([A-ZÆØÅ]{1,5}\)|[Mm]inister|m\. ?fl\.")
_NOTE: Final = 60
"""Remarks in square brackets that are no longer tell of the speech itself: that sound is missing, or Danish."""
_AFTER_NOTE: Final = ".,;« "
_NUMBER: Final = re.compile(
    r"\((?:Lovforslag|Beslutningsforslag|Forespørgsel|Redegørelse|Beretning|Forslag til vedtagelse) "
    r"nr\. ?(?:[A-ZÆØÅ]{1,2} ?)?[0-9]{1,4}(?: [A-Z])?\.?\)\.?"
)
_BRACKETS: Final = re.compile(r"[\[\]]")
_SPACES: Final = re.compile(r" {2,}")


def paragraphs(lines: list[str]) -> list[str]:
    """Join lines into paragraphs.

    A paragraph begins with an indented line, or after an empty one unless that stands within a sentence. A hyphen at a
    line's end is part of a compound, ``CO2-`` / ``kvoter``, since these texts are set without breaking words, unless
    what follows shows that it stands for the rest of a word: ``børne-`` / ``og ungeområdet``.
    """
    found: list[list[str]] = []
    begins = True
    for line in lines:
        text = line.strip()
        if not text:
            begins = True
        elif line.startswith("  ") or (begins and not (found and _mid_sentence(found[-1][-1], text))):
            found.append([text])
            begins = False
        else:
            begins = False
            found[-1].append(text if _goes_on(found[-1][-1], text) else f" {text}")
    joined = ("".join(parts) for parts in found)
    return [_SPACES.sub(" ", text) if "  " in text else text for text in joined]


def without_announcements(found: list[str]) -> tuple[list[str], list[str]]:
    """Return a chair's paragraphs without the list of the cases that were brought in, and that list.

    The list has the proposers' names on a line, which look like a speaker's tag, and under it each case with its
    title. The chair as a rule says that the titles are not read out.
    """
    if not any(" nr" in text for text in found):
        return found, []
    proposers = {at for at, text in enumerate(found[:-1]) if _PROPOSERS.fullmatch(text) and _NAMED.search(text)}
    cases = {at: case["title"] for at, text in enumerate(found) if (case := _CASE.match(text))}
    listed = {at for at, title in cases.items() if title == "(" or at - 1 in proposers}
    listed |= {at - 1 for at in listed} & proposers
    if not listed:
        return found, []
    return [text for at, text in enumerate(found) if at not in listed], [found[at] for at in sorted(listed)]


def without_insertions(found: list[str]) -> tuple[list[str], list[str]]:
    """Return paragraphs without what editors put between them in brackets, and what that was.

    Such are letters that the chair only mentions, lists of who was elected, results of votes, and notes on a
    manuscript; in round brackets the number that a motion got. What stands in brackets within a paragraph is kept, and
    so are short remarks.
    """
    if not any(text.startswith(("[", "(")) for text in found):
        return found, []
    kept: list[str] = []
    taken: list[str] = []
    at = 0
    while at < len(found):
        end = _insertion_end(found, at) if found[at].startswith("[") else at + bool(_NUMBER.fullmatch(found[at]))
        (taken if end > at else kept).extend(found[at : max(end, at + 1)])
        at = max(end, at + 1)
    return kept, taken


def _insertion_end(found: list[str], start: int) -> int:
    """Return the paragraph behind the insertion that begins with ``start``; ``start`` where there is none."""
    depth = size = 0
    for at in range(start, len(found)):
        for bracket in _BRACKETS.finditer(found[at]):
            depth += 1 if bracket[0] == "[" else -1
            if depth == 0:
                ends = not found[at][bracket.end() :].strip(_AFTER_NOTE) and size + bracket.end() > _NOTE
                return at + 1 if ends else start
        size += len(found[at])
    return start


def _mid_sentence(before: str, text: str) -> bool:
    """Say whether an empty line stands within a sentence, as it may where a page ended: the line before it is full.

    Lists of clauses, each beginning with ``at``, are set with empty lines between.
    """
    if not (before[-1].isalnum() or before[-1] in ",–-") or (before[-1] == "," and text.startswith("at ")):
        return False
    return width(f"{before.strip()} {text.split(maxsplit=1)[0]}") > MEASURE - 1_000


def _goes_on(before: str, text: str) -> bool:
    """Say whether a line goes on with the word that ended the line before."""
    if not before.endswith(("-", "/")) or len(before) < 2 or not before[-2].isalnum():
        return False
    return before[-1] == "/" or not _SUSPENDED.match(text)
