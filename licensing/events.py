"""Events: what happened to the ground a decision stands on. A decision made before one is expired until renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from licensing.register import Register
from licensing.scope import Scope, parse_scope

TRIGGERS = (
    "terms_changed",
    "signal_changed",
    "address_gone",
    "relicensed",
    "complaint",
    "statute_amended",
    "new_document_type",
)
"""What sets a decision to ``expired`` at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as the register holds it; ``number`` is that of its record there."""

    source: str
    scope: Scope
    trigger: str
    note: str
    by: str
    number: int = -1

    def body(self) -> dict[str, Any]:
        """Return the record for the register."""
        return {
            "source": self.source,
            "scope": str(self.scope),
            "trigger": self.trigger,
            "note": self.note,
            "by": self.by,
        }


def record_event(register: Register, source: str, trigger: str, note: str, by: str, only: str | None = None) -> Event:
    """Append an event; the workspace's lock must be held.

    Raises:
        UsageError: the trigger is none, or note or name is empty; nothing was recorded.
    """
    if trigger not in TRIGGERS:
        raise UsageError(f"{trigger!r} is no trigger; choose from {', '.join(TRIGGERS)}")
    for name, value in (("--note", note), ("--by", by)):
        if not value.strip():
            raise UsageError(f"{name} is empty; it must be said")
    event = Event(source=source, scope=parse_scope(only), trigger=trigger, note=note.strip(), by=by.strip())
    register.append([("event", {**event.body(), "noted_at": clock.now().isoformat(timespec="milliseconds")})])
    return event


def event_of(number: int, body: Mapping[str, Any]) -> Event:
    """Return the event that a record of the register holds."""
    return Event(
        source=body["source"],
        scope=parse_scope(body["scope"]),
        trigger=body["trigger"],
        note=body["note"],
        by=body["by"],
        number=number,
    )
