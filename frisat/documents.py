"""What a source hands over: records as they were collected, and the documents read out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from frisat.errors import RecordError

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

ID_CHARACTERS = re.compile(r"[a-zA-Z0-9._/-]+")
"""An id is the publisher's own, in these characters, after the source's name and a slash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One response, file or archive member as it came.

    ``body`` holds the bytes, or the path of a file when there are more than 32 MB of them. ``context`` holds what the
    publisher's listing says of it and the body does not: titles, dates, the case it belongs to.
    """

    source: str
    key: str
    body: bytes | Path
    sha256: str
    retrieved_at: datetime
    url: str | None = None
    delivery: str | None = None
    context: Mapping[str, JSON] = field(default_factory=dict)

    def read(self) -> bytes:
        """Return the whole body."""
        return self.body.read_bytes() if isinstance(self.body, Path) else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text with its id: an act, a speech, a letter, a work.

    ``created`` is when the text was written, as the first and the last possible day; ``None`` rather than
    a placeholder. ``details`` holds facts of the source whose keys its descriptor declares.
    """

    id: str
    text: str
    title: str | None = None
    created: tuple[date, date] | None = None
    url: str | None = None
    document_type: str | None = None
    parent_id: str | None = None
    author: str | None = None
    details: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Text of a record that was left out on purpose: contents lists, apparatus, editors' matter."""

    kind: str
    characters: int


def year_range(first: int, last: int | None = None) -> tuple[date, date]:
    """Return the range of days of the years ``first`` to ``last`` (both within)."""
    return date(first, 1, 1), date(last if last is not None else first, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row of a record that gave no document, while the rest of the record goes on."""

    error: RecordError
    content: bytes
