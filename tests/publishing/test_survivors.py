"""Which of several copies, and of several versions of one act, is published."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from cleaning.duplicates.judge import PAIRS
from frisat.descriptor import Bilingual
from frisat.files import canonical_json
from frisat.schema import LINKS
from publishing import Selected, select
from publishing.selection import excluded_rows
from publishing.survivors import choose_survivors
from tests.publishing.test_selection import TODAY, current, decision, descriptor

Build = Callable[..., Selected]


@pytest.fixture
def build() -> Build:
    """Return a function that selects one source of documents with these ids and this licence."""

    def make(name: str, *ids: str, license: str = "CC0-1.0", rank: int = 100, **row: Any) -> Selected:
        rows = [{"id": f"{name}/{identity}", "source": name, **row} for identity in ids]
        return select(current(*rows), descriptor(name, rank), [decision(license=license, source=name)], TODAY)

    return make


def hashed(name: str) -> bytes:
    return name.encode().ljust(16, b"-")


def links(*ids: str, cluster: str = "c", text: str = "t", forms: str = "") -> pa.Table:
    """Return one cluster; of one text, unless ``forms`` names the form of each."""
    rows = [
        {"cluster": cluster, "kind": "exact", "score": 1.0, "source": i.split("/")[0], "id": i, "text_sha256": text,
         "exact": hashed(form), "form": hashed(form)}
        for i, form in zip(ids, forms or cluster * len(ids), strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=LINKS)


def pairs(*both: str, verdict: str = "near") -> pa.Table:
    """Return verified pairs of forms, each named by one letter."""
    rows = [
        {"a": hashed(a), "b": hashed(b), "shared": 9, "a_shingles": 10, "b_shingles": 10, "jaccard": 0.9,
         "discounted": None, "containment": 0.9, "verdict": verdict}
        for a, b in map(tuple, both)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PAIRS)


def choose(sources: list[Selected], found: pa.Table, added: dict[str, str], alike: pa.Table | None = None) -> None:
    choose_survivors(sources, found, pairs() if alike is None else alike, added)


def outcome(*sources: Selected) -> dict[str, str | int | None]:
    """Return of each document which it is a copy of, or for how many copies it stands."""
    found: dict[str, str | int | None] = {}
    for source in sources:
        for position, identity in enumerate(source.documents.column("id").to_pylist()):
            copy = source.duplicate_of.get(position)
            kinds = {"duplicate:exact", "duplicate:near", "superseded_version"}
            assert (copy is not None) == bool(kinds & set(source.reasons[position]))
            found[identity] = copy or source.duplicates.get(position, 0)
    return found


def test_the_clearer_licence_stays(build: Build) -> None:
    one, two, three = build("a", "1", license="CC-BY-4.0"), build("b", "1"), build("c", "1", license="CC-BY-SA-4.0")
    choose([one, two, three], links("a/1", "b/1", "c/1"), {"a/1": "2000-01-01"})
    assert outcome(one, two, three) == {"a/1": "b/1", "b/1": 2, "c/1": "b/1"}


def test_then_what_was_published_earlier(build: Build) -> None:
    one, two, three = build("a", "1", rank=1), build("b", "1"), build("c", "1")
    choose([one, two, three], links("a/1", "b/1", "c/1"), {"b/1": "2041-02-01", "c/1": "2041-01-01"})
    assert outcome(one, two, three) == {"a/1": "c/1", "b/1": "c/1", "c/1": 2}


def test_then_the_rank_of_the_source(build: Build) -> None:
    one, two = build("a", "1"), build("b", "1", rank=1)
    choose([one, two], links("a/1", "b/1"), {})
    assert outcome(one, two) == {"a/1": "b/1", "b/1": 1}


def test_then_the_id(build: Build) -> None:
    one, two = build("b", "1"), build("a", "2", "10")
    choose([one, two], links("b/1", "a/2", "a/10"), {})
    assert outcome(one, two) == {"b/1": "a/10", "a/2": "a/10", "a/10": 2}


def test_a_copy_stays_whose_twin_is_not_publishable(build: Build) -> None:
    one, two = build("a", "1", removed=True), build("b", "1", "2", license="CC-BY-SA-4.0")
    choose([one, two], links("a/1", "b/1"), {"a/1": "2000-01-01"})
    assert outcome(one, two) == {"a/1": 0, "b/1": 0, "b/2": 0}
    assert one.reasons == [["removed_at_source"]]
    assert two.published() == [0, 1]


def test_a_link_of_an_older_state_counts_no_more(build: Build) -> None:
    one, two = build("a", "1"), build("b", "1", text_sha256="other")
    choose([one, two], links("a/1", "b/1"), {})
    assert outcome(one, two) == {"a/1": 0, "b/1": 0}


def test_clusters_are_apart(build: Build) -> None:
    one, two = build("a", "1", "2"), build("b", "1", "2")
    both = pa.concat_tables([links("a/1", "b/1", cluster="x"), links("a/2", "b/2", cluster="y")])
    choose([one, two], both, {})
    assert outcome(one, two) == {"a/1": 1, "a/2": 1, "b/1": "a/1", "b/2": "a/2"}


def test_a_copy_excluded_for_more_is_no_copy_in_the_list(build: Build) -> None:
    one = build("a", "1", "2")
    choose([one], links("a/1", "a/2"), {})
    one.reasons[1].append("withdrawn")
    assert excluded_rows(one) == [
        {"id": "a/2", "source": "a", "reason": "withdrawn", "detail": "duplicate:exact", "duplicate_of": None}
    ]


def test_near_copies_and_exact_ones_are_told_apart(build: Build) -> None:
    one = build("a", "1", "2", "3")
    choose([one], links("a/1", "a/2", "a/3", forms="xxy"), {}, pairs("xy"))
    assert outcome(one) == {"a/1": 2, "a/2": "a/1", "a/3": "a/1"}
    assert one.reasons == [[], ["duplicate:exact"], ["duplicate:near"]]


def test_one_form_of_two_texts_is_a_near_copy(build: Build) -> None:
    one = build("a", "1", "2")
    found = links("a/1", "a/2", forms="xx").to_pylist()
    found[1]["exact"] = hashed("y")
    choose([one], pa.Table.from_pylist(found, schema=LINKS), {})
    assert one.reasons == [[], ["duplicate:near"]]


def test_copies_are_joined_over_a_third(build: Build) -> None:
    one = build("a", "1", "2", "3")
    choose([one], links("a/1", "a/2", "a/3", forms="xyz"), {}, pairs("xy", "yz"))
    assert outcome(one) == {"a/1": 2, "a/2": "a/1", "a/3": "a/1"}


def test_a_copy_that_cannot_be_published_joins_no_two_others(build: Build) -> None:
    one, two = build("a", "1", "3"), build("b", "2", removed=True)
    choose([one, two], links("a/1", "b/2", "a/3", forms="xyz"), {}, pairs("xy", "yz"))
    assert outcome(one) == {"a/1": 0, "a/3": 0}


@pytest.mark.parametrize("verdict", ["template", "oversized", "contained", "apart"])
def test_only_near_pairs_join(build: Build, verdict: str) -> None:
    one = build("a", "1", "2")
    choose([one], links("a/1", "a/2", forms="xy"), {}, pairs("xy", verdict=verdict))
    assert outcome(one) == {"a/1": 0, "a/2": 0}


def act(name: str, year: int, *, restates: str | None = None, replaced_by: str | None = None) -> dict[str, Any]:
    facts = {"short_name": name, "consolidates": [restates] if restates else None,
             "replaced_by": [replaced_by] if replaced_by else None}  # fmt: skip
    details = canonical_json({key: value for key, value in facts.items() if value})
    return {"id": f"a/{name}", "source": "a", "details": details, "created": f"{year}-01-01, {year}-01-01"}


def acts(*rows: dict[str, Any], declared: bool = True) -> Selected:
    """Select acts of a source whose details tell versions, if ``declared``."""
    words = {"da": "Ord", "en": "Words"}
    keys = {"short_name": words, "consolidates": words, "replaced_by": words} if declared else {}
    made = descriptor("a").model_copy(update={"details": {key: Bilingual(**word) for key, word in keys.items()}})
    return select(current(*rows), made, [decision(source="a")], TODAY)


def details(source: Selected) -> list[dict[str, Any]]:
    return [json.loads(text) for text in source.documents.column("details").to_pylist()]


def test_a_version_that_is_a_near_copy_of_a_newer_one_is_superseded() -> None:
    source = acts(act("1", 2010), act("2", 2012, restates="1"), act("3", 2014, restates="2"))
    choose([source], links("a/1", "a/2", "a/3", forms="xyz"), {"a/1": "2000-01-01"}, pairs("xy", "yz"))
    assert source.reasons == [["superseded_version"], ["superseded_version"], []]
    assert source.duplicate_of == {0: "a/3", 1: "a/3"}
    assert source.duplicates == {}
    assert [row["reason"] for row in excluded_rows(source)] == ["superseded_version"] * 2
    assert {row["duplicate_of"] for row in excluded_rows(source)} == {"a/3"}


def test_versions_that_differ_stay_and_are_linked_in_their_details() -> None:
    source = acts(act("1", 2010, replaced_by="2"), act("2", 2012), act("3", 2014, restates="2"))
    choose([source], links("a/2", "a/3", forms="yz"), {}, pairs("yz"))
    assert source.reasons == [[], ["superseded_version"], []]
    assert details(source)[0] == {"short_name": "1", "replaced_by": ["2"], "newer_version": "a/3"}
    assert details(source)[2] == {"short_name": "3", "consolidates": ["2"], "older_version": "a/1"}


def test_a_newer_version_that_cannot_be_published_supersedes_none() -> None:
    source = acts(act("1", 2010), {**act("2", 2012, restates="1"), "removed": True})
    choose([source], links("a/1", "a/2"), {})
    assert source.reasons == [[], ["removed_at_source"]]


def test_likeness_alone_makes_no_versions() -> None:
    source = acts(act("1", 2010), act("2", 2012))
    choose([source], links("a/1", "a/2"), {})
    assert source.reasons == [[], ["duplicate:exact"]]


def test_a_source_that_does_not_tell_versions_has_none() -> None:
    source = acts(act("1", 2010), act("2", 2012, restates="1"), declared=False)
    choose([source], links("a/1", "a/2"), {})
    assert source.reasons == [[], ["duplicate:exact"]]
