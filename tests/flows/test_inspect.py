"""Looking at single documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flows.inspect import overview, sample, show
from frisat.errors import UsageError
from frisat.files import sha256
from sources import built_in_sources, find_source

if TYPE_CHECKING:
    from tests.conftest import Desk

NOBODY = "150734-5678"
"""A CPR number of nobody: the birth date lies in 2034."""


def test_a_published_document(finished: Desk) -> None:
    found = show(finished.workspace, "minutes/000")
    assert (found["id"], found["title"], found["states"], found["against"]) == (
        "minutes/000", "Referat om broen", 1, [],
    )  # fmt: skip
    assert found["text"] == finished.minutes(1)[0]["text"]
    assert found["record"]["key"] == "rows.jsonl"
    assert found["retrieved_at"] == "2041-03-01T12:00:00+00:00"
    assert found["copies"][0] == {
        "id": "speeches/speech/1", "kind": "exact", "score": 1.0, "why": "the same text but for white space and case",
        "side_by_side": [],
    }  # fmt: skip
    assert {copy["kind"] for copy in found["copies"][1:]} == {"not linked: contained"}
    assert found["released"] == {
        "version": "v1.0.0", "published": True, "file": "data/minutes/no-copyright-00000.parquet", "id": "minutes/000",
        "added": "2041-03-01", "license": "CC0-1.0", "decision_id": "minutes-1", "duplicates": 1,
    }  # fmt: skip
    assert found["rights"] == {
        "decision_id": "minutes-1", "license": "CC0-1.0", "legal_basis": "licence", "decided_by": "first reviewer",
        "decided_at": "2041-03-01T12:00:00.000+00:00", "review_due": "2043-03-01", "reasoning": "The terms say so.",
        "doubts": "None.", "not_checked": "Other countries.", "attribution": None,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock on 1 March 2041: noon."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2245752000")


def test_an_excluded_document(finished: Desk) -> None:
    found = show(finished.workspace, "speeches/speech/2")
    assert found["against"] == ["language:sv"]
    assert found["released"] == {
        "version": "v1.0.0", "published": False, "id": "speeches/speech/2", "source": "speeches",
        "reason": "language:sv", "detail": None, "duplicate_of": None,
    }  # fmt: skip


def test_a_copy_that_is_not_published(finished: Desk) -> None:
    found = show(finished.workspace, "speeches/speech/1")
    assert found["against"] == []
    assert found["released"]["reason"] == "duplicate:exact"
    assert found["released"]["duplicate_of"] == "minutes/000"
    assert found["rights"]["attribution"] == "Anna Andersen: En kopi ()"


def test_a_problem(finished: Desk) -> None:
    (identity,) = [i for i in finished.latest().excluded() if i.startswith("speeches/record/")]
    found = show(finished.workspace, identity)
    assert [row["reason"] for row in found["problems"]] == ["broken"]
    assert found["released"]["reason"] == "broken"


def test_a_text_that_clashed_with_another(desk: Desk) -> None:
    rows = desk.minutes(2)
    desk.deliver("minutes", [rows[0], {**rows[1], "id": "minutes/000"}])
    desk.build()
    desk.decide("minutes")
    desk.release()
    (identity,) = desk.latest().excluded()
    found = show(desk.workspace, identity)
    assert found["problems"][0]["detail"].startswith("another text came under the id minutes/000")


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("minutes/00", "minutes has no built document 'minutes/00'; near it: minutes/00"),
        ("minutes/zzzzzzzzzzzzzzz", "minutes has no built document 'minutes/zzzzzzzzzzzzzzz'$"),
        ("minutes/record/0123456789abcdef", "minutes has no built document"),
        ("minute/000", "no source is named 'minute'; did you mean 'minutes'"),
        ("", "no source is named ''"),
        ("adl/x", "adl has no built document 'adl/x'"),
    ],
)
def test_an_unknown_id(finished: Desk, identity: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        show(finished.workspace, identity)


def test_a_document_that_its_publisher_took_away(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(2))
    desk.deliver("minutes", desk.minutes(1))
    desk.build()
    assert show(desk.workspace, "minutes/001")["against"] == ["removed_at_source", "rights:needs_review"]
    assert show(desk.workspace, "minutes/000")["against"] == ["rights:needs_review"]
    assert show(desk.workspace, "minutes/000")["released"] is None


def test_a_document_collected_since_the_release(released: Desk) -> None:
    released.deliver("minutes", released.minutes(5))
    released.build()
    assert show(released.workspace, "minutes/004")["released"] == {
        "version": "v1.0.0", "published": False, "reason": "not in it: collected or built since",
    }  # fmt: skip


def test_changed_lines_and_states(desk: Desk) -> None:
    row = desk.minutes(1)[0]
    desk.deliver("minutes", [row])
    desk.at("2041-03-02")
    desk.deliver("minutes", [{**row, "text": f"Byrådets mÃ¸de\n{row['text']}\nRing til Anna på tlf. 12 34 56 78."}])
    desk.build()
    found = show(desk.workspace, "minutes/000")
    assert found["states"] == 2
    assert found["changed_lines"] == [{"before": "Byrådets mÃ¸de", "after": "Byrådets møde"}]
    assert found["text"].splitlines()[2] == "Ring til Anna på tlf. [TELEFON]."


def test_what_only_repair_laid_bare_is_not_shown_as_it_was(desk: Desk) -> None:
    hidden = NOBODY.replace("-", "â€“")
    desk.deliver("minutes", [{**desk.minutes(1)[0], "text": f"Borgeren {hidden} klager over mÃ¸det."}])
    desk.build()
    found = show(desk.workspace, "minutes/000")
    assert found["text"] == "Borgeren [CPR] klager over mødet."
    assert found["changed_lines"] == []


def _sample(desk: Desk, source: str, reason: str | None = None, count: int = 5) -> list[dict[str, Any]]:
    return sample(desk.workspace, find_source(desk.workspace, source), reason, count)


def test_a_sample_is_always_the_same(finished: Desk) -> None:
    ids = [row["id"] for row in _sample(finished, "minutes")]
    assert ids == sorted(ids, key=sha256) == ["minutes/002", "minutes/001", "minutes/000", "minutes/003"]
    assert [row["id"] for row in _sample(finished, "minutes", count=2)] == ids[:2]
    assert set(_sample(finished, "minutes")[0]) == {"id", "title", "url", "excluded", "text"}


def test_a_sample_by_reason(finished: Desk) -> None:
    (row,) = _sample(finished, "speeches", "language")
    assert (row["id"], row["excluded"]) == ("speeches/speech/2", "language:sv")
    assert row["text"].startswith("Vi har inte sett")
    assert [r["id"] for r in _sample(finished, "speeches", "language:sv")] == ["speeches/speech/2"]
    assert _sample(finished, "speeches", "lang") == []
    assert _sample(finished, "speeches", "rights:needs_review") == []
    assert _sample(finished, "adl") == []


def test_a_sample_of_what_gave_no_document_says_why(desk: Desk) -> None:
    desk.deliver("minutes", [*desk.minutes(1), {**desk.minutes(2)[1], "text": ""}])
    desk.build()
    (row,) = _sample(desk, "minutes", "empty")
    assert row["excluded"] == "empty"
    assert row["text"]
    assert len(_sample(desk, "minutes")) == 1


def test_the_overview(finished: Desk) -> None:
    rows = {row["source"]: row for row in overview(finished.workspace)}
    assert list(rows) == sorted([*built_in_sources(), "minutes", "speeches"])
    assert rows["speeches"] == {
        "source": "speeches", "title": "Title of speeches", "built_in": False, "rights": "cleared_conditional",
        "claim": "CC0-1.0", "last_harvest": "2041-03-01 12:00", "documents": 3, "published": 1,
        "next_review": "2043-03-01",
    }  # fmt: skip
    assert (rows["adl"]["rights"], rows["adl"]["documents"], rows["adl"]["last_harvest"]) == (
        "needs_review", None, None,
    )  # fmt: skip


def test_the_overview_tells_each_status_once(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(1))
    desk.decide("minutes", status="blocked")
    desk.decide("minutes")
    desk.decide("minutes", only="id = minutes/000", status="restricted")
    (row,) = [row for row in overview(desk.workspace) if row["source"] == "minutes"]
    assert (row["rights"], row["documents"]) == ("cleared, restricted", None)
