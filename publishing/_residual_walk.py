"""Walking through a text, character by character, for ten digits that may be a CPR number; part of the last look."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from publishing._residual_words import (
    REDACTED_CPR,
    REDACTED_OTHER,
    ends,
    is_amount_or_address,
    is_piece,
    names_a_person,
    names_something_else,
)

_LEFT, _RIGHT = 64, 16
_LIKE = {**{digit: digit for digit in "0123456789"}, "O": "0", "o": "0", "l": "1", "I": "1", "|": "1"}
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_LEAST_WRITTEN, _LEAST_BARE = 3, 5  # of ten, beyond doubt
_LINE_ENDS = frozenset("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class _Ten:
    """Ten digits, as written at ``start`` to ``end``; ``apart`` where the first six do not stand together."""

    start: int
    end: int
    digits: str
    written: int
    joint: str
    apart: bool = False

    def is_dated(self) -> bool:
        """Say whether the first six are a date in this century."""
        try:
            date(2000 + int(self.digits[4:6]), int(self.digits[2:4]), int(self.digits[:2]))
        except ValueError:
            return False
        return True

    def is_checked(self) -> bool:
        """Say whether modulus 11 holds."""
        return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, self.digits, strict=True)) % 11 == 0


def holds_cpr(text: str) -> bool:
    """Say whether ``text`` holds a number like a CPR number."""
    plain = _simplify(text)
    listed_from = -1
    for ten in _tens(plain):
        left, right = plain[max(0, ten.start - _LEFT) : ten.start], plain[ten.end : ten.end + _RIGHT]
        if not ten.apart and (
            (listed_from >= 0 and _is_list(plain[listed_from : ten.start]))
            or ("-" not in ten.joint and names_something_else(left))
        ):
            listed_from = ten.end
        if ten.is_dated() and _is_cpr(ten, plain, left, right, listed=listed_from == ten.end):
            return True
    return False


def _is_cpr(ten: _Ten, plain: str, left: str, right: str, *, listed: bool) -> bool:
    if names_a_person(left):
        return ends(right)
    if ten.apart:
        form = plain[ten.start : ten.end]
        spaced = form[2:3] == form[5:6] == " " and form[:2].isdigit() and form[3:5].isdigit() and form[6:8].isdigit()
        serial = spaced and form[8:-4].strip(" ") in ("-", "--") and len(form) <= 16 and form[-4:].isdigit()
        serial = serial and form[8:-4].count(" ") == form[8:9].count(" ") + form[-5:-4].count(" ")
        return (serial or ("-" in ten.joint and _is_born(left))) and not is_piece(left, right)
    if "-" in ten.joint:
        return not is_piece(left, right)
    return not listed and ten.written >= _LEAST_BARE and not is_amount_or_address(left, right, checked=ten.is_checked())


def _simplify(text: str) -> str:
    plain = text if text.isascii() and text.isprintable() else "".join(map(_simple, text))
    plain = plain.replace("[CPR]", REDACTED_CPR)
    for name in ("EMAIL", "TELEFON", "IBAN", "KONTO"):
        plain = plain.replace(f"[{name}]", REDACTED_OTHER)
    return plain


def _simple(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    group = unicodedata.category(character)
    if character in _LINE_ENDS or group in ("Zs", "Cc", "Cf"):
        return "-" if character == "\xad" else "\n" if character in _LINE_ENDS else " "
    if character in "−⁃˗" or group == "Pd":
        return "-"
    if "\ufe50" <= character <= "\ufe6f" or "\uff01" <= character <= "\uff5e":
        return unicodedata.normalize("NFKC", character)[0]
    return character


def _tens(plain: str) -> Iterator[_Ten]:
    """Yield whatever ten digits there are, with the first six together or apart, in the order they begin."""
    before = ""
    for start, character in enumerate(plain):
        if character in _LIKE and not before.isdecimal():
            together = _read_together(plain, start)
            if together is not None:
                yield together
            apart = _read_apart(plain, start) if together is None else None
            if apart is not None:
                yield apart
        before = character


def _run(plain: str, start: int, most: int) -> str:
    """Return the digits, or what is taken for them, from ``start``, at most so many."""
    end = start
    while end < len(plain) and end - start < most and plain[end] in _LIKE:
        end += 1
    return plain[start:end]


def _skip(plain: str, start: int, allowed: str, most: int) -> int:
    end = start
    while end < len(plain) and end - start < most and plain[end] in allowed:
        end += 1
    return end


def _make(plain: str, start: int, end: int, parts: tuple[str, ...], joint: str, *, apart: bool) -> _Ten | None:
    written = "".join(parts)
    count = sum(character.isdecimal() for character in written)
    if plain[end : end + 1].isdecimal() or count < _LEAST_WRITTEN:
        return None
    digits = "".join(_LIKE[character] for character in written)
    return _Ten(start, end, digits, count, joint, apart)


def _read_together(plain: str, start: int) -> _Ten | None:
    six = _run(plain, start, 6)
    if len(six) < 6:
        return None
    begin = _skip(plain, start + 6, " \n-", 12)
    four = _run(plain, begin, 4)
    joint = plain[start + 6 : begin]
    if len(four) < 4 or not _joins(joint):
        return None
    return _make(plain, start, begin + 4, (six, four), joint, apart=False)


def _joins(joint: str) -> bool:
    """Say whether people put this between the six digits and the four."""
    if "-" in joint:
        first, last = joint.index("-"), joint.rindex("-") + 1
        dashes, left, right = joint[first:last], joint[:first], joint[last:]
        return dashes.strip("-") == "" and len(dashes) <= 3 and _blank(left) and _blank(right[::-1])
    if "\n" in joint:
        left, _, right = joint.partition("\n")
        return left in ("", " ") and right in ("", " ", "  ", "   ")
    return len(joint) <= 3


def _blank(outward: str) -> bool:
    """Say whether two blanks, a line end and a blank, or fewer of them, stand here; read towards the hyphen."""
    outer, _, inner = outward.partition("\n")
    if "\n" not in outward:
        return len(outward) <= 3
    return outer in ("", " ", "  ") and inner in ("", " ")


def _read_apart(plain: str, start: int) -> _Ten | None:
    day = _run(plain, start, 2)
    at = _skip(plain, start + 2, " ./-", 3)
    month = _run(plain, at, 2)
    at = _skip(plain, at + 2, " ./-", 3)
    if len(day) < 2 or len(month) < 2:
        return None
    for century in (2, 0) if plain[at : at + 2] in ("19", "20") else (0,):
        year = _run(plain, at + century, 2)
        begin = _skip(plain, at + century + 2, " \n./_-", 9)
        first = _run(plain, begin, 2)
        gap = 1 if plain[begin + 2 : begin + 3] == " " else 0
        last = _run(plain, begin + 2 + gap, 2)
        if len(year) == len(first) == len(last) == 2:
            joint = plain[at + century + 2 : begin]
            parts = (day, month, year, first, last)
            found = _make(plain, start, begin + 4 + gap, parts, joint, apart=True)
            if found is not None:
                return found
    return None


def _is_list(between: str) -> bool:
    rest = between.rstrip(" \n")
    trailing = len(between) - len(rest)
    if rest == "":
        return between[:1] == "\n" and trailing <= 3
    return rest in (",", ";", "/", " og", " eller", " samt") and trailing <= 2


def _is_born(left: str) -> bool:
    rest = left.rstrip(" \n").lower()
    if not 1 <= len(left) - len(rest) <= 2:
        return False
    for word in ("født", "født den", "født d.", "fødselsdag", "fødselsdato", "f."):
        stem = rest.removesuffix(":")
        if stem.endswith(word) and not stem[: -len(word)][-1:].isalnum():
            return True
    return False
