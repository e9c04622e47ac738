"""Why two documents are held to be copies, or not: what was verified of them, and the two texts side by side."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import VERDICTS, read_pairs_of
from flows.build import extract_jobs, refine_jobs, sign_jobs
from frisat.parquet import open_parquet, read_columns
from frisat.schema import LINKS
from frisat.workspace import Workspace
from sources import all_sources

MOST_COPIES = 20
SIDE_BY_SIDE = 5
"""Copies whose text is shown beside the document's own."""
_MOST_PASSAGES = 12
_MOST_UNITS = 4_000
_AROUND = 6

WHY = {
    "exact": "the same text but for white space and case",
    "form": "the same words but for digits, signs and case",
    "near": "at least 80 % of all word 5-grams of the two texts stand in both",
    "template": "alike only by text that many documents of the source share; not a copy",
    "oversized": "alike, but in a cluster too large to be believed; not a copy",
    "contained": "most of the shorter text stands in the longer one; not a copy",
    "apart": "compared, and not alike enough; not a copy",
    "joined": "a copy of a copy",
}


def explain(workspace: Workspace, identity: str, text_sha256: str, text: str) -> list[dict[str, Any]]:
    """Return what was found of a document and those it was compared with, the most alike first."""
    found = sorted(workspace.links.glob("*.parquet"))
    if not found:
        return []
    links = pa.concat_tables([LINKS.empty_table(), *(read_columns(path, LINKS.names) for path in found)])
    documents = _Documents(workspace)
    mine = documents.find("id", identity, text_sha256)
    if mine is None:
        return []
    verdicts = _verdicts(found[-1], mine["form"])
    rows = {row["id"]: row for row in _cluster(links, identity, text_sha256)}
    others = {**{row["id"]: row for row in documents.of_forms(set(verdicts))}, **rows}
    told = [_tell(mine, row, verdicts.get(row["form"])) for key, row in others.items() if key != identity]
    told = sorted(told, key=lambda row: (-row["score"], row["id"]))[:MOST_COPIES]
    for row in told[:SIDE_BY_SIDE]:
        other = documents.text(row["id"], others[row["id"]]["text_sha256"])
        row["side_by_side"] = list(passages(text, other)) if other is not None else []
    return told


def _cluster(links: pa.Table, identity: str, text_sha256: str) -> list[dict[str, Any]]:
    here = pc.and_(pc.equal(links.column("id"), identity), pc.equal(links.column("text_sha256"), text_sha256))
    clusters = links.filter(here).column("cluster").combine_chunks()
    rows: list[dict[str, Any]] = links.filter(pc.is_in(links.column("cluster"), value_set=clusters)).to_pylist()
    return rows


def _verdicts(path: Path, form: bytes) -> dict[bytes, dict[str, Any]]:
    """Return what was found of each form that this one was compared with."""
    pairs = read_pairs_of(path)
    mine = pairs.filter(pc.or_(pc.equal(pairs.column("a"), form), pc.equal(pairs.column("b"), form)))
    return {(row["b"] if row["a"] == form else row["a"]): row for row in mine.to_pylist()}


def _tell(mine: Mapping[str, Any], other: Mapping[str, Any], verified: Mapping[str, Any] | None) -> dict[str, Any]:
    if mine["exact"] == other["exact"]:
        return {"id": other["id"], "kind": "exact", "score": 1.0, "why": WHY["exact"]}
    if mine["form"] == other["form"]:
        return {"id": other["id"], "kind": "near", "score": 1.0, "why": WHY["form"]}
    if verified is None:
        return {"id": other["id"], "kind": "near", "score": 0.0, "why": WHY["joined"]}
    verdict = str(verified["verdict"])
    kind = verdict if verdict == VERDICTS[0] else f"not linked: {verdict}"
    told = {"id": other["id"], "kind": kind, "score": round(verified["jaccard"], 3), "why": WHY[verdict]}
    figures = {"shared 5-grams": verified["shared"], "of the shorter": round(verified["containment"], 3)}
    if verified["discounted"] is not None:
        figures["without template text"] = round(verified["discounted"], 3)
    return {**told, **figures}


class _Documents:
    """Finds signed documents, and their texts, in all sources of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.jobs = [
            job
            for source in all_sources(workspace).values()
            for job in sign_jobs(workspace, refine_jobs(workspace, source, extract_jobs(workspace, source)))
            if job.target.exists()
        ]

    def find(self, column: str, value: str, text_sha256: str) -> dict[str, Any] | None:
        """Return the row of one document in the index."""
        for job in self.jobs:
            if column == "id" and job.source != value.partition("/")[0]:
                continue
            table = read_columns(job.target, ["id", "text_sha256", "exact", "form", "row"])
            here = pc.and_(pc.equal(table.column("id"), value), pc.equal(table.column("text_sha256"), text_sha256))
            if rows := table.filter(here).to_pylist():
                return {**rows[0], "part": job.part}
        return None

    def of_forms(self, forms: set[bytes]) -> Iterator[dict[str, Any]]:
        """Yield the documents that have one of ``forms``."""
        wanted = pa.array(sorted(forms), pa.binary(16))
        for job in self.jobs if forms else []:
            table = read_columns(job.target, ["id", "text_sha256", "exact", "form"])
            yield from table.filter(pc.is_in(table.column("form"), value_set=wanted)).to_pylist()

    def text(self, identity: str, text_sha256: str) -> str | None:
        """Return the text of one document, as refined."""
        found = self.find("id", identity, text_sha256)
        return text_at(found["part"], found["row"]) if found else None


def text_at(part: Path, row: int) -> str:
    """Return the text in one row of a part; only its row group is read."""
    with open_parquet(part) as file:
        start = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if row < start + rows:
                return str(file.read_row_group(group, columns=["text"]).column("text")[row - start].as_py())
            start += rows
    raise IndexError(f"{part} has no row {row}")


def passages(this: str, other: str) -> Iterator[dict[str, str]]:
    """Yield the passages in which two texts differ, each with a few words around it; ``…`` stands for what is alike.

    Long texts are compared by lines, others by words.
    """
    by_lines = max(this.count(" "), other.count(" ")) > _MOST_UNITS
    ours, theirs = (text.splitlines() if by_lines else text.split() for text in (this, other))
    around, glue = (0, " ¶ ") if by_lines else (_AROUND, " ")
    if max(len(ours), len(theirs)) > _MOST_UNITS:
        ours, theirs = ours[:_MOST_UNITS], theirs[:_MOST_UNITS]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    groups = [
        (group[0], group[-1])
        for group in matcher.get_grouped_opcodes(around)
        if any(code[0] != "equal" for code in group)
    ]
    for first, last in groups[:_MOST_PASSAGES]:
        a, b, c, d = first[1], last[2], first[3], last[4]
        yield {
            "this": _cut(glue.join(ours[a:b]), before=a > 0, after=b < len(ours)),
            "other": _cut(glue.join(theirs[c:d]), before=c > 0, after=d < len(theirs)),
        }


def _cut(passage: str, *, before: bool, after: bool) -> str:
    shown = passage if len(passage) <= 600 else f"{passage[:300]} … {passage[-280:]}"
    return f"{'… ' if before else ''}{shown}{' …' if after else ''}"
