"""What was published loads as people load it: in a process of its own that takes a stand-in for the Hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from frisat.report import Silent
from publishing import publish
from tests.publishing.test_hub import newer
from tests.standins.hub import HubStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset

told = {}
for tag in ("v1.0.0", "v2.0.0"):
    said = told[tag] = {}
    said["configs"] = sorted(get_dataset_config_names("o/n", revision=tag))
    whole = load_dataset("o/n", revision=tag, split="train")
    said["default"] = dict(zip(whole["id"], whole["text_sha256"]))
    for name in said["configs"]:
        said[name + " rows"] = load_dataset("o/n", name, revision=tag, split="train").num_rows
    stream = load_dataset("o/n", revision=tag, split="train", streaming=True)
    said["same streamed"] = list(stream) == list(whole)
    said["features"] = stream.features == whole.features
    some = load_dataset("o/n", "minutes", revision=tag, split="train", streaming=True, columns=["id", "text"],
                        filters=[("id", "==", "minutes/001")])
    said["some"] = list(some)
latest = load_dataset("o/n", split="train")
told["without a tag"] = sorted(latest["id"])
print(json.dumps(told))
"""


def _load(hub: HubStandIn, home: Path) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=home,
        env={**os.environ, **hub.environment(str(home / "fresh")), "HF_DATASETS_CACHE": str(home / "fresh/datasets")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _texts(folder: Path) -> dict[str, str]:
    tables = [pq.read_table(path, columns=["id", "text_sha256"]) for path in sorted(folder.glob("data/*/*.parquet"))]
    return {row["id"]: row["text_sha256"] for table in tables for row in table.to_pylist()}


def test_both_versions_load(released: Desk, hub: HubStandIn, tmp_path: Path) -> None:
    folders = {}
    for again in (False, True):
        if again:
            newer(released)
        folder = released.workspace.release()
        assert publish(folder, "hf://datasets/o/n", Silent()).read_back is not None
        assert publish(folder, "hf://datasets/o/n", Silent()).state == "unchanged"
        folders[folder.name] = folder
    told = _load(hub, tmp_path)
    for tag, folder in folders.items():
        texts = _texts(folder)
        said = told[tag]
        assert said["configs"] == ["attribution", "default", "minutes", "no-copyright", "speeches"]
        assert said["default"] == texts
        assert said["minutes rows"] == said["no-copyright rows"] == sum(i.startswith("minutes/") for i in texts)
        assert (said["same streamed"], said["features"]) == (True, True)
        assert [(list(row), row["id"]) for row in said["some"]] == [(["id", "text"], "minutes/001")]
    assert told["without a tag"] == sorted(_texts(folders["v2.0.0"]))
    old, new = (_texts(folders[tag]) for tag in ("v1.0.0", "v2.0.0"))
    assert (len(old.keys() - new.keys()), len(new.keys() - old.keys())) == (1, 1)
    assert sum(old[i] != new[i] for i in old.keys() & new.keys()) == 1
