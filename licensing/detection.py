"""Detecting what a record says of rights. It helps a person, and clears nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from licensing.creative_commons import from_id
from licensing.detection_html import statements_in_html, statements_in_words
from licensing.detection_xml import look_into_xml
from licensing.fields import statements_in_fields, statements_in_json
from licensing.findings import Conflict, Reservation, Statement, conflicts, statement
from licensing.page_text import decoded, is_html, plain_text
from licensing.reservations import reservations_in_signals, reservations_in_text

MAX_BYTES = 10_000_000
"""Of a larger record only its signals and the publisher's listing are looked at."""

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)([^<>]*)")
_FIELDS_MADE_FOR_IT = frozenset({"meta", "json-ld", "field"})


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found in one record. ``looked_into`` is what its body was read as; ``None`` where it was not."""

    looked_into: str | None
    statements: tuple[Statement, ...]
    reservations: tuple[Reservation, ...]
    conflicts: tuple[Conflict, ...]


def detect(
    body: bytes,
    *,
    context: Mapping[str, Any] | None = None,
    signals: Mapping[str, Any] | None = None,
    charset: str | None = None,
    claim: str | None = None,
) -> Detected:
    """Look for statements, reservations and conflicts. Never raises, whatever the record is.

    Args:
        body: the record as it came.
        context: what the publisher's listing says of it.
        signals: robots.txt, TDMRep and headers, as they were at retrieval.
        charset: the encoding that the server declared.
        claim: the licence that the source claims, to hold against what is found.
    """
    media = _media(body) if len(body) <= MAX_BYTES else None
    statements: list[Statement] = []
    reserved: list[Reservation] = []
    if media == "html":
        markup = decoded(body, charset)
        text = plain_text(body, charset)
        statements += [*statements_in_html(markup), *statements_in_words(text)]
        reserved += reservations_in_text(text)
    elif media == "xml":
        statements, reserved = look_into_xml(body)
    elif media == "json":
        statements += statements_in_json(decoded(body, charset))
    statements += statements_in_fields(context or {}, "listing")
    statements += _statements_in_signals(signals or {})
    reserved += reservations_in_signals(signals or {})
    found, held = tuple(dict.fromkeys(statements)), tuple(dict.fromkeys(reserved))
    return Detected(media, found, held, tuple(conflicts(found, held, claim)))


def _media(body: bytes) -> str | None:
    start = body[:5000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    root = _ROOT.search(start)
    if root is not None and root[1].lower() != b"html" and (start.startswith(b"<?xml") or b"xmlns" in root[2]):
        return "xml"
    if is_html(start.decode("utf-8", "replace")):
        return "html"
    return "xml" if start.startswith(b"<") else None


def _statements_in_signals(signals: Mapping[str, Any]) -> list[Statement]:
    """Return the licences that robots.txt names (``License: URL``)."""
    lines = signals.get("robots_lines")
    said = [line.partition(":")[2].strip() for line in lines if _names_licence(line)] if isinstance(lines, list) else []
    return [statement(url, "robots.txt", "License", "low") for url in said if url]


def _names_licence(line: object) -> bool:
    return isinstance(line, str) and line.lower().lstrip().startswith("license")


@dataclass(frozen=True, slots=True)
class Proposed:
    """The licence that a document may be proposed to be cleared under, if any, and else what stands against that."""

    licence: str | None
    against: tuple[str, ...]


def propose(found: Detected, *, source_cleared: bool, item: bool) -> Proposed:
    """Say whether what was detected is certain enough to propose to a person; all that is not stands against it.

    It is so for CC0, CC BY and CC BY-SA, in a version, in a field made for it of the document's own record, of a
    source that a person has cleared, without any conflict and without any reservation.

    Args:
        found: what was detected in the document's record.
        source_cleared: a person has cleared the source, and that decision stands.
        item: the record is the document, so that a statement in it is about the document and not about a site.
    """
    sure = [one for one in found.statements if one.sure == "high" and one.where in _FIELDS_MADE_FOR_IT]
    licences = {one.licence for one in sure if one.licence}
    against = _against(sure, licences)
    if not item:
        against.append("the record is not the document itself")
    if not source_cleared:
        against.append("no person has cleared the source")
    against += [f"conflict of {one}" for one in found.conflicts]
    against += [f"reservation ({one.kind}) in {one.where}: {one.wording}" for one in found.reservations]
    return Proposed(None if against else licences.pop(), tuple(against))


def _against(sure: Sequence[Statement], licences: set[str]) -> list[str]:
    unclear = [f"{one.where} says {one.wording!r}, which {one.reason}" for one in sure if one.licence is None]
    if len(licences) != 1:
        return [*unclear, "no field for it names a licence" if not licences else "fields name several licences"]
    tool = from_id(next(iter(licences)))
    plain = licences == {"CC0-1.0"} or (tool is not None and tool.flavour in {"by", "by-sa"})
    return [*unclear, *([] if plain else [f"{next(iter(licences))} is not CC0, CC BY or CC BY-SA"])]
