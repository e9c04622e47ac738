"""Checking a finished release with nothing but its own files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from cleaning import MIN_WORDS, Scheme, sign_texts
from datacards import render_views
from frisat.documents import ID_CHARACTERS
from frisat.files import canonical_json, sha256, sha256_file
from frisat.parquet import open_parquet, read_columns, read_groups, read_metadata
from frisat.report import Reporter
from frisat.schema import EXCLUDED, PUBLISHED
from licensing import GENESIS, LEGAL_BASES, find_licence, read_chain
from publishing.exclusion import PRECEDENCE, kind
from publishing.record import read
from publishing.recount import check_figures
from publishing.release import SUMS, Release, load_release
from publishing.release_rules import ReleaseRules
from publishing.residual import find_cpr, scan_texts
from publishing.rows import index_file, rows_sha256
from publishing.signatures import schema as signature_columns

MOST_FAULTS = 50
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def verify(path: Path, report: Reporter) -> list[str]:
    """Return every fault found in the release at ``path`` (at most fifty); none means that it holds together.

    Raises:
        FrisatError: there is no release at ``path`` at all.
    """
    if strange := _strange(path):
        return [f"{name} is neither a file nor a folder; nothing else was read" for name in strange[:MOST_FAULTS]]
    release = load_release(path)
    checks: Sequence[Callable[[Release], Iterator[str]]] = (
        _check_sums, _check_register, _check_counts, _check_views, _check_texts, _check_data, _check_signatures,
        _check_rules, check_figures,
    )  # fmt: skip
    faults: list[str] = []
    for check in report.track(checks, label="Verifying", total=len(checks)):
        try:
            for fault in check(release):
                faults.append(fault)
                if len(faults) >= MOST_FAULTS:
                    return [*faults, "…and perhaps more: the check stopped here"]
        except Exception as error:
            # What a stranger changed can fail in any way; a check that cannot be made is a fault itself.
            faults.append(f"{check.__name__.partition('check_')[2]} cannot be checked: {type(error).__name__}: {error}")
    return faults


def _strange(folder: Path) -> list[str]:
    """Return what lies in a release that no release holds: links that lead out of it, pipes that never end."""
    found = (p for p in folder.rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir()))
    return sorted(p.relative_to(folder).as_posix() for p in found)


def _check_sums(release: Release) -> Iterator[str]:
    named: dict[str, str] = {}
    for line in (release.path / SUMS).read_text("utf-8").splitlines():
        match = _SUM_LINE.fullmatch(line)
        if match is None:
            yield f"{SUMS} has a line that is no sum: {line[:80]!r}"
        elif named.setdefault(match.group(2), match.group(1)) != match.group(1):
            yield f"{SUMS} names {match.group(2)} twice"
    present = {p.relative_to(release.path).as_posix() for p in release.path.rglob("*") if p.is_file()}
    for name in sorted(present - named.keys() - {SUMS}):
        yield f"{name} is not in {SUMS}"
    for name in sorted(named.keys() - present):
        yield f"{name} is missing"
    for name in sorted(named.keys() & present):
        if sha256_file(release.path / name) != named[name]:
            yield f"{name} was changed after the release was made"
    declared = {file["path"]: file["sha256"] for file in release.record["files"]} | release.record["others"]
    for name in sorted(named):
        if named[name] != declared.get(name, named[name]) or (name.endswith(".parquet") and name not in declared):
            yield f"{name} is not a file that release.json names"


def _check_register(release: Release) -> Iterator[str]:
    entries = read_chain((release.path / "rights/register.jsonl").read_bytes(), "rights/register.jsonl")
    if (entries[-1].hash if entries else GENESIS) != release.record["register_head"]:
        yield "rights/register.jsonl ends in another record than release.json names"
    decided = {entry.body["decision_id"]: entry.body for entry in entries if entry.kind == "decision"}
    captured = {entry.body["evidence_id"]: entry.body for entry in entries if entry.kind == "evidence"}
    for decision in release.record["decisions"]:
        identity, body = decision["decision_id"], {k: v for k, v in decision.items() if k != "evidence"}
        evidence = [captured.get(key, {}) for key in decision["evidence_ids"]]
        shown = [{k: was.get(k) for k in item} for was, item in zip(evidence, decision["evidence"], strict=False)]
        if decided.get(identity) != body or shown != decision["evidence"]:
            yield f"decision {identity} is not as rights/register.jsonl has it"


def _check_counts(release: Release) -> Iterator[str]:
    excluded: dict[str, list[dict[str, Any]]] = {source["name"]: [] for source in release.record["sources"]}
    for group in read_groups(release.path / "excluded.parquet"):
        if not group.schema.equals(EXCLUDED):
            yield "excluded.parquet has other columns than it should"
        if find_cpr(group):
            yield "excluded.parquet holds a number like a CPR number"
        for row in group.to_pylist():
            excluded[row["source"]].append(row)
    for reason in sorted({row["reason"] for rows in excluded.values() for row in rows}):
        if kind(reason) not in PRECEDENCE:
            yield f"excluded.parquet has an unknown reason {reason!r}"
    if sha256(canonical_json(excluded)) != release.record["excluded_sha256"]:
        yield "excluded.parquet holds other rows than release.json says"
    for source in release.record["sources"]:
        counts, name = source["counts"], source["name"]
        published = sum(file["rows"] for file in release.record["files"] if file["source"] == name)
        if counts["current_documents"] + counts["gave_none"] != counts["published"] + counts["excluded"]:
            yield f"{name}: what was collected is not what is published and excluded"
        if published != counts["published"] or len(excluded[name]) != counts["excluded"]:
            yield (
                f"{name}: the files hold {published} published and {len(excluded[name])} excluded, "
                "not what release.json says"
            )


def _check_views(release: Release) -> Iterator[str]:
    record, history = read(release.path)
    if history[0] != record["changes"]:
        yield "changes.json does not begin with the changes that release.json names"
    for name, text in render_views(record, history).items():
        if not (release.path / name).is_file() or (release.path / name).read_text("utf-8") != text:
            yield f"{name} is not what release.json gives"
    front = yaml.safe_load((release.path / "README.md").read_text("utf-8").split("---\n")[1])
    rows = {info["config_name"]: info["splits"][0]["num_examples"] for info in front.get("dataset_info", [])}
    if rows.get("default", 0) != sum(file["rows"] for file in release.record["files"]):
        yield "README.md declares another number of rows than the files hold"
    held = {k: v for k, v in release.record.items() if k not in _ADDED_LATER}
    held["files"] = [{k: v for k, v in file.items() if k in _PLANNED} for file in held["files"]]
    if sha256(canonical_json(held)) != release.record["content_sha256"]:
        yield "release.json was changed: its content has another hash than it names"


def _check_texts(release: Release) -> Iterator[str]:
    for name in scan_texts(release.path):
        yield f"{name}: a number like a CPR number is left"


def _check_rules(release: Release) -> Iterator[str]:
    for finding in ReleaseRules(release.path, release.record).findings():
        if finding.severity == "E":
            yield f"rule {finding}"


_ADDED_LATER = ("content_sha256", "made_with", "version", "date", "previous", "changes", "others", "samples")
_PLANNED = ("path", "source", "licence_class", "rows", "rows_sha256")


def _check_data(release: Release) -> Iterator[str]:
    decided = {decision["decision_id"]: decision for decision in release.record["decisions"]}
    seen: set[str] = set()
    for file in release.record["files"]:
        path = release.path / file["path"]
        with open_parquet(path) as parquet:
            if not parquet.schema_arrow.remove_metadata().equals(PUBLISHED):
                yield f"{file['path']} has other columns than the schema"
                continue
        if rows_sha256(index_file(path)) != file["rows_sha256"]:
            yield f"{file['path']} holds other rows than release.json says"
        last = ("", "")
        for group in read_groups(path):
            last, faults = _check_rows(file, group, decided, seen, last, str(release.record["date"]))
            yield from faults


def _check_signatures(release: Release) -> Iterator[str]:
    """Sign every published text again, and compare."""
    scheme = Scheme()
    for source in sorted({file["source"] for file in release.record["files"]}):
        path = release.path / "signatures" / f"{source}.parquet"
        with open_parquet(path) as parquet:
            if not parquet.schema_arrow.remove_metadata().equals(signature_columns(scheme)):
                yield f"signatures/{source}.parquet has other columns than it should"
                continue
        scheme.check(read_metadata(path), f"signatures/{source}.parquet")
        table = read_columns(path, ["id", "signature"])
        given = dict(zip(table.column("id").to_pylist(), table.column("signature").to_pylist(), strict=True))
        for file in (file for file in release.record["files"] if file["source"] == source):
            for group in read_groups(release.path / file["path"], ["id", "text", "quality"]):
                words = pc.struct_field(group.column("quality"), "words")
                long_enough = pc.greater_equal(words, MIN_WORDS).combine_chunks()
                signed = sign_texts(group.column("text"))
                made = pc.if_else(long_enough, signed, pa.scalar(None, signed.type)).to_pylist()
                for identity, mine in zip(group.column("id").to_pylist(), made, strict=True):
                    if given.pop(identity, None) != mine:
                        yield f"{identity}: its signature is not that of its text"
        if given:
            yield f"signatures/{source}.parquet signs {len(given)} texts that are not published"


def _check_rows(
    file: dict[str, Any],
    rows: pa.Table,
    decided: dict[str, dict[str, Any]],
    seen: set[str],
    last: tuple[str, str],
    date: str,
) -> tuple[tuple[str, str], list[str]]:
    faults = [f"{identity}: a number like a CPR number is left" for identity in find_cpr(rows)]
    light = rows.drop_columns(["text", "quality", "repairs", "redactions", "details"]).to_pylist()
    texts = rows.column("text")
    for position, row in enumerate(light):
        identity = row["id"]
        if identity in seen:
            faults.append(f"{identity} stands twice")
        seen.add(identity)
        if not ID_CHARACTERS.fullmatch(identity) or not identity.startswith(f"{file['source']}/"):
            faults.append(f"{identity!r} is no id of {file['source']}")
        if sha256(texts[position].as_py()) != row["text_sha256"]:
            faults.append(f"{identity}: text_sha256 is not that of the text")
        if (row["added"], identity) <= last or row["added"] > date:
            faults.append(f"{identity} stands out of order, or was added after the release")
        last = (row["added"], identity)
        faults += _check_terms(file, row, decided)
    if pc.any(pc.equal(pc.binary_length(texts), 0)).as_py():
        faults.append(f"{file['path']} holds an empty text")
    return last, faults


def _check_terms(file: dict[str, Any], row: dict[str, Any], decided: dict[str, dict[str, Any]]) -> list[str]:
    identity, decision = row["id"], decided.get(row["decision_id"])
    if decision is None:
        return [f"{identity}: decision {row['decision_id']} is not in release.json"]
    faults = []
    if find_licence(row["license"]).licence_class != file["licence_class"]:
        faults.append(f"{identity} stands among {file['licence_class']} texts with licence {row['license']}")
    if row["legal_basis"] not in LEGAL_BASES or decision["legal_basis"] != row["legal_basis"]:
        faults.append(f"{identity}: legal basis {row['legal_basis']!r} is not that of its decision")
    if decision["license"] != row["license"] or decision["source"] != row["source"]:
        faults.append(f"{identity}: licence or source is not that of its decision")
    if decision["attribution"] is not None and not row["attribution"]:
        faults.append(f"{identity}: the attribution that its decision asks for is missing")
    return faults
