"""Data files: where one ends, and that the same rows give the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frisat.files import sha256_file
from frisat.schema import PUBLISHED
from publishing import shards
from publishing.rows import index_file, rows_sha256
from publishing.shards import FROM_ASSEMBLY, FROM_REFINED, borders, carry_over

if TYPE_CHECKING:
    from tests.conftest import Desk

IDS = [f"s/{number:05d}" for number in range(2_000)]


def test_every_column_comes_from_somewhere() -> None:
    assert sorted([*FROM_REFINED, *FROM_ASSEMBLY]) == sorted(PUBLISHED.names)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Data files of about 100 bytes, at most 200 bytes or 20 rows."""
    monkeypatch.setattr(shards, "MEAN_BYTES", 100)
    monkeypatch.setattr(shards, "_MOST_BYTES", 200)
    monkeypatch.setattr(shards, "_MOST_ROWS", 20)


def test_one_file_is_enough_for_little() -> None:
    assert borders(["s/1", "s/2"], [10, 10]) == [0]


@pytest.mark.usefixtures("small")
def test_borders_fall_where_the_hash_of_an_id_says_so() -> None:
    starts = borders(IDS, [10] * len(IDS))
    assert starts == borders(IDS, [10] * len(IDS))
    assert starts[:6] == [0, 10, 12, 31, 33, 53]
    assert 150 < len(starts) < 400  # a tenth of 2,000 rows, and the caps


@pytest.mark.usefixtures("small")
def test_files_are_never_larger_than_the_caps() -> None:
    sizes = [number % 90 for number in range(len(IDS))]
    starts = borders(IDS, sizes)
    for start, end in zip(starts, [*starts[1:], len(IDS)], strict=True):
        assert 1 <= end - start <= 20
        assert sum(sizes[start:end]) <= 200


@pytest.mark.usefixtures("small")
def test_a_document_larger_than_the_cap_has_a_file_of_its_own() -> None:
    assert 1 in borders(["a", "b", "c"], [1, 500, 1])
    assert 2 in borders(["a", "b", "c"], [1, 500, 1])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("place", [0, 3, 777, 1_999])
def test_borders_fall_again_where_they_fell_soon_after_an_insertion(place: int) -> None:
    before = {IDS[start] for start in borders(IDS, [10] * len(IDS))}
    longer = [*IDS[:place], "s/new", *IDS[place:]]
    after = {longer[start] for start in borders(longer, [10] * len(longer))}
    moved = sorted({*before, *after} - {"s/new"} - (before & after))
    assert all(place <= IDS.index(identity) <= place + 60 for identity in moved)


@given(st.lists(st.tuples(st.text("abc", min_size=1), st.integers(0, 10**9)), max_size=30))
def test_borders_are_in_order_and_begin_at_the_beginning(rows: list[tuple[str, int]]) -> None:
    starts = borders([identity for identity, _ in rows], [size for _, size in rows])
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts == [0] or starts[-1] < len(rows)


def test_several_files_load_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MEAN_BYTES", 500)
    desk.deliver("minutes", desk.minutes(30))
    desk.build()
    desk.decide("minutes")
    desk.release()
    files = desk.latest().record["files"]
    assert [file["path"] for file in files] == [f"data/minutes/no-copyright-{n:05d}.parquet" for n in range(len(files))]
    assert len(files) > 5
    folder = desk.workspace.release()
    rows = pa.concat_tables([pq.read_table(folder / file["path"]) for file in files])
    assert rows.column("id").to_pylist() == [f"minutes/{number:03d}" for number in range(30)]
    assert [file["rows"] for file in files] == [pq.read_metadata(folder / file["path"]).num_rows for file in files]
    assert [file["rows_sha256"] for file in files] == [rows_sha256(index_file(folder / f["path"])) for f in files]


def test_a_file_is_carried_over_byte_for_byte(finished: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = finished.latest().record["files"][0]
    earlier = finished.workspace.release() / entry["path"]
    linked = carry_over(earlier, tmp_path / "a" / "linked.parquet")

    def refuse(*paths: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    copied = carry_over(earlier, tmp_path / "b" / "copied.parquet")
    assert linked == copied
    assert (linked.sha256, linked.size, linked.rows) == (entry["sha256"], entry["size"], entry["rows"])
    assert sha256_file(tmp_path / "b" / "copied.parquet") == entry["sha256"]
    assert (tmp_path / "a" / "linked.parquet").stat().st_ino == earlier.stat().st_ino
