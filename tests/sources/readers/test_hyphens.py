"""Lines are joined as a Danish reader joins them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.readers._hyphens import joined


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("en", "to", "en to"),
        ("", "to", "to"),
        ("en", "", "en"),
        ("i Folke-", "tinget er", "i Folketinget er"),
        ("om blå-", "bærgrød.", "om blåbærgrød."),
        ("Digitaliserings-", "og Ligestillingsministeriet", "Digitaliserings- og Ligestillingsministeriet"),
        ("told-", "eller skatteloven", "told- eller skatteloven"),
        ("told-", "og/eller skatteloven", "told- og/eller skatteloven"),
        ("energi-,", "klima- og miljø", "energi-, klima- og miljø"),
        ("inden-", "såvel som udenlandske", "inden- såvel som udenlandske"),
        ("den ikke-", "statslige havn", "den ikke-statslige havn"),
        ("er frem-", "kommen", "er fremkommen"),
        ("told-", "ogsålov", "toldogsålov"),
        ("i EU-", "landene", "i EU-landene"),
        ("ved SMS-be-", "skeder", "ved SMS-beskeder"),
        ("Ane Halsboe-Jør-", "gensen", "Ane Halsboe-Jørgensen"),
        ("Ane Halsboe-", "Jørgensen", "Ane Halsboe-Jørgensen"),
        ("en e-", "mail", "en e-mail"),
        ("i 2020-", "2030", "i 2020-2030"),
        ("mindre CO2-", "udledning", "mindre CO2-udledning"),
        ("A/S-", "loven", "A/S-loven"),
        ("og/el-", "ler", "og/eller"),
        ("se https://www.example.org/min-", "side", "se https://www.example.org/min-side"),
        ("et -", "og to", "et - og to"),
        ("-", "punkt", "- punkt"),
        ("sådan --", "nej", "sådan -- nej"),
        ("sådan –", "nej", "sådan – nej"),
        ("ord-", "(fortsat)", "ord- (fortsat)"),
        ("§ 3-", "5", "§ 3-5"),
    ],
)
def test_two_lines_as_one(above: str, below: str, text: str) -> None:
    assert joined(above, below) == text


@given(st.text("abÆø-12 ,", max_size=12), st.text("abÆø-12 ,", max_size=12))
def test_nothing_but_one_hyphen_goes_and_nothing_but_one_space_comes(above: str, below: str) -> None:
    text = joined(above, below)
    assert text in {above + below, f"{above} {below}", above[:-1] + below}
    assert text.replace("-", "").replace(" ", "") == (above + below).replace("-", "").replace(" ", "")
