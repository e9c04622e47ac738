"""Folketingstidende: the printed transcripts of the Folketing's sittings, as PDF or as its text; one document per turn.

A record is one sitting. ``docs/sources/folketingstidende.md`` says by which rules turns are found, and how often they
are right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from frisat.documents import Document, LeftOut, Record
from frisat.errors import EmptyRecordError, NotTextError
from sources._tidende.lines import lines_of
from sources._tidende.prose import paragraphs, without_announcements, without_insertions
from sources._tidende.sitting import FILE, Sitting, read_sitting
from sources._tidende.sittings import SITE, transcripts
from sources._tidende.turns import Reader, Turn
from sources.collecting import Found, Gone, Visit
from sources.readers._characters import readable

VERSION: int = 1

PACE: Final = {"oda.ft.dk": 0.25, "www.ft.dk": 1.0}

ANNOUNCEMENTS: Final = "case_announcements"
INSERTIONS: Final = "editors_insertions"

_NAME: Final = re.compile(rf"(?:.*[^0-9])?{FILE.pattern}\.pdf(?:\.txt)?", re.IGNORECASE)
_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ð": "d", "þ": "th", "ß": "ss", "ł": "l"})
_DIGITS: Final = 8


def accepts(path: str) -> bool:
    """Say whether ``path`` in a delivery is a sitting: ``…20231M031_2023-12-07_1000.pdf``, or ``.pdf.txt``."""
    names = path.split("/")
    return not any(name.startswith((".", "__MACOSX")) for name in names) and bool(_NAME.fullmatch(names[-1]))


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Ask for the transcripts of sittings that are new or changed, and again for those of the last sixty days.

    A sitting that the service has no more is gone; that is looked for once a month.

    Raises:
        FetchError, ServiceError: the open data service cannot be had, or does something else than it was asked for.
    """
    yield from transcripts(visit)


def extract(record: Record) -> Iterator[Document | LeftOut]:
    """Yield the turns of one sitting in order, then what was left out of it.

    Raises:
        NotTextError: neither a PDF nor text in UTF-8, or no transcript of a sitting.
        BrokenRecordError: a damaged PDF, or nothing says clearly which sitting it is.
        EmptyRecordError: no turn in it; raised after what it left out was counted.
    """
    text, left = _text(record)
    sitting = read_sitting(text, record.key)
    reader = Reader(sitting.opened)
    ids = _Ids(f"{record.source}/{sitting.key}")
    given = False
    for turn in reader.turns(lines_of(text)):
        found = paragraphs(turn.lines)
        if turn.tag.chair:
            found, announced = without_announcements(found)
            if announced:
                left[ANNOUNCEMENTS] += _letters(announced)
        found, inserted = without_insertions(found)
        if inserted:
            left[INSERTIONS] += _letters(inserted)
        if found:
            given = True
            yield _document(turn, "\n\n".join(found), sitting, ids, record)
    for kind, characters in sorted((left + reader.left).items()):
        yield LeftOut(kind=kind, characters=characters)
    if not given:
        raise EmptyRecordError(f"sitting {sitting.key} has no speech in it")


def _text(record: Record) -> tuple[str, Counter[str]]:
    """Return the text of a record as it is laid out on its pages, and what is not in it, by kind."""
    body = record.read()
    if body[:1024].lstrip().startswith(b"%PDF-"):
        from sources._tidende.layout import read_print

        text, left = read_print(body)
        return readable(text), Counter({f"pdf_{kind}": characters for kind, characters in left.items()})
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotTextError(f"is neither a PDF nor text in UTF-8 (byte {error.start:,})") from error
    if not text.strip():
        raise EmptyRecordError("holds nothing")
    return readable(text.replace("\r\n", "\n").replace("\t", "    ").replace("\f", "\n")), Counter()


def _letters(parts: list[str]) -> int:
    return sum(len("".join(part.split())) for part in parts)


def _document(turn: Turn, text: str, sitting: Sitting, ids: _Ids, record: Record) -> Document:
    time, minute, day = _moment(turn.start)
    details = {
        "speaker": turn.tag.name,
        "role": turn.role,
        "party": turn.tag.party,
        "session": sitting.session,
        "sitting": str(sitting.number),
        "item": turn.item.number,
        "subitem": turn.item.sub,
        "item_title": turn.item.title,
        "case": turn.item.case,
        "stage": turn.item.stage,
        "start": minute,
    }
    return Document(
        id=ids.take(f"{time}-{_slug(turn.tag.name)}", text),
        text=text,
        title=turn.item.title,
        created=(day, day),
        url=record.url or f"{SITE}/{sitting.session}/{sitting.file}.pdf",
        document_type="speech",
        parent_id=ids.sitting,
        author=turn.tag.name,
        details={key: value for key, value in details.items() if value},
    )


class _Ids:
    """Gives the turns of one sitting their ids: the time and the speaker, and a hash of what was said and said before.

    ``Ordføreren.`` is said by one chair several times in a minute; the turn before tells them apart. Where two turns
    and the ones before them are the same, the hash goes further back, until it differs.
    """

    def __init__(self, sitting: str) -> None:
        self.sitting = sitting
        self._said: list[str] = []
        self._taken: set[str] = set()

    def take(self, stem: str, text: str) -> str:
        """Return the id of the turn that follows those taken so far."""
        self._said.append(sha256(text.encode(errors="surrogatepass")).hexdigest())
        back = 2
        while True:
            digest = sha256("\n".join(self._said[-back:]).encode()).hexdigest()[:_DIGITS]
            name = f"{self.sitting}/{stem}-{digest}"
            if name not in self._taken or back > len(self._said):
                self._taken.add(name)
                return name
            back += 1


@lru_cache(maxsize=100)
def _moment(start: datetime) -> tuple[str, str, date]:
    """Return a time as in ids, as in details, and its day."""
    return f"{start:%Y%m%dT%H%M}", start.isoformat(timespec="minutes"), start.date()


@lru_cache(maxsize=2_000)
def _slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    ascii_letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_IN_IDS.sub("-", ascii_letters).strip("-")[:60] or "x"
