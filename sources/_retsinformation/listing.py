"""Retsinformation's list of all addresses: a sitemap, some twenty pages of 10,000 European Legislation Identifiers.

    https://retsinformation.dk/sitemap.xml            the index of pages
    https://retsinformation.dk/sitemap.xml?page=1     <url><loc>https://retsinformation.dk/eli/lta/2024/62</loc>…

It tells neither types nor titles; whether it says when a document last changed (``lastmod``) is not certain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from frisat.errors import RecordError
from frisat.files import sha256
from sources._retsinformation.names import act_in, official_path
from sources.collecting import FetchError, Visit
from sources.readers.xml import parse_xml

SITEMAP: Final = "https://retsinformation.dk/sitemap.xml"

_MAX_PAGES: Final = 500
_MAX_BYTES: Final = 60_000_000
"""The protocol allows 50 MB a page."""
_PERIOD: Final = 9
"""Days; fewer than the harvest service looks back."""
_FEW: Final = 100
_MOST: Final = 0.9


@dataclass(slots=True)
class Listing:
    """The documents of Lovtidende A by key: their year, and when they last changed, if that is told."""

    acts: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    elsewhere: int = 0
    """Addresses that are not the publisher's."""
    repeated: list[str] = field(default_factory=list)
    """Pages that brought what an earlier one had brought."""
    empty: list[str] = field(default_factory=list)

    def versions(self, today: date) -> dict[str, str]:
        """Return the version of each document.

        Where ``lastmod`` is missing, or is the same for nearly all and so says nothing of the documents, all have a
        version that holds for nine days. A harvest that is cut off goes on from where it was; one long after asks
        again, conditionally, since nothing else tells what has changed meanwhile.
        """
        told = Counter(changed for _, changed in self.acts.values() if changed)
        useless = len(self.acts) > _FEW and bool(told) and told.most_common(1)[0][1] > _MOST * len(self.acts)
        begun = date.fromordinal(today.toordinal() // _PERIOD * _PERIOD)
        return {
            key: changed if changed and not useless else f"listed from {begun}"
            for key, (_, changed) in self.acts.items()
        }


def read_listing(visit: Visit) -> Listing:
    """Read the whole list, all its pages one after another, before anything else is asked for.

    Raises:
        FetchError: a page cannot be had or read, or the list holds nothing.
    """
    listing = Listing()
    pages = _take(visit, SITEMAP, listing, set())
    seen: set[str] = set()
    for page in pages[:_MAX_PAGES]:
        _take(visit, page, listing, seen)
    if len(pages) > _MAX_PAGES:
        raise FetchError(f"{SITEMAP} names {len(pages):,} pages; no more than {_MAX_PAGES} are read", url=SITEMAP)
    if not listing.acts:
        raise FetchError(f"{SITEMAP} names no document of Lovtidende A on {len(pages):,} pages", url=SITEMAP)
    return listing


def _take(visit: Visit, url: str, listing: Listing, seen: set[str]) -> list[str]:
    """Read one page into ``listing``; return the pages that it names."""
    body = visit.get(url, kind="xml", max_bytes=_MAX_BYTES).read()
    try:
        root = parse_xml(body)
    except RecordError as error:
        raise FetchError(f"{url} cannot be read: it {error}", url=url, passing=True) from error
    names, pages = Counter[str](), list[str]()
    for entry in root:
        address, changed = _child(entry, "loc"), _child(entry, "lastmod")
        if not address:
            continue
        path = official_path(address)
        if path is None:
            listing.elsewhere += 1
        elif _name(entry) == "sitemap":
            pages.append(_page(address))
        elif path.startswith("/eli/"):
            names[path] += 1
            if (act := act_in(address)) is not None:
                key, year = act
                listing.acts[key] = year, max(changed[:40], listing.acts.get(key, (0, ""))[1] or "") or None
    if names:
        digest = sha256("\n".join(sorted(names)))
        listing.repeated += [url] if digest in seen else []
        seen.add(digest)
    elif not pages:
        listing.empty.append(url)
    return list(dict.fromkeys(page for page in pages if page != SITEMAP))


def _page(address: str) -> str:
    parts = urlsplit(address)
    return f"https://{parts.netloc.lower()}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _name(element: etree._Element) -> str:
    """Return the name of an element in whatever namespace."""
    return str(element.tag).rpartition("}")[2]


def _child(element: etree._Element, name: str) -> str:
    return next((" ".join((child.text or "").split()) for child in element if _name(child) == name), "")
