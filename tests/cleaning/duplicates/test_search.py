"""The search as a whole: what is found, what is not, and that nothing depends on how it was asked for."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaning import LinkResult, OtherMakeError, Scheme, SignedPart, link
from cleaning.duplicates import bands, clusters, judge, templates, verify
from cleaning.duplicates.scheme import HEADER
from cleaning.links import read_pairs_of
from frisat.errors import WorkspaceError
from frisat.files import remove_leftovers
from frisat.parquet import read_groups, write_parquet
from frisat.report import Silent
from frisat.runner import PoolRunner, Workers
from tests.cleaning.duplicates.helpers import changed, part, prose
from tests.helpers import rows_of


class Hearing(Silent):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def found(result: LinkResult) -> list[list[str]]:
    """Return the ids of each cluster."""
    clusters: dict[str, list[str]] = {}
    for row in rows_of(result.path):
        clusters.setdefault(row["cluster"], []).append(row["id"])
    return sorted(clusters.values())


def search(root: Path, texts: Mapping[str, Mapping[str, str]], **options: Any) -> LinkResult:
    """Link the texts of each source, each source in one part."""
    return link(root / "links", [part(root, source, "1", rows) for source, rows in texts.items()], **options)


def similarity(one: str, other: str) -> float:
    """Return the share of word 5-grams, read in plain Python."""
    a, b = ({tuple(words[i : i + 5]) for i in range(len(words) - 4)} for words in (one.split(), other.split()))
    return len(a & b) / len(a | b)


def test_near_copies_are_found_and_measured(tmp_path: Path) -> None:
    text = prose(1)
    near, far = changed(text, 0.01), changed(text, 0.1)
    assert similarity(text, near) > 0.9
    assert similarity(text, far) < 0.6
    result = search(tmp_path, {"a": {"1": text, "2": near, "3": far}, "b": {"1": prose(2), "2": text.upper()}})
    assert found(result) == [["a/1", "a/2", "b/2"]]
    rows = {row["id"]: (row["kind"], row["score"]) for row in rows_of(result.path)}
    assert rows == {
        "a/1": ("exact", 1.0), "a/2": ("near", pytest.approx(similarity(text, near))), "b/2": ("exact", 1.0)
    }  # fmt: skip
    assert result.overlap == {"a": {"a": 2, "b": 2}, "b": {"a": 1}}


def test_digits_and_signs_tell_no_texts_apart(tmp_path: Path) -> None:
    text = f"Den 3. marts 2041: {prose(1, 40)}"
    result = search(tmp_path, {"a": {"1": text, "2": text.replace("3", "7").replace(":", " –")}})
    assert [(row["kind"], row["score"]) for row in rows_of(result.path)] == [("near", 1.0)] * 2


def test_what_is_alike_is_found_and_what_is_not_is_not(tmp_path: Path) -> None:
    texts: dict[str, str] = {}
    expected: dict[str, float] = {}
    for seed in range(200):
        text = prose(seed, 100)
        other = changed(text, 0.04 * (seed % 5) / 4, seed)
        texts |= {f"{seed:03d}": text, f"{seed:03d}x": other}
        expected[f"{seed:03d}"] = similarity(text, other)
    result = search(tmp_path, {"a": texts})
    linked = {cluster[0].removeprefix("a/") for cluster in found(result)}
    assert {len(cluster) for cluster in found(result)} == {2}
    assert linked <= {name for name, true in expected.items() if true >= 0.8}
    alike = {name for name, true in expected.items() if true >= 0.8}
    assert len(alike - linked) <= 0.02 * len(alike)


def test_an_excerpt_is_recorded_and_not_linked(tmp_path: Path) -> None:
    text = prose(1, 300)
    result = search(tmp_path, {"a": {"1": text, "2": " ".join(text.split()[:230])}})
    assert found(result) == []
    (row,) = read_pairs_of(result.path).to_pylist()
    assert (row["verdict"], row["containment"], round(row["jaccard"], 2)) == ("contained", 1.0, 0.76)


def test_pairs_that_meet_by_chance_are_not_linked(tmp_path: Path) -> None:
    texts: dict[str, str] = {}
    for seed in range(120):
        texts |= {f"{seed}": prose(seed, 80), f"{seed}x": changed(prose(seed, 80), 0.06, seed)}
    result = search(tmp_path, {"a": texts})
    assert result.compared > 0
    for row in read_pairs_of(result.path).to_pylist():
        assert (row["verdict"] == "near") == (row["jaccard"] >= 0.8)


def test_template_text_makes_no_copies(tmp_path: Path) -> None:
    template = prose(0, 200)
    texts = {f"{n:03d}": f"{prose(n, 12)} {template}" for n in range(1, 115)}
    texts |= {"x": prose(900, 200), "y": changed(prose(900, 200), 0.01)}
    result = search(tmp_path, {"a": texts})
    assert found(result) == [["a/x", "a/y"]]
    assert set(result.pairs) == {"near", "template"}
    assert result.pairs["near"] == 1
    near = [row for row in read_pairs_of(result.path).to_pylist() if row["verdict"] == "template"]
    assert all(row["jaccard"] > 0.8 > row["discounted"] for row in near)


def test_texts_of_nothing_but_template_are_copies_only_if_exact(tmp_path: Path) -> None:
    texts = {f"{n:03d}": changed(prose(0, 150), 0.015, n) for n in range(115)}
    result = search(tmp_path, {"a": {**texts, "copy": texts["000"]}})
    assert found(result) == [["a/000", "a/copy"]]


def test_a_cluster_too_large_is_left_unlinked_and_told(tmp_path: Path) -> None:
    # Each like the next, the first and the last unlike each other: no passage is in most of them.
    words = prose(0, 150 + 140).split()
    texts = {f"{n:03d}": " ".join(words[n : n + 150]) for n in range(140)}
    report = Hearing()
    result = search(tmp_path, {"a": {**texts, "x": prose(7), "y": prose(7).upper()}}, report=report)
    assert found(result) == [["a/x", "a/y"]]
    assert result.pairs["oversized"] > 100
    (told,) = result.left_unlinked
    assert (told["source"], told["texts"], len(told["sample"])) == ("a", 140, judge.SHOWN)  # type: ignore[arg-type]
    assert len(report.warnings) == 1
    assert "a cluster of 140 texts of a is too large" in report.warnings[0]


def test_the_limit_follows_the_source() -> None:
    assert [clusters.most(size) for size in (0, 10_000, 10_100, 1_000_000)] == [100, 100, 101, 10_000]


def test_many_copies_of_one_text_are_one_cluster(tmp_path: Path) -> None:
    result = search(tmp_path, {"a": {f"{n:05d}": prose(1, 30) for n in range(5_000)}, "b": {"1": prose(1, 30)}})
    assert (result.clusters, result.documents, result.compared, result.left_unlinked) == (1, 5_001, 0, [])


def test_empty_short_and_endless_texts(tmp_path: Path) -> None:
    texts = {"1": "", "2": "ja", "3": "ja " * 19, "4": "ja " * 19, "5": "a" * 400_000, "6": "ja " * 200_000,
             "7": "ja " * 210_000, "8": "- " * 100, "9": "\x00" * 500}  # fmt: skip
    result = search(tmp_path, {"a": texts})
    assert found(result) == [["a/6", "a/7"]]


FEW = Scheme(bands=5, rows=4)
"""Few bands, for tests that search many times."""


def _corpus(count: int = 60) -> dict[str, dict[str, str]]:
    """Return texts of two sources: copies, near copies, chains, and an overfull template."""
    chance = random.Random(4)  # noqa: S311 - invented texts, not secrets
    texts: dict[str, dict[str, str]] = {"a": {}, "b": {}}
    for seed in range(count):
        source = chance.choice("ab")
        text = prose(seed, 60)
        texts[source][f"{seed:03d}"] = text
        if seed % 3 == 0:
            texts[chance.choice("ab")][f"{seed:03d}x"] = changed(text, chance.choice([0, 0.02, 0.05]), seed)
        if seed % 5 == 0:
            texts["a"][f"{seed:03d}t"] = f"{prose(seed + 500, 8)} {prose(0, 200)}"
    return texts


def _contents(result: LinkResult) -> tuple[bytes, ...]:
    beside = result.path.with_suffix("")
    return tuple(path.read_bytes() for path in (result.path, beside / "pairs.parquet", beside / "samples.parquet"))


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so low that a small corpus meets them."""
    monkeypatch.setattr(bands, "MOST_TOGETHER", 3)
    monkeypatch.setattr(bands, "NEAREST", 2)
    monkeypatch.setattr(clusters, "MOST_DOCUMENTS", 4)
    monkeypatch.setattr(templates, "LEAST", 3)
    monkeypatch.setattr(verify, "_TEXT_A_JOB", 4_000)


def _batches(texts: Mapping[str, Mapping[str, str]], size: int, seed: int) -> list[dict[str, dict[str, str]]]:
    """Cut a corpus into batches of documents in an order of chance."""
    rows = [(source, name, text) for source, held in texts.items() for name, text in held.items()]
    random.Random(seed).shuffle(rows)  # noqa: S311 - invented texts, not secrets
    cut: list[dict[str, dict[str, str]]] = []
    for start in range(0, len(rows), size):
        batch: dict[str, dict[str, str]] = {}
        for source, name, text in rows[start : start + size]:
            batch.setdefault(source, {})[name] = text
        cut.append(batch)
    return cut


@pytest.mark.parametrize(("size", "seed"), [(200, 1), (40, 2), (25, 3)])
@pytest.mark.usefixtures("tight")
def test_built_at_once_or_in_batches_is_the_same(tmp_path: Path, size: int, seed: int) -> None:
    texts = _corpus()
    whole = link(tmp_path / "links", [part(tmp_path, name, "1", rows, FEW) for name, rows in texts.items()], scheme=FEW)
    assert whole.clusters > 10
    assert {"near", "template"} <= set(whole.pairs)
    parts: list[SignedPart] = []
    looked = 0
    for number, batch in enumerate(_batches(texts, size, seed)):
        root = tmp_path / "batches"
        parts += [part(root, source, f"{number}", rows, FEW) for source, rows in batch.items()]
        last = link(root / "links", parts, scheme=FEW)
        looked += last.compared
    assert _contents(last) == _contents(whole)
    if size == 200:
        assert looked == whole.compared


@pytest.mark.usefixtures("tight")
def test_what_was_removed_leaves_no_trace(tmp_path: Path) -> None:
    texts = _corpus()
    batches = _batches(texts, 50, 5)
    parts = [
        part(tmp_path, source, f"{n}", rows, FEW) for n, batch in enumerate(batches) for source, rows in batch.items()
    ]
    kept = parts[2:]
    alone = link(tmp_path / "alone", kept, scheme=FEW)
    link(tmp_path / "links", parts, scheme=FEW)
    assert _contents(link(tmp_path / "links", kept, scheme=FEW)) == _contents(alone)


def test_workers_and_order_change_nothing(tmp_path: Path) -> None:
    texts = _corpus(40)
    parts = [
        part(tmp_path, source, str(n), rows, FEW)
        for n, batch in enumerate(_batches(texts, 20, 6))
        for source, rows in batch.items()
    ]
    alone = link(tmp_path / "alone", parts, scheme=FEW)
    with Workers(2) as workers:
        together = link(tmp_path / "together", parts[::-1], PoolRunner(workers), scheme=FEW)
    assert alone.path.name == together.path.name
    assert _contents(alone) == _contents(together)


def _killed_at(number: int, work: Callable[[], object]) -> int:
    """Do ``work`` in a process that kills itself when it is about to make visible its file ``number``; return how it
    ended: by which signal, or 0."""
    child = os.fork()
    if child == 0:
        done = 0

        def replace(source: Any, target: Any, *, real: Callable[..., None] = os.replace) -> None:
            nonlocal done
            done += 1
            if done == number:
                os.kill(os.getpid(), signal.SIGKILL)
            real(source, target)

        os.replace = replace  # type: ignore[assignment]
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.usefixtures("tight")
def test_a_search_killed_at_any_step_goes_on_to_the_same_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_TEXT_A_JOB", 1_000_000)
    texts = _corpus(25)
    undisturbed = _contents(search(tmp_path / "undisturbed", texts))
    ended = []
    for number in range(1, 40):
        root = tmp_path / str(number)
        ended.append(_killed_at(number, partial(search, root, texts)))
        remove_leftovers(root)
        assert _contents(search(root, texts)) == undisturbed
        if not ended[-1]:
            break
    assert ended == [signal.SIGKILL] * (len(ended) - 1) + [0]
    assert len(ended) > 12


def test_an_old_text_is_read_again_only_as_a_candidate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = prose(1)
    old = part(tmp_path, "a", "1", {"1": text, "2": changed(text, 0.01), "3": prose(2), "4": prose(3)})
    assert link(tmp_path / "links", [old]).compared == 1
    read: list[tuple[str, int]] = []
    real = verify.texts_at

    def noting(path: Path, rows: np.ndarray) -> Any:
        read.extend((path.stem, int(row)) for row in rows)
        return real(path, rows)

    monkeypatch.setattr(verify, "texts_at", noting)
    new = part(tmp_path, "a", "2", {"5": changed(prose(2), 0.01), "6": prose(9)})
    result = link(tmp_path / "links", [old, new])
    assert found(result) == [["a/1", "a/2"], ["a/3", "a/5"]]
    assert (result.compared, sorted(read)) == (1, [("1", 2), ("2", 0)])


def test_an_index_of_another_make_is_refused(tmp_path: Path) -> None:
    made = part(tmp_path, "a", "1", {"1": prose(1)}, Scheme(seed=2))
    with pytest.raises(OtherMakeError, match=r"holds signatures of another make .*\"seed\":2.* make them anew"):
        link(tmp_path / "links", [made])
    assert not list((tmp_path / "links").glob("*.parquet"))


def test_an_index_without_a_header_is_refused(tmp_path: Path) -> None:
    made = part(tmp_path, "a", "1", {"1": prose(1)})
    tables = list(read_groups(made.signed))
    plain = tables[0].schema.remove_metadata()
    write_parquet(made.signed, [table.cast(plain) for table in tables], plain, text="id", metadata={"x": HEADER})
    with pytest.raises(OtherMakeError, match="no header"):
        link(tmp_path / "links", [made])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_an_index_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    made = part(tmp_path, "a", "1", {str(n): prose(n) for n in range(30)})
    content = made.signed.read_bytes()
    made.signed.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(WorkspaceError, match="remove it, and the next build makes it anew"):
        link(tmp_path / "links", [made])


def test_bands_find_what_pairing_each_with_each_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    keys = np.sort(chance.integers(1, 40, 300).astype(np.uint64))
    first, second, _ = bands.pairs_of(keys)
    plain = {(i, j) for i in range(300) for j in range(i + 1, 300) if keys[i] == keys[j]}
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == plain
    monkeypatch.setattr(bands, "MOST_TOGETHER", 4)
    monkeypatch.setattr(bands, "NEAREST", 2)
    first, second, _ = bands.pairs_of(keys)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) <= plain
    runs = np.unique(keys, return_counts=True)[1]
    assert len(first) == sum(n * (n - 1) // 2 if n <= 4 else 2 * n - 3 for n in runs.tolist())


def test_components_are_those_of_a_plain_walk() -> None:
    chance = np.random.default_rng(2)
    first, second = chance.integers(0, 200, (2, 120))
    root = clusters.components(200, first, second)
    plain = list(range(200))
    for _ in range(200):
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            plain[a] = plain[b] = min(plain[a], plain[b])
    assert root.tolist() == plain


def test_discounting_a_sample_is_like_discounting_the_whole() -> None:
    chance = np.random.default_rng(3)
    both, one, other, common = (
        np.unique(chance.integers(0, 2**63, size).astype(np.uint64)) for size in (6000, 400, 300, 2000)
    )
    a, b = np.union1d(np.union1d(both, one), common), np.union1d(np.union1d(both, other), common)
    nothing = np.zeros(0, np.uint64)
    true = 6000 / 6700
    assert templates.discounted(a, b, common, nothing, 10**6) == pytest.approx(true)
    assert templates.discounted(a[:4096], b[:4096], common, nothing, 4096) == pytest.approx(true, abs=0.02)
    assert templates.discounted(common, common, common, nothing, 10**6) == 0
