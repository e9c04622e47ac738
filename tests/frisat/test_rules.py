"""Rules of a descriptor exclude by measures, and only as written."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.rules import parse_rule, reason
from frisat.schema import QUALITY


def quality(**columns: list[float | int | None]) -> pa.StructArray:
    rows = len(next(iter(columns.values())))
    arrays = [pa.array(columns.get(field.name, [None] * rows), field.type) for field in QUALITY]
    return pa.StructArray.from_arrays(arrays, fields=list(QUALITY))


@pytest.mark.parametrize(
    ("written", "excluded"),
    [
        ("words < 3", [True, False, False]),
        ("words <= 3", [True, True, False]),
        ("words > 3", [False, False, True]),
        ("words >= 3", [False, True, True]),
        ("lexicon < 0.5", [True, False, False]),
        ("lexicon<0.9 and words>=3", [False, True, False]),
    ],
)
def test_what_a_rule_takes(written: str, excluded: list[bool]) -> None:
    measured = quality(words=[2, 3, 40], lexicon=[0.25, 0.75, None])
    assert parse_rule(written).holds(measured).to_pylist() == excluded


def test_no_documents() -> None:
    assert parse_rule("words < 3").holds(quality(words=[])).to_pylist() == []


@pytest.mark.parametrize(
    "written",
    ["", "words", "words < x", "sense < 3", "words = 3", "words < 3 or words > 9", "words < -1", "words < 1e9"],
)
def test_what_is_no_rule(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no rule: write 'measure < number'.*measures are words, duplicate_lines"):
        parse_rule(written)


@given(st.text())
def test_any_text_is_a_rule_or_a_clear_error(written: str) -> None:
    try:
        parse_rule(written)
    except ValueError as error:
        assert "is no rule" in str(error)


def test_reasons() -> None:
    assert [reason(name) for name in ("too_short", "garbled", "many_digits")] == [
        "too_short", "garbled", "quality:many_digits",
    ]  # fmt: skip
