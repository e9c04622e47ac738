"""Which language a text is in, with a score, and above all: is it Danish?

Common words decide the clear cases in a few microseconds: each language has words that its neighbours do not share
(``af`` is Danish, ``av`` is not). What they do not decide goes to langdetect, seeded, whose answer is weighed with
theirs. Old Danish spelling (``paa``, ``haffuer``, ``oc``) is Danish.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

VERSION = 3

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 1500
_DOUBT = 3
"""Words of one language alone that must stand against none before they count for half."""
_CLEAR_MARGIN = 0.4
_CANDIDATES = 4
_FEW_WORDS = 20
_TRIALS = 3
_LANGDETECT_CHARACTERS = 1000

MARKERS: dict[str, str] = {
    "da": "af efter hvad mig dig sig nogle nogen ikke også blev bliver havde meget mange skal kunne ville være til "
    "fra uden mellem eller hvor hvordan hvorfor selv siden gennem igennem derfor jeg hun han de det den der "
    "at og om på for med som er var et en op ud ned ind hvis sådan noget hele flere lige lov stk nr herefter i "
    "under over men ved her igen alle alt min din sin mit dit sit du ham hende dem os vi vor så når kun to hans "
    "hendes dette denne disse har kan vil må mod intet ingen kom gik stod sagde hvem hver man dog endnu hos "
    "paa saa naar ogsaa aldrig altid gaar faar maa deres vores thi nu end oc aff effter haffuer haver hafver "
    "icke ey ej hvo skulle vilde kunde skulde bleve enhver saadan imod indtil ifølge medfør bekendtgørelse "
    "ieg hand hannem dend huad huor bleff bliffuer giffue vaar eder thi eders maatte haver hvilken hvilket uti "
    "foretages følgende ændringer ændres indsættes udgår stykke jf mv kapitel",
    "nb": "av etter hva meg deg seg noe noen ikke også ble blir hadde mye mange skal kunne ville være til fra uten "
    "mellom eller hvor hvordan hvorfor selv siden gjennom derfor jeg hun han de det den der at og om på for med som er "
    "var et en opp ut ned inn hvis slik hele flere like lov nå bare fram frem enn "
    "sammen hverandre igjen begge norske norsk regjeringen forskrift måte språk fordi sånn vært blitt i under over "
    "men ved her alle alt min din sin mitt ditt sitt du ham henne dem oss vi vår så når kun to hans hennes dette "
    "denne disse har kan vil må mot intet ingen kom gikk sto sa hvem hver man dog hos",
    "nn": "ikkje eg ein eit frå dei vere vore korleis kva kven nokon noko mykje berre dette denne saman etter av til "
    "som er på med for om vert vart skal kan han ho og at det den å gjere seg meg deg òg mellom i under over men "
    "ved her alle alt min din sin mitt ditt sitt du dei oss vi vår så når to hans har vil må mot kom kven man",
    "sv": "och att är inte jag som för på av till från eller efter också hade har skall kan det den ett en de han hon "
    "sig mig dig om men vid mot under mellan genom utan något några mycket många blev blir varit när där här sin över "
    "vara skulle kunna ock icke hvad hvilken uti ej sitt deras vad upp ut in än så i alla allt min din mitt ditt du "
    "dem oss vi vår hans dess denna detta kom man mera",
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
"""Common words by language; what tells two apart is a word that only one of them has."""


def _languages_by_word() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for language, listed in MARKERS.items():
        for word in listed.split():
            words.setdefault(word, set()).add(language)
    return {word: frozenset(languages) for word, languages in words.items()}


_LANGUAGES = _languages_by_word()


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
    hits = _hits(words, sample)
    best, margin = _compare(hits)
    if margin >= _CLEAR_MARGIN:
        return Language(best, round(margin, 4))
    return _weigh(sample, stated, len(words), hits)


def _sample(text: str) -> str:
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]}"


def _hits(words: list[str], sample: str) -> dict[frozenset[str], int]:
    """Count common words by the set of languages they are common in."""
    hits: dict[frozenset[str], int] = {}
    for word, count in Counter(words).items():
        if (languages := _LANGUAGES.get(word)) is not None:
            hits[languages] = hits.get(languages, 0) + count
    # Letters that only Icelandic and Faroese write; Danish and Norwegian never do.
    eth, thorn = sample.count("ð"), sample.count("þ")
    if eth + thorn:
        language = frozenset({"is" if thorn else "fo"})
        hits[language] = hits.get(language, 0) + eth + thorn
    return hits


def _compare(hits: dict[frozenset[str], int]) -> tuple[str | None, float]:
    """Return the language with most common words, and by how much it beats its strongest rival, from 0 to 1.

    Two languages are compared by the words that only one of them has: Danish and Norwegian share most.
    """
    totals: Counter[str] = Counter()
    for languages, count in hits.items():
        for language in languages:
            totals[language] += count
    if not totals:
        return None, 0.0
    strongest = sorted(totals, key=lambda language: (-totals[language], language))[:_CANDIDATES]
    return max(((language, _margin(language, hits, totals)) for language in strongest), key=lambda found: found[1])


def _margin(language: str, hits: dict[frozenset[str], int], totals: Mapping[str, int]) -> float:
    """Return by how much a language beats the strongest of its rivals, from -1 to 1."""
    shared = dict.fromkeys(totals, 0)
    for languages, count in hits.items():
        if language in languages:
            for other in languages:
                shared[other] += count
    margin = 1.0
    for rival, theirs_in_all in totals.items():
        if rival != language:
            own, theirs = totals[language] - shared[rival], theirs_in_all - shared[rival]
            margin = min(margin, (own - theirs) / (own + theirs + _DOUBT))
    return margin


def _weigh(sample: str, stated: str | None, words: int, hits: dict[frozenset[str], int]) -> Language:
    """Weigh common words, langdetect and the source's own word against each other."""
    votes: dict[str, float] = {}
    for languages, count in hits.items():
        for language in languages:
            votes[language] = votes.get(language, 0.0) + count / len(languages) ** 1.5
    total = sum(votes.values())
    weight = min(total / 8, 1.0)
    scores = {language: weight * vote / total for language, vote in votes.items()}
    # Of one word langdetect is as sure as of a page: "Tak." is Indonesian to it.
    trust = (1.2 - 0.6 * weight) * min(words / _FEW_WORDS, 1.0)
    for language, probability in _langdetect(sample):
        if language == "nb" and votes.get("nn", 0.0) > votes.get("nb", 0.0):
            language = "nn"  # noqa: PLW2901 - langdetect knows one Norwegian; common words tell the two apart
        scores[language] = scores.get(language, 0.0) + trust * probability
    if stated and words < _FEW_WORDS:
        scores[stated] = scores.get(stated, 0.0) + 1.0 - words / _FEW_WORDS
    if not scores:
        return Language(None, 0.0)
    best = max(scores.items(), key=lambda item: (item[1], item[0]))[0]
    return Language(best, round(scores[best] / sum(scores.values()), 4))


_LOADING = Lock()


@cache
def _factory() -> Any:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    # By name: the order in which a disk lists them would reach the last digits of the scores.
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if not path.name.startswith("."))
    factory.load_json_profile([path.read_text("utf-8") for path in profiles])
    factory.set_seed(0)
    return factory


def _langdetect(sample: str) -> list[tuple[str, float]]:
    from langdetect.lang_detect_exception import LangDetectException

    with _LOADING:
        detector = _factory().create()
    detector.n_trial = _TRIALS
    detector.append(sample[:_LANGDETECT_CHARACTERS])
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return []
    return [("nb" if language.lang == "no" else language.lang, language.prob) for language in found]
