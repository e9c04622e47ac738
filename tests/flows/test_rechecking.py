"""Asking again for the terms that decisions rest on: a changed sentence expires them, a changed menu does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from licensing import Register
from tests.standins.http import HttpStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]

PAGE = "<!DOCTYPE html><html><nav>{}</nav><p>Teksterne må bruges frit under CC0 1.0.</p><p>{}</p></html>"
TERMS = "https://example.org/terms"
HTML = "text/html; charset=utf-8"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpStandIn]:
    """The server of a publisher that is asked as example.org."""
    with HttpStandIn() as server:
        monkeypatch.setenv("FRISAT_CONTACT", "mailto:data@example.org")
        other = server.url.replace("127.0.0.1", "localhost")
        monkeypatch.setenv("FRISAT_MIRRORS", f"https://example.org/={server.url} https://example.com/={other}")
        server.add("/terms", PAGE.format("Forside", "Skriv til os."), content_type=HTML)
        yield server


@pytest.fixture
def decided(desk: Desk, site: HttpStandIn, command_line: CommandLine) -> Desk:
    """A source that was cleared on the terms at an address."""
    desk.deliver("minutes", desk.minutes(2))
    desk.build()
    ended = _decide(desk, command_line)
    assert ended.code == 0, ended.err
    return desk


def _decide(desk: Desk, command_line: CommandLine, *more: str) -> Ended:
    return command_line(
        desk, "review", "decide", "minutes", "--status", "cleared", "--license", "CC0-1.0", "--basis", "licence",
        "--evidence", TERMS, "--quote", "frit under CC0 1.0", "--reasoning", "r", "--doubts", "d",
        "--not-checked", "n", "--by", "first", *more,
    )  # fmt: skip


def _seen(desk: Desk, command_line: CommandLine, code: int = 0) -> tuple[str, str]:
    ended = command_line(desk, "review", "recheck", "--json")
    assert ended.code == code, ended.err
    (row,) = ended.json()["seen"]
    return row["state"], row["what"]


def _status(desk: Desk, command_line: CommandLine) -> str:
    (decision, *_) = command_line(desk, "review", "show", "minutes", "--json").json()["decisions"][::-1]
    return str(decision["status_now"])


def _records(desk: Desk) -> list[str]:
    return [entry.kind for entry in Register(desk.workspace.register).entries()]


@pytest.mark.parametrize("menu", ["Forside", "Nyheder"])
def test_what_says_the_same_changes_nothing(
    decided: Desk, site: HttpStandIn, command_line: CommandLine, menu: str
) -> None:
    site.add("/terms", PAGE.format(menu, "Skriv til os."), content_type=HTML)
    assert _seen(decided, command_line) == ("unchanged", "")
    assert _records(decided) == ["evidence", "decision"]
    assert _status(decided, command_line) == "cleared"


def test_a_changed_sentence_sends_the_decision_to_review(
    decided: Desk, site: HttpStandIn, command_line: CommandLine
) -> None:
    site.add("/terms", PAGE.format("Forside", "Dog ikke til træning."), content_type=HTML)
    assert _seen(decided, command_line) == ("changed", "+ Dog ikke til træning.; - Skriv til os.")
    (*_, last) = Register(decided.workspace.register).entries()
    assert (last.body["url"], last.body["quote"]) == (TERMS, "frit under CC0 1.0")
    assert last.body["supersedes"].startswith("e-")
    assert _status(decided, command_line) == "expired"
    queue = command_line(decided, "review", "queue", "--json").json()["queue"]
    assert [row["status"] for row in queue if row["source"] == "minutes"] == ["expired"]
    # What has expired is for a person; asking once more adds nothing.
    assert command_line(decided, "review", "recheck", "--json").json()["seen"] == []
    decided.at("2041-03-02")
    assert _decide(decided, command_line).code == 0
    assert _seen(decided, command_line) == ("unchanged", "")
    assert _status(decided, command_line) == "cleared"


def test_a_passage_that_no_longer_stands(decided: Desk, site: HttpStandIn, command_line: CommandLine) -> None:
    site.add("/terms", "<html><p>Alle rettigheder forbeholdes.</p></html>", content_type=HTML)
    state, what = _seen(decided, command_line)
    assert state == "changed"
    assert what.startswith("the passage relied on no longer stands; + Alle rettigheder forbeholdes.; - ")
    assert Register(decided.workspace.register).entries()[-1].body["quote"] == "Alle rettigheder forbeholdes."
    assert _status(decided, command_line) == "expired"


def test_a_page_that_says_nothing_any_more(decided: Desk, site: HttpStandIn, command_line: CommandLine) -> None:
    site.add("/terms", "<html><body></body></html>", content_type=HTML)
    assert _seen(decided, command_line)[0] == "changed"
    assert Register(decided.workspace.register).entries()[-1].body["trigger"] == "terms_changed"
    assert _status(decided, command_line) == "expired"


def _leads(host: str) -> Callable[[HttpStandIn], None]:
    def change(site: HttpStandIn) -> None:
        site.add("/there", PAGE.format("Forside", "Skriv til os."), content_type=HTML)
        site.add("/terms", "", status=302, headers={"Location": f"https://{host}/there"})

    return change


CHANGES: list[tuple[Callable[[HttpStandIn], None], str, str | None]] = [
    (lambda site: site.remove("/terms"), "gone", "address_gone"),
    (_leads("example.com"), "moved", "address_gone"),
    (_leads("example.org"), "unchanged", None),
    (
        lambda site: site.add("/terms", PAGE.format("Forside", "Skriv til os."), content_type=HTML,
                              headers={"tdm-reservation": "1"}),
        "reserved", "signal_changed",
    ),
    (lambda site: site.add("/robots.txt", "User-agent: *\nDisallow: /"), "reserved", "signal_changed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "state", "event"), CHANGES)
def test_what_else_may_change(
    decided: Desk,
    site: HttpStandIn,
    command_line: CommandLine,
    change: Callable[[HttpStandIn], None],
    state: str,
    event: str | None,
) -> None:
    change(site)
    assert _seen(decided, command_line)[0] == state
    last: Any = Register(decided.workspace.register).entries()[-1].body
    assert last.get("trigger") == event
    assert _status(decided, command_line) == ("expired" if event else "cleared")


def test_what_cannot_be_reached_concludes_nothing(decided: Desk, site: HttpStandIn, command_line: CommandLine) -> None:
    site.add("/terms", "Forbidden", status=403)
    assert _seen(decided, command_line, code=1)[0] == "not reached"
    assert _records(decided) == ["evidence", "decision"]
    assert _status(decided, command_line) == "cleared"


def test_what_rests_on_files_is_not_asked_for(released: Desk, site: HttpStandIn, command_line: CommandLine) -> None:
    ended = command_line(released, "review", "recheck")
    assert (ended.code, ended.out) == (0, "No standing decision rests on an address.\n")
    assert site.requests == []
    assert command_line(released, "review", "recheck", "nobody").code == 2


def test_a_pdf_that_says_the_same(desk: Desk, site: HttpStandIn, command_line: CommandLine) -> None:
    import io

    from reportlab.pdfgen.canvas import Canvas

    def pdf(*lines: str) -> bytes:
        file = io.BytesIO()
        canvas = Canvas(file)
        for number, line in enumerate(lines):
            canvas.drawString(72, 720 - 14 * number, line)
        canvas.save()
        return file.getvalue()

    desk.deliver("minutes", desk.minutes(2))
    desk.build()
    site.add("/terms", pdf("Alt er frit under CC0 1.0.", "Skriv til os."), content_type="application/pdf")
    assert _decide(desk, command_line).code == 0
    site.add("/terms", pdf("Alt er frit", "under CC0 1.0. Skriv til os."), content_type="application/pdf")
    assert _seen(desk, command_line) == ("unchanged", "")
