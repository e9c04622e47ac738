"""The frame of a web page by the names its makers gave: menus, heads, feet and questions about cookies."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NAMED: Final = frozenset(["div", "section", "ul", "ol", "table", "span", "a", "p", "td", "center"])
"""Elements whose name does not say what they are for."""
_WORDS: Final = re.compile(r"[a-zæøå0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])")
_COOKIES: Final = re.compile(r"cookie|consent|samtykke|gdpr|onetrust|cybot|coi-banner")
_MENUS: Final = frozenset([
    "nav", "navbar", "navigation", "navigationsmenu", "menu", "hovedmenu", "topmenu", "mainmenu", "submenu", "sidemenu",
    "undermenu", "venstremenu", "leftmenu", "rightmenu", "megamenu", "sidenav", "topnav", "subnav", "mainnav",
    "breadcrumb", "breadcrumbs", "brødkrumme", "brødkrummer", "broedkrumme", "sitemap", "skiplink", "skiplinks",
    "pagination", "pager", "languageselector", "share", "sharing",
])  # fmt: skip
_SITE: Final = r"(site|page|global|main|top|side|web|sidens|layout)?"
_HEAD: Final = re.compile(rf"{_SITE}(?:header|head|hoved|topbar|masthead|sidehoved)|top|topbar")
_FOOT: Final = re.compile(rf"{_SITE}(?:footer|foot|bund|sidefod)|bund|colophon")
_LINKED: Final = 0.5
"""Of the text of a menu, the least share that stands in links."""
_MOST: Final = 0.5
"""Of the text of the page: what holds more is no frame."""
_SKIPS: Final = {"skiplink", "skiplinks", "skip"}
_NEAR: Final = 1
"""Elements between the body of a page and a head that is the page's own."""
_MAX_MEASURED: Final = 500
"""Elements of one page that are measured; more are no page of a site."""


class Frame:
    """Tells the frame of one page from its text."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._measured = 0
        self._everything: int | None = None

    def kind(self, node: Element) -> str | None:
        """Return "cookies", "navigation", "head" or "foot" where the name or class of an element says so, else nothing.

        A menu is mostly links; a head or foot lies in no article and does not hold the title; none is most of a page.
        """
        if node.tag not in _NAMED or not ("id" in node.attrib or "class" in node.attrib):
            return None
        near = sum(outer.tag != "form" for outer in islice(node.iterancestors(), _NEAR + 3)) <= _NEAR + 2
        kind = _named((node.get("id") or "")[:200], near=True) or _named((node.get("class") or "")[:1000], near=near)
        if kind is None or self._measured >= _MAX_MEASURED:
            return None
        self._measured += 1
        if next(node.iter("main", "article"), None) is not None or title_in(node):
            return None
        length, linked = _lengths(node)
        if self._everything is None:
            self._everything = _lengths(self._root)[0]
        if length > _MOST * self._everything or (kind == "navigation" and linked < _LINKED * length):
            return None
        inside = next(node.iterancestors("main", "article", "blockquote", "td"), None) is not None
        return None if kind in {"head", "foot"} and inside else kind


def title_in(node: Element) -> bool:
    """Say whether an element holds a heading of the first rank that is not only a link to the front page."""
    return any(_lengths(heading)[0] > _lengths(heading)[1] for heading in node.iter("h1"))


def _named(names: str, *, near: bool) -> str | None:
    """Return what names say; heads and feet far inside a page are those of its sections, unless they are the site's."""
    if _COOKIES.search(names.lower()):
        return "cookies"
    for name in names.split():
        words = _WORDS.findall(_CAMEL.sub("-", name).lower())
        whole = "".join(words)
        if _MENUS.intersection([*words, whole]) or whole in _SKIPS:
            return "navigation"
        for kind, pattern in (("head", _HEAD), ("foot", _FOOT)):
            match = pattern.fullmatch(whole)
            if match and (near or match[1]):
                return kind
    return None


def _lengths(node: Element) -> tuple[int, int]:
    """Return how many characters of text there are below ``node``, and how many of them in links; scripts apart."""
    length = linked = 0
    link: Element | None = None
    for event, inner in etree.iterwalk(node, events=("start", "end")):
        if not isinstance(inner.tag, str):
            continue
        if event == "start":
            if inner.tag == "a" and link is None:
                link = inner
            text = "" if inner.tag in {"script", "style", "noscript", "template"} else inner.text
        else:
            if inner is link:
                link = None
            text = inner.tail if inner is not node else ""
        found = len((text or "").strip())
        length += found
        linked += found * (link is not None)
    return length, linked
