"""Harvesting: taking what is new from a publisher, or from a delivery on disk, into the archive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from frisat.errors import DeliveryError, UsageError
from frisat.report import Reporter
from frisat.workspace import Workspace
from sources.archive import Archive
from sources.deliveries import delivery_name, is_archive, members
from sources.intake import Collected, Harvest, HarvestError
from sources.source import delivered_source, is_descriptor, remember, reserved_name

_DESCRIPTOR = "source.toml"


def harvest_delivery(
    workspace: Workspace, name: str, origin: Path, report: Reporter, *, limit: int | None = None
) -> Collected:
    """Read the delivery at ``origin`` into the archive of source ``name``, taking only what is new or changed.

    Args:
        workspace: where the archive is; its lock must be held.
        name: the source.
        origin: a folder, an archive or a file in the publisher's own format.
        report: told of progress.
        limit: stop after so many members; for a first look. The next harvest goes on from there.

    Raises:
        UsageError: no such source, or the delivery is not one of it.
        DeliveryError: the delivery is damaged or empty; what came before the damage is kept.
        HarvestError: no file of it can be read. Each is kept as a failure.
    """
    source, base = delivered_source(workspace, name, origin)
    if origin.is_file() and not is_archive(origin) and not source.module.accepts(origin.name):
        raise UsageError(f"{origin.name} is in no format that '{name}' reads")
    remember(workspace, source, origin)
    delivery = delivery_name(origin)
    archive = Archive(workspace, name)
    with Harvest(archive, archive.begin(delivery)) as harvest:
        taken = 0
        try:
            for member in report.track(members(origin), label=f"Harvesting {name}"):
                # Ids must not depend on the folder that somebody packed the delivery in.
                inner = replace(member, path=member.path.removeprefix(base))
                if source.built_in and is_descriptor(member):
                    harvest.discard()
                    raise reserved_name(name, origin)
                if not source.built_in and inner.path == _DESCRIPTOR:
                    continue
                if limit is not None and taken >= limit:
                    return harvest.keep()
                taken += 1
                harvest.add(inner, delivery=delivery, accepted=source.module.accepts(inner.path))
        except DeliveryError:
            harvest.keep()
            raise
        if not taken:
            raise DeliveryError(f"{origin} holds no files of '{name}'")
        done = harvest.finish()
    if done.failed and not (done.new or done.changed or done.unchanged):
        raise HarvestError(f"nothing in {origin} can be read as '{name}'; {done.failures[0]}", done)
    return done


def inbox(workspace: Workspace, name: str) -> list[Path]:
    """Return the deliveries that wait for source ``name`` in ``inbox/<name>/`` of the workspace.

    Each folder, archive or file there is one delivery; a folder with a ``source.toml`` of its own is one by itself.
    """
    folder = workspace.root / "inbox" / name
    if not folder.is_dir() or name.startswith("."):
        return []
    if (folder / _DESCRIPTOR).is_file():
        return [folder]
    return sorted(p for p in folder.iterdir() if not p.name.startswith("."))
