"""Which language a text is in, how sure, and how much of it is in another: above all, is it Danish?

A first look at common words decides the clear cases in some 40 microseconds (``language_words``). What it leaves in
doubt is weighed by witnesses that know nothing of each other (``language_witnesses``); of a few words, what the source
says of itself has a say. Old Danish spelling (``paa``, ``haffuer``, ``oc``, nouns with capitals) is Danish.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from cleaning.language_witnesses import margin, weigh
from cleaning.language_words import MARKERS, Hits, count

VERSION = 5

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_BREAK = "\n\n"
_LOOK = 700
_SECOND_LOOK = 6000
_LOOK_AT_LEAST = 70
_MOST_PARAGRAPHS = 400
_SAMPLE = 2000
_FOR_DANISH = 0.25
_LEAN = 25.0
"""Of how many words on a text speaks for itself alone."""
_NAMES = 4
_CALL = 1.0
"""Up to so many words, of which none is another language's, mostly are a name: there the source's word decides."""
_UNOPPOSED = 2.0
"""More for the source's word where no common word of another language stands."""
_SUREST = 20.0
_PARAGRAPH = 80
_PARAGRAPH_LOOK = 400
_FOREIGN_WORDS = 3
_AHEAD = 2
_FOREIGN_MARGIN = -3.0


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in.

    Attributes:
        code: ISO 639-1, Bokmål (``nb``) and Nynorsk (``nn``) apart, else ISO 639-3; None without letters.
        score: how sure of ``code``, from 0 to 1.
        margin: how far Danish is ahead of the strongest other language, in natural log-odds from -20 to 20; below
            zero, how far behind.
        foreign: the share, from 0 to 1, of the paragraphs that is in another language than Danish, by length; those of
            under 80 characters are not judged, and of more than 400 as many are, evenly spread.
    """

    code: str | None
    score: float
    margin: float = 0.0
    foreign: float = 0.0

    @property
    def danish(self) -> bool:
        """Whether the text is in Danish."""
        return self.code == "da"


def detect(text: str, stated: str | None = None) -> Language:
    """Return the language of ``text``: the same for the same text, in any order and any process.

    Args:
        text: the whole text, of any characters; the time is linear in its length, and far below that of reading it.
        stated: what the source says its language is; texts of few words lean on it.
    """
    paragraphs = _spread(text.split(_BREAK))
    hits = _look(paragraphs, _LOOK)
    if not hits.clearly_danish and len(text) > _LOOK:
        hits = _look(paragraphs, _SECOND_LOOK)
    if hits.clearly_danish:
        return _found("da", float(hits.balance), _foreign(paragraphs, hits))
    if stated == "da" and hits.leans_danish and len(text.split()) < _LEAN:
        return _found("da", float(hits.balance), 0.0)
    if (rival := hits.clear_rival) is not None:
        return _found(rival, float(hits.balance), _foreign(paragraphs, hits, elsewhere=1.0))
    return _doubtful(paragraphs, hits, stated)


def _look(paragraphs: list[str], length: int) -> Hits:
    """Count common words in some ``length`` characters, from the beginning of every paragraph."""
    each = max(_LOOK_AT_LEAST, length // len(paragraphs))
    return count(" ".join([paragraph[:each] for paragraph in paragraphs]).split())


def _spread(paragraphs: list[str]) -> list[str]:
    """Return at most ``_MOST_PARAGRAPHS`` of the paragraphs, evenly spread over the text."""
    if len(paragraphs) <= _MOST_PARAGRAPHS:
        return paragraphs
    return [paragraphs[place * len(paragraphs) // _MOST_PARAGRAPHS] for place in range(_MOST_PARAGRAPHS)]


def _found(code: str, ahead: float, foreign: float) -> Language:
    """Return the answer of a first look, from the words by which Danish is ahead."""
    ahead = max(-_SUREST, min(_SUREST, ahead))
    return Language(code, _sure(abs(ahead)), ahead, foreign)


def _sure(ahead: float) -> float:
    """Return a probability to four digits from natural log-odds."""
    return round(1 / (1 + math.exp(-ahead)), 4)


def _doubtful(paragraphs: list[str], hits: Hits, stated: str | None) -> Language:
    """Ask the witnesses about a sample of the text, and the source where there are few words."""
    length = max(_LOOK_AT_LEAST, _SAMPLE // len(paragraphs))
    sample = "\n\n".join([paragraph[:length] for paragraph in paragraphs])[:_SAMPLE]
    found = _heard(sample, hits, stated)
    if found.code is None:
        return found
    return replace(found, foreign=_foreign(paragraphs, hits, elsewhere=float(not found.danish)))


@lru_cache(maxsize=4096)
def _heard(sample: str, hits: Hits, stated: str | None) -> Language:
    """Return what the witnesses and the source say of a sample; a debate says the same few words over and over."""
    if not _LETTER.search(sample):
        return Language(None, 0.0)
    words = len(_WORD.findall(sample))
    scores = weigh(sample, words, hits)
    scores["da"] += _FOR_DANISH
    if stated in scores and words < _LEAN:
        # A few names look like any language of the world: only the neighbours are thought of, and the source's own.
        scores = {code: score for code, score in scores.items() if code in MARKERS or code == stated}
        if words <= _NAMES and not hits.leans_away:
            scores[stated] = max(scores.values()) + _CALL
        else:
            scores[stated] += _LEAN / words - 1 + (0.0 if any(hits.theirs) else _UNOPPOSED)
    code = max(sorted(scores), key=scores.__getitem__)
    second = max(score for other, score in scores.items() if other != code)
    ahead = max(-_SUREST, min(_SUREST, margin(scores)))
    return Language(code, _sure(min(_SUREST, scores[code] - second)), round(ahead, 3))


def _foreign(paragraphs: list[str], hits: Hits, elsewhere: float = 0.0) -> float:
    """Return the share of the paragraphs, by length, that is in another language than Danish.

    Args:
        paragraphs: those of the text.
        hits: what the common words of all of them count for.
        elsewhere: the share where no paragraph can be judged by itself.
    """
    if not elsewhere and max(hits.theirs) < _FOREIGN_WORDS:
        return 0.0
    judged = [paragraph for paragraph in paragraphs if len(paragraph) >= _PARAGRAPH]
    if len(judged) < 2:
        return elsewhere
    foreign = sum(len(paragraph) for paragraph in judged if _is_foreign(paragraph[:_PARAGRAPH_LOOK]))
    return round(foreign / sum(map(len, judged)), 4)


def _is_foreign(paragraph: str) -> bool:
    """Whether a paragraph is in another language: its words lean away from Danish, and a witness says the same."""
    hits = count(paragraph.split())
    if -hits.balance < _AHEAD:
        return False
    if hits.clear_rival is not None:
        return True
    return margin(weigh(paragraph, 0, hits)) < _FOREIGN_MARGIN
