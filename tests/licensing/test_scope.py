"""Scopes: the small language that says which documents a decision is about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.errors import UsageError
from licensing import Scope, parse_scope

GOOD: list[tuple[str | None, dict[str, set[str]], str]] = [
    (None, {}, ""),
    ("", {}, ""),
    ("   ", {}, ""),
    ("document_type = LOV", {"document_type": {"LOV"}}, "document_type in (LOV)"),
    ("document_type=LOV", {"document_type": {"LOV"}}, "document_type in (LOV)"),
    ("document_type in (LOV, LBK)", {"document_type": {"LOV", "LBK"}}, "document_type in (LBK, LOV)"),
    ("DOCUMENT_TYPE IN (LOV,LBK,)", {"document_type": {"LOV", "LBK"}}, "document_type in (LBK, LOV)"),
    ("id = a/eli/lta/2013/1121", {"id": {"a/eli/lta/2013/1121"}}, "id in (a/eli/lta/2013/1121)"),
    ("author = Per Andersen", {"author": {"Per Andersen"}}, "author in (Per Andersen)"),
    ("author = 'Smith and Sons'", {"author": {"Smith and Sons"}}, "author in (Smith and Sons)"),
    ('author = "Holberg, Ludvig"', {"author": {"Holberg, Ludvig"}}, 'author in ("Holberg, Ludvig")'),
    ('author in ("O\'Brien", \'"Kaj"\')', {"author": {"O'Brien", '"Kaj"'}}, 'author in (\'"Kaj"\', "O\'Brien")'),
    (
        "parent_id = x/1 AND document_type in ( LOV )",
        {"parent_id": {"x/1"}, "document_type": {"LOV"}},
        "document_type in (LOV) and parent_id in (x/1)",
    ),
]


@pytest.mark.parametrize(("text", "clauses", "written"), GOOD)
def test_good_forms(text: str | None, clauses: dict[str, set[str]], written: str) -> None:
    scope = parse_scope(text)
    assert {column: set(values) for column, values in scope.clauses} == clauses
    assert str(scope) == written
    assert parse_scope(written) == scope


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("LOV", "is not understood; write it as"),
        ("document_type in (LOV", "is not understood"),
        ("document_type in LOV, LBK", "is not understood"),
        ("document_type == LOV or author = X", "is not understood"),
        ("document_type in (LOV) or id = x", "is not understood"),
        ("document_type in (LOV) id = x", "is not understood"),
        ("document_type = LOV and", "is not understood"),
        ("document_type = LOV and and id = x", "is not understood"),
        ("author = Smith and Sons", "with quotes around a value that holds a comma, a bracket, a quote or 'and'"),
        ("author = O'Brien", "with quotes around a value"),
        ('author in (Per "the" Smith)', "is not understood"),
        ("document_type in ()", "names no values"),
        ("document_type in (,)", "names no values"),
        ('document_type = ""', "names no values"),
        ("document_type =", "is not understood|names no values"),
        ("title = x", "cannot ask for 'title'; it can for id, document_type, author, parent_id"),
        ("document_type in (LOV) and text = x", "cannot ask for 'text'"),
    ],
)
def test_bad_forms_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_scope(text)


@pytest.mark.parametrize(
    "text",
    [
        "author in (" + " " * 30_000 + "x",
        "author " + " " * 30_000 + "x",
        "author in (" + "\"a\"'b'" * 5_000,
        "id=a and " * 5_000,
    ],
)
def test_hostile_forms_are_refused_in_linear_time(text: str) -> None:
    with pytest.raises(UsageError):
        parse_scope(text)


_VALUES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1).filter(
    lambda text: not ('"' in text and "'" in text)
)


@given(
    st.dictionaries(st.sampled_from(["id", "document_type", "author"]), st.frozensets(_VALUES, min_size=1), min_size=1)
)
def test_what_is_written_is_read_back_the_same(clauses: dict[str, frozenset[str]]) -> None:
    scope = Scope(tuple(sorted(clauses.items())))
    assert parse_scope(str(scope)) == scope


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        (None, 0),
        ("document_type = LOV", 1),
        ("author = X and parent_id = y", 1),
        ("id = x", 2),
        ("author = X and id = y", 2),
    ],
)
def test_rank(text: str | None, rank: int) -> None:
    assert parse_scope(text).rank() == rank


@pytest.mark.parametrize(
    ("text", "row", "covered"),
    [
        (None, {}, True),
        ("document_type in (LOV, LBK)", {"document_type": "LBK"}, True),
        ("document_type in (LOV, LBK)", {"document_type": "BEK"}, False),
        ("document_type in (LOV, LBK)", {"document_type": None}, False),
        ("document_type in (LOV, LBK)", {}, False),
        ("document_type = LOV", {"document_type": "lov"}, False),
        ("document_type = LOV and author = X", {"document_type": "LOV", "author": "X"}, True),
        ("document_type = LOV and author = X", {"document_type": "LOV", "author": "Y"}, False),
    ],
)
def test_covers(text: str | None, row: dict[str, Any], covered: bool) -> None:
    assert parse_scope(text).covers(row) is covered


def test_columns() -> None:
    assert parse_scope("document_type = LOV and author = X").columns() == {"document_type", "author"}
