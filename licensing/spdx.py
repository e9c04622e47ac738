"""The SPDX License List: which ids there are, what they are called, and where their texts stand.

The list (version 3.27.0 of 2025-07-01, https://spdx.org/licenses/, by the Linux Foundation and its contributors) is
data under CC0-1.0. What is bundled, ``spdx-3.27.json``, is what :func:`reduced` makes of its two files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LIST_VERSION = "3.27.0"
_BUNDLED = "spdx-3.27.json"


@dataclass(frozen=True, slots=True)
class SpdxLicence:
    """A licence on the list. ``fsf_libre`` is ``None`` where the FSF has said nothing."""

    id: str
    name: str
    deprecated: bool
    osi_approved: bool
    fsf_libre: bool | None
    urls: tuple[str, ...]


def reduced(licences: bytes, exceptions: bytes) -> bytes:
    """Return what is bundled, made of the list's ``licenses.json`` and ``exceptions.json``; the same for the same."""
    listed, excepted = json.loads(licences), json.loads(exceptions)
    found = {
        "version": listed["licenseListVersion"],
        "source": "https://spdx.org/licenses/ (SPDX License List, CC0-1.0)",
        "licences": {
            row["licenseId"]: {
                "name": " ".join(row["name"].split()),
                "deprecated": row["isDeprecatedLicenseId"],
                "osi": row["isOsiApproved"],
                "fsf": row.get("isFsfLibre"),
                "urls": row["seeAlso"],
            }
            for row in sorted(listed["licenses"], key=lambda row: str(row["licenseId"]))
        },
        "exceptions": {
            row["licenseExceptionId"]: {
                "name": " ".join(row["name"].split()),
                "deprecated": row["isDeprecatedLicenseId"],
            }
            for row in sorted(excepted["exceptions"], key=lambda row: str(row["licenseExceptionId"]))
        },
    }
    return (json.dumps(found, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n").encode()


@cache
def _bundled() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((files("licensing") / _BUNDLED).read_bytes())
    return found


@cache
def spdx_licences() -> Mapping[str, SpdxLicence]:
    """Return the licences of the list by id, in the order of their ids."""
    return {
        identity: SpdxLicence(identity, row["name"], row["deprecated"], row["osi"], row["fsf"], tuple(row["urls"]))
        for identity, row in _bundled()["licences"].items()
    }


@cache
def spdx_exceptions() -> frozenset[str]:
    """Return the ids of the exceptions, which may follow ``WITH`` in an expression."""
    return frozenset(_bundled()["exceptions"])


@cache
def spdx_spelling() -> Mapping[str, str]:
    """Return the ids of licences and exceptions as the list spells them, by their lower case."""
    return {identity.lower(): identity for identity in (*spdx_licences(), *spdx_exceptions())}
