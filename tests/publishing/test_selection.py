"""What is published, and under which terms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from frisat.descriptor import Descriptor
from frisat.schema import QUALITY
from licensing import Decision, parse_scope
from publishing import Current, select
from publishing.selection import excluded_rows

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
        "created": None, "details": None, "removed": False, "notes": [], "text_sha256": "t",
    }  # fmt: skip
    strings = tuple(name for name in {"id": "", **plain} if name not in ("removed", "notes"))
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
