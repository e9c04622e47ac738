"""Commands that do the work: through Prefect, one flow run each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.cli.common import Console, command, end, safe, table
from frisat.errors import UsageError

if TYPE_CHECKING:
    from flows.harvesting import Harvested
    from publishing import Assembled

T = TypeVar("T")


@contextmanager
def prefect_for(console: Console) -> Iterator[Any]:
    """Give the module of flows, with a Prefect API to talk to and this console told of progress."""
    from flows.server import prefect_api

    with prefect_api(console.workspace.root / ".prefect", console.note):
        from flows import pipeline

        token = pipeline.REPORTER.set(console)
        try:
            yield pipeline
        finally:
            pipeline.REPORTER.reset(token)


def through_prefect(console: Console, call: Callable[[Any], T]) -> T:
    """Check that the workspace can be used, then run one flow."""
    workspace = console.workspace
    with workspace.lock("a check before starting"):
        pass
    with prefect_for(console) as flows:
        return call(flows)


@click.command()
@click.argument("sources", nargs=-1)
@command
def run(console: Console, sources: tuple[str, ...]) -> None:
    """Harvest, build and release: what the schedule runs.

    Harvests as 'frisat harvest' does, builds what changed, and makes a release if anything did.
    """
    done = through_prefect(console, lambda flows: flows.run(list(sources), str(console.workspace.root)))
    result = {"harvested": [item.as_dict() for item in done.harvested], "release": released_dict(done.released)}
    _end_harvest(console, result, done.harvested, lambda: _tell_release(console, done.released))


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--from", "origin", type=click.Path(path_type=Path), help="A delivery on disk: folder, archive or file.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="How far back to ask a publisher, YYYY-MM-DD.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many records, for a first look.")
@click.option("--accept-loss", is_flag=True, help="Take it as true when much has vanished from a publisher's listing.")
@command
def harvest(
    console: Console,
    sources: tuple[str, ...],
    origin: Path | None,
    since: datetime | None,
    limit: int | None,
    accept_loss: bool,
) -> None:
    """Collect what is new of SOURCES.

    Without --from, takes the deliveries that wait in WORKSPACE/inbox/SOURCE/ and asks the publisher's own service,
    as FRISAT_CONTACT. Without SOURCES: what waits for anyone, and every service that was asked before.
    """
    from flows.harvesting import ways_in

    if not ways_in(console.workspace, sources, origin):
        raise UsageError(
            "nothing waits in the inbox and no publisher was asked before; name a source ('frisat sources')"
        )
    done = through_prefect(
        console,
        lambda flows: flows.harvest(
            list(sources),
            str(console.workspace.root),
            str(origin) if origin else None,
            since.date() if since else None,
            limit,
            accept_loss,
        ),
    )
    _end_harvest(console, {"harvested": [item.as_dict() for item in done]}, done, lambda: _tell_harvest(done))


def _tell_harvest(done: list[Harvested]) -> None:
    from flows.artifacts import harvest_table

    names = ("source", "from", "new", "changed", "gone", "unchanged", "failed", "not available", "MB", "seconds")
    rows = [{**row, "from": Path(row["from"]).name} for row in harvest_table(done)]
    click.echo(table(rows, {name: name for name in names}))
    for item in done:
        for failure in item.collected.failures:
            click.echo(f"  not read: {safe(failure)}")
    news = any(item.collected.new or item.collected.changed or item.collected.gone for item in done)
    click.echo("Next: frisat build" if news else "Nothing new")


def _end_harvest(console: Console, result: dict[str, Any], done: list[Harvested], tell: Callable[[], None]) -> None:
    """Tell what came; end with exit code 1 where a harvest failed. One that could not begin is the error itself."""
    errors = [item.error for item in done if item.error is not None]
    if len(errors) == len(done) == 1 and errors[0].exit_code != 1:
        raise errors[0]
    console.result(result, tell)
    if errors:
        end("; ".join(map(str, errors)))


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--plan", is_flag=True, help="Say what would be done, and why; do nothing.")
@command
def build(console: Console, sources: tuple[str, ...], plan: bool) -> None:
    """Extract, refine and link what changed."""
    if plan:
        _plan_build(console, sources)
        return
    from flows.work import choose

    choose(console.existing(), sources)
    done = through_prefect(console, lambda flows: flows.build(list(sources), str(console.workspace.root)))
    from flows.artifacts import build_table
    from flows.build import as_dict

    def tell() -> None:
        rows = build_table(done)
        heads = [
            "source",
            "parts",
            "extracted now",
            "refined now",
            "documents",
            "gave none",
            "repaired",
            "redacted",
            "not Danish",
        ]
        click.echo(table(rows, {key: key for key in heads}) if rows else "nothing was harvested yet")
        for item in done.sources:
            if item.gave_none:
                click.echo(
                    f"  why a record gave none: frisat sample {item.source} --reason broken (or empty, not_text)"
                )
        if done.links is not None:
            click.echo(f"{done.links.documents:,} documents in {done.links.clusters:,} clusters of copies")
        click.echo("Next: frisat review queue, or frisat release")

    links = {"clusters": done.links.clusters, "documents": done.links.documents} if done.links else None
    console.result({"sources": [as_dict(item) for item in done.sources], "links": links}, tell)


def _plan_build(console: Console, sources: tuple[str, ...]) -> None:
    from flows.build import plan_build
    from flows.work import choose

    plans = plan_build(console.existing(), choose(console.workspace, sources))
    rows = [
        {
            "source": p.source,
            "extract": len(p.extract),
            "refine": p.refine,
            "sign": p.sign,
            "up_to_date": p.up_to_date,
            "why": p.why,
        }
        for p in plans
    ]
    heads = {
        "source": "source",
        "extract": "to extract",
        "refine": "to refine",
        "sign": "to sign",
        "up_to_date": "up to date",
        "why": "why",
    }
    console.result({"plan": rows}, table(rows, heads))


@click.command()
@click.option("--plan", is_flag=True, help="Say what the release would hold; write nothing.")
@click.option("--accept-loss", multiple=True, metavar="SOURCE", help="Go on though SOURCE loses more than 2 %.")
@command
def release(console: Console, plan: bool, accept_loss: tuple[str, ...]) -> None:
    """Assemble a release of everything that a standing decision clears; print its version and path."""
    workspace = console.existing()
    if plan:
        from flows.work import do_release
        from frisat.runner import SerialRunner

        done = do_release(workspace, SerialRunner(), console, accept_loss=accept_loss, plan_only=True)
    else:
        done = through_prefect(console, lambda flows: flows.release(str(workspace.root), list(accept_loss)))
    console.result(released_dict(done), lambda: _tell_release(console, done, planned=plan))


def released_dict(done: Assembled) -> dict[str, Any]:
    """Return a release for ``--json``."""
    return {
        "version": done.version,
        "path": str(done.path) if done.path else None,
        "previous": done.previous,
        "changes": done.changes.counts(),
        "data_files": {"written": done.written, "carried_over": done.carried_over},
        "sources": {source["name"]: source["counts"] for source in done.sources},
    }


def _tell_release(console: Console, done: Assembled, *, planned: bool = False) -> None:
    rows = [
        {**source["counts"], "source": source["name"], "why": _reasons(source["counts"]["reasons"])}
        for source in done.sources
    ]
    heads = {"source": "source", "current_documents": "documents", "gave_none": "gave none", "published": "published",
             "excluded": "excluded", "why": "why excluded"}  # fmt: skip
    click.echo(table(rows, heads))
    if done.version is None:
        nothing = "Nothing is cleared yet, so there is no release. Next: frisat review queue"
        click.echo(f"Nothing changed since {done.previous}; no new version." if done.previous else nothing)
        return
    verb = "would be" if planned else "is"
    for source, classes in done.changes.counts().items():
        click.echo(f"  {source}: " + ", ".join(f"{count:,} {change}" for change, count in classes.items()))
    click.echo(f"Release {done.version} {verb} in {console.root / 'releases' / done.version}")


def _reasons(reasons: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count:,}" for reason, count in reasons.items()) or "–"


@click.command()
@command
def demo(console: Console) -> None:
    """Take bundled samples the whole way, in a workspace of their own, and tell the story."""
    from flows.demo import run_demo

    story = run_demo(console, lambda: prefect_for(console))
    console.result(story.as_dict(), story.tell)


@click.command()
@click.option("--port", default=4200, show_default=True, type=click.IntRange(1, 65535))
@command
def ui(console: Console, port: int) -> None:
    """Show Prefect's pages on the runs of this workspace, until stopped with Ctrl-C."""
    from flows.server import ui_command

    words, environment = ui_command(console.existing().root / ".prefect", port)
    console.note(f"Prefect's pages: http://127.0.0.1:{port} (stop with Ctrl-C)")
    subprocess.run(words, env=environment, check=False)
