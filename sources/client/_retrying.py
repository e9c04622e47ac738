"""Trying again: when, how often, and how long to wait in between."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

from frisat import clock
from sources.client.fetching import FetchError, Limits, Timing

T = TypeVar("T")

_SKEW = timedelta(days=1)
"""A server whose clock is further from ours is not believed about the time."""

# Each retry would else be a line in the log that does not say what it is about; the error in the end does.
set_on_retry_hooks([])


def parse_date(text: str | None) -> datetime | None:
    """Return the HTTP date in ``text``, aware; ``None`` if it is none."""
    if text is None:
        return None
    try:
        found = parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def parse_retry_after(value: str | None, date: str | None = None) -> float | None:
    """Return the seconds to wait that a ``Retry-After`` header asks for, never negative; ``None`` if it is unreadable.

    A date is compared with the server's own clock, given in its ``Date`` header, as long as that is sane.
    """
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,18}", value.strip()):
        return float(value.strip())
    until = parse_date(value)
    if until is None:
        return None
    here, there = clock.now(), parse_date(date)
    now = there if there is not None and abs(there - here) <= _SKEW else here
    return max(0.0, (until - now).total_seconds())


class Retrying:
    """Runs attempts at one fetch until one succeeds, or its time is over."""

    def __init__(self, limits: Limits, timing: Timing, held: Callable[[float], None]) -> None:
        self._limits = limits
        self._timing = timing
        self._held = held
        """Told of each wait that a publisher asked for, so that other threads wait too."""

    def run(self, attempt: Callable[[float], T], *, deadline: float | None = None) -> T:
        """Return what ``attempt`` returns; it is given the deadline, on the clock of ``Timing``.

        Raises:
            FetchError: what the last attempt raised.
        """
        if deadline is None:
            deadline = self._timing.monotonic() + self._limits.total
        tried = 0
        shortest = 0.0

        until = deadline

        def wait(error: Exception) -> float | bool:
            """Wait before another attempt. stamina cannot be given a clock, so it is left nothing to wait for."""
            if not isinstance(error, FetchError) or not error.again or tried >= self._limits.attempts:
                return False
            seconds = self._seconds(error, shortest)
            if seconds is None or self._timing.monotonic() + seconds >= until:
                return False
            if error.retry_after is not None:
                self._held(seconds)
            self._timing.sleep(seconds)
            return 0.0

        try:
            for turn in stamina.retry_context(
                on=wait,
                attempts=self._limits.attempts,
                timeout=None,
                wait_initial=self._limits.backoff,
                wait_max=self._limits.backoff_max,
            ):
                tried, shortest = turn.num, turn.next_wait
                with turn:
                    return attempt(until)
        except FetchError as error:
            if tried > 1:
                error.args = (f"{error} (tried {tried} times)",)
            raise
        raise AssertionError  # the last attempt returns or raises

    def _seconds(self, error: FetchError, shortest: float) -> float | None:
        """Return how long to wait after ``error``; ``None`` if it is asked for longer than we bear."""
        chance = random.uniform(0, self._limits.backoff)  # noqa: S311 - keeps clients apart, guards no secret
        backoff = min(shortest + chance, self._limits.backoff_max)
        if error.retry_after is None:
            return backoff
        return max(backoff, error.retry_after) if error.retry_after <= self._limits.retry_after else None
