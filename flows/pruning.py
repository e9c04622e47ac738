"""What of the archive no kept release and no current state needs."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from flows.build import refined_sources
from frisat.parquet import read_columns
from frisat.workspace import Workspace
from publishing import Refined, current_rows, load_release, load_rows
from sources import Archive, Prunable, Source, prunable


def find_prunable(workspace: Workspace, sources: list[Source]) -> list[Prunable]:
    """Return what could be taken out of the archives of ``sources``.

    A state of a record is needed when it is the newest, when a current document came with it (also first came with
    it), or when a release in the workspace holds a text of it.

    Raises:
        BuildError: something harvested is not built yet, so that nobody can say what it gives.
    """
    refined, _ = refined_sources(workspace, sources)
    kept = _released(workspace)
    found = []
    for item in refined:
        needed = _needed(item, kept)
        found += prunable(Archive(workspace, item.descriptor.name), lambda key, digest, n=needed: (key, digest) in n)  # type: ignore[misc]
    return found


def _released(workspace: Workspace) -> set[tuple[str, str]]:
    """Return id and text of every row of every release in the workspace."""
    kept: set[tuple[str, str]] = set()
    for version in workspace.versions():
        release = load_release(workspace.release(version))
        for file in release.record["files"]:
            rows = read_columns(release.path / file["path"], ["id", "text_sha256"])
            kept.update(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return kept


def _needed(item: Refined, kept: set[tuple[str, str]]) -> set[tuple[str, str]]:
    rows = load_rows(list(item.parts))
    current = current_rows(rows).documents
    contents = pa.array(current.column("content").to_pylist(), pa.string())
    gives = pc.is_in(rows.column("content"), value_set=contents)
    columns = [rows.column(name).to_pylist() for name in ("record_key", "record_sha256", "id", "text_sha256")]
    return {
        (key, digest)
        for key, digest, identity, text, live in zip(*columns, gives.to_pylist(), strict=True)
        if live or (identity, text) in kept
    }
