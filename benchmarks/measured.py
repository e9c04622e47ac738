"""The figures that benchmarks measured, kept where the cards read them: ``cleaning/measured.json``.

Each section is one stage's: its fingerprint when it was measured, and its figures by name. A benchmark writes its own
section and leaves the others as they are.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MEASURED = Path(__file__).parents[1] / "cleaning/measured.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``value`` of ``n`` cases, and the borders of its 95 % interval where it is a share."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None


def share(hits: int, n: int) -> Figure:
    """Return the share of ``hits`` in ``n`` cases with its Wilson interval at 95 %; of no cases, from 0 to 1."""
    if n == 0:
        return Figure(0.0, 0, 0.0, 1.0)
    z = 1.959964
    part = hits / n
    middle = part + z * z / (2 * n)
    half = z * math.sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
    return Figure(round(part, 6), n, 0.0 if hits == 0 else round(low, 6), 1.0 if hits == n else round(high, 6))


def record(section: str, stage: str, figures: Mapping[str, Figure], path: Path = MEASURED) -> None:
    """Put ``figures`` in the place of what ``section`` held; ``stage`` is the fingerprint of what was measured."""
    held = json.loads(path.read_text()) if path.exists() else {}
    held[section] = {"stage": stage, "figures": {name: asdict(figure) for name, figure in figures.items()}}
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(held, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    temporary.replace(path)
