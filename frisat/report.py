"""How long work tells of itself, without knowing whether a terminal, a log or nobody listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Reporter(Protocol):
    """Receives what work has to say."""

    def note(self, message: str) -> None:
        """Take a sentence for the person who waits."""
        ...

    def warn(self, message: str) -> None:
        """Take a sentence about something that needs a look."""
        ...

    def track(self, items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
        """Pass ``items`` on and show how far the work is."""
        ...


class Silent:
    """A reporter nobody listens to."""

    def note(self, message: str) -> None:
        """See :class:`Reporter`."""

    def warn(self, message: str) -> None:
        """See :class:`Reporter`."""

    def track(self, items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
        """See :class:`Reporter`."""
        del label, total
        return iter(items)
