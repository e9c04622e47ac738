"""What a publisher answered, as columns of the archive; and the archive of what it answered besides records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from frisat.files import canonical_json, sha256
from frisat.parquet import read_columns
from sources._segments import Segments
from sources.archive import Archive
from sources.client.fetching import FetchError, Response
from sources.collecting import Found


class Answers:
    """What the publisher answered besides records, each content once."""

    def __init__(self, archive: Archive, number: int) -> None:
        self._segments = Segments(archive.responses)
        self._number = number
        parts = archive.responses.glob("*.parquet")
        self._held = {digest for part in parts for digest in read_columns(part, ["sha256"]).column(0).to_pylist()}

    def add(self, key: str, body: bytes, row: Mapping[str, Any]) -> None:
        """Take an answer; a refusal without a body is told apart by its words."""
        digest = sha256(body) if body else sha256(f"{key} {row.get('status')} {row.get('failure')}")
        if digest not in self._held:
            self._held.add(digest)
            self._segments.add(
                {**row, "key": key, "sha256": digest, "size": len(body), "body": body, "harvest": self._number}
            )

    def keep(self) -> None:
        """Write what was taken."""
        self._segments.flush()
        self._segments.wait()


def answered(response: Response) -> dict[str, Any]:
    """Return what is archived of an answer besides its body."""
    return {
        "url": response.url,
        "final_url": response.final_url,
        "status": response.status,
        "headers": canonical_json(response.headers) if response.headers else None,
        "signals": canonical_json(response.signals) if response.signals else None,
        "retrieved_at": response.retrieved_at,
    }


def fetched(found: Found, response: Response) -> dict[str, Any]:
    """Return what is archived of a record besides its body."""
    context = canonical_json(found.context) if found.context else None
    return {**answered(response), "context": context, "described": found.described()}


def refused(error: FetchError, now: datetime) -> dict[str, Any]:
    """Return what is archived of a refusal besides its body."""
    return {
        "url": error.url,
        "final_url": error.final_url,
        "status": error.status,
        "headers": canonical_json(error.headers) if error.headers else None,
        "signals": canonical_json(error.signals) if error.signals else None,
        "retrieved_at": now,
        "failure": f"broken: {error}",
    }
