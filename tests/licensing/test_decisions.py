"""Decisions: what must be said, which one holds, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from frisat.errors import UsageError
from licensing import (
    LEGAL_BASES,
    PUBLISHABLE,
    STATUSES,
    Decision,
    Evidence,
    Proposal,
    Register,
    check_proposal,
    decide,
    decisions,
    standing,
)

CLAIM = "c" * 64
TODAY = date(2041, 3, 10)
PROPOSAL = Proposal(
    source="minutes", status="cleared", license="CC0-1.0", legal_basis="licence", reasoning="The terms say so.",
    doubts="None.", not_checked="Other countries.", decided_by="first reviewer",
)  # fmt: skip
EVIDENCE = Evidence("a" * 64, "b" * 64, "Alt er frit", 0, "terms.txt", "minutes", "2041-03-10T00:00:00.000+00:00")


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """An empty register on 10 March 2041."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    return Register(tmp_path / "register")


def _decide(register: Register, **changes: Any) -> Decision:
    return decide(register, replace(PROPOSAL, **changes), [EVIDENCE], CLAIM)


def test_a_decision_is_recorded_with_its_evidence(register: Register) -> None:
    made = _decide(register, only="document_type in (LOV, LBK)")
    assert [(entry.kind, entry.body) for entry in register.entries()] == [
        ("evidence", EVIDENCE.body()),
        ("decision", made.body()),
    ]
    assert decisions(register) == [made]
    assert made.body() == {
        "decision_id": "minutes-1",
        "source": "minutes",
        "scope": "document_type in (LBK, LOV)",
        "status": "cleared",
        "license": "CC0-1.0",
        "legal_basis": "licence",
        "attribution": None,
        "evidence_ids": [EVIDENCE.evidence_id()],
        "reasoning": "The terms say so.",
        "doubts": "None.",
        "not_checked": "Other countries.",
        "decided_by": "first reviewer",
        "second_reviewer": None,
        "decided_at": "2041-03-10T00:00:00.000+00:00",
        "review_due": "2043-03-10",
        "rights_sha256": CLAIM,
        "agreement_sha256": None,
    }


def test_a_scope_with_commas_is_read_back_as_it_was_decided(register: Register) -> None:
    made = _decide(register, only='author = "Holberg, Ludvig"')
    assert decisions(register) == [made]
    assert decisions(register)[0].scope.covers({"author": "Holberg, Ludvig"})
    assert not decisions(register)[0].scope.covers({"author": "Ludvig"})


@pytest.mark.parametrize(("name", "option"), [
    ("reasoning", "--reasoning"), ("doubts", "--doubts"), ("not_checked", "--not-checked"), ("decided_by", "--by"),
])  # fmt: skip
@pytest.mark.parametrize("empty", ["", " \n\t"])
def test_every_word_must_be_said(register: Register, name: str, option: str, empty: str) -> None:
    with pytest.raises(UsageError, match=f"^{option} is empty; it must be said"):
        _decide(register, **{name: empty})
    assert register.entries() == []


def test_no_decision_without_evidence(register: Register) -> None:
    with pytest.raises(UsageError, match="a decision rests on evidence: give --evidence FILE and --quote TEXT"):
        decide(register, PROPOSAL, [], CLAIM)
    assert register.entries() == []


AGREEMENT = {
    "status": "bought_out", "license": "LicenseRef-Agreement-1", "legal_basis": "agreement",
    "agreement_sha256": "d" * 64, "second_reviewer": "second reviewer", "review_due": date(2042, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "clear"}, "'clear' is no status; choose from unreviewed, needs_review, cleared,"),
        ({"status": "expired"}, "'expired' is no status"),
        (
            {"legal_basis": "tdm_exception"},
            r"text and data mining \(§ 11 b\) lets one copy, not publish",
        ),
        ({"license": "CC-BY-SA"}, r"did you mean CC-BY-SA-\d\.\d\?"),
        ({"license": "CC-BY-NC-4.0"}, "none that forbids commercial use or changes"),
        ({"license": "CC-BY-ND-4.0"}, "none that forbids commercial use or changes"),
        ({"only": "title = x"}, "--only cannot ask for 'title'"),
        ({"license": "CC-BY-4.0"}, r"CC-BY-4\.0 asks for attribution: give --attribution"),
        ({"license": "CC-BY-4.0", "attribution": ""}, r"CC-BY-4\.0 asks for attribution"),
        ({"license": "CC-BY-SA-4.0", "attribution": "  "}, r"CC-BY-SA-4\.0 asks for attribution"),
        ({"license": "LicenseRef-DK-AuthorityTerms-x"}, "asks for attribution"),
        ({"attribution": "{titel}"}, r"--attribution knows the fields author, id, publisher, source, title, url, year"),
        ({"attribution": "{__class__}"}, r"not \{__class__\}"),
        ({"attribution": "{title.__class__}"}, r"not \{title\.__class__\}"),
        ({"attribution": "{title[0]}"}, r"not \{title\[0\]\}"),
        ({"attribution": "{}"}, r"not \{\}"),
        ({"attribution": "{0}"}, r"not \{0\}"),
        ({"attribution": "{title:>10}"}, r"not \{title\}"),
        ({"attribution": "{title:{url}}"}, r"not \{title\}"),
        ({"attribution": "{title!r}"}, r"not \{title\}"),
        ({"attribution": "{title"}, "is no template"),
        ({"attribution": "title}"}, "is no template"),
        ({"status": "bought_out"}, "status bought_out and a LicenseRef-Agreement-. go together"),
        ({**AGREEMENT, "status": "cleared"}, "status bought_out and a LicenseRef-Agreement-. go together"),
        ({**AGREEMENT, "agreement_sha256": None}, "bought_out needs --agreement FILE, --second-reviewer WHO and"),
        ({**AGREEMENT, "second_reviewer": None}, "bought_out needs"),
        ({**AGREEMENT, "second_reviewer": "  "}, "bought_out needs"),
        ({**AGREEMENT, "review_due": None}, "bought_out needs"),
        ({**AGREEMENT, "second_reviewer": "first reviewer"}, "must be another person"),
        ({**AGREEMENT, "second_reviewer": " First Reviewer "}, "must be another person"),
        ({"second_reviewer": "first reviewer"}, "must be another person"),
        ({"review_due": date(2041, 3, 9)}, "--review-due 2041-03-09 has passed already"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_recorded(
    register: Register, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        _decide(register, **changes)
    assert caught.value.exit_code == 2
    assert register.entries() == []


@pytest.mark.parametrize("status", [s for s in STATUSES if s not in PUBLISHABLE])
def test_a_no_needs_no_attribution_and_may_end_an_agreement(register: Register, status: str) -> None:
    assert _decide(register, status=status, license="CC-BY-4.0").status == status
    assert _decide(register, status=status, license="LicenseRef-Agreement-1").status == status


def test_an_agreement_that_is_complete_is_recorded(register: Register) -> None:
    made = _decide(register, **AGREEMENT)
    assert (made.status, made.review_due, made.agreement_sha256) == ("bought_out", date(2042, 1, 1), "d" * 64)


@pytest.mark.parametrize("basis", LEGAL_BASES)
def test_when_a_review_is_due(register: Register, basis: str) -> None:
    days = 365 if basis in {"terms_of_authority", "eu_reuse_2011_833", "public_proceedings_dk"} else 730
    assert _decide(register, legal_basis=basis).review_due == TODAY + timedelta(days=days)
    assert _decide(register, legal_basis=basis, review_due=TODAY).review_due == TODAY


def test_the_licence_is_recorded_by_its_right_name(register: Register) -> None:
    assert check_proposal(replace(PROPOSAL, license="cc0-1.0")).id == "CC0-1.0"
    assert _decide(register, license="cc0-1.0").license == "CC0-1.0"


def test_a_renewed_decision_keeps_its_id(register: Register) -> None:
    first = _decide(register)
    again = _decide(register, reasoning="Looked at again.", review_due=date(2050, 1, 1))
    assert (first.decision_id, again.decision_id) == ("minutes-1", "minutes-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"only": "document_type = LOV"},
        {"license": "PDDL-1.0"},
        {"legal_basis": "term_expired"},
        {"attribution": "{publisher}"},
    ],
)
def test_another_scope_or_other_terms_get_a_new_id(register: Register, changes: dict[str, Any]) -> None:
    _decide(register)
    assert _decide(register, **changes).decision_id == "minutes-2"
    assert _decide(register).decision_id == "minutes-1"
    assert _decide(register, **changes).decision_id == "minutes-2"


def test_ids_are_counted_by_source(register: Register) -> None:
    _decide(register)
    assert _decide(register, source="speeches").decision_id == "speeches-1"
    assert [d.source for d in decisions(register)] == ["minutes", "speeches"]
    assert [d.source for d in decisions(register, "speeches")] == ["speeches"]


def test_the_most_special_scope_holds_and_the_latest_among_equals(register: Register) -> None:
    one = _decide(register, only="id = minutes/1", status="blocked")
    some = _decide(register, only="document_type = LOV")
    everything = _decide(register)
    everything_later = _decide(register, status="restricted")
    found = decisions(register)
    assert everything in found
    assert standing(found, {"id": "minutes/1", "document_type": "LOV"}) == one
    assert standing(found, {"id": "minutes/2", "document_type": "LOV"}) == some
    assert standing(found, {"id": "minutes/3", "document_type": "BEK"}) == everything_later
    assert standing([one], {"id": "minutes/2"}) is None
    assert standing([], {"id": "minutes/1"}) is None


def test_a_decision_expires_the_day_after_its_review_was_due(register: Register) -> None:
    made = _decide(register, review_due=date(2041, 6, 1))
    assert made.status_at(date(2041, 6, 1), CLAIM) == "cleared"
    assert made.status_at(date(2041, 6, 2), CLAIM) == "expired"
    assert made.status_at(date(2041, 6, 2), None) == "expired"


def test_a_changed_claim_needs_review(register: Register) -> None:
    made = _decide(register)
    assert made.status_at(TODAY, "d" * 64) == "needs_review"
    assert made.status_at(date(2099, 1, 1), "d" * 64) == "needs_review"
    assert made.status_at(TODAY, None) == "cleared"


@pytest.mark.parametrize("status", [s for s in STATUSES if s not in PUBLISHABLE])
def test_a_no_stays_whatever_happens(register: Register, status: str) -> None:
    made = _decide(register, status=status, review_due=date(2041, 6, 1))
    assert made.status_at(date(2099, 1, 1), "d" * 64) == status


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{title}, {publisher}, {url}", "Referat, Kommunen, https://example.org/1"),
        ("{author} ({year})", "Byrådet (2040)"),
        ("{id} af {source}: {{frit}}", "minutes/1 af minutes: {frit}"),
        ("Kommunen", "Kommunen"),
    ],
)
def test_attribution_is_filled_in(register: Register, template: str, line: str) -> None:
    row = {
        "id": "minutes/1", "source": "minutes", "title": "Referat", "publisher": "Kommunen", "author": "Byrådet",
        "url": "https://example.org/1", "created": "2040-01-01, 2040-01-31",
    }  # fmt: skip
    assert _decide(register, license="CC-BY-4.0", attribution=template).attribution_for(row) == line


def test_attribution_of_a_row_with_gaps_and_braces(register: Register) -> None:
    made = _decide(register, license="CC-BY-4.0", attribution="{author}  {title} {year}")
    assert made.attribution_for({"title": "{author} {0}", "author": None, "created": None}) == "{author} {0}"
    assert _decide(register).attribution_for({"title": "x"}) is None
