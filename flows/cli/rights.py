"""The reviewer's commands over the whole register: the rules of rights."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.common import Console, command, safe, table

REFUSED = 3


@click.command()
@click.argument("sources", nargs=-1)
@command
def check(console: Console, sources: tuple[str, ...]) -> None:
    """Run the rules L01 to L21 over the register, the documents and the latest release.

    With SOURCES only over what concerns them. Ends with 3 if a rule of severity E is broken.
    """
    from flows.checking import check as run

    rows = [finding.as_dict() for finding in run(console.existing(), sources)]
    broken = [row for row in rows if row["severity"] == "E"]

    def tell() -> None:
        heads = {"rule": "rule", "severity": "", "documents": "documents", "about": "about", "what": "what"}
        click.echo(table(rows, heads) if rows else "No rule is broken.")
        for row in {row["rule"]: row for row in rows}.values():
            click.echo(safe(f"\n{row['rule']}: {row['says']}.\n  To mend it: {row['fix']}."))

    console.result({"findings": rows, "broken": len(broken)}, tell)
    if broken:
        click.echo(f"error: {len(broken)} findings of severity E; what they hold is not published", err=True)
        raise click.exceptions.Exit(REFUSED)


@click.command()
@click.argument("version", required=False)
@click.option("--to", type=click.Path(path_type=Path), help="The file to write; default: beside the releases.")
@command
def bundle(console: Console, version: str | None, to: Path | None) -> None:
    """Write the audit bundle of a release: record, register, raw evidence, sums, signature; one tar.

    Signed with the Ed25519 key in the file that FRISAT_SIGNING_KEY names. It verifies anywhere: 'frisat verify FILE'.
    """
    from licensing import Register
    from publishing import load_release, write_bundle

    workspace = console.existing()
    release = load_release(workspace.release(version))
    target = to or workspace.releases / f"frisat-{release.version}-audit.tar"
    made = write_bundle(release, Register(workspace.register), target)
    if not made["signed"]:
        console.warn(
            "the bundle is not signed: whoever changes it can make its sums fit again. 'frisat review key FILE' makes "
            "a key; name the file in FRISAT_SIGNING_KEY"
        )
    told = f"{made['path']}: {made['files']} files, {made['evidence']} of evidence, {made['bytes']:,} bytes"
    console.result(made, f"{told}\nNext: frisat verify {made['path']}")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@command
def key(console: Console, path: Path) -> None:
    """Make a key to sign bundles with, in a file that only you can read. Keep it out of the workspace."""
    from publishing import new_key

    made = new_key(path)
    told = f"{path}: a new key; its fingerprint is {made}. Tell it to whoever receives your bundles"
    console.result({"path": str(path), "fingerprint": made}, f"{told}\nNext: export FRISAT_SIGNING_KEY={path}")


@click.command("log")
@click.option(
    "--since", metavar="MARK", help="A day or a version: what was recorded from that day on, after that version."
)
@click.option("--until", "to", metavar="MARK", help="A day or a version: what was recorded up to it.")
@click.option("--against", type=click.Path(path_type=Path), help="Another register.jsonl: where the two part.")
@command
def log(console: Console, since: str | None, to: str | None, against: Path | None) -> None:
    """What was recorded in the register, or how it differs from another."""
    from flows.timetravel import log as recorded
    from flows.timetravel import registers_differ
    from licensing import Register

    workspace = console.existing()
    heads = {"number": "number", "at": "at", "kind": "kind", "source": "source", "what": "what"}
    if against is None:
        rows = recorded(workspace, since, to)
        console.result({"log": rows}, table(rows, heads) if rows else "Nothing was recorded.")
        return
    found = registers_differ(Register(workspace.register).entries(), against)

    def tell() -> None:
        click.echo(f"{found['common']} records are the same; this register is {found['relation']}")
        for name, rows in (("Only here", found["only_here"]), ("Only there", found["only_there"])):
            if rows:
                click.echo(f"\n{name}:\n{table(rows, heads)}")

    console.result(found, tell)


@click.command()
@click.argument("source")
@click.option("--trigger", required=True, help="terms_changed, complaint, relicensed, statute_amended …")
@click.option("--note", required=True, help="What happened.")
@click.option("--by", required=True, metavar="WHO")
@click.option("--only", metavar="SCOPE", help="A part of the source, as for decide.")
@command
def event(console: Console, source: str, trigger: str, note: str, by: str, only: str | None) -> None:
    """Record that something happened to the ground of the decisions on SOURCE: they expire at once."""
    from licensing import Register, record_event
    from sources import find_source

    workspace = console.existing()
    name = find_source(workspace, source).name
    with workspace.lock("review event"):
        made = record_event(Register(workspace.register), name, trigger, note, by, only)
    told = f"{name}: {trigger} recorded; decisions made before it no longer clear anything\nNext: frisat review queue"
    console.result(made.body(), told)


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--note", required=True, help="Why it may be published as it stands.")
@click.option("--by", required=True, metavar="WHO")
@command
def read(console: Console, identity: str, note: str, by: str) -> None:
    """Record that you have read ID, which is flagged for personal data, and that it may be published as it stands.

    frisat sample SOURCE --reason personal_data gives flagged texts, frisat show ID one. A text that changes is flagged
    anew; to take a reading back, withdraw the text.
    """
    from flows.inspect import take_back_flags

    workspace = console.existing()
    with workspace.lock("review read"):
        made = take_back_flags(workspace, identity, note, by)
    told = f"{identity}: {', '.join(made['flags'])} taken back; what else stands against it still does"
    console.result(made, told)


@click.command()
@click.option("--config", "configs", multiple=True, metavar="NAME", help="A source, a licence class or default.")
@click.option("--version", metavar="V", help="A version; default: the latest.")
@click.option("--outgoing", metavar="LICENCE", help="Would the whole go out under this licence?")
@command
def rights(console: Console, configs: tuple[str, ...], version: str | None, outgoing: str | None) -> None:
    """What follows from passing on a part of a release: attribution, sharing alike, outgoing licence, notice.

    Of several --config each is told, and then all of them together.
    """
    from datacards import configs_of, what_follows
    from frisat.errors import UsageError
    from publishing import load_release

    record = load_release(console.existing().release(version)).record
    known = configs_of(record)
    for name in configs:
        if name not in known:
            raise UsageError(f"{record['version']} has no config {name!r}; there are: {', '.join(known)}")
    choices = [(name,) for name in configs or ("default",)] + ([configs] if len(configs) > 1 else [])
    found = [what_follows(record, *choice, outgoing=outgoing) for choice in choices]

    def tell() -> None:
        for one in found:
            click.echo(click.style(f"{one['config']}: {one['documents']:,} documents", bold=True))
            click.echo(f"Licences: {', '.join(one['licences'])}")
            click.echo(f"Share alike: {', '.join(one['share_alike']) or 'none'}")
            click.echo(f"Name the source of: {', '.join(row['source'] for row in one['attribution']) or 'none'}")
            click.echo(
                f"As a whole it may go out under: {one['outgoing'] or 'no single licence; each text keeps its own'}"
            )
            for name, why in one["why_not"].items():
                click.echo(safe(f"  {name}: {why}"))
            if outgoing:
                against = one["asked"]["conflicts"]
                click.echo(safe(f"Under {outgoing}: {'no' if against else 'yes'}"))
                for name, why in against.items():
                    click.echo(safe(f"  {name}: {why}"))
            click.echo(safe(f"\n{one['notice']}"))

    console.result({"version": record["version"], "rights": found}, tell)
