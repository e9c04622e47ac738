"""The reviewer's commands about what states a right: what was detected, and how two captures differ."""

from __future__ import annotations

import click

from flows.cli.common import Console, command, end, safe, table

_STATEMENTS = {"records": "records", "means": "means", "sure": "sure", "where": "where", "wording": "wording"}
_RESERVATIONS = {"records": "records", "kind": "kind", "where": "where", "wording": "wording"}


@click.command()
@click.argument("source")
@click.option(
    "-n", "--count", "number", type=click.IntRange(min=1), help="Look at so many records only, chosen by hash."
)
@command
def detect(console: Console, source: str, number: int | None) -> None:
    """What the archived records of SOURCE say of rights: licences, reservations, conflicts. It clears nothing."""
    from flows.detecting import detected

    found = detected(console.existing(), source, console, number)

    def tell() -> None:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in found["looked_into"].items()) or "none"
        click.echo(safe(f"{found['source']}: {found['records']:,} records ({kinds}). It claims {found['claim']}"))
        for name, columns in (
            ("statements", _STATEMENTS),
            ("reservations", _RESERVATIONS),
            ("conflicts", {"records": "records", "conflict": "conflict", "first_in": "first in"}),
        ):
            rows = [{**row, "wording": row.get("wording", "")[:60]} for row in found[name]]
            click.echo(f"\n{table(rows, columns)}" if rows else f"\nNo {name} were found.")
        for row in found["proposed"]:
            click.echo(
                f"\n{row['records']:,} records are a document each and name {row['licence']} in a field made for it, "
                "with nothing against it: a person may clear them so"
            )
        click.echo(f"\nNothing of this clears anything. Next: frisat review show {safe(found['source'])}")

    console.result(found, tell)


@click.command()
@click.argument("before")
@click.argument("after", required=False)
@command
def compare(console: Console, before: str, after: str | None) -> None:
    """How two captures differ, by sentence. Each is the id of evidence, an address or a file.

    Without AFTER: the address that BEFORE was captured from, as it is now.
    """
    from flows.evidence import compare as compare_captures

    found = compare_captures(console.workspace, before, after)

    def tell() -> None:
        click.echo(safe(f"--- {found['before']}\n+++ {found['after']}"))
        for sign, name in (("-", "removed"), ("+", "added")):
            for sentence in found[name]:
                click.echo(safe(f"{sign} {sentence}"))
        for one in found["reserved_anew"]:
            click.echo(safe(f"It reserves something ({one['kind']}): {one['wording']}"))
        if found["reordered"]:
            click.echo("The sentences that both have stand in another order.")
        if not found["changed"]:
            click.echo("No sentence has changed.")

    console.result(found, tell)


@click.command()
@click.argument("sources", nargs=-1)
@command
def recheck(console: Console, sources: tuple[str, ...]) -> None:
    """Ask again for the terms that standing decisions rest on; a changed sentence sends them back to review.

    A changed menu is silent. Ends with 1 if an address could not be reached: of that nothing is concluded.
    """
    from flows.rechecking import look_again, note_changes

    workspace = console.existing()
    seen = look_again(workspace, sources, console)
    with workspace.lock("review recheck"):
        note_changes(workspace, seen)
    rows = [one.as_dict() for one in seen]
    changed = sum(one.state not in {"unchanged", "not reached"} for one in seen)
    missed = sum(one.state == "not reached" for one in seen)

    def tell() -> None:
        heads = {"source": "source", "decision_id": "decision", "state": "state", "url": "address", "what": "what"}
        click.echo(table(rows, heads) if rows else "No standing decision rests on an address.")
        if changed:
            click.echo("What rests on what has changed is not published any more until it is decided anew.")
            click.echo("Next: frisat review queue")

    console.result({"seen": rows, "changed": changed, "not_reached": missed}, tell)
    if missed:
        end(f"{missed} of {len(rows)} addresses could not be reached; repeat it later")
