"""Commands that look: at sources, documents, releases and the installation. They change nothing."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from flows.cli.common import Console, command, end, safe, table

_COLUMN = 56


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
@click.option("--version", metavar="V", help="On what basis it was published in this version, or why it was not.")
@click.option("--at", metavar="DATE", help="What the register said of it on this day (YYYY-MM-DD, or today).")
@command
def show(console: Console, identity: str, whole: bool, version: str | None, at: str | None) -> None:
    """One document from record to release: changes, figures, links, decision, exclusion."""
    if version or at:
        from flows.cli.basis import tell_basis
        from flows.timetravel import basis, day_of

        told = basis(console.existing(), identity, version, day_of(at, "--at"))
        console.result(told, lambda: tell_basis(told))
        return
    from flows.inspect import show as look

    found = look(console.existing(), identity)
    console.result(found, lambda: _tell_document(found, whole))


def _tell_document(found: dict[str, Any], whole: bool) -> None:
    text = found.get("text", "")
    simple = [
        {"what": name, "is": _words(value)}
        for name, value in found.items()
        if name not in {"text", "changed_lines", "copies"} and value not in (None, [], {})
    ]
    click.echo(table(simple, {"what": "", "is": ""}).strip("\n"))
    for line in found.get("changed_lines", []):
        click.echo(click.style(f"- {safe(line['before'])}", fg="red"))
        click.echo(click.style(f"+ {safe(line['after'])}", fg="green"))
    for copy in found.get("copies", []):
        _tell_copy(copy)
    click.echo()
    click.echo(safe(text if whole else text[:1500]))
    if not whole and len(text) > 1500:
        click.echo(f"… ({len(text):,} characters in all; --text shows them)")


def _tell_copy(copy: dict[str, Any]) -> None:
    """Tell why a document is a copy of another, and show where the two texts differ, side by side."""
    figures = {name: value for name, value in copy.items() if name not in {"id", "kind", "why", "side_by_side"}}
    click.echo(click.style(f"\n{copy['kind']}  {safe(copy['id'])}", bold=True) + f"  {_words(figures)}")
    click.echo(f"  {copy['why']}")
    if "side_by_side" in copy and not copy["side_by_side"]:
        click.echo("  the two texts do not differ in any word")
    for passage in copy.get("side_by_side", []):
        left, right = (textwrap.wrap(safe(passage[side]), _COLUMN) for side in ("this", "other"))
        for one, other in zip_longest(left, right, fillvalue=""):
            click.echo(f"  {one:<{_COLUMN}} | {other}")
        click.echo(f"  {'':-<{_COLUMN}}-+-{'':-<{_COLUMN}}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_words(v)}" for k, v in value.items() if v not in (None, 0, [], {}))
    if isinstance(value, list):
        return "; ".join(_words(v) for v in value)
    return str(value)


@click.command()
@click.argument("source")
@click.option("--reason", help="Only documents with this reason against them, such as language or rights:needs_review.")
@click.option("-n", "--count", "count", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many.")
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
    """What changed from A to B: versions of the workspace, folders, or hf://datasets/ORG/NAME@REVISION."""
    from publishing import as_dict, as_text
    from publishing import diff as compare

    old, new = (_release(console, name) for name in (before, after))
    changes = compare(old, new)
    console.result(as_dict(old, new, changes), as_text(old, new, changes, markdown=markdown))


def _release(console: Console, name: str) -> Any:
    from publishing import fetch_release, load_release

    if name.startswith("hf://"):
        return fetch_release(name, console)
    path = Path(name)
    return load_release(path if path.is_dir() else console.existing().release(name))


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--signed-by", metavar="FINGERPRINT", help="Of a bundle: it must be signed by this key.")
@command
def verify(console: Console, path: Path | None, signed_by: str | None) -> None:
    """Check a release, or an audit bundle, with nothing but its own files; without PATH, the latest release."""
    if path is not None and path.is_file():
        _verify_bundle(console, path, signed_by)
        return
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


def _verify_bundle(console: Console, path: Path, signed_by: str | None) -> None:
    from publishing import check_bundle

    found = check_bundle(path)
    faults = list(found.faults)
    if signed_by is not None and found.signed_by != signed_by.lower():
        faults.append(f"it is signed by {found.signed_by or 'nobody'}, not by {signed_by}")
    result = {"path": str(path), "version": found.version, "signed_by": found.signed_by, "faults": faults}
    if faults:
        console.result(result, lambda: None)
        for fault in faults:
            click.echo(f"  {safe(fault)}", err=True)
        end(f"{path} does not hold together: {len(faults)} faults. Ask whoever made it for another")
    who = f"signed by {found.signed_by}" if found.signed_by else "not signed"
    told = f"{path} holds together: {found.version}, {found.decisions} decisions, {found.evidence} files of evidence"
    console.result(result, f"{told}; {who}")


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
