"""The audit bundle: one deterministic tar of what a reviewer concluded, on which evidence, for one release."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from frisat.errors import RefusedError
from frisat.files import sha256, write_atomic
from licensing import Entry, Register, evidence_faults, read_chain
from publishing.release import NAME, SUMS, Release
from publishing.signing import PUBLIC_KEY, SIGNATURE, public_pem, signing_key

REGISTER = "rights/register.jsonl"
EVIDENCE = "rights/evidence"
PAGES = ("README.md", "LICENSE.md", "NOTICE.md")
"""Pages of the release that tell what the record says; taken along for a person to read."""

_MODE = 0o644


def write_bundle(release: Release, register: Register, target: Path) -> dict[str, Any]:
    """Write the bundle of ``release`` to ``target``; return what is in it and who signed it.

    The same release, register and key give the same bytes, whenever and wherever it is written.

    Raises:
        RefusedError: evidence that the release rests on is gone or changed.
        UsageError: the signing key cannot be used.
    """
    key = signing_key()
    files = contents(release, register)
    sums = "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
    files[SUMS] = sums
    if key is not None:
        files[SIGNATURE] = key.sign(sums).hex().encode() + b"\n"
        files[PUBLIC_KEY] = public_pem(key)
    write_atomic(target, packed(f"frisat-{release.version}-audit", files))
    evidence = sum(name.startswith(EVIDENCE) for name in files)
    return {
        "version": release.version,
        "path": str(target),
        "files": len(files),
        "evidence": evidence,
        "bytes": target.stat().st_size,
        "signed": key is not None,
    }


def contents(release: Release, register: Register) -> dict[str, bytes]:
    """Return the files of a bundle but sums and signature, by name."""
    names = [NAME, REGISTER, *(page for page in PAGES if (release.path / page).is_file())]
    files = {name: (release.path / name).read_bytes() for name in names}
    entries = read_chain(files[REGISTER], f"{release.path}/{REGISTER}")
    used = {key for decision in release.record["decisions"] for key in decision["evidence_ids"]}
    for body in _evidence(entries):
        if body["evidence_id"] in used and (faults := evidence_faults(register, body)):
            raise RefusedError(f"the bundle would not stand: {faults[0]}. Restore register/evidence from a backup")
        for digest in digests(body):
            content = register.bytes_of(digest)
            if content is not None:
                files[f"{EVIDENCE}/{digest}"] = content
    return files


def digests(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hashes under which the bytes of an evidence record are kept: never those of a confidential original."""
    yield body.get("redacted_sha256") or body["raw_sha256"]
    if body.get("text_version") is not None:
        yield body["text_sha256"]


def _evidence(entries: list[Entry]) -> list[Mapping[str, Any]]:
    return [entry.body for entry in entries if entry.kind == "evidence"]


def packed(top: str, files: Mapping[str, bytes]) -> bytes:
    """Return a tar of ``files`` under the folder ``top``: sorted, without owners, times or the machine's ways."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size, info.mode = len(files[name]), _MODE
            tar.addfile(info, io.BytesIO(files[name]))
    return buffer.getvalue()
