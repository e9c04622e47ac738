"""Building: only what changed, and what fails fails alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cleaning import refine
from cleaning.duplicates import signing
from flows import build as building
from flows.build import BuildError, plan_build, refined_sources
from frisat.errors import FrisatError
from frisat.files import sha256_file
from frisat.report import Silent
from frisat.runner import SerialRunner
from sources import all_sources, built_in_sources, delivery

if TYPE_CHECKING:
    from tests.conftest import Desk


def _plan(desk: Desk) -> list[tuple[str, int, int, int, str]]:
    """Return source, parts to extract, to refine, up to date, and why, of the sources that hold anything."""
    plans = plan_build(desk.workspace, all_sources(desk.workspace).values())
    built_in = built_in_sources()
    return [(p.source, len(p.extract), p.refine, p.up_to_date, p.why) for p in plans if p.source not in built_in]


def _files(folder: Path) -> dict[str, tuple[str, int]]:
    """Return hash and time of every file below ``folder``."""
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): (sha256_file(p), p.stat().st_mtime_ns) for p in found}


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Two sources harvested, nothing built."""
    desk.deliver("minutes", desk.minutes())
    desk.deliver("letters", [*desk.minutes(2), {"raw": "{"}])
    return desk


def test_what_a_build_did(filled: Desk) -> None:
    done = filled.build()
    found = {item.source: building.as_dict(item) for item in done.sources if item.parts}
    plain = {
        "parts": 1,
        "extracted_parts": 1,
        "refined_parts": 1,
        "repaired": 0,
        "redacted": 0,
        "not_danish": 0,
        "short": 0,
    }
    assert {name: {k: v for k, v in item.items() if k != "text_bytes"} for name, item in found.items()} == {
        "letters": {**plain, "source": "letters", "documents": 2, "gave_none": 1, "left_out": {}},
        "minutes": {**plain, "source": "minutes", "documents": 4, "gave_none": 0, "left_out": {}},
    }
    assert done.links is not None
    assert (done.links.clusters, done.links.documents, done.failures) == (2, 4, [])


def test_a_second_build_does_nothing(filled: Desk) -> None:
    filled.build()
    before = {name: _files(getattr(filled.workspace, name)) for name in ("documents", "refined", "links")}
    done = filled.build()
    assert [(item.extracted_parts, item.refined_parts) for item in done.sources if item.parts] == [(0, 0), (0, 0)]
    assert {name: _files(getattr(filled.workspace, name)) for name in before} == before


def test_only_what_is_new_is_built(filled: Desk) -> None:
    filled.build()
    filled.deliver("minutes", filled.minutes(6))
    done = {item.source: item for item in filled.build().sources}
    assert (done["minutes"].parts, done["minutes"].extracted_parts, done["minutes"].documents) == (2, 1, 6)
    assert done["letters"].extracted_parts == 0


def test_the_plan_tells_what_and_why(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = "nothing was extracted yet, or the reader changed"
    assert _plan(filled) == [("letters", 1, 0, 0, begun), ("minutes", 1, 0, 0, begun)]
    filled.build()
    nothing = "nothing changed"
    assert _plan(filled) == [("letters", 0, 0, 1, nothing), ("minutes", 0, 0, 1, nothing)]
    filled.deliver("minutes", filled.minutes(5))
    assert _plan(filled) == [("letters", 0, 0, 1, nothing), ("minutes", 1, 0, 1, "new records")]
    filled.build()
    monkeypatch.setattr(refine, "VERSION", 99)
    changed = "the refining stage, its settings or its libraries changed, or a run was cut off"
    assert _plan(filled) == [("letters", 0, 1, 0, changed), ("minutes", 0, 2, 0, changed)]
    monkeypatch.setattr(delivery, "VERSION", 99)
    assert _plan(filled) == [("letters", 1, 0, 0, begun), ("minutes", 2, 0, 0, begun)]


def test_a_plan_counts_what_is_not_signed(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.build()
    monkeypatch.setattr(signing, "VERSION", 99)
    plans = {plan.source: plan for plan in plan_build(filled.workspace, all_sources(filled.workspace).values())}
    minutes = plans["minutes"]
    assert (minutes.refine, minutes.sign, minutes.up_to_date) == (0, 1, 0)
    assert minutes.why == "the scheme of signatures changed, or a run was cut off"


def test_a_plan_changes_nothing(filled: Desk) -> None:
    before = _files(filled.workspace.root)
    _plan(filled)
    assert _files(filled.workspace.root) == before


@pytest.mark.parametrize(("module", "stages"), [(refine, ["refined"]), (delivery, ["documents", "refined"])])
def test_a_changed_stage_is_done_again_and_stale_parts_go(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, module: Any, stages: list[str]
) -> None:
    filled.build()
    before = {stage: _files(getattr(filled.workspace, stage)) for stage in ("documents", "refined")}
    monkeypatch.setattr(module, "VERSION", 99)
    filled.build()
    for stage, files in before.items():
        after = _files(getattr(filled.workspace, stage))
        assert len(after) == len(files) == 2
        assert (after.keys() & files.keys() == set()) == (stage in stages)
    assert len(list(filled.workspace.links.glob("*.parquet"))) == 1


def _failing(real: Callable[[Any], Any], source: str) -> Callable[[Any], Any]:
    def work(job: Any) -> Any:
        if source in str(job):
            raise OSError(28, "No space left on device")
        return real(job)

    return work


class _Hearing(Silent):
    """A reporter that keeps warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.mark.parametrize(
    ("stage", "label", "left"), [("extract_part", "extracting", 1), ("refine_part", "refining", 1)]
)
def test_a_part_that_fails_is_named_and_the_others_are_done(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, stage: str, label: str, left: int
) -> None:
    report = _Hearing()
    with monkeypatch.context() as broken:
        broken.setattr(building, stage, _failing(getattr(building, stage), "minutes"))
        with filled.workspace.lock("test"), pytest.raises(BuildError, match=r"1 parts could not be built \(minutes "):
            building.build(filled.workspace, list(all_sources(filled.workspace).values()), SerialRunner(), report)
    assert len(report.warnings) == 1
    assert report.warnings[0].startswith(f"{label} minutes ")
    assert report.warnings[0].endswith("failed: OSError: [Errno 28] No space left on device")
    assert [p.parent.name for p in filled.workspace.refined.rglob("*.parquet")] == ["letters"]
    done = {item.source: item for item in filled.build().sources}
    assert (done["minutes"].refined_parts, done["letters"].refined_parts) == (left, 0)


def test_what_is_not_built_cannot_be_released(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refined() -> Any:
        return refined_sources(filled.workspace, all_sources(filled.workspace).values())

    with pytest.raises(BuildError, match="letters: 1 parts are not built yet; run 'frisat build' first") as caught:
        refined()
    assert isinstance(caught.value, FrisatError)
    assert caught.value.exit_code == 1
    filled.build()
    found, links = refined()
    assert [item.descriptor.name for item in found] == ["letters", "minutes"]
    assert links.exists()
    monkeypatch.setattr(refine, "VERSION", 99)
    with pytest.raises(BuildError, match="letters: 1 parts are not built yet"):
        refined()
    monkeypatch.undo()
    links.unlink()
    with pytest.raises(BuildError, match="the links between copies are not up to date; run 'frisat build' first"):
        refined()


def test_nothing_harvested_nothing_built(desk: Desk) -> None:
    done = desk.build()
    assert {item.source: item.parts for item in done.sources} == dict.fromkeys(built_in_sources(), 0)
    assert refined_sources(desk.workspace, all_sources(desk.workspace).values())[0] == []
