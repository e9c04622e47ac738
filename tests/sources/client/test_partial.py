"""A body while it comes in, and what a later process finds of it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from frisat.files import sha256
from sources.client._partial import Partial, remove_stale

URL = "https://laws.example/big"


def _begun(folder: Path, body: bytes = b"0123456789", *, total: int | None = 20, left: bool = True) -> Partial:
    partial = Partial(folder, URL, memory=4)
    partial.begin('"1"', total)
    partial.add(body)
    if left:
        partial.leave()
    return partial


def _notes(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def test_a_small_body_touches_no_disk(tmp_path: Path) -> None:
    partial = Partial(tmp_path / "new", URL, memory=4)
    partial.begin(None, None)
    partial.add(b"01")
    partial.add(b"23")
    assert partial.head(3) == b"012"
    assert partial.finish() == (b"0123", sha256(b"0123"))
    partial.leave()
    assert not (tmp_path / "new").exists()


def test_a_large_body_is_a_file(tmp_path: Path) -> None:
    partial = _begun(tmp_path, b"0123", left=False)
    partial.add(b"4")
    assert partial.head(3) == b"012"
    body, digest = partial.finish()
    assert isinstance(body, Path)
    assert (body.read_bytes(), digest) == (b"01234", sha256(b"01234"))
    assert list(tmp_path.iterdir()) == [body]


def test_a_later_process_goes_on(tmp_path: Path) -> None:
    _begun(tmp_path)
    later = Partial(tmp_path, URL, memory=4)
    assert (later.resumable, later.size, later.validator, later.total) == (True, 10, '"1"', 20)
    later.add(b"abcdefghij")
    body, digest = later.finish()
    assert isinstance(body, Path)
    assert body.read_bytes() == b"0123456789abcdefghij"
    assert digest == sha256(b"0123456789abcdefghij")


def test_what_was_not_made_safe_is_fetched_again(tmp_path: Path) -> None:
    _begun(tmp_path)
    with next(tmp_path.glob("*.part")).open("ab") as file:
        file.write(b"\0\0\0")
    later = Partial(tmp_path, URL, memory=4)
    later.add(b"ab")
    assert later.finish()[1] == sha256(b"0123456789ab")


def test_a_kill_costs_no_more_than_what_came_since_the_last_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.client._partial._SYNC_BYTES", 8)
    killed = _begun(tmp_path, b"0123456789", left=False)
    killed.add(b"lost")
    later = Partial(tmp_path, URL, memory=4)
    assert (later.resumable, later.size) == (True, 10)
    later.discard()
    killed.discard()


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://laws.example/other"},
        {"held": 11},
        {"held": 0},
        {"held": -3},
        {"held": "10"},
        {"validator": None},
        {"total": 10},
        {"total": 5},
    ],
)
def test_notes_that_cannot_be_true_are_not_believed(tmp_path: Path, change: dict[str, object]) -> None:
    _begun(tmp_path)
    notes = json.loads(_notes(tmp_path).read_text())
    _notes(tmp_path).write_text(json.dumps({**notes, **change}))
    assert not Partial(tmp_path, URL, memory=4).resumable
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null", '"x"', "\0"])
def test_damaged_notes_are_not_believed(tmp_path: Path, content: str) -> None:
    _begun(tmp_path)
    _notes(tmp_path).write_text(content)
    assert not Partial(tmp_path, URL, memory=4).resumable
    assert list(tmp_path.iterdir()) == []


def test_without_notes_it_starts_over(tmp_path: Path) -> None:
    _begun(tmp_path)
    _notes(tmp_path).unlink()
    assert not Partial(tmp_path, URL, memory=4).resumable


def test_what_cannot_be_gone_on_from_is_not_left(tmp_path: Path) -> None:
    partial = Partial(tmp_path, URL, memory=4)
    partial.begin(None, 20)
    partial.add(b"0123456789")
    partial.leave()
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_asked_for_in_a_month_is_removed(tmp_path: Path) -> None:
    _begun(tmp_path)
    month = time.time() - 31 * 86_400
    os.utime(next(tmp_path.glob("*.part")), (month, month))
    (tmp_path / "folder").mkdir()
    remove_stale(tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".json"]
    remove_stale(tmp_path / "none")
