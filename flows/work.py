"""What the commands and the schedule do, as plain functions that take a runner; Prefect is not needed to call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.build import BuildResult, build, refined_sources
from flows.harvesting import Harvested
from flows.rights import reserved_records
from frisat.errors import UsageError
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.workspace import Workspace
from publishing import Assembled, Published, PublishOptions, Step, assemble, publish
from sources import Source, all_sources, find_source


@dataclass(frozen=True, slots=True)
class Ran:
    """What a whole run did."""

    harvested: list[Harvested]
    built: BuildResult
    released: Assembled


def do_publish(
    workspace: Workspace,
    version: str | None,
    to: str,
    report: Reporter,
    options: PublishOptions,
    step: Step[Published] | None = None,
) -> Published:
    """Publish a release of the workspace, the latest when no version is named; see :func:`publishing.publish`."""
    folder = workspace.release(version)
    return publish(folder, to, report, options, step) if step else publish(folder, to, report, options)


def choose(workspace: Workspace, names: Sequence[str]) -> list[Source]:
    """Return the sources called ``names``, or all of them when none is named."""
    if names:
        return [find_source(workspace, name) for name in dict.fromkeys(names)]
    return list(all_sources(workspace).values())


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
    refined = [replace(item, reserved=reserved_records(workspace, item.descriptor.name)) for item in refined]
    if not refined:
        raise UsageError(f"{workspace.root} holds nothing to release; begin with 'frisat harvest SOURCE --from PATH'")
    return assemble(workspace, refined, links, runner, report, accept_loss=accept_loss, plan_only=plan_only)
