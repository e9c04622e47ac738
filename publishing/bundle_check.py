"""Checking an audit bundle with nothing but itself. It may come from anybody: nothing of it is written anywhere."""

from __future__ import annotations

import json
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from frisat.errors import FrisatError, RefusedError
from frisat.files import sha256
from licensing import (
    GENESIS,
    PUBLISHABLE,
    Case,
    Entry,
    Register,
    decision_findings,
    decision_of,
    read_chain,
)
from publishing.bundle import EVIDENCE, REGISTER, packed
from publishing.release import FORMAT, NAME, SUMS
from publishing.signing import PUBLIC_KEY, SIGNATURE, fingerprint, is_signed

MAX_FILES = 100_000
MAX_BYTES = 1_000_000_000
MAX_FILE_BYTES = 200_000_000
_PATH = re.compile(r"(frisat-v\d+\.\d+\.\d+-audit)/([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_OUTSIDE_THE_SUMS = frozenset({SUMS, SIGNATURE, PUBLIC_KEY})


@dataclass(slots=True)
class BundleCheck:
    """What was found in a bundle; ``signed_by`` is the fingerprint of the key, ``None`` where nobody signed."""

    version: str | None = None
    decisions: int = 0
    evidence: int = 0
    signed_by: str | None = None
    faults: list[str] = field(default_factory=list)


def check_bundle(path: Path) -> BundleCheck:
    """Check the bundle at ``path``: form, sums, signature, register, evidence, decisions.

    Raises:
        FrisatError: it cannot be read as a bundle at all.
    """
    top, files = _read(path)
    found = BundleCheck()
    found.faults += _form(path, top, files)
    found.faults += _sums(files)
    found.faults += _signature(files, found)
    if NAME not in files or REGISTER not in files:
        found.faults.append(f"it lacks {NAME if NAME not in files else REGISTER}")
        return found
    try:
        record = json.loads(files[NAME])
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            found.faults.append(f"{NAME} has a format that this frisat does not read (it reads {FORMAT})")
            return found
        found.version = str(record["version"])
        if f"frisat-{found.version}-audit" != top:
            found.faults.append(f"its folder is {top}; {NAME} is that of {found.version}")
        entries = read_chain(files[REGISTER], REGISTER)
        found.faults += _register(record, entries, files)
        found.faults += _grounds(record, entries, files, found)
    except RefusedError as error:
        found.faults.append(str(error))
    except Exception as error:
        # What a stranger wrote can fail in any way; that it cannot be checked is a fault of it.
        found.faults.append(f"{NAME} or {REGISTER} cannot be checked: {type(error).__name__}: {error}"[:500])
    return found


def _read(path: Path) -> tuple[str, dict[str, bytes]]:
    """Return the folder and the files of a bundle. Only plain files with plain names are read, up to the limits."""
    files: dict[str, bytes] = {}
    tops: set[str] = set()
    total = 0
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                match = _PATH.fullmatch(member.name)
                parts = member.name.split("/")
                if not member.isreg() or match is None or {".", ".."} & set(parts):
                    raise FrisatError(
                        f"{path} is no audit bundle: it holds {member.name[:100]!r}, which is no plain file of one"
                    )
                total += member.size
                if member.size > MAX_FILE_BYTES or total > MAX_BYTES or len(files) >= MAX_FILES:
                    raise FrisatError(f"{path} is no audit bundle: it is larger than any ({member.name[:100]!r})")
                if match[2] in files:
                    raise FrisatError(f"{path} is no audit bundle: {member.name[:100]!r} stands in it twice")
                tops.add(match[1])
                content = tar.extractfile(member)
                files[match[2]] = content.read() if content else b""
                if len(files[match[2]]) != member.size:
                    raise FrisatError(f"{path} is cut short in {member.name[:100]!r}")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise FrisatError(f"{path} cannot be read as an audit bundle: {error}") from error
    if len(tops) != 1:
        raise FrisatError(f"{path} is no audit bundle: it should hold one folder, frisat-vX.Y.Z-audit")
    return tops.pop(), files


def _form(path: Path, top: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """Compare with the one way in which these files are packed: a byte between them may have changed as well."""
    content = path.read_bytes()
    wanted = packed(top, files)
    if content != wanted:
        pairs = enumerate(zip(content, wanted, strict=False))
        at = next((place for place, (a, b) in pairs if a != b), min(len(content), len(wanted)))
        yield f"its form was changed at byte {at:,}, in the heading of a file or between files"


def _sums(files: Mapping[str, bytes]) -> Iterator[str]:
    named: dict[str, str] = {}
    for line in files.get(SUMS, b"").decode("utf-8", "replace").splitlines():
        match = _SUM_LINE.fullmatch(line)
        if match is None or match[2] in named:
            yield f"{SUMS} has a line that is no sum, or one twice: {line[:80]!r}"
        else:
            named[match[2]] = match[1]
    if SUMS not in files:
        yield f"it lacks {SUMS}"
    for name in sorted(files.keys() - named.keys() - _OUTSIDE_THE_SUMS):
        yield f"{name} is not in {SUMS}"
    for name in sorted(named.keys() - files.keys()):
        yield f"{name} is missing"
    for name in sorted(named.keys() & files.keys()):
        if sha256(files[name]) != named[name]:
            yield f"{name} was changed after the bundle was made"


def _signature(files: Mapping[str, bytes], found: BundleCheck) -> Iterator[str]:
    if (SIGNATURE in files) != (PUBLIC_KEY in files):
        yield f"it has {SIGNATURE} or {PUBLIC_KEY} without the other"
    elif SIGNATURE in files:
        try:
            if is_signed(files.get(SUMS, b""), files[SIGNATURE], files[PUBLIC_KEY]):
                found.signed_by = fingerprint(files[PUBLIC_KEY])
            else:
                yield f"{SIGNATURE} is not the signature of {SUMS} by the key in {PUBLIC_KEY}"
        except ValueError as error:
            yield f"{SIGNATURE} or {PUBLIC_KEY} is damaged: {error}"


def _register(record: Mapping[str, Any], entries: list[Entry], files: Mapping[str, bytes]) -> Iterator[str]:
    if (entries[-1].hash if entries else GENESIS) != record["register_head"]:
        yield f"{REGISTER} ends in another record than {NAME} names"
    if record["others"].get(REGISTER) != sha256(files[REGISTER]):
        yield f"{REGISTER} is not the file that {NAME} names"
    decided = {entry.body["decision_id"]: entry.body for entry in entries if entry.kind == "decision"}
    for body in record["decisions"]:
        if decided.get(body["decision_id"]) != {key: value for key, value in body.items() if key != "evidence"}:
            yield f"decision {body['decision_id']} is not as {REGISTER} has it"
    named = {body["decision_id"] for body in record["decisions"]}
    used = {terms["decision_id"] for source in record["sources"] for terms in source["licences"]}
    for identity in sorted(used - named):
        yield f"documents are published under {identity}, which {NAME} does not hold"


def _grounds(
    record: Mapping[str, Any], entries: list[Entry], files: Mapping[str, bytes], found: BundleCheck
) -> Iterator[str]:
    """Judge every decision that something is published under, on the evidence in the bundle, as of the release."""
    day = date.fromisoformat(record["date"])
    captured = {entry.body["evidence_id"]: entry.body for entry in entries if entry.kind == "evidence"}
    with tempfile.TemporaryDirectory() as folder:
        register = Register(Path(folder))
        for name, content in files.items():
            if name.startswith(f"{EVIDENCE}/"):
                # Kept under the hash of what it is, so that what was changed is found by nobody.
                register.keep_bytes(content)
                found.evidence += 1
                if sha256(content) != name.rpartition("/")[2]:
                    yield f"{name} does not hold what its name says"
        for body in record["decisions"]:
            decision = decision_of(-1, {key: value for key, value in body.items() if key != "evidence"})
            found.decisions += 1
            if (status := decision.status_at(day, None)) not in PUBLISHABLE:
                yield f"rule L07 {decision.decision_id}: is {status} on {day}"
            evidence = [captured[key] for key in decision.evidence_ids if key in captured]
            for finding in decision_findings(Case(decision, evidence, register, day)):
                if finding.severity == "E":
                    yield f"rule {finding}"
