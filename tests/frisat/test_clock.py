"""The clock stands still when it is told to, and says so when it cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from frisat import clock
from frisat.errors import UsageError


def test_source_date_epoch_stops_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246356800")
    assert clock.now() == datetime(2041, 3, 8, 12, tzinfo=UTC)
    assert clock.today() == date(2041, 3, 8)


def test_the_time_is_in_utc_and_whole_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    moment = clock.now()
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0


@pytest.mark.parametrize("value", ["", "soon", "1.5", "9" * 30, "2041-03-08"])
def test_an_impossible_epoch_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(UsageError) as caught:
        clock.now()
    assert str(caught.value) == f"SOURCE_DATE_EPOCH is {value!r}: give whole seconds since 1970"
