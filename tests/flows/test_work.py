"""What the commands and the schedule do, without Prefect; and that a killed one leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.work import check_harvest, choose, do_build, do_harvest, do_release, do_run, waits
from frisat.errors import DeliveryError, UsageError
from frisat.report import Silent
from frisat.runner import SerialRunner

if TYPE_CHECKING:
    from tests.conftest import Desk

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inbox(desk: Desk) -> Desk:
    """A workspace in whose inbox two deliveries wait."""
    for name in ("minutes", "letters"):
        folder = desk.folder(name, desk.minutes(2))
        shutil.copytree(folder, desk.workspace.root / "inbox" / name)
    (desk.workspace.root / "inbox" / ".hidden").mkdir()
    (desk.workspace.root / "frisat.json").write_text('{"format": 1}')
    return desk


def test_everything_that_waits_is_harvested(inbox: Desk) -> None:
    done = do_harvest(inbox.workspace, [], None, Silent())
    assert [(item.source, item.origin, item.collected.new) for item in done] == [
        ("letters", "inbox", 1), ("minutes", "inbox", 1),
    ]  # fmt: skip
    again = do_harvest(inbox.workspace, [], None, Silent())
    assert [(item.collected.new, item.collected.unchanged) for item in again] == [(0, 1), (0, 1)]


def test_one_source_that_waits_is_harvested(inbox: Desk) -> None:
    done = do_harvest(inbox.workspace, ["minutes", "minutes"], None, Silent())
    assert [item.source for item in done] == ["minutes"]
    assert done[0].as_dict() == {
        "source": "minutes", "origin": "inbox", "new": 1, "changed": 0, "unchanged": 0, "failed": 0,
        "bytes": done[0].collected.bytes, "failures": [],
    }  # fmt: skip


def test_a_delivery_goes_with_one_source(desk: Desk) -> None:
    folder = desk.folder("minutes", desk.minutes(1))
    for names in ([], ["minutes", "letters"]):
        with pytest.raises(UsageError, match="--from goes with one source"):
            do_harvest(desk.workspace, names, folder, Silent())
    (done,) = do_harvest(desk.workspace, ["minutes"], folder, Silent())
    assert (done.origin, done.collected.new) == (str(folder), 1)


def test_what_cannot_be_harvested_is_said_before_anything_begins(inbox: Desk, tmp_path: Path) -> None:
    check_harvest(inbox.workspace, "minutes", None)
    check_harvest(inbox.workspace, "minutes", inbox.root / "deliveries" / "minutes")
    with pytest.raises(UsageError, match=r"nothing waits for 'adl': lay deliveries in .*inbox/adl/, or give one with"):
        check_harvest(inbox.workspace, "adl", None)
    with pytest.raises(UsageError, match="no source is named 'nobody'"):
        check_harvest(inbox.workspace, "nobody", None)
    with pytest.raises(DeliveryError, match="does not exist"):
        check_harvest(inbox.workspace, "nobody", tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is a delivery of 'minutes', not of 'letters'"):
        check_harvest(inbox.workspace, "letters", inbox.root / "deliveries" / "minutes")


def test_who_waits(inbox: Desk) -> None:
    assert waits(inbox.workspace, [])
    assert waits(inbox.workspace, ["adl", "minutes"])
    assert not waits(inbox.workspace, ["adl"])
    with pytest.raises(UsageError, match="no source is named 'nobody'"):
        waits(inbox.workspace, ["nobody"])


def test_nobody_waits(desk: Desk) -> None:
    assert not waits(desk.workspace, [])
    assert do_harvest(desk.workspace, [], None, Silent()) == []


def test_choosing(inbox: Desk) -> None:
    assert [source.name for source in choose(inbox.workspace, ["adl", "adl"])] == ["adl"]
    assert [source.name for source in choose(inbox.workspace, [])] == ["adl", "retsinformation"]
    with pytest.raises(UsageError, match="no source is named 'ald'; did you mean 'adl'"):
        choose(inbox.workspace, ["ald"])


def test_a_whole_run(inbox: Desk) -> None:
    first = do_run(inbox.workspace, [], SerialRunner(), Silent())
    assert ([item.source for item in first.harvested], first.released.version) == (["letters", "minutes"], None)
    for source in ("letters", "minutes"):
        inbox.decide(source)
    second = do_run(inbox.workspace, ["adl"], SerialRunner(), Silent())
    assert (second.harvested, second.released.version) == ([], "v1.0.0")
    assert do_run(inbox.workspace, [], SerialRunner(), Silent()).released.version is None


def test_a_release_of_nothing(desk: Desk) -> None:
    with pytest.raises(UsageError, match="holds nothing to release; begin with 'frisat harvest SOURCE --from PATH'"):
        do_release(desk.workspace, SerialRunner(), Silent())


def test_a_loss_is_accepted_for_a_source_there_is(released: Desk) -> None:
    with pytest.raises(UsageError, match="no source is named 'minute'; did you mean 'minutes'"):
        do_release(released.workspace, SerialRunner(), Silent(), accept_loss=["minute"])


def test_building_one_source(inbox: Desk) -> None:
    do_harvest(inbox.workspace, [], None, Silent())
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
        "links/*.parquet",
        "register/evidence/*",
        "register/register.jsonl",
        "releases/v1.0.0",
    }


def test_a_killed_run_goes_on_to_the_same_release(killed: Killed) -> None:
    undisturbed = killed[0]
    assert (undisturbed["ended"], undisturbed["versions"], undisturbed["leftovers"]) == (0, ["v1.0.0"], [])
    assert len(undisturbed["files"]) == 15
    for result in killed.values():
        about = result["renamed"][-1]
        assert (result["again"], result["versions"], result["leftovers"]) == (0, ["v1.0.0"], []), about
        assert result["files"] == undisturbed["files"], about
