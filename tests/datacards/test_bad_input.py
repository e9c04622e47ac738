"""Cards of what is too much, too little or not there: ten thousand sources, one document, none, no fonts."""

from __future__ import annotations

import copy
import re
import time
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lxml import etree

from datacards import render
from datacards.hub import configs, front_matter
from datacards.hub_schema import MOST_BYTES, CardError, faults, split_card
from frisat.report import Silent
from publishing import record as records
from publishing import verify
from tests.standins.hub_here import without_hub

if TYPE_CHECKING:
    from tests.conftest import Desk

MANY = 10_000


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The library, with no network."""
    return without_hub(tmp_path / "cache", monkeypatch)


def of_many(record: dict[str, Any], count: int) -> dict[str, Any]:
    """Return a record of ``count`` sources, made of the first of ``record``; the last is the largest."""
    source, decision, file = record["sources"][0], record["decisions"][0], record["files"][0]
    names = [f"s-{number:05d}" for number in range(count)]
    sources = []
    for number, name in enumerate(names):
        one = copy.copy(source) | {"name": name, "counts": {**source["counts"], "published": 1 + number}}
        one["licences"] = [{**source["licences"][0], "decision_id": f"{name}-1"}]
        sources.append(one)
    return {
        **record,
        "sources": sources,
        "decisions": [{**decision, "decision_id": f"{name}-1"} for name in names],
        "files": [{**file, "source": name, "path": f"data/{name}/no-copyright-00000.parquet"} for name in names],
        "overlap": {name: {"s-00001": 3} for name in names},
        "samples": dict.fromkeys(names, record["samples"]["minutes"]),
    }


def test_ten_thousand_sources(finished: Desk) -> None:
    record, history = records.read(finished.workspace.release())
    many = of_many(record, MANY)
    began = time.process_time()
    shared = render._shared(many, history)
    card = front_matter(many) + render._render("README.md.j2", **shared)
    assert time.process_time() - began < 30
    assert len(card.encode()) < MOST_BYTES
    head, body = split_card(card)
    assert faults(loaded := yaml.safe_load(head)) == []
    assert len(loaded["configs"]) == 52  # default, the fifty largest, one licence class
    assert "s-09999" in {config["config_name"] for config in loaded["configs"]}
    assert "…and 9,960 smaller ones: [SOURCES.md](SOURCES.md) lists all." in body
    assert 'load_dataset(name, data_files="data/SOURCE/*.parquet", revision=version)' in body
    assert "| [s-09999](data/s-09999/s-09999.md) |" in body
    assert "[s-00000]" not in body
    assert render._render("SOURCES.md.j2", **shared).count("| [s-") == MANY
    assert all(len(picture.svg) < 60_000 for picture in shared["pictures"].values())


def test_many_render_whole(finished: Desk) -> None:
    record, history = records.read(finished.workspace.release())
    history[0]["sources"] = {f"s-{number:05d}": {"added": 1} for number in range(100)}
    views = render.render_views(of_many(record, 100), history)
    assert {"SOURCES.md", "data/s-00000/s-00000.md", "data/s-00099/s-00099.md"} <= views.keys()
    assert "- …and 60 more sources, all of them in `changes.json`" in views["CHANGELOG.md"]


def test_a_folded_release_holds_together_and_loads(
    released: Desk, monkeypatch: pytest.MonkeyPatch, datasets: ModuleType
) -> None:
    monkeypatch.setattr("datacards.hub.MOST_SOURCES", 1)
    monkeypatch.setattr(render, "MOST_ROWS", 1)
    monkeypatch.setitem(render._environment().globals, "most_rows", 1)
    released.deliver("minutes", released.minutes(5))
    released.build()
    folder = released.release().path
    assert folder is not None
    assert verify(folder, Silent()) == []
    assert "speeches" in (folder / "SOURCES.md").read_text("utf-8")
    assert list(configs(released.latest().record)) == ["default", "minutes", "attribution", "no-copyright"]
    # As the card says of a source that has no config of its own.
    loaded = datasets.load_dataset(str(folder), data_files="data/speeches/*.parquet", split="train")
    assert list(loaded["id"]) == ["speeches/speech/3"]


def test_one_document(desk: Desk, datasets: ModuleType) -> None:
    desk.deliver("minutes", desk.minutes(1))
    desk.build()
    desk.decide("minutes")
    folder = desk.release().path
    assert folder is not None
    assert verify(folder, Silent()) == []
    card = (folder / "README.md").read_text("utf-8")
    assert re.search(r"rummer 1 dokument \(\d\d ord\) fra 1 kilde\.", card)
    assert re.search(r"^1 document, \d\d words", card, re.MULTILINE)
    assert datasets.load_dataset(str(folder), "minutes", split="train").num_rows == 1


def test_none_left(released: Desk) -> None:
    for name, licence in (("minutes", "CC0-1.0"), ("speeches", "CC-BY-4.0")):
        released.decide(name, status="blocked", license=licence)
    folder = released.release(accept_loss=["minutes", "speeches"]).path
    assert folder is not None
    assert verify(folder, Silent()) == []
    head, body = split_card((folder / "README.md").read_text("utf-8"))
    assert {"configs", "dataset_info"} & yaml.safe_load(head).keys() == set()
    assert "This version holds no documents" in body
    assert "**minutes** (rights:blocked: 4)" in body


def test_none_ever(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(1))
    desk.build()
    assert desk.release().path is None


def test_a_card_that_is_too_long_is_not_written(released: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datacards.hub_schema.MOST_BYTES", 1_000)
    released.deliver("minutes", released.minutes(5))
    released.build()
    with pytest.raises(CardError, match=r"README\.md cannot be published: it has [\d,]+ bytes, more than 1,000"):
        released.release()
    assert released.workspace.versions() == ["v1.0.0"]


def test_pictures_need_no_fonts_and_nothing_from_elsewhere(finished: Desk) -> None:
    for path in finished.workspace.release().rglob("*.svg"):
        text = path.read_text("utf-8")
        assert not re.search(r"@font-face|@import|url\(|href|<script|<image", text)
        family = re.search(r"font-family:([^;]+);", text)
        assert family is not None
        assert family[1].split(",")[-1] == "sans-serif"  # what every reader of SVG has
        assert etree.fromstring(text.encode()).get("aria-label")


def test_what_the_card_says_of_loading_works(finished: Desk, datasets: ModuleType) -> None:
    assert datasets
    folder = finished.workspace.release()
    card = (folder / "README.md").read_text("utf-8")
    code = re.search(r"```python\n(.*?)```", card, re.DOTALL)
    assert code is not None
    found: dict[str, Any] = {}
    exec(code[1].replace("org/frisat", str(folder)), found)  # noqa: S102 - our own card
    assert (found["everything"].num_rows, found["one_source"].num_rows) == (5, 4)
    assert list(found["stream"]) == []  # no text of the invented ones has 200 tokens
