"""Going on in the middle of a body: whether the publisher's copy is still the one that was begun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from sources.client._body import Spend, declared_length, is_packed, refusal
from sources.client._partial import Partial
from sources.client._retrying import parse_date
from sources.client._web import Answer
from sources.client.fetching import FetchError

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]{1,500}"')
_SURE = timedelta(seconds=60)
"""How much older than the answer a date of change must be to tell two states apart (RFC 9110, 8.8.2.2)."""


def validator_of(headers: Mapping[str, str]) -> str | None:
    """Return what ``If-Range`` may hold for an answer with these headers: a strong ETag, or a date that is one."""
    etag = headers.get("etag", "")
    if _STRONG_ETAG.fullmatch(etag):
        return etag
    changed, answered = parse_date(headers.get("last-modified")), parse_date(headers.get("date"))
    if changed is not None and answered is not None and answered - changed >= _SURE:
        return headers["last-modified"]
    return None


def prepare(answer: Answer, partial: Partial, max_bytes: int, spend: Spend) -> None:
    """Make ``partial`` ready for the body of ``answer``: to go on, or to start over.

    Raises:
        FetchError: the answer has no body for us, does not go on where we asked it to, or is too large.
    """
    if partial.resumable and answer.status in (206, 416):
        wrong = _mismatch(answer, partial)
        if wrong is not None:
            partial.discard()
            raise answer.error(f"{wrong}; starting over", passing=True, again=True)
    elif answer.status in (200, 203):
        packed = is_packed(answer)
        length = declared_length(answer)
        refuse_if_larger(answer, length or 0, max_bytes)
        partial.begin(None if packed else validator_of(answer.headers), None if packed else length)
    else:
        raise refusal(answer, spend)
    refuse_if_larger(answer, partial.total or 0, max_bytes)


def _mismatch(answer: Answer, partial: Partial) -> str | None:
    """Say why a part does not belong to what has come; ``None`` if it does."""
    if answer.status == 416:
        return f"has nothing after the {partial.size:,} bytes that came before"
    given = answer.headers.get("content-range", "")
    found = _CONTENT_RANGE.fullmatch(given)
    if found is None or int(found[1]) != partial.size or is_packed(answer):
        return f"was asked to go on after {partial.size:,} bytes and sent {given or 'no range'!r}"
    total = None if found[3] == "*" else int(found[3])
    if None not in (total, partial.total) and total != partial.total:
        return f"changed its length from {partial.total:,} to {total:,} bytes"
    name = "etag" if (partial.validator or "").startswith('"') else "last-modified"
    if answer.headers.get(name, partial.validator) != partial.validator:
        return "changed in the middle"
    partial.total = partial.total or total
    return None


def refuse_if_larger(answer: Answer, size: int, max_bytes: int) -> None:
    """Raise the error for a body of ``size`` bytes, if that is too large."""
    if size > max_bytes:
        raise answer.error(f"is larger than the {max_bytes:,} bytes that are accepted")


def broke_off(answer: Answer, partial: Partial) -> FetchError | None:
    """Return the error for a body that is shorter or longer than the whole was said to be."""
    if partial.total in (None, partial.size):
        return None
    error = answer.error(f"gave {partial.size:,} of {partial.total:,} bytes", passing=True, again=True)
    if partial.size > (partial.total or 0):
        partial.discard()
    return error
