"""Recognising which licence a statement names: an id, or *unknown* with the reason. Never a guess.

The statement must be the name of a licence as a whole (``CC BY-SA 4.0``, an address, ``ophavsretslovens § 9``), apart
from such words as *licensed under*. What stands in the middle of a text is found by :mod:`licensing.detection`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from frisat.errors import UsageError
from licensing.creative_commons import Named, from_id, from_words
from licensing.expressions import parse_expression
from licensing.letters import lookalike, plain, words
from licensing.licences import find_licence
from licensing.recognised import MAX_SHOWN, How, Recognised, unknown
from licensing.spdx import spdx_licences, spdx_spelling
from licensing.urls import from_url
from licensing.wordings import Wording, wordings

MAX_LENGTH = 2_000
"""Characters: a longer statement is no name of a licence."""

_BEFORE = {
    "licens", "licensen", "license", "licence", "licensed", "licenseret", "under", "en", "a", "an", "the", "this",
    "dette", "work", "værk", "værket", "is", "er", "udgivet", "released", "published", "available", "tilgængelig",
    "terms", "of", "vilkår", "for", "rettigheder", "rights", "copyright", "ophavsret", "med",
}  # fmt: skip
_AFTER = {"license", "licence", "licens", "licensen"}
_PARTS = re.compile(r"[():]|\s[-–—]\s")
_JOINED = re.compile(r"\s(?:AND|OR|WITH|and|or|with)\s|[()+]")
_WORDLIKE = re.compile(r"[A-Za-z]+")
_LOWER_CASE_IDS = frozenset({"mit", "isc", "zlib", "ncsa", "unlicense", "wtfpl", "postgresql"})
"""Ids that are words only, and that the Hub and others write in small letters."""


def recognise(statement: str) -> Recognised:
    """Return the licence that ``statement`` names, or *unknown* and why. Never raises."""
    if len(statement) > MAX_LENGTH:
        return unknown(statement, f"is longer than {MAX_LENGTH:,} characters; no licence is called so")
    if not statement.strip():
        return unknown(statement, "is empty")
    by_url = from_url(statement)
    if by_url is not None:
        return by_url
    wrong = lookalike(statement)
    if wrong is not None:
        return unknown(statement, wrong)
    text = plain(statement)
    return _by_id(text) or _by_name(text) or _by_parts(text) or _by_expression(text) or _nothing(text)


def _nothing(text: str) -> Recognised:
    return unknown(text, "is not the name of a licence that is known")


def _by_id(text: str) -> Recognised | None:
    if text.lower().startswith("licenseref-"):
        found = _registered(text)
        if found is not None:
            return _known(text, found, "id")
        return unknown(text, "is no LicenseRef- that is registered", how="id") if " " not in text else None
    identity = spdx_spelling().get(text.lower())
    if identity is None or identity not in spdx_licences():
        return None
    if _WORDLIKE.fullmatch(text) and text != identity and text not in _LOWER_CASE_IDS:
        return unknown(text, f"is a word that only in the spelling {identity!r} is certain to be a licence", how="id")
    return _known(text, identity, "id")


def _registered(text: str) -> str | None:
    try:
        return find_licence(text).id
    except UsageError:
        # Licences with prohibitions have an id, but are none that anything is published under.
        upper = re.sub(r"^licenseref-cc-", "LicenseRef-CC-", text.upper(), flags=re.IGNORECASE)
        return upper if from_id(upper) else None


def _known(asked: str, identity: str, how: How) -> Recognised:
    tool = from_id(identity)
    return Recognised(asked[:MAX_SHOWN], identity, how, tool.family if tool else None)


def _stripped(found: Sequence[str]) -> list[str]:
    start = next((n for n, word in enumerate(found) if word not in _BEFORE), len(found))
    rest = list(found[start:])
    while rest and rest[-1] in _AFTER:
        rest.pop()
    return rest


def _by_name(text: str) -> Recognised | None:
    every = words(text)
    for found in (every, _stripped(every)):
        key = " ".join(found)
        row = _named().get(key)
        if row is not None:
            return Recognised(text[:MAX_SHOWN], row.id, "wording", row.family, row.reason)
        ids = _spdx_names().get(key, ())
        if len(ids) == 1:
            return _known(text, ids[0], "name")
        if ids:
            return unknown(text, f"is what several licences are called: {', '.join(ids)}", how="name")
        named = _creative_commons(found)
        if named is not None:
            identity = named.tool.id if named.tool else None
            return Recognised(text[:MAX_SHOWN], identity, "name", named.family, named.reason)
    return None


def _creative_commons(found: list[str]) -> Named | None:
    if found[:2] == ["creative", "commons"]:
        rest = found[3:] if found[2:3] == ["cc"] else found[2:]
        return from_words(rest, marked=True)
    return from_words(found[1:], marked=True) if found[:1] == ["cc"] else from_words(found, marked=False)


def _by_parts(text: str) -> Recognised | None:
    """Read ``Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)``: one licence named twice."""
    parts = [part for part in _PARTS.split(text) if _stripped(words(part))]
    if not 1 < len(parts) < 5:
        return None
    found = [one for part in parts if (one := _by_id(part.strip()) or _by_name(part.strip()))]
    if len(found) < len(parts):
        return None
    ids = {one.id for one in found if one.id}
    families = {one.family or one.id for one in found}
    if len(families) > 1 or len(ids) > 1:
        return unknown(text, "names several licences that are not the same", how="name")
    if ids:
        return Recognised(text[:MAX_SHOWN], ids.pop(), "name", found[0].family)
    return unknown(text, found[0].reason or "", how="name", family=found[0].family)


def _by_expression(text: str) -> Recognised | None:
    if not _JOINED.search(text):
        return None
    try:
        found = parse_expression(text, _registered)
    except ValueError as error:
        return unknown(text, str(error), how="expression") if re.search(r"\b(?:AND|OR|WITH)\b", text) else None
    return Recognised(text[:MAX_SHOWN], found.text, "expression")


@cache
def _named() -> Mapping[str, Wording]:
    return {" ".join(words(name)): row for row in wordings() for name in row.names}


@cache
def _spdx_names() -> Mapping[str, tuple[str, ...]]:
    """Return the ids by the licences' names; the current one where an id on the list took another's place."""
    found: dict[str, list[str]] = defaultdict(list)
    for identity, row in spdx_licences().items():
        found[" ".join(words(row.name))].append(identity)
    return {
        name: tuple([i for i in ids if not spdx_licences()[i].deprecated] or ids) for name, ids in found.items() if name
    }
