"""Licence statements in a page: ``meta``, ``link rel=license``, JSON-LD, microdata, links, and words in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree

from licensing.fields import statements_in_json
from licensing.findings import Statement, Sure, statement
from licensing.recognise import recognise

_META = frozenset({
    "license", "licence", "dc.rights", "dc.license", "dc.rights.license", "dcterms.license", "dcterms.rights",
    "dcterms.accessrights", "rights", "copyright", "dc.accessrights", "citation_license",
})  # fmt: skip
_PROPERTIES = frozenset({
    "license", "cc:license", "dct:license", "dcterms:license", "dc:license", "dc:rights", "dct:rights",
    "dcterms:rights", "usageinfo", "schema:license", "og:license", "copyrightnotice",
})  # fmt: skip
_FOOT = frozenset({"footer"})
_MAX_FOUND = 1_000
_MENTION = re.compile(
    r"\bCC0(?:[ -]1\.0)?\b|\bCC[ -]BY(?:[ -](?:NC|SA|ND))*(?:[ -]\d\.\d)?(?:[ -](?:DK|International|IGO))?\b|"
    r"\b(?:alle rettigheder forbeholdes|all rights reserved|fri af ophavsret|public domain|ophavsretslovens? § 9)\b",
    re.IGNORECASE,
)


def statements_in_html(markup: str) -> list[Statement]:
    """Return the statements in a page, in the order in which they stand there. Never raises."""
    target = _Collector()
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
    with suppress(etree.ParserError, etree.XMLSyntaxError, ValueError):
        etree.fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser)
    return target.found[:_MAX_FOUND]


def statements_in_words(text: str) -> list[Statement]:
    """Return the names of licences in a cleaned text. What they are said of only a reader knows: all are *low*."""
    found: dict[str, Statement] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _MENTION.finditer(line):
            found.setdefault(match[0].lower(), statement(match[0], "text", f"line {number}", "low"))
        if len(found) >= _MAX_FOUND:
            break
    return list(found.values())


@dataclass(slots=True)
class _Collector:
    """Takes the events of a parser, and keeps what states a licence."""

    found: list[Statement] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _feet: int = 0
    _json: list[str] | None = None
    _text: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        self._feet += tag in _FOOT
        if tag == "body":
            self._open.append(tag)
        if tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._json = []
        if len(self.found) < _MAX_FOUND:
            self._look(tag, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self._feet -= tag in _FOOT and self._feet > 0
        if tag == "script" and self._json is not None:
            self.found += statements_in_json("".join(self._json), "json-ld")
            self._json = None

    def data(self, text: str) -> None:
        """Take characters."""
        if self._json is not None:
            self._json.append(text)

    def comment(self, text: str) -> None:
        """Leave out a comment."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Leave out an instruction to programs."""

    def close(self) -> None:
        """Take the end of the page."""

    def _look(self, tag: str, attributes: Mapping[str, str]) -> None:
        place = "footer" if self._feet else "body" if self._open else "head"
        href = attributes.get("href", "").strip()
        names = {attributes.get(key, "").strip().lower() for key in ("property", "itemprop", "rel")}
        is_licence = "license" in attributes.get("rel", "").lower().split()
        if tag == "meta" and (attributes.get("name", "").strip().lower() in _META or names & _PROPERTIES):
            self._add(attributes.get("content", ""), "meta", place, "high")
        elif tag == "link" and (is_licence or names & _PROPERTIES):
            self._add(href, "link", place, "high")
        elif tag == "a" and (is_licence or names & _PROPERTIES):
            self._add(href, "anchor rel=license", place, "medium")
        elif tag == "a" and href and (known := recognise(href)).means_something:
            self.found.append(statement(href, "anchor", place, "low", known))
        elif names & _PROPERTIES and (said := attributes.get("content") or attributes.get("resource")):
            self._add(said, "microdata", place, "medium")

    def _add(self, wording: str, where: str, place: str, sure: Sure) -> None:
        if wording.strip():
            self.found.append(statement(wording, where, place, sure))
