"""The form of Danish Dynaword's cards: the head, the marked sections, a sample, and what its rules allow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from datacards.hub import TASKS, fenced, size_category
from datacards.hub_schema import SourceHead, faults, split_card

DYNAWORD_COLUMNS: Final = ("id", "text", "source", "added", "created", "token_count")
"""The columns of Dynaword's data, in its order; the first six of ours."""

DOMAINS: Final = frozenset(
    {
        "Books", "Conversation", "Dialect", "Encyclopedic", "Legal", "Medical", "News", "Other", "Readaloud", "Report",
        "Social Media", "Speeches", "Spoken", "Subtitles", "Web",
    }
)  # fmt: skip

LICENCES: Final = {
    "CC0-1.0": ("cc0-1.0", "CC0"),
    "CC-BY-4.0": ("cc-by-4.0", "CC-BY 4.0"),
    "CC-BY-SA-4.0": ("cc-by-sa-4.0", "CC BY-SA 4.0"),
    "Apache-2.0": ("apache-2.0", "Apache 2.0"),
}
"""SPDX id: the id and the name that Dynaword gives it. Every other licence is ``other``, with a name and a section."""

TAGS: Final = ("SHORT DESCRIPTION", "DESC-STATS", "SAMPLE", "DATASET PLOTS")
"""Sections that Dynaword's tools find by ``<!-- START-… -->`` and ``<!-- END-… -->``, each once in a card."""

HEADINGS: Final = ("## Dataset Description", "## Additional Information", "## License Information")

_SAMPLE = 200
_DOUBTFUL = re.compile(r"[^\n -;=-_a-~]")
"""All but the letters and signs that JSON in a fence may hold as they are."""


def card_head(source: Mapping[str, Any], licences: Sequence[str], link: str) -> str:
    """Return the YAML block of the card of one source.

    Args:
        source: an entry of ``sources`` of ``release.json``, with figures.
        licences: the licences of its rows.
        link: where they are explained, beside the card.
    """
    figures = source["statistics"]
    languages = sorted(set(figures["languages"]) - {"unknown"})
    title = "".join(letter for letter in source["title"]["en"] if letter.isprintable())
    known = LICENCES.get(licences[0]) if len(licences) == 1 else None
    hub, name = known or ("other", ", ".join(licences))
    return fenced(
        {
            # Dynaword's reader takes any three hyphens for the end of the head.
            "pretty_name": re.sub("-{3,}", "—", title)[:200].strip() or source["name"],
            "language": languages or [source["language"]],
            "license": hub,
            "license_name": name[:200],
            **({} if known else {"license_link": link}),
            "size_categories": [size_category(figures["documents"])],
            **TASKS,
            "source_datasets": ["original"],
            "domains": sorted({domain if domain in DOMAINS else "Other" for domain in source["domains"]}),
        }
    )


def sample_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as cards show it: long values cut, times written out."""
    return {name: _shown(value) for name, value in row.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _SAMPLE:
        return f"{value[:_SAMPLE]}[...]"
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {name: _shown(inner) for name, inner in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value


def fenced_json(value: Any) -> str:
    """Return ``value`` as JSON that can end no fence, opens no tag, and hides no invisible character."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return _DOUBTFUL.sub(lambda found: _escaped(found[0]), written)


def _escaped(letter: str) -> str:
    if letter in "`<" or not letter.isprintable():
        return "".join(f"\\u{unit:04x}" for unit in _units(letter))
    return letter


def _units(letter: str) -> list[int]:
    coded = letter.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(coded[at : at + 2], "big") for at in range(0, len(coded), 2)]


def card_faults(card: str) -> list[str]:
    """Return what Dynaword's rules for cards find wrong with one; none for a good one."""
    head, body = split_card(card)
    fields = yaml.safe_load(head) or {}
    found = faults(fields, SourceHead)
    if "---" in head:
        found.append("its head holds three hyphens, which end it")
    if fields.get("license") not in {hub for hub, _ in LICENCES.values()} | {"other"}:
        found.append(f"license {fields.get('license')!r} is not one of Dynaword's")
    found += [
        f"{domain!r} is none of Dynaword's domains" for domain in fields.get("domains") or [] if domain not in DOMAINS
    ]
    lines = body.splitlines()
    found += [f"the heading {heading!r} is missing" for heading in HEADINGS if lines.count(heading) != 1]
    for tag in TAGS:
        start, end = f"<!-- START-{tag} -->", f"<!-- END-{tag} -->"
        if body.count(start) != 1 or body.count(end) != 1 or not body.partition(start)[2].partition(end)[0].strip():
            found.append(f"the section {tag} is missing, empty, or there twice")
    if not body.partition(HEADINGS[-1])[2].partition("\n#")[0].strip():
        found.append("it says nothing of the licence")
    return found
