"""Harvesting a source from a stand-in, without really waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from frisat.report import Reporter, Silent
from frisat.workspace import Workspace
from sources.archive import Archive
from sources.client.client import Client
from sources.client.fetching import Limits, Timing
from sources.intake import Collected
from sources.network import harvest_network
from sources.source import Source

CONTACT = "mailto:tests@example.org"


@dataclass(slots=True)
class Clock:
    """A clock that stands still but when somebody waits; ``waits`` are the seconds of each time."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def timing(self) -> Timing:
        return Timing(sleep=self.sleep, monotonic=lambda: self.now)


def harvest_from(
    workspace: Workspace,
    name: str,
    mirrors: Mapping[str, str],
    *,
    clock: Clock | None = None,
    since: date | None = None,
    limit: int | None = None,
    accept_loss: bool = False,
    report: Reporter | None = None,
) -> Collected:
    """Harvest source ``name``; ``mirrors`` leads its publisher's addresses to a stand-in."""
    ticking = clock or Clock()

    def client(archive: Archive, source: Source) -> Client:
        return Client(
            CONTACT,
            folder=archive.folder / "partial",
            mirrors=mirrors,
            pace=source.pace,
            timing=ticking.timing(),
            limits=Limits(connect=5, read=2),
        )

    with workspace.lock("test"):
        return harvest_network(
            workspace, name, report or Silent(), since=since, limit=limit, accept_loss=accept_loss, client=client
        )
