"""Taking a text down: it and its near copies stay away, and that is shown; erased, no word of it is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frisat.errors import RefusedError
from frisat.files import sha256
from frisat.report import Silent
from publishing import load_rows, requests, standing_withdrawals, verify

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]

LONG = (
    "Byrådet drøftede i aften sagen om den gamle havn og besluttede efter en lang forhandling at sende den videre "
    "til udvalget, som skal vende tilbage med et nyt forslag, når høringen er afsluttet, svarene er læst, og alle har "
    "haft tid til at tænke over, hvad der egentlig blev sagt på det første møde, hvor Hemmelighus var til stede."
)
NEAR = LONG.replace("den gamle havn", "den nye havn")


@pytest.fixture
def twins(desk: Desk) -> Desk:
    """A release of two sources: a text in one, its near copy in the other, and more beside."""
    desk.deliver("minutes", [{**row, "text": LONG} if n == 1 else row for n, row in enumerate(desk.minutes(3))])
    desk.deliver("letters", [{"id": "far", "text": "Et ganske andet brev om noget, der slet ikke ligner. " * 4}])
    desk.build()
    desk.decide("minutes")
    desk.decide("letters")
    desk.release()
    return desk


def _near_copy_arrives(desk: Desk) -> None:
    far = {"id": "far", "text": "Et ganske andet brev om noget, der slet ikke ligner. " * 4}
    desk.deliver("letters", [far, {"id": "near", "text": NEAR}])
    desk.build()


def _withdraw(desk: Desk, command_line: CommandLine, reason: str = "copyright", *more: object) -> Any:
    ended = command_line(
        desk,
        "withdraw",
        "minutes/001",
        "--reason",
        reason,
        "--note",
        "A letter of today",
        "--by",
        "clerk",
        "--json",
        *more,
    )
    assert ended.code == 0, ended.err
    return ended.json()


def test_a_request(twins: Desk, command_line: CommandLine) -> None:
    made = _withdraw(twins, command_line)
    assert made["request"].startswith("w-2041-03-01-")
    # 1 March 2041 is a Friday: two working days later is Tuesday.
    assert (made["acknowledge_by"], made["decide_by"], made["erase"]) == ("2041-03-05", "2041-03-31", False)
    assert (made["state"], made["due"], made["held_by"]) == ("open", "2041-03-05", ["v1.0.0"])
    (asked,) = command_line(twins, "review", "queue", "--json").json()["requests"]
    assert (asked["request"], asked["due"], asked["overdue"]) == (made["request"], "2041-03-05", False)
    assert "OVERDUE" not in command_line(twins, "review", "queue").out
    twins.at("2041-03-06")
    assert command_line(twins, "review", "queue", "--json").json()["requests"][0]["overdue"] is True
    assert "OVERDUE" in command_line(twins, "review", "queue").out
    command_line(twins, "review", "request", made["request"], "--answer", "acknowledged", "--note", "n", "--by", "b")
    (asked,) = command_line(twins, "review", "queue", "--json").json()["requests"]
    assert (asked["state"], asked["due"]) == ("acknowledged", "2041-03-31")
    command_line(twins, "review", "request", made["request"], "--answer", "upheld", "--note", "n", "--by", "b")
    assert command_line(twins, "review", "queue", "--json").json()["requests"] == []
    (told,) = command_line(twins, "review", "request", "--json").json()["requests"]
    assert (told["request"], told["state"]) == (made["request"], "upheld")
    assert made["request"] in command_line(twins, "review", "request").out
    assert command_line(twins, "review", "request", "--answer", "upheld").code == 2


def test_a_text_and_its_near_copy_stay_away(twins: Desk, command_line: CommandLine) -> None:
    made = _withdraw(twins, command_line)
    unproved = command_line(twins, "review", "request", made["request"], "--json")
    assert (unproved.code, [check["holds"] for check in unproved.json()["checks"]]) == (1, [False, False, False])
    _near_copy_arrives(twins)
    done = twins.release()
    assert (done.version, done.changes.counts()) == ("v2.0.0", {"minutes": {"removed": 1}})
    release = twins.latest()
    excluded = release.excluded()
    assert (excluded["minutes/001"]["reason"], excluded["minutes/001"]["detail"]) == ("withdrawn", None)
    assert (excluded["letters/near"]["reason"], excluded["letters/near"]["detail"]) == (
        "withdrawn", "withdrawn:near_copy",
    )  # fmt: skip
    assert release.record["withdrawn"] == [
        {"id": "letters/near", "source": "letters", "reason": "copyright", "since": "2041-03-01",
         "near_copy_of": "minutes/001"},
        {"id": "minutes/001", "source": "minutes", "reason": "copyright", "since": "2041-03-01",
         "last_version": "v1.0.0"},
    ]  # fmt: skip
    assert verify(release.path, Silent()) == []
    proved = command_line(twins, "review", "request", made["request"], "--json")
    assert (proved.code, [check["holds"] for check in proved.json()["checks"]]) == (0, [True, True, True])
    assert not _anywhere(release.path, "A letter of today", "Hemmelighus", sha256(LONG))
    twins.at("2041-03-02")
    assert twins.release().version is None


def test_a_rejected_request_lets_the_text_back(twins: Desk, command_line: CommandLine) -> None:
    made = _withdraw(twins, command_line)
    assert twins.release().version == "v2.0.0"
    command_line(twins, "review", "request", made["request"], "--answer", "rejected", "--note", "n", "--by", "b")
    assert standing_withdrawals(twins.workspace) == {}
    assert twins.release().changes.counts() == {"minutes": {"added": 1}}
    assert "withdrawn" not in twins.latest().record


@pytest.mark.parametrize(("reason", "more"), [("personal_data", ()), ("copyright", ("--erase",))])
def test_an_erased_text_is_nowhere_left(
    twins: Desk, command_line: CommandLine, reason: str, more: tuple[str, ...]
) -> None:
    before = {row["id"]: row["content"] for row in _built(twins) if row["id"] != "minutes/001"}
    made = _withdraw(twins, command_line, reason, *more)
    assert (made["erase"], made["records_erased"]) == (True, 1)
    for folder in (twins.workspace.archive, twins.workspace.documents, twins.workspace.refined):
        assert not _anywhere(folder, "Hemmelighus")
    twins.build()
    assert {row["id"]: row["content"] for row in _built(twins)} == before
    twins.release()
    assert twins.latest().record["withdrawn"][0]["id"] == "minutes/001"
    assert verify(twins.workspace.release(), Silent()) == []
    _near_copy_arrives(twins)
    twins.release()
    assert twins.latest().excluded()["letters/near"]["reason"] == "withdrawn"
    proved = command_line(twins, "review", "request", made["request"], "--json")
    assert proved.code == 0, proved.out


def test_the_same_delivery_again_brings_nothing_back(twins: Desk, command_line: CommandLine) -> None:
    _withdraw(twins, command_line, "personal_data")
    done = twins.deliver(
        "minutes", [{**row, "text": LONG} if n == 1 else row for n, row in enumerate(twins.minutes(3))]
    )
    assert (done.new, done.changed, done.unchanged) == (0, 0, 1)
    twins.build()
    assert "minutes/001" not in {row["id"] for row in _built(twins)}


def test_the_only_text_of_a_record(desk: Desk, command_line: CommandLine) -> None:
    desk.deliver("minutes", [{**desk.minutes(2)[1], "text": LONG}])
    desk.deliver("letters", [{"id": "far", "text": "Et ganske andet brev om noget, der slet ikke ligner. " * 4}])
    desk.build()
    desk.decide("minutes")
    desk.decide("letters")
    desk.release()
    _withdraw(desk, command_line, "personal_data")
    assert not _anywhere(desk.workspace.archive, "Hemmelighus")
    desk.build()
    assert desk.release().changes.counts() == {"minutes": {"removed": 1}}
    (row,) = [row for row in desk.latest().excluded().values() if row["source"] == "minutes"]
    assert (row["reason"], row["detail"]) == ("withdrawn", "rows.jsonl: its text was erased on request")


WRONG = [
    (("minutes/001", "--reason", "regret", "--note", "n"), "'regret' is no reason to withdraw; choose from copyright"),
    (("minutes/001", "--reason", "error", "--note", " "), "--note is empty"),
    (("minutes/999", "--reason", "error", "--note", "n"), "minutes has no document 'minutes/999'"),
    (("nobody/1", "--reason", "error", "--note", "n"), "no source is named 'nobody'"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_what_does_not_fit_is_not_recorded(
    twins: Desk, command_line: CommandLine, words: tuple[str, ...], message: str
) -> None:
    ended = command_line(twins, "withdraw", *words)
    assert ended.code == 2
    assert message in ended.err
    assert requests(twins.workspace) == []


def test_requests_are_chained(twins: Desk, command_line: CommandLine) -> None:
    _withdraw(twins, command_line)
    path = twins.workspace.register / "withdrawals/register.jsonl"
    path.write_text(path.read_text("utf-8").replace("copyright", "error"), "utf-8")
    with pytest.raises(RefusedError, match=r"record 0 \(line 1\) was edited"):
        twins.release()


def _built(desk: Desk) -> list[dict[str, Any]]:
    parts = sorted((desk.workspace.refined / "minutes").glob("*.parquet"))
    return list(load_rows(parts).select(["id", "content"]).to_pylist())


def _anywhere(folder: Path, *words: str) -> list[str]:
    """Return the files below ``folder`` in which one of ``words`` stands, Parquet read."""
    import pyarrow.parquet as pq

    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False) if (
            path.suffix == ".parquet"
        ) else path.read_text("utf-8", "replace")  # fmt: skip
        found += [f"{path.name}: {word}" for word in words if word in text]
    return found


def test_a_short_text_is_withheld_by_its_id_alone(desk: Desk, command_line: CommandLine) -> None:
    short = "Ordføreren for forslaget har ordet til en kort bemærkning."
    desk.deliver("minutes", [{"id": "kort-1", "text": short}, {"id": "kort-2", "text": short}, *desk.minutes(3)])
    desk.build()
    desk.decide("minutes")
    ended = command_line(desk, "withdraw", "minutes/kort-1", "--reason", "error", "--note", "n", "--json")
    assert (ended.json()["states"], ended.json()["watched"]) == (1, 0)
    assert "fewer than 20 words, so that a copy cannot be told from chance" in ended.err
    desk.release()
    assert desk.latest().excluded()["minutes/kort-1"]["reason"] == "withdrawn"
    assert "minutes/kort-2" not in desk.latest().excluded()


def test_a_text_that_only_a_release_holds(twins: Desk, command_line: CommandLine) -> None:
    for part in (twins.workspace.refined / "minutes").iterdir():
        part.unlink()
    made = _withdraw(twins, command_line)
    assert (made["states"], made["watched"], made["held_by"]) == (1, 1, ["v1.0.0"])
    _near_copy_arrives(twins)
    twins.release()
    assert twins.latest().excluded()["letters/near"]["reason"] == "withdrawn"


def test_erasing_goes_on_where_something_was_not_built(twins: Desk, command_line: CommandLine) -> None:
    import shutil

    shutil.rmtree(twins.workspace.documents / "minutes")
    words = ("withdraw", "minutes/001", "--reason", "personal_data", "--note", "n", "--json")
    first = command_line(twins, *words)
    assert (first.json()["records_erased"], first.json()["unread_parts"]) == (0, 1)
    assert "1 parts of the archive are not built, and nothing was erased in them" in first.err
    twins.build()
    again = command_line(twins, *words)
    assert (again.json()["request"], again.json()["records_erased"]) == (first.json()["request"], 1)
    assert (again.json()["unread_parts"], again.err, len(requests(twins.workspace))) == (0, "", 1)
    twins.build()
    twins.release()
    assert command_line(twins, "review", "request", first.json()["request"]).code == 0


def test_deliveries_in_the_inbox_are_named(twins: Desk, command_line: CommandLine) -> None:
    waiting = twins.workspace.root / "inbox/minutes/2041"
    waiting.mkdir(parents=True)
    ended = command_line(twins, "withdraw", "minutes/001", "--reason", "personal_data", "--note", "n", "--json")
    assert ended.json()["inbox"] == [str(waiting)]
    assert f"yours to remove: {waiting}" in ended.err
    proved = command_line(twins, "review", "request", ended.json()["request"], "--json").json()["checks"]
    assert (proved[-1]["holds"], proved[-1]["seen"]) == (False, str(waiting))


def _cut(folder: Path) -> None:
    (folder / "register.jsonl").write_bytes(b"")


LOST = [
    (_cut, "minutes/001: v2.0.0 names it as withdrawn, and no request is in"),
    (lambda folder: (folder / "register.jsonl").unlink(), "minutes/001: v2.0.0 names it as withdrawn"),
    (lambda folder: (folder / "withheld.parquet").unlink(), "lacks withheld.parquet, by which near copies"),
    (lambda folder: (folder / "key").unlink(), "lacks key, by which near copies of withdrawn texts are known"),
]


@pytest.mark.parametrize(("lose", "message"), LOST)
def test_what_is_lost_lets_no_text_return(
    twins: Desk, command_line: CommandLine, lose: Callable[[Path], None], message: str
) -> None:
    _withdraw(twins, command_line)
    twins.release()
    _near_copy_arrives(twins)
    folder = twins.workspace.register / "withdrawals"
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    lose(folder)
    with pytest.raises(RefusedError, match=message) as caught:
        twins.release()
    assert caught.value.exit_code == 3
    checked = command_line(twins, "review", "check", "--json")
    assert (checked.code, [one["rule"] for one in checked.json()["findings"]]) == (3, ["L18"])
    for path, content in kept.items():
        path.write_bytes(content)
    twins.release()
    assert twins.latest().excluded()["letters/near"]["reason"] == "withdrawn"
