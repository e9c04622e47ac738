"""What whoever runs frisat sets for its way into the network."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from frisat.errors import UsageError
from sources.archive import Archive
from sources.source import Source

if TYPE_CHECKING:
    from sources.client.client import Client


def contact() -> str | None:
    """Return how publishers reach whoever runs this: ``FRISAT_CONTACT``, an address or a page, if it is set.

    Raises:
        UsageError: it is neither.
    """
    value = os.environ.get("FRISAT_CONTACT", "").strip()
    if not value:
        return None
    if value.startswith(("mailto:", "https://", "http://")) and value.isprintable() and " " not in value:
        return value
    if "@" in value and value.isprintable() and " " not in value:
        return f"mailto:{value}"
    raise UsageError(f"FRISAT_CONTACT is {value!r}: give an e-mail address or the URL of a page")


def required_contact() -> str:
    """Return the contact without which no publisher is asked.

    Raises:
        UsageError: none is set.
    """
    reach = contact()
    if reach is None:
        raise UsageError(
            "publishers must be able to reach whoever asks them: set FRISAT_CONTACT to an e-mail address or a page, "
            "for example FRISAT_CONTACT=mailto:data@example.org"
        )
    return reach


def mirrors() -> dict[str, str]:
    """Return what ``FRISAT_MIRRORS`` says: prefixes of publishers' URLs, and the prefixes to ask instead.

    Raises:
        UsageError: an entry is not of the form ``URL=URL``.
    """
    found = {}
    for entry in os.environ.get("FRISAT_MIRRORS", "").split():
        official, sign, mirror = entry.partition("=")
        if not sign or "://" not in official or "://" not in mirror:
            raise UsageError(f"FRISAT_MIRRORS: {entry!r} is not of the form OFFICIAL_URL=MIRROR_URL")
        found[official] = mirror
    return found


def new_client(archive: Archive, source: Source) -> Client:
    """Return the client that asks for ``source``.

    Raises:
        UsageError: no contact is set.
    """
    reach = required_contact()
    from sources.client.client import Client  # brings an HTTP library, which most commands can do without

    return Client(reach, folder=archive.folder / "partial", mirrors=mirrors(), pace=source.pace)
