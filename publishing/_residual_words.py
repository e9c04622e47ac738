"""What the words and signs around ten digits say of them, read backwards from the number; part of the last look."""

from __future__ import annotations

REDACTED_CPR, REDACTED_OTHER = "\x01", "\x02"
"""What stands for placeholders in a text that is walked through."""

_WORD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ\x01\x02")
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyzæøå")
_NUMBER = ("nummeret", "numrene", "nummer", "numre", "nr", "no", "id")
_BETWEEN = ("er", "på", "lyder", "kode")
_MOST_BETWEEN = 3
_WIDEST_GAP = 6

_THINGS = frozenset(
    ("j", "jnr", "jr", "sag", "sager", "nr", "numre", "nummer", "cvr", "se", "ean", "gln", "isbn", "issn", "doi", "cpv",
     "kn", "ref", "id", "p", "pnr", "tlf", "fax")
)  # fmt: skip
_KINDS_OF_THINGS = (
    "journal", "sags", "løbe", "penhed", "pnum", "produktionsenhed", "cvr", "ean", "isbn", "faktura", "ordre", "vare",
    "kunde", "medlems", "konto", "serie", "stel", "police", "aftale", "bilag", "dokument", "licens", "artikel", "parti",
    "batch", "autorisation", "projekt", "patent", "matrikel", "bestilling", "reference", "telefon", "mobil", "giro",
)  # fmt: skip
_UNITS = ("kr", "kroner", "dkk", "eur", "euro", "€", "%", "mio", "mia", "stk", "kwh", "kg", "km", "m2", "m3", "m²",
          "m³", "byte", "bytes")  # fmt: skip


def _peel(left: str) -> str | None:
    """Return ``left`` without what is neither letter nor digit at its end; None where that is too much."""
    bare = len(left)
    while bare and left[bare - 1] not in _WORD:
        bare -= 1
    return left[:bare] if len(left) - bare <= _WIDEST_GAP else None


def _last_word(left: str) -> str:
    begin = len(left)
    while begin and left[begin - 1] in _SMALL:
        begin -= 1
    return left[begin:]


def _free(left: str) -> bool:
    return not left[-1:].isalnum()


def names_a_person(left: str) -> bool:
    """Say whether what stands before a number calls it a CPR number."""
    if _goes_on_from_another(left):
        return True
    rest: str | None = left.lower()
    for _ in range(_MOST_BETWEEN + 1):
        rest = _peel(rest or "")
        if not rest:
            return False
        if _ends_in_a_name(rest):
            return True
        word, shorter = _last_word(rest), _without_number(rest)
        if shorter == rest and word not in _BETWEEN[:3]:
            return False
        rest = shorter if shorter != rest else rest[: -len(word)]
    return False


def _ends_in_a_name(rest: str) -> bool:
    """Say whether ``rest`` ends in a word for CPR numbers, or in one for a person and one for a number."""
    if "cpr" in _last_word(rest) or rest.endswith("c.p.r"):
        return True
    shorter = _without_number(rest)
    if any(stem.endswith("patient") and _free(stem[: -len("patient")]) for stem in (rest, shorter)):
        return True
    person = _peel(shorter) if shorter != rest else None
    return person is not None and person.endswith("person") and _free(person[: -len("person")])


def _goes_on_from_another(left: str) -> bool:
    """Say whether a list goes on here from a CPR number that was redacted."""
    rest = left
    for _ in range(2):
        rest = rest[:-1] if rest[-1:] in (" ", "\n") else rest
    for connection in (",", ";", "/", "og", "eller", "samt"):
        if rest.lower().endswith(connection):
            rest = rest[: -len(connection)]
            return (rest[:-1] if rest[-1:] in (" ", "\n") else rest).endswith(REDACTED_CPR)
    return False


def _without_number(rest: str) -> str:
    for ending in _NUMBER:
        if rest.endswith(ending):
            return rest[: -len(ending)]
    return rest


def names_something_else(left: str) -> bool:
    """Say whether the word before a number calls it that of a case, a firm, a product or the like."""
    rest: str | None = left.lower()
    for _ in range(_MOST_BETWEEN + 1):
        rest = _peel(rest or "")
        if not rest:
            return False
        stem = rest[:-3] if rest.endswith(("-10", "-13")) else rest
        word = _last_word(stem)
        before = stem[: len(stem) - len(word)]
        if word in _THINGS and _free(before):
            return True
        if word.startswith(_KINDS_OF_THINGS) and _free(before):
            return True
        if word.startswith(("enhed", "num")) and before.endswith("p-") and _free(before[:-2]):
            return True
        shorter = _without_number(rest)
        if shorter != rest:
            rest = shorter
        elif word == "kode" or (word in _BETWEEN[:2] and _free(before)):
            rest = rest[: -len(word)]
        elif word.endswith("kode"):
            rest = rest[:-4]
        else:
            return False
    return False


def is_piece(left: str, right: str) -> bool:
    """Say whether a number with a hyphen is a piece of a longer one or of a code."""
    if left[-1:] in (".", "-") and left[-2:-1].isdigit():
        return True
    if right[:1] in (".", "-") and right[1:2].isdigit() and not _is_another(right[1:]):
        return True
    glued = left[-1:].isalnum() and not (len(left) >= 3 and all(character in _SMALL for character in left[-3:]))
    return glued or not ends(right)


def _is_another(right: str) -> bool:
    digits = right[:6] + right[6:].removeprefix("-")[:4]
    rest = right[6:].removeprefix("-")[4:]
    return len(digits) == 10 and digits.isdigit() and not rest[:1].isdigit()


def ends(right: str) -> bool:
    """Say whether a number ends: nothing is glued to it but, where a blank was lost, a word."""
    return not right[:1].isalnum() or (len(right) >= 2 and right[0] in _SMALL and right[1] in _SMALL)


def is_amount_or_address(left: str, right: str, *, checked: bool) -> bool:
    """Say whether the signs around ten digits make them an amount, a piece of a code or of a web address."""
    if left[-1:].isalnum() or right[:1].isalnum():
        return True
    money = left[:-1] if left.endswith(" ") else left
    if money.lower().endswith(("kr", "kr.", "dkk", "eur", "usd", "€", "$")) or _is_amount(right):
        return True
    if left[-1:] in ("+", "#") or (left[-1:] in (".", "/", ":", "-") and left[-2:-1].isdigit()):
        return True
    return _is_code(left) or _goes_on(right) or _is_decimal(left, right, checked=checked)


def _is_amount(right: str) -> bool:
    if right.startswith(",-"):
        return True
    if right.startswith(","):
        cents = right[1:3] if right[2:3].isdigit() else right[1:2]
        follows = right[1 + len(cents) : 2 + len(cents)]
        return cents.isdigit() and follows != "," and not follows.isdigit()
    unit = (right[1:] if right.startswith(" ") else right).lower()
    return any(unit.startswith(name) and not unit[len(name) : len(name) + 1].isalnum() for name in _UNITS)


def _is_code(left: str) -> bool:
    if left.endswith("-"):
        capitals = len(left[:-1]) - len(left[:-1].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if 1 <= capitals <= 4 and _free(left[: -1 - capitals]):
            return True
    run = left
    for border in (" ", "\n", REDACTED_CPR, REDACTED_OTHER):
        run = run.rpartition(border)[2]
    return any(sign in run for sign in ("http://", "https://", "www."))


def _goes_on(right: str) -> bool:
    if right[:1] in (".", ":", "-") and right[1:2].isdigit():
        return True
    digits = len(right[1:]) - len(right[1:].lstrip("0123456789"))
    return right.startswith("/") and 1 <= digits <= 5


def _is_decimal(left: str, right: str, *, checked: bool) -> bool:
    return left.endswith(",") and left[-2:-1].isdigit() and right[:1] not in (",", ";") and not checked
