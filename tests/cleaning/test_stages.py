"""What was measured carries the fingerprint of what it measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaning import repair
from cleaning.stages import measured, stage


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    stage.cache_clear()


def _write(path: Path, **sections: str) -> Path:
    figures = {"recall": {"value": 0.5, "n": 4, "low": 0.1, "high": 0.9}}
    path.write_text(json.dumps({name: {"stage": made, "figures": figures} for name, made in sections.items()}))
    return path


def test_a_figure_of_this_version_is_current(tmp_path: Path) -> None:
    [figure] = measured(_write(tmp_path / "m.json", repair=stage("repair")))
    assert (figure.section, figure.name, figure.value, figure.n) == ("repair", "recall", 0.5, 4)
    assert figure.current


def test_a_figure_of_another_version_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "m.json", repair=stage("repair"), duplicates=stage("duplicates"))
    monkeypatch.setattr(repair, "VERSION", -1)
    stage.cache_clear()
    assert [(figure.section, figure.current) for figure in measured(path)] == [("duplicates", True), ("repair", False)]


def test_parts_of_a_benchmark_measure_the_same_stage() -> None:
    assert stage("duplicates/exact") == stage("duplicates/speed") == stage("duplicates")


def test_nothing_measured(tmp_path: Path) -> None:
    assert measured(tmp_path / "none.json") == []
