"""What the commands and the schedule do, without Prefect; and that a killed one leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.harvesting import harvest_all
from flows.work import choose, do_build, do_release
from frisat.errors import UsageError
from frisat.report import Silent
from frisat.runner import SerialRunner
from sources import built_in_sources

if TYPE_CHECKING:
    from tests.conftest import Desk

ROOT = Path(__file__).parents[2]


def test_choosing(inbox: Desk) -> None:
    assert [source.name for source in choose(inbox.workspace, ["adl", "adl"])] == ["adl"]
    assert [source.name for source in choose(inbox.workspace, [])] == sorted(built_in_sources())
    with pytest.raises(UsageError, match="no source is named 'ald'; did you mean 'adl'"):
        choose(inbox.workspace, ["ald"])


def test_a_release_of_nothing(desk: Desk) -> None:
    with pytest.raises(UsageError, match="holds nothing to release; begin with 'frisat harvest SOURCE --from PATH'"):
        do_release(desk.workspace, SerialRunner(), Silent())


def test_a_loss_is_accepted_for_a_source_there_is(released: Desk) -> None:
    with pytest.raises(UsageError, match="no source is named 'minute'; did you mean 'minutes'"):
        do_release(released.workspace, SerialRunner(), Silent(), accept_loss=["minute"])


def test_building_one_source(inbox: Desk) -> None:
    harvest_all(inbox.workspace, [], None, Silent())
    done = do_build(inbox.workspace, ["minutes"], SerialRunner(), Silent())
    assert [(item.source, item.parts) for item in done.sources] == [("minutes", 1)]


# Killed

Killed = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, finished: Desk) -> Killed:
    """What came of runs that were killed at the last renaming of each kind."""
    driver = Path(__file__).with_name("killed.py")
    process = subprocess.run(
        [sys.executable, str(driver), str(finished.root / "deliveries"), str(tmp_path_factory.mktemp("killed") / "x")],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "2245752000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return {int(number): result for number, result in json.loads(process.stdout).items()}


def test_every_stage_was_killed(killed: Killed) -> None:
    assert {result["ended"] for number, result in killed.items() if number} == {signal.SIGKILL}
    about = [result["renamed"][-1] for number, result in killed.items() if number]
    hashes = re.compile(r"[0-9a-f]{32,64}|[0-9a-f]{12}")
    assert {hashes.sub("*", name) for name in about} >= {
        "frisat.json",
        "archive/speeches/source.toml",
        "archive/speeches/harvest.json",
        "archive/speeches/records/*.parquet",
        "documents/speeches/*-*",
        "refined/speeches/*-*.parquet",
        "signatures/speeches/*-*.parquet",
        "links/*/pairs.parquet",
        "links/*.parquet",
        "register/evidence/*",
        "register/register.jsonl",
        "releases/v1.0.0",
    }


def test_a_killed_run_goes_on_to_the_same_release(killed: Killed) -> None:
    undisturbed = killed[0]
    assert (undisturbed["ended"], undisturbed["versions"], undisturbed["leftovers"]) == (0, ["v1.0.0"], [])
    assert len(undisturbed["files"]) == 28
    for result in killed.values():
        about = result["renamed"][-1]
        assert (result["again"], result["versions"], result["leftovers"]) == (0, ["v1.0.0"], []), about
        assert result["files"] == undisturbed["files"], about
