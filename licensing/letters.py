"""Letters: telling those that only look like the ones of a licence's name, and bringing the rest into one form."""

from __future__ import annotations

import re
import unicodedata

_ALLOWED = frozenset("æøåäöüéèáàëêíóôœçñßþðŒ§©®™·…«»“”„‘’‚\"'`´")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_PUNCTUATION = re.compile(r"[\s\-_/,;:()\[\]{}\"'`´“”„‘’‚«»|…]+|\.(?=\s|$)|(?<=\s)\.|^\.")
_PARAGRAPH = re.compile(r"§+\s*|\bparagraf\s+")


def plain(text: str) -> str:
    """Return ``text`` composed (NFC), with one kind of hyphen and of space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_DASHES)).strip()


def lookalike(text: str) -> str | None:
    """Return what is wrong with the letters of ``text``, or ``None``.

    A licence's name is written in Latin letters, of which only those of Western Europe are expected. A letter of
    another script, an invisible sign or a dressed-up Latin letter makes another name that looks the same.
    """
    for sign in plain(text):
        if sign.isascii() and sign.isprintable():
            continue
        if sign in _ALLOWED or sign.lower() in _ALLOWED:
            continue
        name = unicodedata.name(sign, f"U+{ord(sign):04X}")
        return f"holds a sign that is not of such a name, and may only look like one that is: {name}"
    return None


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case without punctuation; ``§ 9`` and ``paragraf 9`` are the same two."""
    lower = _PARAGRAPH.sub(" § ", plain(text).lower())
    return _PUNCTUATION.sub(" ", lower).split()
