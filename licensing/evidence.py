"""Evidence: the dated, hashed copy of what states a right, and the passage relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frisat.files import sha256
from licensing.page_text import old_plain_text, plain_text
from licensing.quotes import find_quote
from licensing.register import Register

KINDS = (
    "terms_page", "licence_file", "page_statement", "api_metadata", "statute", "email", "agreement", "robots",
    "tdmrep", "http_headers",
)  # fmt: skip
"""What evidence may be."""

SCOPES = ("platform", "collection", "item", "annotation")
"""What a statement covers, as it says itself: the platform or site, the collection as a collection, the texts
themselves, or what somebody added to them. Only what covers the texts themselves clears them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A captured statement: the hashes of its bytes and of its text, and the quote with its place in the text.

    ``quote_start`` and ``quote_end`` count characters of the cleaned text, ``quote_line`` its lines from 1. What is
    ``None`` is not known and not recorded: records of earlier versions lack the later fields.
    """

    raw_sha256: str
    text_sha256: str
    quote: str
    quote_start: int
    name: str
    source: str
    retrieved_at: str
    kind: str | None = None
    scope_stated: str | None = None
    quote_end: int | None = None
    quote_line: int | None = None
    text_version: int | None = None
    text_by: str | None = None
    url: str | None = None
    final_url: str | None = None
    http_status: int | None = None
    headers: Mapping[str, str] | None = None
    signals: Mapping[str, Any] | None = None
    issued_by: str | None = None
    issued_on: str | None = None
    supersedes: str | None = None
    confidential: bool | None = None
    redacted_sha256: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the record for the register. Its id is made of the hashes, so that equal evidence is one."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            "evidence_id": self.evidence_id(),
            **{name: value for name, value in fields.items() if value is not None},
        }

    def evidence_id(self) -> str:
        """Return the id: the same bytes and quote for the same source, read as covering the same, give the same."""
        said = [self.source, self.raw_sha256, self.quote, *([self.scope_stated] if self.scope_stated else [])]
        return "e-" + sha256("\n".join(said))[:16]


def evidence_bytes(register: Register, body: Mapping[str, Any]) -> bytes | None:
    """Return the bytes kept for an evidence record, or ``None`` when they are gone or changed.

    Of confidential evidence that is the redacted copy; the original is known by its hash alone.
    """
    return register.bytes_of(body.get("redacted_sha256") or body["raw_sha256"])


def evidence_text(register: Register, body: Mapping[str, Any]) -> str | None:
    """Return the cleaned text of an evidence record, by the rules it was captured under; ``None`` when it is gone."""
    if body.get("text_version") is None:
        content = evidence_bytes(register, body)
        return None if content is None else old_plain_text(content)
    kept = register.bytes_of(body["text_sha256"])
    return None if kept is None else kept.decode()


def statement_text(register: Register, body: Mapping[str, Any]) -> str | None:
    """Return the cleaned text by today's rules, for comparing it with another; ``None`` when it is gone."""
    if body.get("text_version") is None:
        content = evidence_bytes(register, body)
        return None if content is None else plain_text(content)
    return evidence_text(register, body)


def evidence_faults(register: Register, body: Mapping[str, Any]) -> list[str]:
    """Return what no longer holds of an evidence record: bytes gone or changed, another text, a quote not in it."""
    if evidence_bytes(register, body) is None:
        return [f"the bytes of {body['name']} ({body['evidence_id']}) are gone or were changed"]
    text = evidence_text(register, body)
    if text is None or sha256(text) != body["text_sha256"]:
        return [f"the text of {body['name']} ({body['evidence_id']}) is not the one that was captured"]
    place = find_quote(text[body["quote_start"] :], body["quote"])
    if place is None or place.start != 0:
        return [f"the quote does not stand where it should in {body['name']} ({body['evidence_id']})"]
    return []
