"""E-mail addresses: as they are, broken over a line, and with the sign written as a word ("snabel-a", "[at]")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaning._personal_data.finding import Finding

_MOST_LOCAL = 64
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_TOP = (
    "dk|com|org|net|eu|info|nu|io|se|no|de|uk|fo|gl|is|fi|edu|gov|biz|name|me|nl|fr|be|ch|at|it|es|pl|us|ca|app|online"
)
_DOMAIN = rf"{_LABEL}(?:-\n{_LABEL})?(?:\.{_LABEL}){{0,8}}(?:\.[^\W\d_]{{2,24}}|\.\n(?:{_TOP}))(?![^\W_])"
_PLAIN = re.compile(rf"\n?@\n?{_DOMAIN}")
_SPACED = re.compile(rf"(?<=[\w]) {{1,2}}@ {{1,2}}{_LABEL}(?:\.{_LABEL}){{0,8}}\.(?:{_TOP})(?![^\W_])", re.IGNORECASE)
_DOT = r"(?:\.| ?[\[({<] ?(?:dot|punktum|prik|\.) ?[\])}>] ?| (?:dot|punktum|prik) )"
_AT = (
    r" {0,2}(?:[\[({<] ?(?:at|snabel ?-? ?a|alfakrølle) ?[\])}>]|[\"'”“»«]? ?snabel ?-? ?a ?[\"'”“»«]?|_at_|-at-) {0,2}"
    rf"|(?<=[^\W_])[\[({{<]a[\])}}>](?=[^\W_])|(?<=\w) at (?={_LABEL} (?:dot|punktum) )"
)
_WORDS = re.compile(rf"(?:{_AT}){_LABEL}(?:{_DOT}{_LABEL}){{0,8}}?{_DOT}(?:{_TOP})(?![^\W_])", re.IGNORECASE)
_MAYBE_WORDS = re.compile(r"snabel|alfakrølle|[\[({<_ -] ?at? ?[\])}>_ -]", re.IGNORECASE)
_LOCAL_DOT = re.compile(rf"[^\W_][\w+-]{{0,62}}{_DOT}\Z", re.IGNORECASE)
_MOST_DOTS, _DOT_WINDOW = 4, 80
_SIGNS = frozenset(".+-_'&%=~!#$*?^`{|}/")
_EDGES = ".'&=?*{|}/`^-"


def find_email(folded: str) -> Iterator[Finding]:
    """Yield the e-mail addresses of a folded text, in order and apart from each other."""
    found = []
    if "@" in folded:
        found = [(match, "email:plain") for match in _PLAIN.finditer(folded)]
        found += [(match, "email:apart") for match in _SPACED.finditer(folded)]
    if _MAYBE_WORDS.search(folded):
        found += [(match, "email:words") for match in _WORDS.finditer(folded)]
    done = 0
    for match, rule in sorted(found, key=lambda pair: pair[0].start()):
        start = _start_of_local(folded, match.start())
        if max(done, start) < match.start() and match.start() >= done:
            if rule == "email:words":
                start = _over_dots(folded, start)
            yield Finding(max(done, start), match.end(), "email", rule, rule == "email:plain")
            done = match.end()


def _start_of_local(folded: str, end: int) -> int:
    """Return where the part before the sign begins; ``end`` where there is none."""
    start = end
    while start > max(0, end - _MOST_LOCAL) and (folded[start - 1].isalnum() or folded[start - 1] in _SIGNS):
        start -= 1
    while start < end and folded[start] in _EDGES:
        start += 1
    return start if any(character.isalnum() for character in folded[start:end]) else end


def _over_dots(folded: str, start: int) -> int:
    """Return where the part before the sign begins if its dots are written as words too."""
    for _ in range(_MOST_DOTS):
        match = _LOCAL_DOT.search(folded, max(0, start - _DOT_WINDOW), start)
        if match is None or folded[match.start() - 1 : match.start()].isalnum():
            break
        start = match.start()
    return start
