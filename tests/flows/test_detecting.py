"""What the records of a source say of rights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flows.detecting import detected
from frisat.errors import UsageError
from frisat.report import Silent

if TYPE_CHECKING:
    from tests.conftest import Desk


def test_records_of_a_delivery(desk: Desk) -> None:
    rows = [{**row, "license": ("CC0-1.0", "CC BY-NC 4.0")[n % 2]} for n, row in enumerate(desk.minutes(4))]
    desk.deliver("minutes", rows)
    found = detected(desk.workspace, "minutes", Silent())
    assert (found["claim"], found["records"], found["looked_into"]) == ("CC0-1.0", 1, {"json": 1})
    assert found["statements"] == [
        {"where": "field", "sure": "high", "means": "CC-BY-NC-4.0", "wording": "CC BY-NC 4.0", "reason": "",
         "records": 1, "first_in": "rows.jsonl"},
        {"where": "field", "sure": "high", "means": "CC0-1.0", "wording": "CC0-1.0", "reason": "",
         "records": 1, "first_in": "rows.jsonl"},
    ]  # fmt: skip
    assert [row["conflict"] for row in found["conflicts"]] == [
        "claim: CC0-1.0 / CC-BY-NC-4.0", "licences: CC-BY-NC-4.0 / CC0-1.0",
    ]  # fmt: skip
    assert found["reservations"] == []


def test_only_the_newest_state_counts(desk: Desk) -> None:
    desk.deliver("minutes", [{**desk.minutes(1)[0], "license": "CC BY 4.0"}])
    desk.at("2041-03-02")
    desk.deliver("minutes", [{**desk.minutes(1)[0], "license": "CC0"}])
    found = detected(desk.workspace, "minutes", Silent())
    assert [(row["means"], row["records"]) for row in found["statements"]] == [("CC0-1.0", 1)]
    assert found["conflicts"] == []


def test_a_first_look(desk: Desk) -> None:
    folder = desk.folder("minutes", desk.minutes(1))
    for number in range(5):
        text = json.dumps({"id": f"x{number}", "text": "Kære alle.", "license": f"CC BY {number}.0"})
        (folder / f"{number}.jsonl").write_text(text)
    desk.deliver("minutes", desk.minutes(1))
    assert detected(desk.workspace, "minutes", Silent())["records"] == 6
    some = detected(desk.workspace, "minutes", Silent(), 3)
    assert some["records"] == 3
    assert some == detected(desk.workspace, "minutes", Silent(), 3)


def test_what_is_proposed_to_a_person(desk: Desk) -> None:
    folder = desk.folder("minutes", desk.minutes(2))
    (folder / "one.jsonl").write_text(json.dumps({**desk.minutes(3)[2], "id": "x", "license": "CC0 1.0"}))
    two = [json.dumps({**row, "id": f"y{n}", "license": "CC0 1.0"}) for n, row in enumerate(desk.minutes(2))]
    (folder / "two.jsonl").write_text("\n".join(two))
    desk.deliver("minutes", desk.minutes(2))
    desk.build()
    before = detected(desk.workspace, "minutes", Silent())
    assert before["proposed"] == []
    assert {"why": "no person has cleared the source", "records": 3, "first_in": "one.jsonl"} in before[
        "against_proposing"
    ]
    desk.decide("minutes", only="id = minutes/000")
    found = detected(desk.workspace, "minutes", Silent())
    assert found["proposed"] == [{"licence": "CC0-1.0", "records": 1, "first_in": "one.jsonl"}]
    assert {row["why"]: row["records"] for row in found["against_proposing"]} == {
        "the record is not the document itself": 2,
        "no field for it names a licence": 1,
    }


def test_a_source_without_records(desk: Desk) -> None:
    found = detected(desk.workspace, "adl", Silent())
    assert (found["records"], found["statements"], found["conflicts"]) == (0, [], [])
    with pytest.raises(UsageError, match="no source is named 'adle'"):
        detected(desk.workspace, "adle", Silent())
