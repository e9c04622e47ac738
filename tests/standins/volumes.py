"""Made-up bound volumes of a parliament's proceedings, in the print and spelling of five periods, and badly scanned.

No sentence is taken from a real volume. Each volume tells what was put into it, so that tests can ask for it back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_SENTENCES: Final = {
    1849: (
        "Jeg skal kun tillade mig at bemærke, at Broen over Aaen ei kan bære flere Vogne, end der nu kjøre over den.",
        "Det ærede Medlem fra det søndre Kald har meent, at Fyret burde flyttes; jeg svarer, at det staaer godt.",
        "Committeen har havt Planen for sig i fjorten Dage, og har ikke fundet Anledning til at forandre den.",
        "Naar man vil bygge en Mølle, maa man først have Vand, og Vandet mangler os endnu i dette Aar.",
        "Saaledes som Sagen staaer, troer jeg, at Forsamlingen gjør rettest i at overgive den til anden Behandling.",
    ),
    1880: (
        "Den ærede Ordfører sagde, at Havnen var for dyb; men Fiskerne deroppe sige netop det Modsatte.",
        "Udvalgets Flertal indstiller, at der bevilges 400 Kr. til et nyt Tag paa Baadehuset ved Sundet.",
        "Jeg har ikke begjæret Ordet for at forlænge Forhandlingen, men for at gjøre opmærksom paa en Feil i Tallene.",
        "Regjeringen har efter moden Overvejelse ment at burde lade Vejen føre norden om Mosen.",
        "Hermed er første Behandling sluttet, og Sagen overgaar efter Formandens Forslag til anden Behandling.",
    ),
    1910: (
        "Den højtærede Minister vil forstaa, at man paa Øen nødig venter endnu en Vinter paa sin Dampfærge.",
        "Jeg skal anbefale det ærede Ting at stemme for Ændringsforslaget under Nr. 4, som Mindretallet har stillet.",
        "Tallene for Kartoffelhøsten er ikke de samme i Bilaget som i selve Betænkningen; det maa rettes.",
        "Der er talt saa meget om Smør, at jeg hellere vil sige et Par Ord om Osten.",
        "Det gør ingen Forskel for Skolen, om Ovnen staar mod Øst eller mod Vest, naar blot den varmer.",
    ),
    1950: (
        "Det ærede medlem spurgte, hvorfor sneploven kørte tom fra byen til fjorden; det gjorde den heller ikke.",
        "Jeg kan på mit partis vegne tiltræde, at sagen henvises til et udvalg på 17 medlemmer.",
        "Ministeren har givet os et godt svar, men det var ikke svaret på det, vi spurgte om.",
        "Bevillingen til frugttræerne langs landevejen er nedsat med 3 000 kr., og det beklager vi.",
        "Hermed sluttede forhandlingen, og lovforslaget overgik derefter til anden behandling.",
    ),
    1980: (
        "Jeg tror ikke, at nogen her i salen har talt bierne, før forslaget blev skrevet.",
        "Vi kan støtte forslaget, hvis det bliver gjort klart, hvem der skal fylde kridt i tavlerne.",
        "Ordføreren siger, at toget altid er for sent; men det var til tiden i går, for jeg var selv med.",
        "Det er et beskedent beløb, og det er brugt, inden første spade er stukket i jorden.",
        "Så er der ikke flere, der har bedt om ordet, og forhandlingen er sluttet.",
    ),
}
_ONES: Final = "Første Andet Tredie Fjerde Femte Sjette Syvende Ottende Niende Tiende Ellevte Tolvte".split()  # noqa: SIM905
_DAYS: Final = "Mandagen Tirsdagen Onsdagen Torsdagen Fredagen Løverdagen Søndagen".split()  # noqa: SIM905
_MONTHS_1849: Final = (
    "Januar", "Februar", "Marts", "April", "Mai", "Juni", "Juli", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SWAPS: Final = {"ø": "o", "æ": "œ", "m": "rn", "c": "e", "l": "1", "f": "s", "i": "l", "e": "c", "u": "n"}


def _suffixed(number: int) -> str:
    """Return a number as print had it about 1850: 1ste, 2den, 3die, 4de, 5te, 7de, 21de, 30te."""
    special = {1: "ste", 2: "den", 3: "die", 5: "te", 6: "te", 11: "te", 12: "te", 30: "te"}
    return f"{number}{special.get(number, 'de')}"


def _heading_1849(number: int, day: date) -> str:
    name = _ONES[number - 1] if number <= len(_ONES) else _suffixed(number)
    when = f"{_DAYS[day.weekday()]} den {_suffixed(day.day)} {_MONTHS_1849[day.month - 1]}"
    return f"{name} Møde.\n\n{when} {day.year}."


def _heading_1880(number: int, day: date) -> str:
    weekday, month = _DAYS[day.weekday()].removesuffix("en"), _MONTHS_1849[day.month - 1].replace("c", "k", 1)
    return f"{_suffixed(number)} Møde. {weekday} den {_suffixed(day.day)} {month}."


def _heading_1910(number: int, day: date) -> str:
    weekday = _DAYS[day.weekday()].removesuffix("en").replace("Løver", "Lør")
    month = _MONTHS_1849[day.month - 1].replace("Mai", "Maj").replace("October", "Oktober")
    return f"{weekday} den {day.day}. {month} {day.year}.\n{number}. M ø d e."


def _heading_1950(number: int, day: date) -> str:
    weekday = _DAYS[day.weekday()].removesuffix("en").replace("Løver", "Lør")
    month = _MONTHS_1849[day.month - 1].replace("Mai", "Maj").replace("October", "Oktober").lower()
    return f"{number}. MØDE\n{weekday} den {day.day}. {month} {day.year} kl. 13"


def _heading_1980(number: int, day: date) -> str:
    weekday = _DAYS[day.weekday()].removesuffix("en").replace("Løver", "Lør")
    month = _MONTHS_1849[day.month - 1].replace("Mai", "Maj").replace("October", "Oktober").lower()
    return f"{number}. møde\n\n{weekday} den {day.day}. {month} kl. 10.00"


_HEADINGS: Final[dict[int, Callable[[int, date], str]]] = {
    1849: _heading_1849, 1880: _heading_1880, 1910: _heading_1910, 1950: _heading_1950, 1980: _heading_1980,
}  # fmt: skip
PERIODS: Final = tuple(_HEADINGS)


@dataclass(frozen=True, slots=True)
class Volume:
    """A made-up volume: its text, its years, and the sittings in it."""

    text: str
    years: tuple[int, int]
    sittings: tuple[tuple[int, date], ...]


def speech(period: int, characters: int, random_: random.Random) -> str:
    """Return paragraphs of speech of about so many characters, in lines as print has them."""
    paragraphs, size = [], 0
    while size < characters:
        said = " ".join(random_.choices(_SENTENCES[period], k=random_.randint(3, 8)))
        words, line, lines = said.split(" "), "", []
        for word in words:
            if len(line) + len(word) > 62:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        paragraphs.append("\n".join([*lines, line]))
        size += len(said)
    return "\n\n".join(paragraphs)


def days_of_session(year: int, count: int) -> list[date]:
    """Return the days of ``count`` sittings from the first Tuesday of October of ``year`` on."""
    day = date(year, 10, 1)
    day += timedelta((1 - day.weekday()) % 7)
    days: list[date] = []
    while len(days) < count:
        if day.weekday() < 5 and not (day.month == 12 and day.day > 20):
            days.append(day)
        day += timedelta(1 if len(days) % 5 else 2)
    return days


def volume(
    period: int,
    sittings: int = 6,
    characters: int = 40_000,
    *,
    pages: str = "",
    noise: float = 0.0,
    front: bool = True,
    listed: bool = False,
    seed: int = 1,
) -> Volume:
    """Return a volume.

    Args:
        period: one of ``PERIODS``.
        sittings: how many.
        characters: of each sitting, about.
        pages: "feeds" for form feeds with running heads, "numbers" for lone page numbers, or nothing.
        noise: the share of letters in speech that scanning has confused; headings keep enough to be read.
        front: a title page before the first sitting.
        listed: a table of contents with every sitting in the front.
        seed: other seeds, other words.
    """
    random_ = random.Random(seed)  # noqa: S311 - words, not secrets
    held = tuple(enumerate(days_of_session(period, sittings), start=1))
    pieces = []
    if front:
        pieces.append(
            f"Rigsdagstidende.\n\nForhandlingerne i {period}-{period + 1}.\n\nTrykt hos Bogtrykker Aagaard Sand."
        )
    if listed:
        pieces += [_HEADINGS[period](number, day).replace("\n", " ") for number, day in held]
    for number, day in held:
        said = speech(period, characters, random_)
        pieces += [_HEADINGS[period](number, day), _scanned(said, noise, random_)]
    text = "\n\n".join(pieces)
    if pages:
        text = _paged(text, pages, held)
    return Volume(text, (period, period + 1), held)


def _scanned(text: str, noise: float, random_: random.Random) -> str:
    if not noise:
        return text
    return "".join(_SWAPS.get(c, c) if random_.random() < noise else c for c in text)


def _paged(text: str, pages: str, held: Sequence[tuple[int, date]]) -> str:
    """Break ``text`` into pages of forty-four lines, each with its number."""
    lines = text.split("\n")
    leaves = [lines[at : at + 44] for at in range(0, len(lines), 44)]
    printed = []
    for number, leaf in enumerate(leaves, start=17):
        head = f"{number}        Forhandlinger.  {_suffixed(held[0][0])} Møde." if pages == "feeds" else f"{number}"
        printed.append("\n".join([head, *leaf]))
    return ("\f" if pages == "feeds" else "\n").join(printed)
