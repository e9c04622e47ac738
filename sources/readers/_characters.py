"""Characters that stand for others: ligatures, drawn bullets, marks that only guide a typesetter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Characters whose meaning is their font's own."""

_BULLETS: Final = "\uf0b7\uf0a7\uf0d8\uf076\uf06f\uf0a8\uf071\uf075\uf06e\uf0be"
_TABLE: Final = str.maketrans(
    {
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "\u2010": "-", "\u2011": "-", "\u2028": "\n", "\u2029": "\n", "\x85": "\n",
        "\uf02d": "-", "\uf0fc": "✓", "\uf0e0": "→", "\uf0ae": "→", "\uf020": " ",
        **dict.fromkeys(_BULLETS, "•"),
    }
)  # fmt: skip
"""The bullets are those that Symbol and Wingdings draw, under the codes they have in Word's files."""

_SPACES: Final = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN: Final = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, soft hyphens, marks of no width, halves of pairs, and what is no character."""

_ODD: Final = re.compile("[^\n -~¡-¬®-ʯ‐–—‘’“”„†•…€−]")


def readable(text: str) -> str:
    """Return ``text`` in NFC without unseen characters, ligatures and private ones; every space is a plain one.

    Line feeds stay; carriage returns go. A bullet out of Symbol or Wingdings becomes "•", another private
    character goes. Applied twice it changes nothing.
    """
    if _ODD.search(text) is None:
        return text
    text = _UNSEEN.sub("", _SPACES.sub(" ", text.translate(_TABLE)))
    return unicodedata.normalize("NFC", PRIVATE.sub("", text))


def count_private(text: str) -> int:
    """Return how many characters :func:`readable` drops because only their font knows what they mean."""
    return len(PRIVATE.findall(text.translate(_TABLE)))
