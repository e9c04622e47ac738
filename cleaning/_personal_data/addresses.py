"""Postal addresses of private persons: a name, a street with its number, a post code and a town, together.

Not redacted: a rule can't tell whose address it is. It is a sign that a person should read the text.
"""

from __future__ import annotations

import re

_STREET = (
    r"(?:vej|vejen|gade|gaden|gård|gården|allé|alle|alléen|stræde|strædet|vænge|vænget|park|parken|plads|pladsen|toft|toften"
    r"|have|haven|bakke|bakken|sti|stien|torv|torvet|holm|ager|agre|krog|krogen|lund|lunden|mark|marken|skov|eng|engen|høj|dal"
    r"|dalen|vang|vangen|boulevard|bro|strand)"
)
_CODE_AND_TOWN = re.compile(r"[0-9]{4}(?<=[ \n-][0-9]{4}) [A-ZÆØÅ][a-zæøå]")
_ADDRESS = re.compile(
    rf"(?<=[ \n,])(?:[A-ZÆØÅ][\w.'-]{{0,24}} ){{0,2}}[A-ZÆØÅ]?[\w.'-]{{0,24}}{_STREET} [0-9]{{1,3}} ?[A-Z]?"
    r"(?:,? ?(?:[0-9]{1,2}\.|st\.|kl\.)?(?: ?(?:tv|th|mf)\.?)?)?,?[ \n]{1,2}(?:DK-)?\Z"
)
_NAME = re.compile(
    r"(?:^|[\n,;:.(] ?|(?<=[a-zæøå]) )((?:[A-ZÆØÅ][a-zéæøå'-]{1,20}\.? |[A-ZÆØÅ]\. ){1,4}[A-ZÆØÅ][a-zéæøå'-]{1,20})\Z"
)
_WINDOW = 150
_OF_NO_PERSON = re.compile(
    r"(?i:forening|forbund|styrelse|ministeri|kommune|råd\b|rådet|institut|udvalg|center|centret|nævn|selskab|fond|organisation|"
    r"universitet|skole|region|bank|sekretariat|direktorat|advokat|hospital|museum|bibliotek|politi|ret\b|retten|kontor|tilsyn)"
    r"|A/S|ApS|I/S|Dansk|Danmark|Danske|Folketing"
)


def holds_private_address(text: str) -> bool:
    """Say whether a name that is no authority's or firm's stands right before a full postal address."""
    for match in _CODE_AND_TOWN.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        address = _ADDRESS.search(before)
        name = _NAME.search(before[: address.start()].rstrip(" \n,(")) if address else None
        if name is not None and _OF_NO_PERSON.search(name[1]) is None:
            return True
    return False
