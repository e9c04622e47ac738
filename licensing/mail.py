"""Reading an e-mail (``.eml``) that is evidence: who wrote when, and what."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from licensing.page_text import plain_text

_HEADERS = ("From", "Date", "Subject")
"""Who received it is left out: that is no statement, and often a private person."""
_MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail. ``domain`` of its sender and ``sent_on`` (``YYYY-MM-DD``) are what it says; nobody has checked them.

    The register is published, so the sender's name and address stay in the text, which is not.
    """

    text: str
    domain: str | None
    sent_on: str | None


def read_mail(content: bytes) -> Mail:
    """Return the text of a message, its plain part where it has one, after the headers that say whose it is."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    heads = {name: _header(message, name) for name in _HEADERS}
    lines = [f"{name}: {value}" for name, value in heads.items() if value]
    return Mail("\n".join([*lines, *_body(message)]), _domain(heads["From"]), _day(heads["Date"]))


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
    except Exception:  # the library raises what it will at headers of strangers
        return None
    return " ".join(str(value).split())[:500] or None if value else None


def _domain(sender: str | None) -> str | None:
    found = re.search(r"@([\w.-]+\.\w+)[>\s]*$", sender or "")
    return found[1].lower() if found else None


def _day(value: str | None) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat() if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(message: EmailMessage) -> list[str]:
    parts = [part for part, _ in zip(message.walk(), range(_MAX_PARTS), strict=False)]
    texts = [p for p in parts if p.get_content_maintype() == "text" and not p.get_filename()]
    plain = [part for part in texts if part.get_content_subtype() == "plain"]
    attached = [f"[attached: {name}]" for part in parts if (name := part.get_filename())]
    return [text for part in plain or texts if (text := _decoded(part))] + attached


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    return plain_text(content, part.get_content_charset()) if isinstance(content, bytes) else ""
