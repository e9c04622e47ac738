"""Reading a published release back as a model builder would, and comparing it with its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import pyarrow.parquet as pq
import yaml

from frisat.files import sha256
from frisat.parquet import read_columns
from frisat.schema import PUBLISHED
from publishing._hub_client import Hub, HubError, clean
from publishing._hub_state import files_at, plan
from publishing.publication import File, PublishError, ReadBack
from publishing.release import Release

WHOLE = 256_000_000
"""Bytes of data files up to which every row is read back; of more, the row counts and the first rows."""

_MOST_CONFIGS = 50


def read_back_hub(hub: Hub, release: Release, files: Sequence[File]) -> ReadBack:
    """Compare the version on the Hub with the release: hashes, row counts, and rows through ``load_dataset``.

    Raises:
        PublishError: something is not as ``release.json`` says.
    """
    from huggingface_hub import HfFileSystem

    version = release.version
    HfFileSystem.clear_instance_cache()  # it remembers what was not there before
    operations = plan([file for file in files if file.path != "README.md"], files_at(hub, version))
    if operations.add or set(operations.delete) - {"README.md"}:
        names = sorted({file.path for file in operations.add} | set(operations.delete) - {"README.md"})
        raise _differs(f"{len(names)} files of {version} are not those of the release, such as {names[0]}")
    system = HfFileSystem(skip_instance_cache=True)
    root = f"datasets/{hub.repo}@{version}"

    def check() -> ReadBack:
        try:
            count_rows(release, lambda path: system.open(f"{root}/{path}", "rb", cache_type="none"))
            return _loaded(release, hub.repo, version)
        except PublishError:
            raise
        except Exception as error:
            # Whatever a library makes of a broken answer; its text may hold a signed address.
            why = clean(f"{type(error).__name__}: {error}")[:500]
            raise HubError(f"reading {version} back failed: {why}", None, passing=True) from None

    return hub.ask("reading back", check)


def count_rows(release: Release, open_file: Callable[[str], IO[bytes]]) -> None:
    """Compare the number of rows of every data file with the record; only the files' ends are read."""
    for entry in release.record["files"]:
        with open_file(entry["path"]) as handle:
            found = pq.read_metadata(handle).num_rows
        if found != entry["rows"]:
            raise _differs(f"{entry['path']} has {found:,} rows instead of {entry['rows']:,}")


def read_back_folder(release: Release, place: str) -> ReadBack:
    """Compare a copy of the release in a local folder with its record, through ``load_dataset``."""
    return _loaded(release, place, None)


def configs(release: Release) -> dict[str, int]:
    """Return how many rows each config that the card declares must have."""
    front = yaml.safe_load((release.path / "README.md").read_text("utf-8").split("---\n")[1])
    return {info["config_name"]: info["splits"][0]["num_examples"] for info in front.get("dataset_info", [])}


def _loaded(release: Release, place: str, revision: str | None) -> ReadBack:
    import datasets

    if not (declared := configs(release)):
        return ReadBack(0, 0, (), "every row")  # a version from which everything was withdrawn
    found = datasets.get_dataset_config_names(place, revision=revision)
    if set(found) != set(declared):
        raise _differs(f"the configs are {', '.join(sorted(found))} instead of {', '.join(sorted(declared))}")
    files = release.record["files"]
    whole = sum(file["size"] for file in files) <= WHOLE
    # A set of thousands of sources is judged by the first of them: each costs some questions to the Hub.
    for name in [name for name in declared if declared[name]][:_MOST_CONFIGS]:
        stream = datasets.load_dataset(place, name, split="train", streaming=True, revision=revision)
        if name == "default" and whole:
            _compare_rows(release, iter(stream))
        elif list(next(iter(stream))) != PUBLISHED.names:
            raise _differs(f"config {name} has other columns")
    rows = sum(file["rows"] for file in files)
    return ReadBack(rows, len(files), tuple(found), "every row" if whole else "row counts")


def _compare_rows(release: Release, stream: Iterator[dict[str, Any]]) -> None:
    """Compare every row that was loaded with the release's, and every text with its hash."""
    expected: dict[str, str] = {}
    for file in release.record["files"]:
        table = read_columns(release.path / file["path"], ["id", "text_sha256"])
        expected.update(zip(table.column("id").to_pylist(), table.column("text_sha256").to_pylist(), strict=True))
    for row in stream:
        if list(row) != PUBLISHED.names:
            raise _differs("the columns are not those of the schema")
        if expected.pop(row["id"], None) != sha256(row["text"]):
            raise _differs(f"{row['id']} has another text, or stands twice, or is no document of the release")
    if expected:
        raise _differs(f"{len(expected):,} documents are missing, such as {min(expected)}")


def _differs(what: str) -> PublishError:
    return PublishError(
        f"what was read back is not what was published: {what}. Do not announce this version; look at it, and publish "
        "the release to another place or under a new number"
    )
