"""Readings: a person read a text that was flagged for personal data, and found that it may be published as it stands.

A reading is of one text: a text that changes is flagged anew. It takes back nothing but the flags that it names, and
whoever finds later that it was wrong withdraws the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from licensing.register import Entry, Register

FLAG = "personal_data:"
"""What a reason begins with that a reading can take back."""


def record_reading(
    register: Register, source: str, identity: str, text_sha256: str, flags: Sequence[str], note: str, by: str
) -> dict[str, Any]:
    """Append a reading and return its record; the workspace's lock must be held.

    Raises:
        UsageError: nothing is flagged, or note or name is empty; nothing was recorded.
    """
    if not flags:
        raise UsageError(f"{identity} is not flagged for personal data; there is nothing to take back")
    for name, value in (("--note", note), ("--by", by)):
        if not value.strip():
            raise UsageError(f"{name} is empty; it must be said")
    body = {
        "source": source, "id": identity, "text_sha256": text_sha256, "flags": sorted(flags), "note": note.strip(),
        "by": by.strip(),
    }  # fmt: skip
    register.append([("reading", {**body, "read_at": clock.now().isoformat(timespec="milliseconds")})])
    return body


def readings_of(entries: Iterable[Entry]) -> dict[tuple[str, str], frozenset[str]]:
    """Return the flags that were taken back, by the id and the SHA-256 of the text."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for entry in entries:
        if entry.kind == "reading":
            key = entry.body["id"], entry.body["text_sha256"]
            found[key] = found.get(key, frozenset()) | frozenset(entry.body["flags"])
    return found
