"""Links: copies within and across sources, whatever the order of parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaning import LinkResult, SignedPart, link, links, links_path
from cleaning.duplicates import signing
from frisat.files import sha256
from frisat.schema import LINKS
from tests.cleaning.duplicates.helpers import prose
from tests.cleaning.duplicates.helpers import refined_part as _part
from tests.helpers import DANISH, rows_of

OTHER = (
    "Den anden tekst handler om noget helt andet, nemlig om havnen, broen og den nye vej, som skal stå færdig om et år."
)
NINETEEN = " ".join(["Det er ordføreren, der har ordet nu og her i dag, og så går vi videre til det næste"])
TWENTY = f"{NINETEEN} punkt"


def _clusters(result: LinkResult) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows_of(result.path):
        found.setdefault(row["cluster"], []).append(row["id"])
    assert (result.clusters, result.documents) == (len(found), sum(map(len, found.values())))
    return sorted(found.values())


def test_copies_within_and_across_sources(tmp_path: Path) -> None:
    parts = [
        _part(
            tmp_path, "a", "1", [{"id": "1", "text": DANISH}, {"id": "2", "text": OTHER}, {"id": "3", "text": DANISH}]
        ),
        _part(tmp_path, "b", "1", [{"id": "1", "text": DANISH.upper()}, {"id": "2", "text": prose(1)}]),
        _part(tmp_path, "c", "1", [{"id": "1", "text": OTHER.replace(" ", "\n")}]),
    ]
    result = link(tmp_path / "links", parts)
    assert _clusters(result) == [["a/1", "a/3", "b/1"], ["a/2", "c/1"]]
    rows = rows_of(result.path)
    assert list(rows[0]) == LINKS.names
    assert {(row["kind"], row["score"], row["source"] == row["id"][0]) for row in rows} == {("exact", 1.0, True)}
    assert {row["text_sha256"] for row in rows} == {
        sha256(text) for text in (DANISH, DANISH.upper(), OTHER, OTHER.replace(" ", "\n"))
    }


def test_the_order_and_the_cut_of_parts_do_not_matter(tmp_path: Path) -> None:
    parts = [
        _part(tmp_path, source, str(n), [{"id": f"{n}{m}", "text": text} for m, text in enumerate([DANISH, OTHER])])
        for source in ("a", "b")
        for n in range(3)
    ]
    contents = set()
    for number, order in enumerate((parts, parts[::-1], parts[3:] + parts[:3])):
        result = link(tmp_path / f"links{number}", order)
        contents.add((result.path.name, result.path.read_bytes()))
    assert len(contents) == 1


def test_short_texts_are_never_copies(tmp_path: Path) -> None:
    assert signing.MIN_WORDS == 20
    rows = [{"id": str(n), "text": text} for n, text in enumerate(["Ordføreren."] * 9 + [NINETEEN] * 2 + [TWENTY] * 2)]
    assert _clusters(link(tmp_path / "links", [_part(tmp_path, "a", "1", rows)])) == [["a/11", "a/12"]]


def test_states_of_one_document_are_not_copies(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": DANISH}, {"id": "1", "text": DANISH.upper()}, {"id": "1", "text": DANISH, "title": "T"},
        {"id": "2", "text": OTHER},
    ]  # fmt: skip
    first = _part(tmp_path, "a", "1", rows)
    assert _clusters(link(tmp_path / "links", [first])) == []
    second = _part(tmp_path, "b", "1", [{"id": "1", "text": DANISH}])
    assert _clusters(link(tmp_path / "links", [first, second])) == [["a/1", "a/1", "b/1"]]


def test_rows_without_a_document_are_not_linked(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": DANISH, "reason": "broken"} for n in range(3)]
    assert _clusters(link(tmp_path / "links", [_part(tmp_path, "a", "1", rows)])) == []


def test_nothing_to_link(tmp_path: Path) -> None:
    result = link(tmp_path / "links", [])
    assert result == LinkResult(0, 0, links_path(tmp_path / "links", []))
    assert rows_of(result.path) == []
    assert _clusters(link(tmp_path / "links", [_part(tmp_path, "a", "1", [])])) == []


def test_earlier_links_are_removed_and_present_ones_are_kept(tmp_path: Path) -> None:
    first, second = (_part(tmp_path, "a", name, [{"id": name, "text": DANISH}]) for name in ("1", "2"))
    link(tmp_path / "links", [first])
    result = link(tmp_path / "links", [first, second])
    assert sorted((tmp_path / "links").iterdir()) == [result.path.with_suffix(""), result.path]
    before = result.path.stat().st_mtime_ns
    assert link(tmp_path / "links", [second, first]) == result
    assert result.path.stat().st_mtime_ns == before


def test_the_name_follows_the_parts_and_the_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [SignedPart(source, tmp_path / "r.parquet", tmp_path / "s.parquet") for source in ("a", "b")]
    names = {links_path(tmp_path, parts), links_path(tmp_path, parts[:1]), links_path(tmp_path, parts[1:])}
    monkeypatch.setattr(links, "VERSION", 99)
    names.add(links_path(tmp_path, parts))
    monkeypatch.setattr(links, "MIN_WORDS", 30)
    names.add(links_path(tmp_path, parts))
    assert len(names) == 5
