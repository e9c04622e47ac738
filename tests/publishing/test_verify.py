"""Checking a release: whatever was done to it is found and named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datacards import render_views
from frisat.errors import FrisatError
from frisat.files import canonical_json, sha256, sha256_file
from frisat.parquet import write_parquet
from frisat.report import Silent
from frisat.schema import EXCLUDED, PUBLISHED
from publishing import record as records
from publishing import verify
from publishing.release import sums

if TYPE_CHECKING:
    from tests.conftest import Desk

NOBODY = "150734-5678"
"""A CPR number of nobody: the birth date lies in 2034."""
MINUTES = "data/minutes/no-copyright-00000.parquet"
SPEECHES = "data/speeches/attribution-00000.parquet"


@pytest.fixture
def release(finished: Desk, tmp_path: Path) -> Path:
    """A copy of a sound release."""
    return shutil.copytree(finished.workspace.release(), tmp_path / "release")


def faults(release: Path) -> list[str]:
    return verify(release, Silent())


def recount(release: Path) -> None:
    """Write SHA256SUMS anew, as a careful forger would."""
    (release / "SHA256SUMS").write_text(sums(release), "utf-8")


def test_a_sound_release_has_no_faults(release: Path) -> None:
    assert faults(release) == []
    recount(release)
    assert faults(release) == []


def test_no_release_at_all(tmp_path: Path) -> None:
    with pytest.raises(FrisatError, match=r"holds no release: release\.json cannot be read \(No such file"):
        faults(tmp_path)
    (tmp_path / "release.json").write_text("{")
    with pytest.raises(FrisatError, match=r"release\.json is damaged"):
        faults(tmp_path)
    (tmp_path / "release.json").write_text('{"format": 99}')
    with pytest.raises(FrisatError, match=r"has a format that this frisat does not read \(it reads 1\)"):
        faults(tmp_path)


def test_an_empty_record_is_full_of_faults(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"format": 1}')
    assert [fault.split(" cannot be checked")[0] for fault in faults(tmp_path)] == [
        "sums", "register", "counts", "views", "data", "signatures", "rules", "figures",
    ]  # fmt: skip


FILES = (
    "CHANGELOG.md", "LICENSE.md", "NOTICE.md", "README.md", "changes.json", "data/minutes/descriptive_stats.json",
    "data/minutes/minutes.md", MINUTES, SPEECHES, "data/speeches/descriptive_stats.json", "data/speeches/speeches.md",
    "excluded.parquet", "release.json", "rights/register.jsonl", "signatures/minutes.parquet",
    "signatures/speeches.parquet",
    "CITATION.cff",
    "ai-act.json",
    *(f"images/{name}.svg" for name in ("decades", "lengths", "overlap", "published", "sources")),
    *(f"data/{source}/images/{name}.svg" for source in ("minutes", "speeches") for name in (
        "decades", "dist_document_length",
    )),
)  # fmt: skip


def test_files_are_all_the_files(release: Path) -> None:
    found = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()}
    assert found == {*FILES, "SHA256SUMS"}


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_found_and_its_file_named(release: Path, name: str) -> None:
    path = release / name
    content = path.read_bytes()
    for place in (len(content) // 3, len(content) - 2):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            found = faults(release)
        except FrisatError as error:
            assert name == "release.json"  # so damaged that there is no release any more
            found = [str(error)]
        assert any(name in fault for fault in found)


@pytest.mark.parametrize("name", FILES)
def test_a_removed_file_is_found_and_named(release: Path, name: str) -> None:
    (release / name).unlink()
    if name == "release.json":
        with pytest.raises(FrisatError, match="holds no release"):
            faults(release)
    else:
        assert f"{name} is missing" in faults(release)


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"release.json"}])
def test_a_removed_file_is_found_though_the_sums_fit(release: Path, name: str) -> None:
    (release / name).unlink()
    recount(release)
    assert any(name in fault for fault in faults(release))


@pytest.mark.parametrize("name", ["note.txt", "data/minutes/extra.parquet", "rights/.hidden", "empty"])
def test_an_added_file_is_found_and_named(release: Path, name: str) -> None:
    (release / name).write_text("")
    assert faults(release) == [f"{name} is not in SHA256SUMS"]


def test_an_added_data_file_is_found_though_the_sums_fit(release: Path) -> None:
    shutil.copy(release / MINUTES, release / "data/minutes/no-copyright-00001.parquet")
    recount(release)
    assert faults(release) == ["data/minutes/no-copyright-00001.parquet is not a file that release.json names"]


@pytest.mark.parametrize("name", ["NOTICE.md", MINUTES, "release.json"])
def test_a_symbolic_link_in_place_of_a_file(release: Path, tmp_path: Path, name: str) -> None:
    (release / name).rename(tmp_path / "elsewhere")
    (release / name).symlink_to(tmp_path / "elsewhere")
    assert faults(release) == [f"{name} is neither a file nor a folder; nothing else was read"]


@pytest.mark.parametrize("target", ["..", "README.md", "nowhere"])
def test_a_symbolic_link_beside_the_files(release: Path, target: str) -> None:
    (release / "link").symlink_to(target)
    assert faults(release) == ["link is neither a file nor a folder; nothing else was read"]


@pytest.mark.parametrize("name", ["excluded.parquet", "release.json", "SHA256SUMS", "data/minutes/pipe"])
def test_a_pipe_is_not_read_for_ever(release: Path, name: str) -> None:
    (release / name).unlink(missing_ok=True)
    os.mkfifo(release / name)
    assert faults(release) == [f"{name} is neither a file nor a folder; nothing else was read"]


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda s: s.replace("NOTICE.md", "NOTICE.txt"), "NOTICE.txt is missing"),
        (lambda s: s.replace("  NOTICE.md", " NOTICE.md"), "SHA256SUMS has a line that is no sum: "),
        (lambda s: ("f" if s[0] != "f" else "0") + s[1:], "CHANGELOG.md was changed after the release was made"),
        (lambda s: s + "nonsense\n", "SHA256SUMS has a line that is no sum: 'nonsense'"),
        (lambda s: s.partition("\n")[2], "CHANGELOG.md is not in SHA256SUMS"),
        (lambda s: s + f"{'0' * 64}  NOTICE.md\n", "SHA256SUMS names NOTICE.md twice"),
        (lambda s: s + f"{'0' * 64}  ../outside\n", "../outside is missing"),
        (lambda s: "\xff" + s, "SHA256SUMS has a line that is no sum"),
    ],
)
def test_edited_sums(release: Path, edit: Callable[[str], str], fault: str) -> None:
    path = release / "SHA256SUMS"
    path.write_text(edit(path.read_text("utf-8")), "utf-8")
    assert any(fault in found for found in faults(release))


# By someone who makes the sums fit again


def rewrite(release: Path, name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change the rows of a data file, and make the sums fit."""
    rows = change(pq.read_table(release / name).to_pylist())
    schema = EXCLUDED if name == "excluded.parquet" else PUBLISHED
    table = pa.Table.from_pylist(rows, schema=schema)
    write_parquet(release / name, [table], schema, text="id", published=schema is PUBLISHED)
    recount(release)


def _first(**changes: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda rows: [{**rows[0], **changes}, *rows[1:]]


ROWS: dict[str, tuple[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]], str]] = {
    "relabelled": (MINUTES, _first(license="PDDL-1.0"), "minutes/000: licence or source is not that of its decision"),
    "of another class": (MINUTES, _first(license="CC-BY-4.0"), "minutes/000 stands among no-copyright texts with lic"),
    "another basis": (MINUTES, _first(legal_basis="agreement"), "legal basis 'agreement' is not that of its decision"),
    "an invented basis": (MINUTES, _first(legal_basis="because"), "minutes/000: legal basis 'because' is not that"),
    "an unknown decision": (MINUTES, _first(decision_id="x-9"), "minutes/000: decision x-9 is not in release.json"),
    "of another source's decision": (MINUTES, _first(decision_id="speeches-1"), "licence or source is not that of"),
    "without attribution": (SPEECHES, _first(attribution=None), "the attribution that its decision asks for is miss"),
    "doubled": (MINUTES, lambda rows: [rows[0], *rows], "minutes/000 stands twice"),
    "removed": (MINUTES, lambda rows: rows[1:], f"{MINUTES} holds other rows than release.json says"),
    "reordered": (MINUTES, lambda rows: rows[::-1], "minutes/002 stands out of order"),
    "from the future": (MINUTES, _first(added="2042-01-01"), "minutes/000 stands out of order, or was added after the"),
    "another text": (MINUTES, _first(text="Noget andet."), "minutes/000: text_sha256 is not that of the text"),
    "another text and its hash": (
        MINUTES, _first(text="Andet.", text_sha256=sha256("Andet.")), f"{MINUTES} holds other rows than release.json",
    ),
    "no text": (MINUTES, _first(text="", text_sha256=sha256("")), f"{MINUTES} holds an empty text"),
    "another title": (MINUTES, _first(title="Andet"), f"{MINUTES} holds other rows than release.json says"),
    "a CPR number in a text": (MINUTES, _first(text=f"Nr. {NOBODY}"), "minutes/000: a number like a CPR number"),
    "a CPR number in a title": (MINUTES, _first(title=NOBODY), "minutes/000: a number like a CPR number is left"),
    "an id of another source": (MINUTES, _first(id="speeches/x"), "'speeches/x' is no id of minutes"),
    "an impossible id": (MINUTES, _first(id="minutes/æ"), "'minutes/æ' is no id of minutes"),
    "an excluded row removed": ("excluded.parquet", lambda rows: rows[1:], "1 published and 2 excluded, not what"),
    "an excluded row added": ("excluded.parquet", lambda rows: [*rows, rows[0]], "1 published and 4 excluded, not"),
    "another reason": ("excluded.parquet", _first(reason="empty"), "excluded.parquet holds other rows than"),
    "an unknown reason": ("excluded.parquet", _first(reason="dull"), "excluded.parquet has an unknown reason 'dull'"),
    "a CPR number among the excluded": ("excluded.parquet", _first(detail=NOBODY), "holds a number like a CPR number"),
    "excluded from elsewhere": ("excluded.parquet", _first(source="x"), "counts cannot be checked: KeyError: 'x'"),
}  # fmt: skip


@pytest.mark.parametrize("how", ROWS)
def test_changed_rows_are_found_though_the_sums_fit(release: Path, how: str) -> None:
    name, change, fault = ROWS[how]
    rewrite(release, name, change)
    found = faults(release)
    assert any(fault in line for line in found)
    assert f"{name} is not a file that release.json names" in found


def test_the_same_rows_written_another_way_are_another_file(release: Path) -> None:
    pq.write_table(pq.read_table(release / MINUTES), release / MINUTES, compression="none")
    recount(release)
    assert faults(release) == [f"{MINUTES} is not a file that release.json names"]


def test_other_columns(release: Path) -> None:
    pq.write_table(pq.read_table(release / MINUTES).drop_columns(["url"]), release / MINUTES)
    recount(release)
    assert f"{MINUTES} has other columns than the schema" in faults(release)


def _edit(release: Path, name: str, old: str, new: str) -> None:
    text = (release / name).read_text("utf-8")
    assert old in text
    (release / name).write_text(text.replace(old, new, 1), "utf-8")
    recount(release)


VIEWS = ("README.md", "CHANGELOG.md", "LICENSE.md", "NOTICE.md", "data/minutes/minutes.md")


@pytest.mark.parametrize("name", VIEWS)
def test_an_edited_view_is_found_though_the_sums_fit(release: Path, name: str) -> None:
    _edit(release, name, "\n\n", "\n\nOne more sentence.\n\n")
    assert faults(release) == [f"{name} is not what release.json gives"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("num_examples: 5", "num_examples: 6", "README.md declares another number of rows than the files hold"),
        ("license: other", "license: cc0-1.0", "README.md is not what release.json gives"),
        ("dataset_info:", "dataset_info: [", "views cannot be checked: "),
        ("---", "", "views cannot be checked: "),
    ],
)
def test_an_edited_front_matter_is_found(release: Path, old: str, new: str, fault: str) -> None:
    _edit(release, "README.md", old, new)
    assert any(line.startswith(fault) for line in faults(release))


def test_an_edited_register_is_found_though_the_sums_fit(release: Path) -> None:
    _edit(release, "rights/register.jsonl", "The terms say so.", "Everybody knows.")
    assert any("register cannot be checked: RefusedError: the register" in line for line in faults(release))


def _rechain(release: Path, change: Callable[[list[dict[str, Any]]], None]) -> str:
    """Change the register, chain it anew, and return its head."""
    path = release / "rights/register.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    change(records)
    previous = "0" * 64
    for number, record in enumerate(records):
        record |= {"number": number, "previous": previous}
        record["hash"] = previous = sha256(canonical_json({k: v for k, v in record.items() if k != "hash"}))
    path.write_text("".join(canonical_json(record) + "\n" for record in records), "utf-8")
    return previous


def _forge(release: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change release.json, and make its own hash, the views and the sums fit."""
    path = release / "release.json"
    record = json.loads(path.read_text("utf-8"))
    change(record)
    later = ("content_sha256", "made_with", "version", "date", "previous", "changes", "others", "samples")
    held = {key: value for key, value in record.items() if key not in later}
    planned = ("path", "source", "licence_class", "rows", "rows_sha256")
    held["files"] = [{key: file[key] for key in planned} for file in held["files"]]
    record["content_sha256"] = sha256(canonical_json(held))
    path.write_text(records.pretty(record), "utf-8")
    for name, text in render_views(*records.read(release)).items():
        (release / name).write_text(text, "utf-8")
    recount(release)


def test_a_forgery_of_everything_at_once_needs_more_than_this(release: Path) -> None:
    _forge(release, dict)
    assert faults(release) == []


FORGED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "words": (
        lambda r: r["sources"][0]["statistics"].update(words=1),
        "minutes: the rows have other figures than release.json says (words)",
    ),
    "a decade": (
        lambda r: r["sources"][1]["statistics"]["decades"].update({"1840": 1}),
        "speeches: the rows have other figures than release.json says (decades)",
    ),
    "a figure of the whole": (
        lambda r: r["statistics"].update(characters=1),
        "the rows have other figures than release.json says (characters)",
    ),
    "a figure that is none": (
        lambda r: r["statistics"].update(beauty=1),
        "the rows have other figures than release.json says (beauty)",
    ),
    "a sample": (
        lambda r: r["samples"]["minutes"].update(text="Noget andet."),
        "release.json shows samples that are not the first rows",
    ),
    "copies": (
        lambda r: r.update(overlap={}),
        "release.json counts other copies than excluded.parquet has",
    ),
}


@pytest.mark.parametrize("how", FORGED)
def test_every_figure_is_counted_again(release: Path, how: str) -> None:
    change, fault = FORGED[how]
    _forge(release, change)
    assert fault in faults(release)


def test_a_register_chained_anew_is_found(release: Path) -> None:
    _rechain(release, lambda records: records[1]["body"].update(reasoning="Everybody knows."))
    recount(release)
    assert faults(release) == [
        "rights/register.jsonl is not a file that release.json names",
        "rights/register.jsonl ends in another record than release.json names",
        "decision minutes-1 is not as rights/register.jsonl has it",
        "rule L17 rights/register.jsonl: ends in another record than release.json names",
    ]


def test_a_register_cut_back_is_found(release: Path) -> None:
    def cut(records: list[dict[str, Any]]) -> None:
        del records[2:]

    head = _rechain(release, cut)
    digest = sha256_file(release / "rights/register.jsonl")

    def adapt(record: dict[str, Any]) -> None:
        record["register_head"] = head
        record["others"]["rights/register.jsonl"] = digest

    _forge(release, adapt)
    assert faults(release) == ["decision speeches-1 is not as rights/register.jsonl has it"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda r: r["decisions"][0].update(reasoning="Everybody knows."),
            "decision minutes-1 is not as rights/register.jsonl has it",
        ),
        (
            lambda r: r["decisions"][0]["evidence"][0].update(quote="Everything is free"),
            "decision minutes-1 is not as rights/register.jsonl has it",
        ),
        (
            lambda r: r["sources"][0]["counts"].update(published=5),
            "minutes: what was collected is not what is published and excluded",
        ),
        (
            lambda r: r["sources"][0]["counts"].update(published=5, current_documents=5),
            "minutes: the files hold 4 published and 0 excluded, not what release.json says",
        ),
        (
            lambda r: r["changes"].update(version="v9.9.9"),
            "changes.json does not begin with the changes that release.json names",
        ),
        (lambda r: r["files"][0].update(rows=3), "not what release.json says"),
        (lambda r: r["files"][0].update(sha256="0" * 64), f"{MINUTES} is not a file that release.json names"),
        (lambda r: r["files"][0].update(path="../../x.parquet"), f"{MINUTES} is not a file that release.json names"),
    ],
)
def test_a_forged_record_is_found(release: Path, change: Callable[[dict[str, Any]], None], fault: str) -> None:
    _forge(release, change)
    assert any(fault in line for line in faults(release))


def test_an_edited_record_is_found_by_its_own_hash(release: Path) -> None:
    _edit(release, "release.json", '"Title of minutes"', '"Another title"')
    found = faults(release)
    assert "release.json was changed: its content has another hash than it names" in found
    assert "data/minutes/minutes.md is not what release.json gives" in found


def test_the_check_stops_after_fifty_faults(release: Path) -> None:
    for number in range(60):
        (release / f"extra-{number:02d}").touch()
    found = faults(release)
    assert len(found) == 51
    assert found[-1] == "…and perhaps more: the check stopped here"
