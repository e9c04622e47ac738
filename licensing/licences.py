"""The licences and other terms that frisat can publish under: a closed table, no guessing."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from frisat.errors import UsageError

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
    ),
    (
        re.compile(r"LicenseRef-DK-AuthorityTerms-[A-Za-z0-9.-]+"),
        "attribution",
        "Terms of a Danish authority",
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
    for pattern, licence_class, title in _BY_PATTERN:
        if pattern.fullmatch(identity):
            return Licence(identity, title, "", licence_class)
    # No hint for one that forbids something: its nearest name is that of a licence which does not.
    forbids = re.search(r"\b(?:NC|ND)\b", identity, re.IGNORECASE)
    close = [] if forbids else difflib.get_close_matches(identity, table, n=1, cutoff=0.5)
    hint = f"; did you mean {close[0]}?" if close else "."
    raise UsageError(
        f"{identity!r} is no licence frisat publishes under{hint} Known are {', '.join(table)}, "
        "LicenseRef-Agreement-*, LicenseRef-DK-AuthorityTerms-*; none that forbids commercial use or changes"
    )


def clarity(licence_class: str) -> int:
    """Return the rank of a class: the clearer the licence, the lower."""
    return CLASSES.index(licence_class)
