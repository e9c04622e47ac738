"""Finding reservations of rights: in the words of terms, and in the signals recorded at retrieval."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from licensing.difference import sentences
from licensing.findings import Reservation
from licensing.letters import plain
from licensing.recognised import MAX_SHOWN

_NO_TRAINING = re.compile(r"(?:train-ai|ai-train|ai-input|search-ai|tdm|bots)\s*=\s*(?:n|no)\b", re.IGNORECASE)
_NO_AI = re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE)
_CLOSED = {"forbidden": "robots.txt forbids it", "unreachable": "robots.txt could not be read"}


def reservations_in_text(text: str, where: str = "text") -> list[Reservation]:
    """Return the sentences of a cleaned text that reserve something, each with its kind. Never raises."""
    return [Reservation(kind, wording, where) for kind, wording in _reserved(text)]


@lru_cache(maxsize=64)
def _reserved(text: str) -> tuple[tuple[str, str], ...]:
    """Return kinds and sentences; kept, because several rules ask the same of the same terms."""
    found: list[tuple[str, str]] = []
    for sentence in sentences(text):
        lower = plain(sentence).lower()
        kinds = dict.fromkeys(kind for kind, groups in _phrases() if all(group.search(lower) for group in groups))
        found += [(kind, sentence[:MAX_SHOWN]) for kind in kinds]
    return tuple(found)


def reservations_in_signals(signals: Mapping[str, Any]) -> list[Reservation]:
    """Return what the signals kept with a record reserve. Whatever their shape, it never raises."""
    found = []
    robots = signals.get("robots")
    if isinstance(robots, str) and robots in _CLOSED:
        found.append(Reservation("robots", _CLOSED[robots], "robots.txt"))
    tdm = signals.get("tdm")
    if isinstance(tdm, Mapping) and tdm.get("reservation") == 1:
        policy = f", policy {tdm['policy']}" if tdm.get("policy") else ""
        found.append(Reservation("tdm", f"tdm-reservation: 1{policy}"[:MAX_SHOWN], str(tdm.get("from") or "tdmrep")))
    lines = signals.get("robots_lines")
    stated = [("robots.txt", line) for line in lines] if isinstance(lines, list) else []
    stated += [(name.replace("_", "-"), signals.get(name)) for name in ("content_usage", "x_robots_tag")]
    for where, line in stated:
        if isinstance(line, str) and (_NO_TRAINING.search(line) or _NO_AI.search(line)):
            found.append(Reservation("tdm", line[:MAX_SHOWN], where))
    return found


@cache
def _phrases() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    raw = tomllib.loads((files("licensing") / "reservations.toml").read_text("utf-8"))
    return tuple((row["kind"], tuple(_any_of(group) for group in row["groups"])) for row in raw["reservation"])


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Return the pattern of words that may go on (*forbehold*, *forbeholdes*) but do not begin within another."""
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in words))
