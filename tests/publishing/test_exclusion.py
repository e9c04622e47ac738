"""Reasons: one counts, the others stand beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import PRECEDENCE, kind, main_reason

IN_ORDER = (
    "withdrawn", "broken", "empty", "not_text", "removed_at_source", "rights:needs_review", "access_period",
    "personal_data", "language:sv", "too_short", "garbled", "quality:symbols", "superseded_version", "duplicate:exact",
)  # fmt: skip


def test_precedence_is_that_of_the_design() -> None:
    assert tuple(kind(reason) for reason in IN_ORDER) == PRECEDENCE


@given(st.lists(st.sampled_from(IN_ORDER), min_size=1))
def test_what_stands_first_counts(reasons: list[str]) -> None:
    ordered = [reason for reason in IN_ORDER if reason in reasons]
    assert main_reason(reasons) == (ordered[0], ordered[1:])


def test_reasons_of_one_kind_go_by_name() -> None:
    assert main_reason(["duplicate:near", "duplicate:exact"]) == ("duplicate:exact", ["duplicate:near"])


def test_an_unknown_reason_is_a_fault() -> None:
    with pytest.raises(ValueError, match=r"tuple\.index"):
        main_reason(["boring"])
