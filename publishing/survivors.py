"""Survivors: of several copies, and of several versions of one act, which is published.

Chosen last, among what nothing else excludes: no text goes because its twin could not be published. A copy that is
excluded for another reason joins no two others either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import NAMED_BY, NEAR, RELATIONS, Version, families, has_families
from frisat.files import canonical_json
from licensing import clarity
from publishing.selection import Selected

NEVER_PUBLISHED = "9999-99-99"


@dataclass(frozen=True, slots=True)
class _Copy:
    """A linked document that nothing else excludes: where it stands, and what it is alike by."""

    source: int
    row: int
    id: str
    exact: bytes
    form: bytes


def choose_survivors(sources: Sequence[Selected], links: pa.Table, pairs: pa.Table, added: Mapping[str, str]) -> None:
    """Let one of several copies, and the newer of several versions that are near copies, stand for the others.

    A version goes first, as ``superseded_version``, if it is a verified copy of a newer one. Of the copies left, the
    one with the clearer licence stays, then the one published earlier, then by the source's rank, then by the id.

    Args:
        sources: what was selected; reasons, counts and details are added in place.
        links: the documents that are copies (``LINKS``).
        pairs: the pairs of forms that were compared, with a verdict on each.
        added: the date each published id was first published.
    """
    near = _near(pairs)
    copies = _eligible(sources, links)
    by_place = {(copy.source, copy.row): copy for cluster in copies.values() for copy in cluster}
    for number, source in enumerate(sources):
        _supersede(source, {row: copy for (at, row), copy in by_place.items() if at == number}, near)
    for cluster in copies.values():
        left = [copy for copy in cluster if not sources[copy.source].reasons[copy.row]]
        for group in _alike(left, near):
            _let_first_stand(sources, sorted(group, key=lambda copy: _rank(sources[copy.source], copy, added)))


def _near(pairs: pa.Table) -> dict[bytes, set[bytes]]:
    """Return for each form those that it was verified to be a near copy of."""
    linked = pairs.filter(pc.equal(pairs.column("verdict"), NEAR))
    near: dict[bytes, set[bytes]] = {}
    for a, b in zip(linked.column("a").to_pylist(), linked.column("b").to_pylist(), strict=True):
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return near


def _eligible(sources: Sequence[Selected], links: pa.Table) -> dict[str, list[_Copy]]:
    """Return the linked documents that are current and that nothing excludes, by cluster."""
    linked = set(links.column("id").to_pylist())
    places = {}
    for number, source in enumerate(sources):
        ids = source.documents.column("id").to_pylist()
        texts = source.documents.column("text_sha256").to_pylist()
        for row, (identity, text) in enumerate(zip(ids, texts, strict=True)):
            if identity in linked and not source.reasons[row] and source.clearances[row] is not None:
                places[identity, text] = number, row
    found: dict[str, list[_Copy]] = {}
    for link in links.select(["cluster", "id", "text_sha256", "exact", "form"]).to_pylist():
        place = places.get((link["id"], link["text_sha256"]))
        if place is not None:
            found.setdefault(link["cluster"], []).append(_Copy(*place, link["id"], link["exact"], link["form"]))
    return found


def _supersede(source: Selected, copies: Mapping[int, _Copy], near: Mapping[bytes, set[bytes]]) -> None:
    """Exclude each version that is a verified copy of a newer one, and link those that stay in their details."""
    if not has_families(list(source.descriptor.details)):
        return
    rows = {identity: row for row, identity in enumerate(source.documents.column("id").to_pylist())}
    details = source.documents.column("details").to_pylist()
    for family in families(list(_versions(source, details))):
        newer: list[tuple[int, int]] = []  # from the newest on: a version, and the one that stands for it
        for row in reversed([rows[version.id] for version in family]):
            if source.reasons[row]:
                continue
            alike = (stands for other, stands in newer if _verified(copies.get(row), copies.get(other), near))
            stands = next(alike, row)
            newer.append((row, stands))
        for row, stands in newer:
            if stands != row:
                source.reasons[row].append("superseded_version")
                source.duplicate_of[row] = source.documents.column("id")[stands].as_py()
        _link_versions(source, details, [row for row, stands in reversed(newer) if row == stands])
    column = source.documents.column_names.index("details")
    source.documents = source.documents.set_column(column, "details", pa.array(details, pa.string()))


def _versions(source: Selected, details: Sequence[str | None]) -> Iterator[Version]:
    ids = source.documents.column("id").to_pylist()
    for identity, created, text in zip(ids, source.documents.column("created").to_pylist(), details, strict=True):
        facts: dict[str, Any] = json.loads(text) if text else {}
        if isinstance(name := facts.get(NAMED_BY), str):
            related = [other for relation in RELATIONS for other in _names(facts.get(relation))]
            yield Version(identity, name, tuple(related), (created or "")[:10])


def _names(value: Any) -> list[str]:
    return [name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str)]


def _link_versions(source: Selected, details: list[str | None], stays: Sequence[int]) -> None:
    """Say in the details of versions that stay, from the oldest to the newest, which comes before and which after."""
    ids = source.documents.column("id")
    for older, newer in pairwise(stays):
        for row, key, other in ((older, "newer_version", newer), (newer, "older_version", older)):
            details[row] = canonical_json({**json.loads(details[row] or "{}"), key: ids[other].as_py()})


def _verified(one: _Copy | None, other: _Copy | None, near: Mapping[bytes, set[bytes]]) -> bool:
    if one is None or other is None:
        return False
    return one.exact == other.exact or one.form == other.form or other.form in near.get(one.form, ())


def _alike(copies: Sequence[_Copy], near: Mapping[bytes, set[bytes]]) -> Iterable[list[_Copy]]:
    """Return the copies by what leads from one to the other: an exact text, a form, or a verified pair of forms."""
    leads = list(range(len(copies)))

    def find(place: int) -> int:
        while leads[place] != place:
            leads[place] = leads[leads[place]]
            place = leads[place]
        return place

    first: dict[bytes, int] = {}
    for place, copy in enumerate(copies):
        # An exact hash and a form are both 16 bytes; which it is must not be mistaken.
        for key in (b"e" + copy.exact, b"f" + copy.form):
            leads[find(place)] = find(first.setdefault(key, place))
    for place, copy in enumerate(copies):
        for form in near.get(copy.form, ()):
            if (other := first.get(b"f" + form)) is not None:
                leads[find(place)] = find(other)
    groups: dict[int, list[_Copy]] = {}
    for place, copy in enumerate(copies):
        groups.setdefault(find(place), []).append(copy)
    return groups.values()


def _rank(source: Selected, copy: _Copy, added: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        clarity(source.terms(copy.row).licence_class),
        added.get(copy.id, NEVER_PUBLISHED),
        source.descriptor.rank,
        copy.id,
    )


def _let_first_stand(sources: Sequence[Selected], copies: Sequence[_Copy]) -> None:
    stays, *others = copies
    if not others:
        return
    sources[stays.source].duplicates[stays.row] = len(others)
    for copy in others:
        kind = "exact" if copy.exact == stays.exact else "near"
        sources[copy.source].reasons[copy.row].append(f"duplicate:{kind}")
        sources[copy.source].duplicate_of[copy.row] = stays.id
