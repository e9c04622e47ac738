"""What a reviewer sees and records."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from flows.reviewing import dossier, record_decision, waiting
from frisat.errors import UsageError
from licensing import Register, find_licence
from sources import built_in_sources

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]


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


def _decide(desk: Desk, command_line: CommandLine, *more: object) -> Ended:
    return command_line(
        desk, "review", "decide", "minutes", "--status", "cleared", "--license", "CC0-1.0", "--basis", "licence",
        "--reasoning", "r", "--doubts", "d", "--not-checked", "n", "--by", "first", *more,
    )  # fmt: skip


@pytest.fixture
def statements(desk: Desk) -> tuple[str, str]:
    """Two pieces of evidence about a source that is built."""
    desk.deliver("minutes", desk.minutes(2))
    desk.build()
    (desk.root / "page.html").write_text('<html><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
                                         "<p>Alt er frit.</p></html>")  # fmt: skip
    (desk.root / "mail.txt").write_text("Ja, alle tekster er CC0 1.0.")
    return str(desk.root / "page.html"), str(desk.root / "mail.txt")


def test_a_decision_on_several_statements(desk: Desk, command_line: CommandLine, statements: tuple[str, str]) -> None:
    page, mail = statements
    ended = _decide(
        desk, command_line, "--evidence", page, "--quote", "Alt er frit", "--evidence", mail, "--quote", "er CC0 1.0",
        "--evidence-scope", "platform", "--evidence-scope", "item", "--evidence-by", "-", "--evidence-by", "Udvalget",
        "--evidence-date", "2041-01-02", "--json",
    )  # fmt: skip
    assert (ended.code, ended.err) == (0, "warning: as it stands it breaks L12: claim: CC0-1.0 / CC-BY-4.0\n")
    assert ended.json()["status_now"] == "needs_review"
    assert ended.json()["detected"] == [{"licence": "CC-BY-4.0", "where": "link", "sure": "high"}]
    found = [entry.body for entry in Register(desk.workspace.register).entries() if entry.kind == "evidence"]
    said = [(body["name"], body["scope_stated"], body.get("issued_by"), body["issued_on"]) for body in found]
    assert said == [
        ("page.html", "platform", None, "2041-01-02"), ("mail.txt", "item", "Udvalget", "2041-01-02"),
    ]  # fmt: skip
    # They contradict each other, which one piece of evidence alone would not have shown.
    (decision,) = dossier(desk.workspace, "minutes")["decisions"]
    assert [rule.partition(":")[0] for rule in decision["rules"]] == ["L12"]
    shown = command_line(desk, "review", "show", "minutes").out
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("evidence ")] == [
        "page.html:", "mail.txt:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--evidence", "{page}", "--evidence", "{mail}", "--quote", "Alt er frit"), "--evidence is given 2 times and"),
        (
            ("--evidence", "{page}", "--quote", "Alt", *["--evidence-scope", "item"] * 2),
            "--evidence-scope is given 2 times for 1 pieces of evidence",
        ),
        (
            ("--evidence", "{page}", "--quote", "Alt", "--evidence", "{mail}", "--quote", "Ja", "--redacted", "{mail}"),
            "--redacted is given 1 times for 2 pieces of evidence",
        ),
        (("--evidence", "{page}", "--quote", "Alt", "--evidence-date", "i går"), "--evidence-date 'i går' is no date"),
        (
            ("--evidence", "{page}", "--quote", "Alt", "--evidence", "{mail}", "--quote", "Nej"),
            "does not stand in mail",
        ),
    ],
)
def test_statements_that_do_not_fit(
    desk: Desk, command_line: CommandLine, statements: tuple[str, str], more: tuple[str, ...], message: str
) -> None:
    words = [word.format(page=statements[0], mail=statements[1]) for word in more]
    ended = _decide(desk, command_line, *words)
    assert (ended.code, message in ended.err) == (2, True), ended.err
    assert Register(desk.workspace.register).entries() == []


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ((), "nobody said what the evidence covers"),
        (("--evidence-scope", "item"), ""),
        (("--evidence-scope", "item", "--only", "author = Nobody"), "it covers none of the 2 documents"),
        (("--evidence-scope", "platform"), "as it stands it breaks L06: its evidence speaks of the platform alone"),
        (("--evidence-scope", "item", "--review-due", "2041-03-20"), "as it stands it breaks L20: its review is due"),
    ],
)
def test_what_a_reviewer_may_have_overlooked(
    desk: Desk, command_line: CommandLine, statements: tuple[str, str], more: tuple[str, ...], warned: str
) -> None:
    ended = _decide(desk, command_line, "--evidence", statements[1], "--quote", "er CC0 1.0", *more)
    assert ended.code == 0
    assert (warned in ended.err) if warned else ended.err == ""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--license", "\u0421\u04210-1.0"), "may only look like one that is: CYRILLIC CAPITAL LETTER ES; write"),
        (("--license", "CC\u200b0-1.0"), "ZERO WIDTH SPACE"),
        (("--basis", "tdm_exception"), "lets one copy, not publish, and is no basis"),
    ],
)
def test_what_is_refused_says_why(
    desk: Desk, command_line: CommandLine, statements: tuple[str, str], more: tuple[str, ...], message: str
) -> None:
    ended = _decide(desk, command_line, "--evidence", statements[1], "--quote", "er CC0 1.0", *more)
    assert (ended.code, message in ended.err) == (2, True), ended.err
