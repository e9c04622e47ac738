"""What tests of publishing share: a Hub to publish to, and nobody who really waits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from publishing._hub_client import Patience
from tests.standins.hub import HubStandIn
from tests.standins.hub_here import hub_here


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubStandIn]:
    """A stand-in that this process takes for the Hub."""
    with hub_here(tmp_path / "hf", monkeypatch) as server:
        yield server


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds; none is really waited for, by us or by the Hub's library."""
    pauses: list[float] = []
    monkeypatch.setattr("publishing.hub.Patience", partial(Patience, sleep=pauses.append))
    monkeypatch.setattr("huggingface_hub.utils._http.time", SimpleNamespace(sleep=pauses.append))
    return pauses
