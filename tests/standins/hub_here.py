"""Pointing the Hub's libraries, which read their settings once when imported, to a stand-in in this very process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.standins.hub import HubStandIn


def without_hub(home: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return ``datasets`` with its caches below ``home`` and no network, whoever imported it first and with what."""
    import datasets
    from huggingface_hub import constants

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", home / "datasets")
    monkeypatch.setattr(datasets.config, "DOWNLOADED_DATASETS_PATH", home / "datasets/downloads")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    datasets.disable_progress_bars()
    found: ModuleType = datasets
    return found


@contextmanager
def hub_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubStandIn]:
    """Give a stand-in that this process takes for the Hub; caches and tokens lie below ``home``."""
    import datasets.config
    from huggingface_hub import HfFileSystem, close_session, constants

    with HubStandIn() as server:
        for name, value in server.environment(str(home)).items():
            monkeypatch.setenv(name, value)
        resolve = f"{server.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        ours: dict[ModuleType, dict[str, object]] = {
            constants: {
                "ENDPOINT": server.url, "HUGGINGFACE_CO_URL_TEMPLATE": resolve, "HF_HUB_DISABLE_XET": True,
                "HF_HUB_OFFLINE": False, "HF_HUB_CACHE": str(home / "hub"), "HF_TOKEN_PATH": str(home / "token"),
            },
            datasets.config: {
                "HF_ENDPOINT": server.url, "HF_DATASETS_CACHE": str(home / "datasets"),
                "HF_HUB_OFFLINE": False, "HF_DATASETS_OFFLINE": False,
                "HUB_DATASETS_URL": f"{server.url}/datasets/{{repo_id}}/resolve/{{revision}}/{{path}}",
            },
        }  # fmt: skip
        for module, settings in ours.items():
            for name, setting in settings.items():
                monkeypatch.setattr(module, name, setting)
        HfFileSystem.clear_instance_cache()
        close_session()
        yield server
        HfFileSystem.clear_instance_cache()
        close_session()
