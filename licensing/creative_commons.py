"""Creative Commons: which flavours, versions and ports exist, and what they are called in words and in URLs.

A tool that SPDX lists has its SPDX id. The other ports, the Danish one among them, are licences of their own with
texts of their own: they have a ``LicenseRef-CC-…``. Ports: as they stand in Creative Commons' own legal code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from licensing.spdx import spdx_licences

FLAVOURS = ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
PORTS = {
    "1.0": "fi il nl",
    "2.0": "at au be br ca cl de es fr hr it jp kr nl pl tw uk za",
    "2.1": "au ca es jp",
    "2.5": "ar au bg br ca ch cn co dk es hr hu il in it mk mt mx my nl pe pl pt scotland se si tw za",
    "3.0": "am at au az br ca ch cl cn cr cz de ec ee eg es fr ge gr gt hk hr ie igo it lu nl no nz ph pl pr pt ro rs "
    "sg th tw ug us ve vn za",
}
"""The ports of each version. Version 2.1 exists as ports alone, 4.0 without any."""

_OLD = {"nc", "nd", "sa", "nc-sa", "nd-nc"}
"""Flavours of 1.0 that do not ask for attribution; all were withdrawn."""
_WORDS = {"by": "Attribution", "nc": "NonCommercial", "nd": "NoDerivatives", "sa": "ShareAlike"}
_PHRASES = {
    "by": "by, attribution, navngivelse, kreditering, navngiving, namngiving, namnsnennelse",
    "sa": "sa, share alike, sharealike, del på samme vilkår, delpåsammevilkår, deling på samme vilkår, "
    "deling på like vilkår, delpåsammevilkaar, del paa samme vilkaar",
    "nc": "nc, non commercial, noncommercial, ikke kommerciel, ikkekommerciel, ikke kommercielt, ikke kommersiell, "
    "ikkekommersiell, ikke kommerciel brug",
    "nd": "nd, no derivatives, noderivatives, no derivs, noderivs, no derivative works, ingen bearbejdelse, "
    "ingenbearbejdelse, ingen bearbejdelser, ingenbearbejdelser, ingen bearbejdede værker, ingen bearbeidelse, "
    "ingen bearbeidelser, ingenbearbeidelse",
}
_ELEMENTS = {phrase.strip(): element for element, row in _PHRASES.items() for phrase in row.split(",")}
_KIND_OF_TEXT = {"international": ("4.0",), "unported": ("3.0",), "generic": ("1.0", "2.0", "2.5")}
_PLACES = {
    "danmark": "dk", "denmark": "dk", "tyskland": "de", "germany": "de", "deutschland": "de", "norge": "no",
    "norway": "no", "sverige": "se", "sweden": "se", "austria": "at", "australia": "au", "netherlands": "nl",
    "france": "fr", "japan": "jp", "united states": "us", "england and wales": "uk", "uk england and wales": "uk",
    "uk england & wales": "uk", "spain": "es", "italy": "it", "poland": "pl", "finland": "fi", "canada": "ca",
    "switzerland": "ch", "belgium": "be", "scotland": "scotland", "uk scotland": "scotland",
}  # fmt: skip
_VERSION = re.compile(r"(?:v|ver|version)?(\d\.\d)")


@dataclass(frozen=True, slots=True)
class Tool:
    """One licence of Creative Commons; ``flavour`` as in its URL since 2.0 (``by-nc-nd``), ``port`` in lower case."""

    flavour: str
    version: str
    port: str | None = None

    @property
    def id(self) -> str:
        """The SPDX id, or the ``LicenseRef-`` where SPDX has none."""
        flavour = "nc-nd" if self.flavour == "nd-nc" else self.flavour
        name = "-".join(["CC", flavour.upper(), self.version, *([self.port.upper()] if self.port else [])])
        return name if name in spdx_licences() else f"LicenseRef-{name}"

    @property
    def family(self) -> str:
        """The flavour without version and port: ``CC-BY-SA``."""
        return "CC-" + self.flavour.upper()

    @property
    def title(self) -> str:
        """What Creative Commons calls it, in English."""
        if self.version == "4.0":
            place = "International"
        else:
            place = self.port.upper() if self.port else "Unported" if self.version == "3.0" else "Generic"
        words = "-".join(_WORDS[element] for element in self.flavour.split("-"))
        return f"Creative Commons {words} {self.version} {place}"

    @property
    def url(self) -> str:
        """Where its deed stands."""
        flavour = "by-nd-nc" if (self.flavour, self.version) == ("by-nc-nd", "1.0") else self.flavour
        return f"https://creativecommons.org/licenses/{flavour}/{self.version}/" + (
            f"{self.port}/" if self.port else ""
        )


def tool(elements: Sequence[str], version: str, port: str | None = None) -> Tool | None:
    """Return the licence made of ``elements`` (any order), or ``None`` if there never was one."""
    found = set(elements)
    names = {frozenset(name.split("-")): name for name in (*FLAVOURS, *_OLD)}
    name = names.get(frozenset(found))
    if name is None or len(elements) != len(found) or (name in _OLD and (version, port) != ("1.0", None)):
        return None
    if port is not None:
        return Tool(name, version, port) if port in PORTS.get(version, "").split() else None
    return Tool(name, version) if version in VERSIONS else None


def from_id(identity: str) -> Tool | None:
    """Return the licence with this SPDX id or ``LicenseRef-CC-…``, spelt as :attr:`Tool.id` spells it."""
    match = re.fullmatch(r"(?:LicenseRef-)?CC-([A-Z-]+)-(\d\.\d)(?:-([A-Z]+))?", identity)
    if match is None:
        return None
    found = tool(match[1].lower().split("-"), match[2], match[3] and match[3].lower())
    return found if found and found.id == identity else None


def all_tools() -> list[Tool]:
    """Return every licence of Creative Commons that is in the tables, those without attribution last."""
    found = [Tool(flavour, version) for version in VERSIONS for flavour in FLAVOURS]
    found += [
        Tool(flavour, version, port) for version in PORTS for port in PORTS[version].split() for flavour in FLAVOURS
    ]
    return [*found, *(Tool(flavour, "1.0") for flavour in sorted(_OLD))]


@dataclass(frozen=True, slots=True)
class Named:
    """What words say of a licence: the licence, or its family and what is missing or wrong."""

    tool: Tool | None
    family: str
    reason: str | None = None


def from_words(words: Sequence[str], *, marked: bool) -> Named | None:
    """Read ``words`` (lower case, punctuation gone) as the name of a licence; ``None`` if they are none.

    ``marked`` says that *Creative Commons* or *CC* stood before them: a lone *Attribution* is a licence only then, or
    when its version is followed by a word that Creative Commons alone uses (*International*, *Unported*, *Generic*).
    """
    elements: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in (4, 3, 2, 1) if " ".join(words[at : at + n]) in _ELEMENTS), 0)
        if not size:
            break
        elements.append(_ELEMENTS[" ".join(words[at : at + size])])
        at += size
    version = _VERSION.fullmatch(words[at]) if at < len(words) else None
    tail = " ".join(words[at + 1 if version else at :])
    if not elements or not (marked or len(elements) > 1 or tail in _KIND_OF_TEXT):
        return None
    kept = dict.fromkeys(elements)
    family = "CC-" + "-".join(e.upper() for e in ("by", "nc", "nd", "sa") if e in kept)
    if len(kept) < len(elements) or {"sa", "nd"} <= kept.keys():
        return Named(None, family, "names elements that no Creative Commons licence joins")
    if version is None:
        known = not tail or tail in _KIND_OF_TEXT or _port(tail) is not None
        return Named(None, family, "names no version in full") if known else None
    return _complete(elements, version[1], tail, family)


def _complete(elements: Sequence[str], version: str, tail: str, family: str) -> Named | None:
    if tail in _KIND_OF_TEXT:
        found = tool(elements, version) if version in _KIND_OF_TEXT[tail] else None
        return Named(found, family, None if found else f"there is no version {version} {tail.title()}")
    port = _port(tail) if tail else None
    if tail and port is None:
        return None
    found = tool(elements, version, port)
    return Named(found, family, None if found else "there is no such version" + (f" for {tail}" if tail else ""))


def _port(words: str) -> str | None:
    every = {port for row in PORTS.values() for port in row.split()}
    return _PLACES.get(words, words if words in every else None)
