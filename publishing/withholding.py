"""Withholding at assembly what was withdrawn, and the near copies of it, also those that came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cleaning import CatchJob, Scheme, SignedPart, catch_part, workspace_key
from frisat.errors import RefusedError
from frisat.report import Reporter
from frisat.runner import Runner
from frisat.workspace import Workspace
from publishing.release import Release
from publishing.selection import Selected
from publishing.withdrawals import Withdrawal, requests

WITHDRAWN, NEAR_COPY = "withdrawn", "withdrawn:near_copy"


def withheld_file(workspace: Workspace) -> Path:
    """Return where what is kept of withdrawn texts lies: signatures and keyed hashes, no word of them."""
    return workspace.register / "withdrawals/withheld.parquet"


def key_file(workspace: Workspace) -> Path:
    """Return where the key lies under which they are hashed."""
    return workspace.register / "withdrawals/key"


def check_withdrawals(workspace: Workspace, previous: Release | None) -> None:
    """Check that no request was lost, nor what withdrawn texts are known again by: either would let texts return.

    Raises:
        RefusedError: something was.
    """
    made = requests(workspace)
    known = {request.id for request in made}
    tombs = previous.record.get("withdrawn", []) if previous is not None else []
    lost = [tomb["id"] for tomb in tombs if "near_copy_of" not in tomb and tomb["id"] not in known]
    folder = withheld_file(workspace).parent
    if lost and previous is not None:
        raise RefusedError(
            f"{lost[0]}: {previous.version} names it as withdrawn, and no request is in {folder}: records were "
            "removed. Restore that folder from a backup"
        )
    missing = [path.name for path in (withheld_file(workspace), key_file(workspace)) if made and not path.exists()]
    if missing:
        raise RefusedError(
            f"{folder} lacks {' and '.join(missing)}, by which near copies of withdrawn texts are known. Restore "
            "that folder from a backup, or withdraw the texts again while they are at hand"
        )


def withhold_withdrawn(
    selected: Sequence[Selected],
    parts: Sequence[tuple[Sequence[Path], Sequence[Path]]],
    standing: Mapping[str, Withdrawal],
    workspace: Workspace,
    runner: Runner,
    report: Reporter,
) -> dict[str, str]:
    """Note the reason against what was withdrawn and against near copies; return those, each with what it is like.

    Args:
        selected: what was selected; reasons are added in place.
        parts: for each of them its refined parts, and the parts of the index over them.
        standing: the withdrawals that stand, by id.
        workspace: where what is kept of withdrawn texts lies.
        runner: looks into the parts.
        report: told of progress.
    """
    if not standing:
        return {}
    returned = _near_copies(selected, parts, standing, workspace, runner, report)
    copies: dict[str, str] = {}
    for source in selected:
        ids = source.documents.column("id").to_pylist()
        texts = source.documents.column("text_sha256").to_pylist()
        for row, (identity, text) in enumerate(zip(ids, texts, strict=True)):
            if identity in standing:
                source.reasons[row].append(WITHDRAWN)
            elif (of := returned.get((identity, text))) is not None:
                source.reasons[row] += [WITHDRAWN, NEAR_COPY]
                copies[identity] = of
    return copies


def _near_copies(
    selected: Sequence[Selected],
    parts: Sequence[tuple[Sequence[Path], Sequence[Path]]],
    standing: Mapping[str, Withdrawal],
    workspace: Workspace,
    runner: Runner,
    report: Reporter,
) -> dict[tuple[str, str], str]:
    """Return id and text of the documents that are near copies of a withdrawn text, with the id of that."""
    held = withheld_file(workspace)
    if not held.exists():
        return {}
    key, scheme = workspace_key(key_file(workspace)), Scheme()
    jobs = [
        CatchJob(SignedPart(source.descriptor.name, part, signed), held, key, scheme)
        for source, (refined, index) in zip(selected, parts, strict=True)
        for part, signed in zip(refined, index, strict=False)
    ]
    found: dict[tuple[str, str], str] = {}
    outcomes = runner.map(catch_part, jobs, label="Looking for withdrawn texts")
    for outcome in report.track(outcomes, label="Looking for withdrawn texts", total=len(jobs)):
        for one in outcome.result():
            if one.withdrawn in standing:
                place = (one.id, one.text_sha256)
                found[place] = min(one.withdrawn, found.get(place, one.withdrawn))
    return found
