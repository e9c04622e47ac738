"""What a body looks like, held against what was promised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from sources.client.fetching import Kind

HEAD_BYTES = 65_536
"""How much of a body is looked at."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_JSON = re.compile(r'[\[{"]|-?[0-9]|(?:true|false|null)\b')
_HTML_START = re.compile(r"(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:!doctype|[a-z][a-z0-9]*)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_WAITING = re.compile(
    r"just a moment|attention required! \| cloudflare|making sure you.{1,5}re not a bot", re.IGNORECASE
)
_WORDS = ("_cf_chl_opt", "cf-chl-", "_Incapsula_Resource", "awsWafCookieDomainList")
"""What only the pages of services that ask for a browser hold."""
_SEEN = 4096
_NAMES: dict[Kind, str] = {
    "json": "JSON",
    "xml": "XML",
    "html": "an HTML page",
    "pdf": "a PDF",
    "docx": "a Word document",
    "zip": "a ZIP archive",
    "text": "plain text",
}


def head_of(body: bytes | Path) -> bytes:
    """Return the beginning of a body."""
    if isinstance(body, bytes):
        return body[:HEAD_BYTES]
    with body.open("rb") as file:
        return file.read(HEAD_BYTES)


def is_challenge(headers: Mapping[str, str], head: bytes) -> bool:
    """Say whether an answer asks for a browser instead of giving what was asked for."""
    if headers.get("cf-mitigated", "").lower() == "challenge" or "x-amzn-waf-action" in headers:
        return True
    text = _text(head)
    if not _HTML_START.match(text):
        return False
    title = _TITLE.search(text)
    return bool(title and _WAITING.search(title[1])) or any(word in text for word in _WORDS)


def unkept(kind: Kind, head: bytes) -> str | None:
    """Say what is wrong with a body that begins with ``head``; ``None`` if it can be what was promised."""
    if not head:
        return "is empty" if kind == "any" else f"is empty instead of {_NAMES[kind]}"
    return None if _LOOKS[kind](head) else f"is {describe(head)} instead of {_NAMES[kind]}"


def describe(head: bytes) -> str:
    """Say what a body seems to be, for people."""
    text = _text(head)
    if _is_pdf(head):
        return "a PDF"
    if _is_zip(head):
        return "a ZIP archive"
    if _HTML_START.match(text):
        title = _TITLE.search(text)
        return f"an HTML page titled {title[1].strip()[:80]!r}" if title and title[1].strip() else "an HTML page"
    if not _is_readable(text):
        return f"bytes that begin {head[:16]!r}"
    return f"text that begins {text[:60]!r}" if text else "nothing but white space"


def _is_pdf(head: bytes) -> bool:
    return b"%PDF" in head[:1024]


def _is_zip(head: bytes) -> bool:
    return head.startswith(_ZIP)


def _is_json(head: bytes) -> bool:
    return _JSON.match(_text(head)) is not None


def _is_xml(head: bytes) -> bool:
    text = _text(head)
    return text.startswith("<") and not _HTML_START.match(text)


def _is_html(head: bytes) -> bool:
    text = _text(head)
    return _is_readable(text) and _TAG.search(text[:_SEEN]) is not None


def _is_text(head: bytes) -> bool:
    text = _text(head)
    return _is_readable(text) and not _HTML_START.match(text)


def _text(head: bytes) -> str:
    """Return the beginning of a body as text, without byte order mark and white space before it."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head.removeprefix(mark).decode(encoding, "replace").lstrip()
    return head.decode("utf-8", "replace").lstrip()


def _is_readable(text: str) -> bool:
    return "\0" not in text[:_SEEN] and not text.startswith(("%PDF", "PK\x03"))


_LOOKS: dict[Kind, Callable[[bytes], bool]] = {
    "json": _is_json,
    "xml": _is_xml,
    "html": _is_html,
    "pdf": _is_pdf,
    "docx": _is_zip,
    "zip": _is_zip,
    "text": _is_text,
    "any": lambda _: True,
}
