"""The demo: its story, told by the real command in a fresh home."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

FRISAT = Path(sys.executable).with_name("frisat")


def _demo(folder: Path) -> dict[str, object]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FRISAT_"))}
    env = kept | {"HOME": str(folder)}
    done = subprocess.run(
        [FRISAT, "demo", "--json"], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    story: dict[str, object] = json.loads(done.stdout)
    return story


def test_the_demo_takes_every_sample_the_whole_way(tmp_path: Path) -> None:
    story = _demo(tmp_path)
    release = story["release"]
    assert isinstance(release, dict)
    assert release["version"] == "v1.0.0"
    assert {name: counts["reasons"] for name, counts in release["sources"].items()} == {
        "adl": {"rights:needs_review": 11},
        "example-minutes": {"broken": 1, "duplicate:exact": 1, "empty": 1, "language:nb": 1, "language:sv": 1},
        "example-speeches": {"duplicate:exact": 1},
        "retsinformation": {"broken": 1},
    }
    assert {name: counts["published"] for name, counts in release["sources"].items()} == {
        "adl": 0,
        "example-minutes": 19,
        "example-speeches": 7,
        "retsinformation": 25,
    }
    folder = tmp_path / "demo-workspace/releases/v1.0.0/data/example-minutes"
    texts = {row["id"]: row["text"] for row in pq.read_table(folder / "no-copyright-00000.parquet").to_pylist()}
    redacted = texts["example-minutes/2022-04-20/punkt-06"]
    assert [redacted.count(mark) for mark in ("[CPR]", "[EMAIL]", "[TELEFON]")] == [1, 1, 1]
    assert "”Årsagen" in texts["example-minutes/2022-03-16/punkt-04"]
    mended = texts["example-minutes/2022-04-20/punkt-03"]
    assert "Ã" not in mended
    assert "å" in mended
