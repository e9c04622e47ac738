"""SPDX expressions."""

from __future__ import annotations

import pytest

from licensing.expressions import parse_expression


def _known(name: str) -> str | None:
    return "LicenseRef-Mine" if name.lower() == "licenseref-mine" else None


@pytest.mark.parametrize(
    ("text", "written", "licences"),
    [
        ("MIT", "MIT", ("MIT",)),
        ("mit OR cc-by-4.0", "MIT OR CC-BY-4.0", ("MIT", "CC-BY-4.0")),
        ("MIT and (cc0-1.0 or MIT)", "MIT AND (CC0-1.0 OR MIT)", ("MIT", "CC0-1.0")),
        ("Apache-1.1+", "Apache-1.1+", ("Apache-1.1",)),
        ("GPL-2.0+", "GPL-2.0+", ("GPL-2.0",)),
        (
            "GPL-2.0-only WITH classpath-exception-2.0 AND licenseref-mine",
            "GPL-2.0-only WITH Classpath-exception-2.0 AND LicenseRef-Mine",
            ("GPL-2.0-only", "LicenseRef-Mine"),
        ),
    ],
)
def test_expressions(text: str, written: str, licences: tuple[str, ...]) -> None:
    found = parse_expression(text, _known)
    assert (found.text, found.licences) == (written, licences)
    assert parse_expression(found.text, _known) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a licence is missing"),
        ("MIT OR", "a licence is missing"),
        ("AND MIT", "a licence is missing"),
        ("MIT MIT", "'MIT' stands where an operator should"),
        ("MIT)", r"'\)' stands where an operator should"),
        ("(MIT", "a bracket is not closed"),
        ("MIT / CC0-1.0", "is no SPDX expression"),
        ("MIT And CC0-1.0", "'And' stands where an operator should"),
        ("Classpath-exception-2.0", "'Classpath-exception-2.0', which is no licence that is known"),
        ("MIT WITH MIT", "'MIT', which is no exception that is known"),
        ("LicenseRef-Yours OR MIT", "'LicenseRef-Yours', which is no licence that is known"),
        ("(" * 11 + "MIT" + ")" * 11, "has brackets more than 10 deep"),
        ("MIT OR " * 50 + "MIT", "has more than 99 parts"),
    ],
)
def test_what_is_none(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_expression(text, _known)
