"""Turning any identifier of a publisher into part of an id, so that no two become one."""

from __future__ import annotations

import re
from typing import Final

from frisat.files import sha256

_UNSAFE: Final = re.compile(r"\.(?=x)|[^a-zA-Z0-9._-]")
_ESCAPE: Final = re.compile(r"\.x([0-9a-f]+)\.")
_LONGEST: Final = 200
_DOTS: Final = re.compile(r"\.{1,2}")


def escaped(identifier: str) -> str:
    """Return ``identifier`` with every character that ids cannot hold as ``.x``, its code point and a full stop.

    A slash is one of them: below an id stand its parts. "L 1/ø" becomes ``L.x20.1.x2f..xf8.``. An identifier that
    would become longer than 200 characters is cut and ends in ``.xh`` and a hash; ``.xh`` begins no escape.
    """
    pattern = re.compile(r"\.") if _DOTS.fullmatch(identifier) else _UNSAFE
    safe = pattern.sub(lambda match: f".x{ord(match[0]):x}.", identifier)
    if len(safe) <= _LONGEST:
        return safe
    return f"{safe[:120]}.xh{sha256(identifier.encode(errors='surrogatepass'))[:32]}"


def unescaped(name: str) -> str:
    """Return the identifier that :func:`escaped` was given, unless that was too long."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)
