"""Readings: recorded with who and why, of one text, and of nothing that is not flagged."""

from __future__ import annotations

from pathlib import Path

import pytest

from frisat.errors import UsageError
from licensing import Register, record_reading
from licensing.readings import readings_of

FLAGS = ["personal_data:cpr", "personal_data:address"]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "register")


def test_a_reading_is_recorded(register: Register) -> None:
    made = record_reading(register, "letters", "letters/1", "a" * 64, FLAGS, " An office's address. ", " Anna ")
    assert made == {
        "source": "letters", "id": "letters/1", "text_sha256": "a" * 64, "flags": sorted(FLAGS),
        "note": "An office's address.", "by": "Anna",
    }  # fmt: skip
    assert readings_of(register.entries()) == {("letters/1", "a" * 64): frozenset(FLAGS)}


def test_readings_of_one_text_add_up(register: Register) -> None:
    for flag in FLAGS:
        record_reading(register, "letters", "letters/1", "a" * 64, [flag], "Read.", "Anna")
    record_reading(register, "letters", "letters/1", "b" * 64, FLAGS[:1], "Read.", "Anna")
    assert readings_of(register.entries()) == {
        ("letters/1", "a" * 64): frozenset(FLAGS),
        ("letters/1", "b" * 64): frozenset(FLAGS[:1]),
    }


@pytest.mark.parametrize(
    ("flags", "note", "by", "message"),
    [
        ([], "Read.", "Anna", "letters/1 is not flagged for personal data"),
        (FLAGS, " ", "Anna", "--note is empty"),
        (FLAGS, "Read.", "", "--by is empty"),
    ],
)
def test_what_is_not_recorded(register: Register, flags: list[str], note: str, by: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        record_reading(register, "letters", "letters/1", "a" * 64, flags, note, by)
    assert register.entries() == []
