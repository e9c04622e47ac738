"""Bringing evidence in for the register, which never fetches: from an address, an e-mail, a page, a PDF, a text."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from frisat.errors import RecordError, UsageError
from frisat.workspace import Workspace
from licensing import (
    Capture,
    Register,
    captured_text,
    difference,
    evidence_bytes,
    file_capture,
    reservations_in_text,
    statement_text,
)
from sources import look_up, pdf_text

_PDF = b"%PDF-"
_BESIDE_A_SITE = {"/robots.txt": "robots", "/.well-known/tdmrep.json": "tdmrep"}


def gather(where: str, **known: Any) -> Capture:
    """Return what is to be kept of the evidence at ``where``, an address or the path of a file.

    ``known`` are further fields of :class:`licensing.Capture`, said by a person; they go before what is found.

    Raises:
        UsageError: it cannot be read, or is a PDF without text.
        FetchError: the address cannot be fetched.
    """
    given = {name: value for name, value in known.items() if value is not None}
    found = _fetched(where, given) if is_address(where) else file_capture(Path(where), **given)
    shown = found.redacted if found.redacted is not None else found.content
    if found.text is None and shown.startswith(_PDF):
        return _with(found, text=_pdf(shown, found.name), text_by="pdf")
    return found


def is_address(where: str) -> bool:
    """Say whether ``where`` is an address rather than a path."""
    return where.startswith(("http://", "https://", "ftp://"))


def _with(found: Capture, **changes: Any) -> Capture:
    return Capture(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, **changes})


def _fetched(url: str, given: dict[str, Any]) -> Capture:
    with tempfile.TemporaryDirectory() as folder:
        response = look_up(url, Path(folder))
        content = response.read()
    declared = response.headers.get("content-type", "")
    return Capture(
        **{
            "content": content,
            "name": url,
            "kind": _kind(url),
            "charset": _charset(declared),
            "url": url,
            "final_url": response.final_url,
            "status": response.status,
            "headers": response.headers,
            "signals": response.signals,
            "retrieved_at": response.retrieved_at,
            **given,
        }
    )


def _kind(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if (host, parts.path[:5]) == ("retsinformation.dk", "/eli/"):
        return "statute"
    return _BESIDE_A_SITE.get(parts.path, "terms_page")


def _charset(content_type: str) -> str | None:
    _, _, rest = content_type.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'") or None


def _pdf(content: bytes, name: str) -> str:
    try:
        return pdf_text(content)
    except RecordError as error:
        raise UsageError(
            f"evidence {name} {error}. Give its text as a file of its own (.txt) that says where it is from"
        ) from error


def compare(workspace: Workspace, before: str, after: str | None) -> dict[str, Any]:
    """Return how the text of two captures differs, by sentence.

    Args:
        workspace: where the register is.
        before: the id of evidence, an address or a path.
        after: the same; without it the address that ``before`` was captured from, as it is now.

    Raises:
        UsageError: there is no such evidence, or it is gone.
        FetchError: an address cannot be fetched.
    """
    register = Register(workspace.register)
    first, name = _text_of(register, before)
    if after is None:
        after = _body(register, before).get("url") if before.startswith("e-") else None
        if after is None:
            raise UsageError(f"{before} was not captured from an address; say what to compare it with")
    second, other = _text_of(register, after)
    found = difference(first, second)
    return {
        "before": name,
        "after": other,
        "changed": bool(found),
        **found.as_dict(),
        "reserved_anew": [one.as_dict() for one in reservations_in_text("\n".join(found.added))],
    }


def _text_of(register: Register, given: str) -> tuple[str, str]:
    if not given.startswith("e-"):
        found = gather(given)
        return captured_text(found), found.name
    body = _body(register, given)
    text = statement_text(register, body)
    if text is None:
        state = "is gone" if evidence_bytes(register, body) is None else "has lost its text"
        raise UsageError(f"the evidence {given} ({body['name']}) {state}; restore register/evidence from a backup")
    return text, f"{given} ({body['name']}, {body['retrieved_at'][:10]})"


def _body(register: Register, identity: str) -> dict[str, Any]:
    for entry in reversed(register.entries()):
        if entry.kind == "evidence" and entry.body["evidence_id"] == identity:
            return dict(entry.body)
    raise UsageError(f"no evidence is called {identity}; 'frisat review show SOURCE' lists a source's")
