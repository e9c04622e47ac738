"""Words and tokens of many texts at once, in Arrow: no Python per word.

``frisat-words-1``: a token is a longest run of letters, numbers and combining marks (Unicode ``L``, ``N``, ``M``), or
one other character that is no white space. A word is a token of the first kind.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TOKENIZER = "frisat-words-1"
VERSION = 1

_WORD = r"[\pL\pN\pM]+"
_SIGN = r"[^\pL\pN\pM\s]"


def count_words(texts: pa.Array) -> pa.Array:
    """Return the number of words of each text, as int32."""
    return pc.count_substring_regex(texts, pattern=_WORD).cast(pa.int32())


def count_tokens(texts: pa.Array, words: pa.Array) -> pa.Array:
    """Return the number of tokens of each text, as int64; ``words`` are its words, counted already."""
    signs = pc.count_substring_regex(texts, pattern=_SIGN)
    return pc.add(signs.cast(pa.int64()), words.cast(pa.int64()))


def exact_hash(text: str) -> bytes:
    """Return a hash of 16 bytes that texts share which differ in white space and case alone."""
    normal = " ".join(text.lower().split())
    return hashlib.blake2b(normal.encode(), digest_size=16, person=b"frisat-exact").digest()


def character_share(texts: pa.Array, pattern: str) -> pa.Array:
    """Return the share of the characters of each text that ``pattern`` (one character) matches, 0 for an empty one."""
    hits = np.asarray(pc.count_substring_regex(texts, pattern=pattern), dtype=np.float64)
    length = np.maximum(np.asarray(pc.utf8_length(texts), dtype=np.float64), 1.0)
    return pa.array((hits / length).astype(np.float32))
