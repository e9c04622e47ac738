"""Looking at single pages for a person: the address that states a right, and the text of a PDF that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sources.settings import mirrors, required_contact

if TYPE_CHECKING:
    from sources.client.fetching import Response

MAX_BYTES = 50_000_000


def look_up(url: str, folder: Path) -> Response:
    """Fetch one page as it is now, as politely as a harvest does.

    Args:
        url: its address.
        folder: where a body too large for memory is put.

    Raises:
        UsageError: no contact is set.
        FetchError: it cannot be had; the error says whether it is gone.
    """
    reach = required_contact()
    from sources.client.client import Client  # brings an HTTP library, which most commands can do without

    with Client(reach, folder=folder, mirrors=mirrors()) as client:
        return client.fetch(url, max_bytes=MAX_BYTES)


def pdf_text(body: bytes) -> str:
    """Return the text of a PDF; a paragraph ends at a blank line.

    Raises:
        RecordError: it is none, has no text, or cannot be read within its time and memory.
    """
    from sources.readers.pdf import read_pdf

    return read_pdf(body).text
