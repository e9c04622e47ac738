"""What Prefect's pages show of a run: tables and a page that a person reads."""

from __future__ import annotations

from typing import Any

from datacards import REASONS
from flows.build import BuildResult
from flows.harvesting import Harvested
from publishing import Assembled, Published, kind

Table = list[dict[str, Any]]

_SHOWN = 200
"""Files that a page names at most."""


def harvest_table(harvested: list[Harvested]) -> Table:
    """Return a row per harvest: what came in."""
    return [
        {
            "source": item.source,
            "from": item.origin,
            "new": item.collected.new,
            "changed": item.collected.changed,
            "gone": item.collected.gone,
            "unchanged": item.collected.unchanged,
            "failed": item.collected.failed,
            "not available": item.collected.unavailable,
            "MB": round(item.collected.bytes / 1e6, 2),
            "seconds": item.collected.seconds,
            "ended": "as it should" if item.error is None else str(item.error)[:300],
        }
        for item in harvested
    ]


def build_table(built: BuildResult) -> Table:
    """Return a row per source: what was extracted and refined in this run."""
    return [
        {
            "source": item.source,
            "parts": item.parts,
            "extracted now": item.extracted_parts,
            "refined now": item.refined_parts,
            "documents": item.documents,
            "gave none": item.gave_none,
            "repaired": item.repaired,
            "redacted": item.redacted,
            "not Danish": item.not_danish,
            "under 20 words": item.short,
            "left out (characters)": ", ".join(f"{name} {count:,}" for name, count in item.left_out.items()) or "–",
        }
        for item in built.sources
        if item.parts or item.extracted_parts
    ]


def overlap_table(built: BuildResult) -> Table:
    """Return a row per source: how many of its documents have a verified copy in each source, itself included."""
    overlap = built.links.overlap if built.links else {}
    names = sorted(overlap)
    return [{"documents of": source, **{name: overlap[source].get(name, 0) for name in names}} for source in names]


def excluded_table(released: Assembled) -> Table:
    """Return a row per source and reason: what is not published, and why."""
    return [
        {"source": source["name"], "reason": reason, "documents": count, "meaning": REASONS[kind(reason)][0]}
        for source in released.sources
        for reason, count in source["counts"]["reasons"].items()
    ]


def release_page(released: Assembled, workspace: str) -> str:
    """Return a page in Markdown: which release was made, from what, and what to do next."""
    if released.version is None:
        title = "# No new release"
        why = (
            f"Nothing changed since {released.previous}."
            if released.previous
            else "Nothing is cleared for publishing yet: `frisat review queue` shows what waits for a decision."
        )
    else:
        title = f"# Release {released.version}"
        why = f"It lies in `{released.path}` and follows {released.previous or 'nothing: it is the first'}."
    lines = [title, "", why, "", "| source | collected | gave none | published | excluded |", "|---|--:|--:|--:|--:|"]
    for source in released.sources:
        counts = source["counts"]
        numbers = (counts[name] for name in ("current_documents", "gave_none", "published", "excluded"))
        lines.append(f"| {source['name']} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    changes = released.changes.counts()
    if released.version is not None and changes:
        lines += ["", f"Changes since {released.previous or 'nothing'}:", ""]
        lines += [
            f"- {source}: " + ", ".join(f"{count:,} {change}" for change, count in classes.items())
            for source, classes in changes.items()
        ]
    lines += [
        "",
        "Next: ",
        "",
        f"- `frisat verify {released.path or 'RELEASE'}`",
        f"- `frisat sources --workspace {workspace}`",
    ]
    return "\n".join(lines) + "\n"


def publish_page(published: Published) -> str:
    """Return a page in Markdown: what was published where, and what was read back of it."""
    operations = published.operations
    lines = [
        f"# {published.version}: {published.state}",
        "",
        f"At `{published.to}`, revision `{published.revision}`.",
        "",
        f"- {len(operations.add):,} files written ({operations.bytes:,} bytes), {len(operations.delete):,} deleted, "
        f"{len(operations.unchanged):,} unchanged",
    ]
    if (found := published.read_back) is not None:
        lines.append(f"- read back: {found.rows:,} rows in {found.files:,} data files ({found.how})")
    lines += [f"- {note}" for note in published.notes]
    lines += [f"- the card of {version} was marked: texts of it were withdrawn" for version in published.marked]
    if operations.add or operations.delete:
        lines += ["", "| file | bytes |", "|---|--:|"]
        lines += [f"| {file.path} | {file.size:,} |" for file in operations.add[:_SHOWN]]
        lines += [f"| {path} | deleted |" for path in operations.delete[:_SHOWN]]
    return "\n".join(lines) + "\n"
