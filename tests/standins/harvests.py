"""Harvesting a source from a stand-in, without really waiting."""

from __future__ import annotations

import json
import signal
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
from tests.helpers import run_python

CONTACT = "mailto:tests@example.org"
_KILLED = """
import json, os, signal, sys
from pathlib import Path
from frisat.workspace import Workspace
from sources import network
from sources.client.client import Client
from tests.standins.harvests import harvest_from

folder, name, mirrors, at = sys.argv[1:]
network._FLUSH_SECONDS = -1
fetch, count = Client.fetch, 0

def dying(self, *args, **options):
    global count
    count += 1
    if count == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
    return fetch(self, *args, **options)

Client.fetch = dying
harvest_from(Workspace(Path(folder)), name, json.loads(mirrors))
"""


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


def kill_at_request(workspace: Workspace, name: str, mirrors: Mapping[str, str], at: int) -> None:
    """Harvest in a process of its own that SIGKILL ends before request number ``at``; records are written at once."""
    ended = run_python(_KILLED, str(workspace.root), name, json.dumps(dict(mirrors)), str(at))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
