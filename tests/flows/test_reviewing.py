"""What a reviewer sees and records."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from flows.reviewing import dossier, record_decision, waiting
from frisat.errors import UsageError
from licensing import Register, find_licence
from sources import built_in_sources

if TYPE_CHECKING:
    from tests.conftest import Desk


def _queue(desk: Desk) -> list[tuple[str, str, int, int, str | None]]:
    names = ("source", "status", "documents", "words", "review_due")
    mine = [row for row in waiting(desk.workspace) if row["source"] not in built_in_sources()]
    return [tuple(row[name] for name in names) for row in mine]


def test_the_queue(desk: Desk) -> None:
    assert _queue(desk) == []
    desk.deliver("letters", [{"id": str(n), "text": "Kære alle sammen.", "document_type": "abb"[n]} for n in range(3)])
    desk.deliver("minutes", desk.minutes())
    assert _queue(desk) == [("letters", "needs_review", 0, 0, None), ("minutes", "needs_review", 0, 0, None)]
    desk.build()
    assert _queue(desk) == [("minutes", "needs_review", 4, 136, None), ("letters", "needs_review", 3, 9, None)]
    desk.decide("minutes")
    desk.decide("letters", only="document_type = b", status="blocked")
    assert _queue(desk) == [
        ("letters", "blocked", 2, 6, "2043-03-01"),
        ("letters", "needs_review", 1, 3, "2043-03-01"),
    ]
    desk.at("2043-03-02")
    assert _queue(desk)[0] == ("minutes", "expired", 4, 136, "2043-03-01")


def test_a_renewed_decision_is_due_when_the_new_one_is(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes())
    desk.build()
    desk.decide("minutes", review_due=date(2041, 4, 1))
    desk.decide("minutes", review_due=date(2042, 4, 1))
    desk.at("2042-05-01")
    assert _queue(desk) == [("minutes", "expired", 4, 136, "2042-04-01")]


def test_built_in_sources_wait_from_the_beginning(desk: Desk) -> None:
    rows = waiting(desk.workspace)
    assert [(row["source"], row["status"], row["documents"]) for row in rows] == [
        (name, "needs_review", 0) for name in sorted(built_in_sources())
    ]


def test_the_dossier(desk: Desk) -> None:
    desk.deliver("minutes", [{**row, "document_type": "aab"[n]} for n, row in enumerate(desk.minutes(3))])
    desk.build()
    desk.decide("minutes", only="document_type = a")
    found = dossier(desk.workspace, "minutes")
    assert found["rights"] == {
        "claim": "CC0-1.0",
        "stated_at": "https://example.org/terms",
        "note": {"da": "Opdigtet.", "en": "Invented."},
    }
    assert found["document_types"] == [{"document_type": "a", "documents": 2}, {"document_type": "b", "documents": 1}]
    (decision,) = found["decisions"]
    assert (decision["decision_id"], decision["scope"], decision["status_now"]) == (
        "minutes-1", "document_type in (a)", "cleared",
    )  # fmt: skip
    assert re.fullmatch(r"terms\.txt: “released under CC0 1\.0” \(e-[0-9a-f]{16}\)", *decision["evidence"])
    desk.at("2043-03-02")
    assert dossier(desk.workspace, "minutes")["decisions"][0]["status_now"] == "expired"


def test_the_dossier_of_an_unknown_source(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no source is named 'retsinformatio'; did you mean 'retsinformation'"):
        dossier(desk.workspace, "retsinformatio")


@pytest.mark.parametrize(
    ("only", "covers"), [(None, 3), ("document_type = a", 2), ("id = minutes/002", 1), ("author = X", 0)]
)
def test_a_decision_says_how_many_documents_it_covers(desk: Desk, only: str | None, covers: int) -> None:
    desk.deliver("minutes", [{**row, "document_type": "aab"[n]} for n, row in enumerate(desk.minutes(3))])
    desk.build()
    decision = desk.decide("minutes", only=only)
    assert (decision["covers"], decision["documents"]) == (covers, 3)


@pytest.mark.parametrize(
    ("changes", "quote"),
    [
        ({"source": "minute"}, "CC0 1.0"),
        ({"doubts": ""}, "CC0 1.0"),
        ({}, "CC0 2.0"),
        ({"license": "CC-BY"}, "CC0 1.0"),
    ],
)
def test_a_decision_that_is_refused_leaves_nothing(desk: Desk, changes: dict[str, Any], quote: str) -> None:
    desk.deliver("minutes", desk.minutes(1))
    terms = desk.root / "terms.txt"
    terms.write_text("Released under CC0 1.0.")
    proposal = desk.proposal(**{"source": "minutes", **changes})
    with desk.workspace.lock("test"), pytest.raises(UsageError):
        record_decision(desk.workspace, proposal, terms, quote)
    assert Register(desk.workspace.register).entries() == []
    assert not desk.workspace.register.exists()


def test_what_its_publisher_removed_does_not_wait(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(4))
    desk.build()
    assert [row[2] for row in _queue(desk)] == [4]
    desk.deliver("minutes", desk.minutes(3))
    desk.build()
    assert [row[2] for row in _queue(desk)] == [3]


@pytest.mark.parametrize("name", sorted(built_in_sources()))
def test_shipped_claims_say_their_doubts(name: str) -> None:
    claim = built_in_sources()[name].descriptor.rights
    assert claim.stated_at.startswith("https://")
    assert find_licence(claim.claim)
    assert "§ 11 b" in claim.note.da
    assert "section 11 b" in claim.note.en
    assert "is no basis for anything here" in claim.note.en


def test_what_is_declared_detected_and_concluded_stands_apart(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(1), claim="CC-BY-4.0")
    desk.build()
    page = desk.root / "terms.html"
    page.write_text(
        '<html><head><link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head>'
        "<body><p>Teksterne er udgivet under CC BY 4.0.</p></body></html>"
    )
    with desk.workspace.lock("test"):
        made = record_decision(
            desk.workspace,
            desk.proposal("minutes", license="CC-BY-4.0", attribution="{title}"),
            page,
            "Teksterne er udgivet under CC BY 4.0.",
            scope="item",
        )
    assert (made["declared"], made["license"]) == ("CC-BY-4.0", "CC-BY-4.0")
    assert {"licence": "CC-BY-4.0", "where": "link", "sure": "high"} in made["detected"]
