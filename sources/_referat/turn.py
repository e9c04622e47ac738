"""What one turn (``Tale``) of a sitting's transcript holds, and the little that all its readers share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

FIELD_NAMES: Final = (
    "OratorFirstName", "OratorLastName", "GroupNameShort", "OratorRole", "EdixiStatus", "StartDateTime", "EndDateTime",
)  # fmt: skip
NO_FIELDS: Final = ("",) * len(FIELD_NAMES)
END: Final = FIELD_NAMES.index("EndDateTime")
"""Of the last one, ``END``, a turn has one in each segment, and the last counts; of the others the first."""

_SPACE: Final = re.compile(r"[ \t\r\n]+")


def local_name(tag: object) -> str:
    """Return a tag without its namespace, or without a prefix that was never declared."""
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


class Fields(NamedTuple):
    """What a turn says of its speaker and time, as it stands in the file; empty where it says nothing."""

    first_name: str = ""
    last_name: str = ""
    party: str = ""
    role: str = ""
    status: str = ""
    start: str = ""
    end: str = ""


@dataclass(slots=True)
class Turn:
    """What one ``Tale`` holds; texts on one line but for ``text``, whose paragraphs a blank line parts."""

    text: str = ""
    title: str = ""
    turn_type: str = ""
    speaker_id: str = ""
    fields: Fields = field(default_factory=Fields)
    left: dict[str, int] = field(default_factory=dict)


def own_id(element: Element) -> str:
    """Return the publisher's id of a person, empty in files that have none."""
    found = (value for name, value in element.attrib.items() if local_name(name) == "tingdokID")
    return str(next(found, "")).strip()


def one_line(text: str | None) -> str:
    """Return ``text`` with each run of white space one space; a no-break space stays."""
    return _SPACE.sub(" ", text).strip(" ") if text else ""
