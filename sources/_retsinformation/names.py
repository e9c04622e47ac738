"""What Retsinformation calls an act: its accession number, its European Legislation Identifier, and its type."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

SITE: Final = "https://www.retsinformation.dk"
HOSTS: Final = ("www.retsinformation.dk", "retsinformation.dk")

TYPES: Final = ("LOV", "LBK")
"""The document types of this source, as its descriptor declares them: nothing else is published, or asked for by name.

The list of all addresses does not tell types, so what stands among them is archived whatever it is.
"""

_WORDS: Final = {"Lov": "LOV", "Lovbekendtgørelse": "LBK"}
"""How files from before 2008 write their type."""
_JOURNALS: Final = ("lta",)
"""Lovtidende A, where acts are announced. B holds appropriations, C treaties, Ministerialtidende circulars."""

_ACCESSION: Final = re.compile(r"[A-Z]{1,2}[0-9A-Z]{6,18}")
_ACT: Final = re.compile(r"A(?P<year>1[0-9]{3}|2[0-9]{3})(?P<number>[0-9]{5})(?:29|30)")
"""Acts (30) and consolidations (29), of rank A: the year and the number are those in Lovtidende A."""
_ELI: Final = re.compile(r"/eli/([a-z]{2,10})/([0-9]{4})/([0-9]{1,6})(?:/xml)?/?")
_ALIAS: Final = re.compile(r"/eli/accn/([A-Z0-9]{5,20})(?:/xml)?/?")


def type_of(full: str) -> str:
    """Return the type in the publisher's full name of it: "LOV" of "LOV Æ"; empty for an empty name."""
    first = (full.split() or [""])[0]
    return _WORDS.get(first, first)


def key_of_accession(number: str) -> str | None:
    """Return the key of the record with this accession number, or nothing if that is none.

    An act has one key whichever way it is found, so its accession number is read for what it means. One that does not
    follow the rule is its own name.
    """
    if match := _ACT.fullmatch(number):
        return f"eli/lta/{match['year']}/{int(match['number'])}"
    return f"eli/accn/{number}" if _ACCESSION.fullmatch(number) else None


def is_act(number: str) -> bool:
    """Say whether this is the accession number of an act or a consolidation."""
    return _ACT.fullmatch(number) is not None


def year_of(key: str) -> int:
    """Return the year in the key of a document of Lovtidende."""
    return int(key.split("/")[2])


def accession_in(address: str) -> str | None:
    """Return the accession number in an address of the publisher's, or nothing."""
    path = official_path(address)
    match = _ALIAS.fullmatch(path) if path is not None else None
    return match[1] if match else None


def act_in(address: str) -> tuple[str, int] | None:
    """Return the key and the year of the document in Lovtidende A that an address names, or nothing."""
    path = official_path(address)
    match = _ELI.fullmatch(path) if path is not None else None
    if match is None or match[1] not in _JOURNALS:
        return None
    return f"eli/{match[1]}/{match[2]}/{int(match[3])}", int(match[2])


def official_path(address: str) -> str | None:
    """Return the path of an address on the publisher's own site, or nothing if it leads anywhere else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    ours = parts.scheme in ("http", "https") and parts.netloc.lower() in HOSTS
    return parts.path if ours else None


def xml_url(key: str) -> str:
    """Return the address of the file of a record."""
    return f"{SITE}/{key}/xml"
