"""Transcripts of Folketinget's sittings, in the publisher's XML: one document per speech.

A record is one sitting. ``docs/sources/folketinget-referater.md`` says what is known of the format, and from where.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from frisat.documents import Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError
from sources._referat.record import Item, Sitting, read_sitting, turns
from sources._referat.repair import ends_within_a_turn, read_xml, turns_in
from sources._referat.speaker import Speaker, make_out
from sources._referat.text import Kinds, read_turn
from sources._referat.turn import Turn
from sources._referat.visit import FOLDER, sittings
from sources.collecting import Found, Gone, Visit

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

VERSION: int = 2

PACE: Final = {"oda.ft.dk": 0.5}

MARKS: Final = "sitting_marks"
NOBODY: Final = "turns_without_a_speaker"
UNWRITTEN: Final = "speeches_not_yet_written"
CUT: Final = "speech_cut_off"
REPEATED: Final = "repeated_turns"

_UNWRITTEN_TEXT: Final = re.compile(r"\(?Talen er under udarbejdelse\.?\)?\.?", re.IGNORECASE)
_NOT_IN_IDS: Final = re.compile(r"[^a-zA-Z0-9]+")
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def accepts(path: str) -> bool:
    """Say whether ``path`` in a delivery is a sitting: an XML file that is not hidden."""
    names = path.split("/")
    return names[-1].lower().endswith(".xml") and not any(name.startswith((".", "__MACOSX")) for name in names)


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Ask for the sittings of all sessions, the newest first; those of the last sixty days every time.

    Raises:
        FetchError: the list of sessions cannot be had, or is empty; or that of one session cannot, after all others
            were read.
    """
    return sittings(visit)


def extract(record: Record) -> Iterator[Document | LeftOut | Problem]:
    """Yield the speeches of one sitting in order, then what was left out, then what damage may have cost.

    Raises:
        NotTextError: not XML, or XML that is no transcript.
        BrokenRecordError: hostile, damaged beyond reading, or nothing says which sitting it is.
        EmptyRecordError: no speech in it; raised after what it left out was counted.
    """
    body = record.read()
    root, damage = read_xml(body)
    sitting = read_sitting(root, record.key)
    reader = _Reader(root, sitting, cut=damage is not None and ends_within_a_turn(body))
    try:
        yield from reader.documents(damaged=damage is not None)
    except RecursionError as error:
        raise BrokenRecordError("nests elements too deeply to be read") from error
    for kind, characters in sorted(reader.left.items()):
        if characters:
            yield LeftOut(kind=kind, characters=characters)
    if damage is not None:
        yield Problem(error=_damage(damage, turns_in(body), reader.read), content=record.sha256.encode())
    elif not reader.given:
        raise EmptyRecordError(f"{sitting.session} M{sitting.number} holds no speech")


def _damage(damage: str, there: int, read: int) -> BrokenRecordError:
    lost = f"{there - read} of its {there} turns could not be read" if there > read else "all turns were read"
    return BrokenRecordError(f"{damage}; it was read as far as it goes, and {lost}. Its speeches may lack text")


class _Reader:
    """Reads the speeches of one sitting and gives each an id."""

    def __init__(self, root: Element, sitting: Sitting, *, cut: bool) -> None:
        self.left: Counter[str] = Counter()
        self.read = 0
        self.given = 0
        self._root = root
        self._sitting = sitting
        self._cut = cut
        self._kinds = Kinds()
        self._speakers: dict[tuple[str, ...], Speaker] = {}
        self._shared: dict[tuple[Item, Speaker], dict[str, str]] = {}
        self._taken: dict[str, tuple[str, str]] = {}
        self._parent = f"folketinget-referater/{sitting.session}-M{sitting.number}"
        name = f"{sitting.session}/{sitting.session}_M{sitting.number}_helemoedet.xml"
        self._url = f"{FOLDER}{name}"
        self._last = f"{sitting.day:%Y%m%d}T000000" if sitting.day else "00000000T000000"

    def documents(self, *, damaged: bool) -> Iterator[Document]:
        """Yield the speeches in order."""
        found = turns(self._root, self.left, damaged=damaged)
        pending: Element | None = None
        if self._cut:
            *whole, (pending, _) = [*found] or [(None, Item())]
            found = iter(whole)
        for tale, item in found:
            self.read += 1
            document = self._document(read_turn(tale, self._kinds), item)
            if document is not None:
                self.given += 1
                yield document
        if pending is not None:
            self.left[CUT] += len(read_turn(pending, self._kinds).text)

    def _document(self, turn: Turn, item: Item) -> Document | None:
        """Return the speech, or nothing where nobody speaks or nothing is said."""
        if turn.left:
            self.left.update(turn.left)
        speaker = self._speaker(turn)
        kind = self._left_out(turn, speaker)
        if kind is not None:
            self.left[kind] += len(turn.text)
        if kind is not None or not turn.text:
            return None
        start = self._sitting.moment(turn.fields.start)
        name = self._id(turn, speaker, start)
        if name is None:
            self.left[REPEATED] += len(turn.text)
            return None
        end = self._sitting.moment(turn.fields.end)
        day = start[1] if start else self._sitting.day
        details = {**self._about(item, speaker)}
        more = (
            ("speaker_id", turn.speaker_id),
            ("start", start[0] if start else ""),
            ("end", end[0] if end else ""),
            ("turn_type", turn.turn_type),
            ("status", self._sitting.status or turn.fields.status.strip()),
        )
        for key, value in more:
            if value:
                details[key] = value
        return Document(
            id=name,
            text=turn.text,
            title=item.title or None,
            created=(day, day) if day else None,
            url=self._url,
            document_type="speech",
            parent_id=self._parent,
            author=speaker.name or None,
            details=details,
        )

    def _about(self, item: Item, speaker: Speaker) -> dict[str, str]:
        """Return the details that all speeches of a speaker on an item share."""
        found = self._shared.get((item, speaker))
        if found is None:
            values = {
                "speaker": speaker.name,
                "role": speaker.role,
                "party": speaker.party,
                "session": self._sitting.session,
                "sitting": self._sitting.number,
                "item": item.number,
                "subitem": item.subitem,
                "item_title": item.title,
                "case": item.case,
                "stage": item.stage,
            }
            found = self._shared[item, speaker] = {key: value for key, value in values.items() if value}
        return found

    def _speaker(self, turn: Turn) -> Speaker:
        """Return who speaks; the same few speak again and again."""
        key = (turn.title, *turn.fields[:4])
        speaker = self._speakers.get(key)
        if speaker is None:
            speaker = self._speakers[key] = make_out(turn.fields, turn.title)
        return speaker

    def _left_out(self, turn: Turn, speaker: Speaker) -> str | None:
        if speaker.is_mark:
            return MARKS
        if not speaker.name and not speaker.role:
            return NOBODY
        return UNWRITTEN if turn.text[:1] in "(Tt" and _UNWRITTEN_TEXT.fullmatch(turn.text) else None

    def _id(self, turn: Turn, speaker: Speaker, start: tuple[str, date] | None) -> str | None:
        """Return the speech's id: the second it begins in; in a second already taken, with who speaks.

        Where even that is taken, and where there is no time, a hash of speaker and text tells it apart, after the
        time of the speech before it, so that it stays in its place. ``None``: the same speech was there before.
        """
        if start is not None:
            self._last = start[0].replace("-", "").replace(":", "")
        time = f"{self._parent}/{self._last}"
        said = (speaker.name, turn.text)
        if start is not None and time not in self._taken:
            self._taken[time] = said
            return time
        who = _clean(turn.speaker_id) or _clean(speaker.name or speaker.role)
        digest = sha256("\n".join((speaker.name, speaker.role, turn.text)).encode()).hexdigest()[:12]
        for name in (*([time, f"{time}-{who}"] if start is not None and who else []), f"{time}-x{digest}"):
            if name not in self._taken:
                self._taken[name] = said
                return name
            if self._taken[name] == said:
                return None
        return None


def _clean(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    ascii_letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_IN_IDS.sub("-", ascii_letters).strip("-")[:60]
