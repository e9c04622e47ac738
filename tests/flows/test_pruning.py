"""Pruning takes out what no release here and no current state needs, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.build import build
from flows.pruning import find_prunable
from frisat.report import Silent
from frisat.runner import SerialRunner
from publishing import load_release
from sources import Archive, Prunable, all_sources, prune_archive
from tests.conftest import danish

if TYPE_CHECKING:
    from tests.conftest import Desk


def _rows(*subjects: str) -> list[dict[str, str]]:
    return [{"id": subject, "text": danish(subject)} for subject in subjects]


def _find(desk: Desk) -> list[Prunable]:
    return find_prunable(desk.workspace, list(all_sources(desk.workspace).values()))


def _states(desk: Desk) -> int:
    return len(_all_rows(desk))


def _all_rows(desk: Desk) -> list[str]:
    from sources.archive import read_records

    archive = Archive(desk.workspace, "minutes")
    return [stored.record.sha256 for part in archive.parts() for stored in read_records(archive.folder, part)]


def test_nothing_to_prune(desk: Desk) -> None:
    desk.deliver("minutes", _rows("havnen", "fyret"))
    desk.build()
    assert _find(desk) == []


def test_an_older_state_that_current_documents_need(desk: Desk) -> None:
    for day, subjects in (("2041-03-01", ("havnen", "fyret")), ("2041-03-02", ("havnen", "broen"))):
        desk.at(day)
        desk.deliver("minutes", _rows(*subjects))
    desk.build()
    # havnen came first with the older state: its date of retrieval is told from it. fyret is known to be removed by it.
    assert _find(desk) == []


def test_what_a_release_holds_is_kept(released: Desk) -> None:
    desk = released
    desk.at("2042-01-01")
    desk.deliver("minutes", [{"id": "x", "text": danish("noget helt andet")}])
    desk.build()
    version = load_release(desk.workspace.release())
    assert version.record["files"]
    assert [item for item in _find(desk) if item.source == "minutes"] == []


def test_pruning_keeps_what_is_current(desk: Desk) -> None:
    for number in range(4):
        desk.at(f"2041-03-0{number + 1}")
        desk.deliver("minutes", [{"id": "a", "text": danish(f"sag nummer {number}")}])
    desk.build()
    found = _find(desk)
    assert [item.what for item in found] == ["superseded record"] * 3
    assert _states(desk) == 4
    archive = Archive(desk.workspace, "minutes")
    archive.blobs.mkdir(parents=True)
    (archive.blobs / "0").write_bytes(b"orphan")
    assert [item.what for item in _find(desk)][-1] == "file of no record"
    prune_archive(archive, _find(desk))
    assert _states(desk) == 1
    assert list(archive.blobs.iterdir()) == []
    sources = list(all_sources(desk.workspace).values())
    build(desk.workspace, sources, SerialRunner(), Silent())
    assert _find(desk) == []
