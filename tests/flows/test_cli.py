"""The command line: help, output, errors and exit codes."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import pytest

from flows import work
from flows.cli import cli
from flows.cli.common import Console, safe, table
from flows.harvesting import Options, harvest_all
from frisat.errors import FrisatError, RefusedError, UsageError
from frisat.runner import SerialRunner
from frisat.workspace import Workspace
from sources import built_in_sources

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Frisat

ROOT = Path(__file__).parents[2]
STEERING = "\x1b[31m\x1b]0;titel\x07\x9b5A\u202eFDP\rfed\x08"
"""What would colour, rename and overwrite a terminal, if it came there."""


def _commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *above, name)


COMMANDS = sorted(_commands(cli))


def test_all_commands() -> None:
    assert [" ".join(words) for words in COMMANDS] == [
        "build", "demo", "diff", "doctor", "export", "export dynaword", "harvest", "new", "prune", "publish", "release",
        "review", "review bundle", "review check", "review compare", "review decide", "review detect", "review event",
        "review key", "review log", "review queue", "review read", "review recheck", "review request", "review show",
        "rights", "run", "sample", "show", "sources", "ui", "verify", "withdraw",
    ]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_every_command(frisat: Frisat, words: tuple[str, ...], option: str) -> None:
    ran = frisat(*words, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: frisat {' '.join(words)} ")
    if words not in {("review",), ("export",)}:
        for shared in ("--workspace", "--json", "--verbose", "--quiet"):
            assert shared in ran.out


def test_help_tells_how_to_begin_and_the_exit_codes(frisat: Frisat) -> None:
    ran = frisat("--help")
    assert ran.code == 0
    assert "Begin with:   frisat demo" in ran.out
    assert "0 done, 1 the work failed, 2 wrong use, 3 refused by a rule of rights or privacy" in ran.out
    assert frisat("--version").out == "frisat, version 0.1.0\n"


def test_help_imports_neither_prefect_nor_arrow() -> None:
    code = "import sys, flows.cli; print(sorted({'prefect', 'pyarrow', 'distributed', 'lxml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("bulid",), "No such command 'bulid'"),
    (("build", "--plann"), "No such option"),
    (("harvest",), "nothing waits in the inbox and no publisher was asked before"),
    (("harvest", "adl", "--since", "yesterday"), "Invalid value for '--since'"),
    (("prune", "nobody", "--dry-run"), "no source is named 'nobody'"),
    (("new", "Not-A-Name"), "cannot be a source's name"),
    (("harvest", "retsinformatio"), "no source is named 'retsinformatio'; did you mean 'retsinformation'"),
    (("harvest", "adl"), "nothing waits for 'adl'"),
    (("harvest", "adl", "--limit", "0"), "Invalid value for '--limit'"),
    (("build", "minute", "--plan"), "no source is named 'minute'; did you mean 'minutes'"),
    (("show", "minutes/nowhere"), "minutes has no built document 'minutes/nowhere'"),
    (("sample", "nobody"), "no source is named 'nobody'"),
    (("sample", "minutes", "-n", "0"), "Invalid value for '-n'"),
    (("diff", "1.0.0", "2.0.0"), "no release v2.0.0 in "),
    (("verify", "9.9.9"), "no release v9.9.9 in "),
    (("release", "--plan", "--accept-loss", "minute"), "no source is named 'minute'"),
    (("review", "show", "nobody"), "no source is named 'nobody'"),
    (("review", "decide", "minutes"), "Missing option"),
    (("review", "detect", "nobody"), "no source is named 'nobody'"),
    (("review", "compare", "e-0"), "no evidence is called e-0"),
]


@pytest.mark.parametrize(
    ("words", "message"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_use_ends_with_2(finished: Desk, frisat: Frisat, words: tuple[str, ...], message: str) -> None:
    place = () if words == ("bulid",) else ("--workspace", str(finished.workspace.root))
    ran = frisat(*words, *place)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err.replace("\n", " ")
    as_json = frisat(*words, *place, "--json")
    assert as_json.code == 2
    error = as_json.json()["error"]
    assert (set(error), error["exit_code"]) == ({"kind", "message", "exit_code"}, 2)
    assert message in error["message"]


def test_no_command_at_all_shows_help(frisat: Frisat) -> None:
    ran = frisat()
    assert ran.code == 2
    assert "Usage: frisat" in ran.out + ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("show", "minutes/1"),
        ("build", "--plan"),
        ("release", "--plan"),
        ("verify",),
        ("sample", "adl"),
        ("diff", "1.0.0", "2.0.0"),
    ],
    ids=" ".join,
)
def test_without_a_workspace_reading_commands_say_how_to_begin(
    frisat: Frisat, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ran = frisat(*words, "--workspace", tmp_path / "none", "--json")
    assert ran.code == 1
    assert "is no frisat workspace; begin with 'frisat harvest SOURCE --from PATH' or 'frisat demo'" in ran.err
    assert ran.json()["error"]["exit_code"] == 1
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (FrisatError("it failed"), 1, "it failed"),
        (UsageError("not so"), 2, "not so"),
        (RefusedError("never"), 3, "never"),
        (OSError(errno.ENOSPC, "No space left on device", "/w/x"), 1, "cannot write /w/x: No space left on device."),
        (KeyError("x"), 1, "unexpected KeyError: 'x'. Run again with -v for the trace, and please report it"),
        (UsageError(f"title {STEERING}"), 2, "title  [31m ]0;titel  5A FDP fed "),
    ],
)
@pytest.mark.parametrize("option", [(), ("--json",)], ids=["text", "json"])
def test_exit_codes(
    frisat: Frisat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, code: int, message: str,
    option: tuple[str, ...],
) -> None:  # fmt: skip
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("flows.doctor.examine", fail)
    ran = frisat("doctor", "--workspace", tmp_path, *option)
    assert ran.code == code
    assert ran.err.startswith(f"error: {message}")
    assert ran.err.count("\n") == 1
    if option:
        assert ran.json()["error"]["exit_code"] == code
        assert set(ran.json()) == {"error"}
    else:
        assert ran.out == ""


def test_a_trace_where_it_is_asked_for(frisat: Frisat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("flows.doctor.examine", fail)
    assert "Traceback" not in frisat("doctor", "--workspace", tmp_path).err
    assert "Traceback" in frisat("doctor", "--workspace", tmp_path, "-v").err
    monkeypatch.setenv("FRISAT_DEBUG", "1")
    assert "Traceback" in frisat("doctor", "--workspace", tmp_path).err


def test_ctrl_c_says_that_what_was_done_is_kept(
    frisat: Frisat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.doctor.examine", stop)
    ran = frisat("doctor", "--workspace", tmp_path, "--json")
    assert ran.code == 130
    assert ran.err.strip() == "stopped; what was done is kept, and the same command goes on from there"
    assert ran.json()["error"]["exit_code"] == 130


# Commands that look


def test_sources(finished: Desk, frisat: Frisat) -> None:
    ran = frisat("sources", "--workspace", finished.workspace.root)
    assert (ran.code, ran.err) == (0, "")
    names = sorted([*built_in_sources(), "minutes", "speeches"])
    assert [line.split()[0] for line in ran.out.splitlines()] == ["source", *names]
    as_json = frisat("sources", "--workspace", finished.workspace.root, "--json").json()
    assert [row["source"] for row in as_json["sources"]] == names


def test_the_workspace_may_be_given_by_the_environment(
    finished: Desk, frisat: Frisat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRISAT_WORKSPACE", str(finished.workspace.root))
    assert "speeches" in frisat("sources").out


def test_show(finished: Desk, frisat: Frisat) -> None:
    place = ("--workspace", finished.workspace.root)
    ran = frisat("show", "minutes/000", *place)
    assert ran.code == 0
    assert ran.out.startswith("id              minutes/000\ntitle           Referat om broen\n")
    assert "Byrådet drøftede i aften broen for alle" in ran.out
    assert frisat("show", "minutes/000", *place, "--json").json()["text"].startswith("Byrådet drøftede")
    (problem,) = [i for i in finished.latest().excluded() if "/record/" in i]
    assert "broken" in frisat("show", problem, *place).out


def test_show_tells_how_long_a_text_is(desk: Desk, frisat: Frisat) -> None:
    desk.deliver("minutes", [{"id": "1", "text": "Byrådet og borgmesteren mødtes. " * 100}])
    desk.build()
    place = ("--workspace", desk.workspace.root)
    assert frisat("show", "minutes/1", *place).out.endswith("… (3,199 characters in all; --text shows them)\n")
    assert "characters in all" not in frisat("show", "minutes/1", "--text", *place).out


def test_sample(finished: Desk, frisat: Frisat) -> None:
    place = ("--workspace", finished.workspace.root)
    ran = frisat("sample", "speeches", "--reason", "language", *place)
    assert ran.out.startswith("── speeches/speech/2  Svensk tale\n     language:sv\n\nVi har inte sett")
    assert frisat("sample", "speeches", "--reason", "garbled", *place).out == "no such documents\n"
    assert len(frisat("sample", "minutes", "-n", "2", "--json", *place).json()["sample"]) == 2


def test_diff(finished: Desk, frisat: Frisat) -> None:
    place = ("--workspace", finished.workspace.root)
    folder = finished.workspace.release()
    assert frisat("diff", "1.0.0", "v1.0.0", *place).out == "v1.0.0 → v1.0.0\n\nNo row differs.\n"
    assert frisat("diff", folder, folder).out == "v1.0.0 → v1.0.0\n\nNo row differs.\n"
    assert frisat("diff", "1.0.0", "1.0.0", "--markdown", *place).out.startswith("# v1.0.0 → v1.0.0\n")
    assert frisat("diff", "1.0.0", "1.0.0", "--json", *place).json()["sources"] == {}


def test_verify_a_sound_release(finished: Desk, frisat: Frisat) -> None:
    folder = finished.workspace.release()
    sound = f"{folder} holds together: v1.0.0, 5 documents\n"
    for words in (
        (folder,),
        ("1.0.0", "--workspace", finished.workspace.root),
        ("--workspace", finished.workspace.root),
    ):
        ran = frisat("verify", *words)
        assert (ran.code, ran.out, ran.err) == (0, sound, "")
    assert frisat("verify", folder, "--json").json() == {"path": str(folder), "version": "v1.0.0", "faults": []}


def test_verify_a_release_with_faults(finished: Desk, frisat: Frisat, tmp_path: Path) -> None:
    folder = shutil.copytree(finished.workspace.release(), tmp_path / "release")
    (folder / f"{STEERING.replace('/', '')}.txt").touch()
    ran = frisat("verify", folder)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(
        f"error: {folder} does not hold together: 1 faults. Make the release again, or fetch it anew\n"
    )
    assert ran.err.startswith("   [31m ]0;titel  5A FDP fed .txt is not in SHA256SUMS\n")
    as_json = frisat("verify", folder, "--json")
    assert as_json.code == 1
    assert set(as_json.json()) == {"path", "version", "faults"}
    assert len(as_json.json()["faults"]) == 1


def test_doctor(frisat: Frisat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = frisat("doctor", "--workspace", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "ok   Python: 3." in ran.out
    assert frisat("doctor", "--workspace", tmp_path / "a" / "b").code == 0
    monkeypatch.setattr("flows.doctor.version", lambda _: "99.0.0")
    ran = frisat("doctor", "--workspace", tmp_path, "--json")
    assert ran.code == 1
    assert "install pyarrow at least 26 and below 27 (see constraints.txt)" in ran.err
    checks = {check["what"]: check for check in ran.json()["checks"]}
    assert checks["pyarrow"]["do"] == "install pyarrow at least 26 and below 27 (see constraints.txt)"
    assert checks["Python"] == {"what": "Python", "is": sys.version.split()[0], "ok": True, "do": ""}


# The reviewer


def _decide(desk: Desk, *more: object) -> tuple[object, ...]:
    terms = desk.root / "terms.txt"
    terms.write_text("Released under CC0 1.0.")
    return (
        "review", "decide", "minutes", "--workspace", desk.workspace.root, "--status", "cleared",
        "--license", "CC0-1.0", "--basis", "licence", "--evidence", terms,
        "--quote", "under CC0", "--reasoning", "r", "--doubts", "d",
        "--not-checked", "n", "--by", "w", *more,
    )  # fmt: skip


def test_reviewing(desk: Desk, frisat: Frisat) -> None:
    place = ("--workspace", desk.workspace.root)
    desk.deliver("minutes", desk.minutes())
    desk.build()
    queue = frisat("review", "queue", *place)
    assert queue.out.splitlines()[1].split() == ["minutes", "needs_review", "4", "136", "CC0-1.0", "–"]
    assert queue.out.endswith("Next: frisat review show minutes\n")
    shown = frisat("review", "show", "minutes", *place).out
    assert "No decision yet: nothing of it is published. Record one with 'frisat review decide'" in shown
    decided = frisat(*_decide(desk, "--only", "document_type = minutes", "--review-due", "2042-01-31"))
    assert decided.out == (
        "minutes-1: cleared under CC0-1.0, covers 4 of 4 documents built; review due 2042-01-31\nNext: frisat release\n"
    )
    assert "minutes-1: cleared\n" in frisat("review", "show", "minutes", *place).out
    assert [row["source"] for row in frisat("review", "queue", "--json", *place).json()["queue"]] == sorted(
        built_in_sources()
    )
    planned = frisat("release", "--plan", *place)
    assert planned.out.endswith(f"Release v1.0.0 would be in {desk.workspace.root}/releases/v1.0.0\n")


def test_looking_into_rights(desk: Desk, frisat: Frisat) -> None:
    place = ("--workspace", desk.workspace.root)
    desk.deliver("minutes", [{**row, "license": "CC BY-NC 4.0"} for row in desk.minutes(2)])
    found = frisat("review", "detect", "minutes", *place)
    assert found.out.splitlines() == [
        "minutes: 1 records (1 json). It claims CC0-1.0",
        "",
        "records  means         sure  where  wording",
        "      1  CC-BY-NC-4.0  high  field  CC BY-NC 4.0",
        "",
        "No reservations were found.",
        "",
        "records  conflict                       first in",
        "      1  claim: CC0-1.0 / CC-BY-NC-4.0  rows.jsonl",
        "",
        "Nothing of this clears anything. Next: frisat review show minutes",
    ]
    assert frisat("review", "detect", "minutes", "-n", "1", "--json", *place).json()["records"] == 1


def test_comparing_captures(desk: Desk, frisat: Frisat) -> None:
    place = ("--workspace", desk.workspace.root)
    (desk.root / "a.txt").write_text("Alt er frit.\n\nKilden nævnes.")
    (desk.root / "b.txt").write_text("Kilden nævnes.\n\nAlle rettigheder forbeholdes.")
    found = frisat("review", "compare", desk.root / "a.txt", desk.root / "b.txt", *place)
    assert found.out.splitlines() == [
        "--- a.txt",
        "+++ b.txt",
        "- Alt er frit.",
        "+ Alle rettigheder forbeholdes.",
        "It reserves something (all-rights): Alle rettigheder forbeholdes.",
    ]
    same = frisat("review", "compare", desk.root / "a.txt", desk.root / "a.txt", *place)
    assert same.out.splitlines()[2:] == ["No sentence has changed."]


def test_evidence_that_is_confidential(desk: Desk, frisat: Frisat) -> None:
    desk.deliver("minutes", desk.minutes(1))
    redacted = desk.root / "redacted.txt"
    redacted.write_text("[...] under CC0 1.0.")
    words = _decide(desk, "--redacted", redacted, "--evidence-kind", "agreement", "--evidence-scope", "item", "--json")
    (desk.root / "terms.txt").write_text("Secret. Released under CC0 1.0.")
    assert frisat(*words).code == 0
    assert not any(b"Secret" in p.read_bytes() for p in desk.workspace.root.rglob("*") if p.is_file())
    assert "covers: item" in frisat("review", "show", "minutes", "--workspace", desk.workspace.root).out


def test_an_agreement_leaves_only_its_hash(desk: Desk, frisat: Frisat) -> None:
    desk.deliver("minutes", desk.minutes(1))
    signed = desk.root / "signed.pdf"
    signed.write_bytes(b"%PDF secret sum")
    words = _decide(desk, "--agreement", signed, "--second-reviewer", "second", "--review-due", "2042-01-31", "--json")
    bought = ["bought_out" if w == "cleared" else "LicenseRef-Agreement-1" if w == "CC0-1.0" else w for w in words]
    ran = frisat(*bought)
    assert ran.code == 0
    assert len(ran.json()["agreement_sha256"]) == 64
    assert not any(b"secret" in p.read_bytes() for p in desk.workspace.root.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--review-due", "soon"), "--review-due 'soon' is no date such as 2028-01-31"),
        (("--agreement", "nowhere.pdf"), "agreement nowhere.pdf cannot be read"),
        (("--evidence", "pyproject.toml", "--quote", "under CC1"), "the quote does not stand in"),
        (("--status", "fine"), "'fine' is no status"),
        (("--only", "nonsense"), "--only 'nonsense' is not understood"),
    ],
)
def test_a_decision_that_does_not_fit(desk: Desk, frisat: Frisat, more: tuple[str, ...], message: str) -> None:
    desk.deliver("minutes", desk.minutes(1))
    ran = frisat(*_decide(desk, *more, "--json"))
    assert ran.code == 2
    assert message in ran.json()["error"]["message"]
    assert not desk.workspace.register.exists()


def test_a_broken_register_ends_with_3(released: Desk, frisat: Frisat) -> None:
    path = released.workspace.register / "register.jsonl"
    path.write_text(path.read_text("utf-8").replace("The terms say so", "Everybody knows"), "utf-8")
    for words in (
        ("release", "--plan"),
        ("review", "queue"),
        ("sources",),
        ("review", "show", "minutes"),
    ):
        ran = frisat(*words, "--workspace", released.workspace.root, "--json")
        assert ran.code == 3
        assert ran.json()["error"]["kind"] == "RefusedError"


# What strangers write


def test_nothing_steers_the_terminal(desk: Desk, frisat: Frisat) -> None:
    row = {**desk.minutes(1)[0], "title": STEERING, "author": STEERING, "url": "https://example.org/\x1b[31m\x9b"}
    row["text"] += f"\nmÃ¸de {STEERING}"
    fields = ("title", "description", "publisher", "claim", "stated_at", "note", "landing_page")
    desk.deliver("minutes", [row, {"raw": f'{{"id": "{STEERING}"'}], **dict.fromkeys(fields, STEERING))
    desk.build()
    desk.decide("minutes", reasoning=STEERING, decided_by=STEERING, license="CC-BY-4.0", attribution="{title} {author}")
    desk.release()
    place = ("--workspace", desk.workspace.root)
    (problem,) = desk.latest().excluded()
    for words in (
        ("sources",), ("show", "minutes/000"), ("show", problem), ("sample", "minutes"), ("review", "queue"),
        ("review", "show", "minutes"), ("diff", "1.0.0", "1.0.0"), ("verify",), ("release", "--plan"),
        ("show", f"minutes/{STEERING}"), ("sample", STEERING), ("build", "--plan"),
    ):  # fmt: skip
        ran = frisat(*words, *place)
        assert not {c for c in ran.out + ran.err if not c.isprintable()} - {"\n"}, words
    as_json = frisat("review", "show", "minutes", "--json", *place)
    assert not {c for c in as_json.out if not c.isprintable()} - {"\n"}
    assert as_json.json()["decisions"][0]["reasoning"] == STEERING


@pytest.mark.parametrize(
    ("text", "shown"), [("a\nb", "a\nb"), ("a\x1b[0m", "a [0m"), ("a\tb\r", "a b "), ("æøå “–” …", "æøå “–” …")]
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_tables() -> None:
    rows: list[dict[str, Any]] = [{"a": "x\ny", "n": 1234, "m": None}, {"a": "long", "n": None, "m": True}]
    assert table(rows, {"a": "A", "n": "N", "m": "M"}) == "A         N  M\nx y   1,234  –\nlong      –  True".replace(
        "  M\n", "     M\n"
    ).replace("  –\n", "     –\n")
    assert table([], {"a": "A", "b": "B"}) == "A  B"


# The commands that work: the flows they start are replaced by the plain functions that these call


def _run(place: Workspace, names: list[str], console: Console) -> work.Ran:
    harvested = harvest_all(place, names, None, console, needed=False)
    built = work.do_build(place, (), SerialRunner(), console)
    return work.Ran(harvested, built, work.do_release(place, SerialRunner(), console))


@pytest.fixture
def without_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands call the plain functions of ``flows.work`` instead of flows."""

    @contextmanager
    def plain(console: Console) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(
            harvest=lambda names, root, origin, since, limit, loss: harvest_all(
                Workspace(Path(root)), names, Path(origin) if origin else None, console, Options(since, limit, loss)
            ),
            build=lambda names, root: work.do_build(Workspace(Path(root)), names, SerialRunner(), console),
            release=lambda root, accept: work.do_release(
                Workspace(Path(root)), SerialRunner(), console, accept_loss=accept
            ),
            run=lambda names, root: _run(Workspace(Path(root)), names, console),
        )

    monkeypatch.setattr("flows.cli.run.prefect_for", plain)


@pytest.mark.usefixtures("without_prefect")
def test_the_whole_way(desk: Desk, frisat: Frisat) -> None:
    place = ("--workspace", desk.workspace.root)
    folder = desk.folder("minutes", desk.minutes())
    (folder / f"odd {STEERING.replace('/', '')}.pdf").write_bytes(b"%PDF")
    harvested = frisat("harvest", "minutes", "--from", folder, *place)
    assert harvested.out.splitlines()[1].split()[:7] == ["minutes", "minutes", "1", "0", "0", "0", "1"]
    assert "  not read: odd  [31m" in harvested.out
    assert harvested.out.endswith("Next: frisat build\n")
    again = frisat("harvest", "minutes", "--from", folder, "--json", *place).json()
    assert (again["harvested"][0]["new"], again["harvested"][0]["unchanged"]) == (0, 1)
    assert frisat("build", "minutes", "--plan", *place).out.splitlines()[1].split()[:3] == ["minutes", "1", "0"]
    built = frisat("build", *place)
    assert built.out.endswith("0 documents in 0 clusters of copies\nNext: frisat review queue, or frisat release\n")
    assert frisat("build", "--json", *place).json()["links"] == {"clusters": 0, "documents": 0}
    nothing = frisat("release", *place)
    assert nothing.out.endswith("Nothing is cleared yet, so there is no release. Next: frisat review queue\n")
    assert frisat(*_decide(desk)).code == 0
    released = frisat("release", *place)
    assert released.out.endswith(f"  minutes: 4 added\nRelease v1.0.0 is in {desk.workspace.root}/releases/v1.0.0\n")
    same = frisat("run", *place)
    assert same.out.endswith("Nothing changed since v1.0.0; no new version.\n")
    as_json = frisat("run", "--json", *place).json()
    assert as_json["harvested"] == []
    assert as_json["release"]["version"] is None
    assert as_json["release"]["sources"]["minutes"]["published"] == 4


@pytest.mark.usefixtures("without_prefect")
def test_a_loss_is_told_and_accepted(released: Desk, frisat: Frisat) -> None:
    place = ("--workspace", released.workspace.root)
    released.decide("minutes", only="id = minutes/000", status="blocked")
    refused = frisat("release", "--json", *place)
    assert refused.code == 1
    assert "say so with --accept-loss minutes" in refused.json()["error"]["message"]
    accepted = frisat("release", "--accept-loss", "minutes", "--json", *place).json()
    assert accepted == {
        "version": "v2.0.0",
        "path": f"{released.workspace.root}/releases/v2.0.0",
        "previous": "v1.0.0",
        "changes": {"minutes": {"removed": 1}, "speeches": {"added": 1}},
        "data_files": {"written": 2, "carried_over": 0},
        "sources": accepted["sources"],
    }


@pytest.mark.usefixtures("without_prefect")
def test_another_command_holds_the_workspace(desk: Desk, frisat: Frisat) -> None:
    with desk.workspace.lock("a long harvest"):
        ran = frisat("build", "--workspace", desk.workspace.root, "--json")
    assert ran.code == 1
    assert "is in use by 'a long harvest' (process " in ran.json()["error"]["message"]


def test_quiet_and_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    for verbosity, notes in ((-1, ""), (0, "heard\n"), (1, "heard\n")):
        console = Console(Path("w"), as_json=False, verbosity=verbosity)
        console.note("heard")
        console.warn("careful")
        assert list(console.track([1, 2], label="Counting")) == [1, 2]
        err = capsys.readouterr().err
        assert err.startswith(f"{notes}warning: careful\n")
        assert ("Counting: 2 in " in err) == (verbosity > 0)


# With Prefect, once


def test_a_run_with_prefect(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes(2))
    desk.decide("minutes")
    shutil.copytree(desk.folder("minutes", desk.minutes(3)), desk.workspace.root / "inbox" / "minutes")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from flows.cli import main; main()",
            "run",
            "--json",
            "--workspace",
            desk.workspace.root,
        ],
        cwd=ROOT,
        env={**environment, "HOME": str(desk.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert [(item["source"], item["new"], item["changed"]) for item in result["harvested"]] == [("minutes", 0, 1)]
    assert result["release"]["version"] == "v1.0.0"
    assert result["release"]["sources"]["minutes"]["published"] == 3
    assert desk.workspace.versions() == ["v1.0.0"]
