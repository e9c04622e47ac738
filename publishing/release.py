"""``release.json``: the one record that describes a release, and from which everything else is rendered."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
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

    def file(self, name: str) -> Path:
        """Return where one of its files lies."""
        return self.path / name

    def index(self, known: AbstractSet[str] = frozenset()) -> dict[str, pa.Table]:
        """Return what its rows are compared by, per source (``rows.INDEX``).

        Args:
            known: hashes of rows (``rows_sha256`` of a data file): files that hold just these are not read.
        """
        tables: dict[str, list[pa.Table]] = {}
        for file in self.record["files"]:
            found = tables.setdefault(file["source"], [])
            if file["rows_sha256"] not in known:
                found.append(index_file(self.file(file["path"])))
        return {source: pa.concat_tables([INDEX.empty_table(), *found]) for source, found in tables.items()}

    def excluded(self) -> dict[str, dict[str, str | None]]:
        """Return the excluded rows by id."""
        columns = ["id", "source", "reason", "detail", "duplicate_of"]
        rows = read_columns(self.file("excluded.parquet"), columns).to_pylist()
        return {row["id"]: row for row in rows}

    def columns(self) -> list[str]:
        """Return ``name: type`` of each published column."""
        return list(self.record["columns"])


def load_release(path: Path) -> Release:
    """Read the release in the folder ``path``.

    Raises:
        FrisatError: there is none, or its record is damaged or of a later format.
    """
    return Release(path, read_record(path / NAME))


def read_record(file: Path) -> dict[str, Any]:
    """Read ``release.json``.

    Raises:
        FrisatError: there is none, or it is damaged or of a later format.
    """
    try:
        record = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise FrisatError(f"{file.parent} holds no release: {NAME} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise FrisatError(f"{file} is damaged: {error}") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FrisatError(f"{file} has a format that this frisat does not read (it reads {FORMAT})")
    return record


def sums(folder: Path) -> str:
    """Return ``SHA256SUMS`` over all files in ``folder`` but itself, sorted by path."""
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return "".join(f"{sha256_file(folder / path)}  {path}\n" for path in paths if path != SUMS)
