"""``frisat publish``, as the console script runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from flows import work
from flows.artifacts import publish_page
from flows.cli import main
from flows.cli.common import Console
from frisat.workspace import Workspace
from publishing import PublishOptions
from publishing.publication import File, Operations, Published, ReadBack
from tests.standins.hub import HubStandIn
from tests.standins.hub_here import hub_here

if TYPE_CHECKING:
    from tests.conftest import Desk

ROOT = Path(__file__).parents[2]
TO = "hf://datasets/o/n"
Run = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubStandIn]:
    """A stand-in that this process takes for the Hub."""
    with hub_here(tmp_path / "hf", monkeypatch) as server:
        yield server


@pytest.fixture
def publish(finished: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command without Prefect: exit code, standard output, standard error."""

    @contextmanager
    def plain(console: Console) -> Iterator[SimpleNamespace]:
        def flow(to: str, root: str, version: str | None, public: bool, gated: Any, accept: str | None) -> Published:
            options = PublishOptions(public=public, gated=gated, accept_commit=accept)
            return work.do_publish(Workspace(Path(root)), version, to, console, options)

        yield SimpleNamespace(publish=flow)

    monkeypatch.setattr("flows.cli.run.prefect_for", plain)

    def run(*words: object) -> tuple[int, str, str]:
        argv = ["frisat", "publish", *map(str, words), "--workspace", str(finished.workspace.root)]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


def test_a_dry_run_and_the_real_one(publish: Run, hub: HubStandIn) -> None:
    code, out, _ = publish("--to", TO, "--dry-run")
    assert code == 0
    assert "write  data/minutes/no-copyright-00000.parquet" in out
    assert "  the repository is new: private\n" in out
    assert out.endswith(f"v1.0.0 would be published to {TO}; nothing was written\n")
    assert hub.repos == {}
    code, out, err = publish("1.0.0", "--to", TO, "--public")
    assert (code, hub.repo("o/n").private) == (0, False)
    assert f"v1.0.0 is published to {TO}\nRead back: 5 rows in 2 data files (every row); as release.json says\n" in out
    assert hub.token not in out + err
    code, out, _ = publish("--to", TO)
    assert f"v1.0.0 stands at {TO} already; nothing was written\n" in out


def test_as_json(publish: Run, tmp_path: Path) -> None:
    code, out, _ = publish("--to", tmp_path / "mirror", "--json")
    told = json.loads(out)
    assert (code, told["state"], told["revision"]) == (0, "published", f"{tmp_path}/mirror/v1.0.0")
    assert set(told) == {
        "version", "to", "state", "revision", "operations", "notes", "marked", "read_back",
    }  # fmt: skip
    assert set(told["operations"]) == {"add", "delete", "unchanged", "bytes"}
    assert told["operations"]["bytes"] == sum(item["bytes"] for item in told["operations"]["add"])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "Missing option '--to'"),
        (("9.9.9", "--to", TO), 2, "no release v9.9.9 in "),
        (("--to", "hf://o/n"), 2, "is no dataset repository; write hf://datasets/ORG/NAME"),
        (("--to", TO, "--gated", "perhaps"), 2, "Invalid value for '--gated'"),
        (("--to", "mirror", "--gated", "auto"), 2, "are for repositories on the Hub"),
    ],
)
def test_wrong_use(publish: Run, words: tuple[str, ...], code: int, message: str) -> None:
    ended, out, err = publish(*words)
    assert (ended, out) == (code, "")
    assert message in err


def test_a_page_of_what_was_published(tmp_path: Path) -> None:
    file = File("data/a.parquet", tmp_path, 1_234, "0" * 64)
    operations = Operations((file,), ("data/b.parquet",), (file, file))
    done = Published(
        "v2.0.0",
        TO,
        "published",
        operations,
        "abc",
        ("a note",),
        ("v1.0.0",),
        ReadBack(7, 1, ("default",), "row counts"),
    )
    assert publish_page(done).splitlines() == [
        "# v2.0.0: published", "", f"At `{TO}`, revision `abc`.", "",
        "- 1 files written (1,234 bytes), 1 deleted, 2 unchanged",
        "- read back: 7 rows in 1 data files (row counts)", "- a note",
        "- the card of v1.0.0 was marked: texts of it were withdrawn", "",
        "| file | bytes |", "|---|--:|", "| data/a.parquet | 1,234 |", "| data/b.parquet | deleted |",
    ]  # fmt: skip


def test_with_prefect_and_the_environment_alone(finished: Desk, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with HubStandIn() as hub:
        done = subprocess.run(
            [sys.executable, "-c", "from flows.cli import main; main()", "publish", "--to", TO, "--json"],
            cwd=ROOT,
            env={
                **kept, **hub.environment(str(tmp_path / "hf")), "HOME": str(tmp_path),
                "FRISAT_WORKSPACE": str(finished.workspace.root), "PREFECT_HOME": str(tmp_path / "prefect"),
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["state"], told["read_back"]["rows"]) == ("published", 5)
        assert hub.repo("o/n").tags == {"v1.0.0": told["revision"]}
        assert hub.token not in done.stdout + done.stderr
        recorded = b"".join(p.read_bytes() for p in (tmp_path / "prefect").rglob("*") if p.is_file())
        assert b"frisat-published" in recorded
        assert hub.token.encode() not in recorded
