"""Telephone numbers, where a word or a country code says that they are one. Never bare eight digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaning._personal_data.finding import Finding
from cleaning._personal_data.folding import MARKS

_WINDOW = 72
_MARK = MARKS["telefon"]
_S = r"(?:[ .\n-]| {2}| ?- ?)?"
_REGION = re.compile(r"[0-9](?:[ .\n/()-]{0,4}[0-9]){6,}")  # where digits are dense, found fast
_PAIRS = rf"\(?[0-9]{{2}}\)?{_S}[0-9]{{2}}{_S}[0-9]{{2}}{_S}[0-9]{{2}}"
_NUMBER = re.compile(
    r"(?:(?P<country>(?<![\w+])\(?(?:\+|00 ?)(?:45|298|299|46|47|49|44)\)?(?: ?\(0\))?[ .\n-]{0,2})"
    rf"|(?<![0-9])(?<![0-9][.,/-]))(?:{_PAIRS}|[0-9]{{4}}[ .\n-][0-9]{{4}}"
    r"|[0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}|[0-9]{3}[ -][0-9]{2}[ -][0-9]{3}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{2}"
    r"|[0-9]{2}[ /-][0-9]{6})(?![^\W_])(?![.,/-][0-9])"
)
_ABROAD = re.compile(
    r"(?<![\w+])\(?(?:\+|00)[1-9][0-9]{0,2}\)?(?: ?\(0\))?(?:[ -]?[0-9]){6,12}(?![^\W_])(?![.,/-][0-9])"
)
_BEFORE, _BEHIND = 2, 3  # characters around dense digits that belong to a number, or say that it ends
_APPARATUS = (
    r"(?<![^\W\d_])(?:[a-zæøå]{2,11}-?)?(?:tlf|telf|telefon|telefax|phone|mobiltelefon"
    r"|(?<![a-zæøå])(?:tel|fax|mobil|mobile|mob|sms))s?-?(?:nr|nummer|numre|nummeret|numrene|no|svarer|en|erne)?"
)
_CALL = (
    r"(?<![^\W_])ring(?:e|er|et|ede|es)?(?:(?: [^\W\d]{1,15}){0,4} (?:til|på))?"
    r"|(?<![^\W_])(?:træffes|fanges|kontaktes|kontakt|nås|fås|henvendelse|skriv|opkald|besked)"
    r"(?: [^\W\d]{1,15}){0,2} (?:på|til)"
)
_LETTERHEAD = r"(?<![^\W_])[TMD]:|(?<![^\n(|])[TMD]\.?(?= )"
_FILLER = (
    r"[ .:,;/()\n|=-]|(?<![^\W_])(?:nr|nummer|nummeret|numre|numrene|no|er|på|til|direkte|privat|arbejde|hjemme|mobil"
    r"|mobiltelefon|fax|telefon|telefax|tlf|dag|dagtid|aften|eller|og|samt|lyder|via)(?![^\W_])"
)
_LEAD = re.compile(rf"(?:{_APPARATUS}|{_CALL}|{_LETTERHEAD})(?:{_FILLER}){{0,12}}\Z", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?:telefon|mobil|tlf\.?)-?(?:nr|nummer|nummeret)\b[^\n\d.]{0,40}(?:(?<![^\W_])(?:er|på|med)|:)[ \n]\Z",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"{_MARK}[ \n]?(?:\([^\W\d]{{1,12}}\) ?)?(?:[,;/|]|og|eller|el\.|samt|hhv\.|\n|-)[ \n]?"
    r"(?:(?:og|eller|på|direkte|privat|arbejde|hjemme|aften|mobil|fax|tlf)[.:]? ){0,2}\Z",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r" ?\((?:tlf|telefon|mobil|mob|arbejde|privat|hjemme|fax|direkte|sms)\b", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r" ?(?:gange|kr|kroner|dkk|eur|euro|mio|mia|stk)(?![^\W_])", re.IGNORECASE)
_LETTER = re.compile("[A-Za-z]")
_HOURS = re.compile(r"(?:[01][0-9]|2[0-4])\.?[0-5][05] ?- ?(?:[01][0-9]|2[0-4])\.?[0-5][05]")


def find_telefon(folded: str) -> Iterator[Finding]:
    """Yield the telephone numbers of a folded text, in order and apart from each other."""
    done = 0
    found = [
        match
        for region in _REGION.finditer(folded)
        for pattern in (_NUMBER, _ABROAD)
        for match in pattern.finditer(folded, max(0, region.start() - _BEFORE), region.end() + _BEHIND)
    ]
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        start, end = match.span()
        if start >= done and (rule := _rule(match, folded)):
            done = end
            yield Finding(start, end, "telefon", f"telefon:{rule}", rule in ("word", "country"))


def _rule(match: re.Match[str], folded: str) -> str | None:
    """Return the name of the rule by which a number is a telephone's, or None."""
    start, end = match.span()
    if _AMOUNT_AFTER.match(folded, end):
        return None
    if match.groupdict().get("country"):
        return "country"
    if _HOURS.fullmatch(match[0]):
        return None
    window = max(0, start - _WINDOW)
    worded = _LETTER.search(folded, window, start) is not None
    if worded and (_LEAD.search(folded, window, start) or _SENTENCE.search(folded, window, start)):
        return "word"
    if _LISTED.search(folded, window, start):
        return "list"
    return "word-after" if _WORD_AFTER.match(folded, end) else None
