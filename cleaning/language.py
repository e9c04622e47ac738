"""Which language a text is in, with a score, and above all: is it Danish?

Common words decide the clear cases in a few microseconds: each language has words that its neighbours do not share
(``af`` is Danish, ``av`` is not). What they do not decide goes to langdetect, seeded, whose answer is weighed with
theirs. Old Danish spelling (``paa``, ``haffuer``, ``oc``) is Danish.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

VERSION = 1

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000
_CLEAR_HITS = 6
_CLEAR_SHARE = 0.75
_FEW_WORDS = 20

MARKERS: dict[str, str] = {
    "da": "af efter hvad mig dig sig nogle nogen ikke også blev bliver havde meget mange skal kunne ville være til "
    "fra efter uden mellem eller hvor hvordan hvorfor selv siden gennem igennem derfor jeg hun han de det den der "
    "at og om på for med som er var et en op ud ned ind hvis sådan noget hele flere lige lov stk nr herefter "
    "paa saa naar ogsaa aldrig altid gaar faar maa deres vores dog thi naar nu end oc aff effter haffuer haver hafver "
    "icke ey ej hvo hvis skulle vilde kunde skulde bleve hver enhver saadan mod imod indtil ifølge medfør bekendtgørelse "
    "foretages følgende ændringer ændres indsættes udgår stykke jf mv kapitel",
    "nb": "av etter hva meg deg seg noe noen ikke også ble blir hadde mye mange skal kunne ville være til fra uten "
    "mellom eller hvor hvordan hvorfor selv siden gjennom derfor jeg hun han de det den der at og om på for med som er "
    "var et en opp ut ned inn hvis slik hele flere like lov nå bare fram frem enn "
    "sammen hverandre igjen begge norske norsk regjeringen forskrift måte språk fordi sånn vært blitt",
    "nn": "ikkje eg ein eit frå dei vere vore korleis kva kven nokon noko mykje berre dette denne saman etter av til "
    "som er på med for om vert vart skal kan han ho og at det den å gjere seg meg deg òg mellom",
    "sv": "och att är inte jag som för på av till från eller efter också hade har skall kan det den ett en de han hon "
    "sig mig dig om men vid mot under mellan genom utan något några mycket många blev blir varit när där här sin över "
    "vara skulle kunna ock icke hvad hvilken uti ej sitt deras vad upp ut in än så",
    "fo": "og at í ikki eg við hann hon tað teir tær sum er til frá av um á hevur hava vórðu var skal kann men eftir "
    "ella eisini hesum hesi hendan ein eitt teimum sær mær tær innan sambært løgtingslóg",
    "is": "og að í ekki ég við hann hún það þeir þær sem er til frá af um á hefur hafa voru var skal en eftir eða "
    "einnig þessum þessi sér mér þér hér þar með fyrir úr verður vera lög",
    "de": "und der die das nicht ist ein eine einen dem den des mit von zu auf für sich auch ich er sie es wir im am "
    "als wird werden nach bei oder wie aber noch aus dass hat haben wurde sind über so zur zum unter nur",
    "en": "the of and to in is that it was for on with as he be at by this had not are but from or have an they which "
    "one you were her all she there would their we him been has when who will more if out so said",
    "nl": "de het een en van ik te dat die in is niet op zijn met voor aan er om hem dan zou of wat mijn men dit zo "
    "door over ze bij ook tot je mij uit der haar naar heb hoe heeft hebben deze nog worden werd",
    "fr": "le la les de des et un une est que qui dans en pour pas ne sur au avec par plus ce il elle nous vous je "
    "sont mais ou où son ses leur cette aux",
    "la": "et in est non ad cum ut quod qui quae sed ex per ab aut sunt atque enim nec esse autem si quam hoc ac "
    "eius ipse quo sicut etiam inter ante post omnes",
    "kl": "tamanna imaluunniit pillugu taamaalilluni kiisalu inatsisartut malillugu ataani naalakkersuisut aammalu "
    "taakku pineqartoq qanoq ilaallutik immikkoortoq",
}
"""Common words by language; a word that several share counts a little for each, a word of one counts whole."""


def _weights() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for language, words in MARKERS.items():
        for word in set(words.split()):
            table.setdefault(word, {})[language] = 1.0
    return {word: {lang: 1.0 / len(shared) ** 1.5 for lang in shared} for word, shared in table.items()}


_WEIGHTS = _weights()


@dataclass(frozen=True, slots=True)
class Language:
    """An ISO 639-1 code and how sure, from 0 to 1."""

    code: str | None
    score: float


def detect(text: str, stated: str | None = "da") -> Language:
    """Return the language of ``text``.

    Args:
        text: the whole text; a sample from its beginning and its middle is read.
        stated: what the source says its language is; very short texts lean on it.
    """
    sample = _sample(text)
    words = _WORD.findall(sample.lower())
    if not words:
        return Language(None, 0.0)
    votes, hits = _vote(words)
    _count_letters(sample.lower(), votes)
    total = sum(votes.values())
    best, share = (max(votes.items(), key=lambda v: (v[1], v[0]))[0], max(votes.values()) / total) if total else ("", 0)
    if hits >= _CLEAR_HITS and share >= _CLEAR_SHARE and total >= 0.06 * len(words):
        return Language(best, round(share, 4))
    return _weigh(sample, stated, len(words), votes, total)


def _sample(text: str) -> str:
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]}"


def _vote(words: list[str]) -> tuple[dict[str, float], int]:
    votes: dict[str, float] = {}
    hits = 0
    for word, count in Counter(words).items():
        for language, weight in _WEIGHTS.get(word, {}).items():
            votes[language] = votes.get(language, 0.0) + weight * count
        hits += count if word in _WEIGHTS else 0
    return votes, hits


def _count_letters(sample: str, votes: dict[str, float]) -> None:
    """Count letters that only Icelandic and Faroese write; Danish and Norwegian never do."""
    eth, thorn = sample.count("ð"), sample.count("þ")
    if thorn:
        votes["is"] = votes.get("is", 0.0) + thorn + eth
    elif eth:
        votes["fo"] = votes.get("fo", 0.0) + eth


def _weigh(sample: str, stated: str | None, words: int, votes: dict[str, float], total: float) -> Language:
    """Weigh common words, langdetect and the source's own word against each other."""
    belief = {language: vote / total for language, vote in votes.items()} if total else {}
    weight = min(total / 8, 1.0)
    scores = {language: weight * share for language, share in belief.items()}
    for language, probability in _langdetect(sample):
        if language == "nb" and votes.get("nn", 0.0) > votes.get("nb", 0.0):
            language = "nn"  # noqa: PLW2901 - langdetect knows one Norwegian; common words tell the two apart
        scores[language] = scores.get(language, 0.0) + (1.2 - 0.6 * weight) * probability
    if stated and words < _FEW_WORDS:
        scores[stated] = scores.get(stated, 0.0) + 1.0 - words / _FEW_WORDS
    if not scores:
        return Language(None, 0.0)
    best = max(scores.items(), key=lambda item: (item[1], item[0]))[0]
    return Language(best, round(scores[best] / sum(scores.values()), 4))


@cache
def _factory() -> Any:
    from langdetect import detector_factory

    detector_factory.init_factory()
    factory = detector_factory._factory
    factory.set_seed(0)
    return factory


def _langdetect(sample: str) -> list[tuple[str, float]]:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.append(sample[:2000])
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return []
    return [("nb" if language.lang == "no" else language.lang, language.prob) for language in found]
