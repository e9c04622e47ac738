"""When to try again: the headers that say so, and the waits in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.client._retrying import Retrying, parse_date, parse_retry_after
from sources.client.fetching import FetchError, Limits
from tests.standins.timing import FakeTime

NOON = datetime(2041, 3, 1, 12, tzinfo=UTC)
SECONDS = st.integers(min_value=-86_400, max_value=86_400 * 400)


@pytest.fixture(autouse=True, scope="module")
def _clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))
        yield


def _http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Fri, 01 Mar 2041 12:01:30 GMT", 90.0),
        ("Friday, 01-Mar-41 12:01:30 GMT", 90.0),
        ("Fri, 01 Mar 2041 12:01:30 -0000", 90.0),
        ("Fri, 01 Mar 2041 11:00:00 GMT", 0.0),
        ("Fri, 01 Mar 2041 13:01:30 +0100", 90.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("1" * 40, None),
        ("soon", None),
        ("Fri, 99 Mar 2041 12:01:30 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_retry_after_is_measured_on_the_clock_of_a_server_that_is_a_little_off() -> None:
    until, date = _http(NOON + timedelta(hours=3, seconds=30)), _http(NOON + timedelta(hours=3))
    assert parse_retry_after(until, date) == 30
    assert parse_retry_after(_http(NOON + timedelta(seconds=30)), "Thu, 01 Jan 1970 00:00:00 GMT") == 30
    assert parse_retry_after(_http(NOON + timedelta(seconds=30)), "yesterday") == 30


@given(SECONDS)
def test_a_date_means_the_seconds_until_then(seconds: int) -> None:
    assert parse_retry_after(_http(NOON + timedelta(seconds=seconds))) == max(0, seconds)


@given(st.text(), st.none() | st.text())
def test_retry_after_is_never_negative_and_never_fails(value: str, date: str | None) -> None:
    found = parse_retry_after(value, date)
    assert found is None or found >= 0


@given(st.text(alphabet="MonTueFriJanMarGMT0123456789 :,+-", max_size=40))
def test_a_date_is_aware_or_none(value: str) -> None:
    found = parse_date(value)
    assert found is None or found.tzinfo is not None


def _failing(**more: object) -> FetchError:
    return FetchError("no", url="https://a.example/", **more)  # type: ignore[arg-type]


def _run(time: FakeTime, *outcomes: FetchError | str, **limits: float) -> tuple[str, list[float]]:
    """Run attempts with these outcomes; return what came of them, and the waits that others were told of."""
    left, held = list(outcomes), list[float]()

    def attempt(_: float) -> str:
        outcome = left.pop(0)
        if isinstance(outcome, FetchError):
            raise outcome
        return outcome

    return Retrying(Limits(**limits), time.timing, held.append).run(attempt), held  # type: ignore[arg-type]


def test_waits_grow_and_are_never_the_same_for_all() -> None:
    time = FakeTime()
    again = [_failing(again=True) for _ in range(4)]
    assert _run(time, *again, "there", backoff=1, backoff_max=7) == ("there", [])
    assert all(
        low <= wait <= high for wait, (low, high) in zip(time.slept, [(1, 2), (2, 3), (4, 5), (7, 7)], strict=True)
    )
    assert len(set(time.slept)) == 4


def test_what_is_not_worth_it_is_not_tried_again() -> None:
    time = FakeTime()
    with pytest.raises(FetchError, match=r"^no$"):
        _run(time, _failing(passing=True), "there")
    assert time.slept == []


def test_the_last_error_says_how_often_it_was_tried() -> None:
    with pytest.raises(FetchError, match=r"^no \(tried 2 times\)$"):
        _run(FakeTime(), _failing(again=True), _failing(again=True), "there", attempts=2)


def test_other_threads_are_told_of_waits_that_were_asked_for() -> None:
    time = FakeTime()
    assert _run(time, _failing(again=True, retry_after=30.0), "there") == ("there", [30])
    assert time.slept == [30]


def test_waiting_for_nothing_still_waits_a_little() -> None:
    time = FakeTime()
    _run(time, _failing(again=True, retry_after=0.0), "there")
    assert 1 <= time.slept[0] <= 2


def test_a_wait_beyond_the_end_is_not_begun() -> None:
    time = FakeTime()
    with pytest.raises(FetchError):
        _run(time, _failing(again=True, retry_after=10.0), "there", total=10)
    assert time.slept == []


def test_other_errors_pass_through() -> None:
    def attempt(_: float) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Retrying(Limits(), FakeTime().timing, lambda _: None).run(attempt)
