"""Marking the cards of published versions that hold what was withdrawn since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frisat.report import Silent
from publishing import load_release, publish
from publishing._hub_client import Hub, HubError, Patience, open_hub
from publishing.withdrawn import MARK, mark, mark_old_cards, marked_card, withdrawn_since
from tests.standins.hub import Fault, HubStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


def _gone(identity: str, reason: str | None) -> dict[str, Any]:
    return {"id": identity, "source": "s", "change": "removed", "reason": reason, "stands_for_it": None}


HISTORY: list[dict[str, Any]] = [
    {"version": "v3.0.0", "gone": [_gone("minutes/001", "withdrawn"), _gone("s/9", "removed_at_source")]},
    {"version": "v2.0.0", "gone": [_gone("s/2", "withdrawn"), _gone("s/3", None)]},
    {"version": "v1.0.0", "gone": []},
]


def test_what_was_withdrawn_since() -> None:
    assert withdrawn_since("v1.0.0", HISTORY) == {"minutes/001": "v3.0.0", "s/2": "v2.0.0"}
    assert withdrawn_since("v2.0.0", HISTORY) == {"minutes/001": "v3.0.0"}
    assert withdrawn_since("v3.0.0", HISTORY) == {}


def test_a_marked_card() -> None:
    card = "---\nlicense: other\n---\n\n# Title\n\nText.\n"
    once = marked_card(card, "v1.0.0", "v3.0.0", 1)
    assert once.startswith("---\nlicense: other\n---\n<!-- withdrawn -->\n> **Withdrawn texts.** 1 document of v1.0.0 ")
    assert once.endswith("<!-- /withdrawn -->\n\n# Title\n\nText.\n")
    twice = marked_card(once, "v1.0.0", "v4.0.0", 1_200)
    assert twice.count("Withdrawn texts") == 1
    assert "1,200 documents of v1.0.0" in twice
    assert 'load `revision="v4.0.0"` or later' in twice
    assert marked_card("# No front matter\n", "v1.0.0", "v2.0.0", 2).endswith("\n\n# No front matter\n")


@pytest.fixture
def published(finished: Desk, hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A repository with v1.0.0, and a connection to it."""
    monkeypatch.setattr("publishing.hub.read_back_hub", lambda *_: None)
    publish(finished.workspace.release(), "hf://datasets/o/n", Silent())
    hub.forget()
    with open_hub("o/n", Silent(), Patience(tries=1)) as connection:
        yield connection


def _card(hub: HubStandIn) -> str:
    repo = hub.repo("o/n")
    return repo.commits[repo.tags["v1.0.0"]].tree["README.md"].content.decode()


def test_the_tag_moves_to_a_marked_card_beside_the_main_branch(published: Hub, hub: HubStandIn, finished: Desk) -> None:
    repo = hub.repo("o/n")
    before = repo.head
    assert mark(published, "v1.0.0", "v2.0.0", 3)
    marked = repo.commits[repo.tags["v1.0.0"]]
    assert (marked.parent, marked.message) == (before.oid, f"{MARK}: v1.0.0")
    assert {p for p in marked.tree if marked.tree[p] != before.tree[p]} == {"README.md"}
    assert "3 documents of v1.0.0 have been withdrawn" in _card(hub)
    assert repo.branches == {"main": before.oid}
    hub.forget()
    assert not mark(published, "v1.0.0", "v2.0.0", 3)
    assert {asked.method for asked in hub.asked} <= {"GET", "HEAD"}
    assert publish(finished.workspace.release(), "hf://datasets/o/n", Silent()).state == "unchanged"
    assert mark(published, "v1.0.0", "v3.0.0", 4)
    assert "4 documents" in _card(hub)
    assert "3 documents" not in _card(hub)


@pytest.mark.parametrize("what", ["branch", "commit", "untag", "tag", "unbranch"])
def test_a_break_is_made_good(published: Hub, hub: HubStandIn, finished: Desk, what: str) -> None:
    release = load_release(finished.workspace.release())
    later = type(release)(release.path, {**release.record, "version": "v4.0.0"})
    hub.fault(what, Fault.status(500))
    with pytest.raises(HubError, match="500"):
        mark_old_cards(published, later, HISTORY)
    assert mark_old_cards(published, later, HISTORY) == ["v1.0.0"]
    assert "1 document of v1.0.0 have been withdrawn" in _card(hub).replace("has", "have")
    assert list(hub.repo("o/n").branches) == ["main"]
    assert mark_old_cards(published, later, HISTORY) == []


def test_only_versions_that_hold_it_are_marked(published: Hub, hub: HubStandIn, finished: Desk, tmp_path: Path) -> None:
    release = load_release(finished.workspace.release())
    later = type(release)(release.path, {**release.record, "version": "v4.0.0"})
    others = [{"version": "v4.0.0", "gone": [_gone("s/2", "withdrawn")]}]
    assert mark_old_cards(published, later, others) == []
    # Where the old release is not there to ask, it may hold all of them.
    elsewhere = type(release)(tmp_path / "v4.0.0", later.record)
    assert mark_old_cards(published, elsewhere, others) == ["v1.0.0"]
    assert hub.repo("o/n").find("v1.0.0") is not None
