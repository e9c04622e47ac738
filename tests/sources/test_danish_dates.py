"""Fields that hold a date, and the words of dates since 1849."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources._rigsarkivet.danish_dates import days, digits, fold, known, spelled


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("1849", "1849-01-01", "1849-12-31"),
        (1849, "1849-01-01", "1849-12-31"),
        (1849.0, "1849-01-01", "1849-12-31"),
        ("1849.0", "1849-01-01", "1849-12-31"),
        (" 1849 - 1850 ", "1849-01-01", "1850-12-31"),
        ("1849–1850", "1849-01-01", "1850-12-31"),
        ("1849/50", "1849-01-01", "1850-12-31"),
        ("1899-00", "1899-01-01", "1900-12-31"),
        ("1910-11", "1910-01-01", "1911-12-31"),
        ("2004-10", "2004-10-01", "2004-10-31"),
        ("2004-12", "2004-12-01", "2004-12-31"),
        ("10-2004", "2004-10-01", "2004-10-31"),
        ("03-10-1849", "1849-10-03", "1849-10-03"),
        ("3.10.1849", "1849-10-03", "1849-10-03"),
        ("3/10 1849", "1849-10-03", "1849-10-03"),
        ("3. oktober 1849", "1849-10-03", "1849-10-03"),
        ("Oktober 1849", "1849-10-01", "1849-10-31"),
        ("1849-10-03", "1849-10-03", "1849-10-03"),
        ("18491003", "1849-10-03", "1849-10-03"),
        ("2004-10-05T13:00:00+02:00", "2004-10-05", "2004-10-05"),
        ("2004-10-05 13:00", "2004-10-05", "2004-10-05"),
        ("2004-10-05 - 2005-10-04", "2004-10-05", "2005-10-04"),
        ("05-10-2004 til 04-10-2005", "2004-10-05", "2005-10-04"),
        ("2004-01-01", "2004-01-01", "2004-12-31"),
        (date(2004, 10, 5), "2004-10-05", "2004-10-05"),
        (datetime(2004, 10, 5, 13), "2004-10-05", "2004-10-05"),  # noqa: DTZ001 - a file may hold such
    ],
)
def test_a_field_gives_the_days_it_names(value: object, first: str, last: str) -> None:
    assert days(value, 2027) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "value",
    [None, "", "ukendt", "u.å.", "ca. 1850", "1850-1849", "31-02-1950", "13/13/1950", "9999", "0001", 1799, 2028, 3e18,
     True, 1849.5, "20231", b"1849", "1849-1850-1851", "x" * 10_000, ["1849"], float("nan"), "1849-10-03 og 1850"],
)  # fmt: skip
def test_what_names_no_day_gives_none(value: object) -> None:
    assert days(value, 2027) is None


@given(st.dates(date(1800, 1, 2), date(2027, 12, 31)))
def test_days_come_back_however_they_are_written(day: date) -> None:
    expected = (date(day.year, 1, 1), date(day.year, 12, 31)) if (day.month, day.day) == (1, 1) else (day, day)
    for text in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y%m%d}"):
        assert days(text, 2027) == expected


@given(st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.datetimes()))
def test_any_value_gives_a_range_or_none(value: object) -> None:
    found = days(value, 2027)
    assert found is None or (found[0].year >= 1800 and found[0] <= found[1] and found[1].year <= 2027)


@pytest.mark.parametrize(
    ("word", "number"),
    [("18de", 18), ("3die", 3), ("1ste", 1), ("2det", 2), ("31", 31), ("l8de", 18), ("1O", 10), ("de", None),
     ("lI", None), ("18xx", None), ("1849", 1849)],
)  # fmt: skip
def test_numbers_in_digits(word: str, number: int | None) -> None:
    assert digits(word) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [("Ottende", 8), ("Sextende", 16), ("Et og tyvende", 21), ("Hundrede og femte", 105), ("Eet hundrede", 100),
     ("Halvfjerdsindstyvende", 70)],
)  # fmt: skip
def test_numbers_in_words(words: str, number: int) -> None:
    values = [known(fold(word), "numeral") for word in words.split() if word != "og"]
    assert spelled([value for value in values if value is not None]) == number


@pytest.mark.parametrize(
    ("word", "names", "value"),
    [("Tirsdagen", "weekday", 1), ("LØRDAG", "weekday", 5), ("Løverdagen", "weekday", 5), ("Onsdng", "weekday", 2),
     ("Tersdag", "weekday", None), ("October", "month", 10), ("Septbr", "month", 9), ("Novcmber", "month", 11),
     ("Mai", "month", 5), ("Møde", "month", None)],
)  # fmt: skip
def test_names_are_known_with_a_letter_wrong_unless_they_could_be_two(word: str, names: str, value: int | None) -> None:
    assert known(fold(word), names) == value
