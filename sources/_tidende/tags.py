"""Speakers' tags in printed proceedings: ``Mai Mercado (KF):``, ``Miljøministeren (Magnus Heunicke):``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_TAG: Final = re.compile(r"([^():;»«?!]{2,120}?) ?\(([^()]{1,60})\) ?:")
_PARTY: Final = re.compile(
    r"(?:[A-ZÆØÅ][A-ZÆØÅ]{0,4}|[A-ZÆØÅ][a-zæøå]{1,2}|uden for folketingsgrupperne)", re.IGNORECASE
)
_ACTING: Final = re.compile(r"fg\.?", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-ZÆØÅÉÓÁÍÚÝÐÖÜÄ][^\d,]+")
_ROLE: Final = re.compile(r"\((\w[^()]{2,80})\)")


@dataclass(frozen=True, slots=True)
class Tag:
    """Who speaks: the name, the title that is printed before it, or the party behind it."""

    name: str
    title: str | None
    party: str | None

    @property
    def chair(self) -> bool:
        """Whether it is who presides: ``Formanden``, ``Anden næstformand``, ``Den fg. formand``."""
        return self.title is not None and "formand" in self.title.lower() and "minister" not in self.title.lower()


@lru_cache(maxsize=20_000)
def read_tag(line: str) -> Tag | None:
    """Return the speaker named by a line that is nothing but a tag, or ``None`` where it is something else."""
    match = _TAG.fullmatch(line.strip())
    if not match:
        return None
    head, inside = " ".join(match[1].split()), " ".join(match[2].split())
    if not head[0].isupper():
        return None
    if _ACTING.fullmatch(inside):
        return Tag(head, inside, None) if _NAME.fullmatch(head) else None
    if _PARTY.fullmatch(inside) and " " in head and _NAME.fullmatch(head):
        return Tag(head, None, inside)
    name, _, acting = inside.partition(",")
    if not _NAME.fullmatch(name) or len(head.split()) > 14:
        return None
    return Tag(name.strip(), f"{head}, {acting.strip()}" if acting.strip() else head, None)


def read_role(line: str) -> str | None:
    """Return what a role line over a tag says, ``Ordfører for forslagsstillerne``, or ``None``."""
    match = _ROLE.fullmatch(line.strip())
    return match[1] if match else None
