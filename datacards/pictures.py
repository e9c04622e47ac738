"""The pictures of a release, each with the words that stand for it where it cannot be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datacards.svg import Bar, bars, columns, grid

_CLASSES = ("no-copyright", "attribution", "share-alike", "agreement")
_MOST_SOURCES = 30
"""Sources in one picture, the largest first; the others are added up."""
_MOST_NAMES = 12
"""Sources in the picture of overlaps."""
_STAGES = ("published", "rights", "language", "duplicate", "unreadable or empty", "other reasons")
_STAGE_OF = {
    "rights": "rights", "language": "language", "duplicate": "duplicate", "superseded_version": "duplicate",
    "broken": "unreadable or empty", "empty": "unreadable or empty", "not_text": "unreadable or empty",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its path in the release, and what it says in words."""

    path: str
    alt: str
    svg: str


def pictures(record: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of the whole release; none of what has nothing to show."""
    published = [source for source in record["sources"] if source["counts"]["published"]]
    found = [_collected(record["sources"])]
    if published:
        found += [_sizes(published), _time("images/decades.svg", published), _lengths("images/lengths.svg", published)]
    if overlap := _overlap(record):
        found.append(overlap)
    return found


def source_pictures(source: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of one source's page."""
    folder = f"data/{source['name']}/images"
    return [_time(f"{folder}/decades.svg", [source]), _lengths(f"{folder}/dist_document_length.svg", [source])]


def short(number: float) -> str:
    """Return a number in few signs: ``1.2 M``."""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + f" {letter}"
    return f"{number:.0f}"


def _largest(rows: Sequence[Bar]) -> list[Bar]:
    ordered = sorted(rows, key=lambda row: (-sum(row.values), row.label))
    rest = ordered[_MOST_SOURCES:]
    if not rest:
        return ordered
    sums = tuple(sum(values) for values in zip(*(row.values for row in rest), strict=True))
    return [*ordered[:_MOST_SOURCES], Bar(f"{len(rest)} others", sums, short(sum(sums)))]


def _sizes(published: Sequence[Mapping[str, Any]]) -> Picture:
    rows = []
    for source in published:
        words = source["statistics"]["words"]
        classes: Counter[str] = Counter()
        for terms in source["licences"]:
            classes[terms["licence_class"]] += terms["documents"]
        documents = sum(classes.values()) or 1
        values = tuple(words * classes[name] / documents for name in _CLASSES)
        rows.append(Bar(source["name"], values, f"{short(words)} words"))
    ordered = _largest(rows)
    said = "; ".join(f"{row.label} {row.note}" for row in ordered[:8])
    return Picture(
        "images/sources.svg",
        f"Words by source and licence class: {said}",
        bars("Words by source and licence class", ordered, _CLASSES),
    )


def _collected(sources: Sequence[Mapping[str, Any]]) -> Picture:
    rows = []
    for source in sources:
        counts: Counter[str] = Counter({"published": source["counts"]["published"]})
        for reason, number in source["counts"]["reasons"].items():
            counts[_STAGE_OF.get(reason.partition(":")[0], "other reasons")] += number
        whole = sum(counts.values())
        shares = tuple(100 * counts[stage] / max(whole, 1) for stage in _STAGES)
        rows.append((whole, Bar(source["name"], shares, f"{counts['published']:,} of {whole:,}")))
    ordered = [row for _, row in sorted(rows, key=lambda item: (-item[0], item[1].label))[:_MOST_SOURCES]]
    said = "; ".join(f"{row.label} {row.note}" for row in ordered[:8])
    return Picture(
        "images/published.svg",
        f"Documents published of those collected: {said}",
        bars("From collected to published: what became of the documents of each source", ordered, _STAGES),
    )


def _time(path: str, published: Sequence[Mapping[str, Any]]) -> Picture:
    decades: Counter[str] = Counter()
    for source in published:
        decades.update(source["statistics"]["decades"])
    unknown = decades.pop("unknown", 0)
    years = sorted(int(decade) for decade in decades)
    rows = [(str(year), float(decades[str(year)])) for year in range(years[0], years[-1] + 10, 10)] if years else []
    span = "without a date"
    if years:
        span = f"from the {years[0]}s to the {years[-1]}s" if len(rows) > 1 else f"all in the {years[0]}s"
    return Picture(
        path,
        f"Documents by the decade they were written in, {span}; {unknown:,} without a date",
        columns(
            f"Documents by decade ({unknown:,} without a date)" if unknown else "Documents by decade", rows, uneven=True
        ),
    )


def _lengths(path: str, published: Sequence[Mapping[str, Any]]) -> Picture:
    lengths: Counter[int] = Counter()
    for source in published:
        lengths.update({int(limit): count for limit, count in source["statistics"]["lengths"].items()})
    limits = sorted(lengths)
    rows = [(short(1 << n), float(lengths[1 << n])) for n in range(limits[0].bit_length() - 1, limits[-1].bit_length())]
    middle = max(lengths.items(), key=lambda item: (item[1], item[0]))[0]
    return Picture(
        path,
        f"Documents by length in tokens; most have {middle:,} to {2 * middle - 1:,}",
        columns("Documents by length (tokens, from each number to its double)", rows),
    )


def _overlap(record: Mapping[str, Any]) -> Picture | None:
    found: Mapping[str, Mapping[str, int]] = record.get("overlap") or {}
    pairs = {(a, b): count for a, row in found.items() for b, count in row.items() if count}
    names = sorted({name for pair in pairs for name in pair})[:_MOST_NAMES]
    if not names:
        return None
    values = [[pairs.get((a, b), 0) for b in names] for a in names]
    said = "; ".join(f"{a} and {b} {count:,}" for (a, b), count in sorted(pairs.items(), key=lambda i: -i[1])[:5])
    return Picture(
        "images/overlap.svg",
        f"Copies left out, by their source and that of the document that stands for them: {said}",
        grid("Copies left out (rows), by the source of what stands for them (columns)", names, values),
    )
