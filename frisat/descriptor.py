"""A source's descriptor: what ``source.toml`` says of it."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from frisat.errors import DescriptorError
from frisat.files import canonical_json, sha256
from frisat.rules import parse_rule

RESERVED = frozenset({"default", "no-copyright", "attribution", "share-alike", "agreement", "record"})
"""Names that mean something else in a release: configs and licence classes."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_BYTES = 1_000_000

DOMAINS = (
    "Books", "Conversation", "Dialect", "Encyclopedic", "Financial", "Governmental", "Legal", "Medical", "News",
    "Other", "Readaloud", "Report", "Social Media", "Speeches", "Spoken", "Subtitles", "Web",
)  # fmt: skip
"""Danish Dynaword's list."""

FREQUENCIES = (
    "annual", "annual_2", "annual_3", "as_needed", "bidecennial", "biennial", "bihourly", "bimonthly", "biweekly",
    "continuous", "cont", "daily", "daily_2", "decennial", "hourly", "irregular", "monthly", "monthly_2", "monthly_3",
    "never", "not_planned", "quadrennial", "quarterly", "quinquennial", "tridecennial", "triennial", "trihourly",
    "unknown", "update_cont", "weekly", "weekly_2", "weekly_3", "other",
)  # fmt: skip
"""The EU's frequency vocabulary, lower case."""

PersonalData = Literal["none", "public_figures", "private_persons", "sensitive"]


def _one_of(allowed: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            close = difflib.get_close_matches(value, allowed, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ValueError(f"{value!r} is not known: {hint}allowed are {', '.join(allowed)}")
        return value

    return AfterValidator(check)


def _check_name(value: str) -> str:
    if not _NAME.fullmatch(value) or len(value) > 64:
        raise ValueError(f"{value!r} is no name: lower-case letters, digits and single hyphens, at most 64")
    if value in RESERVED:
        raise ValueError(f"{value!r} is reserved for a licence class or config; choose another")
    return value


def _check_rule(value: str) -> str:
    parse_rule(value)
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Sentence = Annotated[str, Field(min_length=1, max_length=20_000)]


class Bilingual(_Strict):
    """A text in Danish and in English."""

    da: Sentence
    en: Sentence


class Claim(_Strict):
    """What the source says of its rights; never what a person concluded."""

    claim: Sentence
    stated_at: Sentence
    note: Bilingual


class Descriptor(_Strict):
    """Everything ``source.toml`` may say; see DESIGN's example and docs/adding-a-source.md."""

    name: Annotated[str, AfterValidator(_check_name)]
    title: Bilingual
    description: Bilingual
    publisher: Sentence
    contact: Sentence
    landing_page: Sentence
    update_frequency: Annotated[str, _one_of(FREQUENCIES)]
    domains: Annotated[list[Annotated[str, _one_of(DOMAINS)]], Field(min_length=1)]
    document_types: list[str]
    personal_data: PersonalData
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    rights: Claim
    rank: Annotated[int, Field(ge=0, le=1000)] = 100
    max_failed_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    archive: bool = False
    """An archive's documents: closed until the periods of the Danish Archives Act have passed."""
    details: dict[str, Bilingual] = {}
    exclude: dict[
        Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
        Annotated[str, Field(max_length=500), AfterValidator(_check_rule)],
    ] = {}

    def rights_sha256(self) -> str:
        """Return the hash that decisions are bound to: a changed claim needs a new decision."""
        return sha256(canonical_json(self.rights.model_dump()))


def _explain(error: ValidationError, path: str) -> str:
    """Return every fault of a descriptor, each with its key and the right spelling where one is near."""
    faults = []
    known: dict[tuple[str, ...], list[str]] = {
        (): list(Descriptor.model_fields),
        ("rights",): list(Claim.model_fields),
    }
    for item in error.errors():
        place = tuple(str(part) for part in item["loc"])
        key = ".".join(place)
        if item["type"] == "extra_forbidden":
            siblings = known.get(place[:-1], ["da", "en"])
            close = difflib.get_close_matches(place[-1], siblings, n=1, cutoff=0.6)
            faults.append(f"unknown key '{key}'" + (f" (did you mean '{close[0]}'?)" if close else ""))
        elif item["type"] == "missing":
            faults.append(f"missing key '{key}'")
        else:
            faults.append(f"'{key}': {item['msg'].removeprefix('Value error, ')}")
    return f"{path} cannot be used: " + "; ".join(sorted(faults))


def parse_descriptor(content: bytes, where: str) -> Descriptor:
    """Read a descriptor.

    Args:
        content: the bytes of ``source.toml``.
        where: its path, for messages.

    Raises:
        DescriptorError: not TOML, or a key is missing, misspelt or impossible; the message names each.
    """
    if len(content) > _MAX_BYTES:
        raise DescriptorError(f"{where} is larger than {_MAX_BYTES:,} bytes; that is no descriptor")
    try:
        values: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DescriptorError(f"{where} is not valid TOML in UTF-8: {error}") from error
    try:
        return Descriptor.model_validate(values)
    except ValidationError as error:
        raise DescriptorError(_explain(error, where)) from error


def load_descriptor(path: Path) -> Descriptor:
    """Read the descriptor at ``path``; see :func:`parse_descriptor`."""
    try:
        return parse_descriptor(path.read_bytes(), str(path))
    except OSError as error:
        raise DescriptorError(f"{path} cannot be read: {error.strerror}") from error
