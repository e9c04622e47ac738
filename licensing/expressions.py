"""SPDX licence expressions: ids joined by ``AND``, ``OR`` and ``WITH``, as the annex of SPDX 3.0 defines them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from licensing.spdx import spdx_exceptions, spdx_licences, spdx_spelling

MAX_TOKENS = 99
MAX_DEPTH = 10
_TOKEN = re.compile(r"\s*(?:([()])|([A-Za-z0-9.+-]+))\s*")
_OPERATORS = {"AND", "OR", "WITH", "and", "or", "with"}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that holds together: as SPDX spells it, and the licences in it in their order."""

    text: str
    licences: tuple[str, ...]


def parse_expression(text: str, known: Callable[[str], str | None]) -> Expression:
    """Read an expression.

    Args:
        text: the expression; operators in capitals or in small letters, ids in any case.
        known: returns how a ``LicenseRef-`` is spelt, or ``None`` if it is not registered.

    Raises:
        ValueError: it is none, or names a licence that is not known; the message says which.
    """
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(tokens) == MAX_TOKENS:
            raise ValueError("is no SPDX expression" if match is None else f"has more than {MAX_TOKENS} parts")
        tokens.append(match[1] or match[2])
        at = match.end()
    reader = _Reader(tokens, known)
    written = reader.any_of(0)
    if reader.at < len(tokens):
        raise ValueError(f"is no SPDX expression: {tokens[reader.at]!r} stands where an operator should")
    return Expression(written, tuple(dict.fromkeys(reader.licences)))


@dataclass(slots=True)
class _Reader:
    tokens: list[str]
    known: Callable[[str], str | None]
    at: int = 0
    licences: list[str] = field(default_factory=list)

    def any_of(self, depth: int) -> str:
        found = [self._all_of(depth)]
        while self._takes("OR"):
            found.append(self._all_of(depth))
        return " OR ".join(found)

    def _all_of(self, depth: int) -> str:
        found = [self._one(depth)]
        while self._takes("AND"):
            found.append(self._one(depth))
        return " AND ".join(found)

    def _one(self, depth: int) -> str:
        token = self._next()
        if token == "(":  # noqa: S105 - no password
            if depth == MAX_DEPTH:
                raise ValueError(f"has brackets more than {MAX_DEPTH} deep")
            inner = self.any_of(depth + 1)
            if self.tokens[self.at : self.at + 1] != [")"]:
                raise ValueError("is no SPDX expression: a bracket is not closed")
            self.at += 1
            return f"({inner})"
        licence = self._licence(token)
        self.licences.append(licence.removesuffix("+") if licence.removesuffix("+") in spdx_licences() else licence)
        return f"{licence} WITH {self._exception(self._next())}" if self._takes("WITH") else licence

    def _licence(self, token: str) -> str:
        if token.lower().startswith("licenseref-"):
            found = self.known(token)
        else:
            found = spdx_spelling().get(token.lower())
            if found is None and token.endswith("+"):
                base = spdx_spelling().get(token[:-1].lower())
                found = f"{base}+" if base in spdx_licences() else None
        if found is None or found in spdx_exceptions():
            raise ValueError(f"names {token!r}, which is no licence that is known")
        return found

    def _exception(self, token: str) -> str:
        found = spdx_spelling().get(token.lower(), "")
        if found not in spdx_exceptions():
            raise ValueError(f"names {token!r}, which is no exception that is known")
        return found

    def _next(self) -> str:
        if self.at == len(self.tokens) or self.tokens[self.at] in _OPERATORS:
            raise ValueError("is no SPDX expression: a licence is missing")
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, operator: str) -> bool:
        there = self.at < len(self.tokens) and self.tokens[self.at] in (operator, operator.lower())
        self.at += there
        return there
