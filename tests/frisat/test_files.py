"""Files are there whole or not at all."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from frisat.files import (
    TEMPORARY,
    atomic,
    atomic_folder,
    canonical_json,
    remove_leftovers,
    sha256,
    sha256_file,
    write_atomic,
)
from tests.helpers import run_python

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def _names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def test_write_atomic_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_atomic(path, "første")
    write_atomic(path, b"anden")
    assert path.read_bytes() == b"anden"
    assert _names(tmp_path) == ["a", "a/b.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, "old")

    def fail() -> None:
        with atomic(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    assert path.read_text() == "old"
    assert _names(tmp_path) == ["a.txt"]


def test_a_failure_leaves_no_folder(tmp_path: Path) -> None:
    def fail() -> None:
        with atomic_folder(tmp_path / "part") as folder:
            (folder / "inner").mkdir()
            (folder / "inner" / "a.txt").write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    assert _names(tmp_path) == []


def test_a_folder_is_there_with_all_its_files(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "part") as folder:
        assert folder.name.startswith(TEMPORARY)
        (folder / "a.txt").write_text("whole")
    assert _names(tmp_path) == ["part", "part/a.txt"]


def test_nothing_half_written_stays_on_a_full_disk(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from frisat.files import write_atomic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomic(Path(sys.argv[1]), b"x" * 5000)
except OSError as error:
    print(error.strerror)
"""
    assert run_python(code, str(tmp_path / "a.txt")).stdout == "File too large\n"
    assert _names(tmp_path) == []


def test_leftovers_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (f"{TEMPORARY}1-a.txt", f"part/{TEMPORARY}2-b", "part/kept.txt"):
        write_atomic(tmp_path / name, "x")
    (tmp_path / f"{TEMPORARY}folder" / f"{TEMPORARY}inner").mkdir(parents=True)
    assert remove_leftovers(tmp_path) == 3
    assert _names(tmp_path) == ["part", "part/kept.txt"]


def test_leftovers_are_not_sought_behind_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_atomic(outside / f"{TEMPORARY}theirs", "x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / f"{TEMPORARY}link").symlink_to(outside)
    assert remove_leftovers(root) == 1
    assert _names(outside) == [f"{TEMPORARY}theirs"]


def test_leftovers_in_a_folder_that_is_not_ours_stay(tmp_path: Path) -> None:
    for name in (f"inbox/{TEMPORARY}theirs", f"archive/inbox/{TEMPORARY}ours"):
        write_atomic(tmp_path / name, "x")
    assert remove_leftovers(tmp_path, besides="inbox") == 1
    assert (tmp_path / f"inbox/{TEMPORARY}theirs").exists()


def test_hashes(tmp_path: Path) -> None:
    write_atomic(tmp_path / "abc", "abc")
    assert sha256("abc") == sha256(b"abc") == sha256_file(tmp_path / "abc") == ABC


def test_canonical_json_is_one_way_to_write() -> None:
    assert canonical_json({"b": [1, None], "a": "æ"}) == '{"a":"æ","b":[1,null]}'
    with pytest.raises(ValueError, match="Out of range float"):
        canonical_json({"a": math.nan})
