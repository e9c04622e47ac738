"""The first look: common words that one language has and Danish has not, counted for all languages in one addition.

A table gives each common word one whole number, in which every rival of Danish has two fields: is the word Danish and
not theirs, is it theirs and not Danish. Adding the numbers of a text's words counts all of it at once, without a
Python step per word.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from operator import ge, gt, sub
from pathlib import Path

MARKERS: dict[str, str] = {
    "da": "af efter hvad mig dig sig nogle nogen ikke også blev bliver havde meget mange skal kunne ville være til "
    "fra uden mellem eller hvor hvordan hvorfor selv siden gennem igennem derfor jeg hun han de det den der "
    "at og om på for med som er var et en op ud ned ind hvis sådan noget hele flere lige lov stk nr herefter i "
    "under over men ved her igen alle alt min din sin mit dit sit du ham hende dem os vi vor så når kun to hans "
    "hendes dette denne disse har kan vil må mod intet ingen kom gik stod sagde hvem hver man dog endnu hos "
    "paa saa naar ogsaa aldrig altid gaar faar maa deres vores thi nu end oc aff effter haffuer haver hafver "
    "icke ey ej hvo skulle vilde kunde skulde bleve enhver saadan imod indtil ifølge medfør bekendtgørelse "
    "ieg hand hannem dend huad huor bleff bliffuer giffue vaar eder thi eders maatte haver hvilken hvilket uti "
    "foretages følgende ændringer ændres indsættes udgår stykke jf mv kapitel bare fordi frem fremad sammen begge "
    "nå norske norsk blot samt ligeledes",
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

_PAIRS = Path(__file__).with_name("language_pairs.tsv")
"""Some 1,800 common words that Danish and Norwegian spell differently, and those that they share."""

RIVALS = tuple(code for code in MARKERS if code != "da")

_BITS = 16
_SIZE = 2 * len(RIVALS)
_FIELDS = struct.Struct(f"<{_SIZE}H")
_ENOUGH = 3
_TIMES = 4
_MANY = 8


def pairs() -> dict[str, frozenset[str]]:
    """Return the words of ``language_pairs.tsv``: Danish (``da``), Norwegian (``nb``), and common to ``both``."""
    words: dict[str, set[str]] = {"da": set(), "nb": set(), "both": set()}
    for line in _PAIRS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            whose, _, listed = line.partition("\t")
            words[whose].update(listed.split())
    return {whose: frozenset(found) for whose, found in words.items()}


def _listed() -> dict[str, frozenset[str]]:
    """Return the common words of each language, those of ``pairs`` among them."""
    listed = {code: frozenset(words.split()) for code, words in MARKERS.items()}
    spelled = pairs()
    listed["da"] |= spelled["da"] | spelled["both"]
    for rival in RIVALS:
        # The pairs were written to part Danish from Norwegian; other languages may well have words spelled the same.
        listed[rival] |= spelled["both"] if rival in ("nb", "nn") else spelled["both"] | spelled["da"]
    listed["nb"] |= spelled["nb"]
    return listed


def _table() -> dict[str, int]:
    """Return the number of each word, written small, with a capital, and all in capitals."""
    listed = _listed()
    table: dict[str, int] = {}
    for word in sorted(frozenset().union(*listed.values())):
        number = 0
        for position, rival in enumerate(RIVALS):
            danish, theirs = word in listed["da"], word in listed[rival]
            if danish != theirs:
                number |= 1 << _BITS * (2 * position + theirs)
        if number:
            table.update(dict.fromkeys((word, word.capitalize(), word.upper()), number))
    return table


_TABLE = _table()
_WORDS = frozenset(_TABLE)


@dataclass(frozen=True, slots=True)
class Hits:
    """What the words of a text count for.

    Attributes:
        danish: for each of ``RIVALS``, how many words are common in Danish and not in it.
        theirs: for each of ``RIVALS``, how many words are common in it and not in Danish.
    """

    danish: tuple[int, ...]
    theirs: tuple[int, ...]

    @property
    def clearly_danish(self) -> bool:
        """Whether Danish beats each rival, with three words of its own, and four more for each of theirs."""
        return all(map(ge, self.danish, [_ENOUGH + _TIMES * others for others in self.theirs]))

    @property
    def leans_danish(self) -> bool:
        """Whether Danish has a word against each rival, and none has a word of its own."""
        return all(self.danish) and not any(self.theirs)

    @property
    def leans_away(self) -> bool:
        """Whether some rival has more words of its own than Danish has against it."""
        return any(map(gt, self.theirs, self.danish))

    @property
    def clear_rival(self) -> str | None:
        """The rival that beats Danish by four to one and is ahead of every other rival by two to one; or none."""
        most = max(self.theirs)
        best = self.theirs.index(most)
        if most < _MANY + _TIMES * self.danish[best]:
            return None
        if any(2 * theirs > most for position, theirs in enumerate(self.theirs) if position != best):
            return None
        return RIVALS[best]

    @property
    def balance(self) -> int:
        """How many more words stand for Danish than for its strongest rival; below zero, for the rival."""
        lowest: int = min(map(sub, self.danish, self.theirs))
        return lowest


def count(words: Iterable[str]) -> Hits:
    """Count the different common words among ``words``, which are what stands between white space.

    A word counts once, however often it comes: a refrain, or a form filled in, says no more than its words.
    """
    common = _WORDS.intersection(words)
    fields = _FIELDS.unpack(sum(map(_TABLE.__getitem__, common)).to_bytes(_FIELDS.size, "little"))
    return Hits(fields[0::2], fields[1::2])
