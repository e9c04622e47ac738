"""Writing what strangers wrote into Markdown without letting it become markup."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def plain(value: object) -> str:
    """Return ``value`` on one line, with everything escaped that Markdown, HTML or a table would take as markup.

    Characters that turn the direction of writing, and other invisible ones, are removed.
    """
    text = "" if value is None else str(value)
    visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    escaped = "".join(_ENTITIES.get(c, c) for c in " ".join(visible.split()))
    return _MARKUP.sub(r"\\\1", escaped)


def link(text: object, url: object) -> str:
    """Return a Markdown link, or the text alone when ``url`` is no web or mail address."""
    address = str(url or "")
    if not re.fullmatch(r"(?:https?://|mailto:)[^\s<>\"'()\\`]+", address):
        return plain(text)
    return f"[{plain(text)}]({address})"


def number(value: float) -> str:
    """Return a number with thousands separated: ``1,234``."""
    return f"{value:,}"


def cell(value: object) -> str:
    """Return ``value`` for a table, a dash where there is nothing."""
    return plain(value) or "–"
