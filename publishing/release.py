"""``release.json``: the one record that describes a release, and from which everything else is rendered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from frisat.errors import FrisatError
from frisat.files import sha256_file
from frisat.parquet import read_columns
from publishing.rows import INDEX, index_file

FORMAT = 1
NAME = "release.json"
SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Release:
    """A finished release: its folder and its record."""

    path: Path
    record: dict[str, Any]

    @property
    def version(self) -> str:
        """The version, as ``v1.2.3``."""
        return str(self.record["version"])

    def index(self) -> dict[str, pa.Table]:
        """Return what its rows are compared by, per source (``rows.INDEX``)."""
        tables: dict[str, list[pa.Table]] = {}
        for file in self.record["files"]:
            tables.setdefault(file["source"], []).append(index_file(self.path / file["path"]))
        return {source: pa.concat_tables([INDEX.empty_table(), *found]) for source, found in tables.items()}

    def excluded(self) -> dict[str, dict[str, str | None]]:
        """Return the excluded rows by id."""
        columns = ["id", "source", "reason", "detail", "duplicate_of"]
        rows = read_columns(self.path / "excluded.parquet", columns).to_pylist()
        return {row["id"]: row for row in rows}

    def columns(self) -> list[str]:
        """Return ``name: type`` of each published column."""
        return list(self.record["columns"])


def load_release(path: Path) -> Release:
    """Read the release in the folder ``path``.

    Raises:
        FrisatError: there is none, or its record is damaged or of a later format.
    """
    file = path / NAME
    try:
        record = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise FrisatError(f"{path} holds no release: {NAME} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise FrisatError(f"{file} is damaged: {error}") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FrisatError(f"{file} has a format that this frisat does not read (it reads {FORMAT})")
    return Release(path, record)


def sums(folder: Path) -> str:
    """Return ``SHA256SUMS`` over all files in ``folder`` but itself, sorted by path."""
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{sha256_file(folder / path)}  {path}\n" for path in paths if path != SUMS)
