"""Merging the small parts that many short harvests leave into parts of full size."""

from __future__ import annotations

import json
from pathlib import Path

from frisat.files import canonical_json, sha256, write_atomic
from frisat.parquet import read_groups, write_parquet
from frisat.schema import RECORDS
from sources._segments import PART_BYTES
from sources.archive import Archive

SMALL_BYTES = 2_000_000
"""On disk: a part below this is small."""
MANY = 8
"""So many small parts are merged."""


def merge_small(archive: Archive) -> int:
    """Merge small parts of ``archive``, records and other answers, when there are many; return how many went.

    A killed merge is undone or finished by the next one: ``merge.json`` says what it makes and replaces, and until
    all that is made is there, what it replaces counts.
    """
    settle_merge(archive)
    return sum(_merge(archive, folder) for folder in (archive.records, archive.responses))


def settle_merge(archive: Archive) -> None:
    """Finish a merge that was cut off, or take it back."""
    journal = archive.folder / "merge.json"
    if not journal.exists():
        return
    said = json.loads(journal.read_text())
    made, replaces = ([archive.folder / name for name in said[key]] for key in ("made", "replaces"))
    for path in replaces if all(path.exists() for path in made) else made:
        path.unlink(missing_ok=True)
    journal.unlink()


def _merge(archive: Archive, folder: Path) -> int:
    parts = sorted(p for p in folder.glob("*.parquet") if not p.name.startswith("."))
    small = [part for part in parts if part.stat().st_size < SMALL_BYTES]
    if len(small) < MANY:
        return 0
    groups = _groups(small)
    targets = [folder / f"{sha256(chr(10).join(part.name for part in group))[:32]}.parquet" for group in groups]
    names = [path.relative_to(archive.folder).as_posix() for path in targets]
    old = [part.relative_to(archive.folder).as_posix() for group in groups for part in group]
    write_atomic(archive.folder / "merge.json", canonical_json({"made": names, "replaces": old}) + "\n")
    for target, group in zip(targets, groups, strict=True):
        tables = (table for part in group for table in read_groups(part))
        write_parquet(target, tables, RECORDS, text="body")
    settle_merge(archive)
    return len(old)


def _groups(small: list[Path]) -> list[list[Path]]:
    """Return parts in groups that make one full part each; compressed sizes are taken to be a quarter."""
    groups: list[list[Path]] = [[]]
    size = 0
    for part in small:
        weight = 4 * part.stat().st_size
        if groups[-1] and size + weight > PART_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += weight
    return [group for group in groups if len(group) > 1]
