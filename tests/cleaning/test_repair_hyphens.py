"""Divided words: which hyphens at a line's end go, and which belong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning._repair_hyphens import MARKS, join_divided, remove_soft


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("en forsik-\nring mod brand", "en forsikring\nmod brand"),
        ("en forsik-\nring, som er god", "en forsikring,\nsom er god"),
        ("en forsik-\nring\nmod brand", "en forsikring\nmod brand"),
        ("en forsik-\nring", "en forsikring"),
        ("Forsik-\nringen", "Forsikringen"),
        ("FORSIK-\nRING", "FORSIKRING"),
        ("lands-\nforenings- og", "landsforenings- og"),
        ("paa-\nligne", "paaligne"),
        ("Kvak-\nstrup og Kvakstrup", "Kvakstrup\nog Kvakstrup"),
        ("EU-forsik-\nringen", "EU-forsikringen"),
    ],
)
def test_a_known_word_is_put_together(text: str, joined: str) -> None:
    assert join_divided(text) == (joined, 1)


@pytest.mark.parametrize("mark", MARKS)
def test_every_hyphen_divides(mark: str) -> None:
    assert join_divided(f"en forsik{mark}\nring") == ("en forsikring", 1)


@pytest.mark.parametrize(
    "text",
    [
        "social-\nog sundhedsvæsen",
        "for-\nog bagside",
        "ind-\neller udland",
        "CO2-\nudledning",
        "EU-\nlande",
        "e-\nmail",
        "Nord-\nJylland",
        "Kvak-\nstrup",
        "sådan -\nring",
        "forsik--\nring",
        "forsik-\n\nring",
        "forsik-\n  ring",
        "forsik-\n7",
        "for-\nsik-\nring",
        "forsik-\nring og forsik-ring",
        "-\n",
        "a-\n",
        "-\nring",
    ],
)
def test_a_hyphen_that_belongs_stays(text: str) -> None:
    assert join_divided(text) == (text, 0)


def test_a_text_that_divides_no_words_keeps_its_compounds() -> None:
    """Two words that have a joined form in the lexicon are not divided ones where nothing else is."""
    lines = "en linje uden noget\n" * 200
    assert join_divided(f"{lines}film-\nfestivaler") == (f"{lines}film-\nfestivaler", 0)
    assert join_divided(f"{lines}forsik-\nring") == (f"{lines}forsikring", 1)
    assert join_divided(f"filmfestivaler\n{lines}film-\nfestivaler") == (f"filmfestivaler\n{lines}filmfestivaler", 1)
    assert join_divided("film-\nfestivaler") == ("filmfestivaler", 1)


@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        ("for\xadsik\xadring", "forsikring", 2),
        ("for\xad\xadsikring", "forsikring", 1),
        ("forsik\xad\nring mod", "forsikring\nmod", 1),
        ("for\xad\nsik\xad\nring", "forsikring", 2),
        ("social\xad\nog sundhed", "social-\nog sundhed", 1),
        ("EU\xad\nlande", "EU-\nlande", 1),
        ("CO2\xad\nkvote", "CO2-\nkvote", 1),
        ("FOR\xad\nSIKRING", "FORSIKRING", 1),
        ("for\xad\n\nsikring", "for\n\nsikring", 1),
        ("\xad\n", "\n", 1),
    ],
)
def test_soft_hyphens_go(text: str, fixed: str, count: int) -> None:
    assert remove_soft(text) == (fixed, count)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["for", "an", "sikring", "forsik", "ring", "-\n", "-\n", "-", " ", "\n", ",", "og", "A", "¬\n", "7"]
        ),
        max_size=14,
    ).map("".join)
)
def test_only_hyphens_and_line_ends_move(text: str) -> None:
    joined, count = join_divided(text)
    assert join_divided(joined) == (joined, 0)
    assert "".join(joined.split()).replace("-", "").replace("¬", "") == "".join(text.split()).replace("-", "").replace(
        "¬", ""
    )
    assert sum(map(text.count, MARKS)) - sum(map(joined.count, MARKS)) == count
