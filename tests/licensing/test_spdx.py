"""The SPDX list: as it was published, no more and no less."""

from __future__ import annotations

import json
from importlib.resources import files

from frisat.files import sha256
from licensing.spdx import LIST_VERSION, reduced, spdx_exceptions, spdx_licences, spdx_spelling

LICENCES = {
    "licenseListVersion": "9.9",
    "licenses": [
        {"licenseId": "B", "name": "The  B\nLicense", "isDeprecatedLicenseId": True, "isOsiApproved": False,
         "seeAlso": ["https://example.org/b"], "referenceNumber": 1, "reference": "x", "detailsUrl": "y"},
        {"licenseId": "A", "name": "A", "isDeprecatedLicenseId": False, "isOsiApproved": True, "isFsfLibre": False,
         "seeAlso": []},
    ],
}  # fmt: skip
EXCEPTIONS = {"exceptions": [{"licenseExceptionId": "E", "name": "An exception", "isDeprecatedLicenseId": False}]}


def test_the_list() -> None:
    assert LIST_VERSION == "3.27.0"
    assert json.loads((files("licensing") / "spdx-3.27.json").read_bytes())["version"] == LIST_VERSION
    assert len(spdx_licences()) == 699
    assert list(spdx_licences()) == sorted(spdx_licences())
    assert sum(licence.deprecated for licence in spdx_licences().values()) == 32


def test_a_licence() -> None:
    found = spdx_licences()["CC-BY-SA-4.0"]
    assert (found.id, found.name) == ("CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0 International")
    assert (found.deprecated, found.osi_approved, found.fsf_libre) == (False, False, True)
    assert found.urls == ("https://creativecommons.org/licenses/by-sa/4.0/legalcode",)
    assert spdx_licences()["NLOD-2.0"].fsf_libre is None


def test_no_two_ids_differ_in_case_alone() -> None:
    assert len(spdx_spelling()) == len(spdx_licences()) + len(spdx_exceptions())
    assert spdx_spelling()["mit"] == "MIT"
    assert spdx_spelling()["llvm-exception"] == "LLVM-exception"


def test_reduced() -> None:
    found = json.loads(reduced(json.dumps(LICENCES).encode(), json.dumps(EXCEPTIONS).encode()))
    assert found == {
        "version": "9.9",
        "source": "https://spdx.org/licenses/ (SPDX License List, CC0-1.0)",
        "licences": {
            "A": {"name": "A", "deprecated": False, "osi": True, "fsf": False, "urls": []},
            "B": {"name": "The B License", "deprecated": True, "osi": False, "fsf": None,
                  "urls": ["https://example.org/b"]},
        },
        "exceptions": {"E": {"name": "An exception", "deprecated": False}},
    }  # fmt: skip
    assert list(found["licences"]) == ["A", "B"]


def test_nobody_has_edited_what_is_bundled() -> None:
    content = (files("licensing") / "spdx-3.27.json").read_bytes()
    assert sha256(content) == "8d721dbe1bdbdd8fefed6a44f6621bc63350f0f002d2aa966289f6a7d89ec95c"
