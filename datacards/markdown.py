"""Writing what strangers wrote into Markdown without letting it become markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_BLOCK = re.compile(r"^(\d*)(\.(?= |$)|(?<!\d)[-=])")
"""What begins a list, a rule or an underlined heading where it stands first in a line."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain(value: object) -> str:
    """Return ``value`` on one line, with everything escaped that Markdown, HTML or a table would take as markup.

    Characters that turn the direction of writing, and other invisible ones, are removed.
    """
    text = "" if value is None else str(value)
    if not text.isprintable():  # most are, and are written by the million
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _invisible(c))
    escaped = " ".join(text.split()).translate(_ENTITIES)
    return _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", escaped))


def _invisible(character: str) -> bool:
    return unicodedata.category(character)[0] == "C"


def link(text: object, url: object) -> str:
    """Return a Markdown link, or the text alone when ``url`` is no web or mail address."""
    address = str(url or "")
    web = re.fullmatch(r"(?:https?://|mailto:)[^\s<>\"'()\\`|]+", address)
    if web is None or any(_invisible(c) for c in address):
        return plain(text)
    return f"[{plain(text)}]({address})"


def number(value: float) -> str:
    """Return a number with thousands separated: ``1,234``."""
    return f"{value:,}"


def tal(value: int) -> str:
    """Return a number with thousands separated as in Danish: ``1.234``."""
    return f"{value:,}".replace(",", ".")


def cut(value: object, most: int) -> str:
    """Return ``value`` on one line, cut to ``most`` characters; not yet escaped."""
    text = " ".join(("" if value is None else str(value)).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def kind(value: str) -> str:
    """Return an Arrow type for a table: ``struct`` with its fields, each a word that may wrap."""
    if fields := re.fullmatch(r"struct<(.*)>", value):
        return f"struct of `{'`, `'.join(fields[1].split(', '))}`"
    return f"`{value}`"


def cell(value: object) -> str:
    """Return ``value`` for a table, a dash where there is nothing."""
    return plain(value) or "–"


def middle(quantiles: Mapping[str, float]) -> str:
    """Return the middle half of a share: ``88–94 %``; a dash where nothing was measured."""
    if "p25" not in quantiles:
        return "–"
    low, high = (f"{100 * quantiles[name]:.1f}".removesuffix(".0") for name in ("p25", "p75"))
    return f"{low} %" if low == high else f"{low}–{high} %"


def documents(count: int) -> str:
    """Return ``1 document``, ``2,345 documents``."""
    return f"{count:,} document{'s' * (count != 1)}"
