"""How long a harvest bears with a publisher that fails or refuses: file by file, host by host, and in the end."""

from __future__ import annotations

from collections import Counter
from typing import Final
from urllib.parse import urlsplit

from frisat.report import Reporter
from sources.client.fetching import FetchError
from sources.intake import Collected, HarvestError

_IN_A_ROW: Final = 20
"""So many accidents one after another, and the publisher is taken to be down."""
_WALL: Final = 50
"""So many refusals one after another, and a host is not asked for files any more on this visit."""
_FEW: Final = 10
"""So many failures are never too many."""


class Patience:
    """Counts accidents and refusals of one visit, and says when there are too many.

    Args:
        name: the source, for messages.
        collected: the counts of the visit, told of each failure.
        report: told of a host that refuses everything.
    """

    def __init__(self, name: str, collected: Collected, report: Reporter) -> None:
        self._name, self._collected, self._report = name, collected, report
        self._in_a_row = 0
        self._refusals: Counter[str] = Counter()
        self._last = ""

    def check(self, url: str) -> None:
        """Raise a :class:`FetchError` in place of a request to a host that refuses everything."""
        host = urlsplit(url).netloc
        if self._refusals[host] >= _WALL:
            reason = f"not asked for: {host} refused {_WALL} files one after another; try another day"
            raise FetchError(reason, url=url, unavailable=True)

    def answered(self, url: str) -> None:
        """Note that a request succeeded."""
        self._in_a_row = self._refusals[urlsplit(url).netloc] = 0

    def failed(self, key: str, url: str, error: FetchError) -> None:
        """Count a failure; 404 is a word about one file, 403 may be one about all."""
        self._collected.failure(key, str(error))
        self._in_a_row = self._in_a_row + 1 if error.passing and not error.unavailable else 0
        if not error.unavailable:
            self._collected.failed += 1
            self._last = str(error)
            return
        self._collected.unavailable += 1
        host = urlsplit(url).netloc
        self._refusals[host] += not error.gone
        if self._refusals[host] == _WALL and not error.gone:
            self._report.warn(f"{self._name}: {host} refuses everything ({error}); it is not asked again on this visit")

    def bear(self) -> None:
        """Raise a :class:`HarvestError` when the publisher seems to be down."""
        if self._in_a_row >= _IN_A_ROW:
            raise HarvestError(
                f"{self._name}: {_IN_A_ROW} requests failed one after another, the last with: {self._last}. "
                "The publisher seems to be down. What came is kept; harvest again later",
                self._collected,
            )

    def judge(self, max_failed_share: float) -> None:
        """Fail loudly where too large a share failed; all is kept, and the next visit asks for the same again."""
        done = self._collected
        asked = done.new + done.changed + done.unchanged + done.failed
        if done.failed > max(_FEW, max_failed_share * asked):
            raise HarvestError(
                f"{self._name}: {done.failed:,} of {asked:,} records failed, the last with: {self._last}. "
                "What came is kept, and what failed is asked for again next time",
                done,
            )
