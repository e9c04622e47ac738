"""The cutter by which the cost of a new version is measured."""

from __future__ import annotations

import random

import pytest

from benchmarks.version_cost import _LEAST, _MOST, candidates, chunks

CONTENT = random.Random(7).randbytes(3_000_000)  # noqa: S311 - to be cut, not kept secret


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 300_000, CONTENT])
def test_chunks_are_the_content(content: bytes) -> None:
    found = list(chunks(content))
    assert b"".join(found) == content
    assert all(_LEAST <= len(chunk) <= _MOST for chunk in found[:-1])


def test_what_lies_behind_an_insertion_is_cut_as_before() -> None:
    before, after = (set(chunks(content)) for content in (CONTENT, CONTENT[:1_000_000] + b"new" + CONTENT[1_000_000:]))
    assert len(after - before) <= 2


def test_candidates_do_not_depend_on_where_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = candidates(CONTENT).tolist()
    monkeypatch.setattr("benchmarks.version_cost._BLOCK", 100_001)
    assert candidates(CONTENT).tolist() == whole
