"""Properties of licences, and which text may go out under which licence."""

from __future__ import annotations

import itertools

import pytest

from licensing import Fit, Properties, conflicts_within, find_licence, fits, licence_table, properties
from licensing.creative_commons import all_tools
from licensing.properties import table
from licensing.spdx import spdx_licences

CC0 = Properties(attribution=False, share_alike=False, commercial=True, derivatives=True)


@pytest.mark.parametrize(
    ("name", "expected", "licence_class"),
    [
        ("CC0-1.0", CC0, "no-copyright"),
        ("LicenseRef-DK-OPHL-9", CC0, "no-copyright"),
        ("CC-BY-2.0", Properties(True, False, True, True), "attribution"),
        ("CC-BY-SA-2.0", Properties(True, True, True, True), "share-alike"),
        ("LicenseRef-CC-BY-SA-2.5-DK", Properties(True, True, True, True), "share-alike"),
        ("CC-BY-NC-4.0", Properties(True, False, False, True), None),
        ("CC-BY-ND-4.0", Properties(True, False, True, False), None),
        ("CC-BY-NC-SA-2.0-UK", Properties(True, True, False, True), None),
        ("CC-SA-1.0", Properties(False, True, True, True), "share-alike"),
        ("ODbL-1.0", Properties(True, True, True, True), "share-alike"),
        ("C-UDA-1.0", Properties(True, False, None, None), None),
        ("LicenseRef-DK-AuthorityTerms-miljoe", Properties(attribution=True), None),
        ("Xerox", Properties(), None),
        ("LicenseRef-Agreement-1", Properties(), None),
    ],
)
def test_properties(name: str, expected: Properties, licence_class: str | None) -> None:
    assert properties(name) == expected
    assert expected.licence_class == licence_class


def test_the_table_names_licences_that_there_are() -> None:
    named = [name for row in table()["terms"] for name in row["licences"]]
    named += [name for row in table()["allowed"] for name in (*row["from"], *row["into"])]
    assert [name for name in named if name not in spdx_licences() and name not in licence_table()] == []


def test_the_classes_of_what_is_published_follow_from_the_properties() -> None:
    for name, licence in licence_table().items():
        assert properties(name).licence_class == licence.licence_class, name
    for tool in all_tools():
        if tool.flavour in {"by", "by-sa"}:
            assert properties(tool.id).licence_class == find_licence(tool.id).licence_class


@pytest.mark.parametrize(
    ("licence", "outgoing", "answer"),
    [
        ("CC0-1.0", "CC0-1.0", True),
        ("CC0-1.0", "CC-BY-SA-4.0", True),
        ("CC-BY-4.0", "CC0-1.0", False),
        ("CC-BY-4.0", "CC-BY-SA-4.0", True),
        ("CC-BY-3.0", "CC-BY-4.0", True),
        ("CC-BY-4.0", "ODC-By-1.0", None),
        ("CC-BY-SA-4.0", "CC-BY-4.0", False),
        ("CC-BY-SA-4.0", "CC0-1.0", False),
        ("CC-BY-SA-1.0", "CC-BY-SA-2.0", False),
        ("CC-BY-SA-2.0", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0", False),
        ("LicenseRef-CC-BY-SA-2.5-DK", "CC-BY-SA-2.5", True),
        ("LicenseRef-CC-BY-SA-2.5-DK", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-4.0", "GPL-3.0-only", True),
        ("GPL-3.0-only", "CC-BY-SA-4.0", False),
        ("CC-BY-SA-3.0", "GPL-3.0-only", False),
        ("NLOD-2.0", "CC-BY-4.0", True),
        ("NLOD-2.0", "CC0-1.0", False),
        ("NLOD-1.0", "CC-BY-4.0", None),
        ("ODbL-1.0", "CC-BY-SA-4.0", False),
        ("GFDL-1.2-only", "CC-BY-SA-3.0", False),
        ("GFDL-1.2-or-later", "GFDL-1.3-only", True),
        ("EUPL-1.2", "CC-BY-SA-3.0", True),
        ("EUPL-1.2", "CC-BY-SA-4.0", False),
        ("CC-BY-NC-4.0", "CC-BY-NC-4.0", False),
        ("CC-BY-ND-4.0", "CC-BY-4.0", False),
        ("CC-BY-4.0", "CC-BY-NC-4.0", True),
        ("Xerox", "CC-BY-4.0", None),
        ("CC-BY-4.0", "Xerox", None),
        ("LicenseRef-Agreement-1", "CC-BY-4.0", False),
        ("CC0-1.0", "LicenseRef-Agreement-1", False),
        ("LicenseRef-Agreement-1", "LicenseRef-Agreement-1", True),
        ("LicenseRef-DK-OPHL-9", "CC-BY-4.0", True),
        ("LicenseRef-DK-OPHL-9", "CC0-1.0", False),
        ("CC-PDM-1.0", "CC0-1.0", False),
        ("CC-PDM-1.0", "PDDL-1.0", False),
        ("LicenseRef-DK-OPHL-9", "CC-PDM-1.0", False),
        ("PDDL-1.0", "CC0-1.0", True),
    ],
)
def test_fits(licence: str, outgoing: str, answer: bool | None) -> None:
    found = fits(licence, outgoing)
    assert found.fits is answer
    assert found.why


def test_what_may_not_stand_in_a_collection_is_listed() -> None:
    found = conflicts_within(["CC0-1.0", "CC-BY-SA-4.0", "CC-BY-4.0", "CC-BY-SA-4.0", "Xerox"], "CC-BY-4.0")
    assert found == {
        "CC-BY-SA-4.0": Fit(False, "CC-BY-SA-4.0 is to be shared alike; CC-BY-4.0 is another licence"),
        "Xerox": Fit(None, "what Xerox allows is not known"),
    }
    assert conflicts_within(["CC0-1.0", "CC-BY-4.0"], "CC-BY-SA-4.0") == {}


def test_nothing_with_a_prohibition_fits_anywhere() -> None:
    forbidding = [tool.id for tool in all_tools() if {"nc", "nd"} & set(tool.flavour.split("-"))]
    for one, other in itertools.product(forbidding[:40], [*forbidding[:40], "CC0-1.0", "CC-BY-4.0"]):
        assert fits(one, other).fits is False
