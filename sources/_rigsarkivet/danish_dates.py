"""Dates as Danish has written them since 1849: names of days and months, ordinals, and fields that hold a date.

Spellings are met through :func:`fold`, which takes away what varies most: case, the dots and strokes of vowels that
scanners confuse, doubled a. Longer names are still known with one letter wrong.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from frisat.documents import year_range

_FOLDED: Final = str.maketrans(
    {"ø": "o", "ö": "o", "ó": "o", "ϕ": "o", "φ": "o", "å": "a", "æ": "e", "ä": "e", "é": "e"}
)
_MONTHS: Final = (
    "januar januari januarii jan", "februar februari februarii feb febr", "marts martz marz mar", "april apr",
    "maj mai maii", "juni junii jun", "juli julii jul", "august augst aug", "september septembr septbr sept sep",
    "oktober october octobr octbr oktbr okt oct", "november novembr novbr nov", "december decembr decbr dec",
)  # fmt: skip
MONTHS: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
WEEKDAYS: Final = {
    "mandag": 0, "tirsdag": 1, "onsdag": 2, "torsdag": 3, "thorsdag": 3, "fredag": 4, "lordag": 5, "loverdag": 5,
    "sondag": 6,
}  # fmt: skip
"""Days of the week as ``date.weekday`` counts them."""

_UNITS: Final = {
    "en": 1, "et": 1, "een": 1, "eet": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "sex": 6, "syv": 7,
    "otte": 8, "ni": 9, "forste": 1, "anden": 2, "andet": 2, "tredie": 3, "tredje": 3, "fjerde": 4, "femte": 5,
    "sjette": 6, "syvende": 7, "ottende": 8, "niende": 9,
}  # fmt: skip
_TENS: Final = {
    "tiende": 10, "ellevte": 11, "ellefte": 11, "tolvte": 12, "tolfte": 12, "trettende": 13, "fjortende": 14,
    "femtende": 15, "sekstende": 16, "sextende": 16, "syttende": 17, "attende": 18, "nittende": 19, "tyvende": 20,
    "tredivte": 30, "tredvte": 30, "trediefte": 30, "fyrretyvende": 40, "fyrgetyvende": 40, "fyrgetiende": 40,
    "halvtredsindstyvende": 50, "halvtredsenstyvende": 50, "tresindstyvende": 60, "tredsindstyvende": 60,
    "halvfjerdsindstyvende": 70, "firsindstyvende": 80, "halvfemsindstyvende": 90,
}  # fmt: skip
_HUNDRED: Final = {"hundrede", "hundredede", "hundredte", "hundrende"}
NUMERALS: Final = {**_UNITS, **_TENS, **dict.fromkeys(_HUNDRED, 100)}
_ORDINAL: Final = re.compile(r"([0-9lIiOo]{1,4})(?:s[lt]e|den|det|die|dje|de|te|e)?")
_LOOKALIKES: Final = str.maketrans("lIiOo", "11100")


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return ``word`` in lower case without what printers and scanners vary."""
    return word.casefold().translate(_FOLDED).replace("aa", "a")


def _one_off(first: str, second: str) -> bool:
    """Say whether two words differ by one letter put in, left out or taken for another."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    return first[start + (len(first) >= len(second)) :] == second[start + (len(second) >= len(first)) :]


@lru_cache(maxsize=20_000)
def known(word: str, names: str) -> int | None:
    """Return which weekday, month or numeral the folded ``word`` is; nothing where it is none or could be two.

    Args:
        word: as :func:`fold` gives it.
        names: "weekday", "month" or "numeral".
    """
    table = {"weekday": WEEKDAYS, "month": MONTHS, "numeral": NUMERALS}[names]
    if names == "weekday":
        word = word.removesuffix("s").removesuffix("en")
    if word in table:
        return table[word]
    near = {value for name, value in table.items() if len(name) > 5 and len(word) > 4 and _one_off(word, name)}
    return near.pop() if len(near) == 1 else None


def digits(word: str) -> int | None:
    """Return the number that ``word`` writes in digits, such as "18de", "3die", "31" and, badly scanned, "l8de"."""
    match = _ORDINAL.fullmatch(word)
    if match is None or not any(c.isdigit() for c in match[1]):
        return None
    return int(match[1].translate(_LOOKALIKES))


def spelled(values: list[int]) -> int:
    """Return the number that numerals in a row spell: 1 and 20 ("et og tyvende") is 21, 1, 100 and 5 is 105."""
    total = 0
    for value in values:
        total = max(total, 1) * 100 if value == 100 else total + value
    return total


# --- a field that holds a date --------------------------------------------------------------------------------------

FIRST_YEAR: Final = 1800
"""No document of the collection is older; an earlier year is a mistake."""

_SPACES: Final = re.compile(r"\s+")
_CLOCK: Final = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_DANISH: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})")
_NAMED: Final = re.compile(r"(?:(\d{1,2})\.? )?([a-zæøå]+)\.? (\d{4})")
_YEARS: Final = re.compile(r"(\d{4})(?: ?[-–—/] ?(\d{2}))?")
_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/](\d{4})")
_BETWEEN: Final = re.compile(
    r" ?[–—] ?| - | til |/(?=\d{4})|(?<=^\d{4})-(?=\d{4}$)|, ?|(?<=^\d{4}-\d\d-\d\d)-(?=\d{4})"
)

Days = tuple[date, date]


def days(value: object, last_year: int) -> Days | None:
    """Return the first and the last day that a field names: a year, month or day, or a range of such.

    The first of January stands for its whole year: systems fill in the rest of a year so, and parliament does not
    meet that day. What is no date, names a year before 1800 or after ``last_year``, or ends before it begins: nothing.
    """
    found = _of_value(value)
    if found is None or not FIRST_YEAR <= found[0].year <= found[1].year <= last_year or found[0] > found[1]:
        return None
    return found


def _of_value(value: object) -> Days | None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _day(value.year, value.month, value.day)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = _CLOCK.sub("", _SPACES.sub(" ", str(value)).strip().removesuffix(".0"))
    found = _of_text(text)
    if found is not None or len(text) > 60:
        return found
    ends = _BETWEEN.split(text)
    spans = [_of_text(end.strip()) for end in ends]
    if len(spans) != 2 or spans[0] is None or spans[1] is None:
        return None
    return spans[0][0], spans[1][1]


def _of_text(text: str) -> Days | None:
    if match := _ISO.fullmatch(text):
        year, month, day = (int(group) for group in match.groups() if group is not None)
        return _day(year, month, day)
    if match := _DANISH.fullmatch(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := _YEARS.fullmatch(text):
        first, second = int(match[1]), match[2]
        if second is None:
            return _whole_year(first)
        if int(second) == (first + 1) % 100:  # also where it could be a month: 1910-11 holds November 1910
            return _join(_whole_year(first), _whole_year(first + 1))
    return _of_month(text)


def _of_month(text: str) -> Days | None:
    if match := _MONTH.fullmatch(text):
        return _month(int(match[1] or match[4]), int(match[2] or match[3]))
    match = _NAMED.fullmatch(text.casefold())
    month = known(fold(match[2]), "month") if match else None
    if match is None or month is None:
        return None
    return _day(int(match[3]), month, int(match[1])) if match[1] else _month(int(match[3]), month)


def _join(first: Days | None, last: Days | None) -> Days | None:
    return (first[0], last[1]) if first and last else None


def _whole_year(year: int) -> Days | None:
    return year_range(year) if 1 <= year <= 9999 else None


def _month(year: int, month: int) -> Days | None:
    if not (1 <= month <= 12 and 1 <= year < 9999):
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(following.toordinal() - 1)


def _day(year: int, month: int, day: int) -> Days | None:
    if (month, day) == (1, 1):
        return _whole_year(year)
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found
