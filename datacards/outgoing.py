"""What follows from a choice of sources or licence classes: attribution, sharing alike, and what it goes out under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datacards.markdown import documents
from licensing import conflicts_within, properties

_CANDIDATES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0")
"""Licences a whole may go out under, the one that asks for least first."""
_FREE = "no-copyright"


def configs_of(record: Mapping[str, Any]) -> list[str]:
    """Return the choices there are: ``default``, each source that is published, each licence class."""
    published = [source["name"] for source in record["sources"] if source["licences"]]
    classes = sorted({terms["licence_class"] for source in record["sources"] for terms in source["licences"]})
    return ["default", *published, *classes]


def what_follows(record: Mapping[str, Any], *configs: str, outgoing: str | None = None) -> dict[str, Any]:
    """Return what whoever passes on a part of a release has to do. A reading of the licences, not advice.

    Args:
        record: the content of ``release.json``.
        configs: some of :func:`configs_of`, taken together; none is ``default``.
        outgoing: a licence that somebody would offer the whole under; judged beside the proposal.
    """
    chosen = set(configs or ("default",))
    decided = {body["decision_id"]: body for body in record["decisions"]}
    terms = [
        {**row, "source": source["name"], "title": source["title"], "publisher": source["publisher"],
         "landing_page": source["landing_page"], "template": (decided.get(row["decision_id"]) or {}).get("attribution"),
         "obligations": (decided.get(row["decision_id"]) or {}).get("obligations", [])}
        for source in record["sources"]
        for row in source["licences"]
        if chosen & {"default", source["name"], row["licence_class"]}
    ]  # fmt: skip
    licences = sorted({row["license"] for row in terms})
    # Where nothing is asked for, a licence that asks for something would claim a right that nobody has.
    candidates = _CANDIDATES[:1] if all(row["licence_class"] == _FREE for row in terms) else _CANDIDATES
    proposed = next(
        (name for name in (*candidates, *licences) if licences and not conflicts_within(licences, name)), None
    )
    found: dict[str, Any] = {
        "config": " + ".join(configs or ("default",)),
        "documents": sum(row["documents"] for row in terms),
        "licences": licences,
        "attribution": [
            row for row in terms if row["licence_class"] in {"attribution", "share-alike"} or row["template"]
        ],
        "share_alike": [name for name in licences if properties(name).share_alike],
        "agreements": [name for name in licences if name.startswith("LicenseRef-Agreement-")],
        "outgoing": proposed,
        "why_not": {}
        if proposed
        else {name: fit.why for name, fit in conflicts_within(licences, candidates[-1]).items()},
        "notice": _notice(record, terms),
    }
    if outgoing is not None:
        against = conflicts_within(licences, outgoing)
        found["asked"] = {"outgoing": outgoing, "conflicts": {name: fit.why for name, fit in against.items()}}
    return found


def _notice(record: Mapping[str, Any], terms: list[dict[str, Any]]) -> str:
    lines = [
        f"This collection holds text from frisat {record['version']} ({record['date']}), from these publishers:",
        "",
    ]
    for row in terms:
        lines.append(
            f"- {row['title']['en']}: {row['publisher']}, {row['landing_page']}. {documents(row['documents'])} under "
            f"{row['license']} (basis {row['legal_basis']}, decision {row['decision_id']})."
        )
        lines += [f"  {obligation}" for obligation in row["obligations"]]
    if any(row["template"] for row in terms):
        lines += ["", "The line of attribution of each text stands in the column `attribution`; keep it with the text."]
    return "\n".join(
        [*lines, "", "Text was cleaned and personal data were replaced by placeholders: it was changed.", ""]
    )
