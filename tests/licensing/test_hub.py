"""What licences are called on the Hub."""

from __future__ import annotations

import pytest

from licensing import find_licence, hub_fields, hub_id, licence_table
from licensing.creative_commons import all_tools
from licensing.hub import _HUB
from licensing.spdx import spdx_licences


def test_the_table_is_about_licences_of_the_list() -> None:
    assert _HUB.keys() <= spdx_licences().keys()
    assert len(set(_HUB.values())) == len(_HUB)
    assert all(name == name.lower() for name in _HUB.values())


def test_every_licence_knows_its_name_on_the_hub() -> None:
    assert {name: licence.hub for name, licence in licence_table().items()} == {
        name: hub_id(name) for name in licence_table()
    }
    for tool in all_tools():
        if tool.flavour in {"by", "by-sa"}:
            assert find_licence(tool.id).hub == hub_id(tool.id)


@pytest.mark.parametrize(
    ("name", "hub"),
    [
        ("CC-BY-4.0", "cc-by-4.0"), ("CC-BY-SA-2.0", None), ("CC-BY-SA-2.5", None), ("CC-BY-1.0", None),
        ("LicenseRef-CC-BY-2.5-DK", None), ("PDDL-1.0", "pddl"), ("CC-PDM-1.0", None), ("GFDL-1.3-only", None),
    ],
)  # fmt: skip
def test_no_other_version_is_taken_for_one(name: str, hub: str | None) -> None:
    assert hub_id(name) == hub


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["CC-BY-4.0", "CC-BY-4.0"], {"license": "cc-by-4.0"}),
        (["CC-PDM-1.0"], {"license": "other", "license_name": "cc-pdm-1.0", "license_link": "LICENSE.md"}),
        (
            ["CC0-1.0", "CC-BY-SA-4.0"],
            {"license": "other", "license_name": "mixed-see-license-md", "license_link": "LICENSE.md"},
        ),
        ([], {"license": "other", "license_name": "mixed-see-license-md", "license_link": "LICENSE.md"}),
    ],
)
def test_fields_of_a_card(names: list[str], fields: dict[str, str]) -> None:
    assert hub_fields(names) == fields
    assert hub_fields(["CC-PDM-1.0"], "L.md")["license_link"] == "L.md"
