"""Commands that look: at sources, documents, releases and the installation. They change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flows.cli.common import Console, command, end, safe, table


@click.command()
@command
def sources(console: Console) -> None:
    """Every source: rights status, last harvest, documents, next review."""
    from flows.inspect import overview

    rows = overview(console.workspace)
    heads = {"source": "source", "rights": "rights", "claim": "claim", "last_harvest": "last harvest (UTC)",
             "documents": "documents", "published": "published", "next_review": "next review"}  # fmt: skip
    console.result({"sources": rows}, table(rows, heads))


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--text", "whole", is_flag=True, help="Print the whole text, not just its beginning.")
@command
def show(console: Console, identity: str, whole: bool) -> None:
    """One document from record to release: changes, figures, links, decision, exclusion."""
    from flows.inspect import show as look

    found = look(console.existing(), identity)
    console.result(found, lambda: _tell_document(found, whole))


def _tell_document(found: dict[str, Any], whole: bool) -> None:
    text = found.get("text", "")
    simple = [
        {"what": name, "is": _words(value)}
        for name, value in found.items()
        if name not in {"text", "changed_lines"} and value not in (None, [], {})
    ]
    click.echo(table(simple, {"what": "", "is": ""}).strip("\n"))
    for line in found.get("changed_lines", []):
        click.echo(click.style(f"- {safe(line['before'])}", fg="red"))
        click.echo(click.style(f"+ {safe(line['after'])}", fg="green"))
    click.echo()
    click.echo(safe(text if whole else text[:1500]))
    if not whole and len(text) > 1500:
        click.echo(f"… ({len(text):,} characters in all; --text shows them)")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_words(v)}" for k, v in value.items() if v not in (None, 0, [], {}))
    if isinstance(value, list):
        return "; ".join(_words(v) for v in value)
    return str(value)


@click.command()
@click.argument("source")
@click.option("--reason", help="Only documents with this reason against them, such as language or rights:needs_review.")
@click.option("-n", "count", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@command
def sample(console: Console, source: str, reason: str | None, count: int) -> None:
    """Documents of SOURCE to read, chosen by hash: always the same ones."""
    from flows.inspect import sample as choose
    from sources import find_source

    workspace = console.existing()
    found = choose(workspace, find_source(workspace, source), reason, count)

    def tell() -> None:
        for row in found:
            click.echo(click.style(f"── {row['id']}  {safe(row['title'] or '')}", bold=True))
            click.echo(
                f"   {safe(row['url'] or '')}  {row['excluded'] or 'nothing against it'}\n\n{safe(row['text'])}\n"
            )
        if not found:
            click.echo("no such documents")

    console.result({"sample": found}, tell)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--markdown", is_flag=True, help="Tell it in Markdown.")
@command
def diff(console: Console, before: str, after: str, markdown: bool) -> None:
    """What changed from release A to release B: versions of the workspace, or folders."""
    from publishing import as_dict, as_text
    from publishing import diff as compare

    old, new = (_release(console, name) for name in (before, after))
    changes = compare(old, new)
    console.result(as_dict(old, new, changes), as_text(old, new, changes, markdown=markdown))


def _release(console: Console, name: str) -> Any:
    from publishing import load_release

    path = Path(name)
    return load_release(path if path.is_dir() else console.existing().release(name))


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@command
def verify(console: Console, path: Path | None) -> None:
    """Check a release with nothing but its own files; without PATH, the latest of the workspace."""
    from publishing import load_release
    from publishing import verify as check

    if path is not None and not path.exists():
        path = console.existing().release(str(path))
    folder = path or console.existing().release()
    faults = check(folder, console)
    if faults:
        console.result({"path": str(folder), "version": None, "faults": faults}, lambda: None)
        for fault in faults:
            click.echo(f"  {safe(fault)}", err=True)
        end(f"{folder} does not hold together: {len(faults)} faults. Make the release again, or fetch it anew")
    release = load_release(folder)
    rows = sum(file["rows"] for file in release.record["files"])
    sound = f"{folder} holds together: {release.version}, {rows:,} documents"
    console.result({"path": str(folder), "version": release.version, "faults": []}, sound)


@click.command()
@command
def doctor(console: Console) -> None:
    """Check the installation: Python, libraries, cores, the workspace."""
    from flows.doctor import examine

    checks = examine(console.workspace)
    bad = [check for check in checks if not check["ok"]]

    def tell() -> None:
        for check in checks:
            click.echo(f"{'ok  ' if check['ok'] else 'BAD '} {check['what']}: {check['is']}")

    console.result({"checks": checks}, tell)
    if bad:
        end("; ".join(f"{check['what']}: {check['do']}" for check in bad))
