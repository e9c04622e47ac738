"""The table of wordings: what licences and other grounds are called, in Danish and English."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of one licence or ground; ``id`` where they are certain, else ``reason`` says why they are not."""

    names: tuple[str, ...]
    id: str | None = None
    family: str | None = None
    reason: str | None = None
    urls: tuple[str, ...] = ()


@cache
def wordings() -> tuple[Wording, ...]:
    """Return the table, ``wordings.toml``."""
    raw = tomllib.loads((files("licensing") / "wordings.toml").read_text("utf-8"))
    return tuple(
        Wording(tuple(row["names"]), row.get("id"), row.get("family"), row.get("reason"), tuple(row.get("urls", ())))
        for row in raw["wording"]
    )
