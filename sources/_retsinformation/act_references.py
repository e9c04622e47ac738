"""Which acts a Danish act names: what it amends, what it consolidates, what came after it.

Every act is written as the publisher's short name writes it: ``LBK nr 913 af 13/07/2010``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

_MONTHS: Final = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_KINDS: Final = {"lovbekendtgørelse": "LBK", "bekendtgørelse": "BEK", "anordning": "ANO"}
"""What the publisher calls them; everything else is a ``LOV``, also a "fællesmærkelov"."""
_REFERENCE: Final = re.compile(
    r"\b(lov-?be-?kendt-?gørelse|bekendtgørelse|anordning|\w*lov)\s+(?:(?:nr|af)\b\.?\s*)*(\d{1,5})\s+"
    rf"(?:af\s+)?(?:den\s+)?(\d{{1,2}})\.*\s*({'|'.join(_MONTHS)})\s+(\d{{4}})",
    re.IGNORECASE,
)
"""Slips are common: a hyphen left from the end of a printed line, "nr. nr.", a missing "af"."""

_SHORT_NAME: Final = re.compile(r"([A-ZÆØÅ]{2,5}) nr (\d{1,5}) af (\d{2}/\d{2}/\d{4})")
_LONG: Final = 20_000
"""Characters of a sentence that are looked through; the longest real one has 6,000."""

_INVISIBLE: Final = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060))
_CHANGES: Final = re.compile(
    r"\bmed\s+de[nt]?\s+(?:ændring|tilføjelse)|\bsom\s+(?:\w+\s+)?ændret|\bsenest\s+ændret", re.I
)
_AMENDS: Final = re.compile(r",?\s*(?:som\s+(?:\w+\s+){0,4}ændret|foretages|affattes)\b.*", re.DOTALL)


def references(text: str) -> list[str]:
    """Return the acts that ``text`` names by number and date, each once, in order."""
    found = (
        f"{_KINDS.get(kind.lower().replace('-', ''), 'LOV')} nr {int(number)} af "
        f"{int(day):02d}/{_MONTHS.index(month.lower()) + 1:02d}/{year}"
        for kind, number, day, month, year in _REFERENCE.findall(text)
    )
    return list(dict.fromkeys(found))


def short_name(text: str) -> str | None:
    """Return the act's short name that ``text`` begins with ("LBK nr 433 af 22/04/2014"), or nothing ("Ingen")."""
    match = _SHORT_NAME.match(text)
    return match.group() if match else None


def amended_acts(root: etree._Element) -> list[str]:
    """Return what an amending act amends: short names, or an act's title where it is named without number and date."""
    parents = (number.getparent() for number in root.iter("AendringsNummer"))
    leads = (
        _sentences(parent)
        for parent in dict.fromkeys(parents)
        if parent is not None and parent.tag != "AendringNyTekst" and _is_own(parent)
    )
    return list(dict.fromkeys(act for lead in leads if (act := _amended(" ".join(lead)))))


def _is_own(node: etree._Element) -> bool:
    """Say whether ``node`` is the act's own text, not text that it puts into another act."""
    return next(node.iterancestors("AendringNyTekst"), None) is None


def _amended(lead: str) -> str | None:
    named = _AMENDS.sub("", lead[:_LONG])
    found = references(named)
    if found:
        return found[0]
    name = named.strip(" ,.:").removeprefix("I ")
    return name if named.lstrip().startswith("I ") and 0 < len(name) <= 300 else None


def consolidated_acts(root: etree._Element) -> tuple[list[str], list[str]]:
    """Return what a consolidation states of itself: the act it restates, and the amending acts it has worked in.

    Only the sentence that promulgates it counts; later sentences name amendments that are *not* worked in.
    """
    intro = root.find("DokumentIndhold/Indledning")
    text = _promulgation(_sentences(intro)) if intro is not None else ""
    restated = references(_CHANGES.split(text, maxsplit=1)[0])[:1]
    return restated, [act for act in references(text) if act not in restated]


def _promulgation(sentences: list[str]) -> str:
    """Return the sentence "Herved bekendtgøres …", put together where the publisher split it at an abbreviation."""
    text = ""
    for sentence in sentences:
        if not text and "bekendtgøres" not in sentence:
            continue
        if len(text) > _LONG or (references(text) and sentence[:1].isupper()):
            break
        text = f"{text} {sentence}"
    return text


def _sentences(node: etree._Element) -> list[str]:
    """Return the sentences in the paragraphs that stand right under ``node``, footnotes left out."""
    return [text for paragraph in node.iterchildren("Exitus") for text in _texts(paragraph)]


def _texts(paragraph: etree._Element) -> Iterator[str]:
    for line in paragraph.iterchildren("Linea"):
        text = " ".join("".join(line.itertext("Linea", "Char", with_tail=False)).translate(_INVISIBLE).split())
        if text:
            yield text
