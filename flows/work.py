"""What the commands and the schedule do, as plain functions that take a runner; Prefect is not needed to call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.build import BuildResult, build, refined_sources
from frisat.errors import UsageError
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.workspace import Workspace
from publishing import Assembled, assemble
from sources import Collected, Source, all_sources, collect, delivered_source, find_source, harvest_delivery


@dataclass(frozen=True, slots=True)
class Harvested:
    """What one harvest of a source brought."""

    source: str
    origin: str
    collected: Collected

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for ``--json``."""
        return {"source": self.source, "origin": self.origin, **asdict(self.collected)}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a whole run did."""

    harvested: list[Harvested]
    built: BuildResult
    released: Assembled


def choose(workspace: Workspace, names: Sequence[str]) -> list[Source]:
    """Return the sources called ``names``, or all of them when none is named."""
    if names:
        return [find_source(workspace, name) for name in dict.fromkeys(names)]
    return list(all_sources(workspace).values())


def do_harvest(
    workspace: Workspace, names: Sequence[str], origin: Path | None, report: Reporter, *, limit: int | None = None
) -> list[Harvested]:
    """Harvest a delivery, or what waits for the sources in the workspace's inbox.

    Raises:
        UsageError: a delivery for several sources at once, or a source was named for which nothing waits.
    """
    if origin is not None:
        if len(names) != 1:
            raise UsageError("--from goes with one source")
        return [Harvested(names[0], str(origin), harvest_delivery(workspace, names[0], origin, report, limit=limit))]
    if names:
        for name in names:
            check_harvest(workspace, name, None)
    waiting = list(dict.fromkeys(names)) or _inbox(workspace)
    return [
        Harvested(name, "inbox", collected)
        for name in waiting
        for collected in collect(workspace, name, report, limit=limit)
    ]


def check_harvest(workspace: Workspace, name: str, origin: Path | None) -> None:
    """Check, before anything is started, that there is something to harvest.

    Raises:
        UsageError: no such source, nothing waits for it, or the delivery is not one of it.
        DeliveryError: the delivery is not there.
    """
    if origin is not None:
        delivered_source(workspace, name, origin)
    elif name not in _inbox(workspace):
        find_source(workspace, name)
        raise UsageError(
            f"nothing waits for '{name}': lay deliveries in {workspace.root}/inbox/{name}/, "
            "or give one with --from PATH"
        )


def _inbox(workspace: Workspace) -> list[str]:
    """Return the sources for which something waits: the folders of the inbox."""
    inbox = workspace.root / "inbox"
    folders = inbox.iterdir() if inbox.is_dir() else ()
    return sorted(p.name for p in folders if p.is_dir() and not p.name.startswith("."))


def do_build(workspace: Workspace, names: Sequence[str], runner: Runner, report: Reporter) -> BuildResult:
    """Extract, refine and link what changed; see :func:`flows.build.build`."""
    return build(workspace, choose(workspace, names), runner, report)


def do_release(
    workspace: Workspace,
    runner: Runner,
    report: Reporter,
    *,
    accept_loss: Sequence[str] = (),
    plan_only: bool = False,
) -> Assembled:
    """Assemble a release of everything that is built; see :func:`publishing.assemble`."""
    for name in accept_loss:
        find_source(workspace, name)
    refined, links = refined_sources(workspace, all_sources(workspace).values())
    if not refined:
        raise UsageError(f"{workspace.root} holds nothing to release; begin with 'frisat harvest SOURCE --from PATH'")
    return assemble(workspace, refined, links, runner, report, accept_loss=accept_loss, plan_only=plan_only)


def do_run(workspace: Workspace, names: Sequence[str], runner: Runner, report: Reporter) -> Ran:
    """Harvest, build and release: what the schedule runs. Without names, every source for which something waits."""
    harvested = do_harvest(workspace, names, None, report) if waits(workspace, names) else []
    built = do_build(workspace, (), runner, report)
    return Ran(harvested, built, do_release(workspace, runner, report))


def waits(workspace: Workspace, names: Sequence[str]) -> bool:
    """Say whether a delivery waits in the inbox for one of ``names`` (or for anyone, when none is named)."""
    inbox = _inbox(workspace)
    for name in names:
        if name not in inbox:
            find_source(workspace, name)
    return any(name in inbox for name in names) if names else bool(inbox)
