"""Personal identification numbers (CPR): a date of birth in six digits and four more, in the forms people write.

The date is checked in any century. Modulus 11 is not: numbers without it have been issued since 2007; it only says how
sure a number is, and decides where a decimal comma and a list look alike. With a hyphen the form is enough. With
blanks or nothing between, a word before the number may say that it is something else; a word such as "CPR-nr." says
that it is this, and then the date may be written in any way.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from cleaning._personal_data.finding import Finding
from cleaning._personal_data.folding import MARKS

_D = "[0-9OolI|]"  # a digit, or what text recognition takes 0 and 1 for
_OCR = str.maketrans("OolI|", "00111")
_NO_DIGITS = str.maketrans("", "", "0123456789")
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_WINDOW = 64  # characters before a number that may hold a word about it
_LEAST_DIGITS, _LEAST_BARE = 3, 5  # of ten, that text recognition read; more where nothing says it is a number at all
_MARK = MARKS["cpr"]

# Behind a look-ahead, so that what begins within a number that is none is seen too.
_FORM = re.compile(
    rf"(?<![0-9])(?=(({_D}{{6}})( {{0,2}}\n? ?-{{1,3}} ?\n? {{0,2}}| {{1,3}}| ?\n {{0,3}}|)({_D}{{4}})(?![0-9])))"
    "[0-9OolI|]"
)
_SPREAD = re.compile(
    rf"(?<![0-9])(?=(({_D}{{2}})[ ./-]{{0,3}}({_D}{{2}})[ ./-]{{0,3}}(?:19|20)?({_D}{{2}})([ \n./_-]{{0,9}})"
    rf"({_D}{{2}} ?{_D}{{2}})(?![0-9])))[0-9OolI|]"
)
_SPACED = re.compile(r"[0-9]{2} [0-9]{2} [0-9]{2} ?-{1,2} ?[0-9]{4}")

_GAP = "[^0-9A-Za-zæøåÆØÅ\ue000-\ue004]{0,6}"
_NUMBER = "(?:nr|nummer|numre|nummeret|numrene|no|id)"
_LABEL = re.compile(
    rf"(?:cpr[a-zæøå]*|c\.p\.r|(?<![^\W_])patient|(?<![^\W_])person{_GAP}{_NUMBER})"
    rf"(?:{_GAP}(?:{_NUMBER}|(?<![^\W_])(?:er|på|lyder))){{0,3}}{_GAP}\Z"
    rf"|{_MARK}[ \n]?(?:[,;/]|og|eller|samt)[ \n]{{0,2}}\Z",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?<![^\W_])(?:født|fødselsdag|fødselsdato|f\.)(?: den| d\.)?:?[ \n]{1,2}\Z", re.IGNORECASE)
_OTHER = re.compile(
    r"(?<![^\W_])(?:j|jnr|jr|sag|sager|nr|numre|nummer|cvr|se|ean|gln|isbn|issn|doi|cpv|kn|ref|id|p|pnr|tlf|fax"
    r"|(?:journal|sags|løbe|p-?enhed|p-?num|produktionsenhed|cvr|ean|isbn|faktura|ordre|vare|kunde|medlems|konto|serie|stel"
    r"|police|aftale|bilag|dokument|licens|artikel|parti|batch|autorisation|projekt|patent|matrikel|bestilling|reference"
    r"|telefon|mobil|giro)[a-zæøå]*)(?:-1[03])?"
    rf"(?:{_GAP}(?:{_NUMBER}|kode|(?<![^\W_])(?:er|på))){{0,3}}{_GAP}\Z",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[A-Za-z{_MARK}]")
_MONEY_BEFORE = re.compile(r"(?:kr\.?|dkk|eur|usd|€|\$) ?\Z", re.IGNORECASE)
_UNIT_AFTER = re.compile(
    r"(?:,-|,[0-9]{1,2}(?![0-9,])| ?(?:kr|kroner|dkk|eur|euro|€|%|mio|mia|stk|kwh|kg|km|m2|m3|m²|m³|bytes?)(?![^\W_]))",
    re.IGNORECASE,
)
_GOES_ON_BEFORE = re.compile(r"(?:[0-9][./:-]|[+#]|(?<![^\W_])[A-Z]{1,4}-|(?:https?://|www\.)[^ \n\ue000-\ue004]*)\Z")
_GOES_ON_AFTER = re.compile(r"[.:-][0-9]|/[0-9]{1,5}(?![0-9])")
_LONGER_BEFORE = re.compile(r"[0-9][.-]\Z")
_LONGER_AFTER = re.compile(r"[.-](?![0-9]{6}-?[0-9]{4}(?![0-9]))[0-9]")
_GLUED_BEFORE = re.compile(r"[a-zæøå]{3}\Z")
_GLUED_AFTER = re.compile(r"[a-zæøå]{2}")
_LIST = re.compile(r"(?:,|;|/| og| eller| samt|\n)[ \n]{0,2}")


def is_date(day: int, month: int, year: int) -> bool:
    """Say whether day, month and a year of two digits can be a date of birth, in any century."""
    # 2000 stands for the century: it has a 29 February where another might not.
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year, month)[1]


def passes_modulus_11(digits: str) -> bool:
    """Say whether ten digits pass the check that all numbers passed until October 2007."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def find_cpr(folded: str) -> Iterator[Finding]:
    """Yield the numbers whose six digits stand together, in order and apart from each other."""
    done, listed_from = 0, -1  # a list may go on from the end of a number that a word says is something else
    for match in _FORM.finditer(folded):
        written = match[2] + match[4]
        if _count_digits(written) < _LEAST_DIGITS:
            continue
        start, end = match.span(1)
        before, after = _around(folded, start, end, done)
        hyphen = "-" in match[3]
        listed = listed_from >= 0 and _LIST.fullmatch(folded, listed_from, start) is not None
        if listed or (not hyphen and _names(_OTHER, before)):
            listed_from = end
        value = _read(written)
        if not value or start < done:
            continue
        rule = None
        if _names(_LABEL, before):
            rule = "labelled" if _ends(after) else None
        elif hyphen:
            rule = "hyphen" if _stands_alone(before, after) else None
        elif listed_from != end and _count_digits(written) >= _LEAST_BARE and not _is_other(before, after, value):
            rule = "blank" if match[3] else "ten-digits"
        if rule is not None:
            done = end
            sure = rule in ("labelled", "hyphen") or passes_modulus_11(value)
            yield Finding(start, end, "cpr", f"cpr:{rule}", sure)


def find_spread_cpr(folded: str) -> Iterator[Finding]:
    """Yield the numbers whose date is written apart, as "01 01 41 - 5123"; what :func:`find_cpr` found is covered."""
    done = 0
    for match in _SPREAD.finditer(folded):
        start, end = match.span(1)
        value = _read("".join(match.group(2, 3, 4, 6)).replace(" ", ""))
        if not value or start < done:
            continue
        before, after = _around(folded, start, end, done)
        labelled = _names(_LABEL, before)
        spread = _SPACED.fullmatch(match[1]) or ("-" in match[5] and _BORN.search(before))
        if (labelled and _ends(after)) or (spread and _stands_alone(before, after)):
            done = end
            yield Finding(start, end, "cpr", "cpr:labelled" if labelled else "cpr:spread", labelled)


def _count_digits(written: str) -> int:
    return len(written) - len(written.translate(_NO_DIGITS))


def _read(written: str) -> str:
    """Return ten digits as they were meant; nothing where they hold no date, or hardly any was written as a digit."""
    value = written.translate(_OCR)
    dated = is_date(int(value[:2]), int(value[2:4]), int(value[4:6]))
    return value if dated and _count_digits(written) >= _LEAST_DIGITS else ""


def _around(folded: str, start: int, end: int, done: int) -> tuple[str, str]:
    """Return what stands before and after a number; what was found up to ``done`` is a mark already."""
    before = _MARK + folded[done:start] if done > start - _WINDOW and done else folded[max(0, start - _WINDOW) : start]
    return before, folded[end : end + 16]


def _names(pattern: re.Pattern[str], before: str) -> bool:
    """Search for a word; not where there is neither a letter nor a mark."""
    return _WORD.search(before) is not None and pattern.search(before) is not None


def _ends(after: str) -> bool:
    return not after[:1].isalnum() or _GLUED_AFTER.match(after) is not None


def _stands_alone(before: str, after: str) -> bool:
    """Say whether a number is no piece of a longer one or of a code; a word may be glued to it."""
    if _LONGER_BEFORE.search(before) or _LONGER_AFTER.match(after):
        return False
    return (not before[-1:].isalnum() or _GLUED_BEFORE.search(before) is not None) and _ends(after)


def _is_other(before: str, after: str, value: str) -> bool:
    """Say whether what touches ten digits makes them a number of something else."""
    if before[-1:].isalnum() or after[:1].isalnum():
        return True
    if _MONEY_BEFORE.search(before) or _UNIT_AFTER.match(after):
        return True
    if _GOES_ON_BEFORE.search(before) or _GOES_ON_AFTER.match(after):
        return True
    decimals = before[-1:] == "," and before[-2:-1].isdigit() and after[:1] not in (",", ";")
    return decimals and not passes_modulus_11(value)
