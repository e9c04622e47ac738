"""The command that takes a release to where others load it from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from flows.cli.common import Console, command, table

if TYPE_CHECKING:
    from publishing import Published

_SHOWN = 20


@click.command()
@click.argument("version", required=False)
@click.option("--to", required=True, metavar="URL", help="hf://datasets/ORG/NAME; or a folder, s3://… and the like.")
@click.option("--public/--private", default=False, help="Who reads a repository that this creates. [default: private]")
@click.option("--gated", type=click.Choice(["auto", "manual"]), help="Let readers of a new repository agree first.")
@click.option("--accept-commit", metavar="COMMIT", help="Publish over this commit, which somebody else made.")
@click.option("--dry-run", is_flag=True, help="List what would be written and deleted; do nothing.")
@command
def publish(
    console: Console,
    version: str | None,
    to: str,
    public: bool,
    gated: Literal["auto", "manual"] | None,
    accept_commit: str | None,
    dry_run: bool,
) -> None:
    """Publish release VERSION, the latest by default: one commit and a tag. Safe to repeat.

    The token is that of 'hf auth login', or HF_TOKEN. Without --public, a new repository is private.
    """
    workspace = console.existing()
    workspace.release(version)
    if dry_run:
        from flows.work import do_publish
        from publishing import PublishOptions

        options = PublishOptions(public=public, gated=gated, accept_commit=accept_commit, dry_run=True)
        done = do_publish(workspace, version, to, console, options)
    else:
        from flows.cli.run import prefect_for

        with prefect_for(console) as flows:
            done = flows.publish(to, str(workspace.root), version, public, gated, accept_commit)
    console.result(done.as_dict(), lambda: _tell(console, done))


def _tell(console: Console, done: Published) -> None:
    operations = done.operations
    rows = [{"file": file.path, "bytes": file.size, "does": "write"} for file in operations.add]
    rows += [{"file": path, "bytes": None, "does": "delete"} for path in operations.delete]
    shown = rows if console.verbosity > 0 or done.state == "planned" else rows[:_SHOWN]
    if shown:
        click.echo(table(shown, {"does": "", "file": "file", "bytes": "bytes"}))
    if len(rows) > len(shown):
        click.echo(f"  and {len(rows) - len(shown):,} more; -v names all")
    counts = (
        f"{len(operations.add):,} files to write ({operations.bytes:,} bytes), {len(operations.delete):,} to delete"
    )
    counts += f", {len(operations.unchanged):,} unchanged"
    for line in [counts, *done.notes] if rows else done.notes:
        click.echo(f"  {line}")
    for old in done.marked:
        click.echo(f"  the card of {old} was marked: texts of it were withdrawn")
    said = {
        "planned": f"{done.version} would be published to {done.to}; nothing was written",
        "published": f"{done.version} is published to {done.to}",
        "tagged": f"{done.version} stood at {done.to} already, and has its tag now",
        "unchanged": f"{done.version} stands at {done.to} already; nothing was written",
    }
    click.echo(said[done.state])
    if (found := done.read_back) is not None:
        click.echo(f"Read back: {found.rows:,} rows in {found.files:,} data files ({found.how}); as release.json says")
