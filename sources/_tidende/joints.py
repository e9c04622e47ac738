"""Page joints in the text of printed proceedings: where one page ends and the next begins, the line's end is missing.

The text of a page was put straight behind that of the one before, so the last line of a page and the first of the
next stand as one, often without a space between their words. How the page was set tells where the first of them
ended: every line is filled as far as its words allow, so the word at which the measure is full is the one that lost
the line's end. Where in that word, the words of the rest of the text tell.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import Final

from sources._tidende.tags import read_tag

MEASURE: Final = 39_300
"""Width of a full line in thousandths of the type's size (Times): of lines that are whole, 999 in 1,000 keep it."""

_INDENT: Final = 1_200
_SLACK: Final = 120
_JUSTIFIED: Final = 3_000
_LONG: Final = 104
_LONGEST: Final = 400
_LIKELY: Final = 0.4
_SUSPECT: Final = 1.5
_CERTAIN: Final = 10.0

_COMMA: Final = re.compile(r",(?=[A-ZÆØÅa-zæøå][a-zæøå])")
_SENTENCE: Final = re.compile(r"[.?!:«)\]](?=[A-ZÆØÅ][a-zæøå ])")
_CAPITAL: Final = re.compile(r"[A-ZÆØÅ](?<=[a-zæøåé].)(?=[a-zæøåé])")
_LONG_WORDS: Final = re.compile(r"(?<=[a-zæøåé]{6})(?=[A-ZÆØÅ][a-zæøåé]{6})")
_INITIAL: Final = re.compile(r"(?:^|\W)(?:[A-ZÆØÅ]\.?)+\.$")
_INDENTED: Final = re.compile(r"(?<=\S) {3,}(?=\S)")
_PARTS: Final = re.compile(r"\S+")
_EDGE_OF_PART: Final = " .,;:?!»«()[]'’”\""
_EDGE: Final = f"{_EDGE_OF_PART}–"

_EVERYWHERE: Final = frozenset({
    "af", "alle", "alt", "at", "da", "de", "dem", "den", "der", "deres", "det", "dog", "du", "efter", "eller", "en",
    "end", "er", "et", "for", "fra", "få", "går", "har", "have", "hen", "her", "hos", "hun", "hvad", "hvis", "hvor",
    "i", "ikke", "ind", "ja", "jeg", "jo", "kan", "kun", "lige", "man", "med", "meget", "men", "mere", "mit", "mod",
    "må", "nej", "nogle", "noget", "nok", "nu", "når", "og", "også", "om", "op", "os", "over", "på", "selv", "ser",
    "sig", "sin", "skal", "som", "så", "til", "ud", "under", "var", "ved", "vi", "vil", "være", "vores",
})  # fmt: skip
_ENDINGS: Final = frozenset({
    "de", "den", "der", "det", "en", "end", "ene", "ens", "er", "et", "hed", "ing", "ingen", "ner", "nes", "se",
    "sen", "ser", "ten",
})  # fmt: skip
"""Words that many words end in."""
_OFTEN: Final = 1_000
"""How often words that every text has are taken to stand in a short one too."""

_WIDTHS: Final = {
    180: "'", 200: "|", 250: " ,.", 278: "/:;\\ijltìíîï", 310: "º", 333: "!()-I[]`fr¡¨¯´¸ÌÍÎÏ‘’", 389: "Jsš", 400: "°",
    408: '"', 444: "?acez¿àáâãäåçèéêëž“”", 480: "{}", 541: "~", 556: "FPSÞŠ", 564: "+<=>×÷", 611: "ELTZÈÉÊËŽ",
    667: "BCRÇæ", 722: "ADGHKNOQUVXYwÀÁÂÃÄÅÐÑÒÓÔÕÖØÙÚÛÜÝœŸ", 750: "¼½¾", 778: "&m", 833: "%", 889: "MÆŒ", 921: "@",
    944: "W", 1000: "—…",
}  # fmt: skip
"""Advance widths of Times in thousandths of its size; what is not named is as wide as a digit, 500."""
_WIDTH_OF: Final = {ord(letter): width for width, letters in _WIDTHS.items() for letter in letters}


def split_sentences(text: str) -> str:
    """Put a line end behind a comma and between sentences where a word follows without a space; nothing is removed.

    Most are page joints. Where the line before it was not full, a paragraph ended there, and an empty line is put in;
    not within a full line, where the space was forgotten.
    """
    text = _COMMA.sub(",\n", text)
    return _SENTENCE.sub(lambda match: match[0] + _end(text, match.end()), text)


def _end(text: str, at: int) -> str:
    start = text.rfind("\n", max(0, at - _LONGEST), at) + 1
    if (start == 0 and at > _LONGEST) or _INITIAL.search(text[max(start, at - 8) : at]):
        return ""
    before, after = text[start:at], text[at : at + _LONGEST].partition("\n")[0]
    if after.endswith("):") and read_tag(after):
        return "\n\n"
    taken, rest = width(before), width(after)
    full = taken + 250 + _token_width(after.split(" ", 1)[0]) > MEASURE - _SLACK
    forgotten = MEASURE - _JUSTIFIED < taken + rest <= MEASURE + _SLACK
    return "\n" if full or forgotten else "\n\n"


def split_capitals(text: str, words: Counter[str]) -> str:
    """Put a line end into words such as ``iFolketinget``, whose parts both stand in the text and they do once."""
    pieces: list[str] = []
    done = 0
    for match in _CAPITAL.finditer(text):
        at = match.start()
        before = text[max(done, at - _LONG) : at].rsplit(maxsplit=1)[-1]
        after = text[at : at + _LONG].split(maxsplit=1)[0]
        if words[before + after] == 1 and min(_common(before, words), _common(after, words)) > 0:
            pieces.append(text[done:at])
            done = at
    return "\n".join([*pieces, text[done:]])


def split_line(line: str, words: Counter[str]) -> list[str]:
    """Return the lines that stand as one in ``line``, which holds no stamp. ``words``: of the whole text, counted."""
    if "   " in line.strip():
        pieces = _INDENTED.sub("\n   ", line).split("\n")
        return [part for piece in pieces for part in split_line(piece, words)]
    if not _LONG <= len(line) <= _LONGEST or width(line) <= MEASURE + _SLACK:
        return [line]
    at = _line_end(line, words)
    return [line[:at], line[at:]] if at else [line]


def _line_end(line: str, words: Counter[str]) -> int:
    """Return where the first of two lines ends: in the word with which it is full; else where two words are certain.

    Two long words of which the second has a capital (``skriftligRedegørelse``) come before all others. The word is not
    the full one where type was set bold, or where the line itself was part of another.
    """
    tokens = list(_PARTS.finditer(line))
    glued = _LONG_WORDS.search(line)
    if glued and words[next(token[0] for token in tokens if token.end() > glued.start())] == 1:
        return glued.start()
    filled = _INDENT if line.startswith("  ") else 0
    for token in tokens:
        needed = _token_width(token[0])
        if filled + needed + 250 + 2 * _SLACK > MEASURE + _SLACK:
            score, at = _seam(token[0], words)
            if score >= _LIKELY:
                return token.start() + at
        if filled > MEASURE + _SLACK:
            break
        filled += needed + 250
    score, at = max((score, token.start() + at) for token in tokens for score, at in [_seam(token[0], words)])
    return at if score >= _CERTAIN else 0


def width(line: str) -> int:
    """Return how wide a line is when set, in thousandths of the type's size; an indented one with its indent."""
    words = line.split()
    return sum(map(_token_width, words)) + 250 * (len(words) - 1) + (_INDENT if line.startswith("  ") else 0)


@lru_cache(maxsize=50_000)
def _letters_width(token: str) -> int:
    return sum(_WIDTH_OF.get(ord(letter), 500) for letter in token)


def _token_width(token: str) -> int:
    return _letters_width(token) if len(token) < 24 else sum(_WIDTH_OF.get(ord(letter), 500) for letter in token)


def _seam(word: str, words: Counter[str]) -> tuple[float, int]:
    """Return the likeliest place in ``word`` for a line's end, and how likely it is.

    Certain are the places where no word goes on: behind a comma, between a small and a capital letter, a letter and a
    digit. Likely is what leaves two words that the text has elsewhere, the more often and the longer the likelier.
    """
    if len(word) > _LONG:
        return 0.0, 0
    whole = 2 * math.log1p(max(words[word] - 1, words[word.strip(_EDGE)] - 1, 0))
    found = (0.0, 0)
    for at in range(len(word) - len(word.lstrip(_EDGE_OF_PART)) + 1, len(word.rstrip(_EDGE_OF_PART))):
        score = _certainty(word[at - 1], word[at])
        if not score:
            left, right = _common(word[:at], words), _common(word[at:], words)
            score = left + right - whole - _SUSPECT * (left < 0 and word[at:].strip(_EDGE) in _ENDINGS)
        found = max(found, (score, at))
    return found


def _certainty(before: str, after: str) -> float:
    """Return how certain it is that no word goes on between two letters, 0 where nothing tells."""
    if before in ",;" or after == "–" or (before == "–" and after.isalpha()):
        return 20.0
    if before.islower() and after.isupper():
        return 18.0
    if before.isdigit() != after.isdigit() and before.isalnum() and after.isalnum():
        return 16.0
    return 6.0 if before == "-" and after.isalpha() else 0.0


def _common(part: str, words: Counter[str]) -> float:
    bare = part.strip(_EDGE)
    if not bare:
        return -1.2
    many = words.get  # what is not there would be asked for by a slow way
    times = many(bare, 0) + many(f"{bare},", 0) + many(f"{bare}.", 0) + _OFTEN * (bare in _EVERYWHERE)
    return math.log1p(times) * min(len(bare), 8) / 8 if times else -1.2
