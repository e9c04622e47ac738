"""What a builder of models can take over into the public summary of training content (AI Act, article 53(1)(d)).

The template's item numbers are remembered, not read; a person must hold the block against the Commission's template.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit


def summary(record: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the block as it stands in ``ai-act.json``; the card tells the same in words."""
    published = [source for source in record["sources"] if source["counts"]["published"]]
    languages: Counter[str] = Counter()
    decades: set[str] = set()
    for source in published:
        languages.update(source["statistics"]["languages"])
        decades |= set(source["statistics"]["decades"]) - {"unknown"}
    days = [day for source in published for day in source["retrieved"]]
    return {
        "name": record["name"],
        "version": record["version"],
        "modality": "text",
        "size": record["totals"],
        "tokenizer": record["tokenizer"],
        "languages": dict(languages.most_common()),
        "written": {"from": min(decades, default=None), "to": max(decades, default=None)},
        "retrieved": {"from": min(days, default=None), "to": max(days, default=None)},
        "sources": [_source(source) for source in published],
        "collection_method": (
            "from the services and deliveries of the publishers themselves; no general crawl of the web, "
            "nothing behind a login or a paywall"
        ),
        "internet_domains": _domains(published),
        "synthetic_data": False,
        "user_data": False,
        "reservations_of_rights": (
            "robots.txt, TDM reservations in headers, HTML and tdmrep.json are recorded with each record that was "
            "fetched; a document is published only under a decision that a person took on evidence"
        ),
        "records_with_a_reservation": sum(source["counts"]["reserved"] for source in record["sources"]),
        "personal_data": (
            "CPR numbers, e-mail addresses, phone numbers, IBANs and bank accounts are replaced by placeholders"
        ),
        "removal_of_content": "write to the publisher of the dataset with the id of the document",
        "since_last_version": _delta(history),
    }


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    figures = source["statistics"]
    delivered = source["counts"]["delivered"]
    return {
        "name": source["name"],
        "publisher": source["publisher"],
        "address": source["landing_page"],
        "obtained": "delivery" if delivered == source["counts"]["current_documents"] else "publisher's own service",
        "documents": figures["documents"],
        "words": figures["words"],
        "bytes": figures["bytes"],
        "licences": sorted({terms["license"] for terms in source["licences"]}),
        "licensed_by_agreement": any(terms["licence_class"] == "agreement" for terms in source["licences"]),
        "domains": source["domains"],
        "retrieved": source["retrieved"],
    }


def _domains(published: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the publishers' domains, the one with the most bytes first."""
    sizes: Counter[str] = Counter()
    for source in published:
        sizes[urlsplit(source["landing_page"]).hostname or source["landing_page"]] += source["statistics"]["bytes"]
    return [
        {"domain": name, "bytes": size} for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    ]


def _delta(history: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    latest = history[0]
    totals = added_up(latest["sources"])
    return {
        "previous": latest["previous"], "totals": totals, "by_source": latest["sources"], "removed": len(latest["gone"])
    }  # fmt: skip


def added_up(by_source: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the number of rows by class of change, over all sources."""
    totals: Counter[str] = Counter()
    for counts in by_source.values():
        totals.update(counts)
    return dict(totals)
