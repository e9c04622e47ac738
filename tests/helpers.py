"""Deliveries, records and rows for tests of the parts below the flows."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard

from frisat.documents import Record
from frisat.files import sha256
from frisat.parquet import read_groups
from frisat.report import Silent
from frisat.schema import DOCUMENTS
from frisat.workspace import Workspace
from sources import Collected, harvest_delivery

ROOT = Path(__file__).parents[1]
NOON = datetime(2041, 3, 1, 12, tzinfo=UTC)

DESCRIPTOR = """
name = "example-minutes"
title = { da = "Eksempelreferater", en = "Example minutes" }
description = { da = "Referater fra et opdigtet råd.", en = "Minutes of an invented council." }
publisher = "Example Municipality"
contact = "mailto:data@example.org"
landing_page = "https://example.org/minutes"
update_frequency = "irregular"
domains = ["Other"]
document_types = ["minutes"]
personal_data = "none"
language = "da"

[rights]
claim = "CC0-1.0"
stated_at = "https://example.org/terms"
note = { da = "Opdigtet.", en = "Invented." }
"""

DANISH = (
    "Byrådet besluttede i går at udskyde sagen, fordi flere af medlemmerne endnu ikke havde læst det bilag, som "
    "forvaltningen sendte ud efter fristen."
)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` (path within, content) below ``folder`` and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def write_delivery(folder: Path, files: Mapping[str, str | bytes], descriptor: str = DESCRIPTOR) -> Path:
    """Write a delivery without code: its descriptor and ``files``."""
    return write_files(folder, {"source.toml": descriptor, **files})


def tar_bytes(files: Mapping[str, bytes], *, top: str = "") -> bytes:
    """Return a TAR of ``files``, every path beginning with ``top``."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(top + name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def pack(path: Path, files: Mapping[str, bytes], *, top: str = "") -> Path:
    """Pack ``files`` into the archive ``path``, as its name says."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(top + name, content)
        return path
    path.write_bytes(squeeze(path.name, tar_bytes(files, top=top)))
    return path


def squeeze(name: str, content: bytes) -> bytes:
    """Compress ``content`` as the file name ``name`` says."""
    if name.endswith(".zst"):
        return zstandard.ZstdCompressor(level=3).compress(content)
    if name.endswith(".gz"):
        import gzip

        return gzip.compress(content, 6)
    return content


def harvest(workspace: Workspace, origin: Path, name: str = "example-minutes", **options: Any) -> Collected:
    """Harvest ``origin`` as a command would."""
    with workspace.lock("test"):
        return harvest_delivery(workspace, name, origin, Silent(), **options)


def record(body: bytes | Path, key: str, source: str = "example-minutes") -> Record:
    """Return a record as the archive gives it."""
    digest = sha256(body if isinstance(body, bytes) else body.read_bytes())
    return Record(source=source, key=key, body=body, sha256=digest, retrieved_at=NOON)


def lines(*rows: Any) -> bytes:
    """Return rows as JSON lines; bytes stand as they are."""
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows) + b"\n"


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return all rows of a Parquet file."""
    return [row for group in read_groups(path) for row in group.to_pylist()]


def parquet_bytes(table: pa.Table) -> bytes:
    """Return ``table`` as somebody else's Parquet file."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def run_python(code: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own and return what it said."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
    )


def document(identity: str, text: str, **values: Any) -> dict[str, Any]:
    """Return a row as extraction gives it."""
    row: dict[str, Any] = dict.fromkeys(DOCUMENTS.names)
    return {
        **row, "id": f"s/{identity}", "text": text, "source": "s", "content": sha256(text), "record_key": "a.txt",
        "record_sha256": sha256("a"), "retrieved_at": NOON, "harvest": 1, **values,
    }  # fmt: skip
