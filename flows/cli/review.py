"""The reviewer's commands: what waits, what is known of a source, and recording a decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path
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
            click.echo(table([{"k": k, "v": v} for k, v in decision.items() if v], {"k": "", "v": ""}).strip("\n"))
        if not found["decisions"]:
            click.echo("\nNo decision yet: nothing of it is published. Record one with 'frisat review decide'")

    console.result(found, tell)


@review.command()
@click.argument("source")
@click.option(
    "--status", required=True, help="cleared, cleared_conditional, bought_out, restricted, blocked, needs_review …"
)
@click.option("--license", required=True, metavar="SPDX", help="What you conclude: an SPDX id or LicenseRef-….")
@click.option(
    "--basis", "legal_basis", required=True, help="licence, not_copyright_dk_9, public_proceedings_dk, term_expired …"
)
@click.option(
    "--evidence",
    required=True,
    metavar="WHERE",
    help="What states the right: an address, or a .eml, .html, .pdf, .txt.",
)
@click.option("--evidence-kind", metavar="KIND", help="terms_page, licence_file, statute, email, agreement …")
@click.option(
    "--evidence-scope", metavar="SCOPE", help="What it says it covers: platform, collection, item or annotation."
)
@click.option(
    "--redacted",
    type=click.Path(path_type=Path),
    help="The evidence is confidential: keep and show this copy; of the original only the hash.",
)
@click.option("--quote", required=True, help="The passage relied on; it must stand in the evidence.")
@click.option("--reasoning", required=True)
@click.option("--doubts", required=True)
@click.option("--not-checked", required=True)
@click.option("--by", "decided_by", required=True, metavar="WHO", help="The reviewer: a role or a public name.")
@click.option("--only", metavar="SCOPE", help='A part of the source: "document_type in (LOV, LBK)".')
@click.option("--attribution", metavar="TEMPLATE", help='The line a licence asks for: "{title}, {publisher}, {url}".')
@click.option(
    "--agreement",
    type=click.Path(path_type=Path),
    help="The record of a buy-out (.toml), or the signed file: its hash.",
)
@click.option("--second-reviewer", metavar="WHO")
@click.option("--review-due", metavar="DATE", help="YYYY-MM-DD; by default 6, 12 or 24 months from now.")
@click.option("--valid-from", metavar="DATE", help="YYYY-MM-DD; by default at once.")
@click.option("--permits", multiple=True, metavar="NAME=ANSWER", help="publish_text=no, train=yes …")
@click.option("--obligation", "obligations", multiple=True, metavar="TEXT", help="What whoever publishes must do.")
@click.option(
    "--exclusion", "exclusions", multiple=True, metavar="TEXT", help="What within the texts it does not cover."
)
@click.option("--jurisdiction", "jurisdictions", multiple=True, metavar="CODE", help="Where it was assessed: DK, EU.")
@click.option("--trigger", "triggers", multiple=True, metavar="NAME", help="Only these events expire it; default: all.")
@click.option("--weighed", multiple=True, metavar="RULE=WHY", help="Why it goes on against L12, L13 or L15.")
@click.option("--role", metavar="TEXT", help="The reviewer's role.")
@click.option("--proposed-by", metavar="WHO", help="Who proposed it, if another.")
@command
def decide(
    console: Console,
    evidence: str,
    quote: str,
    evidence_kind: str | None,
    evidence_scope: str | None,
    redacted: Path | None,
    agreement: Path | None,
    review_due: str | None,
    valid_from: str | None,
    permits: tuple[str, ...],
    weighed: tuple[str, ...],
    **values: Any,
) -> None:
    """Record a decision on SOURCE. A decision is never changed; a later one takes its place."""
    from flows.reviewing import record_decision
    from licensing import Proposal

    proposal = Proposal(
        **values,
        **_agreement(agreement),
        review_due=_day(review_due, "--review-due"),
        valid_from=_day(valid_from, "--valid-from"),
        permits=_pairs(permits, "--permits"),
        weighed=_pairs(weighed, "--weighed"),
    )
    known: dict[str, Any] = {"kind": evidence_kind, "scope": evidence_scope, "redacted": _bytes(redacted)}
    if redacted:
        known["confidential"] = True
    workspace = console.existing()
    with workspace.lock("review decide"):
        decision = record_decision(workspace, proposal, evidence, quote, **known)
    covers = f"covers {decision['covers']:,} of {decision['documents']:,} documents built"
    told = f"{decision['decision_id']}: {decision['status']} under {decision['license']}, {covers}"
    console.result(decision, f"{told}; review due {decision['review_due']}\nNext: frisat release")


def _agreement(path: Path | None) -> dict[str, Any]:
    from licensing import read_agreement

    if path is None:
        return {}
    return {"agreement": read_agreement(path)} if path.suffix == ".toml" else {"agreement_sha256": _hash(path)}


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    from frisat.errors import UsageError

    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"{option} {pair!r} is not understood; write it as NAME=VALUE")
        found[name.strip()] = value.strip()
    return found


def _day(text: str | None, option: str) -> date | None:
    from frisat.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no date such as 2028-01-31") from error


def _bytes(path: Path | None) -> bytes | None:
    from licensing import file_capture

    return file_capture(path).content if path else None


def _hash(path: Path) -> str:
    from frisat.errors import UsageError
    from frisat.files import sha256_file

    if not path.is_file():
        raise UsageError(f"agreement {path} cannot be read")
    return sha256_file(path)
