"""Two texts side by side, and why they are held to be copies."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.comparing import passages, text_at
from flows.inspect import show
from frisat.parquet import write_parquet
from tests.cleaning.duplicates.helpers import changed
from tests.conftest import Desk, danish

LONG = " ".join(f"ord{n}" for n in range(200))


def test_a_changed_word_stands_among_its_neighbours() -> None:
    other = LONG.replace("ord100", "andet")
    assert list(passages(LONG, other)) == [
        {
            "this": "… ord94 ord95 ord96 ord97 ord98 ord99 ord100 ord101 ord102 ord103 ord104 ord105 ord106 …",
            "other": "… ord94 ord95 ord96 ord97 ord98 ord99 andet ord101 ord102 ord103 ord104 ord105 ord106 …",
        }
    ]


def test_a_passage_at_either_end_says_so() -> None:
    [first] = passages("A B C", "X B C")
    assert first == {"this": "A B C", "other": "X B C"}


def test_what_differs_in_white_space_alone_is_alike() -> None:
    assert list(passages("A  B\nC", "A B C")) == []


def test_long_texts_are_compared_by_lines() -> None:
    lines = [" ".join(f"ord{n}-{k}" for k in range(10)) for n in range(500)]
    other = [*lines[:250], "Noget helt andet.", *lines[251:]]
    assert list(passages("\n".join(lines), "\n".join(other))) == [
        {"this": f"… {lines[250]} …", "other": "… Noget helt andet. …"}
    ]


def test_a_long_passage_is_cut_in_its_middle() -> None:
    [found] = passages("a " + "b" * 2000, "a c")
    assert len(found["this"]) < 620
    assert " … " in found["this"]


@given(st.text(max_size=200), st.text(max_size=200))
def test_texts_without_a_passage_have_the_same_words(this: str, other: str) -> None:
    assert (list(passages(this, other)) == []) == (this.split() == other.split())


def test_the_text_of_a_row_beyond_the_first_group(tmp_path: Path) -> None:
    schema = pa.schema([("text", pa.string())])
    tables = [pa.table({"text": [f"{group}-{row}" * 4_000_000 for row in range(2)]}, schema) for group in range(2)]
    write_parquet(tmp_path / "part.parquet", tables, schema)
    assert text_at(tmp_path / "part.parquet", 3)[:3] == "1-1"
    with pytest.raises(IndexError, match="has no row 4"):
        text_at(tmp_path / "part.parquet", 4)


@pytest.fixture
def alike(desk: Desk) -> Desk:
    """Three documents: two near copies, and one that has nothing to do with them."""
    text = danish("havnen", " ".join(f"Punkt {chr(97 + n)}{chr(98 + n)}a er vedtaget." for n in range(20)))
    texts = {"a": text, "b": changed(text, 0.01), "c": danish("skolen", "Ingen havde noget at sige til det.")}
    desk.deliver("minutes", [{"id": name, "text": text, "document_type": "minutes"} for name, text in texts.items()])
    desk.build()
    return desk


def test_a_near_copy_is_explained_with_both_texts(alike: Desk) -> None:
    [copy] = show(alike.workspace, "minutes/a")["copies"]
    assert (copy["id"], copy["kind"]) == ("minutes/b", "near")
    assert 0.8 <= copy["score"] < 1
    assert copy["why"].startswith("at least 80 %")
    [passage] = copy["side_by_side"]
    assert "nyt" in passage["other"]
    assert "nyt" not in passage["this"]


def test_a_document_that_is_like_no_other(alike: Desk) -> None:
    assert show(alike.workspace, "minutes/c")["copies"] == []
