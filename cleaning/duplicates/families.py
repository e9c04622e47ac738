"""Families: the versions of one act, by what its publisher and its own words say, never by likeness.

An act that is consolidated again and again has many versions. Each names, by its short name (type, number and date),
the version that it restates (``consolidates``) or the one that took its place (``replaced_by``). Versions that lead to
each other by such names, also over one that was never collected, are one family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RELATIONS = ("consolidates", "replaced_by")
NAMED_BY = "short_name"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its id, its short name, the short names it leads to, and when it was made (``YYYY-MM-DD``)."""

    id: str
    name: str
    related: tuple[str, ...]
    made: str


def has_families(keys: Sequence[str]) -> bool:
    """Say whether a source with these keys in ``details`` tells which documents are versions of one act."""
    return NAMED_BY in keys and any(relation in keys for relation in RELATIONS)


def families(versions: Sequence[Version]) -> list[list[Version]]:
    """Return the families of two versions or more, each from the oldest to the newest, in the order of their ids."""
    leads: dict[str, str] = {}

    def find(name: str) -> str:
        root = name
        while leads.setdefault(root, root) != root:
            root = leads[root]
        while leads[name] != root:
            leads[name], name = root, leads[name]
        return root

    for version in versions:
        for other in version.related:
            leads[find(version.name)] = find(other)
    found: dict[str, list[Version]] = {}
    for version in versions:
        found.setdefault(find(version.name), []).append(version)
    ordered = (sorted(family, key=lambda v: (v.made, v.id)) for family in found.values() if len(family) > 1)
    return sorted(ordered, key=lambda family: family[0].id)
