"""Running the rules of rights over everything there is: register, decisions, documents, and the latest release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from flows.build import extract_jobs, refine_jobs
from flows.rights import ruling_over
from frisat import clock
from frisat.errors import RefusedError
from frisat.workspace import Workspace
from licensing import Decision, Entry, Finding, Register, Ruling
from publishing import (
    Release,
    Selected,
    check_register,
    check_withdrawals,
    current_rows,
    load_release,
    load_rows,
    release_findings,
    select,
)
from sources import Source, all_sources, find_source


def check(workspace: Workspace, names: Sequence[str] = ()) -> list[Finding]:
    """Return the rules that are broken, those of severity E first.

    Args:
        workspace: where register, documents and releases are.
        names: look at these sources only, and not at the release.

    Raises:
        UsageError: no such source.
    """
    sources = [find_source(workspace, name) for name in dict.fromkeys(names)] or list(all_sources(workspace).values())
    try:
        entries = Register(workspace.register).entries()
        found = [finding for source in sources for finding in _of_source(workspace, source, entries)]
    except RefusedError as error:
        return [Finding("L17", "register", str(error))]
    release = load_release(workspace.release()) if workspace.versions() else None
    found += _of_workspace(workspace, entries, release)
    if not names and release is not None:
        found += [
            Finding(finding.rule, f"{release.version}: {finding.about}", finding.what, finding.documents)
            for finding in release_findings(release)
        ]
    return sorted(found, key=lambda finding: (finding.severity, finding.rule, finding.about, finding.what))


def _of_workspace(workspace: Workspace, entries: list[Entry], release: Release | None) -> Iterator[Finding]:
    """Yield what of the register, and of the list of withdrawals, is no longer as the latest release knew it."""
    try:
        check_register(Register(workspace.register), entries, release)
    except RefusedError as error:
        yield Finding("L17", "register", str(error))
    try:
        check_withdrawals(workspace, release)
    except RefusedError as error:
        yield Finding("L18", "withdrawals", str(error))


def _of_source(workspace: Workspace, source: Source, entries: list[Entry]) -> Iterator[Finding]:
    ruling = ruling_over(workspace, source, clock.today(), entries=entries)
    jobs = refine_jobs(workspace, source, extract_jobs(workspace, source))
    current = current_rows(load_rows([job.target for job in jobs if job.target.exists()]))
    chosen = select(current, source.descriptor, ruling, clock.today())
    latest = {decision.scope: decision for decision in ruling.decisions}.values()
    for decision in latest:
        if decision.status in {"cleared", "cleared_conditional", "bought_out"}:
            yield from _of_decision(ruling, decision)
    yield from _of_documents(chosen)


def _of_decision(ruling: Ruling, decision: Decision) -> Iterator[Finding]:
    yield from ruling.findings(decision)
    status = ruling.status(decision)
    if status == "expired":
        yield Finding("L07", decision.decision_id, f"has expired: {ruling.expired_because(decision)}")
    elif status == "needs_review" and decision.rights_sha256 != ruling.claim:
        yield Finding("L07", decision.decision_id, "the source's claim is no longer the one it was made for")


def _of_documents(chosen: Selected) -> Iterator[Finding]:
    """Yield the rules that documents break, counted; those of their decisions are told with the decisions."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    ids = chosen.documents.column("id").to_pylist()
    for identity, reasons in zip(ids, chosen.reasons, strict=True):
        for reason in reasons:
            rule = "L21" if reason == "access_period" else reason.removeprefix("rights:rule_")
            if rule in {"L10", "L11", "L15", "L21"} and rule != reason:
                counts[rule] += 1
                first.setdefault(rule, identity)
    for rule, count in sorted(counts.items()):
        yield Finding(rule, first[rule], f"it and {count - 1} others" if count > 1 else "it alone", count)
