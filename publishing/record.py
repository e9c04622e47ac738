"""Making ``release.json``: first what the release holds, then when and as which files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import measured
from datacards import sample_of, statistics, total
from frisat.files import canonical_json, sha256
from frisat.parquet import read_groups
from frisat.schema import PUBLISHED
from licensing import Register, decisions, find_licence
from publishing.changes import Changes
from publishing.exclusion import kind
from publishing.release import FORMAT, NAME, Release
from publishing.rights import with_own_terms
from publishing.selection import Selected
from publishing.shards import Shard

_LIBRARIES = ("pyarrow", "ftfy", "langdetect", "lxml")


def pretty(value: Any) -> str:
    """Return JSON for files that people read too: sorted keys, one line an item."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what views are rendered from: the record of the release in ``folder``, and the changes of all versions."""
    record = json.loads((folder / NAME).read_text("utf-8"))
    return record, json.loads((folder / "changes.json").read_text("utf-8"))["versions"]


def content(
    selected: Sequence[Selected],
    excluded: Mapping[str, list[dict[str, str | None]]],
    shards: Sequence[Shard],
    register: Register,
    tokenizer: str,
    withdrawn: Sequence[Mapping[str, Any]] = (),
    reserved: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return what a release holds, without version, date and bytes; ``content_sha256`` identifies it."""
    sources = [
        _source(source, excluded[source.descriptor.name], shards, (reserved or {}).get(source.descriptor.name, 0))
        for source in selected
    ]
    everything = pa.concat_tables(shard.figures for shard in shards) if shards else None
    used = {terms["decision_id"] for source in sources for terms in source["licences"]}
    decided = _decisions(register, used)
    licences = _licences({terms["license"] for source in sources for terms in source["licences"]})
    held: dict[str, Any] = {
        "format": FORMAT,
        "name": "frisat",
        "tokenizer": tokenizer,
        "columns": [f"{column.name}: {column.type}" for column in PUBLISHED],
        "sources": sources,
        "totals": total([source["statistics"] for source in sources if source["statistics"]]),
        "statistics": statistics(everything) if everything is not None else None,
        "overlap": overlap(excluded),
        "licences": with_own_terms(licences, decided, sources),
        "decisions": decided,
        "register_head": register.head(),
        "excluded_sha256": sha256(canonical_json({name: excluded[name] for name in sorted(excluded)})),
        "measured": [asdict(figure) for figure in measured()],
        "files": [shard.entry() for shard in shards],
        **({"withdrawn": list(withdrawn)} if withdrawn else {}),
    }
    return {
        **held,
        "content_sha256": sha256(canonical_json(held)),
        "made_with": {name: version(name) for name in ("frisat", *_LIBRARIES)},
    }


def _source(
    source: Selected, excluded: list[dict[str, str | None]], shards: Sequence[Shard], reserved: int
) -> dict[str, Any]:
    descriptor = source.descriptor
    figures = [shard.figures for shard in shards if shard.source == descriptor.name]
    rows = pa.concat_tables(figures) if figures else None
    return {
        **descriptor.model_dump(exclude={"rank"} if descriptor.archive else {"rank", "archive"}),
        "counts": {
            "current_documents": source.documents.num_rows,
            "gave_none": source.problems.num_rows,
            "published": len(source.published()),
            "excluded": len(excluded),
            "reasons": dict(sorted(Counter(str(row["reason"]) for row in excluded).items())),
            # Records beside which text and data mining was reserved when they were retrieved.
            "reserved": reserved,
            # What came by --from, not from the publisher's service.
            "delivered": int(pc.sum(source.documents.column("delivery").is_valid()).as_py() or 0),
        },
        "licences": terms(rows) if rows is not None else [],
        "statistics": statistics(rows) if rows is not None else None,
        "retrieved": _span(rows) if rows is not None else None,
    }


def overlap(excluded: Mapping[str, list[dict[str, str | None]]]) -> dict[str, dict[str, int]]:
    """Count the copies left out: by their source, and by the source of the document that stands for them."""
    found: dict[str, dict[str, int]] = {}
    for source, rows in sorted(excluded.items()):
        stands = Counter(
            str(row["duplicate_of"]).partition("/")[0] for row in rows if kind(str(row["reason"])) == "duplicate"
        )
        if stands:
            found[source] = dict(sorted(stands.items()))
    return found


def samples(folder: Path, files: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the first row of each source that has files in ``folder``, as cards show it."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(file["source"], file["path"])
    return {source: sample_of(next(read_groups(folder / path)).slice(0, 1).to_pylist()[0])
            for source, path in sorted(first.items())}  # fmt: skip


def terms(rows: pa.Table) -> list[dict[str, Any]]:
    keys = ["license", "legal_basis", "decision_id"]
    found = rows.group_by(keys).aggregate([([], "count_all")]).sort_by([(key, "ascending") for key in keys])
    return [
        {
            "license": row["license"],
            "licence_class": find_licence(row["license"]).licence_class,
            "legal_basis": row["legal_basis"],
            "decision_id": row["decision_id"],
            "documents": row["count_all"],
        }
        for row in found.to_pylist()
    ]


def _span(rows: pa.Table) -> list[str]:
    days = [moment.date().isoformat() for moment in rows.column("retrieved_at").to_pylist()]
    return [min(days), max(days)]


def _licences(ids: set[str]) -> list[dict[str, Any]]:
    found = [find_licence(identity) for identity in sorted(ids)]
    return [
        {"id": item.id, "title": item.title, "url": item.url, "class": item.licence_class, "hub": item.hub,
         "text": item.text}
        for item in found
    ]  # fmt: skip


def _decisions(register: Register, used: set[str]) -> list[dict[str, Any]]:
    """Return the decisions that something is published under, the latest of each id, with their evidence."""
    evidence = {entry.body["evidence_id"]: entry.body for entry in register.entries() if entry.kind == "evidence"}
    latest = {decision.decision_id: decision for decision in decisions(register)}
    public = ("name", "quote", "raw_sha256", "retrieved_at")
    return [
        {
            **latest[identity].body(),
            "evidence": [{key: evidence[e][key] for key in public} for e in latest[identity].evidence_ids],
        }
        for identity in sorted(used)
    ]


def history(previous: Release | None, record: Mapping[str, Any], changes: Changes) -> list[dict[str, Any]]:
    """Return the changes of all versions, the latest first; this version's are put before the earlier ones."""
    gone = [
        {
            "id": identity,
            "source": source,
            "change": change,
            "reason": changes.reasons[identity],
            "stands_for_it": changes.stands_for.get(identity),
        }
        for source, classes in sorted(changes.by_source.items())
        for change in ("removed", "replaced")
        for identity in classes.get(change, [])
    ]
    latest = {
        "version": record["version"],
        "date": record["date"],
        "previous": record["previous"],
        "sources": changes.counts(),
        "gone": gone,
    }
    earlier = json.loads((previous.path / "changes.json").read_text("utf-8"))["versions"] if previous else []
    return [latest, *earlier]
