"""Who speaks: made out from a transcript's fields and from the speaker tag as it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sources._referat.turn import Fields, one_line

_MARKS: Final = frozenset({"mødeslut", "pause"})
_TAG: Final = re.compile(r"(?:\([^()]*\) ?)?(?P<before>[^()]+?) ?\((?P<inside>[^()]+)\)(?: ?\([^()]*\))?")
"""A remark in brackets may stand before it, "(Ordfører)", or after it, "(kort bemærkning)": neither names anybody."""
_PARTY: Final = re.compile(r"[A-ZÆØÅ]{1,5}")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker; what is not known is empty. ``is_mark``: nobody speaks, the turn marks a pause or the end."""

    name: str = ""
    role: str = ""
    party: str = ""
    is_mark: bool = False


def make_out(fields: Fields, title: str) -> Speaker:
    """Return who speaks.

    Args:
        fields: names, party and role, as far as the file gives them.
        title: the speaker tag: "Miljøministeren (Anna Holm):", "Bo Dam (KF):".

    The role is the title as printed, without the name. Members have none printed, so the publisher's word is taken.
    """
    name = one_line(f"{fields.first_name} {fields.last_name}")
    party, role = one_line(fields.party), one_line(fields.role)
    if role.lower() in _MARKS or one_line(fields.first_name).lower() in _MARKS:
        return Speaker(is_mark=True)
    tag = one_line(title.rstrip(": "))
    match = _TAG.fullmatch(tag)
    if match is None:
        # "Formanden:", or a member without a party. A role does not hold the name.
        printed = one_line(re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", tag)).strip(" ,()") if name else tag
        return Speaker(name, printed or role, party)
    before, inside = match["before"], match["inside"]
    if before == name or inside == party or _PARTY.fullmatch(inside):
        return Speaker(name or before, role, party or inside)
    return Speaker(name or inside, before, party)
