"""What changed between two releases, and the version that follows."""

from __future__ import annotations

import pyarrow as pa
import pytest

from publishing import CHANGES, Changes, compare, next_version
from publishing.changes import lost_share
from publishing.rows import INDEX


def index(**rows: str) -> pa.Table:
    """Return an index; each row is written as three letters: text, description, rights."""
    return pa.Table.from_pylist(
        [
            {
                "id": identity,
                "source": "s",
                "added": "2041-01-01",
                "text_sha256": letters[0],
                "described": letters[1].encode() * 16,
                "rights": letters[2].encode() * 16,
            }
            for identity, letters in rows.items()
        ],
        schema=INDEX,
    )


@pytest.mark.parametrize(
    ("before", "after", "changed", "level"),
    [
        ({}, {}, {}, None),
        ({"a": "xxx"}, {"a": "xxx"}, {}, None),
        ({"a": "xxx"}, {"a": "xxx", "b": "xxx"}, {"added": ["b"]}, "minor"),
        ({"a": "xxx"}, {"a": "yxx"}, {"revised": ["a"]}, "minor"),
        ({"a": "xxx"}, {"a": "yyx"}, {"revised": ["a"]}, "minor"),
        ({"a": "xxx"}, {"a": "xyx"}, {"redescribed": ["a"]}, "minor"),
        ({"a": "xxx"}, {"a": "xxy"}, {"relabelled": ["a"]}, "major"),
        ({"a": "xxx"}, {"a": "yxy"}, {"revised": ["a"], "relabelled": ["a"]}, "major"),
        ({"a": "xxx", "b": "xxx"}, {"b": "xxx"}, {"removed": ["a"]}, "major"),
        ({"b": "xxx", "a": "xxx"}, {"d": "xxx", "c": "xxx"}, {"added": ["c", "d"], "removed": ["a", "b"]}, "major"),
    ],
)
def test_rows_are_compared(
    before: dict[str, str], after: dict[str, str], changed: dict[str, list[str]], level: str | None
) -> None:
    changes = compare({"s": index(**before)}, {"s": index(**after)}, {})
    assert changes.by_source.get("s", {}) == changed
    assert changes.level() == level
    assert {change: changes.count(change) for change in CHANGES if changes.count(change)} == {
        change: len(ids) for change, ids in changed.items()
    }


def test_a_source_may_come_and_go() -> None:
    changes = compare({"old": index(a="xxx")}, {"new": index(b="xxx")}, {})
    assert changes.counts() == {"new": {"added": 1}, "old": {"removed": 1}}


def test_why_a_row_is_gone() -> None:
    excluded: dict[str, dict[str, str | None]] = {
        "a": {"reason": "rights:expired", "duplicate_of": None},
        "b": {"reason": "duplicate:exact", "duplicate_of": "z"},
        "c": {"reason": "withdrawn", "duplicate_of": None},
    }
    changes = compare({"s": index(a="xxx", b="xxx", c="xxx", d="xxx")}, {}, excluded)
    assert changes.by_source == {"s": {"removed": ["a", "c", "d"], "replaced": ["b"]}}
    assert changes.reasons == {
        "a": "rights:expired", "b": "duplicate:exact", "c": "withdrawn", "d": "removed_at_source",
    }  # fmt: skip
    assert changes.stands_for == {"b": "z"}
    assert lost_share(changes, "s", 4) == 0.75  # a withdrawal is not counted
    assert lost_share(changes, "other", 4) == 0.0
    assert lost_share(changes, "s", 0) == 0.0


def test_a_row_replaced_alone_is_minor() -> None:
    excluded = {"a": {"reason": "duplicate:exact", "duplicate_of": "z"}}
    changes = compare({"s": index(a="xxx")}, {}, excluded)
    assert changes.level() == "minor"


def test_columns_count_too() -> None:
    assert Changes(columns_added=["dialect"]).level() == "minor"
    assert Changes(columns_removed=["url"]).level() == "major"


@pytest.mark.parametrize(
    ("last", "level", "other", "version"),
    [
        (None, None, False, "v1.0.0"),
        (None, "major", True, "v1.0.0"),
        ("v1.4.7", None, False, None),
        ("v1.4.7", None, True, "v1.4.8"),
        ("v1.4.7", "minor", False, "v1.5.0"),
        ("v1.4.7", "major", True, "v2.0.0"),
        ("v9.99.9", "minor", True, "v9.100.0"),
    ],
)
def test_versions(last: str | None, level: str | None, other: bool, version: str | None) -> None:
    assert next_version(last, level, other_files_changed=other) == version
