"""Exporting a source of a release as a contribution to Danish Dynaword: a folder that passes its rules on all rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datacards import DYNAWORD_COLUMNS, card_faults, sample_of, source_card, source_pictures, statistics
from frisat.errors import FrisatError, UsageError
from frisat.files import atomic_folder, canonical_json, sha256, write_atomic
from frisat.parquet import read_columns, read_groups, write_parquet
from frisat.report import Reporter
from frisat.schema import PUBLISHED
from publishing.record import pretty, terms
from publishing.recount import figures
from publishing.release import Release

DATA = pa.schema([pa.field(name, PUBLISHED.field(name).type, nullable=False) for name in DYNAWORD_COLUMNS])
METADATA = pa.schema([pa.field("dataset", pa.string(), nullable=False), pa.field("id", pa.string(), nullable=False)])
"""What Dynaword joins its annotations to; they are made there, not here."""

_RIGHTS = ("id", "license", "legal_basis", "decision_id", "attribution", "url")
_CREATED = re.compile(r"\d{4}-\d\d-\d\d, \d{4}-\d\d-\d\d")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported, and what of the release was not, by reason."""

    source: str
    version: str
    path: Path
    rows: int
    left_out: Mapping[str, int]
    tokenizer: str

    def as_dict(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {
            "source": self.source, "version": self.version, "path": str(self.path), "rows": self.rows,
            "left_out": dict(self.left_out), "tokenizer": self.tokenizer,
        }  # fmt: skip


class _Rules:
    """Tells row by row what Dynaword takes; remembers the texts that it has."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.left_out: Counter[str] = Counter()

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row may go in; note why not."""
        if not _CREATED.fullmatch(row["created"] or ""):
            why = "no date of writing: Dynaword wants one, and none is made up"
        elif row["token_count"] <= 1:
            why = "one token or none"
        elif row["text_sha256"] in self.seen:
            why = "the same text as another document of the source"
        else:
            self.seen.add(row["text_sha256"])
            return True
        self.left_out[why] += 1
        return False


def export_dynaword(release: Release, source: str, into: Path, report: Reporter) -> Exported:
    """Write ``into/SOURCE``, laid out as a folder below ``data/`` of Danish Dynaword, and check it.

    Args:
        release: a finished release.
        source: a source that it publishes.
        into: a folder; nothing of the name of the source may be in it.
        report: is told of progress.

    Raises:
        UsageError: the source is not published, or the folder is there already.
        FrisatError: Dynaword's rules leave nothing, or the finished folder breaks one.
    """
    entry = _entry(release, source)
    folder = into / source
    if folder.exists():
        raise UsageError(f"{folder} is there already; remove it, or name another folder")
    rules, tables = _Rules(), list[pa.Table]()
    with atomic_folder(folder) as made:
        groups = _taken(release, source, rules, tables, report)
        rows = write_parquet(made / "data.parquet", groups, DATA, published=True).rows
        if not rows:
            why = "; ".join(f"{count:,} {reason}" for reason, count in rules.left_out.items())
            raise FrisatError(f"Dynaword takes no document of {source}: {why}. Nothing was written")
        _write_beside(made, release, {**entry, "left_out": dict(rules.left_out)}, pa.concat_tables(tables))
        if found := check_dynaword(made, source):
            raise FrisatError(f"{source} breaks Dynaword's rules: {'; '.join(found[:_SHOWN])}. Nothing was written")
    tokenizer = str(release.record["tokenizer"])
    return Exported(source, release.version, folder, rows, dict(rules.left_out), tokenizer)


def _entry(release: Release, source: str) -> dict[str, Any]:
    published = {entry["name"]: entry for entry in release.record["sources"] if entry["counts"]["published"]}
    if source not in published:
        raise UsageError(f"{release.version} publishes no {source}; it publishes {', '.join(published) or 'nothing'}")
    entry: dict[str, Any] = published[source]
    return entry


def _taken(
    release: Release, source: str, rules: _Rules, tables: list[pa.Table], report: Reporter
) -> Iterator[pa.Table]:
    """Yield the rows that go in; put what figures and rights are taken of into ``tables``."""
    files = [file["path"] for file in release.record["files"] if file["source"] == source]
    for path in report.track(files, label="Exporting", total=len(files)):
        for group in read_groups(release.path / path):
            looked_at = group.select(["created", "token_count", "text_sha256"]).to_pylist()
            taken = group.filter(pa.array([rules.takes(row) for row in looked_at], pa.bool_()))
            rights = taken.select([name for name in _RIGHTS if name != "license"])
            tables.append(pa.table({**_columns(figures(taken)), **_columns(rights)}))
            yield taken.select(list(DYNAWORD_COLUMNS))


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {name: table.column(name) for name in table.column_names}


def _write_beside(made: Path, release: Release, entry: Mapping[str, Any], rows: pa.Table) -> None:
    """Write what stands beside the data: ids, rights by row, figures, pictures, and the card."""
    name = entry["name"]
    ids = rows.column("id")
    names = pa.array([name] * len(ids), pa.string())
    write_parquet(made / "metadata.parquet", [pa.table([names, ids], schema=METADATA)], METADATA, text="id")
    rights = (canonical_json(row) + "\n" for row in rows.select(list(_RIGHTS)).to_pylist())
    write_atomic(made / "rights.jsonl", "".join(rights))
    write_atomic(made / "descriptive_stats.json", pretty(_stats(rows)))
    source = {
        **entry,
        "statistics": statistics(rows),
        "licences": terms(rows),
        "counts": {**entry["counts"], "published": rows.num_rows},
    }
    for picture in source_pictures(source):
        write_atomic(made / "images" / Path(picture.path).name, picture.svg)
    first = next(read_groups(made / "data.parquet")).slice(0, 1).to_pylist()[0]
    card = source_card(release.record, source, sample_of(first), "#license-information")
    write_atomic(made / f"{name}.md", card)


def _stats(rows: pa.Table) -> dict[str, int]:
    """Return the figures that Dynaword keeps of a source."""
    found = {"number_of_samples": rows.num_rows}
    for name, column in (("tokens", "token_count"), ("characters", "characters")):
        values = rows.column(column)
        extremes = pc.min_max(values).as_py()
        found |= {
            f"number_of_{name}": pc.sum(values).as_py(),
            f"min_length_{name}": extremes["min"],
            f"max_length_{name}": extremes["max"],
        }
    return found


def check_dynaword(folder: Path, name: str) -> list[str]:
    """Return what Danish Dynaword's rules for contributions find wrong with a folder, all rows looked at.

    Args:
        folder: holds ``data.parquet``, ``metadata.parquet`` and the card.
        name: what the source is called there.
    """
    wanted = ("data.parquet", "metadata.parquet", f"{name}.md", "descriptive_stats.json")
    if missing := [file for file in wanted if not (folder / file).is_file()]:
        return [f"{file} is missing" for file in missing]
    found = [f"{name}.md: {fault}" for fault in card_faults((folder / f"{name}.md").read_text("utf-8"))]
    if any(folder.glob("*.py")) and not (folder / "create.py").is_file():
        found.append("there is a program, but no create.py")
    return [*found, *_row_faults(folder, name)]


def _row_faults(folder: Path, name: str) -> Iterator[str]:
    if pq.read_schema(folder / "data.parquet").remove_metadata() != DATA:
        yield f"data.parquet has other columns than {', '.join(DATA.names)}, or of other types, or such as may be null"
        return
    ids: Counter[str] = Counter()
    texts: set[str] = set()
    for group in read_groups(folder / "data.parquet"):
        for row in group.to_pylist():
            ids[row["id"]] += 1
            for fault in _faults_of(row, name):
                yield f"{row['id']}: {fault}"
            digest = sha256(row["text"])
            if digest in texts:
                yield f"{row['id']}: the same text stands twice"
            texts.add(digest)
    yield from (f"{identity} stands {count} times" for identity, count in ids.items() if count > 1)
    beside = read_columns(folder / "metadata.parquet", ["dataset", "id"])
    if set(beside.column("dataset").to_pylist()) - {name} or Counter(beside.column("id").to_pylist()) != ids:
        yield "metadata.parquet has not just one row for each document"
    if json.loads((folder / "descriptive_stats.json").read_text("utf-8"))["number_of_samples"] != ids.total():
        yield "descriptive_stats.json counts other documents"


def _faults_of(row: Mapping[str, Any], name: str) -> Iterator[str]:
    if not row["text"].strip():
        yield "no text"
    if row["source"] != name:
        yield f"of another source ({row['source']})"
    if row["token_count"] <= 1:
        yield "one token or none"
    if not _CREATED.fullmatch(row["created"]):
        yield f"created is no range of days: {row['created']!r}"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["added"]):
        yield f"added is no day: {row['added']!r}"
