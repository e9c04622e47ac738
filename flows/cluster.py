"""The same runner over more than one machine: ``dask.distributed``, on a shared file system.

An extra: ``pip install -e '.[cluster]'``. ``FRISAT_RUNNER=tcp://host:8786`` names the scheduler; on Slurm machines
``dask-jobqueue`` starts one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from frisat.errors import FrisatError, UsageError
from frisat.runner import Outcome, attempt

J = TypeVar("J")
R = TypeVar("R")

_AHEAD = 256


class ClusterRunner:
    """Runs jobs on the workers of a Dask cluster; they see the workspace under the same path."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client: Any = None

    def __enter__(self) -> Self:
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageError(
                "FRISAT_RUNNER needs the extra 'cluster': in frisat's folder, pip install -e '.[cluster]'"
            ) from error
        try:
            self._client = Client(self.address, timeout="20s", set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise FrisatError(f"no Dask scheduler answers at FRISAT_RUNNER={self.address}: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def map(self, function: Callable[[J], R], jobs: Iterable[J], *, label: str) -> Iterator[Outcome[J, R]]:
        """See :meth:`frisat.runner.Runner.map`."""
        del label
        waiting: deque[tuple[J, Any]] = deque()
        for job in jobs:
            # Pure would let Dask hand back an old answer for an equal job whose file is gone since.
            waiting.append((job, self._client.submit(function, job, pure=False)))
            if len(waiting) >= _AHEAD:
                yield _outcome(*waiting.popleft())
        while waiting:
            yield _outcome(*waiting.popleft())


def _outcome(job: J, future: Any) -> Outcome[J, Any]:
    return attempt(lambda _: future.result(), job)
