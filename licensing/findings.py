"""What was found about rights where nobody has concluded anything yet: statements, reservations, conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from licensing.recognise import recognise
from licensing.recognised import MAX_SHOWN, Recognised

Sure = Literal["high", "medium", "low"]
"""How sure it is that a statement is about the document: *high* in a field made for it, *low* for a link in a text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a licence: its wording, what it was recognised as, and where it stands.

    ``where`` is the kind of place (``meta``, ``link``, ``json-ld``, ``anchor``, ``text``, ``tei:availability``,
    ``dc:rights``, ``mods:accessCondition``, ``field`` …), ``place`` the very place (a line, a path, ``head``).
    """

    wording: str
    where: str
    place: str
    sure: Sure
    licence: str | None
    family: str | None
    reason: str | None

    @property
    def means(self) -> str:
        """The licence, else as much as is certain, else ``unknown``."""
        return self.licence or self.family or "unknown"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that say something."""
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Reservation:
    """Words or a signal that reserve something; ``kind`` as in ``reservations.toml``, or ``robots``."""

    kind: str
    wording: str
    where: str

    def as_dict(self) -> dict[str, str]:
        """Return the fields."""
        return {"kind": self.kind, "wording": self.wording, "where": self.where}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Findings that cannot all be true of one document."""

    kind: Literal["licences", "reservation", "claim"]
    between: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {' / '.join(self.between)}"


def statement(wording: str, where: str, place: str, sure: Sure, known: Recognised | None = None) -> Statement:
    """Return the statement that ``wording`` is, recognised."""
    found = known or recognise(wording)
    said = " ".join(wording.split())[:MAX_SHOWN]
    return Statement(said, where, place, sure, found.id, found.family, found.reason)


RESERVING = frozenset({"tdm", "all-rights", "no-republishing", "no-changes", "non-commercial", "no-bulk", "robots"})
"""Reservations that do not go with an open licence. The others (permission, changeable) are for a person to weigh."""

_SAYS_LITTLE = frozenset({"CC", "open", "unknown"})
_WITHOUT_COPYRIGHT = frozenset({"CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "PDDL-1.0", "LicenseRef-DK-OPHL-9"})


def conflicts(
    statements: Sequence[Statement], reservations: Sequence[Reservation], claim: str | None = None
) -> list[Conflict]:
    """Return what contradicts itself: licence against licence, licence against reservation, claim against licence."""
    told = [one for one in statements if one.means not in _SAYS_LITTLE]
    distinct = sorted({one.means for one in told if not any(_goes_with(one, other) for other in told)})
    found = [Conflict("licences", tuple(distinct))] if len(distinct) > 1 else []
    licences = sorted({one.licence for one in told if one.licence})
    reserved = sorted({one.kind for one in reservations if one.kind in RESERVING})
    found += [Conflict("reservation", (licence, kind)) for licence in licences for kind in reserved]
    if claim is not None:
        found += [Conflict("claim", (claim, other)) for other in distinct if not _same(claim, other)]
    return found


def _goes_with(less: Statement, more: Statement) -> bool:
    """Say whether ``less`` says the same as ``more`` and only less of it: *CC BY* beside *CC BY 4.0*."""
    return less.licence is None and more.licence is not None and _same(more.licence, less.means, more.family)


def _same(licence: str, means: str, family: str | None = None) -> bool:
    if means in (licence, family):
        return True
    return means == "no-copyright" and licence in _WITHOUT_COPYRIGHT
