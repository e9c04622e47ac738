"""Bank accounts: IBAN with its check digits, and Danish registration and account numbers where a word speaks of them.

Lengths of IBAN by country: the registry of ISO 13616. A budget's accounts ("konto 17.35.11.10", "konto 2030") stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaning._personal_data.finding import Finding

_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GI": 23, "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_WITH_LETTERS = frozenset(("AD", "BG", "CH", "CY", "FR", "GB", "GI", "GR", "IE", "IT", "LI", "LV", "MC", "MT", "NL",
                           "RO", "SM", "TR", "UA", "LU"))  # fmt: skip
_OCR = str.maketrans("OolI|", "00111")
_IBAN = re.compile(r"(?:(?<=iban)|(?<![^\W_]))([A-Za-z]{2})[ -]?([0-9OolI]{2})(?=[ \n-]?[A-Za-z0-9])", re.IGNORECASE)
_IBAN_WORD = re.compile(r"iban\b[^0-9\n]{0,14}\Z|iban\Z", re.IGNORECASE)

_ENDS = r"(?![0-9])(?![.,/-][0-9])(?! ?(?:kr|kroner|dkk|eur|euro|mio|mia|pct|%)(?![^\W_]))"
_LONG = (
    rf"(?:[0-9]{{6,10}}|[0-9]{{2,5}}(?:[ -][0-9]{{2,5}}){{2,4}}|[0-9]{{5}} [0-9]{{5}}|[0-9]{{3}}[ -][0-9]{{4}}){_ENDS}"
)
_NR = r"(?:[ .-]?(?:nr|nummer|no))?(?:et)?"
_FEWEST, _MOST = 7, 14  # digits: a giro account; a registration number and the longest account
_REG_AND_ACCOUNT = (
    rf"[0-9]{{4}}[ \n,;./+-]{{0,4}}(?:(?:og |samt )?(?:bank|løn|nem)?(?:konto|kto|account)\.?{_NR}[.:]{{0,2}}"
    rf"[ \n]{{0,3}})?{_LONG}"
)
_ONE_AFTER_THE_OTHER = (
    rf"[0-9]{{4}}[ \n/-]{{1,3}}{_LONG}|[0-9]{{4}}[ -]?[0-9]{{3}}[ -]?[0-9]{{3}}{_ENDS}|[0-9]{{11,14}}{_ENDS}"
)
_GIRO = rf"(?:[0-9]{{3}}[ -][0-9]{{4}}|[0-9]{{7,8}}|[0-9](?: [0-9]{{2}}){{3}}){_ENDS}"
_TO = r"[.:]{0,2}[ \n]{0,3}"  # between a word and its number
_WORDS = ("reg", "konto", "kto", "account", "lønkonto", "nemkonto", "sparekonto", "giro", "bank", "sparekasse",
          "nordea", "andelskasse", "nykredit")  # fmt: skip
# Of text in lower case, where one of these words begins.
_ACCOUNT = re.compile(
    rf"(?:reg(?<![^\W_]reg)(?:istrerings)?\.?{_NR}{_TO}(?P<registration>{_REG_AND_ACCOUNT})"
    rf"|(?:konto|kto|account)(?:en)?\.?{_NR}{_TO}(?:(?:er|på|i [^\W\d]{{2,20}}(?: bank)?)[ :]{{1,2}})?"
    rf"(?:reg\.?{_NR}[.:]{{0,2}} )?(?P<account>{_ONE_AFTER_THE_OTHER})"
    rf"|(?:bankkonto|lønkonto|nemkonto|sparekonto)(?:en)?\.?{_NR}{_TO}(?P<single>[0-9]{{7,9}}{_ENDS})"
    rf"|giro(?:konto)?{_NR}{_TO}(?P<giro>{_GIRO})"
    rf"|(?:bank|sparekasse|nordea|andelskasse|nykredit|bankoplysninger)(?:en|n)?[,:]{{0,1}} {{1,2}}"
    rf"(?P<bank>[0-9]{{4}}[ -]{{1,2}}{_LONG}))"
)


def find_iban(folded: str) -> Iterator[Finding]:
    """Yield account numbers in international form."""
    done = 0
    for match in _IBAN.finditer(folded):
        country = match[1].upper()
        length = _LENGTHS.get(country)
        if length is None or match.start() < done:
            continue
        end, rest = _take(folded, match.end(), length - 4)
        if len(rest) < length - 4 or folded[end : end + 1].isalnum():
            continue
        named = _IBAN_WORD.search(folded, max(0, match.start() - 24), match.start()) is not None
        check, digits = match[2].translate(_OCR), rest.upper()
        if country not in _WITH_LETTERS:
            digits = rest.translate(_OCR)
            if not digits.isdigit():
                continue
        checked = _passes_modulus_97(digits + country + check)
        if named or (checked and rest.upper() == rest):
            done = end
            yield Finding(match.start(), end, "iban", "iban:check" if checked else "iban:word", checked)


def _take(folded: str, position: int, count: int) -> tuple[int, str]:
    """Return the next ``count`` letters and digits, at most one blank or hyphen between two, and where they end."""
    taken: list[str] = []
    while len(taken) < count:
        if folded[position : position + 1] in (" ", "\n", "-"):
            position += 1
        character = folded[position : position + 1]
        if not (character.isascii() and character.isalnum()) and character != "|":
            break
        taken.append(character)
        position += 1
    return position, "".join(taken)


def _passes_modulus_97(text: str) -> bool:
    return text.isascii() and text.isalnum() and int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def find_konto(folded: str) -> Iterator[Finding]:
    """Yield registration and account numbers, one finding for both with what stands between."""
    text, done = folded.lower(), 0
    for start in _places(text):
        match = _ACCOUNT.match(text, start) if start >= done else None
        if match is None or match.lastgroup is None:
            continue
        done, rule = match.end(), match.lastgroup
        if _FEWEST <= sum(c.isdigit() for c in match[rule]) <= _MOST:
            yield Finding(*match.span(rule), "konto", f"konto:{rule}", rule == "registration")


def _places(text: str) -> list[int]:
    """Return in order where a word stands that an account may follow: far faster than any pattern of so many words."""
    found: list[int] = []
    for word in _WORDS:
        place = text.find(word)
        while place >= 0:
            found.append(place)
            place = text.find(word, place + 1)
    return sorted(found)
