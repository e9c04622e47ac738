"""The demo: bundled samples the whole way, and the story told in the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.reviewing import record_decision
from flows.work import Ran
from frisat.errors import FrisatError
from frisat.workspace import Workspace
from licensing import Proposal
from publishing import kind

if TYPE_CHECKING:
    from flows.cli.common import Console

SAMPLES = Path(__file__).parent / "samples"

_SAID: dict[str, Any] = {
    "reasoning": "A decision of the demonstration, on invented evidence.",
    "doubts": "None worth having: every text here is invented.",
    "not_checked": "Everything that a real reviewer would check.",
    "decided_by": "demo reviewer",
}

_DECISIONS = (
    (
        Proposal(
            source="retsinformation",
            status="cleared",
            license="LicenseRef-DK-OPHL-9",
            legal_basis="not_copyright_dk_9",
            only="document_type in (LOV, LBK)",
            **_SAID,
        ),
        "Efter ophavsretslovens § 9, stk. 1, er love og lignende offentlige aktstykker ikke beskyttet af ophavsret.",
    ),
    (
        Proposal(source="example-minutes", status="cleared", license="CC0-1.0", legal_basis="licence", **_SAID),
        "Byrådets referater er udgivet under CC0 1.0: enhver må bruge dem til ethvert formål uden at spørge.",
    ),
    (
        Proposal(
            source="example-speeches",
            status="cleared_conditional",
            license="CC-BY-4.0",
            legal_basis="licence",
            attribution="{author}: {title} ({publisher}), {url}",
            **_SAID,
        ),
        "Vi udgiver de otte taler i samlingen under licensen CC BY 4.0",
    ),
)
"""What is decided in the demo, and the quote relied on. Sources, persons and evidence are invented."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the demo did."""

    ran: Ran
    workspace: Path

    def as_dict(self) -> dict[str, Any]:
        """Return the story for ``--json``."""
        from flows.cli.run import released_dict

        return {"workspace": str(self.workspace), "release": released_dict(self.ran.released)}

    def tell(self) -> None:
        """Tell what was collected, repaired, redacted, excluded and published, and what to type next."""
        self._tell_way()
        self._tell_excluded()
        released = self.ran.released
        published = sum(source["counts"]["published"] for source in released.sources)
        click.echo(f"\nPublished: {published} documents as release {released.version}, in {released.path}\n")
        shown = _relative(self.workspace)
        frisat = "frisat" if shutil.which("frisat") else _relative(Path(sys.argv[0]).absolute())
        click.echo("Three commands to type next:")
        click.echo(f"  {frisat} verify {_relative(released.path or self.workspace)}")
        click.echo(f"  {frisat} show example-minutes/2022-04-20/punkt-06 --workspace {shown}")
        click.echo(f"  {frisat} review show adl --workspace {shown}")

    def _tell_way(self) -> None:
        collected = sum(item.collected.new for item in self.ran.harvested)
        built = self.ran.built
        total = {
            name: sum(getattr(item, name) for item in built.sources) for name in ("documents", "repaired", "redacted")
        }
        broken = sum(item.gave_none for item in built.sources)
        click.echo(click.style("\nThe way of the text", bold=True))
        click.echo(f"Collected:  {collected} files from {len(self.ran.harvested)} sources")
        click.echo(f"Read:       {total['documents']} documents; {broken} files or rows could not be read")
        click.echo(f"Repaired:   {total['repaired']} documents (encodings, white space, soft hyphens)")
        click.echo(f"Redacted:   {total['redacted']} documents ([CPR], [EMAIL], [TELEFON])")
        if built.links is not None:
            click.echo(f"Linked:     {built.links.documents} documents are copies, in {built.links.clusters} clusters")

    def _tell_excluded(self) -> None:
        from datacards import REASONS
        from flows.cli.common import table

        rows = [
            {"source": source["name"], "reason": reason, "n": count, "why": REASONS[kind(reason)][0]}
            for source in self.ran.released.sources
            for reason, count in source["counts"]["reasons"].items()
        ]
        click.echo(click.style("\nExcluded, each with its reason", bold=True))
        click.echo(table(rows, {"source": "source", "reason": "reason", "n": "documents", "why": "meaning"}))


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def run_demo(console: Console, prefect: Callable[[], AbstractContextManager[Any]]) -> Story:
    """Lay the samples in the inbox of a fresh workspace, harvest them, decide, and run the whole way.

    Raises:
        FrisatError: the folder chosen holds something else than an earlier demo.
    """
    if console.root == Path("workspace"):
        console.root = Path("demo-workspace")
    workspace = console.workspace
    mark = workspace.root / ".demo"
    if workspace.root.exists() and any(workspace.root.iterdir()) and not mark.exists():
        raise FrisatError(f"{workspace.root} holds something else than a demo; name another folder with --workspace")
    console.note(f"A demonstration in {_relative(workspace.root)}; an earlier one there is replaced")
    shutil.rmtree(workspace.root, ignore_errors=True)
    workspace.create()
    mark.touch()
    for folder in sorted(p for p in SAMPLES.iterdir() if (p.is_dir() and p.name != "evidence")):
        shutil.copytree(folder, workspace.root / "inbox" / folder.name / folder.name)
    with prefect() as flows:
        return Story(flows.demo(str(workspace.root)), workspace.root)


def decide_all(workspace: Workspace) -> None:
    """Record the demo's decisions."""
    for proposal, quote in _DECISIONS:
        evidence = next((SAMPLES / "evidence").glob(f"{proposal.source}.*"))
        record_decision(workspace, proposal, evidence, quote)
