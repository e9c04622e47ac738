"""Assembly: the sum, versions, what is carried over, and what refuses to be written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaning import personal_data
from frisat.errors import FrisatError, RefusedError
from frisat.files import sha256_file
from frisat.parquet import write_parquet
from frisat.report import Silent
from frisat.runner import Outcome, PoolRunner, SerialRunner, Workers
from frisat.schema import EXCLUDED, PUBLISHED, RECORDS
from publishing import load_release, verify
from publishing.selection import excluded_rows
from sources import Archive

if TYPE_CHECKING:
    from tests.conftest import Desk

NOBODY = "150734-5678"
"""A CPR number of nobody: the birth date lies in 2034."""


def rows_of(desk: Desk, source: str) -> dict[str, dict[str, Any]]:
    """Return the published rows of a source in the latest release by id, in their order."""
    files = [file for file in desk.latest().record["files"] if file["source"] == source]
    tables = [pq.read_table(desk.workspace.release() / file["path"]) for file in files]
    return {row["id"]: row for table in tables for row in table.to_pylist()}


def files_of(folder: Path) -> dict[str, str]:
    """Return the hash of every file below ``folder``."""
    return {p.relative_to(folder).as_posix(): sha256_file(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def nothing_written(desk: Desk, *versions: str) -> bool:
    """Say whether ``versions`` are all that lies in the folder of releases."""
    folder = desk.workspace.releases
    return sorted(p.name for p in folder.iterdir()) == sorted(versions) if folder.exists() else not versions


# The first release


def test_nothing_cleared_no_release(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes())
    desk.build()
    done = desk.release()
    assert (done.version, done.path, done.previous) == (None, None, None)
    assert done.sources[0]["counts"]["reasons"] == {"rights:needs_review": 4}
    assert nothing_written(desk)


def test_the_first_version(released: Desk) -> None:
    assert released.workspace.versions() == ["v1.0.0"]
    record = released.latest().record
    assert (record["version"], record["date"], record["previous"]) == ("v1.0.0", "2041-03-01", None)
    counts = {source["name"]: source["counts"] for source in record["sources"]}
    assert counts == {
        "minutes": {"current_documents": 4, "gave_none": 0, "published": 4, "excluded": 0, "reasons": {},
                    "reserved": 0, "delivered": 4},
        "speeches": {"current_documents": 3, "gave_none": 1, "published": 1, "excluded": 3,
                     "reserved": 0, "delivered": 3, "reasons": {"broken": 1, "duplicate:exact": 1, "language:sv": 1}},
    }  # fmt: skip
    assert verify(released.workspace.release(), Silent()) == []


def test_reservations_of_mining_are_counted(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes())
    (part,) = Archive(desk.workspace, "minutes").parts()
    rows = [{**row, "signals": '{"tdm":{"from":"tdmrep","reservation":1}}'} for row in pq.read_table(part).to_pylist()]
    write_parquet(part, [pa.Table.from_pylist(rows, schema=RECORDS)], RECORDS, text="body")
    desk.build()
    desk.decide("minutes", weighed={"L15": "Asked; the publisher agrees."})
    folder = desk.release().path
    assert folder is not None
    assert desk.latest().record["sources"][0]["counts"]["reserved"] == len(rows)
    block = json.loads((folder / "ai-act.json").read_text("utf-8"))
    assert block["records_with_a_reservation"] == len(rows)
    assert f"Found beside {len(rows)} of the records collected." in (folder / "README.md").read_text("utf-8")


def test_every_file_of_a_release(finished: Desk) -> None:
    of_sources = [
        f"data/{name}/{file}" for name, licence_class in (("minutes", "no-copyright"), ("speeches", "attribution"))
        for file in (
            f"{licence_class}-00000.parquet", "descriptive_stats.json", "images/decades.svg",
            "images/dist_document_length.svg", f"{name}.md",
        )
    ]  # fmt: skip
    assert sorted(files_of(finished.workspace.release())) == sorted([
        *of_sources, "CHANGELOG.md", "CITATION.cff", "LICENSE.md", "NOTICE.md", "README.md", "SHA256SUMS",
        "ai-act.json", "changes.json", "excluded.parquet", "images/decades.svg", "images/lengths.svg",
        "images/overlap.svg", "images/published.svg", "images/sources.svg", "release.json", "rights/register.jsonl",
        "signatures/minutes.parquet", "signatures/speeches.parquet",
    ])  # fmt: skip


def test_a_published_row(finished: Desk) -> None:
    row = rows_of(finished, "speeches")["speeches/speech/3"]
    assert list(row) == PUBLISHED.names
    del row["text"], row["text_sha256"], row["language_score"], row["quality"]
    when = row.pop("retrieved_at")
    assert when.isoformat() == "2041-03-01T12:00:00+00:00"
    assert row == {
        "id": "speeches/speech/3", "source": "speeches", "added": "2041-03-01", "created": None, "token_count": 35,
        "title": "Dansk tale", "url": None, "document_type": None, "parent_id": None, "author": "Bodil Bentsen",
        "details": None, "license": "CC-BY-4.0", "legal_basis": "licence", "decision_id": "speeches-1",
        "attribution": "Bodil Bentsen: Dansk tale ()", "language": "da", "duplicates": 0,
        "repairs": {"encoding": 0, "whitespace": 0, "hyphens": 0},
        "redactions": {"cpr": 0, "email": 0, "telefon": 0, "iban": 0, "konto": 0},
    }  # fmt: skip
    assert rows_of(finished, "minutes")["minutes/000"]["duplicates"] == 1


def test_excluded_rows_hold_no_text(finished: Desk) -> None:
    table = pq.read_table(finished.workspace.release() / "excluded.parquet")
    assert table.schema.remove_metadata() == EXCLUDED
    rows = table.to_pylist()
    broken = rows.pop(0)
    assert broken["id"].startswith("speeches/record/")
    assert (broken["reason"], broken["duplicate_of"]) == ("broken", None)
    assert broken["detail"].startswith("rows.jsonl: line 4 is not JSON")
    assert rows == [
        {"id": "speeches/speech/1", "source": "speeches", "reason": "duplicate:exact", "detail": None,
         "duplicate_of": "minutes/000"},
        {"id": "speeches/speech/2", "source": "speeches", "reason": "language:sv", "detail": None,
         "duplicate_of": None},
    ]  # fmt: skip


def test_licence_classes_stand_in_files_of_their_own(desk: Desk) -> None:
    desk.deliver("minutes", [{**row, "document_type": "abcd"[n]} for n, row in enumerate(desk.minutes())])
    desk.build()
    desk.decide("minutes")
    desk.decide("minutes", only="document_type = b", license="CC-BY-4.0", attribution="{title}")
    desk.decide("minutes", only="document_type = c", license="CC-BY-SA-4.0", attribution="{title}")
    desk.decide("minutes", only="document_type = d", status="blocked")
    desk.release()
    assert [file["path"].rpartition("/")[2] for file in desk.latest().record["files"]] == [
        "no-copyright-00000.parquet", "attribution-00000.parquet", "share-alike-00000.parquet",
    ]  # fmt: skip
    assert desk.latest().excluded()["minutes/003"]["reason"] == "rights:blocked"
    assert verify(desk.workspace.release(), Silent()) == []


# Later versions


def test_nothing_changed_no_version(released: Desk) -> None:
    released.at("2041-03-02")
    released.build()
    done = released.release()
    assert (done.version, done.path, done.previous) == (None, None, "v1.0.0")
    assert nothing_written(released, "v1.0.0")


Change = Callable[["Desk"], object]


def _redeliver(**changed: Any) -> Change:
    def change(desk: Desk) -> None:
        rows = desk.minutes(4)
        desk.deliver("minutes", [rows[0], {**rows[1], **changed}, *rows[2:]])

    return change


CHANGED: dict[str, tuple[Change, str, dict[str, dict[str, int]]]] = {
    "added": (lambda desk: _deliver(desk, 5), "v1.1.0", {"minutes": {"added": 1}}),
    "revised": (_redeliver(text="Byrådet har i aften besluttet noget andet."), "v1.1.0", {"minutes": {"revised": 1}}),
    "redescribed": (_redeliver(title="En anden titel"), "v1.1.0", {"minutes": {"redescribed": 1}}),
    "another licence": (
        lambda desk: _decide(desk, license="PDDL-1.0"), "v2.0.0", {"minutes": {"redescribed": 4, "relabelled": 4}},
    ),
    "another basis": (
        lambda desk: _decide(desk, legal_basis="term_expired"), "v2.0.0",
        {"minutes": {"redescribed": 4, "relabelled": 4}},
    ),
    "attribution": (
        lambda desk: _decide(desk, attribution="{title}"), "v2.0.0", {"minutes": {"redescribed": 4, "relabelled": 4}},
    ),
    "another licence class": (
        lambda desk: _decide(desk, license="CC-BY-4.0", attribution="{title}"), "v2.0.0",
        # The copy among the speeches is as clear now; but it was not the one that was published.
        {"minutes": {"redescribed": 4, "relabelled": 4}},
    ),
    "another scope": (
        lambda desk: _decide(desk, only="id = minutes/001"), "v1.1.0", {"minutes": {"redescribed": 1}},
    ),
    "decision renewed": (lambda desk: _decide(desk, reasoning="Looked at again."), "v1.0.1", {}),
    "descriptor corrected": (
        lambda desk: _deliver(desk, 4, description="A better description."), "v1.0.1", {},
    ),
    "one more source, nothing of it cleared": (
        lambda desk: desk.deliver("letters", [{"id": "1", "text": "Kære alle"}]), "v1.0.1", {},
    ),
}  # fmt: skip


def _deliver(desk: Desk, count: int, **descriptor: Any) -> None:
    desk.deliver("minutes", desk.minutes(count), **descriptor)


def _decide(desk: Desk, **changes: Any) -> None:
    desk.decide("minutes", **changes)


@pytest.mark.parametrize("how", CHANGED)
def test_versions_follow_from_rows(released: Desk, how: str) -> None:
    change, version, counts = CHANGED[how]
    released.at("2041-04-01")
    change(released)
    released.build()
    done = released.release()
    assert (done.version, done.previous) == (version, "v1.0.0")
    assert done.changes.counts() == counts
    assert done.path == released.workspace.releases / version
    assert verify(done.path, Silent()) == []


def test_a_patch_carries_all_data_over(released: Desk) -> None:
    released.at("2041-04-01")
    released.deliver("minutes", released.minutes(), description="A better description.")
    released.build()
    done = released.release()
    assert (done.version, done.carried_over, done.written) == ("v1.0.1", 2, 0)
    before, after = (files_of(released.workspace.release(version)) for version in ("v1.0.0", "v1.0.1"))
    data = {name for name in before if name.endswith(".parquet")}
    assert {name: before[name] for name in data} == {name: after[name] for name in data}
    assert "A better description" in (released.workspace.release() / "data/minutes/minutes.md").read_text("utf-8")
    assert "No data file changed." in (released.workspace.release() / "CHANGELOG.md").read_text("utf-8")


def test_going_back_is_the_older_content_under_a_new_number(released: Desk) -> None:
    rows = released.minutes()
    released.at("2041-04-01")
    released.deliver("minutes", [rows[0], {**rows[1], "text": "Byrådet besluttede noget andet."}, *rows[2:]])
    released.build()
    assert released.release().version == "v1.1.0"
    released.at("2041-05-01")
    released.deliver("minutes", rows)
    released.build()
    done = released.release()
    assert (done.version, done.changes.counts()) == ("v1.2.0", {"minutes": {"revised": 1}})
    first, last = (load_release(released.workspace.release(version)) for version in ("v1.0.0", "v1.2.0"))
    same = ("id", "added", "text_sha256", "rights")
    assert first.index()["minutes"].select(same).equals(last.index()["minutes"].select(same))


def test_what_is_added_is_dated_and_comes_last(released: Desk) -> None:
    released.at("2041-04-01")
    rows = released.minutes(6)
    first = {**rows[5], "id": "minutes/0"}
    released.deliver("minutes", [first, *rows[:5]])
    released.build()
    done = released.release()
    assert [(row["id"], row["added"]) for row in rows_of(released, "minutes").values()] == [
        ("minutes/000", "2041-03-01"),
        ("minutes/001", "2041-03-01"),
        ("minutes/002", "2041-03-01"),
        ("minutes/003", "2041-03-01"),
        ("minutes/0", "2041-04-01"),
        ("minutes/004", "2041-04-01"),
    ]
    assert (done.carried_over, done.written) == (1, 1)


def test_a_document_that_is_revised_keeps_its_date(released: Desk) -> None:
    released.at("2041-04-01")
    _redeliver(text="Byrådet har i aften besluttet noget andet.")(released)
    released.build()
    released.release()
    row = rows_of(released, "minutes")["minutes/001"]
    assert (row["added"], row["retrieved_at"].date().isoformat()) == ("2041-03-01", "2041-04-01")


@pytest.fixture
def many(desk: Desk) -> Desk:
    """A release of a hundred documents."""
    desk.deliver("minutes", desk.minutes(100))
    desk.build()
    desk.decide("minutes")
    desk.release()
    return desk


def test_a_loss_of_two_percent_is_a_new_major_version(many: Desk) -> None:
    many.deliver("minutes", many.minutes(98))
    many.build()
    done = many.release()
    assert (done.version, done.changes.counts()) == ("v2.0.0", {"minutes": {"removed": 2}})
    assert done.changes.reasons == {"minutes/098": "removed_at_source", "minutes/099": "removed_at_source"}


def test_a_greater_loss_stops_until_it_is_accepted(many: Desk) -> None:
    many.deliver("minutes", many.minutes(97))
    many.build()
    many.decide("minutes", only="id = minutes/000", status="blocked")
    message = (
        r"minutes would lose 4\.0% of its 100 published documents \(removed_at_source 3, rights:blocked 1\); "
        "nothing was written. If that is right, say so with --accept-loss minutes"
    )
    with pytest.raises(FrisatError, match=message) as caught:
        many.release()
    assert caught.value.exit_code == 1
    assert nothing_written(many, "v1.0.0")
    assert many.release(accept_loss=["minutes"]).version == "v2.0.0"


def test_everything_may_be_withheld(released: Desk) -> None:
    released.decide("minutes", status="blocked")
    released.decide("speeches", status="blocked", license="CC-BY-4.0")
    done = released.release(accept_loss=["minutes", "speeches"])
    assert (done.version, released.latest().record["totals"]["documents"]) == ("v2.0.0", 0)
    assert done.path is not None
    assert verify(done.path, Silent()) == []


def test_an_expired_decision_withholds_at_once(released: Desk) -> None:
    released.at("2043-03-01")
    assert released.release().version is None
    released.at("2043-03-02")
    with pytest.raises(FrisatError, match=r"minutes would lose 100\.0% .*\(rights:expired 4\)"):
        released.release()


def test_a_changed_claim_withholds_until_it_is_decided_anew(released: Desk) -> None:
    released.deliver("minutes", released.minutes(), claim="CC-BY-4.0")
    with pytest.raises(FrisatError, match=r"\(rights:needs_review 4\)"):
        released.release()
    released.decide("minutes")
    assert released.release().version == "v1.0.1"


def test_the_twin_stands_in_when_a_copy_is_withheld(released: Desk) -> None:
    released.decide("minutes", only="id = minutes/000", status="blocked")
    done = released.release(accept_loss=["minutes"])
    assert done.changes.counts() == {"minutes": {"removed": 1}, "speeches": {"added": 1}}
    assert rows_of(released, "speeches")["speeches/speech/1"]["duplicates"] == 0


def test_another_copy_stands_for_it(desk: Desk) -> None:
    rows = [{**row, "id": str(n)} for n, row in enumerate(desk.minutes(2))]
    desk.deliver("one", rows)
    desk.deliver("two", rows[:1])
    desk.build()
    desk.decide("one", license="CC-BY-4.0", attribution="{publisher}")
    desk.release()
    desk.decide("two")
    done = desk.release(accept_loss=["one"])
    assert (done.version, done.changes.counts()) == ("v1.1.0", {"one": {"replaced": 1}, "two": {"added": 1}})
    assert done.changes.stands_for == {"one/0": "two/0"}
    assert done.changes.reasons == {"one/0": "duplicate:exact"}


# What refuses


def test_a_sum_that_is_off_by_one_is_not_written(released: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["publishing.assemble"]
    monkeypatch.setattr(module, "excluded_rows", lambda source: excluded_rows(source)[1:])
    with pytest.raises(FrisatError, match="speeches: 4 documents and records were collected but 3 are published or"):
        released.release()
    assert nothing_written(released, "v1.0.0")


@pytest.mark.parametrize(
    "changed",
    [
        {"text": f"Borgeren har nummer {NOBODY} og klager."},
        {"title": f"Klage fra {NOBODY}"},
        {"author": f"Anna ({NOBODY})"},
        {"document_type": f"klage {NOBODY}"},
        {"details": {"borger": NOBODY}},
        {"id": f"klage/{NOBODY}"},
    ],
)
def test_a_cpr_number_left_refuses_the_release(desk: Desk, monkeypatch: pytest.MonkeyPatch, changed: Any) -> None:
    monkeypatch.setattr(personal_data, "redact_column", lambda texts: [personal_data.Redacted(t) for t in texts])
    rows = desk.minutes()
    desk.deliver("minutes", [{**rows[0], **changed}, *rows[1:]])
    desk.build()
    desk.decide("minutes")
    with pytest.raises(RefusedError, match=r"a number like a CPR number is left in 1 documents \(minutes/") as caught:
        desk.release()
    assert caught.value.exit_code == 3
    assert nothing_written(desk)


def test_a_cpr_number_in_the_id_of_an_excluded_document_refuses_it_too(desk: Desk) -> None:
    desk.deliver("minutes", [*desk.minutes(), {"id": NOBODY, "text": "Vi har inte sett någon som skulle vara bättre."}])
    desk.build()
    desk.decide("minutes")
    desk.decide("minutes", only=f"id = minutes/{NOBODY}", status="blocked")
    with pytest.raises(RefusedError, match="a number like a CPR number is left"):
        desk.release()
    assert nothing_written(desk)


def test_a_broken_register_refuses_the_release(released: Desk) -> None:
    path = released.workspace.register / "register.jsonl"
    path.write_text(path.read_text("utf-8").replace("The terms say so", "Everybody knows"), "utf-8")
    with pytest.raises(RefusedError, match="does not hold together"):
        released.release()


def test_a_register_that_was_cut_back_or_replaced_refuses_the_release(released: Desk) -> None:
    path = released.workspace.register / "register.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(RefusedError, match=r"lacks the record that v1\.0\.0 ended with.*Restore it") as caught:
        released.release()
    assert caught.value.exit_code == 3
    path.unlink()
    with pytest.raises(RefusedError, match=r"lacks the record that v1\.0\.0 ended with"):
        released.release()
    path.write_bytes((released.workspace.release() / "rights/register.jsonl").read_bytes())
    assert released.release().version is None


class _Failing:
    """A runner whose jobs fail."""

    def map(self, function: Any, jobs: Iterable[Any], *, label: str) -> Iterator[Outcome[Any, Any]]:
        del function, label
        return iter([Outcome(job, error=OSError(28, "No space left on device")) for job in jobs])


def test_a_failed_write_leaves_nothing(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes())
    desk.build()
    desk.decide("minutes")
    with pytest.raises(OSError, match="No space left"):
        desk.release(_Failing())
    assert nothing_written(desk)


def test_a_damaged_file_of_the_last_release_is_not_carried_over(released: Desk) -> None:
    entry = released.latest().record["files"][0]
    path = released.workspace.release() / entry["path"]
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"frisat", b"fritas") if b"frisat" in whole else _flip(whole))
    released.deliver("minutes", released.minutes(), description="A better description.")
    released.build()
    done = released.release()
    assert (done.version, done.carried_over, done.written) == ("v1.0.1", 1, 1)
    assert sha256_file(released.workspace.release() / entry["path"]) == entry["sha256"]


def _flip(content: bytes) -> bytes:
    """Return ``content`` with a byte of its first page changed, which only the text column has."""
    return content[:200] + bytes([content[200] ^ 1]) + content[201:]


# Plans, workers, order


def test_a_plan_writes_nothing(desk: Desk) -> None:
    desk.deliver("minutes", desk.minutes())
    desk.build()
    desk.decide("minutes")
    before = files_of(desk.workspace.root)
    done = desk.release(plan_only=True)
    assert (done.version, done.path) == ("v1.0.0", None)
    assert done.changes.counts() == {"minutes": {"added": 4}}
    assert files_of(desk.workspace.root) == before


class _Backwards:
    """A runner that does the last job first."""

    def map(self, function: Any, jobs: Iterable[Any], *, label: str) -> Iterator[Outcome[Any, Any]]:
        found = list(SerialRunner().map(function, list(jobs)[::-1], label=label))
        return iter(found[::-1])


def _deliveries(desk: Desk) -> list[tuple[str, Sequence[dict[str, Any]]]]:
    rows = desk.minutes(12)
    copies = [{**row, "id": f"copy/{n}"} for n, row in enumerate(rows[:6])]
    return [("one", rows), ("two", copies), ("three", [*copies[3:], {"id": "x", "text": "Kort."}])]


@pytest.mark.parametrize("variant", ["two workers", "backwards", "sources in another order", "built in steps"])
def test_the_same_release_byte_for_byte(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variant: str
) -> None:
    other = type(desk)(tmp_path / "other", monkeypatch)
    deliveries = _deliveries(desk)
    for name, rows in deliveries:
        desk.deliver(name, rows)
    desk.build()
    for name, rows in deliveries[::-1] if variant == "sources in another order" else deliveries:
        other.deliver(name, rows)
        if variant == "built in steps":
            other.build()
    for each in (desk, other):
        for name, _ in deliveries:
            each.decide(name)
    desk.release()
    if variant == "two workers":
        with Workers(2) as workers:
            other.build(PoolRunner(workers))
            other.release(PoolRunner(workers))
    else:
        runner = _Backwards() if variant == "backwards" else SerialRunner()
        other.build(runner)
        other.release(runner)
    assert files_of(desk.workspace.release()) == files_of(other.workspace.release())


def test_rows_in_another_order_in_the_delivery_give_the_same_data(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = type(desk)(tmp_path / "other", monkeypatch)
    for each, rows in ((desk, desk.minutes(12)), (other, desk.minutes(12)[::-1])):
        each.deliver("minutes", rows)
        each.build()
        each.decide("minutes")
        each.release()
    assert files_of(desk.workspace.release()) == files_of(other.workspace.release())
