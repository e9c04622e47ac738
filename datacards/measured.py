"""Which measured figures a card shows, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

SHOWN: Final[dict[str, dict[str, str]]] = {
    "Text repair": {
        "repair/restored_windows_1252_once": "lines broken on purpose (windows-1252, once) restored exactly",
        "repair/restored_latin_1_once": "lines broken on purpose (latin-1, once) restored exactly",
        "repair/restored_windows_1252_twice": "the same, broken twice (windows-1252)",
        "repair/opening_quotes_kept": "opening quotes before æ, ø and å kept",
    },
    "Language": {
        "language/frisat 1 da": "single Danish sentences kept",
        "language/frisat 1 nb": "single Bokmål sentences taken for Danish",
        "language/frisat 3 da": "three Danish sentences kept",
        "language/frisat 3 nb": "three Bokmål sentences taken for Danish",
        "language/kept retsinformation": "acts kept",
        "language/adl long": "Danish literary works of 300 characters or more kept",
    },
    "Personal data": {
        "personal_data/cpr recall": "CPR numbers found (made-up sentences)",
        "personal_data/cpr precision": "of what was taken for CPR numbers, right",
        "personal_data/email recall": "e-mail addresses found",
        "personal_data/telefon recall": "phone numbers found",
        "personal_data/iban recall": "IBANs found",
        "personal_data/konto recall": "bank accounts found",
    },
    "Near copies": {
        "duplicates/exact/recall_0.85": "changed copies found, of those alike by 0.85 or more",
        "duplicates/exact/recall_0.80": "changed copies found, of those alike by 0.80 to 0.85",
        "duplicates/exact/precision": "of the pairs linked, truly alike",
    },
}
"""By heading: the figure's section and name, and what the card says of it."""


def table(figures: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the rows of the card's table of figures; one of another version of the step says so."""
    found = {f"{figure['section']}/{figure['name']}": figure for figure in figures}
    return [
        {"heading": heading, "what": words, **_cells(found[name])}
        for heading, names in SHOWN.items()
        for name, words in names.items()
        if name in found
    ]


def _cells(figure: dict[str, Any]) -> dict[str, str]:
    if not figure["current"]:
        return {"value": "not measured for this version", "interval": "–", "n": "–"}
    interval = "–" if figure["low"] is None else f"{figure['low']:.2%} – {figure['high']:.2%}"
    return {"value": f"{figure['value']:.2%}", "interval": interval, "n": f"{figure['n']:,}"}
