"""Commands that make something else of a release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.common import Console, command

if TYPE_CHECKING:
    from publishing import Exported


@click.group()
def export() -> None:
    """Make something else of a release: a contribution to another collection."""


@export.command()
@click.argument("source")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False))
@click.option("--version", metavar="V", help="Of this version; by default of the latest.")
@command
def dynaword(console: Console, source: str, path: Path, version: str | None) -> None:
    """Write PATH/SOURCE: a folder for data/ of Danish Dynaword, checked by its rules on all rows."""
    from publishing import export_dynaword, load_release

    release = load_release(console.existing().release(version))
    done = export_dynaword(release, source, path, console)
    console.result(done.as_dict(), lambda: _tell(done))


def _tell(done: Exported) -> None:
    click.echo(f"{done.path} holds {done.rows:,} documents of {done.version}, by Dynaword's rules on every row")
    for reason, count in done.left_out.items():
        click.echo(f"  left out: {count:,} with {reason}")
    click.echo("Next: copy it below data/ of a clone of the collection, name it in its README, and run its own tests.")
    click.echo(f"Tokens are counted by {done.tokenizer}, not by Llama 3: the collection's tools count them anew")
