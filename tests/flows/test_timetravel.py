"""On what basis a document was published, or would have been; and what follows from a part of a release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]


@pytest.fixture
def later(released: Desk) -> Desk:
    """A release of 1 March, and on 1 June another decision on the same documents."""
    released.at("2041-06-01")
    released.decide("minutes", status="blocked")
    return released


def _statuses(desk: Desk, command_line: CommandLine, *days: str) -> list[str]:
    return [command_line(desk, "show", "minutes/000", "--at", day, "--json").json()["at"]["status"] for day in days]


def test_what_the_register_said_on_a_day(later: Desk, command_line: CommandLine) -> None:
    days = ("2041-02-28", "2041-03-01", "2041-05-31", "2041-06-01", "2050-01-01")
    assert _statuses(later, command_line, *days) == ["needs_review", "cleared", "cleared", "blocked", "blocked"]
    told = command_line(later, "show", "minutes/000", "--at", "2041-05-31", "--json").json()["at"]
    assert (told["decision"]["decision_id"], told["records"], told["rules"]) == ("minutes-1", 4, [])
    assert command_line(later, "show", "minutes/000", "--at", "yesterday").code == 2


def test_on_what_basis_it_was_published(later: Desk, command_line: CommandLine) -> None:
    told = command_line(later, "show", "minutes/000", "--version", "1.0.0", "--at", "2041-06-02", "--json").json()
    assert told["released"]["published"] is True
    assert (told["released"]["license"], told["released"]["decision"]["decided_by"]) == ("CC0-1.0", "first reviewer")
    assert told["at"]["status"] == "blocked"
    withheld = command_line(later, "show", "speeches/speech/2", "--version", "1.0.0", "--json").json()["released"]
    assert (withheld["published"], withheld["reason"]) == (False, "language:sv")
    nowhere = command_line(later, "show", "speeches/none", "--version", "1.0.0", "--json").json()["released"]
    assert (nowhere["published"], nowhere["reason"]) == (False, "not in it")
    assert command_line(later, "show", "minutes/nowhere", "--at", "2041-06-02").code == 2


def test_the_log(later: Desk, command_line: CommandLine) -> None:
    def kinds(*words: str) -> list[str]:
        rows = command_line(later, "review", "log", "--json", *words).json()["log"]
        return [f"{row['kind']} {row['source']}" for row in rows]

    first = ["evidence minutes", "decision minutes", "evidence speeches", "decision speeches"]
    assert kinds() == [*first, "evidence minutes", "decision minutes"]
    assert kinds("--since", "v1.0.0") == ["evidence minutes", "decision minutes"]
    assert kinds("--since", "2041-03-02") == ["evidence minutes", "decision minutes"]
    assert kinds("--until", "v1.0.0") == kinds("--until", "2041-03-01") == first
    assert kinds("--since", "v1.0.0", "--until", "2041-05-31") == []
    assert command_line(later, "review", "log", "--since", "v9.0.0").code == 2


def test_two_registers(later: Desk, command_line: CommandLine, tmp_path: Path) -> None:
    def against(path: Path) -> tuple[str, int, int, int]:
        found = command_line(later, "review", "log", "--against", path, "--json").json()
        return found["relation"], found["common"], len(found["only_here"]), len(found["only_there"])

    mine = later.workspace.register / "register.jsonl"
    assert against(later.workspace.release() / "rights/register.jsonl") == ("ahead", 4, 2, 0)
    shutil.copy(mine, tmp_path / "same.jsonl")
    assert against(tmp_path / "same.jsonl") == ("equal", 6, 0, 0)
    later.at("2041-07-01")
    kept = mine.read_bytes()
    later.decide("minutes", reasoning="Looked at again.")
    shutil.copy(mine, tmp_path / "longer.jsonl")
    mine.write_bytes(kept)
    assert against(tmp_path / "longer.jsonl") == ("behind", 6, 0, 2)
    later.decide("minutes", reasoning="Somebody else did.")
    assert against(tmp_path / "longer.jsonl") == ("parted", 7, 1, 1)
    (tmp_path / "broken.jsonl").write_bytes(kept[:-20])
    assert command_line(later, "review", "log", "--against", tmp_path / "broken.jsonl").code == 3
    assert command_line(later, "review", "log", "--against", tmp_path / "nowhere.jsonl").code == 2


def test_an_event_expires_what_was_decided_before_it(later: Desk, command_line: CommandLine) -> None:
    words = ("review", "event", "speeches", "--trigger", "complaint", "--note", "A letter", "--by", "clerk")
    assert command_line(later, *words).code == 0
    shown = command_line(later, "review", "show", "speeches", "--json").json()["decisions"]
    assert [decision["status_now"] for decision in shown] == ["expired"]
    (row,) = [r for r in command_line(later, "review", "queue", "--json").json()["queue"] if r["source"] == "speeches"]
    assert row["status"] == "expired"
    later.decide("speeches", license="CC-BY-4.0", attribution="{author}")
    shown = command_line(later, "review", "show", "speeches", "--json").json()["decisions"]
    assert [decision["status_now"] for decision in shown] == ["expired", "cleared"]
    assert command_line(later, *words[:4], "weather", *words[5:]).code == 2


def test_a_clock_that_goes_backwards(later: Desk, command_line: CommandLine) -> None:
    later.at("2041-02-01")
    words = ("review", "event", "minutes", "--trigger", "complaint", "--note", "n", "--by", "b")
    ended = command_line(later, *words)
    assert (ended.code, "the clock says 2041-02-01" in ended.err) == (3, True)
    assert (later.workspace.register / "register.jsonl").read_text("utf-8").count("\n") == 6
    planned = command_line(later, "release", "--plan")
    assert (planned.code, "which is before v1.0.0 of 2041-03-01" in planned.err) == (3, True)


def test_two_reviewers_at_once(released: Desk, command_line: CommandLine) -> None:
    with released.workspace.lock("review decide"):
        ended = command_line(
            released, "review", "event", "minutes", "--trigger", "complaint", "--note", "n", "--by", "b"
        )
    assert (ended.code, "is in use by 'review decide'" in ended.err) == (1, True)


def test_what_follows_from_a_part(released: Desk, command_line: CommandLine) -> None:
    found = command_line(
        released, "rights", "--config", "minutes", "--config", "attribution", "--config", "default",
        "--outgoing", "CC0-1.0", "--json",
    ).json()["rights"]  # fmt: skip
    keys = ("config", "documents", "licences", "outgoing", "share_alike")
    assert [tuple(one[key] for key in keys) for one in found] == [
        ("minutes", 4, ["CC0-1.0"], "CC0-1.0", []),
        ("attribution", 1, ["CC-BY-4.0"], "CC-BY-4.0", []),
        ("default", 5, ["CC-BY-4.0", "CC0-1.0"], "CC-BY-4.0", []),
        ("minutes + attribution + default", 5, ["CC-BY-4.0", "CC0-1.0"], "CC-BY-4.0", []),
    ]
    assert [row["source"] for row in found[2]["attribution"]] == ["speeches"]
    assert found[0]["asked"]["conflicts"] == {}
    assert list(found[2]["asked"]["conflicts"]) == ["CC-BY-4.0"]
    assert (
        "Title of speeches: Publisher of speeches, https://example.org/speeches. 1 document under CC-BY-4.0"
        in (found[2]["notice"])
    )
    assert command_line(released, "rights", "--config", "nowhere").code == 2
    card = (released.workspace.release() / "README.md").read_text("utf-8")
    assert "| `default` | CC-BY-4.0, CC0-1.0 | yes | – | CC-BY-4.0 |" in card.replace("\\", "")
    assert "## Takedown" in card
    assert "Anmodning om at fjerne en tekst" in card


def test_what_is_free_by_statute_is_not_relabelled(desk: Desk, command_line: CommandLine) -> None:
    desk.deliver("minutes", desk.minutes(2))
    desk.build()
    desk.decide("minutes", license="LicenseRef-DK-OPHL-9", legal_basis="not_copyright_dk_9")
    desk.release()
    (found,) = command_line(desk, "rights", "--outgoing", "CC0-1.0", "--json").json()["rights"]
    why = "LicenseRef-DK-OPHL-9 says why a text is free; CC0-1.0 would say something else"
    assert found["outgoing"] == "LicenseRef-DK-OPHL-9"
    assert found["asked"] == {"outgoing": "CC0-1.0", "conflicts": {"LicenseRef-DK-OPHL-9": why}}


def test_a_bundle_over_the_command_line(
    released: Desk, command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bundle.tar"
    unsigned = command_line(released, "review", "bundle", "--to", target)
    assert "the bundle is not signed" in unsigned.err
    assert "not signed" in command_line(released, "verify", target).out
    made = command_line(released, "review", "key", tmp_path / "key.pem", "--json").json()
    monkeypatch.setenv("FRISAT_SIGNING_KEY", str(tmp_path / "key.pem"))
    assert command_line(released, "review", "bundle", "v1.0.0", "--to", target, "--json").json()["signed"] is True
    shutil.rmtree(released.workspace.root)
    found = command_line(released, "verify", target, "--signed-by", made["fingerprint"], "--json")
    assert (found.code, found.json()["signed_by"]) == (0, made["fingerprint"])
    assert command_line(released, "verify", target, "--signed-by", "0" * 32).code == 1
    content = target.read_bytes()
    place = content.index(b"The terms say so.")
    target.write_bytes(content[:place] + b"t" + content[place + 1 :])
    ended = command_line(released, "verify", target, "--json")
    assert ended.code == 1
    assert any("was changed after the bundle was made" in fault for fault in json.loads(ended.out)["faults"])


def test_what_was_withdrawn_or_closed_on_a_day(released: Desk, command_line: CommandLine) -> None:
    def at(day: str) -> tuple[bool, str, list[str]]:
        told = command_line(released, "show", "minutes/000", "--at", day, "--json").json()["at"]
        return told["publishable"], told["status"], [one.partition(" ")[0] for one in told["against"]]

    released.at("2041-06-01")
    made = command_line(
        released, "withdraw", "minutes/000", "--reason", "error", "--note", "n", "--by", "b", "--json"
    ).json()
    released.at("2041-06-03")
    command_line(released, "review", "request", made["request"], "--answer", "rejected", "--note", "n", "--by", "b")
    assert [at(day) for day in ("2041-05-31", "2041-06-01", "2041-06-02", "2041-06-03")] == [
        (True, "cleared", []), (False, "cleared", ["withdrawn"]), (False, "cleared", ["withdrawn"]),
        (True, "cleared", []),
    ]  # fmt: skip


def test_the_claim_of_a_day_is_that_of_the_release_before_it(released: Desk, command_line: CommandLine) -> None:
    def at(day: str) -> str:
        return str(command_line(released, "show", "minutes/000", "--at", day, "--json").json()["at"]["status"])

    released.at("2041-04-01")
    released.deliver("minutes", released.minutes(4), claim="CC-BY-4.0")
    released.build()
    assert (at("2041-03-01"), at("2041-04-01")) == ("needs_review", "needs_review")
    released.release(accept_loss=["minutes"])
    assert (at("2041-03-01"), at("2041-04-01")) == ("cleared", "needs_review")


def test_the_basis_for_people(later: Desk, command_line: CommandLine) -> None:
    told = command_line(later, "show", "minutes/000", "--version", "v1.0.0", "--at", "2041-06-01").out
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[:3] == ["minutes/000", "v1.0.0 of 2041-03-01 publishes it, since 2041-03-01, on this basis:",
                         "decision minutes-1"]  # fmt: skip
    assert "On 2041-06-01 it could not be published, as far as rights go: blocked" in lines
    assert any(line.startswith("evidence terms.txt, 2041-03-01: “released under CC0 1.0” (SHA-256 ") for line in lines)
    before = command_line(later, "show", "minutes/000", "--at", "2041-02-28").out
    assert "no decision covered it (0 records were in the register by the end of that day)" in before
    left_out = command_line(later, "show", "speeches/speech/2", "--version", "v1.0.0").out
    assert "v1.0.0 of 2041-03-01 does not publish it: language:sv" in left_out
