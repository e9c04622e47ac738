"""The difference of two releases, told to people and to programs; and the record of all changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publishing import Changes, Release, as_dict, as_text, diff, load_release

if TYPE_CHECKING:
    from tests.conftest import Desk


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Desk:
    """Three versions: added and revised, then a document blocked and another licence."""
    kind = type(request.getfixturevalue("finished"))
    with pytest.MonkeyPatch.context() as clock:
        desk: Desk = kind(tmp_path_factory.mktemp("history"), clock)
        rows = desk.minutes(6)
        desk.deliver("minutes", rows[:5])
        desk.build()
        desk.decide("minutes")
        desk.release()
        desk.at("2041-04-01")
        desk.deliver("minutes", [{**rows[0], "text": "Byrådet har i aften besluttet noget andet."}, *rows[1:]])
        desk.build()
        desk.release()
        desk.at("2041-05-01")
        desk.decide("minutes", only="id = minutes/001", status="blocked")
        desk.decide("minutes", only="id = minutes/002", license="PDDL-1.0")
        desk.release(accept_loss=["minutes"])
        return desk


def _releases(history: Desk) -> list[Release]:
    return [load_release(history.workspace.release(version)) for version in history.workspace.versions()]


def test_versions(history: Desk) -> None:
    assert history.workspace.versions() == ["v1.0.0", "v1.1.0", "v2.0.0"]


def test_nothing_differs(history: Desk) -> None:
    first, *_ = _releases(history)
    changes = diff(first, first)
    assert as_text(first, first, changes) == "v1.0.0 → v1.0.0\n\nNo row differs."
    assert as_dict(first, first, changes)["sources"] == {}


def test_for_people(history: Desk) -> None:
    first, second, third = _releases(history)
    assert as_text(first, second, diff(first, second)).splitlines() == [
        "v1.0.0 → v1.1.0", "", "minutes: 1 added", "  minutes/005", "", "minutes: 1 revised", "  minutes/000",
    ]  # fmt: skip
    assert as_text(second, third, diff(second, third)).splitlines() == [
        "v1.1.0 → v2.0.0", "", "minutes: 1 redescribed", "  minutes/002", "", "minutes: 1 relabelled",
        "  minutes/002", "", "minutes: 1 removed", "  minutes/001 (rights:blocked)",
    ]  # fmt: skip


def test_in_markdown(history: Desk) -> None:
    _, second, third = _releases(history)
    assert as_text(second, third, diff(second, third), markdown=True).splitlines()[-3:] == [
        "## minutes: 1 removed", "", "- `minutes/001` (rights:blocked)",
    ]  # fmt: skip


def test_for_programs(history: Desk) -> None:
    first, _, third = _releases(history)
    assert as_dict(first, third, diff(first, third)) == {
        "from": "v1.0.0",
        "to": "v2.0.0",
        "sources": {
            "minutes": {
                "added": ["minutes/005"],
                "revised": ["minutes/000"],
                "removed": ["minutes/001"],
                "redescribed": ["minutes/002"],
                "relabelled": ["minutes/002"],
            }
        },
        "reasons": {"minutes/001": "rights:blocked"},
        "stands_for_it": {},
        "columns": {"added": [], "removed": []},
    }


def test_backwards_a_document_that_is_back_is_added(history: Desk) -> None:
    _, second, third = _releases(history)
    assert diff(third, second).counts() == {"minutes": {"added": 1, "redescribed": 1, "relabelled": 1}}


def test_columns_that_came_and_went(history: Desk) -> None:
    first, *_ = _releases(history)
    later = Release(first.path, {**first.record, "columns": [*first.record["columns"][1:], "dialect: string"]})
    changes = diff(first, later)
    assert (changes.columns_added, changes.columns_removed) == (["dialect: string"], ["id: string"])
    assert as_text(first, later, changes).splitlines()[1:] == [
        "", "columns added: dialect: string", "", "columns removed: id: string",
    ]  # fmt: skip


def test_no_more_than_twenty_ids_are_told_to_people(history: Desk) -> None:
    first, *_ = _releases(history)
    changes = Changes()
    for number in range(1_025):
        changes.note("minutes", "added", f"minutes/{number}")
    lines = as_text(first, first, changes).splitlines()
    assert len(lines) == 3 + 20 + 1
    assert lines[2] == "minutes: 1,025 added"
    assert lines[-1] == "  …and 1,005 more"


def test_what_stands_for_a_document_is_said(history: Desk) -> None:
    first, *_ = _releases(history)
    changes = Changes(reasons={"a/1": "duplicate:exact"}, stands_for={"a/1": "b/1"})
    changes.note("a", "replaced", "a/1")
    assert as_text(first, first, changes).splitlines()[-1] == "  a/1 (duplicate:exact; now b/1)"


def test_changes_of_all_versions_are_kept(history: Desk) -> None:
    versions = json.loads((history.workspace.release() / "changes.json").read_text("utf-8"))["versions"]
    assert versions == [
        {
            "version": "v2.0.0",
            "date": "2041-05-01",
            "previous": "v1.1.0",
            "sources": {"minutes": {"redescribed": 1, "relabelled": 1, "removed": 1}},
            "gone": [
                {
                    "id": "minutes/001",
                    "source": "minutes",
                    "change": "removed",
                    "reason": "rights:blocked",
                    "stands_for_it": None,
                }
            ],
        },
        {
            "version": "v1.1.0",
            "date": "2041-04-01",
            "previous": "v1.0.0",
            "sources": {"minutes": {"added": 1, "revised": 1}},
            "gone": [],
        },
        {"version": "v1.0.0", "date": "2041-03-01", "previous": None, "sources": {"minutes": {"added": 5}}, "gone": []},
    ]


def test_the_change_log_tells_the_same(history: Desk) -> None:
    assert (history.workspace.release() / "CHANGELOG.md").read_text("utf-8").split("\n## ", 1)[1] == CHANGELOG


CHANGELOG = """[2.0.0] - 2041-05-01

### Changed: description

- minutes: 1

### Changed: licence, basis or attribution

- minutes: 1

### Removed

- minutes: 1

Gone, with the reason:

- `minutes/001`: rights:blocked

## [1.1.0] - 2041-04-01

### Added

- minutes: 1

### Changed: text revised

- minutes: 1


## [1.0.0] - 2041-03-01

### Added

- minutes: 5

"""


def test_a_release_keeps_the_date_of_each_document(history: Desk) -> None:
    index = _releases(history)[-1].index()["minutes"]
    assert dict(zip(index.column("id").to_pylist(), index.column("added").to_pylist(), strict=True)) == {
        "minutes/000": "2041-03-01",
        "minutes/002": "2041-03-01",
        "minutes/003": "2041-03-01",
        "minutes/004": "2041-03-01",
        "minutes/005": "2041-04-01",
    }


def test_a_release_is_read_from_its_folder_alone(history: Desk, tmp_path: Path) -> None:
    release = load_release(history.workspace.release("1.1.0"))
    assert release.version == "v1.1.0"
    assert release.columns()[:3] == ["id: string", "text: string", "source: string"]
    assert release.excluded() == {}
