"""Releases that stand on the Hub: compared as folders are, and fetched no further than needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.cli import main
from frisat.errors import FrisatError, UsageError
from frisat.report import Silent
from publishing import PublishError, as_dict, diff, fetch_release, load_release, publish
from tests.publishing.test_hub import newer
from tests.standins.hub import Fault, HubStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
TO = "hf://datasets/o/n"


@pytest.fixture
def both(released: Desk, hub: HubStandIn) -> Desk:
    """A workspace of which two versions are on the Hub."""
    publish(released.workspace.release(), TO, Silent())
    newer(released)
    publish(released.workspace.release(), TO, Silent())
    hub.forget()
    return released


def test_the_difference_is_that_of_the_folders(both: Desk, hub: HubStandIn) -> None:
    old, new = (load_release(both.workspace.release(version)) for version in ("v1.0.0", "v2.0.0"))
    here = as_dict(old, new, diff(old, new))
    first, second = (fetch_release(f"{TO}@{version}", Silent()) for version in ("v1.0.0", "v2.0.0"))
    assert as_dict(first, second, diff(first, second)) == here
    assert here["sources"]["minutes"]["added"] == ["minutes/004"]
    fetched = {asked.inner for asked in hub.asked if asked.what == "resolve"}
    assert fetched == {"release.json", "excluded.parquet", "data/minutes/no-copyright-00000.parquet"}


def test_a_folder_and_the_main_branch(both: Desk) -> None:
    old, new = load_release(both.workspace.release("v1.0.0")), fetch_release(TO, Silent())
    assert new.version == "v2.0.0"
    assert diff(old, new).counts()["minutes"] == {"added": 1, "revised": 1, "removed": 1}


def test_the_command(both: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["diff", "v1.0.0", f"{TO}@v2.0.0", "--workspace", str(both.workspace.root)]
    said = {}
    for option in ("--markdown", "--json"):
        monkeypatch.setattr(sys, "argv", ["frisat", *words, option])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        said[option] = capsys.readouterr().out
    assert said["--markdown"].startswith("# v1.0.0 → v2.0.0\n\n## minutes: 1 added\n\n- `minutes/004`\n")
    assert json.loads(said["--json"])["to"] == "v2.0.0"


@pytest.mark.parametrize("address", [f"{TO}@v9.9.9", "hf://datasets/o/nothing@v1.0.0"])
def test_what_is_not_there(both: Desk, address: str) -> None:
    del both
    with pytest.raises(PublishError, match=r"has no release\.json at v.*is the name right"):
        fetch_release(address, Silent())


@pytest.mark.parametrize(
    "address", ["hf://models/o/n", "hf://datasets/o", "hf://datasets/o/n@", "hf://datasets/o/n@a b"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match=r"write hf://datasets/ORG/NAME@v1\.2\.3"):
        fetch_release(address, Silent())


def test_a_record_of_somebody_else(both: Desk, hub: HubStandIn) -> None:
    del both
    hub.repo("o/n").push("release.json", b'{"format": 1, "version": "v1", "files": [{"source": "a", "rows_sha256": "",'
                         b'"path": "../../secret"}]}')  # fmt: skip
    stranger = fetch_release(TO, Silent())
    with pytest.raises(PublishError, match="names a file that no release has"):
        diff(stranger, fetch_release(f"{TO}@v1.0.0", Silent()))
    hub.repo("o/n").push("release.json", b"[]")
    with pytest.raises(FrisatError, match="has a format that this frisat does not read"):
        fetch_release(TO, Silent())


@pytest.mark.usefixtures("both")
def test_a_busy_hub_is_asked_again(hub: HubStandIn, slept: list[float], tmp_path: Path) -> None:
    del slept, tmp_path
    hub.fault("resolve", Fault.status(503), 2)
    assert fetch_release(f"{TO}@v1.0.0", Silent()).version == "v1.0.0"
