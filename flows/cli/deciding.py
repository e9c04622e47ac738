"""Recording a decision without a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.common import Console, command

if TYPE_CHECKING:
    from flows.reviewing import Ground

_OPTIONS = {
    "scope": "--evidence-scope", "kind": "--evidence-kind", "issued_by": "--evidence-by",
    "issued_on": "--evidence-date", "redacted": "--redacted",
}  # fmt: skip


@click.command()
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
    "places",
    required=True,
    multiple=True,
    metavar="WHERE",
    help="What states the right: an address, or a .eml, .html, .pdf, .txt. Several: each with its --quote.",
)
@click.option(
    "--evidence-kind", "kind", multiple=True, metavar="KIND", help="terms_page, licence_file, statute, email …"
)
@click.option(
    "--evidence-scope",
    "scope",
    multiple=True,
    metavar="SCOPE",
    help="What it says it covers: platform, collection, item or annotation.",
)
@click.option(
    "--evidence-by", "issued_by", multiple=True, metavar="WHO", help="Who speaks in it, if it does not say so itself."
)
@click.option("--evidence-date", "issued_on", multiple=True, metavar="DATE", help="When it was said.")
@click.option(
    "--redacted",
    multiple=True,
    help="The evidence is confidential: keep and show this copy; of the original only the hash.",
)
@click.option(
    "--quote", "quotes", required=True, multiple=True, help="The passage relied on; it must stand in the evidence."
)
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
    places: tuple[str, ...],
    quotes: tuple[str, ...],
    kind: tuple[str, ...],
    scope: tuple[str, ...],
    issued_by: tuple[str, ...],
    issued_on: tuple[str, ...],
    redacted: tuple[str, ...],
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
    said = {"scope": scope, "kind": kind, "issued_by": issued_by, "issued_on": issued_on, "redacted": redacted}
    first, *more = _grounds(places, quotes, said)
    workspace = console.existing()
    with workspace.lock("review decide"):
        decision = record_decision(workspace, proposal, first.where, first.quote, also=more, **first.known)
    _warn(console, decision, scoped=bool(scope))
    counts = "" if decision["status_now"] == decision["status"] else f", which counts as {decision['status_now']}"
    covers = f"covers {decision['covers']:,} of {decision['documents']:,} documents built"
    told = f"{decision['decision_id']}: {decision['status']} under {decision['license']}{counts}, {covers}"
    console.result(decision, f"{told}; review due {decision['review_due']}\nNext: frisat release")


def _grounds(places: Sequence[str], quotes: Sequence[str], said: Mapping[str, Sequence[str]]) -> list[Ground]:
    """Return each piece of evidence with its passage; what is said once is said of all, ``-`` says nothing of one."""
    from flows.reviewing import Ground
    from frisat.errors import UsageError

    if len(places) != len(quotes):
        raise UsageError(f"--evidence is given {len(places)} times and --quote {len(quotes)}: give one with each")
    columns: dict[str, list[str | None]] = {}
    for name, values in said.items():
        if len(values) not in {0, 1, len(places)} or (name == "redacted" and 0 < len(values) < len(places)):
            raise UsageError(
                f"{_OPTIONS[name]} is given {len(values)} times for {len(places)} pieces of "
                "evidence; give it with each, '-' where there is nothing to say"
            )
        spread = list(values) * len(places) if len(values) == 1 else list(values) or ["-"] * len(places)
        columns[name] = [None if value == "-" else value for value in spread]
    found = []
    for number, (where, quote) in enumerate(zip(places, quotes, strict=True)):
        known: dict[str, Any] = {name: column[number] for name, column in columns.items()}
        if known["redacted"]:
            known |= {"redacted": _bytes(Path(known["redacted"])), "confidential": True}
        if known["issued_on"]:
            _day(known["issued_on"], "--evidence-date")
        found.append(Ground(where=where, quote=quote, known=known))
    return found


def _warn(console: Console, decision: Mapping[str, Any], *, scoped: bool) -> None:
    for rule in decision["rules"]:
        console.warn(f"as it stands it breaks {rule}")
    if decision["covers"] == 0 and decision["documents"]:
        console.warn(f"it covers none of the {decision['documents']:,} documents: is --only written as they have it?")
    if decision["legal_basis"] == "licence" and decision["status"] in {"cleared", "cleared_conditional"} and not scoped:
        console.warn(
            "nobody said what the evidence covers, so rule L06 has nothing to judge: --evidence-scope item, if it "
            "speaks of the texts themselves"
        )


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


def _bytes(path: Path) -> bytes:
    from licensing import file_capture

    return file_capture(path).content


def _hash(path: Path) -> str:
    from frisat.errors import UsageError
    from frisat.files import sha256_file

    if not path.is_file():
        raise UsageError(f"agreement {path} cannot be read")
    return sha256_file(path)
