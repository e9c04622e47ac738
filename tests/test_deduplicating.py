"""The lines of docs/deduplicating-against-frisat.md do what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaning import OtherMakeError, Scheme, find_copies, sign_texts
from tests.cleaning.duplicates.helpers import changed, prose
from tests.standins.hub_here import without_hub

if TYPE_CHECKING:
    from tests.conftest import Desk

PAGE = Path(__file__).parents[1] / "docs/deduplicating-against-frisat.md"
FIRST, SECOND = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_it_takes_ten_lines() -> None:
    assert len([line for line in FIRST.splitlines() if line and not line.startswith(("import", "from"))]) <= 10


def test_ours_are_removed_from_theirs_and_theirs_from_ours(
    released: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = pq.read_table(next(iter((released.latest().path / "data/minutes").glob("*.parquet"))))
    ours = published["text"].to_pylist()
    texts = [prose(1), ours[0].upper(), f"{ours[1]} Ja.", "Kort.", prose(2)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "yours.parquet")
    monkeypatch.chdir(tmp_path)
    place: dict[str, Any] = {}
    exec(FIRST.replace('"retsinformation"', '"minutes"'), place)  # noqa: S102 - the page's own lines
    assert pq.read_table(tmp_path / "yours-without-frisat.parquet")["text"].to_pylist() == [texts[0], "Kort.", texts[4]]
    without_hub(tmp_path / "hub", monkeypatch)
    exec(SECOND, place)  # noqa: S102
    assert place["rest"]["text"] == ours[2:]


def test_pairs_and_their_similarity() -> None:
    text = prose(1)
    mine = sign_texts(pa.chunked_array([pa.array([None, text, prose(2)]), pa.array(["kort", changed(text, 0.005)])]))
    assert mine.is_valid().to_pylist() == [False, True, True, False, True]
    found = find_copies(mine, sign_texts(pa.array([prose(3), text])))
    assert (found["mine"].to_pylist(), found["theirs"].to_pylist()) == ([1, 4], [1, 1])
    assert found["similarity"][0].as_py() == 1.0
    assert 0.85 < found["similarity"][1].as_py() < 1


def test_nothing_to_compare() -> None:
    none = sign_texts(pa.array([], pa.string()))
    assert find_copies(none, none).num_rows == 0
    assert find_copies(sign_texts(pa.array([prose(1)])), none).num_rows == 0


def test_another_make_is_refused(released: Desk) -> None:
    path = released.latest().path / "signatures/minutes.parquet"
    Scheme().check_file(path)
    with pytest.raises(OtherMakeError, match="another make"):
        Scheme(ngram=4).check_file(path)
