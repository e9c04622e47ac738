"""Personal data that must not be published: found by rule, replaced by a typed placeholder, counted.

First the identifiers: personal identification numbers (CPR), e-mail addresses, telephone numbers in context. Never bare
eight digits, never case, law or journal numbers. The value itself is neither kept nor hashed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import re2

VERSION = 3

# A look in linear time before any backtracking pattern: most texts have nothing of the kind.
_MAYBE_CPR = re2.compile(r"[0-9]{6}[\s\pZ\pC]?[-‐‑–−]{0,3}[\s\pZ\pC]?[0-9]{4}")
_MAYBE_PHONE = re2.compile(
    r"(?i)(?:^|[^\pL])(?:tlf|tel|telefon\w*|mob|mobil\w*|(?:tele)?fax|ringe?)\b[^0-9\n]{0,16}[0-9]{2}"
    r"|(?:\+|00)45\)?[ -]?[0-9]{2}"
)
_CPR = re.compile(
    r"(?<![^\W_])(?<!\d[.-])([0-9]{2})([0-9]{2})([0-9]{2})(?:\s?[-‐‑–−]{1,3}\s?|\s)?([0-9]{4})(?![^\W_])(?![-.]\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_PHONE = re.compile(
    r"(?P<lead>(?<!\w)(?:tlf|telefon(?:nummer|nr)?|mobil(?:nummer|nr|telefon)?|mob|tel|(?:tele)?fax"
    r"|ringe?(?: til| på)?)"
    r"(?:\.|:| ?nr\.?| nummer)*[ :]*)?"
    r"(?:(?P<country>(?<![\w+])\(?(?:\+|00)45\)?[ -]?)|(?<![\w.,/-]))"
    r"(?P<number>\d{2}(?:[ .-]?\d{2}){3}|\d{4} \d{4})(?![\w])(?![-.,/]\d)",
    re.IGNORECASE,
)
_NUMBER_OF_A_PERSON = re.compile(r"(?:cpr|person)[ .-]?(?:nr|nummer|no)?[.:]*\s*$", re.IGNORECASE)
_NUMBER_GOES_ON_BEFORE = re.compile(r"\d[.,/:-]$")
_NUMBER_GOES_ON_AFTER = re.compile(r"[.,/:-]\d")
_NUMBER_OF_SOMETHING = re.compile(
    r"(?:j\. ?nr|journal\w*|sags?\w*|nr|cvr\w*|ean\w*|isbn|p-?nummer|cpv|løbenr)[.:]*\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with placeholders, and how many of each kind."""

    text: str
    cpr: int = 0
    email: int = 0
    telefon: int = 0


def redact(text: str) -> Redacted:
    """Replace CPR numbers, e-mail addresses and telephone numbers by ``[CPR]``, ``[EMAIL]`` and ``[TELEFON]``."""
    cpr = email = telefon = 0
    if "@" in text:
        text, email = _EMAIL.subn("[EMAIL]", text)
    if _may_hold(_MAYBE_CPR, text):
        text, cpr = _replace(_CPR, "[CPR]", text, _is_cpr)
    if _may_hold(_MAYBE_PHONE, text):
        text, telefon = _replace(_PHONE, "[TELEFON]", text, _is_phone)
    return Redacted(text, cpr, email, telefon)


def may_hold_any(text: str) -> bool:
    """Say, by a quick look that is never wrong when it says no, whether :func:`redact` may find anything."""
    return "@" in text or _may_hold(_MAYBE_CPR, text) or _may_hold(_MAYBE_PHONE, text)


def _may_hold(pattern: Any, text: str) -> bool:
    try:
        return pattern.search(text) is not None
    except UnicodeEncodeError:  # half of a surrogate pair, which the quick look cannot read
        return True


def _replace(
    pattern: re.Pattern[str], placeholder: str, text: str, accept: Callable[[re.Match[str]], bool]
) -> tuple[str, int]:
    count = 0

    def put(match: re.Match[str]) -> str:
        nonlocal count
        if not accept(match):
            return match.group()
        count += 1
        return (match.groupdict().get("lead") or "") + placeholder

    return pattern.sub(put, text), count


def is_date(day: int, month: int, year: int) -> bool:
    """Say whether day, month and a year of two digits can be a date of birth, in any century."""
    # 2000 stands for the century: it has a 29 February where another might not.
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year, month)[1]


def _is_cpr(match: re.Match[str]) -> bool:
    day, month, year = (int(part) for part in match.group(1, 2, 3))
    if not is_date(day, month, year):
        return False
    return match.end() - match.start() > 10 or _is_bare_cpr(match.string, match.start(), match.end())


def _is_bare_cpr(text: str, start: int, end: int) -> bool:
    """Say whether ten digits in one, a date of birth among them, are more than a number of something else."""
    before, after = text[max(0, start - 24) : start], text[end : end + 2]
    if _NUMBER_OF_A_PERSON.search(before):
        return True
    goes_on = _NUMBER_GOES_ON_BEFORE.search(before) or _NUMBER_GOES_ON_AFTER.match(after)
    return not (goes_on or _NUMBER_OF_SOMETHING.search(before))


def _is_phone(match: re.Match[str]) -> bool:
    return bool(match.group("lead") or match.group("country"))
