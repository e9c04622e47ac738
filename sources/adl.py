"""ADL, Arkiv for Dansk Litteratur: Danish literature in TEI P5, one document per work.

A record is one volume. A work is an element with ``@decls``; its text is its own without the works nested in it.
Where a volume declares none, it is split at ``group/text``, else at its body's top divisions. What is not the
author's text is counted, not given. ``docs/sources/adl.md`` says what was read, measured and doubted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from frisat.documents import Document, LeftOut, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources._adl.facts import facts
from sources._adl.header import Volume, read_header
from sources._adl.matter import OUTSIDE_WORKS, SHORT_CONTAINER
from sources._adl.tei import TEI, find, plain
from sources._adl.text import Piece, Text, pieces
from sources._adl.works import Division
from sources.readers.xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from sources._adl.facts import Years

VERSION: int = 1

_CONTAINER_CHARACTERS: Final = 200
_HEAD_IN_ID: Final = 60
_NAME_IN_ID: Final = 100
_FRONT_CHARACTERS: Final = 10_000
_NAME_BEFORE_TITLE = re.compile(r"(?:^|[\s.])((?:[A-ZÆØÅ][\wæøå.]{1,20} ){1,2}[A-ZÆØÅ][\wæøå]{1,20}):")
_NOT_IN_IDS = re.compile(r"[^a-zA-Z0-9._-]+")
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ß": "ss"})


def accepts(path: str) -> bool:
    """Say whether a path in a delivery is a volume: an XML file that no system put there for itself."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts if part not in (".", ".."))
    return bool(parts) and not hidden and parts[-1].lower().endswith(".xml")


def extract(record: Record) -> Iterator[Document | LeftOut]:
    """Yield the works of one volume in reading order, then what was left out of it.

    Raises:
        NotTextError: not XML, or XML that is no TEI text.
        BrokenRecordError: malformed, cut short, hostile.
        EmptyRecordError: no bytes, or a volume without any text of an author's (a commentary, an index); raised
            after what it left out was counted.
    """
    root = parse_xml(record.read())
    body = _text_of(root)
    volume = read_header(root)
    division = Division(body, _others(root, volume))
    try:
        texts = division.run()
    except RecursionError as error:
        raise BrokenRecordError("nests elements too deeply to be a volume of literature") from error
    names = _Names(f"{record.source}/{_clean(PurePosixPath(record.key).stem) or record.sha256[:16]}")
    given = False
    for document in _documents(texts, volume, names, record.url, declares=bool(division.works)):
        if isinstance(document, LeftOut):
            division.left[document.kind] += document.characters
        else:
            given = True
            yield document
    for kind, characters in sorted(division.left.items()):
        yield LeftOut(kind=kind, characters=characters)
    if not given:
        what = ", ".join(f"{kind} {characters}" for kind, characters in sorted(division.left.items()))
        raise EmptyRecordError(f"holds no text of an author's; left out, in characters: {what or 'nothing'}")


def _text_of(root: Element) -> Element:
    if root.tag != TEI + "TEI":
        raise NotTextError(f"is XML, but no TEI P5 volume: its root is {str(root.tag)[:80]!r}")
    text = find(root, "text")
    if text is None:
        raise BrokenRecordError("is a TEI file without a text element; fetch it again")
    return text


def _others(root: Element, volume: Volume) -> tuple[str, ...]:
    """Return, in lower case, the people the volume names who are not its author: their parts are not the author's."""
    author = (volume.author or "").casefold()
    front = root.find(f"{TEI}text/{TEI}front")
    listed = _NAME_BEFORE_TITLE.findall("\n".join(front.itertext())[:_FRONT_CHARACTERS]) if front is not None else []
    places = [place for place in (find(root, "teiHeader"), front) if place is not None]
    named = [plain(node) for place in places for node in place.iter(TEI + "resp", TEI + "editor", TEI + "name")]
    found = (name.casefold() for name in (*named, *listed) if len(name.split()) > 1)
    return tuple(dict.fromkeys(name for name in found if not author or author not in name))


class _Names:
    """Gives out ids within one volume: each once."""

    def __init__(self, volume: str) -> None:
        self.volume = volume
        self._taken: set[str] = set()
        self._again: Counter[tuple[str, str]] = Counter()

    def take(self, base: str, page: str | None, piece: Piece) -> str:
        """Return an id under ``base``: the page; where that is taken, with the head; then with a hash of the text.

        Only the same text a fourth time on one page gets a number.
        """
        stem = f"{base}/{_page(page)}" if page else base
        head = _clean(piece.heads[-1] if piece.heads else piece.text[:_HEAD_IN_ID])[:_HEAD_IN_ID].lower().strip("-.")
        digest = sha256(piece.text.encode()).hexdigest()[:16]
        named = [stem] if page else []
        named += [f"{stem}/{head}"] * bool(head) + [f"{stem}/{digest}", f"{stem}/{head or 'x'}-{digest}"]
        name = next((name for name in named if name not in self._taken), None)
        while name is None or name in self._taken:
            self._again[stem, digest] += 1
            name = f"{stem}/{digest}-{self._again[stem, digest]}"
        self._taken.add(name)
        return name

    def text(self, text: Text, above: str, parts: list[Piece]) -> str:
        """Return the id of a text: its declared one (a repeated one goes on with its page), else its page."""
        first = parts[0] if parts else Piece("", "", (), text.page, (text.page, text.page))
        declared = _clean(text.declared or "")
        name = f"{self.volume}/{declared}"
        if declared and name not in self._taken:
            self._taken.add(name)
            return name
        return self.take(name if declared else above, text.page, first)


def _clean(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    ascii_letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_IN_IDS.sub("-", ascii_letters).strip("-.")[:_NAME_IN_ID]


def _page(number: str) -> str:
    """Return a page number as part of an id, so that ids sort as pages do.

    Digits are filled up to four; Roman numbers and letters, which number the leaves before them, begin with ``0-``.
    """
    return number.zfill(4) if number.isdecimal() and number.isascii() else f"0-{_clean(number)}"


def _documents(
    texts: list[Text], volume: Volume, names: _Names, url: str | None, *, declares: bool
) -> Iterator[Document | LeftOut]:
    own: dict[Text | None, str] = {}
    years: dict[Text | None, Years | None] = {}
    for text in texts:
        parts = list(pieces(text))
        characters = sum(len(part.text) for part in parts)
        if characters < _CONTAINER_CHARACTERS and (text.holds_works or (declares and text.declared is None)):
            yield LeftOut(kind=SHORT_CONTAINER if text.holds_works else OUTSIDE_WORKS, characters=characters)
            parts = []
        if not parts and text.declared is None:
            continue
        above = own.get(text.parent, names.volume)
        common = facts(text, volume, url, years.get(text.parent))
        years[text] = common.years
        own[text] = names.volume if text.every_division else names.text(text, above, parts)
        for part in parts:
            if len(parts) == 1 and not text.every_division:
                yield common.document(own[text], above, part)
            else:
                yield common.document(names.take(own[text], part.page, part), own[text], part)
