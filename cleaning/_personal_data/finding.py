"""What a detector says: the kind of a value, the rule that found it, and its place; never the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["cpr", "email", "telefon", "iban", "konto"]
KINDS: tuple[Kind, ...] = ("cpr", "email", "telefon", "iban", "konto")
PLACEHOLDERS: dict[Kind, str] = {kind: f"[{kind.upper()}]" for kind in KINDS}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A value at ``start`` to ``end`` (characters of the text that was searched).

    ``sure`` is how much speaks for it: a label, a hyphen, a check digit; all findings are redacted alike.
    """

    start: int
    end: int
    kind: Kind
    rule: str
    sure: bool = True
