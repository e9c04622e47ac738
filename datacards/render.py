"""Rendering: every page of a release out of its one record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from datacards import markdown
from datacards.ai_act import added_up, summary
from datacards.columns import MEANINGS
from datacards.dynaword import card_head, fenced_json
from datacards.hub import configs, front_matter, largest
from datacards.hub_schema import SourceHead, check_card
from datacards.measured import table
from datacards.outgoing import configs_of, what_follows
from datacards.pictures import pictures, source_pictures

REASONS = {
    "withdrawn": ("taken down on request", "trukket tilbage efter anmodning"),
    "broken": ("the record could not be read", "posten kunne ikke læses"),
    "empty": ("the record holds no text", "posten indeholder ingen tekst"),
    "not_text": ("the record is something else than text", "posten er noget andet end tekst"),
    "removed_at_source": ("the publisher no longer has it", "udgiveren har den ikke længere"),
    "rights": ("no standing decision clears it", "ingen gældende afgørelse frigiver den"),
    "access_period": ("an archive's access period has not ended", "en arkivfrist er ikke udløbet"),
    "personal_data": ("personal data that must not be published", "personoplysninger, der ikke må offentliggøres"),
    "language": ("not in Danish", "ikke på dansk"),
    "too_short": ("too short by the source's rule", "for kort efter kildens regel"),
    "garbled": ("the text is garbled", "teksten er forvansket"),
    "quality": ("a quality rule of the source", "en kvalitetsregel for kilden"),
    "superseded_version": ("a newer version stands for it", "en nyere version træder i stedet"),
    "duplicate": ("a copy of a published document", "en kopi af et offentliggjort dokument"),
}
"""What each kind of exclusion means, in English and in Danish."""


MOST_ROWS = 40
"""Rows of a table of the card; of more sources the largest are shown, and ``SOURCES.md`` has all."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("datacards"),
        autoescape=False,  # noqa: S701 - Markdown: every value goes through `plain`, which escapes HTML too
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        plain=markdown.plain, cell=markdown.cell, n=markdown.number, tal=markdown.tal, cut=markdown.cut,
        middle=markdown.middle, kind=markdown.kind, documents=markdown.documents, fenced_json=fenced_json,
        added_up=added_up, by_count=_by_count,
    )  # fmt: skip
    environment.globals.update(link=markdown.link, reasons=REASONS, meanings=MEANINGS, most_rows=MOST_ROWS)
    environment.globals.update(what_follows=what_follows)
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def render_views(record: dict[str, Any], history: list[dict[str, Any]]) -> dict[str, str]:
    """Return the text of every page of a release by its path.

    Args:
        record: the content of ``release.json``.
        history: the changes of all versions, the latest first.

    Raises:
        CardError: a card would not be valid on the Hub.
    """
    shared = _shared(record, history)
    pages = {
        "README.md": front_matter(record) + _render("README.md.j2", **shared),
        "CHANGELOG.md": _render("CHANGELOG.md.j2", **shared),
        "LICENSE.md": _render("LICENSE.md.j2", **shared),
        "NOTICE.md": _render("NOTICE.md.j2", **shared),
        "CITATION.cff": _render("CITATION.cff.j2", **shared),
        "ai-act.json": _json(shared["ai_act"]),
        **{picture.path: picture.svg for picture in shared["pictures"].values()},
    }
    if max(len(record["sources"]), len(record["decisions"])) > MOST_ROWS:
        pages["SOURCES.md"] = _render("SOURCES.md.j2", **shared)
    check_card("README.md", pages["README.md"])
    decided = _decided(record)
    for source in shared["published"]:
        folder = f"data/{source['name']}"
        card = source_card(record, source, record["samples"][source["name"]], "../../LICENSE.md", decided)
        check_card(f"{folder}/{source['name']}.md", card, SourceHead)
        pages[f"{folder}/{source['name']}.md"] = card
        pages[f"{folder}/descriptive_stats.json"] = _json(source["statistics"])
        pages |= {picture.path: picture.svg for picture in source_pictures(source)}
    return pages


def source_card(
    record: Mapping[str, Any],
    source: Mapping[str, Any],
    sample: Mapping[str, Any],
    link: str,
    decided: Mapping[str, Any] | None = None,
) -> str:
    """Return the card of one source, in the form of Danish Dynaword's cards.

    Args:
        record: the content of ``release.json``.
        source: its entry of the source; of a part of it, one with that part's figures.
        sample: a row to show, as :func:`datacards.dynaword.sample_of` gives it.
        link: where the licences are explained, beside the card.
        decided: the record's decisions by id, where they are at hand.
    """
    decided = decided or _decided(record)
    licences = sorted({terms["license"] for terms in source["licences"]})
    names = [column.split(": ", 1)[0] for column in record["columns"]]
    shown = {name: sample[name] for name in names if name in sample}
    images = source_pictures(source)
    body = _render("source.md.j2", release=record, source=source, sample=shown, images=images, decided=decided)
    return card_head(source, licences, link) + body


def _decided(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the decisions of a record by their ids."""
    return {decision["decision_id"]: decision for decision in record["decisions"]}


def _shared(record: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what all pages of a release know."""
    published = [source for source in record["sources"] if source["counts"]["published"]]
    names, found = {source["name"] for source in published}, configs(record)
    return {
        "release": record,
        "published": published,
        "withheld": [source for source in record["sources"] if not source["counts"]["published"]],
        "most": largest(published, MOST_ROWS),
        "most_collected": largest(record["sources"], MOST_ROWS),
        "configured": [name for name in found if name in names],
        "shown_configs": [name for name in configs_of(record) if name in found],
        "history": history,
        "ai_act": summary(record, history),
        "pictures": {Path(picture.path).stem: picture for picture in pictures(record)},
        "figures": table(record["measured"]),
    }


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return what was counted, the most frequent first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
