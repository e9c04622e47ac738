"""Records and documents, and the characters of an id."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from frisat.documents import ID_CHARACTERS, year_range
from tests.helpers import record


def test_a_record_reads_its_bytes_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"abc")
    assert record(b"abc", "a.txt").read() == b"abc"
    assert record(tmp_path / "blob", "a.txt").read() == b"abc"


def test_year_range_holds_both_years() -> None:
    assert year_range(1931) == (date(1931, 1, 1), date(1931, 12, 31))
    assert year_range(1931, 1932) == (date(1931, 1, 1), date(1932, 12, 31))


@pytest.mark.parametrize(
    ("identity", "allowed"),
    [("eli/lta/2013/1121", True), ("a.b_c-d", True), ("æ", False), ("a b", False), ("", False), ("a\n", False)],
)
def test_id_characters(identity: str, allowed: bool) -> None:
    assert bool(ID_CHARACTERS.fullmatch(identity)) is allowed
