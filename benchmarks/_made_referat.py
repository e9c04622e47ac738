"""Makes transcripts of sittings in the publisher's XML, of invented words and people. The same seed, the same bytes.

The proportions follow what is known of the real ones: about 600 characters to a turn, a third of the turns a word or
two of the chair's, nearly all of plain paragraphs, one sentence to a line; an agenda before each item.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from xml.sax.saxutils import escape

from lxml import etree

Dialect = Literal["plain", "declared", "namespace"]
"""Indented and without a namespace (the oldest files); one line, a namespace declared and not used; one line, in it."""

NAMESPACE: Final = "http://FT.PIP.Afskrift.Schemas"
_START: Final = ("", "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "sk", "st", "tr", "bl", "fr")
_MIDDLE: Final = ("a", "e", "i", "o", "u", "y", "æ", "ø", "å", "ei", "au")
_STOP: Final = ("", "d", "g", "l", "m", "n", "r", "s", "t", "nd", "rt", "lse", "gt", "hed", "ning")
_FIRST: Final = ("Anna", "Bo", "Cilla", "Dorte", "Emil", "Frida", "Gorm", "Helle", "Ib", "Jytte", "Kaj", "Lone")
_LAST: Final = ("Agerbæk", "Birkholm", "Dalgård", "Engdal", "Fjordmark", "Gravlund", "Højbo", "Kærvang", "Strandby")
_PARTIES: Final = ("AB", "CD", "FG", "HK", "LM")
_SHORT: Final = ("Ordføreren.", "Ministeren.", "Værsgo.", "Spørgeren.", "Tak for det.", "Så er det ministeren.")


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    party: str
    role: str
    title: str
    number: int


class Maker:
    """Makes one sitting after another."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same every time, that is the point
        self._words = [self._word() for _ in range(6000)]
        people = [(first, last) for first in _FIRST for last in _LAST]
        self._random.shuffle(people)
        self._chair = self._person(0, people[0], "formand")
        self._ministers = [self._person(n, people[n], "minister") for n in range(1, 12)]
        self._members = [self._person(n, people[n], "medlem") for n in range(12, 100)]

    def sitting(self, session: str, number: int, size: int, dialect: Dialect = "namespace") -> bytes:
        """Return a sitting of about ``size`` bytes of XML."""
        day = datetime(int(session[:4]), 10, 7, 10) + timedelta(days=number)  # noqa: DTZ001 - local, as in the files
        parts = [self._meta(session, number, day)]
        length, now, item = 0, day + timedelta(seconds=2), 0
        while length < size or not item:
            turns = [turn for turn, now in self._turns(now)]
            now += timedelta(seconds=400 * len(turns))
            parts.append(self._item(item, "".join(turns)))
            length += len(parts[-1])
            item += 1
        parts.append(self._mark("MødeSlut", now))
        status = ' edixistatus="Foreløbig"' if dialect == "namespace" else ""
        space = {"plain": "", "declared": f' xmlns:ns0="{NAMESPACE}"', "namespace": f' xmlns="{NAMESPACE}"'}[dialect]
        body = f"<Dokument{space}{status}>{''.join(parts)}</Dokument>".encode()
        if dialect == "plain":
            root = etree.fromstring(body)
            etree.indent(root)
            body = etree.tostring(root, encoding="utf-8")
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + body

    # --- words ---

    def _word(self) -> str:
        pick = self._random.choice
        syllables = self._random.choices((1, 2, 3, 4), (5, 6, 3, 1))[0]
        return "".join(pick(_START) + pick(_MIDDLE) for _ in range(syllables)) + pick(_STOP)

    def _sentence(self) -> str:
        words = self._random.choices(self._words, k=self._random.randint(5, 28))
        commas = [f"{word}," if self._random.random() < 0.08 else word for word in words[:-1]]
        return " ".join([words[0].capitalize(), *commas[1:], words[-1]]) + self._random.choice("....?")

    def _person(self, number: int, name: tuple[str, str], role: str) -> Person:
        party = "" if role == "minister" else self._random.choice(_PARTIES)
        full = " ".join(name)
        office = "Formanden" if role == "formand" else f"{self._word().capitalize()}ministeren"
        title = f"{full} ({party}):" if role == "medlem" else f"{office} ({full}):"
        return Person(*name, party, role, title, 10_000 + number)

    # --- elements ---

    def _meta(self, session: str, number: int, day: datetime) -> str:
        return (
            f'<MetaMeeting><ParliamentarySession tingdokID="1">{session}</ParliamentarySession>'
            f'<ParliamentaryGroup tingdokID="2">Folketinget</ParliamentaryGroup><DateOfSitting>{day.isoformat()}'
            f"</DateOfSitting><MeetingNumber>{number}</MeetingNumber><Location>Salen</Location></MetaMeeting>"
            f"<TitelGruppe><Titel>{_line(f'{number}. møde')}</Titel></TitelGruppe>"
            f"<DagsordenPlan><PunktTekst>{self._block(6)}</PunktTekst></DagsordenPlan>"
        )

    def _item(self, number: int, turns: str) -> str:
        title = escape(self._sentence())
        case = "" if number == 0 else f"<FTCaseNumber>{100 + number}</FTCaseNumber><FTCaseType>L</FTCaseType>"
        return (
            f"<DagsordenPunkt><MetaFTAgendaItem><ItemNo>{number}</ItemNo>{case}<FTCaseStage>1</FTCaseStage>"
            f"<ShortTitle>{title}</ShortTitle></MetaFTAgendaItem><PunktTekst>{self._block(2)}</PunktTekst>"
            f"<Aktivitet><Rubrica>{_line('Forhandling')}</Rubrica>{turns}</Aktivitet></DagsordenPunkt>"
        )

    def _turns(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Yield the turns of one item: the chair gives the floor, a member or minister takes it."""
        for _ in range(self._random.randint(20, 120)):
            if self._random.random() < 0.42:
                now += timedelta(seconds=self._random.randint(3, 240))
                yield self._turn(self._chair, now, [[self._random.choice(_SHORT)]]), now
            speaker = self._random.choice([*self._members, *self._ministers * 3])
            count = self._random.choices((3, 8, 30), (5, 4, 1))[0]
            paragraphs = [[self._sentence() for _ in range(self._random.randint(1, count))]]
            if count == 30:
                paragraphs += [[self._sentence() for _ in range(self._random.randint(2, 8))] for _ in range(4)]
            now += timedelta(seconds=self._random.randint(3, 240))
            yield self._turn(speaker, now, paragraphs), now

    def _turn(self, person: Person, now: datetime, paragraphs: list[list[str]]) -> str:
        said = "".join(
            f"<Exitus>{''.join(_line(text, self._split) for text in lines)}</Exitus>" for lines in paragraphs
        )
        return (
            f'<Tale><TaleType>{_line("Kommentar")}</TaleType><Taler><MetaSpeakerMP tingdokID="{person.number}">'
            f"<OratorFirstName>{person.first}</OratorFirstName><OratorLastName>{person.last}</OratorLastName>"
            f"<GroupNameShort>{person.party}</GroupNameShort><OratorRole>{person.role}</OratorRole></MetaSpeakerMP>"
            f"<TalerTitel>{_line(person.title)}</TalerTitel></Taler>{_segment(now, said)}</Tale>"
        )

    def _mark(self, word: str, now: datetime) -> str:
        fields = "".join(f"<{n}>{word}</{n}>" for n in ("OratorFirstName", "OratorLastName", "GroupNameShort"))
        taler = f"<Taler><MetaSpeakerMP>{fields}<OratorRole>{word}</OratorRole></MetaSpeakerMP></Taler>"
        said = f"<Exitus>{_line('Mødet er hævet.')}</Exitus>"
        return f"<DagsordenPunkt><Aktivitet><Tale>{taler}{_segment(now, said)}</Tale></Aktivitet></DagsordenPunkt>"

    def _block(self, lines: int) -> str:
        return f"<Exitus>{''.join(_line(self._sentence()) for _ in range(lines))}</Exitus>"

    def _split(self) -> float:
        return self._random.random()


def _segment(now: datetime, said: str) -> str:
    end = now + timedelta(seconds=60)
    return (
        f"<TaleSegment><MetaSpeechSegment><LastModified>{now.isoformat()}</LastModified><EdixiStatus>Typeset"
        f"</EdixiStatus><StartDateTime>{now.isoformat()}</StartDateTime><EndDateTime>{end.isoformat()}</EndDateTime>"
        f"</MetaSpeechSegment><TekstGruppe>{said}</TekstGruppe></TaleSegment>"
    )


def _line(text: str, chance: Callable[[], float] | None = None) -> str:
    """Return a line; now and then a part of it is set in italics, even within a word."""
    if chance is None or chance() > 0.03:
        return f"<Linea><Char>{escape(text)}</Char></Linea>"
    cut, end = len(text) // 3, 2 * len(text) // 3
    runs = (("", text[:cut]), (' formaChar="Italic"', text[cut:end]), ("", text[end:]))
    return f"<Linea>{''.join(f'<Char{look}>{escape(run)}</Char>' for look, run in runs)}</Linea>"
