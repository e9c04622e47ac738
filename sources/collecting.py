"""What a source's ``collect`` says and is given: what the publisher has, what it removed, and a way to ask it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from frisat.documents import JSON
from frisat.files import canonical_json, sha256
from frisat.report import Reporter
from sources.client.fetching import Entry, FetchError, Kind, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something the publisher has: it is fetched and archived, unless it is held in this version.

    Args:
        key: the record's name in the archive, the same for years.
        url: its official address, ``https:`` or ``ftp:``.
        kind: what was promised; a body that is something else is a failure.
        version: what the listing says of its state (size and time, an update date): the same again, and it is not asked
            for. Without one it is asked for conditionally every time.
        context: facts of the listing that the body does not hold, archived with it. Other facts make a revision.
        again: ask although the version is the same.
        max_bytes: a larger body is a failure.
    """

    key: str
    url: str
    kind: Kind = "any"
    version: str | None = None
    context: Mapping[str, JSON] = field(default_factory=dict)
    again: bool = False
    max_bytes: int = 200_000_000

    def described(self) -> str | None:
        """Return the hash of the context, or null when there is none."""
        return sha256(canonical_json(self.context)) if self.context else None

    def as_json(self) -> str:
        """Return all of it as JSON, to be asked for another day."""
        return canonical_json(asdict(self))


@dataclass(frozen=True, slots=True)
class Gone:
    """The publisher says that it has removed the record ``key``."""

    key: str
    why: str


class Visit:
    """One visit to a publisher: what ``collect`` may ask, and what it remembers from one visit to the next."""

    def __init__(
        self,
        *,
        cursor: dict[str, JSON],
        since: date | None,
        started: datetime,
        held: Callable[[str], set[str]],
        ask: Callable[..., Any],
        report: Reporter,
    ) -> None:
        self.cursor = cursor
        """As the last visit that came to its end left it; kept when this one does."""
        self.since = since
        """How far back to look, where a person asked for it."""
        self.started = started
        """When the visit began, UTC."""
        self.completed: list[str] = []
        self._held = held
        self._ask = ask
        self._report = report

    def get(
        self,
        url: str,
        *,
        kind: Kind = "json",
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 200_000_000,
    ) -> Response:
        """Ask for a listing. It is archived as it came, beside the records.

        Raises:
            FetchError: it cannot be had, after all retries. Left alone it ends the visit; what came before is kept.
        """
        response: Response = self._ask("fetch", url, kind=kind, headers=headers, max_bytes=max_bytes)
        return response

    def entries(self, url: str) -> list[Entry]:
        """Return what stands in a folder of an FTP server, by name. Raises as :meth:`get` does."""
        _, found = self._ask("entries", url)
        return sorted(found, key=lambda entry: entry.name)

    def keys(self, prefix: str = "") -> set[str]:
        """Return the keys of records held alive that begin with ``prefix``; deliveries on disk do not count."""
        return self._held(prefix)

    def complete(self, prefix: str = "") -> None:
        """Say that all there is under ``prefix`` has been yielded: what is held there and was not, is gone.

        Only after a listing that was read whole. Where far too much would vanish at once the harvest fails instead.
        """
        self.completed.append(prefix)

    def note(self, message: str) -> None:
        """Tell the person who waits."""
        self._report.note(message)

    def warn(self, message: str) -> None:
        """Tell of something that needs a look."""
        self._report.warn(message)


__all__ = ["Entry", "FetchError", "Found", "Gone", "Kind", "Response", "Visit"]
