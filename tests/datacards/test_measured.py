"""The card's table of measured figures."""

from __future__ import annotations

from cleaning.stages import measured
from datacards.measured import SHOWN, table

FIGURE = {"section": "repair", "name": "opening_quotes_kept", "value": 0.98765, "n": 1234, "low": 0.98, "high": 0.99}


def test_a_current_figure_with_its_interval() -> None:
    assert table([{**FIGURE, "current": True}]) == [
        {
            "heading": "Text repair", "what": "opening quotes before æ, ø and å kept",
            "value": "98.77%", "interval": "98.00% – 99.00%", "n": "1,234",
        }
    ]  # fmt: skip


def test_a_figure_of_another_version_is_not_shown() -> None:
    [row] = table([{**FIGURE, "current": False}])
    assert (row["value"], row["interval"], row["n"]) == ("not measured for this version", "–", "–")


def test_every_figure_that_cards_show_was_measured() -> None:
    held = {f"{figure.section}/{figure.name}" for figure in measured()}
    assert {name for names in SHOWN.values() for name in names} - held == set()
