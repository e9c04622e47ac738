"""The pace of requests to a host."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sources.client._pace import Pace
from sources.client.fetching import Timing
from tests.standins.timing import FakeTime


def test_the_first_request_does_not_wait() -> None:
    time = FakeTime()
    Pace({}, time.timing).wait("a.example")
    assert time.slept == []


def test_the_time_since_the_last_request_counts() -> None:
    time = FakeTime()
    pace = Pace({"A.example": 10}, time.timing)
    pace.wait("a.example")
    time.now += 4
    pace.wait("a.example")
    time.now += 11
    pace.wait("a.example")
    assert time.slept == [6]


def test_a_host_can_slow_us_down_but_not_speed_us_up() -> None:
    pace = Pace({"a.example": 2}, FakeTime().timing)
    pace.slow_down("a.example", 1)
    pace.slow_down("b.example", 3)
    assert (pace.interval("a.example"), pace.interval("b.example"), pace.interval("c.example")) == (2, 3, 0.5)


def test_a_held_host_is_left_alone_and_the_longest_hold_counts() -> None:
    time = FakeTime()
    pace = Pace({}, time.timing)
    pace.hold("a.example", 60)
    pace.hold("a.example", 5)
    pace.wait("b.example")
    pace.wait("a.example")
    assert time.slept == [60]


def test_each_of_many_threads_gets_a_turn_of_its_own() -> None:
    slept: list[float] = []
    pace = Pace({"a.example": 3}, Timing(slept.append, lambda: 1000.0))  # all ask at the same moment
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pace.wait, ["a.example"] * 20))
    assert sorted(slept) == [3 * turn for turn in range(1, 20)]
