"""Which ways in a harvest takes: deliveries, the inbox, and publishers' services."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.harvesting import Way, harvest_all, ways_in
from frisat.errors import DeliveryError, UsageError
from frisat.report import Silent

if TYPE_CHECKING:
    from tests.conftest import Desk


def test_everything_that_waits_is_harvested(inbox: Desk) -> None:
    folders = inbox.workspace.root / "inbox"
    done = harvest_all(inbox.workspace, [], None, Silent())
    assert [(item.source, item.origin, item.collected.new) for item in done] == [
        ("letters", str(folders / "letters"), 1), ("minutes", str(folders / "minutes"), 1),
    ]  # fmt: skip
    again = harvest_all(inbox.workspace, [], None, Silent())
    assert [(item.collected.new, item.collected.unchanged) for item in again] == [(0, 1), (0, 1)]


def test_one_source_that_waits_is_harvested(inbox: Desk) -> None:
    done = harvest_all(inbox.workspace, ["minutes", "minutes"], None, Silent())
    assert [item.source for item in done] == ["minutes"]
    assert done[0].as_dict() == {
        "source": "minutes", "origin": str(inbox.workspace.root / "inbox" / "minutes"), "new": 1, "changed": 0,
        "unchanged": 0, "gone": 0, "failed": 0, "unavailable": 0, "bytes": done[0].collected.bytes, "requests": 0,
        "seconds": 0.0, "failures": [], "error": None,
    }  # fmt: skip


def test_a_delivery_goes_with_one_source(desk: Desk) -> None:
    folder = desk.folder("minutes", desk.minutes(1))
    for names in ([], ["minutes", "letters"]):
        with pytest.raises(UsageError, match="--from goes with one source"):
            harvest_all(desk.workspace, names, folder, Silent())
    (done,) = harvest_all(desk.workspace, ["minutes"], folder, Silent())
    assert (done.origin, done.collected.new) == (str(folder), 1)


def test_what_cannot_be_harvested_is_said_before_anything_begins(inbox: Desk, tmp_path: Path) -> None:
    assert ways_in(inbox.workspace, ["minutes"], None) == [Way("minutes", inbox.workspace.root / "inbox/minutes")]
    assert ways_in(inbox.workspace, ["minutes"], inbox.root / "deliveries" / "minutes")
    with pytest.raises(UsageError, match=r"nothing waits for 'adl': lay deliveries in .*inbox/adl/, or give one with"):
        ways_in(inbox.workspace, ["adl"], None)
    with pytest.raises(UsageError, match="no source is named 'nobody'"):
        ways_in(inbox.workspace, ["nobody"], None)
    with pytest.raises(DeliveryError, match="does not exist"):
        ways_in(inbox.workspace, ["nobody"], tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is a delivery of 'minutes', not of 'letters'"):
        ways_in(inbox.workspace, ["letters"], inbox.root / "deliveries" / "minutes")


def test_nobody_waits(desk: Desk) -> None:
    assert ways_in(desk.workspace, [], None) == []
    assert harvest_all(desk.workspace, [], None, Silent()) == []


def test_a_service_is_asked_where_there_is_a_contact(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="nothing waits for 'retsinformation': set FRISAT_CONTACT to an e-mail"):
        ways_in(desk.workspace, ["retsinformation"], None)
    monkeypatch.setenv("FRISAT_CONTACT", "data@example.org")
    assert ways_in(desk.workspace, ["retsinformation"], None) == [Way("retsinformation")]
    assert ways_in(desk.workspace, [], None) == []


def test_a_service_that_was_asked_before_is_asked_again(desk: Desk) -> None:
    cursor = desk.workspace.archive / "retsinformation" / "cursor.json"
    cursor.parent.mkdir(parents=True)
    cursor.write_text("{}")
    assert ways_in(desk.workspace, [], None) == [Way("retsinformation")]


def test_of_a_run_a_named_source_need_have_nothing(desk: Desk) -> None:
    assert ways_in(desk.workspace, ["adl"], None, needed=False) == []
    with pytest.raises(UsageError, match="no source is named 'nobody'"):
        ways_in(desk.workspace, ["nobody"], None, needed=False)
