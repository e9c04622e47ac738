"""A release loads as people load it: with ``datasets``, from its folder, by config, streaming or not."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from frisat.schema import PUBLISHED
from tests.standins.hub_here import without_hub

if TYPE_CHECKING:
    from tests.conftest import Desk

ROWS = {"default": 5, "minutes": 4, "speeches": 1, "no-copyright": 4, "attribution": 1}


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The library, with its caches in a temporary folder and no network."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield without_hub(tmp_path_factory.mktemp("hub"), monkeypatch)


@pytest.mark.parametrize("config", ROWS)
def test_every_config_loads(finished: Desk, datasets: ModuleType, config: str) -> None:
    folder = str(finished.workspace.release())
    loaded = datasets.load_dataset(folder, config, split="train")
    assert loaded.num_rows == ROWS[config]
    assert loaded.features.arrow_schema.remove_metadata() == PUBLISHED
    streamed = datasets.load_dataset(folder, config, split="train", streaming=True)
    assert list(streamed) == list(loaded)
    assert streamed.features == loaded.features


def test_without_a_config_everything_loads(finished: Desk, datasets: ModuleType) -> None:
    loaded = datasets.load_dataset(str(finished.workspace.release()))
    assert {name: split.num_rows for name, split in loaded.items()} == {"train": 5}
    assert sorted(loaded["train"]["id"]) == [
        "minutes/000", "minutes/001", "minutes/002", "minutes/003", "speeches/speech/3",
    ]  # fmt: skip


def test_every_config_is_declared(finished: Desk, datasets: ModuleType) -> None:
    folder = str(finished.workspace.release())
    assert sorted(datasets.get_dataset_config_names(folder)) == sorted(ROWS)
    assert datasets.get_dataset_default_config_name(folder) == "default"
