"""A release that stands on the Hugging Face Hub, of which files are fetched as they are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from frisat.errors import UsageError
from frisat.report import Reporter
from publishing._hub_client import HubError, Patience, open_hub
from publishing.publication import PublishError
from publishing.release import NAME, Release, read_record

_ADDRESS = re.compile(r"hf://datasets/([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@([\w./-]+))?/?")
_FILE = re.compile(r"release\.json|excluded\.parquet|data/[a-z0-9-]+/[a-z-]+-\d{5}\.parquet")


@dataclass(frozen=True, slots=True)
class PublishedRelease(Release):
    """A release on the Hub; ``fetch`` brings one of its files to this machine and says where it lies."""

    fetch: Callable[[str], Path]

    def file(self, name: str) -> Path:
        """Return where a file lies, once it is here.

        Raises:
            PublishError: no release has a file of that name, or the Hub does not give it.
        """
        if not _FILE.fullmatch(name):
            raise PublishError(f"{self.record['version']} names a file that no release has: {name!r}")
        return self.fetch(name)


def fetch_release(address: str, report: Reporter, patience: Patience | None = None) -> Release:
    """Return the release at ``hf://datasets/ORG/NAME@REVISION``; without a revision, that of the main branch.

    Files are kept in the library's own cache, so that a second look fetches nothing.

    Raises:
        UsageError: the address is none.
        PublishError: there is no such repository or revision, it holds no release, or the Hub failed.
    """
    if (found := _ADDRESS.fullmatch(address)) is None:
        raise UsageError(f"{address!r} is no release on the Hub; write hf://datasets/ORG/NAME@v1.2.3")
    repo, revision = found[1], found[2] or "main"

    def fetch(name: str) -> Path:
        from huggingface_hub import hf_hub_download

        with open_hub(repo, report, patience or Patience()) as hub:
            try:
                return Path(
                    hub.ask(
                        f"fetching {name}",
                        lambda: hf_hub_download(repo, name, repo_type="dataset", revision=revision),
                    )
                )
            except HubError as error:
                if error.status != 404:
                    raise
                raise PublishError(
                    f"{hub.page} has no {name} at {revision}; is the name right, is it a release of frisat, and may "
                    "you read it (HF_TOKEN)?"
                ) from None

    return PublishedRelease(Path(), read_record(fetch(NAME)), fetch)
