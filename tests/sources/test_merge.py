"""Small parts are merged; a merge that is cut off counts whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frisat.files import sha256
from frisat.workspace import Workspace
from sources import Archive, merge
from sources.archive import read_records
from sources.intake import Harvest
from sources.merge import merge_small, settle_merge


def fill(archive: Archive, harvests: int) -> None:
    """Harvest so many times, one record each, and a revision of the first."""
    for number in range(harvests):
        with Harvest(archive, archive.begin("network")) as harvest:
            for key, body in ((f"f{number}", b"text"), ("f", f"state {number}".encode())):
                harvest.take(key, body, sha256(body), len(body), {})
            harvest.finish()


def held(archive: Archive) -> list[tuple[str, bytes, int]]:
    stored = [s for part in archive.parts() for s in read_records(archive.folder, part)]
    return sorted((s.record.key, s.record.read(), s.harvest) for s in stored)


def test_few_parts_are_left_alone(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    fill(archive, merge.MANY - 1)
    before = archive.parts()
    assert (merge_small(archive), archive.parts()) == (0, before)


def test_many_small_parts_become_one(ws: Workspace) -> None:
    archive = Archive(ws, "s")
    fill(archive, merge.MANY)
    before, known = held(archive), archive.known()
    assert merge_small(archive) == merge.MANY
    assert len(archive.parts()) == 1
    assert (held(archive), archive.known()) == (before, known)
    assert not (archive.folder / "merge.json").exists()
    assert merge_small(archive) == 0


def test_a_merge_fills_parts_and_no_more(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(ws, "s")
    fill(archive, 10)
    before = held(archive)
    size = max(part.stat().st_size for part in archive.parts())
    monkeypatch.setattr(merge, "PART_BYTES", 4 * size * 5)
    merge_small(archive)
    assert 2 <= len(archive.parts()) <= 3
    assert held(archive) == before


@pytest.mark.parametrize("renames", [1, 2])
def test_a_merge_that_is_cut_off(ws: Workspace, monkeypatch: pytest.MonkeyPatch, renames: int) -> None:
    """Cut off before what it makes is there, and after, with nothing yet removed."""
    archive = Archive(ws, "s")
    fill(archive, merge.MANY)
    before, parts = held(archive), len(archive.parts())

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killer:
        killer.setattr(merge, "write_parquet" if renames == 1 else "settle_merge", cut if renames == 1 else _once(cut))
        with pytest.raises(KeyboardInterrupt):
            merge_small(archive)
    assert (archive.folder / "merge.json").exists()
    assert held(archive) == before
    assert len(archive.parts()) == (parts if renames == 1 else 1)
    settle_merge(archive)
    assert held(archive) == before
    assert len(list(archive.records.iterdir())) == (parts if renames == 1 else 1)


def _once(cut: object) -> object:
    """Let the first call, which finds nothing to settle, pass."""
    calls: list[Path] = []

    def settle(archive: Archive) -> None:
        calls.append(archive.folder)
        if len(calls) > 1:
            raise KeyboardInterrupt

    return settle


def test_the_journal_names_what_is_made_and_replaced(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(ws, "s")
    fill(archive, merge.MANY)
    names = {f"records/{part.name}" for part in archive.parts()}
    monkeypatch.setattr(merge, "settle_merge", lambda _: None)
    merge_small(archive)
    said = json.loads((archive.folder / "merge.json").read_text())
    assert (set(said["replaces"]), len(said["made"])) == (names, 1)
