"""Recognising a licence by its address: Creative Commons by the shape of it, all others by a closed table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from licensing.creative_commons import FLAVOURS, PORTS, Tool, tool
from licensing.letters import lookalike
from licensing.recognised import MAX_SHOWN, Recognised, unknown
from licensing.spdx import spdx_licences, spdx_spelling
from licensing.wordings import wordings

_URL = re.compile(
    r"(?:https?:)?//\S+|(?:www\.|creativecommons\.org/|rightsstatements\.org/|spdx\.org/)\S+", re.IGNORECASE
)
_FORM = re.compile(r"(?:deed|legalcode|rdf)(?:[.-][\w-]+)*", re.IGNORECASE)
_PUBLIC_DOMAIN = {
    "zero/1.0": "CC0-1.0",
    "mark/1.0": "CC-PDM-1.0",
    "certification/1.0/us": "CC-PDDC",
}
_BUTTON = re.compile(r"/l/([a-z-]+)/(\d\.\d)/")


def from_url(text: str) -> Recognised | None:
    """Return what the address ``text`` stands for, or ``None`` if it is no address. Never raises."""
    asked = text.strip().strip("<>").strip()
    return _read(asked) if _URL.fullmatch(asked) else None


def _read(asked: str) -> Recognised:
    try:
        parts = _split(asked)
        path = unquote(parts.path, errors="strict")
    except ValueError as error:
        return unknown(asked, f"is no address that can be read ({error})", how="url")
    wrong = lookalike(asked) or lookalike(path) or _odd(parts)
    if wrong is not None:
        return unknown(asked, wrong, how="url")
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    path = re.sub(r"/{2,}", "/", path)
    by_shape = _BY_SHAPE.get(host)
    return by_shape(asked, path) if by_shape else _in_table(asked, host, path, parts.query)


def _split(asked: str) -> SplitResult:
    parts = urlsplit(asked if "//" in asked[:8] else f"https://{asked}", scheme="https")
    _ = parts.port  # read here because it may raise
    return parts


def _odd(parts: SplitResult) -> str | None:
    if parts.username is not None or parts.password is not None:
        return "carries a user name, so its host is not what it looks like"
    return None if parts.port in (None, 80, 443) else "asks for a port of its own"


def _creative_commons(asked: str, path: str) -> Recognised:
    head, _, rest = path.strip("/").lower().partition("/")
    if head == "publicdomain":
        for start, identity in _PUBLIC_DOMAIN.items():
            if rest == start or (rest.startswith(f"{start}/") and _FORM.fullmatch(rest[len(start) + 1 :])):
                return Recognised(asked[:MAX_SHOWN], identity, "url")
        return unknown(asked, "is no dedication or mark of Creative Commons in a version there is", how="url")
    if head != "licenses":
        return unknown(asked, "is a page of Creative Commons, but no licence", how="url", family="CC")
    if rest == "publicdomain":
        return Recognised(asked[:MAX_SHOWN], "CC-PDDC", "url")
    return _licence(asked, rest.split("/"))


def _licence(asked: str, parts: list[str]) -> Recognised:
    flavour, version, *more = [*parts, ""][:5]
    # Before 2.0 the two stood the other way round.
    named = "by-nc-nd" if (flavour, version) == ("by-nd-nc", "1.0") else flavour
    more = [part for part in more if part]
    if more and _FORM.fullmatch(more[-1]):
        more.pop()
    if len(parts) > 4 or len(more) > 1 or (named not in FLAVOURS and version != "1.0"):
        return unknown(asked, "is no licence of Creative Commons that is known", how="url")
    found = tool(named.split("-"), version, more[0] if more else None)
    if found is not None and found.flavour == named:
        return Recognised(asked[:MAX_SHOWN], found.id, "url", found.family)
    if found is not None or named not in FLAVOURS:
        return unknown(asked, "is no licence of Creative Commons that is known", how="url")
    family = Tool(named, "").family
    if not re.fullmatch(r"\d\.\d", version):
        return unknown(asked, "names no version in full", how="url", family=family)
    missing = f"{version} for {more[0]}" if more and version in PORTS else version
    return unknown(asked, f"there is no version {missing}", how="url", family=family)


def _button(asked: str, path: str) -> Recognised:
    match = _BUTTON.match(path.lower())
    family = Tool(match[1], match[2]).family if match and match[1] in FLAVOURS else "CC"
    return unknown(asked, "is the picture of a licence, not the licence", how="url", family=family)


def _statement(asked: str, path: str) -> Recognised:
    in_copyright = any(part.startswith("inc") for part in path.lower().strip("/").split("/")[1:2])
    family = "all-rights-reserved" if in_copyright else None
    return unknown(asked, "is a statement about copyright, not a licence", how="url", family=family)


def _spdx(asked: str, path: str) -> Recognised:
    match = re.fullmatch(r"/licenses/([\w.+-]+?)(?:\.html|\.json)?/?", path, re.IGNORECASE)
    identity = spdx_spelling().get(match[1].lower()) if match else None
    if identity in spdx_licences():
        return Recognised(asked[:MAX_SHOWN], identity, "url")
    return unknown(asked, "is no licence on the SPDX list", how="url")


_BY_SHAPE = {
    "creativecommons.org": _creative_commons,
    "i.creativecommons.org": _button,
    "licensebuttons.net": _button,
    "spdx.org": _spdx,
    "rightsstatements.org": _statement,
}


def _in_table(asked: str, host: str, path: str, query: str) -> Recognised:
    found = _table().get(_key(host, path, query)) or _table().get(_key(host, path, ""), frozenset())
    current = {identity for identity in found if not _deprecated(identity)}
    if len(current or found) == 1:
        return Recognised(asked[:MAX_SHOWN], next(iter(current or found)), "url")
    if found:
        return unknown(asked, f"is the address of several licences: {', '.join(sorted(current or found))}", how="url")
    return unknown(asked, "is the address of no licence that is known", how="url")


def _deprecated(identity: str) -> bool:
    listed = spdx_licences().get(identity)
    return listed is not None and listed.deprecated


@cache
def _table() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    listed = [(url, identity) for identity, row in spdx_licences().items() for url in row.urls]
    for url, identity in [*listed, *((url, row.id) for row in wordings() if row.id for url in row.urls)]:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        # The home page of a publisher is no licence.
        if parts.path.strip("/") and host not in _BY_SHAPE:
            found[_key(host, unquote(parts.path), parts.query)].add(identity)
    return {key: frozenset(ids) for key, ids in found.items()}


def _key(host: str, path: str, query: str) -> str:
    return f"{host}{path.rstrip('/').lower()}" + (f"?{query}" if query else "")
