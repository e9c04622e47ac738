"""The last look: a scan of everything that is about to leave, by other code than the one that redacted it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_TEN_DIGITS = r"(?:^|[^0-9A-Za-z])[0-9]{6}[^0-9A-Za-z\n]{0,3}[0-9]{4}(?:[^0-9A-Za-z]|$)"


def find_cpr(table: pa.Table, columns: Sequence[str]) -> list[str]:
    """Return the ids of rows in which a number like a CPR number is left in one of ``columns``."""
    found: set[str] = set()
    for name in columns:
        column = table.column(name)
        suspicious = table.filter(pc.fill_null(pc.match_substring_regex(column, pattern=_TEN_DIGITS), False))
        for identity, value in zip(
            suspicious.column("id").to_pylist(), suspicious.column(name).to_pylist(), strict=True
        ):
            if holds_cpr(value):
                found.add(identity)
    return sorted(found)


def holds_cpr(text: str) -> bool:
    """Say whether ``text`` holds six digits that are a date of birth, and four more, joined as people write them."""
    length = len(text)
    position = 0
    while position < length:
        if not text[position].isdecimal():
            position += 1
            continue
        end = position
        while end < length and text[end].isdecimal():
            end += 1
        if _begins_cpr(text, position, end):
            return True
        position = end
    return False


def _begins_cpr(text: str, start: int, end: int) -> bool:
    if start and (text[start - 1].isalnum() or (text[start - 1] in ".-" and text[start - 2 : start - 1].isdecimal())):
        return False
    if end - start == 6:
        gap = end
        while gap < len(text) and gap - end < 3 and text[gap] in " -‐‑–−\xa0\t":
            gap += 1
        if gap == end or text[end:gap].count("-") > 1:
            return False
        last = gap
        while last < len(text) and text[last].isdecimal():
            last += 1
        return last - gap == 4 and _ends(text, last) and _is_birth_date(text[start:end])
    # Ten digits in one are as often a number of something else: redaction weighs their context, this look does not.
    return False


def _ends(text: str, end: int) -> bool:
    following = text[end : end + 1]
    return not following.isalnum() and not (following and following in "-." and text[end + 1 : end + 2].isdecimal())


def _is_birth_date(digits: str) -> bool:
    try:
        date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True
