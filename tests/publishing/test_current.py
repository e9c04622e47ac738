"""Which states of documents are current."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.schema import DOCUMENTS
from publishing import Current, current_rows

COLUMNS = (
    "id", "source", "content", "record_key", "record_sha256", "retrieved_at", "harvest", "delivery", "reason", "detail",
)  # fmt: skip
SCHEMA = pa.schema([DOCUMENTS.field(name).with_nullable(True) for name in COLUMNS])


def state(identity: str, content: str, harvest: int, record: str = "r", **more: Any) -> dict[str, Any]:
    """Return one state of a document: what record it stood in, and in which harvest that came."""
    return {
        "id": f"s/{identity}",
        "source": "s",
        "content": content,
        "record_key": record,
        "record_sha256": more.pop("sha", f"{record}{harvest}"),
        "retrieved_at": datetime(2041, 1, harvest, tzinfo=UTC),
        "harvest": harvest,
        "delivery": None,
        "reason": None,
        "detail": None,
        **more,
    }


def problem(identity: str, harvest: int, record: str = "r", detail: str = "it is broken") -> dict[str, Any]:
    """Return what stands for a record that gave no document."""
    row = state(f"record/{identity}", detail, harvest, record)
    return {**row, "reason": "broken", "detail": detail}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def documents(current: Current) -> list[tuple[str, str, int, bool]]:
    """Return id, content, day of first retrieval, and whether it is gone from its record."""
    rows = current.documents.to_pylist()
    return [(row["id"], row["content"], row["retrieved_at"].day, row["removed"]) for row in rows]


def problems(current: Current) -> list[tuple[str, str]]:
    return [(row["id"], row["reason"]) for row in current.problems.to_pylist()]


def test_nothing_is_current_of_nothing() -> None:
    current = current_rows(table())
    assert (current.documents.num_rows, current.problems.num_rows) == (0, 0)


CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str, int, bool]], list[tuple[str, str]]]] = {
    "one state": ([state("1", "a", 1)], [("s/1", "a", 1, False)], []),
    "sorted by id": (
        [state("2", "a", 1), state("10", "b", 1), state("1", "c", 1)],
        [("s/1", "c", 1, False), ("s/10", "b", 1, False), ("s/2", "a", 1, False)],
        [],
    ),
    "the newest state wins": ([state("1", "a", 1), state("1", "b", 2)], [("s/1", "b", 2, False)], []),
    "the newest state wins though its hash is higher or lower": (
        [state("1", "b", 1), state("1", "a", 2)],
        [("s/1", "a", 2, False)],
        [],
    ),
    "the same content again keeps its first date": (
        [state("1", "a", 1), state("1", "a", 3)],
        [("s/1", "a", 1, False)],
        [],
    ),
    "a content that came back keeps its first date": (
        [state("1", "a", 1), state("1", "b", 2), state("1", "a", 3)],
        [("s/1", "a", 1, False)],
        [],
    ),
    "two contents in one harvest: the lower stays, the other is broken": (
        [state("1", "b" * 20, 1, "r"), state("1", "a" * 20, 1, "q")],
        [("s/1", "a" * 20, 1, False)],
        [("s/record/" + "b" * 16, "broken")],
    ),
    "three contents in one harvest": (
        [state("1", c * 20, 1, c) for c in "cab"],
        [("s/1", "a" * 20, 1, False)],
        [("s/record/" + "b" * 16, "broken"), ("s/record/" + "c" * 16, "broken")],
    ),
    "a clash of an earlier harvest is settled by a newer state": (
        [state("1", "b", 1, "r"), state("1", "a", 1, "q"), state("1", "c", 2, "r")],
        [("s/1", "c", 2, False)],
        [],
    ),
    "the same content twice in one harvest is no clash": (
        [state("1", "a", 1, "r"), state("1", "a", 1, "q")],
        [("s/1", "a", 1, False)],
        [],
    ),
    "gone from a newer state of its record": (
        [state("1", "a", 1), state("2", "b", 1), state("2", "b", 2)],
        [("s/1", "a", 1, True), ("s/2", "b", 1, False)],
        [],
    ),
    "moved to another record": (
        [state("1", "a", 1, "r"), state("2", "b", 2, "r"), state("1", "a", 2, "q")],
        [("s/1", "a", 1, False), ("s/2", "b", 2, False)],
        [],
    ),
    "a record that came back is live again": (
        [state("1", "a", 1, sha="x"), state("2", "b", 2, sha="y"), state("1", "a", 3, sha="x")],
        [("s/1", "a", 1, False), ("s/2", "b", 2, True)],
        [],
    ),
    "a record that is broken now keeps its older documents": (
        [state("1", "a", 1), problem("f00", 2)],
        [("s/1", "a", 1, False)],
        [("s/record/f00", "broken")],
    ),
    "a record that was broken and is mended is no problem": (
        [problem("f00", 1), state("1", "a", 2)],
        [("s/1", "a", 2, False)],
        [],
    ),
    "a bad row beside good ones": (
        [state("1", "a", 1), problem("f00", 1), problem("f01", 1)],
        [("s/1", "a", 1, False)],
        [("s/record/f00", "broken"), ("s/record/f01", "broken")],
    ),
    "the same problem seen twice counts once": (
        [problem("f00", 1, "r"), problem("f00", 1, "q")],
        [],
        [("s/record/f00", "broken")],
    ),
    "a harvest that was cut off and went on: the revision wins, and is no clash": (
        [
            state("1", "a", 1, sha="old"),
            state("1", "b", 1, sha="new", retrieved_at=datetime(2041, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)),
        ],
        [("s/1", "b", 1, False)],
        [],
    ),
    "of two records that held it in one harvest, the one that still does counts": (
        [state("1", "a", 1, "q"), state("1", "a", 1, "r"), state("2", "b", 2, "q")],
        [("s/1", "a", 1, False), ("s/2", "b", 2, False)],
        [],
    ),
    "a clash with a text that its record has dropped since is none": (
        [state("1", "a", 1, "q"), state("1", "b", 1, "r"), state("2", "c", 2, "q")],
        [("s/1", "b", 1, False), ("s/2", "c", 2, False)],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_current(case: str) -> None:
    rows, expected, expected_problems = CASES[case]
    for order in (rows, rows[::-1]):
        current = current_rows(table(*order))
        assert documents(current) == expected
        assert problems(current) == expected_problems


def test_a_clash_says_which_id_it_is_about() -> None:
    current = current_rows(table(state("1", "b", 1, "r"), state("1", "a", 1, "q")))
    assert current.problems.to_pylist() == [
        {
            "id": "s/record/b",
            "reason": "broken",
            "detail": "another text came under the id s/1 in the same harvest; the one with the lower hash stays",
        }
    ]


_STATES = st.builds(
    lambda identity, content, harvest, record: state(identity, content, harvest, record, delivery=f"d{harvest}"),
    st.sampled_from("12"), st.sampled_from("abc"), st.integers(1, 4), st.sampled_from("qr"),
)  # fmt: skip
_PROBLEMS = st.builds(problem, st.sampled_from(["e", "f"]), st.integers(1, 4), st.sampled_from("qr"))


@given(st.lists(_STATES | _PROBLEMS, max_size=8).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_does_not_matter(pair: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    one, other = (current_rows(table(*rows)) for rows in pair)
    assert one.documents.to_pylist() == other.documents.to_pylist()
    assert one.problems.to_pylist() == other.problems.to_pylist()


@given(st.lists(_STATES | _PROBLEMS, max_size=8))
def test_every_id_is_current_once(rows: list[dict[str, Any]]) -> None:
    current = current_rows(table(*rows))
    ids = current.documents.column("id").to_pylist()
    assert ids == sorted({row["id"] for row in rows if row["reason"] is None})


def tombstone(harvest: int, record: str = "r") -> dict[str, Any]:
    """Return what stands for a record that its publisher has removed."""
    return {**problem("t", harvest, record, "no longer listed"), "reason": "removed_at_source"}


def test_a_tombstone_removes_the_documents_of_its_record() -> None:
    current = current_rows(table(state("a", "x", 1), state("b", "y", 1), state("c", "z", 1, "other"), tombstone(2)))
    assert documents(current) == [("s/a", "x", 1, True), ("s/b", "y", 1, True), ("s/c", "z", 1, False)]
    assert problems(current) == []


def test_a_record_that_comes_back_is_current_again() -> None:
    current = current_rows(table(state("a", "x", 1), tombstone(2), state("a", "x", 3)))
    assert (documents(current), problems(current)) == ([("s/a", "x", 1, False)], [])


def test_a_tombstone_stands_for_a_record_that_never_gave_a_document() -> None:
    current = current_rows(table(problem("p", 1), tombstone(2)))
    assert (documents(current), problems(current)) == ([], [("s/record/t", "removed_at_source")])


def test_a_failure_after_a_tombstone_brings_nothing_back() -> None:
    current = current_rows(table(state("a", "x", 1), tombstone(2), problem("p", 3)))
    assert documents(current) == [("s/a", "x", 1, True)]
    assert problems(current) == [("s/record/p", "broken")]
