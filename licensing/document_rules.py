"""The rules that look at a document and the decision over it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from licensing.decisions import Decision

PRIVATE_MATTERS, OTHERWISE = 75, 20
"""Years that an archive's documents stay closed after the year in which they were closed."""

PRIVATE = frozenset({"private_persons", "sensitive"})
"""Personal data of a source whose documents are about private persons' affairs unless they say otherwise."""

_WIKIMEDIA = re.compile(r"(?:^|\.)(?:wikipedia|wiktionary|wikibooks|wikisource|wikiquote|wikivoyage|wikiversity)\.org$")
_WIKINEWS = re.compile(r"(?:^|\.)wikinews\.org$")
_CHANGED = date(2023, 6, 7)
"""The day on which Wikimedia's wikis went over to CC BY-SA 4.0."""

_NEVER_STATUTORY = re.compile(
    r"vejledning|guide|pjece|nyhed|pressemeddelelse|press.?release|web.?(?:page|side)|hjemmeside|artikel|blog|\bVEJ\b|\bSKR\b",
    re.IGNORECASE,
)


def document_breaks(decision: Decision, row: Mapping[str, Any], listed: Collection[str]) -> list[str]:
    """Return the ids of the rules L10 and L11 that a document under ``decision`` breaks.

    Args:
        decision: the one that holds for it.
        row: its columns, among them ``document_type``, ``url`` and ``created``.
        listed: the document types that its source lists.
    """
    broken = []
    licence = _of_wikimedia(row)
    if licence is not None and decision.license != licence:
        broken.append("L10")
    if decision.legal_basis == "not_copyright_dk_9":
        kind = str(row.get("document_type") or "")
        if kind not in listed or _NEVER_STATUTORY.search(kind):
            broken.append("L11")
    return broken


def _of_wikimedia(row: Mapping[str, Any]) -> str | None:
    """Return the licence that a Wikimedia text has by its date, ``"unknown"`` without one; ``None`` for other texts."""
    host = urlsplit(str(row.get("url") or "")).hostname or ""
    if _WIKINEWS.search(host):
        return "CC-BY-2.5"
    if not _WIKIMEDIA.search(host):
        return None
    first, _, last = str(row.get("created") or "").partition(", ")
    if not first or (first < _CHANGED.isoformat() <= (last or first)):
        return "unknown"
    return "CC-BY-SA-3.0" if first < _CHANGED.isoformat() else "CC-BY-SA-4.0"


def access_open(row: Mapping[str, Any], day: date, *, private: bool) -> bool:
    """Say whether the time in which an archive's document stays closed (L21) has passed on ``day``.

    It is counted from the end of the year in which the file was closed: ``end_year`` in ``details``, else the last year
    in which the text can have been written. Where neither is known, or the year is still to come, it has not passed.

    Args:
        row: its columns ``details`` and ``created``.
        day: the day of the release.
        private: whether it is about private persons' affairs; ``private_matters`` in ``details`` goes before it.
    """
    facts = _facts(row.get("details"))
    year = _year(facts.get("end_year")) or _year(str(row.get("created") or "").rpartition(", ")[2][:4])
    if year is None:
        return False
    said = facts.get("private_matters")
    years = PRIVATE_MATTERS if (said if isinstance(said, bool) else private) else OTHERWISE
    return day.year > year + years


def _facts(details: object) -> dict[str, Any]:
    facts = json.loads(details) if isinstance(details, str) and details else {}
    return facts if isinstance(facts, dict) else {}


def _year(value: object) -> int | None:
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"[12]\d{3}", text) else None
