"""A clock that only moves when somebody waits for it."""

from __future__ import annotations

from sources.client.fetching import Timing


class FakeTime:
    """Counts the seconds that were waited for; ``step`` is how far the clock moves by itself each time it is read."""

    def __init__(self, step: float = 0.0) -> None:
        self.now = 1000.0
        self.step = step
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        """Return the time in seconds."""
        self.now += self.step
        return self.now

    @property
    def timing(self) -> Timing:
        """What to give to a client."""
        return Timing(self.sleep, self.monotonic)
