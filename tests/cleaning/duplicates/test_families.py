"""Versions of one act are known by what names them, in whatever order they are told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaning.duplicates.families import Version, families, has_families


def version(number: int, *related: int, year: int | None = None) -> Version:
    return Version(f"s/{number}", f"LBK nr {number}", tuple(f"LBK nr {n}" for n in related), f"{year or number}-01-01")


def ids(found: list[list[Version]]) -> list[list[str]]:
    return [[one.id for one in family] for family in found]


def test_a_chain_is_one_family_from_the_oldest() -> None:
    assert ids(families([version(2003, 2002), version(2001), version(2002, 2001)])) == [["s/2001", "s/2002", "s/2003"]]


def test_versions_meet_over_one_that_was_never_collected() -> None:
    assert ids(families([version(2003, 1990), version(2001, 1990)])) == [["s/2001", "s/2003"]]


def test_one_version_is_no_family() -> None:
    assert families([version(2001, 1990), version(2002, 1991)]) == []


def test_versions_of_one_day_stand_by_their_ids() -> None:
    assert ids(families([version(2, 1, year=2001), version(1, year=2001)])) == [["s/1", "s/2"]]


def test_acts_that_name_each_other_in_a_ring() -> None:
    assert ids(families([version(2001, 2002), version(2002, 2003), version(2003, 2001)])) == [
        ["s/2001", "s/2002", "s/2003"]
    ]


def test_which_sources_have_families() -> None:
    assert has_families(["short_name", "consolidates"])
    assert not has_families(["short_name"])
    assert not has_families(["consolidates", "replaced_by"])


@given(st.permutations([version(1), version(2, 1), version(3, 2), version(4), version(5, 4), version(6, 7)]))
def test_the_order_does_not_matter(versions: list[Version]) -> None:
    assert ids(families(versions)) == [["s/1", "s/2", "s/3"], ["s/4", "s/5"]]


def test_a_long_chain_takes_no_deep_recursion() -> None:
    [family] = families([version(number, number - 1) for number in range(1001, 21_001)])
    assert len(family) == 20_000
