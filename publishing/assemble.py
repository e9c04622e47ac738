"""Assembly: a function of refined parts, links, register, previous release and date; the result is a release.

Until its last file is there the release lies under a temporary name; then it is renamed, whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from cleaning import TOKENIZER, read_pairs_of
from frisat import clock
from frisat.descriptor import Descriptor
from frisat.errors import FrisatError
from frisat.files import atomic_folder
from frisat.parquet import read_columns
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.schema import LINKS
from frisat.workspace import Workspace
from licensing import Entry, Register
from publishing import record as records
from publishing.changes import Changes, compare, lost_share, next_version
from publishing.current import current_rows
from publishing.release import load_release
from publishing.rights import check_decisions, check_register, ruling_of
from publishing.rows import load_rows
from publishing.selection import Selected, excluded_rows, select
from publishing.shards import plan_shards
from publishing.survivors import choose_survivors
from publishing.withdrawals import standing_withdrawals, tombstones
from publishing.withholding import check_withdrawals, withhold_withdrawn
from publishing.writing import ReleaseWriter

MOST_LOSS = 0.02
"""The share of its published documents that a source may lose unasked."""


@dataclass(frozen=True, slots=True)
class Refined:
    """The refined parts of one source, all of them and none that is stale, and the parts of the index over them."""

    descriptor: Descriptor
    parts: tuple[Path, ...]
    signed: tuple[Path, ...] = ()
    reserved: Mapping[str, datetime] = field(default_factory=dict)
    """SHA-256 of the records beside which text and data mining was reserved when they were retrieved, and when."""


@dataclass(slots=True)
class Assembled:
    """What assembly did, or would do: ``version`` is None where nothing changed or nothing is cleared."""

    version: str | None
    path: Path | None
    previous: str | None
    changes: Changes
    sources: list[dict[str, Any]] = field(default_factory=list)
    carried_over: int = 0
    written: int = 0


def assemble(
    workspace: Workspace,
    refined: Sequence[Refined],
    links: Path,
    runner: Runner,
    report: Reporter,
    *,
    accept_loss: Sequence[str] = (),
    plan_only: bool = False,
) -> Assembled:
    """Assemble a release of everything that a standing decision clears; write it unless nothing changed.

    Raises:
        RefusedError: the register does not hold together, or a CPR number was left in a text.
        FrisatError: the sum does not hold, or a source would lose more than 2 % without being accepted.
    """
    register = Register(workspace.register)
    previous = load_release(workspace.release()) if workspace.versions() else None
    entries = register.entries()
    check_register(register, entries, previous)
    check_withdrawals(workspace, previous)
    before = previous.index() if previous else {}
    added = _added(before)
    standing = standing_withdrawals(workspace)
    selected = _select(refined, register, entries, report)
    parts = [(item.parts, item.signed) for item in refined]
    copies = withhold_withdrawn(selected, parts, standing, workspace, runner, report)
    choose_survivors(selected, read_columns(links, LINKS.names), read_pairs_of(links), added)
    tombs = tombstones(standing, copies, added, previous.record if previous else None)
    excluded = {source.descriptor.name: excluded_rows(source) for source in selected}
    _check_sum(selected, excluded)
    shards = [
        shard
        for source, item in zip(selected, refined, strict=True)
        for shard in plan_shards(source, item.parts, added)
    ]
    after = {name: pa.concat_tables(s.index for s in shards if s.source == name) for name in {s.source for s in shards}}
    gone = {tomb["id"]: {"reason": "withdrawn"} for tomb in tombs}
    changes = compare(before, after, gone | {str(row["id"]): row for rows in excluded.values() for row in rows})
    reserved = {item.descriptor.name: len(item.reserved) for item in refined}
    record = records.content(selected, excluded, shards, register, TOKENIZER, tombs, reserved)
    result = Assembled(None, None, previous.version if previous else None, changes, record["sources"])
    if previous is None and not shards:
        return result
    _check_loss(changes, before, accept_loss)
    same = previous is not None and previous.record["content_sha256"] == record["content_sha256"]
    result.version = next_version(result.previous, changes.level(), other_files_changed=not same)
    if result.version is not None and not plan_only:
        result.path = workspace.releases / result.version
        record |= {"version": result.version, "date": clock.today().isoformat(), "previous": result.previous}
        signed = [(source, item.signed) for source, item in zip(selected, refined, strict=True)]
        with atomic_folder(result.path) as folder:
            writer = ReleaseWriter(folder, previous, runner, report)
            writer.write(record, shards, signed, excluded, register.entries(), changes)
        result.carried_over, result.written = writer.carried_over, writer.written
    return result


def _added(before: Mapping[str, pa.Table]) -> dict[str, str]:
    return {
        identity: when
        for index in before.values()
        for identity, when in zip(index.column("id").to_pylist(), index.column("added").to_pylist(), strict=True)
    }


def _select(
    refined: Sequence[Refined],
    register: Register,
    entries: Sequence[Entry],
    report: Reporter,
) -> list[Selected]:
    as_of = clock.today()
    rulings = [ruling_of(i.descriptor, register, as_of, reserved=i.reserved, entries=entries) for i in refined]
    check_decisions(rulings)
    selected = []
    joined = report.track(zip(refined, rulings, strict=True), label="Joining rights", total=len(refined))
    for item, ruling in joined:
        selected.append(select(current_rows(load_rows(item.parts)), item.descriptor, ruling, as_of))
    return selected


def _check_sum(selected: Sequence[Selected], excluded: Mapping[str, list[dict[str, str | None]]]) -> None:
    for source in selected:
        name = source.descriptor.name
        collected = source.documents.num_rows + source.problems.num_rows
        left = len(source.published()) + len(excluded[name])
        if collected != left:
            raise FrisatError(
                f"{name}: {collected} documents and records were collected but {left} are published or excluded; "
                "the release was not written. This is a fault in frisat: please report it"
            )


def _check_loss(changes: Changes, before: Mapping[str, pa.Table], accepted: Sequence[str]) -> None:
    for source, index in before.items():
        share = lost_share(changes, source, index.num_rows)
        if share > MOST_LOSS and source not in accepted:
            why = Counter(
                changes.reasons[identity]
                for change in ("removed", "replaced")
                for identity in changes.by_source.get(source, {}).get(change, [])
            )
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in why.most_common(5))
            raise FrisatError(
                f"{source} would lose {share:.1%} of its {index.num_rows:,} published documents ({reasons}); "
                f"nothing was written. If that is right, say so with --accept-loss {source}"
            )
