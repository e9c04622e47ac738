"""The scope of a decision: which documents of a source it is about.

Written as ``document_type in (LOV, LBK)`` or ``id = retsinformation/eli/lta/2013/1121``, joined by ``and``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from frisat.errors import UsageError

COLUMNS = ("id", "document_type", "author", "parent_id")
"""Columns a scope may name."""

_CLAUSE = re.compile(r"\s*(\w+)\s*(?:=\s*(?P<one>.+?)|in\s*\((?P<many>[^()]*)\))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Clauses that must all hold: a column, and the values it may have. No clauses: the whole source."""

    clauses: tuple[tuple[str, frozenset[str]], ...] = ()

    def covers(self, row: Mapping[str, object]) -> bool:
        """Say whether the document with these columns is within the scope."""
        return all(row.get(column) in values for column, values in self.clauses)

    def columns(self) -> set[str]:
        """Return the columns the scope looks at."""
        return {column for column, _ in self.clauses}

    def rank(self) -> int:
        """Return how special the scope is: 0 the source, 1 a subset, 2 single documents."""
        return 2 if "id" in self.columns() else int(bool(self.clauses))

    def __str__(self) -> str:
        return " and ".join(f"{column} in ({', '.join(sorted(values))})" for column, values in self.clauses)


def parse_scope(text: str | None) -> Scope:
    """Read a scope.

    Raises:
        UsageError: it is not understood; the message shows what a scope looks like.
    """
    if text is None or not text.strip():
        return Scope()
    clauses = []
    for clause in re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise UsageError(f'--only {text!r} is not understood; write it as "document_type in (LOV, LBK)"')
        column = match.group(1).lower()
        if column not in COLUMNS:
            raise UsageError(f"--only cannot ask for {column!r}; it can for {', '.join(COLUMNS)}")
        raw = match.group("many").split(",") if match.group("many") is not None else [match.group("one")]
        values = frozenset(value.strip().strip("'\"") for value in raw if value.strip())
        if not values:
            raise UsageError(f"--only {text!r} names no values")
        clauses.append((column, values))
    return Scope(tuple(sorted(clauses, key=lambda c: (c[0], sorted(c[1])))))
