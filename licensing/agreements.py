"""The record of a buy-out: what a written agreement with a rightsholder gives, and what it does not."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from frisat.errors import UsageError
from frisat.files import sha256_file
from licensing.licences import find_licence

GRANTS = ("collect", "store", "publish_text", "sublicense", "train", "commercial")
"""What an agreement may grant; each is ``yes``, ``no`` or ``unknown``."""

_MAX_BYTES = 1_000_000

Answer = Literal["yes", "no", "unknown"]
Said = Annotated[str, Field(min_length=1, max_length=20_000)]


class Agreement(BaseModel):
    """A buy-out as it is recorded. The sum stays with the parties: only its class stands here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rightsholder: Said
    proof_of_title: Said
    works: Said
    works_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    grants: dict[Literal["collect", "store", "publish_text", "sublicense", "train", "commercial"], Answer]
    territory: Said
    term_start: date
    term_end: date | None = None
    exclusive: bool = False
    fee_class: Said
    outgoing_licence: Said | None = None
    attribution: Said | None = None
    moral_rights: Said | None = None
    revocation: Said
    personal_data: Said
    signatory: Said | None = None
    signed_on: date | None = None
    signed_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    public_summary: Said

    @model_validator(mode="after")
    def _fits_together(self) -> Agreement:
        if self.term_end is not None and self.term_end < self.term_start:
            raise ValueError(f"the term ends ({self.term_end}) before it begins ({self.term_start})")
        if self.outgoing_licence is not None:
            try:
                find_licence(self.outgoing_licence)
            except UsageError as error:
                raise ValueError(f"outgoing_licence {error}") from error
        return self

    def record(self) -> dict[str, Any]:
        """Return it as it stands in a decision."""
        return self.model_dump(mode="json", exclude_none=True)


def read_agreement(path: Path) -> Agreement:
    """Read the record of an agreement, a TOML file.

    ``signed_file`` names the signed paper beside it, of which only the hash is taken.

    Raises:
        UsageError: it cannot be read, or a key is missing, misspelt or impossible; the message names each.
    """
    try:
        content = path.read_bytes()
        if len(content) > _MAX_BYTES:
            raise UsageError(f"agreement {path} is larger than {_MAX_BYTES:,} bytes; that is no record of one")
        raw = tomllib.loads(content.decode("utf-8-sig"))
        signed = raw.pop("signed_file", None)
        if isinstance(signed, str):
            raw["signed_sha256"] = sha256_file(path.parent / signed)
    except OSError as error:
        raise UsageError(f"agreement {error.filename or path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"agreement {path} is not valid TOML in UTF-8: {error}") from error
    try:
        return Agreement.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the record'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise UsageError(f"agreement {path} cannot be used: {faults}") from error


def agreement_faults(record: dict[str, Any] | None, second_reviewer: str | None, day: date) -> list[str]:
    """Return what an agreement lacks on ``day`` for its texts to be published: all that a person must have seen to."""
    if not record:
        return ["the decision holds no record of the agreement, only the hash of a file"]
    agreement = Agreement.model_validate(record)
    faults = []
    if not (agreement.signatory and agreement.signed_on and agreement.signed_sha256):
        faults.append("it is not signed: signatory, date and the hash of the signed file are needed")
    elif agreement.signed_on > day:
        faults.append(f"it is signed on {agreement.signed_on}, which has not come")
    if day < agreement.term_start:
        faults.append(f"its term begins on {agreement.term_start}")
    if agreement.term_end is not None and day > agreement.term_end:
        faults.append(f"its term ended on {agreement.term_end}")
    if agreement.grants.get("publish_text") != "yes":
        faults.append(
            f"it does not grant publishing (publish_text is {agreement.grants.get('publish_text', 'unsaid')})"
        )
    if agreement.outgoing_licence is None:
        faults.append("it names no licence under which the public receives the texts")
    if not (second_reviewer or "").strip():
        faults.append("no second reviewer stands behind it")
    return faults
