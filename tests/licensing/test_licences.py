"""Licences: a closed table."""

from __future__ import annotations

import pytest
from license_expression import get_spdx_licensing

from frisat.errors import UsageError
from licensing import CLASSES, clarity, find_licence, licence_table


def test_every_licence_has_what_a_card_needs() -> None:
    for licence in licence_table().values():
        assert licence.licence_class in CLASSES
        assert licence.url.startswith("https://")
        assert licence.title
        assert (licence.text is not None) == licence.id.startswith("LicenseRef-")


def test_every_id_without_a_text_is_on_the_spdx_list() -> None:
    known = get_spdx_licensing().known_symbols
    assert {name for name in licence_table() if not name.startswith("LicenseRef-")} <= known.keys()


@pytest.mark.parametrize(
    ("asked", "found", "licence_class"),
    [
        ("CC0-1.0", "CC0-1.0", "no-copyright"),
        ("cc-by-4.0", "CC-BY-4.0", "attribution"),
        (" CC-BY-SA-4.0 ", "CC-BY-SA-4.0", "share-alike"),
        ("LicenseRef-DK-OPHL-9", "LicenseRef-DK-OPHL-9", "no-copyright"),
        ("CC-BY-SA-2.0", "CC-BY-SA-2.0", "share-alike"),
        ("cc-by-3.0-igo", "CC-BY-3.0-IGO", "attribution"),
        ("LicenseRef-CC-BY-SA-2.5-DK", "LicenseRef-CC-BY-SA-2.5-DK", "share-alike"),
        ("LicenseRef-Agreement-2041.3", "LicenseRef-Agreement-2041.3", "agreement"),
        ("LicenseRef-DK-AuthorityTerms-miljoe", "LicenseRef-DK-AuthorityTerms-miljoe", "attribution"),
    ],
)
def test_known(asked: str, found: str, licence_class: str) -> None:
    licence = find_licence(asked)
    assert (licence.id, licence.licence_class) == (found, licence_class)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("CC-BY", r"did you mean CC-BY-\d\.\d\? Known are"),
        ("CC0", r"did you mean CC0-1\.0\? Known are"),
        ("xyz", r"'xyz' is no licence frisat publishes under\. Known are CC0-1\.0"),
        ("", r"'' is no licence frisat publishes under\. Known are"),
        ("all rights reserved", "is no licence"),
        ("LicenseRef-Agreement-", "is no licence"),
        ("LicenseRef-Agreement-a b", "is no licence"),
        ("CC0-1.0 OR CC-BY-4.0", "is no licence"),
    ],
)
def test_unknown_ones_are_refused_with_the_nearest(asked: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_licence(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "CC-BY-NC-4.0",
        "CC-BY-ND-4.0",
        "CC-BY-NC-SA-4.0",
        "cc-by-nc-nd-3.0",
        "CC-BY-NC-SA-2.0-UK",
        "LicenseRef-CC-BY-NC-2.5-DK",
    ],
)
def test_one_that_forbids_something_is_refused_without_a_hint_at_one_that_does_not(asked: str) -> None:
    with pytest.raises(UsageError, match="none that forbids commercial use or changes") as caught:
        find_licence(asked)
    assert "did you mean" not in str(caught.value)


def test_a_port_has_what_a_card_needs() -> None:
    licence = find_licence("LicenseRef-CC-BY-2.5-DK")
    assert licence.title == "Creative Commons Attribution 2.5 DK"
    assert licence.url == "https://creativecommons.org/licenses/by/2.5/dk/"
    assert licence.text == (
        "Creative Commons Attribution 2.5 DK: a port of the licence to the law of one country. "
        "Its text stands at https://creativecommons.org/licenses/by/2.5/dk/legalcode"
    )
    assert find_licence("CC-BY-1.0").text is None


def test_clarity_puts_the_clearest_first() -> None:
    assert [clarity(name) for name in ("no-copyright", "attribution", "share-alike", "agreement")] == [0, 1, 2, 3]
