"""Capturing evidence: keeping its bytes and its text, and finding the passage relied on. Never fetches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from frisat.files import sha256
from licensing.evidence import KINDS, SCOPES, Evidence
from licensing.mail import read_mail
from licensing.page_text import TEXT_VERSION, decoded, folded, is_html, paragraphs, plain_text
from licensing.quotes import Place, find_quote
from licensing.register import Register

_MAX_BYTES = 50_000_000
_MAX_HTML_BYTES = 10_000_000
_MAX_TEXT = 2_000_000
"""Characters: no terms are as long, and every rule reads all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What is to be kept as evidence, however it was come by.

    Args:
        content: the bytes as they came.
        name: what a person calls it: the file's name or the address.
        kind: one of ``KINDS``.
        scope: one of ``SCOPES``: what the statement says it covers; ``None`` if it does not say.
        text: the text, read by somebody who knows the format (PDF), and ``text_by`` what read it.
        charset: the encoding that the server declared.
        redacted: for confidential evidence: the copy that may be kept and shown. The original is only hashed.
    """

    content: bytes
    name: str
    kind: str = "licence_file"
    scope: str | None = None
    text: str | None = None
    text_by: str | None = None
    charset: str | None = None
    url: str | None = None
    final_url: str | None = None
    status: int | None = None
    headers: Mapping[str, str] | None = None
    signals: Mapping[str, Any] | None = None
    retrieved_at: datetime | None = None
    issued_by: str | None = None
    issued_on: str | None = None
    confidential: bool = False
    redacted: bytes | None = None


def capture(register: Register, source: str, given: Capture | Path, quote: str) -> Evidence:
    """Keep what is ``given`` (or the file at that path) as evidence for ``source`` and find ``quote`` in it.

    Raises:
        UsageError: it cannot be read, is too large or incomplete, or the quote does not stand in it. Nothing is kept.
    """
    taken, shown, text, place = _located(given, quote)
    raw = sha256(taken.content)
    kept = register.keep_bytes(shown)
    return Evidence(
        raw_sha256=raw,
        text_sha256=register.keep_bytes(text.encode()),
        quote=folded(quote),
        quote_start=place.start,
        name=taken.name,
        source=source,
        retrieved_at=(taken.retrieved_at or clock.now()).isoformat(timespec="milliseconds"),
        kind=taken.kind,
        scope_stated=taken.scope,
        quote_end=place.end,
        quote_line=place.line,
        text_version=TEXT_VERSION,
        text_by=taken.text_by,
        url=taken.url,
        final_url=taken.final_url if taken.final_url != taken.url else None,
        http_status=taken.status,
        headers=dict(taken.headers) if taken.headers else None,
        signals=dict(taken.signals) if taken.signals else None,
        issued_by=taken.issued_by,
        issued_on=taken.issued_on,
        supersedes=_superseded(register, source, taken, raw),
        confidential=taken.confidential or None,
        redacted_sha256=kept if taken.redacted is not None else None,
    )


def check_capture(given: Capture | Path, quote: str) -> None:
    """Check that :func:`capture` would take it; raises what that would raise, and keeps nothing."""
    _located(given, quote)


def _located(given: Capture | Path, quote: str) -> tuple[Capture, bytes, str, Place]:
    """Return what is to be kept, with what an e-mail says of itself added; the bytes shown, their text, the passage."""
    taken = file_capture(given) if isinstance(given, Path) else given
    _check(taken)
    shown = taken.redacted if taken.redacted is not None else taken.content
    taken, text = _text(taken, shown)
    if len(text) > _MAX_TEXT:
        raise UsageError(_too_large(taken.name, _MAX_TEXT, "characters of text"))
    place = find_quote(text, quote)
    if place is None:
        raise UsageError(
            f"the quote does not stand in {taken.name}: {folded(quote)[:80]!r}. "
            "Copy the passage you rely on, word for word"
        )
    return taken, shown, text, place


def captured_text(given: Capture) -> str:
    """Return the cleaned text of what is ``given``, as :func:`capture` would keep it.

    Raises:
        UsageError: it is too large.
    """
    return _text(given, given.redacted if given.redacted is not None else given.content)[1]


def file_capture(path: Path, **known: Any) -> Capture:
    """Return what to keep of the file at ``path``; ``known`` are further fields of :class:`Capture`.

    Raises:
        UsageError: it cannot be read, or is too large.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise UsageError(_too_large(str(path), _MAX_BYTES, "bytes"))
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"evidence {path} cannot be read: {error.strerror}") from error
    kind = "email" if path.suffix.lower() == ".eml" else "licence_file"
    return Capture(**{"content": content, "name": path.name, "kind": kind, **known})


def _check(taken: Capture) -> None:
    if taken.kind not in KINDS:
        raise UsageError(f"{taken.kind!r} is no kind of evidence; choose from {', '.join(KINDS)}")
    if taken.scope is not None and taken.scope not in SCOPES:
        raise UsageError(f"{taken.scope!r} is no scope of evidence; choose from {', '.join(SCOPES)}")
    if len(taken.content) > _MAX_BYTES:
        raise UsageError(_too_large(taken.name, _MAX_BYTES, "bytes"))
    if taken.confidential and taken.redacted is None:
        raise UsageError(
            f"{taken.name} is confidential: give a redacted copy to keep; of the original only the hash is recorded"
        )


def _too_large(name: str, limit: int, what: str) -> str:
    return f"evidence {name} is larger than {limit:,} {what}; give the page or file that states the right"


def _text(taken: Capture, shown: bytes) -> tuple[Capture, str]:
    """Return the cleaned text, and what is to be kept with what an e-mail says of itself added."""
    if taken.text is not None:
        return taken, paragraphs(taken.text)
    if taken.kind == "email":
        mail = read_mail(shown)
        known = replace(taken, issued_by=taken.issued_by or mail.domain, issued_on=taken.issued_on or mail.sent_on)
        return known, mail.text
    if len(shown) > _MAX_HTML_BYTES and is_html(decoded(shown[:10_000], taken.charset)):
        raise UsageError(_too_large(taken.name, _MAX_HTML_BYTES, "bytes of HTML"))
    return taken, plain_text(shown, taken.charset)


def _superseded(register: Register, source: str, taken: Capture, raw: str) -> str | None:
    """Return the id of the latest earlier capture of the same address (or file name) that holds something else."""
    for entry in reversed(register.entries()):
        body = entry.body
        if entry.kind != "evidence" or body["source"] != source:
            continue
        if (body.get("url"), body["name"]) == (taken.url, taken.name):
            found: str | None = body.get("supersedes") if body["raw_sha256"] == raw else body["evidence_id"]
            return found
    return None
