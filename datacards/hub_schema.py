"""The schema of the head of a dataset card, so that no release waits for the Hub to say what is wrong with it.

Neither ``datasets`` nor the Hub's own library checks any of this without a network, and a wrong number not even then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from datacards import hub_values as allowed
from frisat.errors import FrisatError

MOST_BYTES = 400_000
"""A card may be this long. A bound of ours: the Hub's check refuses long cards without naming a limit."""


class CardError(FrisatError):
    """A card that the Hub, or its readers, would stumble over; it is not written."""


def _one_of(values: Sequence[str] | frozenset[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"{value!r} is not allowed on the Hub")
        return value

    return AfterValidator(check)


_SOME = Field(min_length=1)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


_Count = Annotated[int, Field(ge=0)]
_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,95}$")]


class _DataFile(_Strict):
    split: Annotated[str, Field(pattern="^train$")]
    path: Annotated[str, Field(pattern=r"^data/[a-z0-9*-]+/[a-z0-9*.-]+\.parquet$")]


class _Config(_Strict):
    config_name: _Name
    default: bool = False
    data_files: Annotated[list[_DataFile], Field(min_length=1)]


class _Feature(_Strict):
    name: Annotated[str, Field(pattern=r"^\w+$")]
    dtype: str | None = None
    struct: list[_Feature] | None = None

    @model_validator(mode="after")
    def _typed(self) -> _Feature:
        if (self.dtype is None) == (self.struct is None):
            raise ValueError(f"column {self.name} needs either a dtype or a struct")
        if self.dtype and self.dtype not in allowed.DTYPES and not self.dtype.startswith("timestamp["):
            raise ValueError(f"{self.dtype!r} is no type of column")
        return self


class _Split(_Strict):
    name: Annotated[str, Field(pattern="^train$")]
    num_bytes: _Count
    num_examples: _Count


class _Info(_Strict):
    config_name: _Name
    features: Annotated[list[_Feature], Field(min_length=1)]
    splits: Annotated[list[_Split], Field(min_length=1, max_length=1)]
    download_size: _Count
    dataset_size: _Count

    @model_validator(mode="after")
    def _sums(self) -> _Info:
        if sum(split.num_bytes for split in self.splits) != self.dataset_size:
            raise ValueError(f"dataset_size of {self.config_name} is not the sum of its splits")
        return self


class _Card(_Strict):
    """The head of a source's card: what Danish Dynaword asks for, in the Hub's values."""

    pretty_name: Annotated[str, Field(min_length=1, max_length=200)]
    language: Annotated[list[Annotated[str, _one_of(allowed.LANGUAGES)]], _SOME]
    license: Annotated[str, _one_of(allowed.LICENSES)]
    license_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    license_link: Annotated[str, Field(min_length=1)] | None = None
    size_categories: Annotated[list[Annotated[str, _one_of(allowed.SIZES)]], Field(min_length=1, max_length=1)]
    task_categories: Annotated[list[Annotated[str, _one_of(allowed.TASKS)]], _SOME]
    task_ids: Annotated[list[Annotated[str, _one_of(allowed.TASK_IDS)]], _SOME]
    source_datasets: Annotated[list[Annotated[str, _one_of(allowed.SOURCE_DATASETS)]], _SOME]

    @model_validator(mode="after")
    def _other(self) -> _Card:
        if self.license == "other" and not (self.license_name and self.license_link):
            raise ValueError("license 'other' needs license_name and license_link")
        return self


class SourceHead(_Card):
    """The head of the card of one source."""

    domains: Annotated[list[str], Field(min_length=1)]


class Head(_Card):
    """The head of a dataset card. ``configs`` and ``dataset_info`` are left out only where there is no row at all."""

    license_name: _Name | None = None
    language_details: Annotated[list[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]], Field(min_length=1)]
    annotations_creators: Annotated[list[Annotated[str, _one_of(allowed.ANNOTATORS)]], _SOME]
    language_creators: Annotated[list[Annotated[str, _one_of(allowed.CREATORS)]], _SOME]
    multilinguality: Annotated[list[Annotated[str, _one_of(allowed.MULTILINGUALITY)]], _SOME]
    tags: Annotated[list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 -]{0,62}$")]], Field(min_length=1)]
    configs: Annotated[list[_Config], Field(min_length=1)] | None = None
    dataset_info: Annotated[list[_Info], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _agree(self) -> Head:
        names = [config.config_name for config in self.configs or []]
        if len(set(names)) != len(names):
            raise ValueError("a config stands twice")
        if names != [info.config_name for info in self.dataset_info or []]:
            raise ValueError("configs and dataset_info do not name the same configs in the same order")
        if names and [config.config_name for config in self.configs or [] if config.default] != ["default"]:
            raise ValueError("the config 'default', and it alone, must be the default")
        return self


def faults(head: Mapping[str, Any], shape: type[_Card] = Head) -> list[str]:
    """Return what is wrong with the head of a card, each fault with the key it is at; none for a good one."""
    try:
        shape.model_validate(dict(head))
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in item['loc']) or 'head'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
    return []


def split_card(card: str) -> tuple[str, str]:
    """Return the YAML and the body of a card; no YAML where it does not begin with a fence of three hyphens."""
    if not card.startswith("---\n") or (end := card.find("\n---\n", 3)) < 0:
        return "", card
    return card[4 : end + 1], card[end + 5 :]


def check_card(name: str, card: str, shape: type[_Card] = Head) -> None:
    """Refuse a card that the Hub would: by its head or its length.

    Args:
        name: the path of the card, for the message.
        card: all of it.
        shape: what its head must be.

    Raises:
        CardError: with every fault, and where it is.
    """
    if found := list(_card_faults(card, shape)):
        raise CardError(
            f"{name} cannot be published: {'; '.join(found[:10])}. Mend the descriptor or the template it comes from"
        )


def _card_faults(card: str, shape: type[_Card]) -> Iterator[str]:
    try:
        head = yaml.safe_load(split_card(card)[0])
    except yaml.YAMLError as error:
        yield f"its head is no YAML ({error})"
        return
    yield from faults(head, shape) if isinstance(head, dict) else ["it has no head"]
    if (size := len(card.encode())) > MOST_BYTES:
        yield f"it has {size:,} bytes, more than {MOST_BYTES:,}"
