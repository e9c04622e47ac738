"""The difference of two finished releases, told as text, JSON or Markdown."""

from __future__ import annotations

from typing import Any

from publishing.changes import CHANGES, Changes, compare
from publishing.release import Release

_SHOWN = 20


def diff(before: Release, after: Release) -> Changes:
    """Compare two releases row by row; nothing but their own files is read, and of those not what both hold."""
    same = _rows(before) & _rows(after)
    changes = compare(before.index(same), after.index(same), after.excluded())
    old, new = set(before.columns()), set(after.columns())
    changes.columns_added, changes.columns_removed = sorted(new - old), sorted(old - new)
    return changes


def _rows(release: Release) -> set[str]:
    return {file["rows_sha256"] for file in release.record["files"]}


def as_dict(before: Release, after: Release, changes: Changes) -> dict[str, Any]:
    """Return the difference for programs, every id named."""
    return {
        "from": before.version,
        "to": after.version,
        "sources": {source: dict(classes) for source, classes in sorted(changes.by_source.items())},
        "reasons": dict(sorted(changes.reasons.items())),
        "stands_for_it": dict(sorted(changes.stands_for.items())),
        "columns": {"added": changes.columns_added, "removed": changes.columns_removed},
    }


def as_text(before: Release, after: Release, changes: Changes, *, markdown: bool = False) -> str:
    """Return the difference for people, at most twenty ids of each kind."""
    head, item, code = ("## ", "- ", "`") if markdown else ("", "  ", "")
    lines = [f"{'# ' if markdown else ''}{before.version} → {after.version}"]
    for source, classes in sorted(changes.by_source.items()):
        for change in CHANGES:
            ids = classes.get(change, [])
            if ids:
                lines += ["", f"{head}{source}: {len(ids):,} {change}"] + ([""] if markdown else [])
                lines += [f"{item}{code}{identity}{code}{_why(changes, identity)}" for identity in ids[:_SHOWN]]
                lines += [f"{item}…and {len(ids) - _SHOWN:,} more"] if len(ids) > _SHOWN else []
    for name, columns in (("added", changes.columns_added), ("removed", changes.columns_removed)):
        lines += ["", f"{head}columns {name}: {', '.join(columns)}"] if columns else []
    return "\n".join(lines if len(lines) > 1 else [*lines, "", "No row differs."])


def _why(changes: Changes, identity: str) -> str:
    if identity in changes.stands_for:
        return f" ({changes.reasons[identity]}; now {changes.stands_for[identity]})"
    return f" ({changes.reasons[identity]})" if identity in changes.reasons else ""
