"""Rules of a descriptor that exclude documents by their measures, such as ``lexicon < 0.5 and words >= 50``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from frisat.schema import QUALITY

MEASURES: Final = tuple(field.name for field in QUALITY)
REASONS: Final = frozenset({"too_short", "garbled"})
"""Names of rules that are reasons by themselves; any other is the reason ``quality:<name>``."""

_OPERATORS: Final[Mapping[str, Callable[[pa.Array, float], pa.Array]]] = {
    "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip
_TERM: Final = re.compile(r"\s*([a-z_]+)\s*(<=|>=|<|>)\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*")


@dataclass(frozen=True, slots=True)
class Rule:
    """Terms that must all hold: a measure, an operator and a number."""

    terms: tuple[tuple[str, str, float], ...]

    def holds(self, quality: pa.StructArray) -> pa.Array:
        """Return for each document whether it is excluded; a measure that is not known excludes nothing."""
        result = pa.array([True] * len(quality), pa.bool_())
        for measure, sign, number in self.terms:
            holds = _OPERATORS[sign](pc.struct_field(quality, measure), pa.scalar(number, pa.float64()))
            result = pc.and_(result, pc.fill_null(holds, False))
        return result


def parse_rule(written: str) -> Rule:
    """Read a rule.

    Raises:
        ValueError: it is not of the form ``measure < number``, several joined by ``and``.
    """
    terms = []
    for part in re.split(r"\band\b", written):
        found = _TERM.fullmatch(part)
        if found is None or found[1] not in MEASURES:
            raise ValueError(
                f"{part.strip()[:100]!r} is no rule: write 'measure < number' (also <=, >, >=), several joined by "
                f"'and'; measures are {', '.join(MEASURES)}"
            )
        terms.append((found[1], found[2], float(found[3])))
    return Rule(tuple(terms))


def reason(name: str) -> str:
    """Return the reason that the rule called ``name`` gives."""
    return name if name in REASONS else f"quality:{name}"
