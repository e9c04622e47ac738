"""What was measured of each step, and whether it was this version of the step that was measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from frisat.files import sha256

MEASURED: Final = Path(__file__).with_name("measured.json")
"""Written by the commands in ``benchmarks/``, never by hand."""

_SECTIONS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "repair": (("repair", "lexicon"), ("ftfy", "simplemma")),
    "language": (("language", "repair"), ("langdetect", "py3langid")),
    "personal_data": (("personal_data", "repair"), ()),
    "duplicates": (("duplicates.signing", "duplicates.templates", "links"), ("numpy",)),
    "refine": (("refine", "repair", "language", "personal_data", "quality", "lexicon", "words"), ("pyarrow",)),
}
"""Per section: the modules whose ``VERSION``, and the libraries whose version, a figure depends on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: ``value`` of ``n`` cases, its 95 % interval where it is a share; ``current`` if of this version."""

    section: str
    name: str
    value: float
    n: int
    low: float | None
    high: float | None
    current: bool


@cache
def stage(section: str) -> str:
    """Return the fingerprint of what the figures of ``section`` (or ``section/part``) depend on."""
    modules, libraries = _SECTIONS[section.partition("/")[0]]
    parts = [f"{name} {import_module(f'cleaning.{name}').VERSION}" for name in modules]
    return sha256("\n".join([*parts, *(f"{name} {version(name)}" for name in libraries)]))[:12]


def measured(path: Path = MEASURED) -> list[Measured]:
    """Return every figure that was measured, by section and name."""
    held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return [
        Measured(
            section, name, figure["value"], figure["n"], figure["low"], figure["high"], found["stage"] == stage(section)
        )
        for section, found in sorted(held.items())
        for name, figure in sorted(found["figures"].items())
    ]
