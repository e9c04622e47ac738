"""Titles and details are cleaned as texts are, a column at once."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.described import clean_json, clean_lines
from cleaning.personal_data import redact
from cleaning.repair import repair
from frisat.files import canonical_json

CPR = "010247-5123"
FRAGMENTS = st.sampled_from(
    [
        CPR,
        "Tlf. 34 56 78 90",
        "mia@example.org",
        "2041-03-01T10:00",
        "20401",
        "hr. ",
        "\xa0",
        "Ã¦",
        '"',
        "\\",
        "\n",
        "æ",
        " ",
    ]
)
LINES = st.lists(FRAGMENTS, max_size=5).map("".join)
KEYS = st.sampled_from(["sender", "page", "x y", CPR])
VALUES = st.recursive(
    LINES | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def column(*values: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])


def alone(text: str) -> str:
    return redact(repair(text).text).text


def test_titles_are_repaired_and_redacted() -> None:
    found = clean_lines(column("Sag om\xa0broen", f"Fra {CPR}", None, "", "Uændret"))
    assert found.to_pylist() == ["Sag om broen", "Fra [CPR]", None, None, "Uændret"]


def test_a_column_with_nothing_to_do_is_the_same() -> None:
    assert clean_lines(column("Lov om broer", None)).to_pylist() == ["Lov om broer", None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"sender": f"Mia, {CPR}", "page": 3}, {"sender": "Mia, [CPR]", "page": 3}),
        ({CPR: ["a", {"b": CPR}]}, {"[CPR]": ["a", {"b": "[CPR]"}]}),
        ({"number": 101475123, "is": True, "none": None}, {"number": 101475123, "is": True, "none": None}),
        ({"sender": 1412475123}, {"sender": "[CPR]"}),
    ],
)
def test_what_stands_in_an_object_is_cleaned_leaf_by_leaf(before: object, after: object) -> None:
    [found] = clean_json(column(canonical_json(before))).to_pylist()
    assert json.loads(found) == after


def test_what_stands_escaped_is_seen() -> None:
    [found] = clean_json(column(json.dumps({"from": f"\xa0{CPR}"}))).to_pylist()
    assert json.loads(found) == {"from": " [CPR]"}


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES | st.none(), max_size=6))
def test_lines_are_cleaned_as_each_alone(lines: list[str | None]) -> None:
    expected = [None if line is None else alone(line) or None for line in lines]
    assert clean_lines(column(*lines)).to_pylist() == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=4))
def test_objects_are_cleaned_as_each_leaf_alone(objects: list[dict[str, object]]) -> None:
    def cleaned(value: object) -> object:
        if isinstance(value, dict):
            return {alone(key): cleaned(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [cleaned(inner) for inner in value]
        if isinstance(value, str):
            return alone(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return alone(str(value)) if alone(str(value)) != str(value) else value
        return value

    found = clean_json(column(*map(canonical_json, objects))).to_pylist()
    assert [json.loads(text) for text in found] == [cleaned(one) for one in objects]
