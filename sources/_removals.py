"""What a publisher no longer has: believed when it is little, refused when it is much at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from frisat import clock
from sources._memory import Memory
from sources.intake import Harvest, HarvestError

_FEW: Final = 10
"""So many vanished records are never too many."""
_MAX_SHARE: Final = 0.05
"""The share of the records held that may vanish at once."""


class Removals:
    """Gathers on a visit what is gone, and writes tombstones at its end.

    Args:
        name: the source, for messages.
        harvest: where tombstones go.
        memory: forgets what is gone.
        held: the keys held alive under a prefix.
    """

    def __init__(self, name: str, harvest: Harvest, memory: Memory, held: Callable[[str], set[str]]) -> None:
        self._name, self._harvest, self._memory, self._held = name, harvest, memory, held
        self._said: dict[str, str] = {}

    def said(self, key: str, why: str) -> None:
        """Note that the publisher says it has removed ``key``."""
        self._said[key] = why

    def listed(self, key: str) -> None:
        """Note that ``key`` is there, after all."""
        self._said.pop(key, None)

    def settle(self, completed: Iterable[str], seen: Iterable[str], *, accept_loss: bool) -> None:
        """Write tombstones for what was said to be gone, and for what stands in no complete listing any more.

        Args:
            completed: the prefixes whose listings were read whole.
            seen: the keys that were listed.
            accept_loss: whether a person has said that a great loss is true.

        Raises:
            HarvestError: too much would vanish at once. Nothing is marked.
        """
        gone = dict(self._said)
        self._refuse_many(self._said.keys() & self._held(""), self._held(""), "are said to be removed", accept_loss)
        listed = set(seen)
        for prefix in completed:
            held = self._held(prefix)
            vanished = held - listed
            self._refuse_many(vanished, held, "are no longer listed", accept_loss)
            gone = dict.fromkeys(vanished, "no longer in the publisher's listing") | gone
        for key in sorted(gone):
            self._harvest.gone(key, gone[key], clock.now())
            self._memory.forget(key)

    def _refuse_many(self, vanished: set[str], held: set[str], how: str, accept_loss: bool) -> None:
        if len(vanished) > max(_FEW, _MAX_SHARE * len(held)) and not accept_loss:
            raise HarvestError(
                f"{self._name}: {len(vanished):,} of {len(held):,} records {how}, such as {min(vanished)}. "
                "Nothing was marked as removed. If the publisher did remove them, repeat with --accept-loss",
                self._harvest.collected,
            )
