"""A reporter nobody listens to passes everything on."""

from __future__ import annotations

from frisat.report import Silent


def test_silent_passes_items_on_and_says_nothing() -> None:
    reporter = Silent()
    reporter.note("a")
    reporter.warn("b")
    assert list(reporter.track(range(3), label="Counting", total=3)) == [0, 1, 2]
