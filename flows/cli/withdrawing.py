"""Taking texts down: requests, answers, and what proves that it was done."""

from __future__ import annotations

import getpass
from typing import Any

import click

from flows.cli.common import Console, command, end, safe, table


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--reason", required=True, help="copyright, personal_data, wrong_licence or error.")
@click.option("--note", required=True, help="Who asked, and how; kept in the workspace, never published.")
@click.option("--by", default=None, metavar="WHO", help="Who took the request; default: who is logged in.")
@click.option("--erase", is_flag=True, help="Blank the stored text too; personal data always are.")
@command
def withdraw(console: Console, identity: str, reason: str, note: str, by: str | None, erase: bool) -> None:
    """Take the document ID down: never published again, near copies included, from the next release on."""
    from flows.withdrawing import withdraw as take_down

    workspace = console.existing()
    with workspace.lock("withdraw"):
        done = take_down(workspace, identity, reason, note, by or _whoever(), erase=erase)

    _warn(console, done)

    def tell() -> None:
        click.echo(f"{done['request']}: {safe(identity)} is withheld from the next release on ({done['reason']})")
        if done["watched"]:
            click.echo("Near copies of it are withheld too, in every source, also those that come later")
        click.echo(f"Acknowledge by {done['acknowledge_by']}, decide by {done['decide_by']}")
        if done["erase"]:
            click.echo(f"Erased in {done['records_erased']} archived records; their other documents stay")
        if done["held_by"]:
            click.echo(
                f"Published in {', '.join(done['held_by'])}: those files stay as they are until they are removed"
            )
        following = "frisat build, then frisat release" if done["erase"] else "frisat release"
        click.echo(f"Next: {following}, then frisat review request {done['request']}")

    console.result(done, tell)


def _warn(console: Console, done: dict[str, Any]) -> None:
    if not done["states"]:
        console.warn("its text is not at hand, so near copies cannot be known: it is withheld by its id alone")
    elif not done["watched"]:
        console.warn(
            "it has fewer than 20 words, so that a copy cannot be told from chance: it is withheld by its id alone. "
            "Withdraw each copy by its own id"
        )
    if done["unread_parts"]:
        console.warn(
            f"{done['unread_parts']} parts of the archive are not built, and nothing was erased in them: "
            "'frisat build', then this command again"
        )
    if done["erase"] and done["inbox"]:
        console.warn(f"deliveries that may hold the text are yours to remove: {', '.join(done['inbox'])}")


def _whoever() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unnamed"


@click.command()
@click.argument("request", required=False)
@click.option("--answer", help="acknowledged, upheld or rejected; a rejected one lets the text back.")
@click.option("--note", default="", help="What was answered, and why.")
@click.option("--by", default="", metavar="WHO", help="Who answered.")
@command
def request(console: Console, request: str | None, answer: str | None, note: str, by: str) -> None:
    """What became of the takedown REQUEST, with what proves it; or, with --answer, what was answered.

    Without REQUEST: all requests there have been.
    """
    from flows.withdrawing import proof
    from publishing import record_answer, requests

    workspace = console.existing()
    if request is None:
        if answer is not None:
            raise click.UsageError("say which request is answered")
        made = [one.as_dict() for one in requests(workspace)]
        console.result({"requests": made}, lambda: tell_requests(made) if made else click.echo("No requests yet."))
        return
    if answer is not None:
        with workspace.lock("review request"):
            record_answer(workspace, request, answer, note, by)
    found = proof(workspace, request)

    def tell() -> None:
        state = found["state"] + (f", next step by {found['due']}" if found["due"] else "")
        click.echo(
            safe(f"{found['request']}: {found['id']} ({found['reason']}), received {found['received']}; {state}")
        )
        rows = [{**check, "holds": "yes" if check["holds"] else "NO"} for check in found["checks"]]
        click.echo(table(rows, {"holds": "", "what": "check", "seen": "seen"}))
        if found["held_by"]:
            click.echo(f"Earlier versions that hold it: {', '.join(found['held_by'])}")

    console.result(found, tell)
    if found["state"] != "rejected" and not all(check["holds"] for check in found["checks"]):
        end("not everything holds yet: 'frisat build' and 'frisat release' first, then look again")


def tell_requests(rows: list[dict[str, Any]]) -> None:
    """Print the takedown requests that wait."""
    if rows:
        told = [{**row, "late": "OVERDUE" if row.get("overdue") else ""} for row in rows]
        heads = {"request": "request", "id": "document", "reason": "reason", "state": "state", "due": "next step by",
                 "late": ""}  # fmt: skip
        click.echo(f"\nTakedown requests:\n{table(told, heads)}")
