"""A workspace is what it says, is held by one command at a time, and is free again however that ends."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from frisat.errors import UsageError, WorkspaceBusyError, WorkspaceError
from frisat.files import write_atomic
from frisat.workspace import Workspace, version_key
from tests.helpers import ROOT, run_python

HOLD = """
import sys, time
from pathlib import Path
from frisat.workspace import Workspace
with Workspace(Path(sys.argv[1])).lock("build"):
    print("held", flush=True)
    sys.stdin.read()
"""


def _hold(root: Path) -> subprocess.Popen[str]:
    """Start a process that holds the workspace until it is told to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_create_makes_a_workspace_once(tmp_path: Path) -> None:
    root = tmp_path / "a" / "b"
    Workspace(root).create()
    Workspace(root).create()
    assert json.loads((root / "frisat.json").read_text()) == {"format": 1, "what": "a frisat workspace"}
    Workspace(root).require()


def test_folders(ws: Workspace) -> None:
    folders = (ws.archive, ws.documents, ws.refined, ws.links, ws.register, ws.releases)
    assert [p.name for p in folders] == ["archive", "documents", "refined", "links", "register", "releases"]
    assert {p.parent for p in folders} == {ws.root}


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(WorkspaceError) as caught:
        Workspace(tmp_path).create()
    message = f"{tmp_path} is not empty and is no frisat workspace; name another folder with --workspace"
    assert str(caught.value) == message
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_hidden_files_do_not_count(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("x")
    Workspace(tmp_path).create()
    Workspace(tmp_path).require()


def test_require_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        Workspace(tmp_path).require()
    assert str(caught.value) == (
        f"{tmp_path} is no frisat workspace; begin with 'frisat harvest SOURCE --from PATH' or 'frisat demo'"
    )


@pytest.mark.parametrize("use", ["create", "require"])
def test_a_later_format(ws: Workspace, use: str) -> None:
    (ws.root / "frisat.json").write_text('{"format": 2}')
    with pytest.raises(WorkspaceError) as caught:
        getattr(ws, use)()
    assert str(caught.value) == f"{ws.root} has format 2; this frisat reads format 1: update frisat"


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"{}", b"\xff"])
def test_a_damaged_mark(ws: Workspace, content: bytes) -> None:
    (ws.root / "frisat.json").write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        ws.require()
    assert str(caught.value) == f"{ws.root}/frisat.json is damaged; it should say {{'format': 1}}"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    root = tmp_path / "file" / "workspace"
    with pytest.raises(WorkspaceError) as caught:
        Workspace(root).create()
    assert str(caught.value) == (
        f"workspace {root} cannot be written: Not a directory; check its permissions or name another with --workspace"
    )


def test_a_full_disk_leaves_no_half_workspace(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from frisat.errors import WorkspaceError
from frisat.workspace import Workspace
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    Workspace(Path(sys.argv[1])).create()
except WorkspaceError as error:
    print(error)
"""
    assert run_python(code, str(tmp_path / "w")).stdout == (
        f"workspace {tmp_path}/w cannot be written: File too large; "
        "check its permissions or name another with --workspace\n"
    )
    assert list((tmp_path / "w").iterdir()) == []
    Workspace(tmp_path / "w").create()


def test_a_held_workspace_names_its_holder_and_is_free_after_a_kill(ws: Workspace) -> None:
    process = _hold(ws.root)
    try:
        with pytest.raises(WorkspaceBusyError) as caught, ws.lock("harvest"):
            pass
        message = str(caught.value)
        assert message.startswith(f"workspace {ws.root} is in use by 'build' (process {process.pid} on ")
        assert message.endswith("); wait for it")
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    with ws.lock("harvest"):
        assert json.loads((ws.root / ".lock").read_text())["command"] == "harvest"
    assert (ws.root / ".lock").read_text() == ""


def test_the_lock_clears_away_what_a_killed_command_left(ws: Workspace) -> None:
    write_atomic(ws.archive / "s" / "records" / ".tmp-1-a.parquet", "half")
    write_atomic(ws.root / "inbox" / "s" / ".tmp-theirs.txt", "not ours")
    with ws.lock("build"):
        assert list((ws.archive / "s" / "records").iterdir()) == []
        assert (ws.root / "inbox" / "s" / ".tmp-theirs.txt").read_text() == "not ours"


def test_an_error_under_the_lock_frees_it(ws: Workspace) -> None:
    with pytest.raises(RuntimeError, match="oops"), ws.lock("build"):
        raise RuntimeError("oops")
    with ws.lock("build"):
        pass


def test_a_file_system_without_locks_is_not_called_busy(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(38, os.strerror(38))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(WorkspaceError) as caught, ws.lock("build"):
        pass
    assert type(caught.value) is WorkspaceError
    assert str(caught.value) == (
        f"workspace {ws.root} cannot be locked: Function not implemented; its file system must support flock "
        "(Lustre: mount it with '-o flock')"
    )


def test_parts_are_the_finished_ones_by_name(ws: Workspace) -> None:
    for name in ("b/00000.parquet", "a/00001.parquet", "a/00000.parquet", ".tmp-1-c/00000.parquet", "a/x.txt"):
        write_atomic(ws.documents / "s" / name, "x")
    found = [p.relative_to(ws.documents / "s").as_posix() for p in ws.parts(ws.documents, "s")]
    assert found == ["a/00000.parquet", "a/00001.parquet", "b/00000.parquet"]
    assert ws.parts(ws.documents, "nobody") == []


def test_versions_are_sorted_as_numbers(ws: Workspace) -> None:
    assert ws.versions() == []
    for name in ("v1.10.0", "v1.9.0", "v2.0.0", ".tmp-v3.0.0", "latest"):
        (ws.releases / name).mkdir(parents=True)
    assert ws.versions() == ["v1.9.0", "v1.10.0", "v2.0.0"]
    assert ws.release() == ws.releases / "v2.0.0"
    assert ws.release("1.10.0") == ws.release("v1.10.0") == ws.releases / "v1.10.0"
    with pytest.raises(UsageError) as caught:
        ws.release("v9.0.0")
    assert str(caught.value) == f"no release v9.0.0 in {ws.root}; there are: v1.9.0, v1.10.0, v2.0.0"


def test_no_release_yet(ws: Workspace) -> None:
    with pytest.raises(UsageError) as caught:
        ws.release()
    assert str(caught.value) == f"{ws.root} holds no release yet; make one with 'frisat release'"
    with pytest.raises(UsageError, match=r"there are: none$"):
        ws.release("v1.0.0")


def test_version_key() -> None:
    assert version_key("v1.20.3") == (1, 20, 3)
    with pytest.raises(UsageError) as caught:
        version_key("1.2")
    assert str(caught.value) == "'1.2' is no version such as v1.2.3"


def test_an_inbox_laid_out_beforehand_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "inbox/minutes").mkdir(parents=True)
    Workspace(tmp_path).create()
    Workspace(tmp_path).require()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frisat.json", "inbox"]
