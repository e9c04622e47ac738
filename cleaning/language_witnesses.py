"""The witnesses that are heard where common words leave doubt: py3langid, spelling, and langdetect.

py3langid counts runs of bytes over the languages of the world; spelling (a table of ours) knows Danish from Norwegian;
langdetect is heard on longer texts alone, where it is of use. All are asked the same way every time: langdetect seeded
and with a detector of its own for each text, its profiles read in the order of their names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from cleaning.language_spelling import spelling
from cleaning.language_words import RIVALS, Hits

_NAMES = {"no": "nb"}
_NO_LANGUAGE = "zxx"
_KALAALLISUT = "kl"
"""py3langid does not know it. Its words are long, and few of them say much."""
_UNKNOWN = 6.0
_UNHEARD = 40.0
_LONG_WORD_WEIGHT = 3.0
_NORWEGIAN = ("nb", "nn")
_WORD_WEIGHT = 1.0
_SPELLING_WEIGHT = 1.25
_TRIALS = 3
_LONG = 20
_DOUBT = 6.0
_LANGDETECT_CHARACTERS = 1000
_LANGDETECT_WEIGHT = 0.5
_LEAST = math.exp(-6)
_LOADING = Lock()


def weigh(sample: str, words: int, hits: Hits) -> dict[str, float]:
    """Return what speaks for each language, in natural logarithms: the difference of two is how sure.

    Args:
        sample: the text to judge, at most a few thousand characters.
        words: how many words it has.
        hits: what its common words count for.
    """
    scores = _py3langid(sample)
    heard = hits.theirs[RIVALS.index(_KALAALLISUT)]
    scores[_KALAALLISUT] = max(scores.values()) - (_UNKNOWN if heard else _UNHEARD)
    for rival, ours, theirs in zip(RIVALS, hits.danish, hits.theirs, strict=True):
        if rival == _KALAALLISUT:
            scores[rival] += _LONG_WORD_WEIGHT * theirs
        else:
            scores[rival] -= _WORD_WEIGHT * (ours - theirs)
    towards_danish = _SPELLING_WEIGHT * spelling(sample)
    for rival in _NORWEGIAN:
        scores[rival] -= towards_danish
    if words >= _LONG and abs(margin(scores)) < _DOUBT:
        _hear_langdetect(sample, scores)
    return scores


def margin(scores: Mapping[str, float]) -> float:
    """Return by how much Danish is ahead of the strongest other language; below zero, how far it is behind."""
    return scores["da"] - max(score for code, score in scores.items() if code != "da")


def _hear_langdetect(sample: str, scores: dict[str, float]) -> None:
    """Add what langdetect says, of Danish and of the languages that it knows; others keep what they have."""
    said = _langdetect(sample)
    if not said:
        return
    for code in ("da", "nb", "sv", "de", "en", "nl"):
        scores[code] += _LANGDETECT_WEIGHT * math.log(max(said.get(code, 0.0), _LEAST))
    scores["nn"] += _LANGDETECT_WEIGHT * math.log(max(said.get("nb", 0.0), _LEAST))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _py3langid(sample: str) -> dict[str, float]:
    with _LOADING:
        identifier = _identifier()
    codes, scores = zip(*identifier.rank(sample), strict=True)
    # In thousandths: the last digits of a sum of floats may differ between processors.
    found: dict[str, float] = dict(zip(codes, np.round(scores, 3).tolist(), strict=True))
    del found[_NO_LANGUAGE]
    for theirs, ours in _NAMES.items():
        found[ours] = found.pop(theirs)
    return found


@cache
def _factory() -> Any:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    # By name: the order in which a disk lists them would reach the last digits of the scores.
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if not path.name.startswith("."))
    factory.load_json_profile([path.read_text("utf-8") for path in profiles])
    factory.set_seed(0)
    return factory


def _langdetect(sample: str) -> dict[str, float]:
    """Return langdetect's probabilities by code, those it gives; none where it finds nothing to go by."""
    from langdetect.lang_detect_exception import LangDetectException

    with _LOADING:
        detector = _factory().create()
    detector.n_trial = _TRIALS
    detector.append(sample[:_LANGDETECT_CHARACTERS])
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return {}
    return {_NAMES.get(language.lang, language.lang): language.prob for language in found}
