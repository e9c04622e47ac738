"""Which documents are current: the newest state of each id, and the records that gave none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

GONE = "removed_at_source"
BROKEN_TWIN = "another text came under the id {id} in the same harvest; the one with the lower hash stays"


@dataclass(frozen=True, slots=True)
class Current:
    """The rows of one source that count.

    ``documents``: the current state of each id, sorted by id, with ``retrieved_at`` set to the first retrieval of
    that content, and a boolean ``removed`` where the record it stood in has since come without it,
    or was removed by its publisher.
    ``problems``: what stands for records (or rows of records) that gave no document: ``id``, ``reason``, ``detail``.
    """

    documents: pa.Table
    problems: pa.Table


def current_rows(rows: pa.Table) -> Current:
    """Return what counts among all states of all documents of one source; independent of the order of ``rows``."""
    gave = rows.column("reason").is_null()
    documents, problems = rows.filter(gave), rows.filter(pc.invert(gave))
    tombs = rows.filter(pc.equal(rows.column("reason"), GONE))
    live = _in_live_record(documents, pa.concat_tables([documents, tombs]))
    winners, losers, first = _newest(documents, live)
    removed = np.asarray(~live)[winners]
    kept = documents.take(pa.array(winners))
    kept = kept.set_column(kept.column_names.index("retrieved_at"), "retrieved_at", first)
    return Current(kept.append_column("removed", pa.array(removed)), _problems(rows, problems, documents.take(losers)))


def _newest(documents: pa.Table, live: np.ndarray) -> tuple[np.ndarray, pa.Array, pa.Array]:
    """Return the row of each id's current state, the rows that clash with it, and when its content first came.

    ``live`` says of each row whether it stands in the newest state of its record: a state that its own record has
    since revised does not clash, even when both came in one harvest (one that was cut off and went on).
    """
    order = np.asarray(
        pc.sort_indices(
            documents.append_column("position", pa.array(np.arange(documents.num_rows))),
            sort_keys=[("id", "ascending"), ("retrieved_at", "descending"), ("content", "ascending")],
        )
    )
    ids = documents.column("id").to_pylist()
    contents = documents.column("content").to_pylist()
    harvests = documents.column("harvest").to_pylist()
    times = documents.column("retrieved_at").cast(pa.int64()).to_pylist()
    records = _states(documents)
    winners: list[int] = []
    losers: list[int] = []
    first: list[int] = []
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and ids[order[end]] == ids[order[start]]:
            end += 1
        states = [int(row) for row in order[start:end]]
        peers = [row for row in states if harvests[row] == harvests[states[0]]]
        peers = [row for row in peers if live[row]] or peers
        winner = min(peers, key=lambda row: (contents[row], -times[row], records[row]))
        clashing = {contents[row]: row for row in reversed(peers) if contents[row] != contents[winner]}
        winners.append(winner)
        losers += [clashing[content] for content in sorted(clashing)]
        first.append(min(times[row] for row in states if contents[row] == contents[winner]))
        start = end
    when = pa.array(first, pa.int64()).cast(documents.schema.field("retrieved_at").type)
    return np.array(winners, dtype=np.int64), pa.array(losers, pa.int64()), when


def _states(rows: pa.Table) -> list[tuple[str, str]]:
    return list(zip(rows.column("record_key").to_pylist(), rows.column("record_sha256").to_pylist(), strict=True))


def _in_live_record(rows: pa.Table, among: pa.Table) -> np.ndarray:
    """Say of each row whether the record state it came from is the newest state of that record in ``among``."""
    newest: dict[str, tuple[int, str]] = {}
    times = among.column("retrieved_at").cast(pa.int64()).to_pylist()
    for (key, digest), when in zip(_states(among), times, strict=True):
        newest[key] = max(newest.get(key, (-(2**62), "")), (when, digest))
    return np.array([newest[key][1] == digest for key, digest in _states(rows)], dtype=bool)


def _problems(rows: pa.Table, problems: pa.Table, losers: pa.Table) -> pa.Table:
    """Return the problems of records in their newest state, and the documents that clash with another."""
    live = problems.filter(pa.array(_in_live_record(problems, rows), pa.bool_()))
    # A tombstone stands for its record only where that never gave a document: else its documents say so themselves.
    gave = pc.unique(rows.filter(pc.is_null(rows.column("reason"))).column("record_key"))
    stands = pc.or_(pc.not_equal(live.column("reason"), GONE), pc.invert(pc.is_in(live.column("record_key"), gave)))
    live = live.filter(stands)
    live = live.select(["id", "reason", "detail"]).combine_chunks()
    ids = losers.column("id").to_pylist()
    source = losers.column("source").to_pylist()
    content = losers.column("content").to_pylist()
    twins = pa.table(
        {
            "id": pa.array([f"{s}/record/{c[:16]}" for s, c in zip(source, content, strict=True)], pa.string()),
            "reason": pa.array(["broken"] * len(ids), pa.string()),
            "detail": pa.array([BROKEN_TWIN.format(id=identity) for identity in ids], pa.string()),
        }
    )
    both = pa.concat_tables([live.cast(twins.schema), twins])
    return (
        both.group_by(["id", "reason", "detail"]).aggregate([]).sort_by([("id", "ascending"), ("detail", "ascending")])
    )
