"""Commands that tend what is there: taking out what nothing needs, and beginning a source of one's own."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from flows.cli.common import Console, command, safe, table

_SHOWN = 20


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Name what would be taken out; do nothing.")
@command
def prune(console: Console, sources: tuple[str, ...], dry_run: bool) -> None:
    """Take out of the archive what no release here and no current state needs.

    That is: states of records that newer ones superseded, whose text is in no release of the workspace; files that no
    record names; downloads that were never finished. Keeps whatever a release holds: remove the release first.
    """
    from flows.pruning import find_prunable
    from flows.work import choose
    from sources import Archive, prune_archive

    workspace = console.existing()
    with workspace.lock("prune"):
        found = find_prunable(workspace, choose(workspace, sources))
        if not dry_run:
            for name, mine in groupby(found, key=lambda item: item.source):
                prune_archive(Archive(workspace, name), list(mine))
    rows = [
        {"source": source, "what": what, "count": len(items), "MB": round(sum(i.bytes for i in items) / 1e6, 2)}
        for (source, what), group in groupby(found, key=lambda item: (item.source, item.what))
        if (items := list(group))
    ]

    def tell() -> None:
        click.echo(table(rows, {name: name for name in ("source", "what", "count", "MB")}) if rows else "nothing to do")
        shown = found if console.verbosity > 0 else found[:_SHOWN]
        for item in shown:
            click.echo(f"  {item.source}: {safe(item.name)}")
        if len(found) > len(shown):
            click.echo(f"  and {len(found) - len(shown):,} more; -v names all")
        if dry_run and found:
            click.echo("Nothing was taken out; leave out --dry-run to do it")

    named = [{"source": i.source, "what": i.what, "name": i.name, "bytes": i.bytes} for i in found]
    console.result({"dry_run": dry_run, "pruned": rows, "items": named}, tell)


@click.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The checkout; default: this one.")
@command
def new(console: Console, name: str, into: Path | None) -> None:
    """Begin a source called NAME: write its descriptor, its module and its test.

    What is written works at once, on an invented service; docs/adding-a-source.md goes on from there.
    """
    from flows.scaffold import scaffold

    written = scaffold(name, into)
    console.result(
        {"written": [str(path) for path in written]},
        "\n".join([*map(str, written), "Next: docs/adding-a-source.md"]),
    )
