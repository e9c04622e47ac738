"""The register: evidence and decisions, appended one after the other and chained by hash. Nothing is ever changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frisat import clock
from frisat.errors import RefusedError
from frisat.files import canonical_json, sha256, write_atomic

GENESIS = "0" * 64
"""What the first record names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the register: ``kind`` is ``evidence`` or ``decision``; ``body`` is what it says."""

    number: int
    kind: str
    at: str
    previous: str
    body: Mapping[str, Any]
    hash: str

    def line(self) -> str:
        """Return the record as it stands in the file."""
        return canonical_json({**_sealed(self), "hash": self.hash})


def _sealed(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "at": entry.at,
        "previous": entry.previous,
        "body": dict(entry.body),
    }


def read_chain(content: bytes, where: str) -> list[Entry]:
    """Read and verify the records of a register's file from genesis.

    Raises:
        RefusedError: a record was edited, removed, doubled or moved, or the file is damaged; the first fault is named.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        raise RefusedError(f"the register {where} is damaged in line {place}: not UTF-8") from error
    if text and not text.endswith("\n"):
        place = text.count("\n") + 1
        raise RefusedError(f"the register {where} is damaged in line {place}: it was cut short")
    # Not splitlines(): a reviewer's words may hold other characters that it takes for the end of a line.
    lines = text.split("\n")[:-1]
    entries: list[Entry] = []
    previous = GENESIS
    for number, line in enumerate(lines):
        try:
            raw = json.loads(line)
            entry = Entry(raw["number"], raw["kind"], raw["at"], raw["previous"], dict(raw["body"]), raw["hash"])
            sealed = sha256(canonical_json(_sealed(entry)))
            written = entry.line()
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RefusedError(
                f"the register {where} is damaged in line {number + 1}: not a record ({error})"
            ) from error
        # Compared as written: what stands beside the sealed fields is no part of the hash.
        if entry.number != number or entry.previous != previous or entry.hash != sealed or written != line:
            raise RefusedError(
                f"the register {where} does not hold together: record {number} (line {number + 1}) was edited, moved, "
                "doubled, or one before it removed. Restore it from a backup or a release's rights/register.jsonl"
            )
        entries.append(entry)
        previous = entry.hash
    return entries


def _check_clock(entries: list[Entry]) -> None:
    now = clock.now().isoformat(timespec="milliseconds")
    if entries and now < entries[-1].at:
        raise RefusedError(
            f"the clock says {now}, which is before the last record of the register ({entries[-1].at}); nothing was "
            "recorded. Set the clock right"
        )


class Register:
    """The register in a folder: ``register.jsonl``, and the bytes of evidence beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "register.jsonl"

    def entries(self) -> list[Entry]:
        """Return all records, verified; see :func:`read_chain`."""
        if not self.path.exists():
            return []
        return read_chain(self.path.read_bytes(), str(self.path))

    def head(self) -> str:
        """Return the hash of the last record."""
        entries = self.entries()
        return entries[-1].hash if entries else GENESIS

    def append(self, records: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Entry]:
        """Append records, all or none; the workspace's lock must be held."""
        entries = self.entries()
        _check_clock(entries)
        added: list[Entry] = []
        for kind, body in records:
            last = added[-1] if added else entries[-1] if entries else None
            draft = Entry(
                number=len(entries) + len(added),
                kind=kind,
                at=clock.now().isoformat(timespec="milliseconds"),
                previous=last.hash if last else GENESIS,
                body=body,
                hash="",
            )
            sealed = _sealed(draft)
            added.append(Entry(**sealed, hash=sha256(canonical_json(sealed))))
        self._write(entries, added)
        return added

    def _write(self, entries: list[Entry], added: list[Entry]) -> None:
        # One rename: a command killed half-way leaves the register as it was.
        write_atomic(self.path, "".join(entry.line() + "\n" for entry in [*entries, *added]))

    def keep_bytes(self, content: bytes) -> str:
        """Store the raw bytes of evidence by their hash; return the hash."""
        digest = sha256(content)
        path = self.folder / "evidence" / digest
        if self.bytes_of(digest) is None:
            write_atomic(path, content)
            os.chmod(path, 0o444)  # noqa: PTH101
        return digest

    def bytes_of(self, digest: str) -> bytes | None:
        """Return the stored bytes of evidence, or None when they are gone or changed."""
        path = self.folder / "evidence" / digest
        content = path.read_bytes() if path.is_file() else b""
        return content if sha256(content) == digest else None
