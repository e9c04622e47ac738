"""Which ways in a harvest takes, and taking one: a delivery on disk, or the publisher's own service."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from frisat.errors import FrisatError, UsageError
from frisat.report import Reporter
from frisat.workspace import Workspace
from sources import (
    Archive,
    Collected,
    HarvestError,
    all_sources,
    contact,
    delivered_source,
    find_source,
    harvest_delivery,
    harvest_network,
    inbox,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: the delivery at ``origin``, or without one the publisher's own service."""

    source: str
    origin: Path | None = None

    def __str__(self) -> str:
        return f"{self.source} from {self.origin.name if self.origin else 'its publisher'}"


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may ask of a harvest; see :func:`sources.harvest_network`."""

    since: date | None = None
    limit: int | None = None
    accept_loss: bool = False


@dataclass(frozen=True, slots=True)
class Harvested:
    """What one harvest of a source brought, and the error that ended it, if one did."""

    source: str
    origin: str
    collected: Collected
    error: FrisatError | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for ``--json``."""
        error = str(self.error) if self.error else None
        return {"source": self.source, "origin": self.origin, **asdict(self.collected), "error": error}


def ways_in(workspace: Workspace, names: Sequence[str], origin: Path | None, *, needed: bool = True) -> list[Way]:
    """Return what there is to harvest, before anything is started.

    Of a source that is named: what waits in its inbox, and its publisher's service. Without names: what waits for
    anyone, and the services that were asked before.

    Raises:
        UsageError: no such source, the delivery is not one of it, or there is nothing to harvest for a source that is
            named (if that is ``needed``).
        DeliveryError: the delivery is not there.
    """
    if origin is not None:
        if len(names) != 1:
            raise UsageError("--from goes with one source")
        delivered_source(workspace, names[0], origin)
        return [Way(names[0], origin)]
    if names:
        return [way for name in dict.fromkeys(names) for way in _ways_of(workspace, name, needed=needed)]
    folders = workspace.root / "inbox"
    waiting = sorted(p.name for p in folders.iterdir() if p.is_dir()) if folders.is_dir() else []
    begun = [name for name in all_sources(workspace) if Archive(workspace, name).was_asked()]
    deliveries = [Way(name, delivery) for name in waiting for delivery in inbox(workspace, name)]
    return [*deliveries, *(Way(name) for name in begun)]


def _ways_of(workspace: Workspace, name: str, *, needed: bool) -> list[Way]:
    ways = [Way(name, delivery) for delivery in inbox(workspace, name)]
    if not ways or name in all_sources(workspace):
        collects = find_source(workspace, name).collects
        if collects and contact():
            ways.append(Way(name))
        elif not ways and needed:
            service = "set FRISAT_CONTACT to an e-mail address to ask its publisher, or " if collects else ""
            raise UsageError(
                f"nothing waits for '{name}': {service}lay deliveries in {workspace.root}/inbox/{name}/, "
                "or give one with --from PATH"
            )
    return ways


def harvest_all(
    workspace: Workspace,
    names: Sequence[str],
    origin: Path | None,
    report: Reporter,
    options: Options | None = None,
    step: Callable[[str, Callable[[], Harvested]], Harvested] = lambda _, take: take(),
    *,
    needed: bool = True,
) -> list[Harvested]:
    """Take every way in there is, see :func:`ways_in`; ``step`` runs each under a name."""
    asked = options or Options()
    return [
        step(f"harvest {way}", partial(harvest_one, workspace, way, report, asked))
        for way in ways_in(workspace, names, origin, needed=needed)
    ]


def harvest_one(workspace: Workspace, way: Way, report: Reporter, options: Options) -> Harvested:
    """Take one way in. An error is part of what is returned: other ways, and the artifact, go on."""
    origin = str(way.origin) if way.origin else "network"
    began = time.monotonic()
    try:
        if way.origin is not None:
            collected = harvest_delivery(workspace, way.source, way.origin, report, limit=options.limit)
            collected.seconds = round(time.monotonic() - began, 1)
        else:
            collected = harvest_network(
                workspace,
                way.source,
                report,
                since=options.since,
                limit=options.limit,
                accept_loss=options.accept_loss,
            )
    except FrisatError as error:
        came = error.collected if isinstance(error, HarvestError) else Collected()
        return Harvested(way.source, origin, came, error)
    return Harvested(way.source, origin, collected)


def check(harvested: Sequence[Harvested]) -> None:
    """Raise what ended a harvest; of several, one error that names each."""
    failed = [item for item in harvested if item.error is not None]
    if len(failed) == 1 and failed[0].error is not None:
        raise failed[0].error
    if failed:
        raise FrisatError(
            f"{len(failed)} of {len(harvested)} harvests failed; the others are done. "
            + " ".join(f"[{item.source}] {item.error}" for item in failed)
        )
