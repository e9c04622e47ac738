"""What holds for a source on a day: changed terms, events and signals expire a decision; old records still load."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from frisat.errors import RefusedError, UsageError
from licensing import (
    Agreement,
    Capture,
    Decision,
    Proposal,
    Register,
    Ruling,
    capture,
    check_proposal,
    decide,
    decisions,
    record_event,
)

CLAIM = "c" * 64
URL = "https://example.org/terms"
PAGE = (
    "<html><body><nav><ul><li><a href='/a'>{menu}</a></li></ul></nav>"
    "<p>Teksterne er frie.</p><p>{more}</p></body></html>"
)
PROPOSAL = Proposal(
    source="minutes", status="cleared", license="CC0-1.0", legal_basis="licence", reasoning="r", doubts="d",
    not_checked="n", decided_by="first",
)  # fmt: skip
AGREEMENT = Agreement.model_validate(
    {
        "rightsholder": "Forlaget", "proof_of_title": "Kontrakt", "works": "Alle", "territory": "DK",
        "grants": {"publish_text": "yes", "train": "yes"}, "term_start": "2041-01-01", "term_end": "2042-01-01",
        "fee_class": "none", "outgoing_licence": "CC-BY-4.0", "revocation": "Ingen", "personal_data": "Ingen",
        "signatory": "Direktøren", "signed_on": "2041-01-01", "signed_sha256": "a" * 64, "public_summary": "Frikøbt.",
    }
)  # fmt: skip


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """An empty register on 10 March 2041."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    return Register(tmp_path / "register")


def _decide(register: Register, evidence: dict[str, Any] | None = None, **changes: Any) -> Decision:
    said = {"content": PAGE.format(menu="Forside", more="Alt er CC0.").encode(), "name": URL, "url": URL,
            "kind": "terms_page", **(evidence or {})}  # fmt: skip
    kept = capture(register, "minutes", Capture(**said), "Teksterne er frie.")
    return decide(register, replace(PROPOSAL, **changes), [kept], CLAIM)


def _ruling(register: Register, day: date = date(2041, 3, 11), **more: Any) -> Ruling:
    return Ruling.of(register, "minutes", CLAIM, ["minutes"], day, **more)


def _status(register: Register, row: dict[str, Any] | None = None, **more: Any) -> str:
    return _ruling(register, **more).verdict({"id": "minutes/1", "document_type": "minutes", **(row or {})}).status


@pytest.mark.parametrize(
    ("menu", "more", "status"),
    [
        ("Forside", "Alt er CC0.", "cleared"),
        ("Nyheder", "Alt er CC0.", "cleared"),
        ("Forside", "Alt  er\nCC0.", "cleared"),
        ("Forside", "Alt er CC BY.", "expired"),
        ("Forside", "Alt er CC0. Dog ikke billeder.", "expired"),
    ],
)
def test_a_changed_menu_is_silent_and_a_changed_sentence_is_not(
    register: Register, menu: str, more: str, status: str
) -> None:
    _decide(register)
    assert _status(register) == "cleared"
    _decide(register, {"content": PAGE.format(menu=menu, more=more).encode()}, only="document_type = other")
    assert _status(register) == status
    renewed = {"content": PAGE.format(menu=menu, more=more).encode()}
    _decide(register, renewed)
    assert _status(register) == "cleared"


def test_another_address_changes_nothing(register: Register) -> None:
    _decide(register)
    _decide(register, {"content": b"Teksterne er frie. Andet.", "url": "https://example.org/b"}, only="id = minutes/9")
    assert _status(register) == "cleared"


def test_evidence_that_is_gone_withholds(register: Register) -> None:
    _decide(register)
    for path in (register.folder / "evidence").iterdir():
        path.unlink()
    verdict = _ruling(register).verdict({"id": "minutes/1"})
    assert (verdict.status, verdict.broken) == ("needs_review", ("L05",))


def test_events(register: Register) -> None:
    _decide(register)
    record_event(register, "minutes", "complaint", "A letter", "clerk", "document_type = letters")
    assert _status(register) == "cleared"
    assert _status(register, {"document_type": "letters"}) == "expired"
    record_event(register, "speeches", "complaint", "A letter", "clerk")
    assert _status(register) == "cleared"
    record_event(register, "minutes", "statute_amended", "§ 9", "clerk")
    assert _status(register) == "expired"
    _decide(register, triggers=("complaint",))
    record_event(register, "minutes", "statute_amended", "§ 26", "clerk")
    assert _status(register) == "cleared"
    record_event(register, "minutes", "complaint", "A letter", "clerk")
    assert _status(register) == "expired"


@pytest.mark.parametrize(
    ("trigger", "note", "by"), [("weather", "n", "b"), ("complaint", " ", "b"), ("complaint", "n", "")]
)
def test_events_that_say_nothing(register: Register, trigger: str, note: str, by: str) -> None:
    with pytest.raises(UsageError):
        record_event(register, "minutes", trigger, note, by)
    assert register.entries() == []


def test_signals(register: Register) -> None:
    before, after = (datetime(2041, 3, day, tzinfo=UTC) for day in (9, 11))
    _decide(register)
    assert _status(register, {"record_sha256": "a"}, reserved={"a": before}) == "needs_review"
    assert _status(register, {"record_sha256": "b"}, reserved={"a": before}) == "cleared"
    assert _status(register, {"record_sha256": "b"}, reserved={"a": after}) == "expired"
    _decide(register, weighed={"L15": "The publisher says it is about pictures."})
    assert _status(register, {"record_sha256": "a"}, reserved={"a": after}) == "cleared"


def test_a_decision_holds_from_its_day_on(register: Register) -> None:
    _decide(register, valid_from=date(2041, 4, 1))
    assert _status(register, day=date(2041, 3, 31)) == "needs_review"
    assert _status(register, day=date(2041, 4, 1)) == "cleared"


@pytest.mark.parametrize(("answer", "status"), [("yes", "cleared"), ("no", "restricted"), ("unknown", "restricted")])
def test_text_is_published_only_where_that_is_permitted(register: Register, answer: str, status: str) -> None:
    _decide(register, permits={"publish_text": answer, "train": "yes"})
    assert _status(register) == status


@pytest.mark.parametrize(
    ("evidence", "changes", "days"),
    [
        ({"kind": "statute"}, {"legal_basis": "not_copyright_dk_9"}, 730),
        ({"kind": "licence_file"}, {}, 730),
        ({"kind": "terms_page"}, {}, 365),
        ({"kind": "licence_file"}, {"legal_basis": "terms_of_authority"}, 365),
        ({"kind": "licence_file", "url": "https://huggingface.co/datasets/x"}, {}, 182),
        (
            {"content": "Teksterne er frie. Vilkårene kan ændres til enhver tid.".encode(), "kind": "licence_file"},
            {},
            182,
        ),
    ],
)
def test_when_a_review_is_due(register: Register, evidence: dict[str, Any], changes: dict[str, Any], days: int) -> None:
    assert (_decide(register, evidence, **changes).review_due - date(2041, 3, 10)).days == days


def test_a_buy_out(register: Register) -> None:
    bought = {
        "status": "bought_out", "license": "LicenseRef-Agreement-1", "legal_basis": "agreement",
        "second_reviewer": "second", "agreement": AGREEMENT,
    }  # fmt: skip
    made = _decide(register, {"kind": "agreement"}, **bought)
    assert made.review_due == date(2041, 10, 3)
    assert made.permits == {"publish_text": "yes", "train": "yes"}
    assert decisions(register) == [made]
    assert _status(register) == "bought_out"
    assert _status(register, day=date(2041, 10, 4)) == "expired"
    shorter = AGREEMENT.model_copy(update={"term_end": date(2041, 3, 31)})
    made = _decide(register, {"kind": "agreement"}, **{**bought, "agreement": shorter})
    assert made.review_due == date(2041, 3, 10)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"permits": {"publish": "yes"}}, "the names are collect, store, publish_text"),
        ({"permits": {"train": "perhaps"}}, "yes, no or unknown"),
        ({"triggers": ("weather",)}, "'weather' is no trigger"),
        ({"weighed": {"L05": "because"}}, "a reviewer may go on against L12, L13, L15"),
        ({"weighed": {"L12": " "}}, "and says why"),
        ({"proposed_by": "second", "second_reviewer": "Second"}, "must be another person"),
    ],
)
def test_what_does_not_fit(register: Register, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_proposal(replace(PROPOSAL, **changes))


def test_a_record_of_an_earlier_version_loads(register: Register) -> None:
    body = {
        "decision_id": "minutes-1", "source": "minutes", "scope": "", "status": "cleared", "license": "CC0-1.0",
        "legal_basis": "licence", "attribution": None, "evidence_ids": ["e-1"], "reasoning": "r", "doubts": "d",
        "not_checked": "n", "decided_by": "w", "second_reviewer": None, "decided_at": "2041-01-01T00:00:00.000+00:00",
        "review_due": "2042-01-01", "rights_sha256": CLAIM, "agreement_sha256": None,
    }  # fmt: skip
    register.append([("decision", body)])
    (found,) = decisions(register)
    assert found.body() == body
    assert (found.declared, found.detected, found.permits, found.number) == (None, (), {}, 0)
    register.append([("decision", {**body, "invented_later": 1})])
    with pytest.raises(RefusedError, match="record 1 of the register is no decision that this frisat can read"):
        decisions(register)


def test_decisions_of_an_earlier_day(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _decide(register)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(2246486400 + 86400))
    second = _decide(register, status="blocked")
    assert decisions(register, until=date(2041, 3, 10)) == [first]
    assert decisions(register, until=date(2041, 3, 11)) == [first, second]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    with pytest.raises(RefusedError, match="the clock says 2041-03-10T00:00:00"):
        _decide(register)
    assert len(register.entries()) == 4


def test_why_a_decision_has_expired(register: Register) -> None:
    def why(**more: Any) -> str:
        ruling = _ruling(register, **more)
        (decision, *_) = ruling.decisions
        assert ruling.status(decision) == "expired"
        return ruling.expired_because(decision)

    _decide(register)
    assert why(day=date(2043, 3, 11)) == "its review was due on 2042-03-10"
    since = datetime(2041, 3, 11, tzinfo=UTC)
    assert why(reserved={"a" * 64: since}) == "mining or training was reserved beside texts that came since"
    _decide(register, {"content": b"<p>Teksterne er frie. Men ikke billeder.</p>"}, only="document_type = other")
    assert why().startswith("the terms it rests on have changed since (e-")
    record_event(register, "minutes", "complaint", "A letter", "clerk")
    assert why() == "complaint, noted by clerk: A letter"
