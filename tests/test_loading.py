"""The examples of ``docs/loading.md`` run, one after another, on a release made for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from frisat.files import sha256
from frisat.schema import PUBLISHED
from tests.standins.hub_here import without_hub

PAGE = (Path(__file__).parents[1] / "docs/loading.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
LAW = ("retsinformation", "no-copyright")
TALK = ("folketinget-referater", "attribution")


def _row(identity: str, text: str, *, law: bool, details: dict[str, str] | None = None) -> dict[str, Any]:
    source = LAW[0] if law else TALK[0]
    return {
        **dict.fromkeys(PUBLISHED.names), "id": f"{source}/{identity}", "text": text, "source": source,
        "added": "2041-03-01", "token_count": len(text.split()), "text_sha256": sha256(text),
        "license": "LicenseRef-DK-OPHL-9" if law else "CC-BY-4.0",
        "legal_basis": "not_copyright_dk_9" if law else "licence",
        "attribution": None if law else "Et opdigtet folketing",
        "parent_id": None if law else f"{source}/{identity.split('/', maxsplit=1)[0]}",
        "details": json.dumps(details) if details else None,
    }  # fmt: skip


ROWS = {
    LAW: [_row("eli/lta/2041/1", "Loven træder i kraft den første dag i den følgende måned.", law=True)],
    TALK: [
        _row("20401-M1/20410301T100300", "Tak for det.", law=False, details={"speaker": "Bo Bo", "item": "2"}),
        _row("20401-M1/20410301T100000", "Mødet er åbnet.", law=False, details={"speaker": "An An", "item": "1"}),
        _row("20401-M1/20410301T100100", "Forslaget er sat til forhandling.", law=False, details={"speaker": "An An",
             "item": "2"}),
    ],
}  # fmt: skip


def _write(folder: Path) -> str:
    """Write a folder laid out as a release, with as much of it as the examples read."""
    configs = [{"config_name": "default", "data_files": "data/*/*.parquet"}]
    for (source, licence), rows in ROWS.items():
        place = folder / "data" / source / f"{licence}-00000.parquet"
        place.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=PUBLISHED), place)
        configs.append({"config_name": source, "data_files": f"data/{source}/*.parquet"})
        configs.append({"config_name": licence, "data_files": f"data/*/{licence}-*.parquet"})
    (folder / "README.md").write_text(f"---\n{yaml.safe_dump({'configs': configs})}---\n# frisat\n")
    record = {"version": "v1.0.0", "date": "2041-03-01", "content_sha256": "c" * 64}
    (folder / "release.json").write_text(json.dumps(record))
    return str(folder)


def _write_dynaword(folder: Path) -> str:
    rows = [dict(row) for row in ROWS[LAW]] + [{**ROWS[LAW][0], "id": "dynaword_1", "text": "Kun her."}]
    table = pa.Table.from_pylist(rows, schema=PUBLISHED).select(PUBLISHED.names[:6])
    folder.mkdir()
    pq.write_table(table, folder / "train.parquet")
    return str(folder)


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What takes the place of the repositories: folders. Nothing is asked of any network."""
    without_hub(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", lambda repo, name, **_: str(Path(repo) / name))
    yield {
        '"org/frisat"': repr(_write(tmp_path / "frisat")),
        '"danish-foundation-models/danish-dynaword"': repr(_write_dynaword(tmp_path / "dynaword")),
        ', revision="v1.0.0"': "",
    }


def test_every_example_runs(local: dict[str, str]) -> None:
    found: dict[str, Any] = {}
    for example in EXAMPLES:
        code = example
        for name, place in local.items():
            code = code.replace(name, place)
        exec(compile(code, "docs/loading.md", "exec"), found)  # noqa: S102 - our own page
    assert (found["everything"].num_rows, found["acts"].num_rows, found["free"].num_rows) == (4, 1, 1)
    assert found["first"] == {"id": ROWS[LAW][0]["id"], "text": ROWS[LAW][0]["text"]}
    assert list(found["no_attribution_needed"]["id"]) == list(found["by_law"]["id"]) == [ROWS[LAW][0]["id"]]
    assert [(debate["item"], [speaker for speaker, _ in debate["turns"]]) for debate in found["debates"]] == [
        ("1", ["An An"]), ("2", ["An An", "Bo Bo"]),
    ]  # fmt: skip
    assert len(found["mixed"]) == 5
    assert found["mixed"].column_names == PUBLISHED.names[:6]
    assert found["only_mine"] == found["mine"]
    assert found["credits"] == ["Et opdigtet folketing (CC-BY-4.0)"]
    assert found["citation"] == f"frisat v1.0.0 (2041-03-01). org/frisat. Content {'c' * 16}."


def test_the_page_names_every_subject() -> None:
    heads = re.findall(r"^## (\w+)", PAGE, re.MULTILINE)
    assert heads == ["Load", "Pin", "Stream", "Filter", "Group", "Mix", "Deduplicate", "Keep", "Cite"]
    assert len(EXAMPLES) >= 8
