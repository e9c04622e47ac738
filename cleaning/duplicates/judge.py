"""Judging verified pairs: which are near copies, which merely share a template, and which cluster is too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaning.duplicates.clusters import components, most, oversized
from cleaning.duplicates.nodes import Nodes, find_nodes
from cleaning.duplicates.signing import as_matrix
from cleaning.duplicates.templates import discounted, has_template
from cleaning.duplicates.verify import COMPARED, SAMPLE, containment, jaccard
from frisat.parquet import read_columns
from frisat.schema import LINKS

NEAR, TEMPLATE, OVERSIZED, CONTAINED, APART = "near", "template", "oversized", "contained", "apart"
VERDICTS = (NEAR, TEMPLATE, OVERSIZED, CONTAINED, APART)
"""near: linked. template: alike by the template text of a source alone. oversized: alike, but in a cluster too large to
be believed. contained: most of the shorter text stands in the longer one. apart: none of these."""
SHOWN = 5

PAIRS = pa.schema(
    [
        *COMPARED,
        pa.field("jaccard", pa.float32()),
        pa.field("discounted", pa.float32()),
        pa.field("containment", pa.float32()),
        pa.field("verdict", pa.string()),
    ]
)
"""Every pair of forms whose texts were compared. ``discounted`` is the similarity without template text; null where
there is none."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Verified pairs with their verdicts, the nodes of those that are linked, and the clusters left unlinked."""

    pairs: pa.Table
    first: np.ndarray
    second: np.ndarray
    score: np.ndarray
    near_forms: frozenset[bytes]
    unlinked: list[dict[str, Any]]


def judge(
    nodes: Nodes,
    compared: pa.Table,
    samples: Mapping[bytes, np.ndarray],
    templates: Mapping[str, np.ndarray],
    threshold: float,
) -> Judged:
    """Return the verdict on each pair.

    Args:
        nodes: whose forms were compared.
        compared: the pairs (``COMPARED``), in order.
        samples: the lowest n-grams of each form that is in a pair alike by ``threshold``.
        templates: the template text of each source that has any.
        threshold: the least similarity, or containment, that counts.
    """
    a, b = (find_nodes(nodes.form, as_matrix(compared.column(n), ">u8").astype(np.uint64)) for n in ("a", "b"))
    shared, size_a, size_b = (np.asarray(compared.column(n)) for n in ("shared", "a_shingles", "b_shingles"))
    score, within = jaccard(shared, size_a, size_b), containment(shared, size_a, size_b)
    verdict = np.full(len(a), VERDICTS.index(APART))
    verdict[within >= threshold] = VERDICTS.index(CONTAINED)
    alike = np.flatnonzero(score >= threshold)
    verdict[alike] = VERDICTS.index(NEAR)
    without = _discount(nodes, compared, alike, a, b, samples, templates)
    verdict[without < threshold] = VERDICTS.index(TEMPLATE)
    near = np.flatnonzero(verdict == VERDICTS.index(NEAR))
    large, unlinked = _too_large(nodes, a[near], b[near])
    verdict[near[large]] = VERDICTS.index(OVERSIZED)
    near = near[~large]
    pairs = pa.table(
        [
            *compared.columns,
            pa.array(score.astype(np.float32)),
            pa.array(without.astype(np.float32), mask=np.isnan(without)),
            pa.array(within.astype(np.float32)),
            pa.array([VERDICTS[number] for number in verdict.tolist()], pa.string()),
        ],
        schema=PAIRS,
    )
    forms = compared.take(pa.array(alike))
    names = frozenset(forms.column("a").to_pylist()) | frozenset(forms.column("b").to_pylist())
    return Judged(pairs, a[near], b[near], score[near], names, unlinked)


def _discount(
    nodes: Nodes,
    compared: pa.Table,
    alike: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    samples: Mapping[bytes, np.ndarray],
    templates: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Return the similarity of pairs without template text; not a number where neither has any."""
    found = np.full(compared.num_rows, np.nan)
    templates = {name: common for name, common in templates.items() if len(common)}
    if not templates:
        return found
    where = _sources_of(nodes, np.unique(np.concatenate([a[alike], b[alike]])))
    names, _ = nodes.sources()
    nothing = np.zeros(0, np.uint64)
    touched = {name: has_template(samples, common) for name, common in templates.items()}
    forms = [compared.column(n).take(pa.array(alike)).to_pylist() for n in ("a", "b")]
    for place, form_a, form_b in zip(alike.tolist(), *forms, strict=True):
        held = [[names[s] for s in where[node]] for node in (a[place], b[place])]
        if not any(form in touched.get(name, ()) for name in {*held[0], *held[1]} for form in (form_a, form_b)):
            continue
        # A text that stands in several sources has of each its template text discounted.
        common = [np.concatenate([nothing, *(templates.get(name, nothing) for name in sources)]) for sources in held]
        found[place] = discounted(samples[form_a], samples[form_b], common[0], common[1], SAMPLE)
    return found


def _sources_of(nodes: Nodes, wanted: np.ndarray) -> dict[int, list[int]]:
    """Return the numbers of the sources in which each of some nodes stands."""
    _, source_of_part = nodes.sources()
    documents = np.flatnonzero(np.isin(nodes.node, wanted))
    held = np.unique(np.stack([nodes.node[documents], source_of_part[nodes.part[documents]]], axis=1), axis=0)
    found: dict[int, list[int]] = {int(node): [] for node in wanted}
    for node, source in held.tolist():
        found[node].append(source)
    return found


def _too_large(nodes: Nodes, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Say of each pair whether its cluster is too large to be believed, and tell of each such cluster."""
    if not len(first):
        return np.zeros(0, dtype=bool), []
    names, source_of_part = nodes.sources()
    root = components(len(nodes.first), first, second)
    touched = np.zeros(len(root), dtype=bool)
    touched[first] = touched[second] = True
    documents = np.flatnonzero(touched[nodes.node])
    source, node = source_of_part[nodes.part[documents]], nodes.node[documents]
    sizes = np.bincount(source_of_part[nodes.part], minlength=len(names))
    limits = np.array([most(int(size)) for size in sizes])
    roots = oversized(root, source, node, limits)
    told = []
    for large in roots.tolist():
        mine = root[node] == large
        counts = np.bincount(np.unique(node[mine] * len(names) + source[mine]) % len(names), minlength=len(names))
        main = int(np.argmax(counts / limits))
        held = np.unique(node[mine & (source == main)])[:SHOWN]
        shown = [min(_ids(nodes, documents[(node == one) & (source == main)])) for one in held.tolist()]
        told.append({"source": names[main], "texts": int(counts[main]), "sample": sorted(shown)})
    return np.isin(root[first], roots), sorted(told, key=lambda row: (row["source"], row["sample"]))


def _ids(nodes: Nodes, documents: np.ndarray) -> list[str]:
    return [str(identity) for identity in describe(nodes, documents, ["id"]).column("id").to_pylist()]


def describe(nodes: Nodes, documents: np.ndarray, columns: list[str]) -> pa.Table:
    """Return columns of the index for some documents, in their order."""
    part_of = nodes.part[documents]
    tables, places = [], []
    for part in np.unique(part_of).tolist():
        here = np.flatnonzero(part_of == part)
        table = read_columns(nodes.parts[part].signed, columns)
        tables.append(table.take(pa.array(nodes.row(documents[here]))))
        places.append(here)
    if not tables:
        return pa.table({name: pa.array([], LINKS.field(name).type) for name in columns})
    return pa.concat_tables(tables).take(pa.array(np.argsort(np.concatenate(places))))


def members(nodes: Nodes, judged: Judged) -> tuple[pa.Table, dict[str, Any]]:
    """Return the documents that are copies of others (``LINKS``), and the figures that are told of the search."""
    chained = _same_exact(nodes)
    first = np.concatenate([judged.first, chained[0]])
    second = np.concatenate([judged.second, chained[1]])
    root = components(len(nodes.first), first, second)
    counts = np.bincount(root[nodes.node], minlength=len(root)) if len(nodes.node) else np.zeros(0, np.int64)
    documents = np.flatnonzero(counts[root[nodes.node]] > 1)
    table = describe(nodes, documents, ["source", "id", "text_sha256", "exact", "form"])
    score = np.zeros(len(nodes.first))
    for side in (judged.first, judged.second):
        np.maximum.at(score, side, judged.score)
    table = table.append_column("root", pa.array(root[nodes.node[documents]]))
    table = table.append_column("score", pa.array(score[nodes.node[documents]].astype(np.float32)))
    return _tell(_as_links(table), judged)


def _same_exact(nodes: Nodes) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of nodes that share an exact text: as rare as capitals beyond Latin-1, which forms tell apart."""
    both = np.unique(np.stack([nodes.exact, nodes.node], axis=1), axis=0) if len(nodes.node) else np.zeros((0, 2), int)
    same = np.flatnonzero(both[1:, 0] == both[:-1, 0])
    return both[same, 1], both[same + 1, 1]


def _as_links(table: pa.Table) -> pa.Table:
    # States of one document that differ in description only are one text under one id, not copies.
    keys = ["root", "source", "id", "text_sha256", "exact", "form", "score"]
    table = table.group_by(keys).aggregate([])
    ids = table.group_by("root").aggregate([("id", "count_distinct"), ("exact", "min")])
    ids = ids.filter(pc.greater(ids.column("id_count_distinct"), 1))
    table = table.join(ids.select(["root", "exact_min"]), "root", join_type="inner")
    twice = table.group_by("exact").aggregate([("id", "count_distinct")])
    twice = twice.filter(pc.greater(twice.column("id_count_distinct"), 1)).column("exact")
    exact = np.asarray(pc.is_in(table.column("exact"), value_set=twice.combine_chunks()))
    alike = table.group_by(["root", "form"]).aggregate([("id", "count_distinct")])
    alike = alike.filter(pc.greater(alike.column("id_count_distinct"), 1)).column("form")
    same_form = np.asarray(pc.is_in(table.column("form"), value_set=alike.combine_chunks()))
    score = np.where(exact | same_form, np.float32(1), np.asarray(table.column("score")))
    columns = {
        "cluster": pa.array([value.hex() for value in table.column("exact_min").to_pylist()], pa.string()),
        "kind": pa.array(np.where(exact, "exact", "near").tolist(), pa.string()),
        "score": pa.array(score.astype(np.float32)),
        **{name: table.column(name) for name in ("source", "id", "text_sha256", "exact", "form")},
    }
    found = pa.table({name: columns[name] for name in LINKS.names}).cast(LINKS)
    return found.sort_by([("cluster", "ascending"), ("id", "ascending"), ("text_sha256", "ascending")])


def _tell(table: pa.Table, judged: Judged) -> tuple[pa.Table, dict[str, Any]]:
    counts = pc.value_counts(judged.pairs.column("verdict")).to_pylist()
    return table, {
        "clusters": len(pc.unique(table.column("cluster"))),
        "documents": table.num_rows,
        "pairs": {row["values"]: row["counts"] for row in sorted(counts, key=lambda row: str(row["values"]))},
        "overlap": overlap(table),
        "left_unlinked": judged.unlinked,
    }


def overlap(table: pa.Table) -> dict[str, dict[str, int]]:
    """Return for each source how many of its documents have a copy in each source, itself included."""
    ids = table.group_by(["cluster", "source"]).aggregate([("id", "count_distinct")])
    counts: dict[str, dict[str, int]] = {}
    for row in ids.to_pylist():
        counts.setdefault(row["cluster"], {})[row["source"]] = row["id_count_distinct"]
    matrix: dict[str, dict[str, int]] = {}
    for held in counts.values():
        for source, mine in held.items():
            for other in held:
                if other != source or mine > 1:
                    row_of = matrix.setdefault(source, {})
                    row_of[other] = row_of.get(other, 0) + mine
    return {source: dict(sorted(row.items())) for source, row in sorted(matrix.items())}
