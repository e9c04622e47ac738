"""The head of the card, as the Hub and ``datasets`` read it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import yaml

from datacards.hub import features, front_matter, licence_fields, size_category
from frisat.schema import PUBLISHED

if TYPE_CHECKING:
    from tests.conftest import Desk

SIZES = (
    "n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B", "10B<n<100B",
    "100B<n<1T", "n>1T",
)  # fmt: skip
"""All that the Hub allows."""


def test_every_size_category_of_the_hub() -> None:
    assert [size_category(10**power) for power in range(2, 13)] == list(SIZES)
    assert [size_category(10**power - 1) for power in range(3, 13)] == list(SIZES[:-1])
    assert size_category(0) == "n<1K"


@pytest.mark.parametrize(
    ("licences", "fields"),
    [
        ([("CC0-1.0", "cc0-1.0")], {"license": "cc0-1.0"}),
        (
            [("LicenseRef-DK-OPHL-9", None)],
            {"license": "other", "license_name": "licenseref-dk-ophl-9", "license_link": "LICENSE.md"},
        ),
        (
            [("CC0-1.0", "cc0-1.0"), ("CC-BY-4.0", "cc-by-4.0")],
            {"license": "other", "license_name": "mixed-see-license-md", "license_link": "LICENSE.md"},
        ),
        ([], {"license": "other", "license_name": "mixed-see-license-md", "license_link": "LICENSE.md"}),
    ],
)
def test_the_repository_is_never_freer_than_a_row(
    licences: list[tuple[str, str | None]], fields: dict[str, str]
) -> None:
    assert licence_fields({"licences": [{"id": name, "hub": hub} for name, hub in licences]}) == fields


def test_features_are_those_of_the_schema() -> None:
    found = features([f"{column.name}: {column.type}" for column in PUBLISHED])
    assert [feature["name"] for feature in found] == PUBLISHED.names
    by_name = {feature["name"]: feature for feature in found}
    assert by_name["text"] == {"name": "text", "dtype": "string"}
    assert by_name["token_count"] == {"name": "token_count", "dtype": "int64"}
    assert by_name["language_score"] == {"name": "language_score", "dtype": "float32"}
    assert by_name["retrieved_at"] == {"name": "retrieved_at", "dtype": "timestamp[ms, tz=UTC]"}
    assert by_name["repairs"] == {
        "name": "repairs",
        "struct": [{"name": name, "dtype": "int32"} for name in ("encoding", "whitespace", "hyphens")],
    }


@pytest.fixture(scope="module")
def front(finished: Desk) -> dict[str, Any]:
    """The YAML at the head of the README of a release."""
    text = (finished.workspace.release() / "README.md").read_text("utf-8")
    assert text.startswith("---\n")
    loaded = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(loaded, dict)
    return loaded


def test_the_front_matter_has_every_field(front: dict[str, Any]) -> None:
    assert {key: value for key, value in front.items() if key not in {"configs", "dataset_info"}} == {
        "pretty_name": "frisat: Danish public text",
        "language": ["da"],
        "language_details": ["da-DK"],
        "license": "other",
        "license_name": "mixed-see-license-md",
        "license_link": "LICENSE.md",
        "size_categories": ["n<1K"],
        "source_datasets": ["original"],
        "task_categories": ["text-generation", "fill-mask"],
        "task_ids": ["language-modeling", "masked-language-modeling"],
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "multilinguality": ["monolingual"],
        "tags": ["danish", "public-sector", "text", "provenance", "licence-tagged"],
    }


def _files(release: Path) -> Iterator[str]:
    return (p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file())


def test_each_config_matches_its_own_files_and_no_others(finished: Desk, front: dict[str, Any]) -> None:
    release = finished.workspace.release()
    minutes, speeches = "data/minutes/no-copyright-00000.parquet", "data/speeches/attribution-00000.parquet"
    matched = {}
    for config in front["configs"]:
        (data,) = config["data_files"]
        assert data["split"] == "train"
        depth = data["path"].count("/")
        matched[config["config_name"]] = sorted(
            name for name in _files(release) if name.count("/") == depth and fnmatch.fnmatch(name, data["path"])
        )
    assert matched == {
        "default": [minutes, speeches],
        "minutes": [minutes],
        "speeches": [speeches],
        "attribution": [speeches],
        "no-copyright": [minutes],
    }
    assert [config["config_name"] for config in front["configs"] if config.get("default")] == ["default"]


def test_the_figures_are_those_of_the_files(finished: Desk, front: dict[str, Any]) -> None:
    release = finished.workspace.release()
    paths = {config["config_name"]: config["data_files"][0]["path"] for config in front["configs"]}
    for info in front["dataset_info"]:
        files = sorted(release.glob(paths[info["config_name"]]))
        footers = [pq.read_metadata(file) for file in files]
        size = sum(f.row_group(group).total_byte_size for f in footers for group in range(f.num_row_groups))
        assert info["splits"] == [
            {"name": "train", "num_bytes": size, "num_examples": sum(f.num_rows for f in footers)},
        ]  # fmt: skip
        assert info["dataset_size"] == size
        assert info["download_size"] == sum(file.stat().st_size for file in files)


def test_yaml_that_every_reader_of_cards_knows(finished: Desk) -> None:
    text = front_matter(finished.latest().record)
    assert text.startswith("---\n")
    assert text.endswith("\n---\n")
    assert "&id" not in text
    assert "*id" not in text
    assert text.isascii()
