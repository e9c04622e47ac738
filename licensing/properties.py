"""What follows from a licence: naming the author, sharing alike, commercial use, changes. Readings, not advice."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from licensing.creative_commons import from_id


@dataclass(frozen=True, slots=True)
class Properties:
    """What a licence asks for and allows; ``None`` where that is not known, which is never taken for a yes."""

    attribution: bool | None = None
    share_alike: bool | None = None
    commercial: bool | None = None
    derivatives: bool | None = None

    @property
    def open(self) -> bool:
        """Whether it allows commercial use and changes: without both nothing is published under it."""
        return self.commercial is True and self.derivatives is True

    @property
    def licence_class(self) -> str | None:
        """The licence class of a release that it belongs to, if it is open."""
        if not self.open or self.attribution is None or self.share_alike is None:
            return None
        return "share-alike" if self.share_alike else "attribution" if self.attribution else "no-copyright"


def properties(identity: str) -> Properties:
    """Return what follows from the licence with this id (as :func:`licensing.recognise` spells it)."""
    if (tool := from_id(identity)) is not None:
        elements = tool.flavour.split("-")
        return Properties(
            attribution="by" in elements,
            share_alike="sa" in elements,
            commercial="nc" not in elements,
            derivatives="nd" not in elements,
        )
    if identity.startswith("LicenseRef-DK-AuthorityTerms-"):
        # What a body's own terms allow is known of none but those in the table.
        return _terms().get(identity, Properties(attribution=True))
    return _terms().get(identity, Properties())


@cache
def table() -> Mapping[str, Any]:
    """Return ``properties.toml`` as it stands."""
    return tomllib.loads((files("licensing") / "properties.toml").read_text("utf-8"))


@cache
def _terms() -> Mapping[str, Properties]:
    return {
        name: Properties(**{key: value for key, value in row.items() if key != "licences"})
        for row in table()["terms"]
        for name in row["licences"]
    }
