"""The pace: how long a host is left in peace between one request and the next."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sources.client.fetching import Timing

DEFAULT = 0.5
"""Seconds from one request to a host to the next, unless the source or the host says otherwise."""


class Pace:
    """Keeps the requests to each host apart, across threads. Times are in seconds."""

    def __init__(self, pace: Mapping[str, float], timing: Timing) -> None:
        self._timing = timing
        self._intervals = {host.lower(): seconds for host, seconds in pace.items()}
        self._last: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._lock = threading.Lock()

    def interval(self, host: str) -> float:
        """Return how far apart requests to ``host`` are."""
        return self._intervals.get(host, DEFAULT)

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep requests to ``host`` at least so far apart: the host says so itself."""
        with self._lock:
            self._intervals[host] = max(seconds, self.interval(host))

    def hold(self, host: str, seconds: float) -> None:
        """Ask ``host`` nothing for so long, from any thread."""
        with self._lock:
            until = self._timing.monotonic() + seconds
            self._not_before[host] = max(until, self._not_before.get(host, until))

    def wait(self, host: str) -> None:
        """Wait until it is time to ask ``host``. Each caller gets a time of its own."""
        with self._lock:
            now = self._timing.monotonic()
            turn = max(now, self._not_before.get(host, now))
            if host in self._last:
                turn = max(turn, self._last[host] + self.interval(host))
            self._last[host] = turn
        if turn > now:
            self._timing.sleep(turn - now)
