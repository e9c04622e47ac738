"""Withdrawn texts are known again by their near copies, and nothing of them can be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaning import OtherMakeError, Scheme
from cleaning.duplicates.withheld import (
    CatchJob,
    catch_part,
    keyed,
    read_withheld,
    withhold,
    workspace_key,
    write_withheld,
)
from frisat.errors import WorkspaceError
from tests.cleaning.duplicates.helpers import changed, part, prose

SCHEME = Scheme()
KEY = bytes(range(32))


def _job(root: Path, texts: dict[str, str], withdrawn: dict[str, str], key: bytes = KEY) -> CatchJob:
    held = [row for name, text in withdrawn.items() if (row := withhold(name, text, KEY, SCHEME)) is not None]
    write_withheld(root / "withheld.parquet", held, SCHEME)
    return CatchJob(part(root, "a", "1", texts), root / "withheld.parquet", key, SCHEME)


def test_near_copies_are_caught_and_others_are_not(tmp_path: Path) -> None:
    text = prose(1)
    texts = {"same": text.upper(), "near": changed(text, 0.01), "far": changed(text, 0.2), "other": prose(2)}
    found = catch_part(_job(tmp_path, texts, {"a/gone": text, "a/more": prose(3)}))
    assert [(row.id, row.withdrawn, row.similarity >= 0.8) for row in found] == [
        ("a/near", "a/gone", True), ("a/same", "a/gone", True),
    ]  # fmt: skip
    assert found[1].similarity == 1.0


def test_nothing_withdrawn_and_nothing_to_look_at(tmp_path: Path) -> None:
    assert catch_part(_job(tmp_path, {"1": prose(1)}, {})) == []
    assert catch_part(_job(tmp_path, {}, {"a/gone": prose(1)})) == []


def test_a_short_text_leaves_nothing() -> None:
    assert withhold("a/1", "Ordføreren.", KEY, SCHEME) is None


def test_no_word_and_no_plain_hash_is_kept(tmp_path: Path) -> None:
    text = prose(1)
    job = _job(tmp_path, {"1": text}, {"a/gone": text})
    content = job.withheld.read_bytes()
    assert not any(word.encode() in content for word in text.split())
    (held,) = read_withheld(job.withheld, SCHEME)
    other = withhold("a/gone", text, bytes(32), SCHEME)
    assert other is not None
    assert not set(held.shingles.tolist()) & set(other.shingles.tolist())
    assert (held.signature == other.signature).all()


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    text = prose(1)
    assert catch_part(_job(tmp_path, {"1": text}, {"a/gone": text}, key=bytes(32))) == []


def test_keyed_hashes_are_in_order_and_depend_on_each_hash_alone() -> None:
    hashes = np.array([5, 1, 9], dtype=np.uint64)
    found = keyed(hashes, KEY)
    assert (np.diff(found.astype(object)) > 0).all()
    assert set(found.tolist()) == {int(keyed(hashes[n : n + 1], KEY)[0]) for n in range(3)}


def test_a_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "withheld" / "key"
    key = workspace_key(path)
    assert (len(key), workspace_key(path), path.stat().st_mode & 0o777) == (32, key, 0o600)
    path.write_bytes(key[:5])
    with pytest.raises(WorkspaceError, match="bring it back from a backup"):
        workspace_key(path)


def test_another_make_is_refused(tmp_path: Path) -> None:
    write_withheld(tmp_path / "w.parquet", [], Scheme(seed=2))
    with pytest.raises(OtherMakeError):
        read_withheld(tmp_path / "w.parquet", SCHEME)
