"""Writing a release: data, signatures, excluded, rights, ``release.json``, views, ``SHA256SUMS``, in this order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from datacards import render_views
from frisat.errors import RefusedError
from frisat.files import sha256_file, write_atomic
from frisat.parquet import write_parquet
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.schema import EXCLUDED
from licensing import Entry
from publishing import record as records
from publishing.changes import Changes
from publishing.release import NAME, SUMS, Release, sums
from publishing.release_rules import refuse_if_broken
from publishing.residual import find_cpr, scan_texts
from publishing.selection import Selected
from publishing.shards import PLAN, Shard, ShardFile, ShardJob, carry_over, write_shard
from publishing.signatures import signatures_job, write_signatures


@dataclass(slots=True)
class ReleaseWriter:
    """Writes into ``folder``, carrying over what stands unchanged in ``previous``; counts the data files of each."""

    folder: Path
    previous: Release | None
    runner: Runner
    report: Reporter
    carried_over: int = 0
    written: int = 0

    def write(
        self,
        record: dict[str, Any],
        shards: Sequence[Shard],
        signed: Sequence[tuple[Selected, tuple[Path, ...]]],
        excluded: Mapping[str, list[dict[str, str | None]]],
        entries: Sequence[Entry],
        changes: Changes,
    ) -> None:
        """Write everything.

        Args:
            record: what ``release.json`` says of the content; what only the files can say is added.
            shards: what goes into each data file.
            signed: each source, and its parts of the index.
            excluded: the rows of ``excluded.parquet`` by source.
            entries: the register.
            changes: since the previous release.

        Raises:
            RefusedError: a CPR number was left in a text, or a rule of rights is broken.
        """
        folder = self.folder
        rows = [row for source in sorted(excluded) for row in excluded[source]]
        table = pa.Table.from_pylist([{f.name: row.get(f.name) for f in EXCLUDED} for row in rows], schema=EXCLUDED)
        _refuse_cpr(find_cpr(table))
        files = self._data(shards)
        signatures = self._signatures(signed)
        write_parquet(folder / "excluded.parquet", [table], EXCLUDED, text="id")
        write_atomic(folder / "rights/register.jsonl", "".join(entry.line() + "\n" for entry in entries))
        history = records.history(self.previous, record, changes)
        others = ("excluded.parquet", "rights/register.jsonl", *signatures)
        record |= {
            "files": files,
            "samples": records.samples(folder, files),
            "changes": history[0],
            "others": {name: sha256_file(folder / name) for name in others},
        }
        write_atomic(folder / NAME, records.pretty(record))
        write_atomic(folder / "changes.json", records.pretty({"versions": history}))
        # Rendered from what was written, so that a check of the finished release renders the same.
        for name, text in render_views(*records.read(folder)).items():
            write_atomic(folder / name, text)
        _refuse_cpr(scan_texts(folder), "files")
        refuse_if_broken(folder, records.read(folder)[0])
        write_atomic(folder / SUMS, sums(folder))

    def _data(self, shards: Sequence[Shard]) -> list[dict[str, Any]]:
        """Carry over the data files whose rows stand unchanged, write the others, and return their entries."""
        previous = self.previous
        earlier = {file["rows_sha256"]: file for file in previous.record["files"]} if previous else {}
        done: dict[str, ShardFile] = {}
        jobs: dict[str, ShardJob] = {}
        for number, shard in enumerate(shards):
            if previous is not None and (before := earlier.get(shard.rows_sha256)) is not None:
                file = carry_over(previous.path / before["path"], self.folder / shard.name)
                if file.sha256 == before["sha256"]:
                    done[shard.name] = file
                    continue
                self.report.warn(f"{before['path']} of {previous.version} was changed since; its rows are written anew")
            plan = self.folder / "plans" / f"{number}.parquet"
            write_parquet(plan, [shard.plan], PLAN, text="added")
            jobs[shard.name] = ShardJob(shard.parts, plan, self.folder / shard.name)
        self.carried_over, self.written = len(done), len(jobs)
        outcomes = self.runner.map(write_shard, list(jobs.values()), label="Writing data")
        for name, outcome in zip(jobs, self.report.track(outcomes, label="Writing data", total=len(jobs)), strict=True):
            done[name] = outcome.result()
        shutil.rmtree(self.folder / "plans", ignore_errors=True)
        _refuse_cpr(sorted(identity for file in done.values() for identity in file.residual))
        return [shard.entry(done[shard.name]) for shard in shards]

    def _signatures(self, signed: Sequence[tuple[Selected, tuple[Path, ...]]]) -> list[str]:
        """Write the signatures of the published texts of each source, and return the names of the files."""
        jobs = [signatures_job(self.folder, source, parts) for source, parts in signed if source.published()]
        outcomes = self.runner.map(write_signatures, jobs, label="Writing signatures")
        for outcome in self.report.track(outcomes, label="Writing signatures", total=len(jobs)):
            outcome.result()
        shutil.rmtree(self.folder / "wanted", ignore_errors=True)
        return [job.target.relative_to(self.folder).as_posix() for job in jobs]


def _refuse_cpr(left: Sequence[str], what: str = "documents") -> None:
    if left:
        raise RefusedError(
            f"a number like a CPR number is left in {len(left)} {what} ({', '.join(left[:5])}); nothing was "
            "written. Look at them with 'frisat show ID'; withhold them, or mend the rule that should have found it"
        )
