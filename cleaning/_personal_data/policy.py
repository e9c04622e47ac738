"""What is done besides redacting, by the class of personal data that a source's descriptor states.

Identifiers are redacted in every class. Names stay in debates and acts: those who speak and sign are public figures. In
letters and papers of private persons, a text that tells where somebody lives is flagged; in sensitive ones (judgments,
cases) so is one that held an identifier at all: there the publisher's own masking has failed. A flagged text is not
published until a person has read it: the flag is a reason of the kind ``personal_data``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cleaning._personal_data.addresses import holds_private_address
from cleaning._personal_data.finding import Finding

PersonalData = Literal["none", "public_figures", "private_persons", "sensitive"]
"""As a descriptor states it."""


def flags(text: str, findings: Sequence[Finding], stated: PersonalData) -> list[str]:
    """Return the reasons for a person to read ``text`` before it is published.

    Args:
        text: the text, redacted.
        findings: what was redacted in it.
        stated: the class that the source's descriptor states.
    """
    if stated in ("none", "public_figures"):
        return []
    reasons = ["personal_data:address"] if holds_private_address(text) else []
    if stated == "sensitive":
        kinds = {finding.kind for finding in findings if finding.kind in ("cpr", "iban", "konto")}
        reasons += [f"personal_data:{kind}" for kind in sorted(kinds)]
    return reasons
