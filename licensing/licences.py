"""The licences and other terms that frisat can publish under: a closed table, no guessing."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from frisat.errors import UsageError
from licensing.creative_commons import Tool, all_tools
from licensing.hub import hub_id
from licensing.letters import lookalike
from licensing.spdx import spdx_licences

CLASSES = ("no-copyright", "attribution", "share-alike", "agreement")
"""Licence classes, the clearest first. A release keeps them in files apart."""

LEGAL_BASES = (
    "licence",
    "not_copyright_dk_9",
    "public_proceedings_dk",
    "terms_of_authority",
    "eu_reuse_2011_833",
    "term_expired",
    "agreement",
)

_BY_PATTERN = (
    (
        re.compile(r"LicenseRef-Agreement-[A-Za-z0-9.-]+"),
        "agreement",
        "Written agreement with the rightsholder",
        "Published by written agreement with the rightsholder. What it permits stands with the decision.",
    ),
    (
        re.compile(r"LicenseRef-DK-AuthorityTerms-[A-Za-z0-9.-]+"),
        "attribution",
        "Terms of a Danish authority",
        "Published under terms that a Danish authority has issued itself. Their wording stands with the evidence; "
        "the source must be named.",
    ),
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence or other terms: an SPDX id or a ``LicenseRef-``, and what follows from it."""

    id: str
    title: str
    url: str
    licence_class: str
    hub: str | None = None
    text: str | None = None


@cache
def licence_table() -> dict[str, Licence]:
    """Return the licences by id."""
    raw = tomllib.loads((files("licensing") / "licences.toml").read_text("utf-8"))
    return {
        name: Licence(name, row["title"], row["url"], row["class"], row.get("hub"), row.get("text"))
        for name, row in raw.items()
    }


def find_licence(identity: str) -> Licence:
    """Return the licence with this id; case does not matter.

    Raises:
        UsageError: it is not one frisat can publish under; the message names the nearest.
    """
    table = licence_table()
    by_lower = {name.lower(): licence for name, licence in table.items()}
    if (licence := by_lower.get(identity.strip().lower())) is not None:
        return licence
    if (licence := _creative_commons(identity.strip())) is not None:
        return licence
    for pattern, licence_class, title, text in _BY_PATTERN:
        if pattern.fullmatch(identity):
            return Licence(identity, title, "", licence_class, text=text)
    if (wrong := lookalike(identity)) is not None:
        raise UsageError(f"{identity!r} {wrong}; write the licence's id in Latin letters")
    # No hint for one that forbids something: its nearest name is that of a licence which does not.
    forbids = re.search(r"\b(?:NC|ND)\b", identity, re.IGNORECASE)
    close = [] if forbids else difflib.get_close_matches(identity, table, n=1, cutoff=0.5)
    hint = f"; did you mean {close[0]}?" if close else "."
    raise UsageError(
        f"{identity!r} is no licence frisat publishes under{hint} Known are {', '.join(table)}, "
        "LicenseRef-Agreement-*, LicenseRef-DK-AuthorityTerms-*; none that forbids commercial use or changes"
    )


def _creative_commons(identity: str) -> Licence | None:
    """Return a version or port of CC BY or CC BY-SA that needs no row of its own; it follows from its name."""
    tool = _open_tools().get(identity.lower())
    if tool is None:
        return None
    licence_class = "share-alike" if tool.flavour == "by-sa" else "attribution"
    own = None if tool.id in spdx_licences() else (
        f"{tool.title}: a port of the licence to the law of one country. Its text stands at {tool.url}legalcode"
    )  # fmt: skip
    return Licence(tool.id, tool.title, tool.url, licence_class, hub_id(tool.id), own)


@cache
def _open_tools() -> dict[str, Tool]:
    return {tool.id.lower(): tool for tool in all_tools() if tool.flavour in {"by", "by-sa"}}


def clarity(licence_class: str) -> int:
    """Return the rank of a class: the clearer the licence, the lower."""
    return CLASSES.index(licence_class)
