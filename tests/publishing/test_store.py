"""Publishing to folders and to stores that fsspec reaches."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from frisat.errors import UsageError
from frisat.report import Silent
from publishing import PublishError, PublishOptions, publish
from publishing.publication import File, ReadBack
from publishing.store import _Copy
from tests.publishing.test_hub import forged, names, newer

if TYPE_CHECKING:
    from tests.conftest import Desk

CONFIGS = ("default", "minutes", "speeches", "attribution", "no-copyright")


@pytest.fixture
def release(finished: Desk) -> Path:
    return finished.workspace.release()


@pytest.fixture
def memory() -> Iterator[Any]:
    """The store in memory, empty."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def put(folder: Path, to: object, report: Silent | None = None, **options: Any) -> Any:
    return publish(folder, str(to), report or Silent(), PublishOptions(**options))


def test_a_folder(release: Path, tmp_path: Path) -> None:
    to = tmp_path / "mirror"
    planned = put(release, to, dry_run=True)
    assert planned.state == "planned"
    assert not to.exists()
    done = put(release, to)
    assert (done.state, done.to, done.operations) == ("published", f"{to}/v1.0.0", planned.operations)
    assert set(done.read_back.configs) == set(CONFIGS)
    assert (done.read_back.rows, done.read_back.how) == (5, "every row")
    assert {n: (to / "v1.0.0" / n).read_bytes() for n in names(to / "v1.0.0")} == {
        n: (release / n).read_bytes() for n in names(release)
    }
    when = {n: (to / "v1.0.0" / n).stat().st_mtime_ns for n in names(release)}
    assert put(release, to).state == "unchanged"
    assert {n: (to / "v1.0.0" / n).stat().st_mtime_ns for n in names(release)} == when


def test_a_store(release: Path, memory: Any) -> None:
    done = put(release, "memory://shelf/frisat")
    assert done.read_back == ReadBack(5, 2, CONFIGS, "every row")
    assert {n: memory.cat_file(f"/shelf/frisat/v1.0.0/{n}") for n in names(release)} == {
        n: (release / n).read_bytes() for n in names(release)
    }
    assert len(memory.find("/shelf")) == len(names(release))
    assert put(release, "memory://shelf/frisat").state == "unchanged"


def test_the_sums_come_last(release: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    whole = _Copy._put

    def noted(self: _Copy, file: File, before: str | None) -> None:
        order.append(file.path)
        whole(self, file, before)

    monkeypatch.setattr(_Copy, "_put", noted)
    put(release, "memory://shelf")
    assert order[-2:] == ["release.json", "SHA256SUMS"]
    assert set(order) == names(release)


@pytest.mark.parametrize("cut", ["data/minutes/no-copyright-00000.parquet", "release.json", "SHA256SUMS"])
def test_after_a_break_only_what_is_missing_is_sent(release: Path, memory: Any, cut: str) -> None:
    put(release, "memory://shelf")
    if cut != "SHA256SUMS":
        memory.rm_file("/shelf/v1.0.0/SHA256SUMS")
    memory.pipe_file(f"/shelf/v1.0.0/{cut}", (release / cut).read_bytes()[:-40])
    done = put(release, "memory://shelf")
    assert {file.path for file in done.operations.add} == {cut, "SHA256SUMS"}
    assert put(release, "memory://shelf").state == "unchanged"


def test_a_file_of_the_right_size_and_other_content(release: Path, memory: Any) -> None:
    put(release, "memory://shelf")
    memory.rm_file("/shelf/v1.0.0/SHA256SUMS")
    memory.pipe_file("/shelf/v1.0.0/NOTICE.md", b"?" * (release / "NOTICE.md").stat().st_size)
    done = put(release, "memory://shelf")
    assert {file.path for file in done.operations.add} == {"NOTICE.md", "SHA256SUMS"}


def test_what_the_version_before_holds_is_copied_within_the_store(
    released: Desk, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = released.workspace.release()
    put(old, "memory://shelf")
    newer(released)
    new = released.workspace.release()
    sent: list[str] = []
    whole = type(memory).put_file

    def noted(self: Any, here: str, there: str, **more: Any) -> None:
        sent.append(there)
        whole(self, here, there, **more)

    monkeypatch.setattr(type(memory), "put_file", noted)
    done = put(new, "memory://shelf")
    have = {(old / name).read_bytes() for name in names(old)}
    assert {path.partition("v2.0.0/")[2] for path in sent} == {
        n for n in names(new) if (new / n).read_bytes() not in have
    }
    assert done.read_back.rows == 5
    assert sorted(memory.ls("/shelf", detail=False)) == ["/shelf/v1.0.0", "/shelf/v2.0.0"]


def test_a_version_never_changes(release: Path, tmp_path: Path, memory: Any) -> None:
    put(release, "memory://shelf")
    with pytest.raises(PublishError, match=r"memory://shelf/v1\.0\.0 is a version with other content"):
        put(forged(release, tmp_path), "memory://shelf")
    memory.pipe_file("/shelf/v1.0.0/data/extra.parquet", b"PAR1")
    with pytest.raises(PublishError, match=r"holds what no file of the release is: data/extra\.parquet; remove it"):
        put(release, "memory://shelf")


def test_a_store_that_keeps_other_bytes(release: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(self: Any, here: str, there: str, **_: Any) -> None:
        body = Path(here).read_bytes()
        self.pipe_file(there, body[:-1] + b"?" if there.endswith("NOTICE.md") else body)

    monkeypatch.setattr(type(memory), "put_file", spoil)
    with pytest.raises(PublishError, match=r"NOTICE\.md is not what was written; remove it and repeat"):
        put(release, "memory://shelf")


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("nowhere://bucket/x", "is no address to publish to"),
        ("s3fs-missing://x", "is no address to publish to"),
        ("ftp://anna:hemmelig@example.org/x", "an address with a password or a signature would end up in logs"),
        ("abfs://box/x?sig=hemmelig", "an address with a password or a signature would end up in logs"),
    ],
)
def test_addresses_that_cannot_be_used(release: Path, to: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        put(release, to)
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize("options", [{"public": True}, {"gated": "auto"}, {"accept_commit": "abcdef0"}])
def test_options_of_the_hub(release: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="are for repositories on the Hub"):
        put(release, tmp_path, **options)


def test_onto_itself(release: Path) -> None:
    with pytest.raises(UsageError, match="is where the workspace keeps its releases"):
        put(release, release.parent)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(release: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match="ermission"):
        put(release, tmp_path / "closed")


def test_a_release_changed_by_hand(release: Path, tmp_path: Path) -> None:
    edited = shutil.copytree(release, tmp_path / "v1.0.0")
    (edited / "note.txt").write_text("mine")
    with pytest.raises(PublishError, match=r"is not published: note\.txt is not in SHA256SUMS"):
        put(edited, tmp_path / "mirror")
    assert not (tmp_path / "mirror").exists()
