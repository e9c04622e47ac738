"""The reviewer's commands: what waits, and what is known of a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from flows.cli.common import Console, command, safe, table
from flows.cli.withdrawing import tell_requests


@click.group()
def review() -> None:
    """The licence reviewer's work: queue, show, detect, compare, decide."""


@review.command()
@command
def queue(console: Console) -> None:
    """Sources and what waits for a decision in each, the most documents first."""
    from flows.reviewing import open_requests, waiting

    rows = waiting(console.workspace)
    asked = open_requests(console.workspace)
    heads = {"source": "source", "status": "status", "documents": "documents", "words": "words", "claim": "claim",
             "review_due": "review due"}  # fmt: skip

    def tell() -> None:
        click.echo(table(rows, heads))
        if rows:
            click.echo(f"Next: frisat review show {rows[0]['source']}")
        tell_requests(asked)

    console.result({"queue": rows, "requests": asked}, tell)


@review.command("show")
@click.argument("source")
@command
def show(console: Console, source: str) -> None:
    """What SOURCE claims, what was decided on it and why, and what its documents are."""
    from flows.reviewing import dossier

    found = dossier(console.workspace, source)

    def tell() -> None:
        click.echo(click.style(safe(f"{found['title']['da']} / {found['title']['en']}"), bold=True))
        click.echo(safe(f"{found['publisher']}, {found['landing_page']}\n"))
        claim = found["rights"]
        notes = f"{claim['note']['da']}\n{claim['note']['en']}\n"
        click.echo(safe(f"It claims: {claim['claim']}  ({claim['stated_at']})\n{notes}"))
        click.echo(table(found["document_types"], {"document_type": "document type", "documents": "documents"}))
        for decision in found["decisions"]:
            click.echo(click.style(f"\n{decision['decision_id']}: {decision['status_now']}", bold=True))
            click.echo(table(list(_lines(decision)), {"k": "", "v": ""}).strip("\n"))
        if not found["decisions"]:
            click.echo("\nNo decision yet: nothing of it is published. Record one with 'frisat review decide'")

    console.result(found, tell)


def _lines(decision: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what a decision says, a line for each item of a list."""
    for name, value in decision.items():
        for item in value if isinstance(value, list) else [value] if value else []:
            said = ", ".join(f"{k} {v}" for k, v in item.items()) if isinstance(item, Mapping) else str(item)
            yield {"k": name, "v": said}
