"""Hosts on which texts and data sets are put up again, mostly by others than their first publisher."""

from __future__ import annotations

from urllib.parse import urlsplit

_HOSTS = ("huggingface.co", "github.com", "githubusercontent.com", "gitlab.com", "kaggle.com", "paperswithcode.com")


def is_republication(url: str | None) -> bool:
    """Say whether ``url`` leads to such a host."""
    host = (urlsplit(url).hostname or "") if url else ""
    return any(host == name or host.endswith(f".{name}") for name in _HOSTS)
