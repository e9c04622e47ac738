"""Why a document is not published: one main reason by precedence, the others beside it."""

from __future__ import annotations

from collections.abc import Iterable

PRECEDENCE = (
    "withdrawn",
    "broken",
    "empty",
    "not_text",
    "removed_at_source",
    "rights",
    "access_period",
    "personal_data",
    "language",
    "too_short",
    "garbled",
    "quality",
    "superseded_version",
    "duplicate",
)
"""Kinds of reasons; what stands first is named first. A reason is a kind, or a kind and a colon and more."""

STOOD_FOR = ("superseded_version", "duplicate")
"""Kinds of reasons against what another published document stands for; ``duplicate_of`` names that."""


def kind(reason: str) -> str:
    """Return the kind of a reason: ``rights`` of ``rights:needs_review``."""
    return reason.partition(":")[0]


def main_reason(reasons: Iterable[str]) -> tuple[str, list[str]]:
    """Return the reason that counts, and the others, by precedence.

    Raises:
        ValueError: a reason of no known kind.
    """
    ordered = sorted(set(reasons), key=lambda reason: (PRECEDENCE.index(kind(reason)), reason))
    return ordered[0], ordered[1:]
