"""The memory of a process and all that it started, measured while it works."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import psutil


@dataclass
class Memory:
    """Samples the memory of this process tree until stopped."""

    peak: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            self.peak = max(self.peak, _tree_pss())


def _tree_pss() -> int:
    total = 0
    me = psutil.Process()
    for process in [me, *me.children(recursive=True)]:
        try:
            if "flows.server" not in process.cmdline():
                total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total
