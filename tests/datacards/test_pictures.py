"""Pictures: the same bytes from the same record, valid SVG whatever a source is called, with words beside them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from datacards.pictures import pictures, short, source_pictures
from datacards.svg import Bar, bars, columns, grid


def source(name: str, published: int = 3, **reasons: int) -> dict[str, Any]:
    return {
        "name": name,
        "counts": {"published": published, "reasons": reasons},
        "licences": [{"licence_class": "no-copyright", "documents": published}],
        "statistics": {
            "words": 1500, "decades": {"1840": 2, "1900": 1, "unknown": 4}, "lengths": {"1": 1, "1024": 2},
        } if published else None,
    }  # fmt: skip


def texts(svg: str) -> list[str]:
    return [str(text) for text in etree.fromstring(svg.encode()).xpath("//*[local-name()='text']/text()")]


def test_what_a_release_shows() -> None:
    record = {
        "sources": [source("a"), source("b", 0, **{"rights:needs_review": 7})],
        "overlap": {"a": {"a": 2, "b": 1}},
    }
    found = pictures(record)
    assert [(picture.path, picture.alt) for picture in found] == [
        ("images/published.svg", "Documents published of those collected: b 0 of 7; a 3 of 3"),
        ("images/sources.svg", "Words by source and licence class: a 1.5 k words"),
        ("images/decades.svg",
         "Documents by the decade they were written in, from the 1840s to the 1900s; 4 without a date"),
        ("images/lengths.svg", "Documents by length in tokens; most have 1,024 to 2,047"),
        ("images/overlap.svg",
         "Copies left out, by their source and that of the document that stands for them: a and a 2; a and b 1"),
    ]  # fmt: skip
    assert [picture.svg for picture in pictures(record)] == [picture.svg for picture in found]
    assert texts(found[2].svg) == [
        "Documents by decade (4 without a date)", "1840", "2", "1850", "1860", "1870", "1880", "1890", "1900", "1",
    ]  # fmt: skip


def test_of_one_source() -> None:
    paths = [picture.path for picture in source_pictures(source("a"))]
    assert paths == ["data/a/images/decades.svg", "data/a/images/dist_document_length.svg"]


def test_nothing_published_and_nothing_at_all() -> None:
    assert [p.path for p in pictures({"sources": [source("a", 0, broken=1)]})] == ["images/published.svg"]
    assert [p.path for p in pictures({"sources": []})] == ["images/published.svg"]


def test_ten_thousand_sources_are_one_readable_picture() -> None:
    published, sizes, *_ = pictures({"sources": [source(f"s-{n:05}") for n in range(10_000)]})
    assert texts(sizes.svg)[-2:] == ["9970 others", "15 M"]
    assert len(sizes.svg) < 20_000
    assert len(published.svg) < 20_000


@given(st.text(), st.lists(st.floats(0, 1e12), max_size=4))
def test_whatever_it_is_called_it_is_xml(label: str, values: list[float]) -> None:
    rows = [Bar(label, tuple(values), label)]
    for svg in (bars(label, rows, [label]), columns(label, [(label, sum(values))]), grid(label, [label], [[3]])):
        etree.fromstring(svg.encode())


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (999, "999"), (1024, "1 k"), (1_250_000, "1.2 M"), (3e9, "3 G"), (2.5e12, "2.5 T")],
)
def test_short_numbers(number: float, written: str) -> None:
    assert short(number) == written


def test_what_would_be_hidden_is_drawn_by_the_logarithm() -> None:
    few, some = [("1540", 7.0), ("2010", 1644.0)], [("1540", 40.0), ("2010", 1644.0)]
    assert texts(columns("Years", few, uneven=True))[0] == "Years, on a logarithmic scale"
    assert texts(columns("Years", some, uneven=True))[0] == texts(columns("Years", few))[0] == "Years"


def test_one_column_is_not_a_wall() -> None:
    (box,) = etree.fromstring(columns("Years", [("2010", 3.0)]).encode()).xpath("//*[local-name()='rect']")
    assert float(box.get("width")) == 72.0


def test_a_legend_names_what_occurs_and_colours_stay() -> None:
    drawn = bars("Title", [Bar("a", (0.0, 1.0, 0.0), "1")], ("one", "two", "three"))
    assert texts(drawn) == ["Title", "two", "a", "1"]
    boxes = etree.fromstring(drawn.encode()).xpath("//*[local-name()='rect']/@fill")
    assert boxes == ["#e69f00", "#e69f00"]
