"""Links: which documents, of all sources, were verified to be copies of each other.

The result is a function of the set of refined parts: order, workers, batches and what was built before do not matter.
What was verified before is kept beside the links and not verified again. Which copy is published is not decided here
but at assembly.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from cleaning.duplicates.bands import (
    BandJob,
    bands_together,
    decode,
    encode,
    likely,
    pair_bands,
    read_pairs,
)
from cleaning.duplicates.clusters import components
from cleaning.duplicates.judge import PAIRS, Judged, judge, members
from cleaning.duplicates.nodes import Nodes, SignedPart, find_nodes, load_nodes
from cleaning.duplicates.scheme import Scheme
from cleaning.duplicates.signature import distinct
from cleaning.duplicates.signing import MIN_WORDS, as_matrix
from cleaning.duplicates.templates import find_template, read_template, template_job
from cleaning.duplicates.verify import COMPARED, SAMPLES, VerifyJob, bundles, jaccard, prepare, verify_pairs
from frisat.files import TEMPORARY, canonical_json, sha256, write_atomic
from frisat.parquet import read_columns, read_groups, write_parquet
from frisat.report import Reporter, Silent
from frisat.runner import Runner, SerialRunner
from frisat.schema import LINKS

VERSION = 2
THRESHOLD = 0.8
"""The share of word 5-grams that two near copies have in common, of all that either has."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """How many clusters of copies there are, how many documents in them, and the file that lists them.

    ``pairs`` counts pairs of texts by what was found of them; ``overlap`` the documents of each source that have a copy
    in each other one; ``left_unlinked`` are samples of clusters that were too large to be believed; ``compared`` counts
    the pairs whose texts were read now.
    """

    clusters: int
    documents: int
    path: Path
    pairs: dict[str, int] = field(default_factory=dict)
    overlap: dict[str, dict[str, int]] = field(default_factory=dict)
    left_unlinked: list[dict[str, object]] = field(default_factory=list)
    compared: int = 0


@dataclass(frozen=True, slots=True)
class _Before:
    """What an earlier search verified: pairs of nodes that are there now, the parts it saw, and its crowded keys."""

    codes: np.ndarray
    compared: pa.Table
    parts: frozenset[str]
    crowded: tuple[tuple[int, ...], ...]


def links_path(folder: Path, parts: Sequence[SignedPart], scheme: Scheme | None = None) -> Path:
    """Return where the links over ``parts`` are, or will be, in ``folder``."""
    names = sorted(part.name for part in parts)
    stamp = _stamp(scheme or Scheme())
    return folder / f"{sha256(chr(10).join([stamp, *names]))[:32]}.parquet"


def beside(path: Path) -> Path:
    """Return the folder of what belongs to the links at ``path``: pairs, samples, and how they were made."""
    return path.with_suffix("")


def read_pairs_of(path: Path) -> pa.Table:
    """Return the pairs of forms whose texts were compared for the links at ``path`` (``judge.PAIRS``)."""
    return read_columns(beside(path) / "pairs.parquet", PAIRS.names)


def _stamp(scheme: Scheme) -> str:
    return f"links {VERSION} {MIN_WORDS} {THRESHOLD} {scheme.fingerprint()}"


def link(
    folder: Path,
    parts: Sequence[SignedPart],
    runner: Runner | None = None,
    report: Reporter | None = None,
    scheme: Scheme | None = None,
) -> LinkResult:
    """Find the copies among all documents of ``parts`` and write them to ``folder``; earlier links are removed.

    Raises:
        OtherMakeError: a part of the index was made by another scheme.
        FrisatError: a job failed; what others did is lost, and the next call does it again.
    """
    runner, report, scheme = runner or SerialRunner(), report or Silent(), scheme or Scheme()
    ordered = sorted(parts, key=lambda part: part.name)
    path = links_path(folder, ordered, scheme)
    compared = 0
    if not path.exists():
        compared = _Search(folder, path, ordered, runner, report, scheme).run()
    for other in [*folder.glob("*.parquet"), *(p for p in folder.glob("*") if p.is_dir() and p.name != "templates")]:
        if other not in (path, beside(path)):
            shutil.rmtree(other) if other.is_dir() else other.unlink()
    result = read_result(path)
    for unlinked in result.left_unlinked:
        report.warn(
            f"a cluster of {unlinked['texts']} texts of {unlinked['source']} is too large to be copies of one text and "
            f"was left unlinked; for example {', '.join(map(str, unlinked['sample']))}"  # type: ignore[call-overload]
        )
    return LinkResult(**{**{name: getattr(result, name) for name in result.__slots__}, "compared": compared})


def read_result(path: Path) -> LinkResult:
    """Return what the links at ``path`` say of themselves."""
    told = json.loads((beside(path) / "links.json").read_text("utf-8"))
    return LinkResult(path=path, **told["result"])


class _Search:
    """One search for copies: its steps in order, each a map over the runner or a pass over arrays."""

    def __init__(
        self, folder: Path, path: Path, parts: Sequence[SignedPart], runner: Runner, report: Reporter, scheme: Scheme
    ) -> None:
        self.folder, self.path, self.parts = folder, path, parts
        self.runner, self.report, self.scheme = runner, report, scheme

    def run(self) -> int:
        """Write the links; return how many pairs of texts were compared."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{TEMPORARY}search-", dir=self.folder) as scratch:
            work = Path(scratch)
            nodes = load_nodes(self.parts, self.scheme)
            before = self._before(nodes)
            codes, crowded = self._candidates(nodes, before, work)
            known = np.isin(before.codes, codes, assume_unique=True)
            look = np.setdiff1d(codes, before.codes, assume_unique=True)
            look = likely(look, nodes, self.scheme, THRESHOLD)
            compared, samples = self._compare(look, nodes, before.compared.filter(pa.array(known)), work)
            judged = judge(nodes, compared, samples, self._templates(nodes, compared), THRESHOLD)
            self._write(nodes, judged, samples, crowded)
        return len(look)

    def _before(self, nodes: Nodes) -> _Before:
        """Return what the latest search verified, as far as it holds for the nodes there are now."""
        nothing = _Before(np.zeros(0, np.uint64), COMPARED.empty_table(), frozenset(), ((),) * self.scheme.bands)
        for other in sorted(self.folder.glob("*.parquet")):
            told = beside(other) / "links.json"
            if not told.exists() or (made := json.loads(told.read_text("utf-8")))["stamp"] != _stamp(self.scheme):
                continue
            pairs = read_columns(beside(other) / "pairs.parquet", COMPARED.names)
            a, b = (find_nodes(nodes.form, as_matrix(pairs.column(n), ">u8").astype(np.uint64)) for n in ("a", "b"))
            here = (a >= 0) & (b >= 0)
            codes = encode(a[here], b[here])
            order = np.argsort(codes)
            compared = pairs.filter(pa.array(here)).take(pa.array(order))
            crowded = tuple(tuple(keys) for keys in made["crowded"])
            return _Before(codes[order], compared, frozenset(made["parts"]), crowded)
        return nothing

    def _candidates(self, nodes: Nodes, before: _Before, work: Path) -> tuple[np.ndarray, list[list[int]]]:
        """Return the pairs that meet in a band: those to be looked at, and of the others those verified before."""
        old_parts = np.array([part.name in before.parts for part in nodes.parts], dtype=bool)
        fresh = np.ones(len(nodes.first), dtype=bool)
        if len(nodes.parts):
            fresh[nodes.node[old_parts[nodes.part]]] = False
        np.save(work / "nodes.npy", nodes.first)
        np.save(work / "fresh.npy", fresh)
        together = bands_together(len(nodes.part))
        jobs = []
        for first in range(0, self.scheme.bands, together):
            bands = tuple(range(first, min(first + together, self.scheme.bands)))
            crowded = tuple(before.crowded[band] for band in bands)
            signed, target = tuple(part.signed for part in self.parts), work / f"bands-{first}"
            jobs.append(BandJob(signed, self.scheme, bands, work / "nodes.npy", work / "fresh.npy", crowded, target))
        outcomes = self.runner.map(pair_bands, jobs, label="Joining bands")
        done = [o.result() for o in self.report.track(outcomes, label="Joining bands", total=len(jobs))]
        seen, look = read_pairs([job.target for job in jobs])
        kept = np.intersect1d(seen, before.codes, assume_unique=True)
        return np.union1d(kept, look), [keys for crowded in done for keys in crowded]

    def _compare(
        self, look: np.ndarray, nodes: Nodes, known: pa.Table, work: Path
    ) -> tuple[pa.Table, dict[bytes, np.ndarray]]:
        """Return all verified pairs in order, and the samples of those that are near copies."""
        first, second = decode(look)
        groups = components(len(nodes.first), first, second)[first]
        jobs = [self._verify_job(codes, nodes, work, n) for n, codes in enumerate(bundles(look, groups, nodes))]
        outcomes = self.runner.map(verify_pairs, jobs, label="Comparing texts")
        for outcome in self.report.track(outcomes, label="Comparing texts", total=len(jobs)):
            outcome.result()
        tables = [known, *(read_columns(job.target, COMPARED.names) for job in jobs)]
        compared = pa.concat_tables([COMPARED.empty_table(), *tables]).combine_chunks()
        samples = dict(self._old_samples())
        for job in jobs:
            samples |= _read_samples(job.samples)
        return compared.sort_by([("a", "ascending"), ("b", "ascending")]), samples

    def _verify_job(self, codes: np.ndarray, nodes: Nodes, work: Path, number: int) -> VerifyJob:
        needs = work / f"pairs-{number}.npz"
        _, parts = prepare(needs, codes, nodes)
        refined, signed = (tuple(getattr(nodes.parts[part], name) for part in parts) for name in ("refined", "signed"))
        return VerifyJob(refined, signed, needs, self.scheme, THRESHOLD, work / f"compared-{number}.parquet")

    def _old_samples(self) -> Iterable[tuple[bytes, np.ndarray]]:
        for other in sorted(self.folder.glob("*.parquet")):
            path = beside(other) / "samples.parquet"
            told = beside(other) / "links.json"
            if told.exists() and json.loads(told.read_text("utf-8"))["stamp"] == _stamp(self.scheme):
                yield from _read_samples(path).items()
                return

    def _templates(self, nodes: Nodes, compared: pa.Table) -> dict[str, np.ndarray]:
        """Return the template text of each source that has any near copies."""
        if not compared.num_rows:
            return {}
        folder = self.folder / "templates"
        found = (template_job(nodes, name, self.scheme, folder) for name in self._with_near(nodes, compared))
        jobs = [job for job in found if job is not None]
        todo = [job for job in jobs if not job.target.exists()]
        outcomes = self.runner.map(find_template, todo, label="Finding template text")
        for outcome in self.report.track(outcomes, label="Finding template text", total=len(todo)):
            outcome.result()
        keep = {job.target for job in jobs}
        for stale in set(folder.rglob("*.parquet")) - keep:
            stale.unlink()
        return {job.source: read_template(job.target) for job in jobs}

    def _with_near(self, nodes: Nodes, compared: pa.Table) -> list[str]:
        """Return the names of the sources that have a text in any pair of near copies."""
        shared, a, b = (np.asarray(compared.column(name)) for name in ("shared", "a_shingles", "b_shingles"))
        alike = compared.filter(pa.array(jaccard(shared, a, b) >= THRESHOLD))
        forms = [as_matrix(alike.column(name), ">u8").astype(np.uint64) for name in ("a", "b")]
        touched = np.zeros(len(nodes.first), dtype=bool)
        touched[find_nodes(nodes.form, np.concatenate(forms))] = True
        parts = distinct(nodes.part[touched[nodes.node]])
        return sorted({nodes.parts[part].source for part in parts.tolist()})

    def _write(self, nodes: Nodes, judged: Judged, samples: dict[bytes, np.ndarray], crowded: list[list[int]]) -> None:
        table, result = members(nodes, judged)
        place = beside(self.path)
        write_parquet(place / "pairs.parquet", [judged.pairs], PAIRS, text="verdict")
        kept = sorted(judged.near_forms & samples.keys())
        rows = {"form": kept, "shingles": [samples[form].astype("<u8").tobytes() for form in kept]}
        write_parquet(place / "samples.parquet", [pa.table(rows, schema=SAMPLES)], SAMPLES, text="shingles")
        told = {
            "stamp": _stamp(self.scheme), "parts": [part.name for part in self.parts], "crowded": crowded,
            "result": result,
        }  # fmt: skip
        write_atomic(place / "links.json", canonical_json(told) + "\n")
        write_parquet(self.path, [table], LINKS, text="id")


def _read_samples(path: Path) -> dict[bytes, np.ndarray]:
    return {
        row["form"]: np.frombuffer(row["shingles"], dtype="<u8")
        for group in read_groups(path)
        for row in group.to_pylist()
    }
