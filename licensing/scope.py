"""The scope of a decision: which documents of a source it is about.

Written as ``document_type in (LOV, LBK)`` or ``id = retsinformation/eli/lta/2013/1121``, joined by ``and``. A value
with a comma, a bracket or the word *and* in it stands in quotes: ``author = "Holberg, Ludvig"``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from frisat.errors import UsageError

COLUMNS = ("id", "document_type", "author", "parent_id")
"""Columns a scope may name."""

_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
_CLAUSE = re.compile(
    rf"""\s*(\w+)(?:\s*=\s*(?P<one>{_QUOTED}|(?:(?!\sand(?:\s|$))[^,()"'=])+)"""
    rf"""|\s+in\s*\((?P<many>(?:{_QUOTED}|[^()"'])*)\))\s*""",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"""(?:{_QUOTED}|[^,"'])+""")
_AND = re.compile(r"(?<=[\s)\"'])and\s", re.IGNORECASE)
_SIMPLE = re.compile(r"[\w./-]+(?: [\w./-]+)*")


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
        return " and ".join(
            f"{column} in ({', '.join(_quoted(value) for value in sorted(values))})" for column, values in self.clauses
        )


def _quoted(value: str) -> str:
    """Return a value so that it is read back as it is; none holds both kinds of quotes."""
    if _SIMPLE.fullmatch(value):
        return value
    return f"'{value}'" if '"' in value else f'"{value}"'


def parse_scope(text: str | None) -> Scope:
    """Read a scope.

    Raises:
        UsageError: it is not understood; the message shows what a scope looks like.
    """
    if text is None or not text.strip():
        return Scope()
    clauses = []
    position = 0
    while True:
        match = _CLAUSE.match(text, position)
        if match is None:
            raise _not_understood(text)
        clauses.append(_clause(text, match))
        if match.end() == len(text):
            return Scope(tuple(sorted(clauses, key=lambda c: (c[0], sorted(c[1])))))
        joined = _AND.match(text, match.end())
        if joined is None:
            raise _not_understood(text)
        position = joined.end()


def _not_understood(text: str) -> UsageError:
    return UsageError(
        f'--only {text!r} is not understood; write it as "document_type in (LOV, LBK)", '
        "with quotes around a value that holds a comma, a bracket, a quote or 'and'"
    )


def _clause(text: str, match: re.Match[str]) -> tuple[str, frozenset[str]]:
    column = match.group(1).lower()
    if column not in COLUMNS:
        raise UsageError(f"--only cannot ask for {column!r}; it can for {', '.join(COLUMNS)}")
    items = [match.group("one")] if match.group("one") is not None else _ITEM.findall(match.group("many"))
    values = frozenset(_unquoted(text, item.strip()) for item in items) - {""}
    if not values:
        raise UsageError(f"--only {text!r} names no values")
    return column, values


def _unquoted(text: str, value: str) -> str:
    if re.fullmatch(_QUOTED, value):
        return value[1:-1]
    if '"' in value or "'" in value:
        raise _not_understood(text)
    return value
