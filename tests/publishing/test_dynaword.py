"""A contribution to Danish Dynaword: by its rules on every row, and every rule finds what breaks it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from datacards.dynaword import TAGS, card_faults
from datacards.hub_schema import split_card
from flows.cli import main
from frisat.errors import FrisatError, UsageError
from frisat.report import Silent
from publishing import export_dynaword
from publishing.dynaword import DATA, METADATA, check_dynaword
from tests.conftest import danish
from tests.standins.hub_here import without_hub

if TYPE_CHECKING:
    from tests.conftest import Desk

ODD: list[dict[str, Any]] = [
    {"id": "undated", "text": danish("en sag uden dato")},
    {"id": "one", "text": "Ja.", "created": "2040"},  # two tokens: a word and a full stop
    {"id": "same", "text": "Ja.", "created": "2040"},  # too short to be called a copy by frisat
    {"id": "word", "text": "Ja", "created": "2040"},
]


@pytest.fixture(scope="module")
def minutes(finished: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made of the minutes, that nobody changes."""
    into = tmp_path_factory.mktemp("dynaword")
    return export_dynaword(finished.latest(), "minutes", into, Silent()).path


@pytest.fixture
def folder(minutes: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    shutil.copytree(minutes, tmp_path / "minutes")
    return tmp_path / "minutes"


def test_what_is_in_the_folder(finished: Desk, minutes: Path) -> None:
    assert sorted(p.relative_to(minutes).as_posix() for p in minutes.rglob("*") if p.is_file()) == [
        "data.parquet", "descriptive_stats.json", "images/decades.svg", "images/dist_document_length.svg",
        "metadata.parquet", "minutes.md", "rights.jsonl",
    ]  # fmt: skip
    data = pq.read_table(minutes / "data.parquet")
    release = pq.read_table(next(finished.workspace.release().glob("data/minutes/*.parquet")))
    assert data.schema == DATA
    assert data.to_pylist() == release.select(DATA.names).to_pylist()
    metadata = pq.read_table(minutes / "metadata.parquet")
    assert metadata.to_pylist() == [{"dataset": "minutes", "id": identity} for identity in release["id"].to_pylist()]
    rights = [json.loads(line) for line in (minutes / "rights.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["license"]) for row in rights] == [(i, "CC0-1.0") for i in release["id"].to_pylist()]
    assert json.loads((minutes / "descriptive_stats.json").read_text("utf-8")) == {
        "number_of_samples": 4, "number_of_tokens": sum(release["token_count"].to_pylist()),
        "min_length_tokens": min(release["token_count"].to_pylist()),
        "max_length_tokens": max(release["token_count"].to_pylist()),
        "number_of_characters": sum(len(text) for text in release["text"].to_pylist()),
        "min_length_characters": min(len(text) for text in release["text"].to_pylist()),
        "max_length_characters": max(len(text) for text in release["text"].to_pylist()),
    }  # fmt: skip


def test_its_card(minutes: Path) -> None:
    card = (minutes / "minutes.md").read_text("utf-8")
    head, body = split_card(card)
    assert yaml.safe_load(head) == {
        "pretty_name": "Title of minutes", "language": ["da"], "license": "cc0-1.0", "license_name": "CC0",
        "size_categories": ["n<1K"], "task_categories": ["text-generation", "fill-mask"],
        "task_ids": ["language-modeling", "masked-language-modeling"], "source_datasets": ["original"],
        "domains": ["Other"],
    }  # fmt: skip
    assert card_faults(card) == []
    assert "- **Number of samples**: 4" in body
    sample = json.loads(body.partition("```json\n")[2].partition("```")[0])
    assert list(sample) == DATA.names
    assert "by decision minutes-1." in body.partition("## License Information")[2]


def test_the_same_release_gives_the_same_bytes(finished: Desk, minutes: Path, tmp_path: Path) -> None:
    again = export_dynaword(finished.latest(), "minutes", tmp_path, Silent()).path
    names = [p.relative_to(minutes) for p in minutes.rglob("*") if p.is_file()]
    assert all((again / name).read_bytes() == (minutes / name).read_bytes() for name in names)


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The library, with no network."""
    yield without_hub(tmp_path / "cache", monkeypatch)


def test_a_collection_that_takes_it_in_loads(minutes: Path, tmp_path: Path, datasets: ModuleType) -> None:
    shutil.copytree(minutes, tmp_path / "data/minutes")
    paths = {
        "default": "data/*/data.parquet",
        "minutes": "data/minutes/data.parquet",
        "meta": "data/*/metadata.parquet",
    }
    configs = [{"config_name": name, "data_files": [{"split": "train", "path": path}]} for name, path in paths.items()]
    (tmp_path / "README.md").write_text(f"---\n{yaml.safe_dump({'configs': configs})}---\n")
    for name, columns in (("default", DATA.names), ("minutes", DATA.names), ("meta", METADATA.names)):
        rows = list(datasets.load_dataset(str(tmp_path), name, split="train", streaming=True))
        assert (len(rows), list(rows[0])) == (4, columns)


def test_what_the_collection_does_not_take_is_left_out_and_counted(desk: Desk, tmp_path: Path) -> None:
    desk.deliver("minutes", [*desk.minutes(2), *ODD], domains="Other")
    desk.build()
    desk.decide("minutes", license="CC-BY-4.0", status="cleared_conditional", attribution="{publisher} {id}")
    desk.decide("minutes", only="id = minutes/001", license="CC-BY-SA-4.0", status="cleared_conditional",
                attribution="{publisher} {id}")  # fmt: skip
    desk.release()
    done = export_dynaword(desk.latest(), "minutes", tmp_path / "out", Silent())
    assert done.rows == 3
    assert done.left_out == {
        "no date of writing: Dynaword wants one, and none is made up": 1,
        "one token or none": 1,
        "the same text as another document of the source": 1,
    }
    assert done.as_dict()["left_out"] == done.left_out
    card = (done.path / "minutes.md").read_text("utf-8")
    assert yaml.safe_load(split_card(card)[0])["license_name"] == "CC-BY-4.0, CC-BY-SA-4.0"
    assert "- one token or none: 1\n" in card
    rights = [json.loads(line) for line in (done.path / "rights.jsonl").read_text("utf-8").splitlines()]
    assert {row["license"] for row in rights} == {"CC-BY-4.0", "CC-BY-SA-4.0"}
    assert all(row["attribution"].startswith("Publisher of minutes minutes/") for row in rights)


def test_of_which_nothing_is_taken(desk: Desk, tmp_path: Path) -> None:
    desk.deliver("minutes", ODD[:1])
    desk.build()
    desk.decide("minutes")
    desk.release()
    with pytest.raises(FrisatError, match=r"takes no document of minutes: 1 no date of writing.*Nothing was written"):
        export_dynaword(desk.latest(), "minutes", tmp_path / "out", Silent())
    assert not (tmp_path / "out/minutes").exists()


def test_wrong_use(finished: Desk, minutes: Path) -> None:
    with pytest.raises(UsageError, match=r"publishes no laws; it publishes minutes, speeches"):
        export_dynaword(finished.latest(), "laws", minutes.parent, Silent())
    with pytest.raises(UsageError, match="is there already"):
        export_dynaword(finished.latest(), "minutes", minutes.parent, Silent())


Rows = Callable[[list[dict[str, Any]]], object]
BROKEN: dict[str, tuple[Rows, str]] = {
    "two with one id": (lambda rows: rows[0].update(id=rows[1]["id"]), "minutes/001 stands 2 times"),
    "two with one text": (lambda rows: rows[3].update(text=rows[1]["text"]), "minutes/003: the same text stands twice"),
    "no text": (lambda rows: rows[3].update(text=" \n"), "minutes/003: no text"),
    "one token": (lambda rows: rows[3].update(token_count=1), "minutes/003: one token or none"),
    "another source": (lambda rows: rows[3].update(source="x"), "minutes/003: of another source (x)"),
    "a year": (lambda rows: rows[3].update(created="2040"), "minutes/003: created is no range of days: '2040'"),
    "no day": (lambda rows: rows[3].update(added="today"), "minutes/003: added is no day: 'today'"),
    "one fewer": (lambda rows: rows.pop(), "metadata.parquet has not just one row for each document"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_every_row_is_looked_at(folder: Path, how: str) -> None:
    change, fault = BROKEN[how]
    rows = pq.read_table(folder / "data.parquet").to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=DATA), folder / "data.parquet")
    assert fault in check_dynaword(folder, "minutes")


def test_other_columns(folder: Path) -> None:
    table = pq.read_table(folder / "data.parquet")
    pq.write_table(table.select(["text", "id", "source", "added", "created", "token_count"]), folder / "data.parquet")
    (fault,) = check_dynaword(folder, "minutes")
    assert fault.startswith("data.parquet has other columns than id, text, source")


@pytest.mark.parametrize("name", ["data.parquet", "metadata.parquet", "minutes.md", "descriptive_stats.json"])
def test_a_file_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert check_dynaword(folder, "minutes") == [f"{name} is missing"]


def test_a_program_without_the_one_that_makes_the_data(folder: Path) -> None:
    (folder / "other.py").touch()
    assert check_dynaword(folder, "minutes") == ["there is a program, but no create.py"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("license: cc0-1.0", "license: mit", "license 'mit' is not one of Dynaword's"),
        ("license: cc0-1.0", "license: free", "license: 'free' is not allowed on the Hub"),
        ("pretty_name: Title", "pretty_name: a --- b", "its head holds three hyphens, which end it"),
        ("- Other", "- Governmental", "'Governmental' is none of Dynaword's domains"),
        ("## Dataset Description", "## Description", "the heading '## Dataset Description' is missing"),
        ("## License Information\n", "## License Information\n\n## x\n", "it says nothing of the licence"),
        *((f"<!-- START-{tag} -->", "", f"the section {tag} is missing, empty, or there twice") for tag in TAGS),
        *((f"<!-- END-{tag} -->", f"<!-- END-{tag} -->" * 2, f"the section {tag} is missing") for tag in TAGS),
    ],
)
def test_a_card_that_breaks_a_rule(folder: Path, old: str, new: str, fault: str) -> None:
    card = (folder / "minutes.md").read_text("utf-8")
    assert old in card
    (folder / "minutes.md").write_text(card.replace(old, new, 1), "utf-8")
    assert any(fault in found for found in check_dynaword(folder, "minutes"))


HOSTILE = ("{{7*7}}", "a --- b", "</script>", "<!-- END-SAMPLE -->", "```", "a\u202eb\u200bc", "## License Information")


@pytest.mark.parametrize("words", HOSTILE)
def test_what_strangers_write_breaks_no_rule(desk: Desk, tmp_path: Path, words: str) -> None:
    rows = [{**row, "text": f"{words} {row['text']}", "title": words} for row in desk.minutes(2)]
    desk.deliver("minutes", rows, title=words, publisher=words, description=words, note=words, claim=words)
    desk.build()
    desk.decide("minutes", reasoning=words, doubts=words, not_checked=words)
    desk.release()
    done = export_dynaword(desk.latest(), "minutes", tmp_path / "out", Silent())
    assert (done.rows, check_dynaword(done.path, "minutes")) == (2, [])


def test_the_command(
    finished: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: object) -> tuple[int, str]:
        argv = ["frisat", "export", "dynaword", *map(str, words), "--workspace", str(finished.workspace.root)]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out or said.err

    code, out = run("minutes", tmp_path, "--json")
    assert (code, json.loads(out)) == (0, {
        "source": "minutes", "version": "v1.0.0", "path": str(tmp_path / "minutes"), "rows": 4, "left_out": {},
        "tokenizer": "frisat-words-1",
    })  # fmt: skip
    code, out = run("minutes", tmp_path)
    assert code == 2
    assert "is there already; remove it, or name another folder" in out
    code, out = run("minutes", tmp_path / "other", "--version", "v1.0.0")
    assert code == 0
    assert out.startswith(f"{tmp_path / 'other/minutes'} holds 4 documents of v1.0.0, by Dynaword's rules on every row")
