"""Danish and Norwegian spelling are told apart by runs of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.language_spelling import WEIGHTS, grams, spelling


def test_runs_are_those_between_the_edges_of_the_word() -> None:
    assert grams("ø") == ["<", "<ø", "<ø>", ">", "ø", "ø>"]
    assert "<kage>" in grams("kage")
    assert "<kommunen>" not in grams("kommunen")


@pytest.mark.parametrize("text", ["Uddannelsen gav muligheder", "Fugle og skibe", "bøgernes sprog", "købmandens hund"])
def test_danish_spelling_is_above_zero(text: str) -> None:
    assert spelling(text) > 1


@pytest.mark.parametrize("text", ["Utdannelsen ga muligheter", "Fugler og skip", "bøkenes språk", "kjøpmannens hunder"])
def test_norwegian_spelling_is_below_zero(text: str) -> None:
    assert spelling(text) < -1


def test_no_word_counts_for_more_than_another_could_undo() -> None:
    assert -4 <= spelling("sprogsprogsprogsprog") <= 4


def test_old_spelling_counts_where_nothing_says_the_opposite() -> None:
    assert spelling("Haab") - spelling("haab") == 0
    assert spelling("naar Haab") > spelling("når håb")
    capitals = "den Hest i denne Stald ved denne Kro"
    assert spelling(capitals) - spelling(capitals.lower()) >= 3
    assert spelling(capitals + " på") - spelling(capitals.lower() + " på") == 0


def test_the_table_is_sorted_and_names_no_run_twice() -> None:
    lines = [line.split("\t") for line in WEIGHTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    weights = [int(weight) for weight, _ in lines]
    runs = [run for _, listed in lines for run in listed.split(" ")]
    assert weights == sorted(set(weights))
    assert len(runs) == len(set(runs))


@given(st.text())
def test_any_text_has_a_spelling(text: str) -> None:
    assert spelling(text) == spelling(text)
