"""Rendering: every page of a release out of its one record."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from datacards import markdown
from datacards.ai_act import summary
from datacards.columns import MEANINGS
from datacards.hub import front_matter
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
    filters = {"plain": markdown.plain, "cell": markdown.cell, "n": markdown.number, "middle": markdown.middle}
    environment.filters.update(filters)
    environment.globals.update(link=markdown.link, reasons=REASONS, meanings=MEANINGS)
    environment.globals.update(configs_of=configs_of, what_follows=what_follows)
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def render_views(record: dict[str, Any], history: list[dict[str, Any]]) -> dict[str, str]:
    """Return the text of every page of a release by its path.

    Args:
        record: the content of ``release.json``.
        history: the changes of all versions, the latest first.
    """
    published = [source for source in record["sources"] if source["counts"]["published"]]
    withheld = [source for source in record["sources"] if not source["counts"]["published"]]
    block = summary(record, history)
    shown = pictures(record)
    shared = {
        "release": record, "published": published, "withheld": withheld, "history": history, "ai_act": block,
        "pictures": {Path(picture.path).stem: picture for picture in shown},
        "figures": table(record["measured"]),
    }  # fmt: skip
    pages = {
        "README.md": front_matter(record) + _render("README.md.j2", **shared),
        "CHANGELOG.md": _render("CHANGELOG.md.j2", **shared),
        "LICENSE.md": _render("LICENSE.md.j2", **shared),
        "NOTICE.md": _render("NOTICE.md.j2", **shared),
        "CITATION.cff": _render("CITATION.cff.j2", **shared),
        "ai-act.json": json.dumps(block, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        **{picture.path: picture.svg for picture in shown},
    }
    for source in published:
        folder = f"data/{source['name']}"
        pages[f"{folder}/{source['name']}.md"] = _render(
            "source.md.j2", source=source, images=source_pictures(source), **shared
        )
        figures = json.dumps(source["statistics"], ensure_ascii=False, indent=1, sort_keys=True)
        pages[f"{folder}/descriptive_stats.json"] = figures + "\n"
        pages |= {picture.path: picture.svg for picture in source_pictures(source)}
    return pages
