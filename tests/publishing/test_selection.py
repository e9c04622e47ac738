"""What is published, under which terms, and which of several copies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from frisat.descriptor import Descriptor
from frisat.schema import LINKS, QUALITY
from licensing import Decision, parse_scope
from publishing import Current, Selected, select
from publishing.selection import choose_survivors, excluded_rows

TODAY = date(2041, 3, 10)


def descriptor(name: str = "s", rank: int = 100) -> Descriptor:
    words = {"da": "Ord", "en": "Words"}
    return Descriptor.model_validate(
        {
            "name": name, "title": words, "description": words, "publisher": "Kommunen", "contact": "mailto:a@b.dk",
            "landing_page": "https://example.org", "update_frequency": "irregular", "domains": ["Other"],
            "document_types": [], "personal_data": "none", "language": "da", "rank": rank,
            "rights": {"claim": "CC0-1.0", "stated_at": "https://example.org", "note": words},
        }
    )  # fmt: skip


def decision(only: str | None = None, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "decision_id": "s-1", "source": "s", "scope": parse_scope(only), "status": "cleared", "license": "CC0-1.0",
        "legal_basis": "licence", "attribution": None, "evidence_ids": ("e-1",), "reasoning": "r", "doubts": "d",
        "not_checked": "n", "decided_by": "w", "second_reviewer": None, "decided_at": "2041-01-01",
        "review_due": date(2042, 1, 1), "rights_sha256": descriptor().rights_sha256(),
    }  # fmt: skip
    return Decision(**{**values, **changes})


def current(*rows: dict[str, Any], problems: list[dict[str, Any]] | None = None) -> Current:
    """Return current documents; each row needs an ``id`` only."""
    plain: dict[str, Any] = {
        "document_type": None, "author": None, "parent_id": None, "title": None, "url": None, "source": "s",
        "created": None, "removed": False, "notes": [], "text_sha256": "t",
    }  # fmt: skip
    strings = ("id", "document_type", "author", "parent_id", "title", "url", "source", "created", "text_sha256")
    schema = pa.schema(
        [*((n, pa.string()) for n in strings), ("removed", pa.bool_()), ("notes", pa.list_(pa.string()))]
    )
    reasons = pa.schema([(name, pa.string()) for name in ("id", "reason", "detail")])
    return Current(
        pa.Table.from_pylist([{**plain, **row} for row in rows], schema=schema),
        pa.Table.from_pylist(problems or [], schema=reasons),
    )


def test_a_rule_of_the_descriptor_excludes_by_its_measures() -> None:
    fields = [field for field in QUALITY if field.name in {"words", "lexicon"}]
    found = current({"id": "a"}, {"id": "b"}, {"id": "c"})
    measures = pa.array(
        [{"words": 3, "lexicon": 1.0}, {"words": 90, "lexicon": 0.25}, {"words": 90}], pa.struct(fields)
    )
    ruled = descriptor().model_copy(update={"exclude": {"too_short": "words < 5", "foreign_words": "lexicon < 0.5"}})
    chosen = select(
        Current(found.documents.append_column("quality", measures), found.problems), ruled, [decision()], TODAY
    )
    assert chosen.reasons == [["too_short"], ["quality:foreign_words"], []]


def test_a_cleared_document_is_published_under_its_terms() -> None:
    row = {"id": "s/1", "title": "Referat", "author": "Byrådet", "created": "2040-01-01, 2040-12-31"}
    by = decision(license="CC-BY-4.0", attribution="{author}: {title}, {publisher} {year}")
    selected = select(current(row), descriptor(), [by], TODAY)
    assert selected.published() == [0]
    terms = selected.terms(0)
    assert (terms.license, terms.licence_class, terms.legal_basis, terms.decision_id, terms.attribution) == (
        "CC-BY-4.0", "attribution", "licence", "s-1", "Byrådet: Referat, Kommunen 2040",
    )  # fmt: skip


REASONS: dict[str, tuple[dict[str, Any], list[Decision], list[str]]] = {
    "nothing against it": ({}, [decision()], []),
    "no decision": ({}, [], ["rights:needs_review"]),
    "a decision on others": ({}, [decision("document_type = LOV")], ["rights:needs_review"]),
    "blocked": ({}, [decision(status="blocked")], ["rights:blocked"]),
    "restricted": ({}, [decision(status="restricted")], ["rights:restricted"]),
    "unreviewed": ({}, [decision(status="unreviewed")], ["rights:unreviewed"]),
    "expired": ({}, [decision(review_due=date(2041, 3, 9))], ["rights:expired"]),
    "due today": ({}, [decision(review_due=TODAY)], []),
    "another claim": ({}, [decision(rights_sha256="0" * 64)], ["rights:needs_review"]),
    "one document blocked": ({}, [decision(), decision("id = s/1", status="blocked")], ["rights:blocked"]),
    "one document blocked first": ({}, [decision("id = s/1", status="blocked"), decision()], ["rights:blocked"]),
    "blocked, then cleared": ({}, [decision(status="blocked"), decision()], []),
    "nothing to name in the attribution": (
        {},
        [decision(license="CC-BY-4.0", attribution="{author}")],
        ["rights:needs_review"],
    ),
    "removed": ({"removed": True}, [decision()], ["removed_at_source"]),
    "notes": ({"notes": ["language:sv"]}, [decision()], ["language:sv"]),
    "all of them": (
        {"removed": True, "notes": ["language:sv", "too_short"]},
        [],
        ["language:sv", "too_short", "removed_at_source", "rights:needs_review"],
    ),
}


@pytest.mark.parametrize("case", REASONS)
def test_reasons(case: str) -> None:
    row, decisions, expected = REASONS[case]
    selected = select(current({"id": "s/1", **row}), descriptor(), decisions, TODAY)
    assert selected.reasons == [expected]
    assert selected.published() == ([] if expected else [0])


def test_each_document_has_the_decision_of_its_own_scope() -> None:
    rows: list[dict[str, Any]] = [
        {"id": f"s/{n}", "document_type": kind} for n, kind in enumerate(["LOV", "BEK", None])
    ]
    decisions = [decision(), decision("document_type = LOV", decision_id="s-2", license="LicenseRef-DK-OPHL-9")]
    selected = select(current(*rows), descriptor(), decisions, TODAY)
    assert [selected.terms(n).decision_id for n in range(3)] == ["s-2", "s-1", "s-1"]


def test_terms_of_what_is_not_cleared_are_a_fault() -> None:
    with pytest.raises(ValueError, match="row 0 of s is not cleared"):
        select(current({"id": "s/1"}), descriptor(), [], TODAY).terms(0)


def test_excluded_rows_hold_one_reason_and_the_others_beside_it() -> None:
    rows: list[dict[str, Any]] = [
        {"id": "s/2", "removed": True, "notes": ["too_short", "language:sv"]},
        {"id": "s/1", "notes": ["language:sv"]},
        {"id": "s/3"},
    ]
    problem = {"id": "s/record/ab", "reason": "broken", "detail": "a.xml: is no XML"}
    selected = select(current(*rows, problems=[problem]), descriptor(), [decision()], TODAY)
    assert excluded_rows(selected) == [
        {"id": "s/1", "source": "s", "reason": "language:sv", "detail": None, "duplicate_of": None},
        {"id": "s/2", "source": "s", "reason": "removed_at_source", "detail": "language:sv, too_short",
         "duplicate_of": None},
        {**problem, "source": "s", "duplicate_of": None},
    ]  # fmt: skip


Build = Callable[..., Selected]


@pytest.fixture
def build() -> Build:
    """Return a function that selects one source of documents with these ids and this licence."""

    def make(name: str, *ids: str, license: str = "CC0-1.0", rank: int = 100, **row: Any) -> Selected:
        rows = [{"id": f"{name}/{identity}", "source": name, **row} for identity in ids]
        return select(current(*rows), descriptor(name, rank), [decision(license=license, source=name)], TODAY)

    return make


def links(*ids: str, cluster: str = "c", text: str = "t") -> pa.Table:
    rows = [
        {"cluster": cluster, "kind": "exact", "score": 1.0, "source": i.split("/")[0], "id": i, "text_sha256": text}
        for i in ids
    ]
    return pa.Table.from_pylist(rows, schema=LINKS)


def outcome(*sources: Selected) -> dict[str, str | int | None]:
    """Return of each document which it is a copy of, or for how many copies it stands."""
    found: dict[str, str | int | None] = {}
    for source in sources:
        for position, identity in enumerate(source.documents.column("id").to_pylist()):
            copy = source.duplicate_of.get(position)
            assert (copy is not None) == ("duplicate:exact" in source.reasons[position])
            found[identity] = copy or source.duplicates.get(position, 0)
    return found


def test_the_clearer_licence_stays(build: Build) -> None:
    one, two, three = build("a", "1", license="CC-BY-4.0"), build("b", "1"), build("c", "1", license="CC-BY-SA-4.0")
    choose_survivors([one, two, three], links("a/1", "b/1", "c/1"), {"a/1": "2000-01-01"})
    assert outcome(one, two, three) == {"a/1": "b/1", "b/1": 2, "c/1": "b/1"}


def test_then_what_was_published_earlier(build: Build) -> None:
    one, two, three = build("a", "1", rank=1), build("b", "1"), build("c", "1")
    choose_survivors([one, two, three], links("a/1", "b/1", "c/1"), {"b/1": "2041-02-01", "c/1": "2041-01-01"})
    assert outcome(one, two, three) == {"a/1": "c/1", "b/1": "c/1", "c/1": 2}


def test_then_the_rank_of_the_source(build: Build) -> None:
    one, two = build("a", "1"), build("b", "1", rank=1)
    choose_survivors([one, two], links("a/1", "b/1"), {})
    assert outcome(one, two) == {"a/1": "b/1", "b/1": 1}


def test_then_the_id(build: Build) -> None:
    one, two = build("b", "1"), build("a", "2", "10")
    choose_survivors([one, two], links("b/1", "a/2", "a/10"), {})
    assert outcome(one, two) == {"b/1": "a/10", "a/2": "a/10", "a/10": 2}


def test_a_copy_stays_whose_twin_is_not_publishable(build: Build) -> None:
    one, two = build("a", "1", removed=True), build("b", "1", "2", license="CC-BY-SA-4.0")
    choose_survivors([one, two], links("a/1", "b/1"), {"a/1": "2000-01-01"})
    assert outcome(one, two) == {"a/1": 0, "b/1": 0, "b/2": 0}
    assert one.reasons == [["removed_at_source"]]
    assert two.published() == [0, 1]


def test_a_link_of_an_older_state_counts_no_more(build: Build) -> None:
    one, two = build("a", "1"), build("b", "1", text_sha256="other")
    choose_survivors([one, two], links("a/1", "b/1"), {})
    assert outcome(one, two) == {"a/1": 0, "b/1": 0}


def test_clusters_are_apart(build: Build) -> None:
    one, two = build("a", "1", "2"), build("b", "1", "2")
    both = pa.concat_tables([links("a/1", "b/1", cluster="x"), links("a/2", "b/2", cluster="y")])
    choose_survivors([one, two], both, {})
    assert outcome(one, two) == {"a/1": 1, "a/2": 1, "b/1": "a/1", "b/2": "a/2"}


def test_a_copy_excluded_for_more_is_no_copy_in_the_list(build: Build) -> None:
    one = build("a", "1", "2")
    choose_survivors([one], links("a/1", "a/2"), {})
    one.reasons[1].append("withdrawn")
    assert excluded_rows(one) == [
        {"id": "a/2", "source": "a", "reason": "withdrawn", "detail": "duplicate:exact", "duplicate_of": None}
    ]
