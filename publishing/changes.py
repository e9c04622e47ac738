"""What changed between two releases, row by row, and which version follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from publishing.exclusion import STOOD_FOR, kind

CHANGES = ("added", "revised", "redescribed", "relabelled", "replaced", "removed")
"""added: a new id. revised: other text. redescribed: other columns. relabelled: other licence, basis or attribution.
replaced: another copy now stands for it. removed: gone, with the reason. One row may be revised and relabelled."""


@dataclass(slots=True)
class Changes:
    """Ids by class of change, per source; ``reasons`` says why an id was removed or replaced."""

    by_source: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    stands_for: dict[str, str] = field(default_factory=dict)
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)

    def note(self, source: str, change: str, identity: str) -> None:
        """Note one changed row."""
        self.by_source.setdefault(source, {}).setdefault(change, []).append(identity)

    def count(self, change: str) -> int:
        """Return how many rows changed in this way."""
        return sum(len(classes.get(change, [])) for classes in self.by_source.values())

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of rows by source and class, classes without any left out."""
        return {
            source: {change: len(classes[change]) for change in CHANGES if classes.get(change)}
            for source, classes in sorted(self.by_source.items())
        }

    def level(self) -> str | None:
        """Return ``major``, ``minor``, or None when no data file changes."""
        if self.count("relabelled") or self.count("removed") or self.columns_removed:
            return "major"
        if any(self.count(change) for change in CHANGES) or self.columns_added:
            return "minor"
        return None


def compare(
    before: Mapping[str, pa.Table],
    after: Mapping[str, pa.Table],
    excluded: Mapping[str, Mapping[str, str | None]],
) -> Changes:
    """Compare two releases by their indexes.

    Args:
        before: the index (``rows.INDEX``) of each source of the earlier release.
        after: that of the later one.
        excluded: of the later release, by id: its excluded row.
    """
    changes = Changes()
    for source in sorted({*before, *after}):
        old, new = _by_id(before.get(source)), _by_id(after.get(source))
        for identity in sorted(new.keys() - old.keys()):
            changes.note(source, "added", identity)
        for identity in sorted(old.keys() & new.keys()):
            _compare_row(changes, source, identity, old[identity], new[identity])
        for identity in sorted(old.keys() - new.keys()):
            _note_gone(changes, source, identity, excluded.get(identity, {}))
    return changes


def _by_id(index: pa.Table | None) -> dict[str, tuple[str, bytes, bytes]]:
    if index is None:
        return {}
    columns = [index.column(name).to_pylist() for name in ("id", "text_sha256", "described", "rights")]
    return {identity: (text, described, rights) for identity, text, described, rights in zip(*columns, strict=True)}


def _compare_row(
    changes: Changes, source: str, identity: str, old: tuple[str, bytes, bytes], new: tuple[str, bytes, bytes]
) -> None:
    if old[0] != new[0]:
        changes.note(source, "revised", identity)
    elif old[1] != new[1]:
        changes.note(source, "redescribed", identity)
    if old[2] != new[2]:
        changes.note(source, "relabelled", identity)


def _note_gone(changes: Changes, source: str, identity: str, row: Mapping[str, str | None]) -> None:
    reason = row.get("reason") or "removed_at_source"
    copy = kind(reason) in STOOD_FOR
    changes.note(source, "replaced" if copy else "removed", identity)
    changes.reasons[identity] = reason
    if copy and row.get("duplicate_of"):
        changes.stands_for[identity] = str(row["duplicate_of"])


def next_version(last: str | None, level: str | None, *, other_files_changed: bool) -> str | None:
    """Return the version that follows ``last``, or None when nothing changed."""
    if last is None:
        return "v1.0.0"
    major, minor, patch = (int(part) for part in last.removeprefix("v").split("."))
    if level == "major":
        return f"v{major + 1}.0.0"
    if level == "minor":
        return f"v{major}.{minor + 1}.0"
    return f"v{major}.{minor}.{patch + 1}" if other_files_changed else None


def lost_share(changes: Changes, source: str, published_before: int) -> float:
    """Return the share of a source's published documents that the new release loses, withdrawals not counted."""
    classes = changes.by_source.get(source, {})
    lost = [*classes.get("removed", []), *classes.get("replaced", [])]
    counted = sum(changes.reasons[identity] != "withdrawn" for identity in lost)
    return counted / published_before if published_before else 0.0
