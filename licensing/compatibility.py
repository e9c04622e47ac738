"""Whether a text under one licence may stand in a collection that goes out under another. Readings, not advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from licensing.creative_commons import Tool, from_id
from licensing.properties import properties, table

_STATED = frozenset({"CC-PDM-1.0", "LicenseRef-DK-OPHL-9"})
"""By these nobody gives up a right: they say that there is none, and why. That is never relabelled, as CC0 say."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer (``None``: not known, which counts as no) and the reason for it."""

    fits: bool | None
    why: str


def fits(licence: str, outgoing: str) -> Fit:
    """Say whether a text under ``licence`` may be part of what is offered as a whole under ``outgoing``.

    Every text keeps its own licence; the question is whether ``outgoing`` promises more than ``licence`` gives.
    """
    mine = properties(licence)
    if mine.commercial is False or mine.derivatives is False:
        return Fit(False, f"{licence} forbids commercial use or changes")
    if licence == outgoing:
        return Fit(True, "it is the same licence")
    return _other(licence, outgoing)


def _other(licence: str, outgoing: str) -> Fit:
    mine = properties(licence)
    if licence.startswith("LicenseRef-Agreement-") or outgoing.startswith("LicenseRef-Agreement-"):
        return Fit(False, "an agreement is about its own texts alone")
    if not mine.open or properties(outgoing).attribution is None:
        return Fit(None, f"what {licence if not mine.open else outgoing} allows is not known")
    if (why := _allowed().get((licence, outgoing))) is not None:
        return Fit(True, why)
    if licence in _STATED and not properties(outgoing).attribution:
        return Fit(False, f"{licence} says why a text is free; {outgoing} would say something else")
    if not mine.attribution and not mine.share_alike:
        return Fit(True, f"{licence} asks for nothing")
    return _share_alike(licence, outgoing) if mine.share_alike else _attribution(licence, outgoing)


def _attribution(licence: str, outgoing: str) -> Fit:
    if not properties(outgoing).attribution:
        return Fit(False, f"{licence} asks for attribution, {outgoing} does not")
    if from_id(licence) and from_id(outgoing):
        return Fit(True, "attribution is kept; the texts keep their own licence")
    return Fit(None, f"whether {outgoing} keeps what {licence} asks for has not been read")


def _share_alike(licence: str, outgoing: str) -> Fit:
    mine, theirs = from_id(licence), from_id(outgoing)
    if mine is None or theirs is None:
        return Fit(False, f"{licence} is to be shared alike, and does not name {outgoing} as compatible")
    if not properties(outgoing).share_alike or mine.flavour != theirs.flavour:
        return Fit(False, f"{licence} is to be shared alike; {outgoing} is another licence")
    if _later(mine, theirs):
        return Fit(True, f"{licence} allows later versions with the same elements")
    return Fit(False, f"{licence} does not allow an earlier version, or any but its own")


def _later(mine: Tool, theirs: Tool) -> bool:
    """Share-alike 1.0 knows only itself; from 2.0 on later versions, and ports of the same and later ones, are fine."""
    if mine.version == "1.0":
        return False
    return float(theirs.version) > float(mine.version) or mine.version == theirs.version != "4.0"


@cache
def _allowed() -> Mapping[tuple[str, str], str]:
    return {(one, other): row["why"] for row in table()["allowed"] for one in row["from"] for other in row["into"]}


def conflicts_within(licences: Iterable[str], outgoing: str) -> dict[str, Fit]:
    """Return the licences among ``licences`` whose texts may not go out under ``outgoing``, each with the reason."""
    found = {licence: fits(licence, outgoing) for licence in sorted(set(licences))}
    return {licence: fit for licence, fit in found.items() if not fit.fits}
