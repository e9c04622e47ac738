"""What a licence is called on the Hugging Face Hub, whose list is shorter than SPDX's.

The list: the 83 ids of the Hub's documentation on repository licences. Where a licence has no id there, the Hub's form
is ``license: other`` with ``license_name`` and ``license_link``.
"""

from __future__ import annotations

from collections.abc import Sequence

_SAME_AS_SPDX = (
    "AFL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0",
    "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0",
    "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0",
    "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0",
    "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2", "ISC", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL", "NCSA",
    "OFL-1.1", "OSL-3.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib", "etalab-2.0",
)  # fmt: skip
_OTHER_NAMES = {
    "ODC-By-1.0": "odc-by",
    "ODbL-1.0": "odbl",
    "PDDL-1.0": "pddl",
    "C-UDA-1.0": "c-uda",
    "GPL-2.0-only": "gpl-2.0",
    "GPL-3.0-only": "gpl-3.0",
    "LGPL-2.1-only": "lgpl-2.1",
    "LGPL-3.0-only": "lgpl-3.0",
    "AGPL-3.0-only": "agpl-3.0",
}
"""Licences of which the Hub's name without a version, or without *only*, can mean no other."""

_HUB = {**{name: name.lower() for name in _SAME_AS_SPDX}, **_OTHER_NAMES}


def hub_id(identity: str) -> str | None:
    """Return the Hub's id for an SPDX id, or ``None`` where it has none that means the same."""
    return _HUB.get(identity)


def hub_fields(identities: Sequence[str], link: str = "LICENSE.md") -> dict[str, str]:
    """Return ``license``, and where the Hub has no id for it ``license_name`` and ``license_link``, for a card.

    Args:
        identities: the licences of all rows; more than one makes ``other``, never the most permissive of them.
        link: the file that lists and explains them.
    """
    distinct = list(dict.fromkeys(identities))
    if len(distinct) == 1 and (known := hub_id(distinct[0])):
        return {"license": known}
    name = distinct[0].lower() if len(distinct) == 1 else "mixed-see-license-md"
    return {"license": "other", "license_name": name, "license_link": link}
