"""Building: extract, refine and link what changed. One plain function; Prefect is not needed to call it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cleaning import (
    LinkResult,
    RefineJob,
    RefineResult,
    Scheme,
    SignedPart,
    SignJob,
    SignResult,
    link,
    links_path,
    refine_key,
    refine_part,
    sign_key,
    sign_part,
)
from frisat.errors import FrisatError
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.workspace import Workspace
from publishing import Refined
from sources import Archive, ExtractJob, ExtractResult, Source, all_sources, extract_key, extract_part, remove_stale

J = TypeVar("J")
R = TypeVar("R")


class BuildError(FrisatError):
    """Some parts could not be built; the others were."""


@dataclass(slots=True)
class SourceBuild:
    """What was done for one source. Counts are of the parts done now; ``short`` counts documents of fewer than twenty
    words, which are never called copies."""

    source: str
    parts: int = 0
    extracted_parts: int = 0
    refined_parts: int = 0
    documents: int = 0
    gave_none: int = 0
    text_bytes: int = 0
    repaired: int = 0
    redacted: int = 0
    not_danish: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    short: int = 0


@dataclass(slots=True)
class BuildResult:
    """What a build did, by source, and the links over all of them."""

    sources: list[SourceBuild]
    links: LinkResult | None
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build would do for one source, and why."""

    source: str
    extract: list[ExtractJob]
    refine: int
    sign: int
    up_to_date: int
    why: str


def plan_build(workspace: Workspace, sources: Iterable[Source]) -> list[BuildPlan]:
    """Return what a build would do now. What is not extracted yet cannot be counted for refining, nor for signing."""
    plans = []
    for source in sources:
        extracted = extract_jobs(workspace, source)
        refined = refine_jobs(workspace, source, extracted)
        signed = sign_jobs(workspace, refined)
        extract = [job for job in extracted if not job.target.is_dir()]
        refine, sign = (sum(not job.target.exists() for job in jobs) for jobs in (refined, signed))
        why = "nothing changed"
        if extract:
            why = "new records" if len(extract) < len(extracted) else "nothing was extracted yet, or the reader changed"
        elif refine:
            why = "the refining stage, its settings or its libraries changed, or a run was cut off"
        elif sign:
            why = "the scheme of signatures changed, or a run was cut off"
        plans.append(BuildPlan(source.name, extract, refine, sign, len(refined) - max(refine, sign), why))
    return plans


def extract_jobs(workspace: Workspace, source: Source) -> list[ExtractJob]:
    """Return a job for every part of the source's archive, done or not."""
    archive = Archive(workspace, source.name)
    folder = workspace.documents / source.name
    return [ExtractJob(source, archive.folder, part, folder / extract_key(source, part)) for part in archive.parts()]


def refine_jobs(workspace: Workspace, source: Source, extracted: Sequence[ExtractJob]) -> list[RefineJob]:
    """Return a job for every part of documents there is, done or not."""
    stated, held = source.descriptor.language, source.descriptor.personal_data
    folder = workspace.refined / source.name
    return [
        RefineJob(source.name, stated, part, folder / f"{key}.parquet", held)
        for job in extracted
        for part in sorted(job.target.glob("*.parquet"))
        for key in [refine_key(f"{part.parent.name}/{part.name}", stated, held)]
    ]


def sign_jobs(workspace: Workspace, refined: Sequence[RefineJob], scheme: Scheme | None = None) -> list[SignJob]:
    """Return a job for every refined part, done or not."""
    made_by = scheme or Scheme()
    return [
        SignJob(job.source, job.target, workspace.signatures / job.source / f"{key}.parquet", made_by)
        for job in refined
        for key in [sign_key(job.target.stem, made_by)]
    ]


def build(workspace: Workspace, sources: Sequence[Source], runner: Runner, report: Reporter) -> BuildResult:
    """Extract, refine and link what changed.

    Args:
        workspace: its lock must be held.
        sources: which to extract and refine; links are made over all sources of the workspace that are built.
        runner: runs the parts.
        report: told of progress.

    Raises:
        BuildError: some parts failed; everything else was done and is kept.
    """
    failures: list[str] = []
    results = {source.name: SourceBuild(source.name) for source in sources}
    extracts = {source.name: extract_jobs(workspace, source) for source in sources}
    todo = [job for jobs in extracts.values() for job in jobs if not job.target.is_dir()]

    def ready() -> Iterator[RefineJob]:
        """Give the parts to refine: those extracted earlier, then each as soon as it is extracted."""
        extracted = [job for jobs in extracts.values() for job in jobs if job not in todo]
        for job in extracted:
            yield from unrefined(job)
        for job, done in _run(runner, extract_part, todo, "Extracting", report, failures):
            _add_extract(results[job.source.name], done)
            yield from unrefined(job)

    def unrefined(job: ExtractJob) -> list[RefineJob]:
        return [work for work in refine_jobs(workspace, job.source, [job]) if not work.target.exists()]

    for work, refined in _run(runner, refine_part, ready(), "Refining", report, failures):
        _add_refine(results[work.source], refined)
    for source in sources:
        jobs = refine_jobs(workspace, source, extracts[source.name])
        results[source.name].parts = len(jobs)
        remove_stale(workspace.documents / source.name, {job.target.name for job in extracts[source.name]})
        _remove_stale_parts(workspace.refined / source.name, {job.target for job in jobs})
    signing = _sign(workspace, runner, report, failures, results)
    if failures:
        shown = "; ".join(failures[:5]) + (f" and {len(failures) - 5} more" if len(failures) > 5 else "")
        raise BuildError(f"{len(failures)} parts could not be built ({shown}). The others are done; see above for why")
    signed = [SignedPart(job.source, job.part, job.target) for job in signing]
    return BuildResult(list(results.values()), link(workspace.links, signed, runner, report), failures)


def _sign(
    workspace: Workspace, runner: Runner, report: Reporter, failures: list[str], results: dict[str, SourceBuild]
) -> list[SignJob]:
    """Sign what is refined and not signed yet, of every source; return the jobs of all there is."""
    signing = sign_jobs(workspace, _refined_parts(workspace))
    todo = [job for job in signing if not job.target.exists()]
    for work, done in _run(runner, sign_part, todo, "Signing", report, failures):
        if work.source in results:
            _add_signed(results[work.source], done)
    for name in {job.source for job in signing}:
        _remove_stale_parts(workspace.signatures / name, {job.target for job in signing})
    return signing


def _run(
    runner: Runner, function: Callable[[J], R], jobs: Iterable[J], label: str, report: Reporter, failures: list[str]
) -> Iterator[tuple[J, R]]:
    total = len(jobs) if isinstance(jobs, list) else None
    for outcome in report.track(runner.map(function, jobs, label=label), label=label, total=total):
        if outcome.error is not None:
            report.warn(f"{label.lower()} {outcome.job} failed: {type(outcome.error).__name__}: {outcome.error}")
            failures.append(str(outcome.job))
        else:
            yield outcome.job, outcome.result()


def _add_extract(result: SourceBuild, done: ExtractResult) -> None:
    result.extracted_parts += 1
    result.documents += done.documents
    result.gave_none += done.gave_none
    result.left_out = dict(sorted((Counter(result.left_out) + Counter(done.left_out)).items()))


def _add_refine(result: SourceBuild, done: RefineResult) -> None:
    result.refined_parts += 1
    for name in ("text_bytes", "repaired", "redacted", "not_danish"):
        setattr(result, name, getattr(result, name) + getattr(done, name))


def _add_signed(result: SourceBuild, done: SignResult) -> None:
    result.short += done.short


def _remove_stale_parts(folder: Path, keep: set[Path]) -> None:
    for part in folder.glob("*.parquet"):
        if part not in keep:
            part.unlink()


def _refined_parts(workspace: Workspace) -> list[RefineJob]:
    """Return the jobs of the refined parts of every source of the workspace that are there and not stale."""
    return [
        job
        for source in all_sources(workspace).values()
        for job in refine_jobs(workspace, source, extract_jobs(workspace, source))
        if job.target.exists()
    ]


def refined_sources(workspace: Workspace, sources: Iterable[Source]) -> tuple[list[Refined], Path]:
    """Return what a release is assembled from: the refined parts of each source, and the links over them.

    Raises:
        BuildError: something harvested is not built yet.
    """
    found = []
    signed: list[SignedPart] = []
    for source in sources:
        extracted = extract_jobs(workspace, source)
        jobs = refine_jobs(workspace, source, extracted)
        missing = sum(not job.target.is_dir() for job in extracted) + sum(not job.target.exists() for job in jobs)
        if missing:
            raise BuildError(f"{source.name}: {missing} parts are not built yet; run 'frisat build' first")
        if jobs:
            signing = sign_jobs(workspace, jobs)
            signed += [SignedPart(job.source, job.part, job.target) for job in signing]
            found.append(
                Refined(source.descriptor, tuple(job.target for job in jobs), tuple(job.target for job in signing))
            )
    links = links_path(workspace.links, signed)
    if found and not links.exists():
        raise BuildError("the links between copies are not up to date; run 'frisat build' first")
    return found, links


def as_dict(result: SourceBuild) -> dict[str, Any]:
    """Return the figures of a build for ``--json``."""
    return {name: getattr(result, name) for name in result.__dataclass_fields__}
