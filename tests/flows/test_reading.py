"""A text that is flagged for personal data is published once a person has read it, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from tests.conftest import danish

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]

ADDRESS = "Hilsen Karla Holmgaard, Birkevænget 12, 9999 Nørreby."


def _letters(desk: Desk, last: str = "") -> None:
    rows = [
        {"id": "1", "text": danish("brevet", f"{ADDRESS} {last}"), "document_type": "minutes"},
        {"id": "2", "text": danish("svaret"), "document_type": "minutes"},
    ]
    desk.deliver("letters", rows, personal_data="private_persons")
    desk.build()


@pytest.fixture
def letters(desk: Desk) -> Desk:
    """Two letters, cleared; one tells where somebody lives."""
    _letters(desk)
    desk.decide("letters")
    return desk


def _published(desk: Desk) -> list[str]:
    return [i for path in desk.latest().path.glob("data/*/*.parquet") for i in pq.read_table(path)["id"].to_pylist()]


def test_a_text_that_was_read_is_published(letters: Desk, command_line: CommandLine) -> None:
    letters.release()
    assert _published(letters) == ["letters/2"]
    shown = command_line(letters, "sample", "letters", "--reason", "personal_data", "--json").json()
    assert ADDRESS in str(shown)
    done = command_line(letters, "review", "read", "letters/1", "--note", "A made-up place.", "--by", "Anna", "--json")
    assert (done.code, done.json()["flags"]) == (0, ["personal_data:address"])
    letters.release()
    assert sorted(_published(letters)) == ["letters/1", "letters/2"]
    logged = command_line(letters, "review", "log", "--since", "v1.0.0")
    assert "letters/1 read by Anna: A made-up place." in logged.out


def test_a_text_that_changed_since_is_flagged_anew(letters: Desk, command_line: CommandLine) -> None:
    command_line(letters, "review", "read", "letters/1", "--note", "A made-up place.", "--by", "Anna")
    letters.at("2041-03-02")
    _letters(letters, "Skriv snart igen.")
    letters.release()
    assert _published(letters) == ["letters/2"]


@pytest.mark.parametrize(
    ("identity", "message"),
    [("letters/2", "letters/2 is not flagged for personal data"), ("letters/9", "has no built document 'letters/9'")],
)
def test_what_cannot_be_taken_back(letters: Desk, command_line: CommandLine, identity: str, message: str) -> None:
    done = command_line(letters, "review", "read", identity, "--note", "Read.", "--by", "Anna")
    assert done.code == 2
    assert message in done.err
