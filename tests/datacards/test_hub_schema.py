"""The schema of a card's head: every fault the Hub would find, and none in what frisat renders."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from datacards import hub_values
from datacards.hub_schema import MOST_BYTES, CardError, SourceHead, check_card, faults, split_card
from licensing.hub import _HUB

if TYPE_CHECKING:
    from tests.conftest import Desk

INFO = {
    "config_name": "default",
    "features": [{"name": "id", "dtype": "string"}, {"name": "q", "struct": [{"name": "n", "dtype": "int32"}]}],
    "splits": [{"name": "train", "num_bytes": 7, "num_examples": 2}],
    "download_size": 5,
    "dataset_size": 7,
}
GOOD: dict[str, Any] = {
    "pretty_name": "Name", "language": ["da"], "language_details": ["da-DK"], "license": "cc0-1.0",
    "size_categories": ["n<1K"], "task_categories": ["text-generation"], "task_ids": ["language-modeling"],
    "source_datasets": ["original"], "annotations_creators": ["no-annotation"], "language_creators": ["found"],
    "multilinguality": ["monolingual"], "tags": ["danish"],
    "configs": [{"config_name": "default", "default": True, "data_files": [
        {"split": "train", "path": "data/*/*.parquet"},
    ]}],
    "dataset_info": [INFO],
}  # fmt: skip


def changed(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in {**copy.deepcopy(GOOD), **values}.items() if value is not ...}


def test_a_good_head() -> None:
    assert faults(GOOD) == []
    assert faults(changed(configs=..., dataset_info=...)) == []  # of a version that holds nothing
    assert faults(changed(license="other", license_name="mine", license_link="LICENSE.md")) == []


NOT_ALLOWED = {
    "language": ["dansk"], "size_categories": ["1-10k"], "task_categories": ["language"], "task_ids": ["modeling"],
    "source_datasets": ["wikipedia"], "annotations_creators": ["nobody"], "language_creators": ["no-annotation"],
    "multilinguality": ["danish"], "tags": ["Æ"], "language_details": ["dansk"],
}  # fmt: skip


@pytest.mark.parametrize("key", NOT_ALLOWED)
def test_a_value_that_is_not_allowed(key: str) -> None:
    (fault,) = faults(changed(**{key: NOT_ALLOWED[key]}))
    assert fault.startswith(f"{key}.0: ")


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_key_that_is_missing(key: str) -> None:
    (fault,) = faults(changed(**{key: ...}))
    assert fault.startswith(f"{key}: Field required" if key not in {"configs", "dataset_info"} else "head: ")


@pytest.mark.parametrize("key", sorted(NOT_ALLOWED))
def test_an_empty_list(key: str) -> None:
    assert [fault.partition(":")[0] for fault in faults(changed(**{key: []}))] == [key]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"license": "CC0"}, "license: 'CC0' is not allowed on the Hub"),
        ({"license": "other"}, "head: license 'other' needs license_name and license_link"),
        ({"license": "other", "license_name": "My Licence", "license_link": "x"}, "license_name: String should match"),
        ({"pretty_name": ""}, "pretty_name: String should have at least 1 character"),
        ({"size_categories": ["n<1K", "1K<n<10K"]}, "size_categories: List should have at most 1 item"),
        ({"licence": "cc0-1.0"}, "licence: Extra inputs are not permitted"),
        ({"dataset_info": [{**INFO, "dataset_size": 8}]}, "dataset_size of default is not the sum of its splits"),
        ({"dataset_info": [{**INFO, "config_name": "all"}]}, "configs and dataset_info do not name the same configs"),
        ({"dataset_info": [{**INFO, "download_size": "5"}]}, "download_size: Input should be a valid integer"),
        ({"dataset_info": [{**INFO, "download_size": -5}]}, "download_size: Input should be greater than or equal"),
        ({"dataset_info": [{**INFO, "features": [{"name": "id", "dtype": "str"}]}]}, "'str' is no type of column"),
        ({"dataset_info": [{**INFO, "features": [{"name": "id"}]}]}, "needs either a dtype or a struct"),
        ({"configs": [{**GOOD["configs"][0], "default": False}]}, "'default', and it alone, must be the default"),
        ({"configs": [GOOD["configs"][0]] * 2}, "a config stands twice"),
        ({"configs": [{**GOOD["configs"][0], "data_files": []}]}, "data_files: List should have at least 1 item"),
        ({"configs": [{**GOOD["configs"][0], "data_files": [{"split": "train", "path": "../x.parquet"}]}]}, "path: "),
    ],
)  # fmt: skip
def test_what_does_not_fit(changes: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in faults(changed(**changes)))


def test_the_lists_are_whole() -> None:
    assert len(hub_values.LICENSES) == 83
    assert set(_HUB.values()) < hub_values.LICENSES
    assert len(hub_values.SIZES) == 11
    assert all(len(code) == 2 for code in hub_values.LANGUAGES)


def test_every_rendered_card_fits(finished: Desk) -> None:
    folder = finished.workspace.release()
    assert faults(yaml.safe_load(split_card((folder / "README.md").read_text("utf-8"))[0])) == []
    for name in ("minutes", "speeches"):
        head = yaml.safe_load(split_card((folder / f"data/{name}/{name}.md").read_text("utf-8"))[0])
        assert faults(head, SourceHead) == []


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        ("# No head\n", "it has no head"),
        ("---\na: [\n---\n", "its head is no YAML"),
        ("---\n- a\n---\n", "it has no head"),
        (f"---\n{json.dumps(GOOD)}\n---\n{'x' * MOST_BYTES}", "bytes, more than 400,000"),
    ],
)
def test_a_card_that_cannot_be_published(card: str, fault: str) -> None:
    with pytest.raises(CardError, match=f"README.md cannot be published: .*{fault}"):
        check_card("README.md", card)


def test_no_template_holds_placeholder_text() -> None:
    folder = Path(hub_values.__file__).parent / "templates"
    pages = "\n".join(path.read_text("utf-8") for path in folder.iterdir()).lower()
    assert not [word for word in ("more information needed", "todo", "fixme", "lorem", "xxx") if word in pages]
