"""Publishing to the Hub, against a stand-in: what is sent, in which order, and what happens when it goes wrong."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frisat.errors import UsageError
from frisat.report import Silent
from publishing import PublishError, PublishOptions, publish
from publishing._hub_client import HubError, Patience, clean
from publishing.hub import repository
from publishing.publication import ForeignCommitError, ReadBack
from publishing.release import sums
from tests.standins.hub import CUT, Fault, HubStandIn

if TYPE_CHECKING:
    from tests.conftest import Desk

# The Hub's library hands its own client a file in a way that the client calls old.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
TO = "hf://datasets/o/n"
LARGE = 5
"""Parquet files of the release: two of data, two of signatures, one of what is excluded."""


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture
def release(finished: Desk) -> Path:
    """A sound release that nobody changes."""
    return finished.workspace.release()


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    """Do not read back: for tests of what comes before."""
    del slept
    monkeypatch.setattr("publishing.hub.read_back_hub", lambda *_: ReadBack(5, 2, (), "every row"))


def put(folder: Path, report: Silent | None = None, **options: Any) -> Any:
    return publish(folder, TO, report or Silent(), PublishOptions(**options))


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def writes(hub: HubStandIn) -> list[str]:
    """Return what was written, in order, each kind once."""
    kinds = ("create", "settings", "put", "commit", "tag", "untag", "branch", "unbranch")
    return list(dict.fromkeys(asked.what for asked in hub.asked if asked.what in kinds))


# ── as it should be ──


def test_the_first_time_and_the_second(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    done = put(release)
    repo = hub.repo("o/n")
    assert (done.state, done.version, done.revision) == ("published", "v1.0.0", repo.head.oid)
    assert done.notes == ("the repository is new: private",)
    assert done.read_back == ReadBack(
        5, 2, ("default", "minutes", "speeches", "attribution", "no-copyright"), "every row"
    )
    assert writes(hub) == ["create", "put", "commit", "tag"]
    assert (hub.count("put"), hub.count("commit"), hub.count("tag")) == (LARGE, 1, 1)
    assert (repo.private, repo.gated, repo.tags) == (True, False, {"v1.0.0": repo.head.oid})
    assert {path: blob.content for path, blob in repo.head.tree.items() if path != ".gitattributes"} == {
        name: (release / name).read_bytes() for name in names(release)
    }
    assert repo.head.title == "frisat v1.0.0"
    commit = next(asked for asked in hub.asked if asked.what == "commit")
    assert b'"parentCommit": "' in commit.body.splitlines()[0]
    hub.forget()
    again = put(release)
    assert (again.state, again.revision, again.operations.add) == ("unchanged", repo.head.oid, ())
    assert again.read_back == done.read_back
    assert writes(hub) == []
    assert slept == []


@pytest.mark.usefixtures("unread")
def test_public_and_gated_before_anything_is_in_it(release: Path, hub: HubStandIn) -> None:
    done = put(release, public=True, gated="manual")
    assert done.notes == ("the repository is new: public, gated (manual)",)
    assert (hub.repo("o/n").private, hub.repo("o/n").gated) == (False, "manual")
    assert writes(hub) == ["create", "settings", "put", "commit", "tag"]


@pytest.mark.usefixtures("unread")
def test_settings_that_a_break_left_undone_are_made_good(release: Path, hub: HubStandIn) -> None:
    hub.create("o/n")
    assert put(release, gated="auto").notes == ("the repository is empty: private, gated (auto)",)
    assert (hub.repo("o/n").private, hub.repo("o/n").gated) == (True, "auto")


@pytest.mark.usefixtures("unread")
def test_who_may_read_a_repository_in_use_is_never_changed(released: Desk, hub: HubStandIn) -> None:
    put(released.workspace.release())
    newer(released)
    hub.forget()
    done = put(released.workspace.release(), public=True)
    assert done.notes == ("the repository is private and stays so; who may read it is set on its page",)
    assert writes(hub) == ["put", "commit", "tag"]


def test_a_dry_run_lists_and_writes_nothing(release: Path, hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    done = put(release, dry_run=True)
    assert (done.state, done.revision, done.read_back) == ("planned", None, None)
    assert {file.path for file in done.operations.add} == names(release)
    assert done.operations.bytes == sum((release / name).stat().st_size for name in names(release))
    assert {asked.method for asked in hub.asked} == {"GET"}
    assert hub.repos == {}


def newer(desk: Desk) -> None:
    """Release a version with one changed document, one removed, and one new."""
    rows = desk.minutes(5)
    rows[1]["text"] += " Mødet sluttede klokken ti."
    desk.at("2041-03-02")
    desk.deliver("minutes", [row for row in rows if row["id"] != "minutes/002"])
    desk.build()
    assert desk.release(accept_loss=["minutes"]).version == "v2.0.0"


@pytest.mark.usefixtures("unread")
def test_a_new_version_sends_what_changed_and_nothing_else(released: Desk, hub: HubStandIn) -> None:
    old = released.workspace.release()
    put(old)
    newer(released)
    new = released.workspace.release()
    hub.forget()
    planned = put(new, dry_run=True)
    assert writes(hub) == []
    done = put(new)
    same = {
        name for name in names(new) if name in names(old) and (new / name).read_bytes() == (old / name).read_bytes()
    }
    assert {"data/speeches/attribution-00000.parquet", "signatures/speeches.parquet", "LICENSE.md"} <= same
    assert {file.path for file in done.operations.unchanged} == same
    assert {file.path for file in done.operations.add} == names(new) - same
    assert set(done.operations.delete) == names(old) - names(new)
    assert done.operations == planned.operations
    changed = {n for n in names(new) - same if n.endswith(".parquet")}
    assert sorted(hub.sent()) == sorted((new / name).read_bytes() for name in changed)
    repo = hub.repo("o/n")
    assert set(repo.head.tree) == names(new) | {".gitattributes"}
    assert set(repo.tags) == {"v1.0.0", "v2.0.0"}
    assert set(repo.commits[repo.tags["v1.0.0"]].tree) == names(old) | {".gitattributes"}
    hub.forget()
    assert put(old).state == put(new).state == "unchanged"
    assert writes(hub) == []


@pytest.mark.usefixtures("unread")
def test_what_the_new_version_has_not_is_deleted_in_the_same_commit(released: Desk, hub: HubStandIn) -> None:
    put(released.workspace.release())
    released.at("2041-03-02")
    released.decide("speeches", status="blocked", license="CC-BY-4.0")
    released.release(accept_loss=["speeches"])
    hub.forget()
    done = put(released.workspace.release())
    assert "data/speeches/attribution-00000.parquet" in done.operations.delete
    assert hub.count("commit") == 1
    assert set(hub.repo("o/n").head.tree) == names(released.workspace.release()) | {".gitattributes"}


# ── somebody else was there ──


@pytest.mark.usefixtures("unread")
def test_a_commit_of_somebody_else_is_not_buried(released: Desk, hub: HubStandIn) -> None:
    put(released.workspace.release())
    theirs = hub.repo("o/n").push("README.md", b"better", author="anna")
    newer(released)
    hub.forget()
    with pytest.raises(ForeignCommitError) as caught:
        put(released.workspace.release())
    assert f"{theirs.oid[:10]} “Update README.md” by anna, 2041-" in str(caught.value)
    assert f"--accept-commit {theirs.oid[:10]}" in str(caught.value)
    assert writes(hub) == []
    with pytest.raises(ForeignCommitError):
        put(released.workspace.release(), accept_commit="0123456789")
    done = put(released.workspace.release(), accept_commit=theirs.oid[:10])
    assert (done.state, hub.repo("o/n").head.parent) == ("published", theirs.oid)


@pytest.mark.usefixtures("unread")
def test_a_commit_in_between_is_not_buried(release: Path, hub: HubStandIn) -> None:
    hub.before("commit", lambda: hub.repo("o/n").push("notes.txt", b"first", author="anna"))
    with pytest.raises(ForeignCommitError, match=r"“Update notes\.txt” by anna"):
        put(release)
    repo = hub.repo("o/n")
    assert (repo.head.title, repo.tags) == ("Update notes.txt", {})


@pytest.mark.usefixtures("unread")
def test_a_repository_with_something_else_in_it(release: Path, hub: HubStandIn) -> None:
    hub.create("o/n").push("train.csv", b"a,b")
    with pytest.raises(ForeignCommitError, match=r"Update train\.csv"):
        put(release)


@pytest.mark.usefixtures("unread")
def test_a_version_never_changes(released: Desk, hub: HubStandIn, tmp_path: Path) -> None:
    put(released.workspace.release())
    other = forged(released.workspace.release(), tmp_path)
    with pytest.raises(PublishError, match=r"v1\.0\.0 stands on .* with other content \(\d files, such as "):
        put(other)


def forged(release: Path, folder: Path) -> Path:
    """Return a release of the same version made elsewhere: its description differs."""
    from datacards import render_views
    from frisat.files import canonical_json, sha256
    from publishing import record as records

    other = shutil.copytree(release, folder / "elsewhere")
    record, history = records.read(other)
    record["sources"][0]["publisher"] = "Another Publisher"
    later = ("content_sha256", "made_with", "version", "date", "previous", "changes", "others", "samples")
    kept = ("path", "source", "licence_class", "rows", "rows_sha256")
    held = {key: value for key, value in record.items() if key not in later}
    held["files"] = [{key: file[key] for key in kept} for file in held["files"]]
    record["content_sha256"] = sha256(canonical_json(held))
    (other / "release.json").write_text(records.pretty(record), "utf-8")
    for name, text in render_views(record, history).items():
        (other / name).write_text(text, "utf-8")
    (other / "SHA256SUMS").write_text(sums(other), "utf-8")
    return other


@pytest.mark.usefixtures("unread")
def test_older_versions_and_other_lines_are_refused(released: Desk, hub: HubStandIn) -> None:
    first = released.workspace.release()
    newer(released)
    put(released.workspace.release())
    with pytest.raises(PublishError, match=r"v2\.0\.0 is published on .* already, and v1\.0\.0 is older"):
        put(first)
    repo = hub.repo("o/n")
    repo.tags = {"v1.5.0": repo.tags["v2.0.0"]}
    with pytest.raises(PublishError, match=r"holds v1\.5\.0, which is no ancestor of v2\.0\.0"):
        put(released.workspace.release())


@pytest.mark.usefixtures("unread")
def test_a_tag_on_something_else(release: Path, hub: HubStandIn) -> None:
    def tag() -> None:
        repo = hub.repo("o/n")
        repo.tags["v1.0.0"] = repo.head.parent or ""

    hub.before("tag", tag)
    with pytest.raises(PublishError, match=r"has a tag v1\.0\.0 already, on .* and not on the commit"):
        put(release)


# ── breaks ──


@pytest.mark.usefixtures("unread")
def test_broken_between_objects_and_commit(release: Path, hub: HubStandIn) -> None:
    hub.fault("commit", Fault.status(500), times=99)
    with pytest.raises(HubError, match=r"the commit failed: the Hub answered 500"):
        put(release)
    assert (hub.repo("o/n").head.title, hub.count("put")) == ("initial commit", LARGE)
    hub._faults.clear()
    hub.forget()
    assert put(release).state == "published"
    assert (hub.count("put"), hub.count("commit")) == (0, 1)


class Breaking(Silent):
    """Breaks off the upload in the middle of the data."""

    def track(self, items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        del total
        for item in items:
            if label == "Uploading" and item.path == "data/speeches/attribution-00000.parquet":
                raise KeyboardInterrupt
            yield item


@pytest.mark.usefixtures("unread")
def test_broken_in_the_middle_of_the_objects(release: Path, hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.hub._TOGETHER", 1)
    with pytest.raises(KeyboardInterrupt):
        put(release, Breaking())
    before = hub.count("put")
    assert 0 < before < LARGE
    assert put(release).state == "published"
    assert hub.count("put") == LARGE


@pytest.mark.usefixtures("unread")
def test_broken_between_commit_and_tag(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    hub.fault("tag", Fault.status(503), times=6)
    with pytest.raises(HubError, match=r"tagging v1\.0\.0 failed: the Hub answered 503"):
        put(release)
    assert slept == [1, 2, 4, 8, 16]
    hub.forget()
    assert put(release).state == "tagged"
    assert writes(hub) == ["tag"]


@pytest.mark.usefixtures("unread")
def test_a_new_version_after_a_break_before_the_tag(released: Desk, hub: HubStandIn) -> None:
    hub.fault("tag", Fault.status(503), times=6)
    with pytest.raises(HubError):
        put(released.workspace.release())
    newer(released)
    assert put(released.workspace.release()).state == "published"
    assert set(hub.repo("o/n").tags) == {"v2.0.0"}


@pytest.mark.usefixtures("unread")
def test_an_answer_to_the_commit_that_is_lost(release: Path, hub: HubStandIn) -> None:
    hub.fault("commit", Fault.status(502), done=True)
    done = put(release)
    repo = hub.repo("o/n")
    assert (done.revision, hub.count("commit"), len(repo.history(repo.head.oid))) == (repo.head.oid, 1, 2)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("what", ["info", "refs", "commits", "tree", "create", "preupload", "batch", "commit", "tag"])
@pytest.mark.parametrize("fault", [Fault.status(500), Fault.busy(7)], ids=["500", "429"])
def test_a_hub_that_is_busy_or_broken_for_a_while(
    release: Path, hub: HubStandIn, slept: list[float], what: str, fault: Fault
) -> None:
    hub.fault(what, fault)
    assert put(release).state == "published"
    assert set(hub.repo("o/n").tags) == {"v1.0.0"}
    assert len(slept) == 1
    assert slept[0] in (1, 7, 8)  # the library adds a second to what it is told


@pytest.mark.usefixtures("unread")
def test_nobody_waits_for_a_day(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    hub.fault("refs", Fault.busy(86_400))
    hub.create("o/n")
    with pytest.raises(HubError, match="429"):
        put(release)
    assert slept == []


@pytest.mark.usefixtures("unread")
def test_an_upload_that_is_cut(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    hub.fault("put", CUT, times=2)
    assert put(release).state == "published"
    assert (hub.count("put"), len(slept)) == (LARGE, 2)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("spoil", [lambda body: body[: len(body) // 2], lambda body: body[:-1] + b"?"])
def test_objects_that_arrive_otherwise_than_sent(release: Path, hub: HubStandIn, spoil: Any) -> None:
    hub.spoil(spoil)
    with pytest.raises(HubError, match=r"uploading .* failed: the Hub answered 422 \(.*another hash or size"):
        put(release)
    assert hub.repo("o/n").head.title == "initial commit"
    hub.forget()
    assert put(release).state == "published"
    assert 1 <= hub.count("put") <= LARGE


@pytest.mark.usefixtures("unread")
def test_a_slow_hub(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    for what in ("refs", "put", "commit"):
        hub.before(what, lambda: time.sleep(0.2))
    assert put(release).state == "published"
    assert slept == []


@pytest.mark.usefixtures("unread")
def test_a_hub_that_never_answers(
    release: Path, hub: HubStandIn, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.hub.Patience", partial(Patience, sleep=slept.append, answer=1.0))
    hub.fault("refs", Fault.stall())
    assert put(release).state == "published"
    assert slept == [1]


# ── what is refused ──


def test_a_release_changed_by_hand(release: Path, hub: HubStandIn, tmp_path: Path) -> None:
    edited = shutil.copytree(release, tmp_path / "v1.0.0")
    (edited / "README.md").write_text((edited / "README.md").read_text() + "Better.\n")
    with pytest.raises(PublishError, match=r"is not as it was made, and is not published: README\.md was changed"):
        put(edited)
    assert hub.asked == []


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("name", ["data/minutes/no-copyright-00000.parquet", "NOTICE.md"])
def test_a_release_changed_while_it_is_published(release: Path, hub: HubStandIn, tmp_path: Path, name: str) -> None:
    copied = shutil.copytree(release, tmp_path / "v1.0.0")
    hub.before("create", lambda: (copied / name).write_bytes(b"changed"))
    with pytest.raises(PublishError, match="was changed while it was being published; nothing was committed"):
        put(copied)
    assert hub.repo("o/n").head.title == "initial commit"


@pytest.mark.parametrize("to", ["hf://o/n", "hf://datasets/o", "hf://datasets/o/n@v1", "hf://datasets/../n"])
def test_addresses_that_are_no_repository(to: str) -> None:
    with pytest.raises(UsageError, match="is no dataset repository; write hf://datasets/ORG/NAME"):
        repository(to)


def test_nobody_is_logged_in(release: Path, hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(UsageError, match="set HF_TOKEN to a token that may write, or run 'hf auth login'"):
        put(release)
    assert hub.asked == []


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "the token is missing, wrong or expired"), (403, "the token may not do this")]
)
def test_a_token_that_may_not(release: Path, hub: HubStandIn, status: int, advice: str) -> None:
    hub.fault("create", Fault.status(status))
    with pytest.raises(HubError, match=rf"creating o/n failed: the Hub answered {status} .*{advice}"):
        put(release)


def test_offline(release: Path, hub: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UsageError, match="HF_HUB_OFFLINE is set"):
        put(release)


# ── reading back ──


@pytest.mark.parametrize(
    ("path", "change", "message"),
    [
        ("data/minutes/no-copyright-00000.parquet", lambda body: body[:-1] + b"?", "files of v1.0.0 are not those of"),
        ("NOTICE.md", lambda _: b"", "files of v1.0.0 are not those of the release, such as NOTICE.md"),
    ],
)
def test_something_else_stands_there(release: Path, hub: HubStandIn, path: str, change: Any, message: str) -> None:
    from tests.standins._hub_state import Blob, Commit

    def tamper() -> None:
        import hashlib

        repo = hub.repo("o/n")
        oid = repo.head.oid
        was = repo.commits[oid]
        body = change(was.tree[path].content)
        large = hashlib.sha256(body).hexdigest() if was.tree[path].sha256 else None
        repo.commits[oid] = Commit(
            oid, {**was.tree, path: Blob(body, large)}, was.parent, was.title, was.message, was.author, was.date
        )

    hub.before("tag", tamper)
    with pytest.raises(PublishError, match=rf"what was read back is not what was published: \d {message}"):
        put(release)


def test_other_bytes_come_back(release: Path, hub: HubStandIn, slept: list[float]) -> None:
    hub.fault("resolve", Fault.answer(200, b"PAR1 and nothing else"), times=99)
    with pytest.raises(HubError, match=r"reading v1\.0\.0 back failed: "):
        put(release)
    assert slept


# ── secrets ──


def test_no_secret_is_told(
    release: Path,
    hub: HubStandIn,
    slept: list[float],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    report = Told()
    hub.fault("put", Fault.status(500), times=3)
    hub.fault("refs", Fault.answer(500, b"", X_Error_Message=f"Bearer {hub.token} is not liked"))
    hub.fault("commit", Fault.answer(403, b"", X_Error_Message=f"{hub.token} may not"))
    with pytest.raises(HubError) as caught:
        put(release, report)
    everything = "\n".join([*report.notes, str(caught.value), caplog.text, *capfd.readouterr()])
    assert any("thrown while requesting PUT" in note for note in report.notes)
    assert "may not" in everything
    assert hub.token not in everything
    assert "signature=secret" not in everything
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_clean(hub: HubStandIn) -> None:
    assert clean(f"a {hub.token} b") == "a … b"
    assert (
        clean("Bearer abc, hf_abcdefgh, PUT http://s3/x?Signature=y&z=1 ended") == "Bearer … …, PUT http://s3/x?… ended"
    )
