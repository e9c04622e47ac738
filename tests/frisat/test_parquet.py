"""The same rows give the same bytes; a damaged part says what to do."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat import parquet
from frisat.errors import WorkspaceError
from frisat.files import sha256_file
from frisat.parquet import (
    Written,
    hash_says_cut,
    open_parquet,
    read_columns,
    read_groups,
    read_metadata,
    text_sizes,
    write_parquet,
)
from tests.helpers import run_python

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("facts", pa.struct([pa.field("n", pa.int32())])),
    ]
)
ADVICE = (
    "A part that a build made: remove it, and the next build makes it anew. A part of the archive: bring it back from "
    "a backup, or remove it and harvest its delivery again"
)


def _table(texts: list[str | None]) -> pa.Table:
    rows = [
        {"id": f"s/{number}", "text": text, "facts": {"n": number} if number % 3 else None}
        for number, text in enumerate(texts)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _chunks(table: pa.Table, cuts: list[int]) -> list[pa.Table]:
    borders = [0, *sorted(min(cut, table.num_rows) for cut in cuts), table.num_rows]
    return [table.slice(a, b - a) for a, b in pairwise(borders)]


def _groups(path: Path) -> list[int]:
    with pq.ParquetFile(path) as file:
        return [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]


@pytest.mark.parametrize("published", [False, True])
@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(st.none() | st.text(max_size=40), max_size=30),
    cuts=st.lists(st.integers(0, 30), max_size=6),
)
def test_chunks_do_not_reach_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, published: bool, texts: list[str | None], cuts: list[int]
) -> None:
    folder, table = tmp_path_factory.mktemp("p"), _table(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "GROUP_BYTES", 100)
        patch.setattr(parquet, "GROUP_ROWS", 7)
        patch.setattr(parquet, "_MEAN_GROUP_BYTES", 60)
        write_parquet(folder / "whole.parquet", [table], SCHEMA, published=published)
        write_parquet(folder / "cut.parquet", _chunks(table, cuts), SCHEMA, published=published)
    assert sha256_file(folder / "whole.parquet") == sha256_file(folder / "cut.parquet")
    assert pq.read_table(folder / "cut.parquet").equals(table)


def test_row_groups_end_by_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_BYTES", 100)
    monkeypatch.setattr(parquet, "GROUP_ROWS", 3)
    path = tmp_path / "a.parquet"
    written = write_parquet(path, [_table(["x" * n for n in (40, 60, 1, 300, 0, 0, 0, 0)])], SCHEMA)
    assert _groups(path) == [2, 1, 1, 3, 1]
    assert written == Written(rows=8, size=path.stat().st_size)


def test_the_limits_are_those_of_the_design() -> None:
    assert (parquet.GROUP_BYTES, parquet.GROUP_ROWS) == (16_000_000, 10_000)


def test_a_published_row_group_keeps_its_bytes_after_an_insertion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_MEAN_GROUP_BYTES", 500)
    table = _table(["x" * 100] * 60)
    new = pa.Table.from_pylist([{"id": "s/new", "text": "y" * 90, "facts": None}], schema=SCHEMA)
    write_parquet(tmp_path / "a.parquet", [table], SCHEMA, published=True)
    write_parquet(tmp_path / "b.parquet", [table.slice(0, 1), new, table.slice(1)], SCHEMA, published=True)
    before, after = _groups(tmp_path / "a.parquet"), _groups(tmp_path / "b.parquet")
    assert len(before) > 4
    assert after[-3:] == before[-3:]


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=20), st.integers(0, 10**7), st.integers(1, 10**9))
def test_a_border_depends_on_the_document_alone(identity: str, size: int, mean: int) -> None:
    first = hash_says_cut(identity, size, mean)
    assert hash_says_cut(identity, size, mean) is first
    if first:
        assert hash_says_cut(identity, size * 2, mean)
    assert not hash_says_cut(identity, 0, mean)


def test_borders_fall_as_far_apart_as_asked() -> None:
    cuts = sum(hash_says_cut(f"s/{number}", 1000, 50_000) for number in range(20_000))
    assert 350 < cuts < 450


def test_text_sizes_count_bytes_and_null_as_none() -> None:
    table = pa.table({"text": pa.chunked_array([["æ", None], ["abc"]])})
    assert text_sizes(table, "text").tolist() == [2, 0, 3]


def test_no_rows_give_a_file_without_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert write_parquet(path, [], SCHEMA).rows == 0
    assert list(read_groups(path)) == []
    assert read_columns(path, ["id"]).num_rows == 0


def test_metadata_comes_back(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", [_table(["a"])], SCHEMA, metadata={"frisat.left_out": '{"æ":1}'})
    assert read_metadata(tmp_path / "a.parquet")["frisat.left_out"] == '{"æ":1}'


def test_columns_and_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    path = tmp_path / "a.parquet"
    write_parquet(path, [_table(["a", "b", "c"])], SCHEMA)
    assert [group.column("text").to_pylist() for group in read_groups(path, ["text"])] == [["a", "b"], ["c"]]
    assert read_columns(path, ["id"]).to_pydict() == {"id": ["s/0", "s/1", "s/2"]}


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> object:
        yield _table(["a"])
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_parquet(tmp_path / "a.parquet", rows(), SCHEMA)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    code = """
import random, resource, signal, sys
from itertools import pairwise
from pathlib import Path
import pyarrow as pa
from frisat.parquet import write_parquet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
schema = pa.schema([pa.field("text", pa.string())])
try:
    write_parquet(Path(sys.argv[1]), [pa.table({"text": [random.Random(0).randbytes(99_999).hex()]})], schema)
except OSError as error:
    print("File too large" in str(error))
"""
    done = run_python(code, str(tmp_path / "a.parquet"))
    assert (done.stdout, done.stderr) == ("True\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["missing", "cut short", "no Parquet", "empty"])
def test_a_damaged_part_says_what_to_do(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, [_table(["a"])], SCHEMA)
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"cut short": whole[:-20], "no Parquet": b"hej " * 20, "empty": b""}[damage])
    with pytest.raises(WorkspaceError) as caught:
        open_parquet(path)
    assert str(caught.value).startswith(f"{path} cannot be read as Parquet (")
    assert str(caught.value).endswith(ADVICE)


@pytest.mark.parametrize("reader", ["groups", "columns"])
def test_damage_inside_a_part_says_what_to_do(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, [_table([str(number) * 50 for number in range(500)])], SCHEMA)
    content = bytearray(path.read_bytes())
    content[4:200] = bytes(196)
    path.write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        list(read_groups(path)) if reader == "groups" else read_columns(path, ["id"])
    assert str(caught.value).startswith(f"{path} cannot be read as Parquet (")
    assert str(caught.value).endswith(ADVICE)
