"""What a statement of a licence was recognised as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

How = Literal["url", "id", "expression", "name", "wording"]

MAX_SHOWN = 300
"""Characters of a statement that are kept; a licence's name is shorter."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A statement, and the licence it names; ``id`` is ``None`` where that is not certain, and ``reason`` says why.

    ``family`` is as much as is certain all the same: ``CC-BY-NC`` of a licence without a version, or one of
    ``no-copyright``, ``all-rights-reserved``, ``authority-terms``, ``mining-exception``, ``open`` (says so, no more).
    """

    asked: str
    id: str | None = None
    how: How | None = None
    family: str | None = None
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that say something, for records and JSON."""
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name)) is not None}

    @property
    def means_something(self) -> bool:
        """Whether it is about licences at all: one is named, or as much as a family."""
        return self.id is not None or self.family is not None

    @property
    def forbids(self) -> tuple[str, ...]:
        """What the licence or family named forbids, by its elements: ``NC``, ``ND``, or all."""
        parts = (self.id or self.family or "").removeprefix("LicenseRef-").split("-")
        if self.family == "all-rights-reserved":
            return ("NC", "ND")
        return tuple(part for part in parts if part in {"NC", "ND"}) if parts[0] == "CC" else ()


def unknown(asked: str, reason: str, *, how: How | None = None, family: str | None = None) -> Recognised:
    """Return that ``asked`` names no licence for certain, and why."""
    return Recognised(asked[:MAX_SHOWN], None, how, family, reason)
