"""Makes a release over and over, each time killed while another kind of file is about to appear.

    python killed.py DELIVERIES ROOT

Every work of frisat becomes visible by renaming a finished file or folder. An undisturbed way from harvest to release
in ROOT/0 tells which renamings there are. For the last of each kind a process goes the same way in ROOT/N and kills
itself when it is about to make it, the N-th; then another goes the whole way. Prints a JSON object: for each N how the
first process ended, what it was about to rename, and the files of the release.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cleaning.language import detect
from flows import work
from flows.build import build
from flows.reviewing import record_decision
from frisat.files import TEMPORARY, sha256_file
from frisat.report import Silent
from frisat.runner import SerialRunner
from frisat.workspace import Workspace
from licensing import Proposal, Register, decisions
from sources import all_sources, harvest_delivery


def whole_way(deliveries: Path, root: Path) -> None:
    """Harvest every delivery, build, decide what is not decided yet, and release."""
    workspace = Workspace(root)
    for folder in sorted(deliveries.iterdir()):
        with workspace.lock("harvest"):
            harvest_delivery(workspace, folder.name, folder, Silent())
    with workspace.lock("build"):
        build(workspace, list(all_sources(workspace).values()), SerialRunner(), Silent())
    for folder in sorted(deliveries.iterdir()):
        with workspace.lock("decide"):
            if not decisions(Register(workspace.register), folder.name):
                record_decision(workspace, _proposal(folder.name), folder / "source.toml", "Invented.")
    with workspace.lock("release"):
        work.do_release(workspace, SerialRunner(), Silent())


def _proposal(source: str) -> Proposal:
    return Proposal(
        source=source, status="cleared", license="CC0-1.0", legal_basis="licence", reasoning="r", doubts="d",
        not_checked="n", decided_by="w",
    )  # fmt: skip


def count_renamings(tell: Path, kill_at: int) -> None:
    """Note in ``tell`` what is renamed from here on; the renaming ``kill_at`` kills this process instead."""
    names: list[str] = []

    def counting(real: Callable[..., None]) -> Callable[..., None]:
        def rename(source: Any, target: Any, **options: Any) -> None:
            names.append(str(target))
            tell.write_text("\n".join(names))
            if len(names) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            real(source, target, **options)

        return rename

    os.rename, os.replace = counting(os.rename), counting(os.replace)


def in_a_process(call: Callable[[], None]) -> int:
    """Run ``call`` in a process of its own; return the signal that ended it, or its exit code as a negative number."""
    child = os.fork()
    if child == 0:
        try:
            call()
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def main(deliveries: Path, root: Path) -> dict[int, dict[str, Any]]:
    """Go the way undisturbed, then killed at the last renaming of each kind."""
    detect("")
    detect("Byrådet og borgmesteren")  # loads what takes longest; the processes made from here on have it
    found = {0: _result(deliveries, root / "0", 0)}
    sources = "|".join(folder.name for folder in deliveries.iterdir())
    varies = re.compile(rf"{re.escape(TEMPORARY)}.*|\b(?:[0-9a-f]{{32,64}}|[0-9a-f]{{12}}|{sources})\b")
    kinds = {varies.sub("*", name): number for number, name in enumerate(found[0]["renamed"], start=1)}
    for number in kinds.values():
        found[number] = _result(deliveries, root / str(number), number)
    return found


def _result(deliveries: Path, root: Path, number: int) -> dict[str, Any]:
    tell = root.with_suffix(".txt")
    root.parent.mkdir(parents=True, exist_ok=True)

    def disturbed() -> None:
        count_renamings(tell, number)
        whole_way(deliveries, root)

    ended = in_a_process(disturbed)
    again = in_a_process(lambda: whole_way(deliveries, root)) if ended else 0
    release = Workspace(root).releases / "v1.0.0"
    return {
        "ended": ended,
        "again": again,
        "renamed": [name.removeprefix(f"{root}/") for name in tell.read_text().split("\n")],
        "leftovers": sorted(str(p.relative_to(root)) for p in root.rglob(f"{TEMPORARY}*")),
        "versions": Workspace(root).versions(),
        "files": {str(p.relative_to(release)): sha256_file(p) for p in sorted(release.rglob("*")) if p.is_file()},
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
