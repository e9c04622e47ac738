"""The scope of a decision: which documents of a source it is about.

Written as ``document_type in (LOV, LBK)``, ``id = retsinformation/eli/lta/2013/1121``, ``created before 1950-01-01``,
``created from 1950-01-01`` or ``details.availability = free``, joined by ``and``. A value with a comma, a bracket or
the word *and* stands in quotes: ``author = "Holberg, Ludvig"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from frisat.errors import UsageError

COLUMNS = ("id", "document_type", "author", "parent_id")
"""Columns a scope may name; besides them ``created``, and the keys of ``details``, where a text may state a licence."""

_DETAILS = "details."

_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
_CLAUSE = re.compile(
    rf"""\s*([\w.]+)(?:\s*=\s*(?P<one>{_QUOTED}|(?:(?!\sand(?:\s|$))[^,()"'=])+)"""
    rf"""|\s+in\s*\((?P<many>(?:{_QUOTED}|[^()"'])*)\))\s*""",
    re.IGNORECASE,
)
_DATED = re.compile(r"\s*created\s+(before|from)\s+(\d{4}-\d{2}-\d{2})\s*", re.IGNORECASE)
_ITEM = re.compile(rf"""(?:{_QUOTED}|[^,"'])+""")
_AND = re.compile(r"(?<=[\s)\"'])and\s", re.IGNORECASE)
_SIMPLE = re.compile(r"[\w./-]+(?: [\w./-]+)*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Clauses that must all hold: a column, and the values it may have. No clauses: the whole source.

    ``dates`` holds what must be true of when a text was written: ``before`` a day or ``from`` a day on, whatever is
    known of it; a text of unknown date is in no such scope.
    """

    clauses: tuple[tuple[str, frozenset[str]], ...] = ()
    dates: tuple[tuple[str, date], ...] = ()

    def covers(self, row: Mapping[str, object]) -> bool:
        """Say whether the document with these columns is within the scope."""
        return all(_value(row, column) in values for column, values in self.clauses) and self._dated(row)

    def _dated(self, row: Mapping[str, object]) -> bool:
        if not self.dates:
            return True
        created = row.get("created")
        if not created:
            return False
        first, _, last = str(created).partition(", ")
        return all(
            (last or first) < day.isoformat() if side == "before" else first >= day.isoformat()
            for side, day in self.dates
        )

    def columns(self) -> set[str]:
        """Return the columns the scope looks at."""
        named = {"details" if column.startswith(_DETAILS) else column for column, _ in self.clauses}
        return named | ({"created"} if self.dates else set())

    def rank(self) -> int:
        """Return how special the scope is: 0 the source, 1 a subset, 2 single documents."""
        return 2 if "id" in self.columns() else int(bool(self.clauses or self.dates))

    def __str__(self) -> str:
        clauses = [
            f"{column} in ({', '.join(_quoted(value) for value in sorted(values))})" for column, values in self.clauses
        ]
        return " and ".join([*clauses, *(f"created {side} {day.isoformat()}" for side, day in self.dates)])


def _value(row: Mapping[str, object], column: str) -> object:
    if not column.startswith(_DETAILS):
        return row.get(column)
    details = row.get("details")
    facts = json.loads(details) if isinstance(details, str) else {}
    return facts.get(column.removeprefix(_DETAILS)) if isinstance(facts, dict) else None


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
    clauses: list[tuple[str, frozenset[str]]] = []
    dates: list[tuple[str, date]] = []
    position = 0
    while True:
        match = _DATED.match(text, position)
        if match is not None:
            dates.append((match.group(1).lower(), _day(match.group(2))))
        else:
            match = _CLAUSE.match(text, position)
            if match is None:
                raise _not_understood(text)
            clauses.append(_clause(text, match))
        if match.end() == len(text):
            return Scope(tuple(sorted(clauses, key=lambda c: (c[0], sorted(c[1])))), tuple(sorted(dates)))
        joined = _AND.match(text, match.end())
        if joined is None:
            raise _not_understood(text)
        position = joined.end()


def _not_understood(text: str) -> UsageError:
    return UsageError(
        f'--only {text!r} is not understood; write it as "document_type in (LOV, LBK)", '
        "with quotes around a value that holds a comma, a bracket, a quote or 'and'"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--only names {text!r}, which is no date such as 1950-01-31") from error


def _clause(text: str, match: re.Match[str]) -> tuple[str, frozenset[str]]:
    column = match.group(1).lower()
    if column not in COLUMNS and not re.fullmatch(r"details\.\w+", column):
        raise UsageError(f"--only cannot ask for {column!r}; it can for {', '.join(COLUMNS)}, created, details.KEY")
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
