"""One attempt at one address: ask, read, and check what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from frisat import clock
from frisat.documents import JSON
from frisat.files import sha256
from sources.client._body import challenged, pieces
from sources.client._partial import Partial
from sources.client._promises import HEAD_BYTES, is_challenge, unkept
from sources.client._ranges import broke_off, prepare, refuse_if_larger
from sources.client._signals import Tdm, tdm_of_headers, tdm_of_html
from sources.client._sites import Sites
from sources.client._urls import Place
from sources.client._web import Answer, Web
from sources.client.fetching import ERROR_BYTES, FetchError, Kind, Limits, Response, Timing

_PACKED = ("pdf", "docx", "zip")
"""Kinds that gain nothing by being packed again, and can be gone on with in the middle if they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a caller asked for, as in :meth:`sources.client.client.Client.fetch`."""

    place: Place
    kind: Kind
    etag: str | None
    modified: str | None
    max_bytes: int
    headers: Mapping[str, str]

    @property
    def is_conditional(self) -> bool:
        return self.etag is not None or self.modified is not None

    def request_headers(self, partial: Partial) -> dict[str, str]:
        """Return the headers to send, given what has come already."""
        whole = self.kind in _PACKED or partial.resumable
        found = {**self.headers, "Accept-Encoding": "identity" if whole else "gzip"}
        for name, value in (("If-None-Match", self.etag), ("If-Modified-Since", self.modified)):
            if value is not None and value.isascii() and value.isprintable():
                found[name] = value
        if partial.resumable:
            found |= {"Range": f"bytes={partial.size}-", "If-Range": partial.validator or ""}
        return found


class Asking:
    """Makes attempts. May be shared by threads."""

    def __init__(self, web: Web, sites: Sites, timing: Timing, limits: Limits) -> None:
        self._web, self._sites, self._timing, self._limits = web, sites, timing, limits

    def attempt(self, wanted: Wanted, partial: Partial, deadline: float) -> Response:
        """Ask once for what is wanted, and read the body into ``partial``.

        Raises:
            FetchError: it cannot be had this time.
        """
        url = wanted.place.official
        headers = wanted.request_headers(partial)
        with self._web.ask(url, wanted.place, headers, deadline, self._sites.guard(url)) as answer:
            tdm = self._sites.tdm(answer.place, deadline).then(tdm_of_headers(answer.headers, answer.place.official))
            _note_signals(answer, tdm)
            if answer.status == 304 and wanted.is_conditional:
                partial.discard()
                return _response(answer, b"", sha256(b""), 0)
            self._read(answer, partial, wanted.max_bytes, deadline)
            head = partial.head(HEAD_BYTES)
            _check(answer, wanted.kind, head, partial)
            if _is_page(answer, wanted.kind):
                _note_signals(answer, tdm.then(tdm_of_html(head, answer.place.official)))
            size = partial.size
            return _response(answer, *partial.finish(), size)

    def _read(self, answer: Answer, partial: Partial, max_bytes: int, deadline: float) -> None:
        def spend() -> None:
            if self._timing.monotonic() > deadline:
                raise answer.error(f"took longer than {self._limits.seconds(max_bytes):,.0f} s", passing=True)

        try:
            prepare(answer, partial, max_bytes, spend)
            for piece in pieces(answer, spend):
                refuse_if_larger(answer, partial.size + len(piece), max_bytes)
                partial.add(piece)
        except FetchError as error:
            if not error.passing:
                partial.discard()
            raise
        if (broken := broke_off(answer, partial)) is not None:
            raise broken


def _note_signals(answer: Answer, tdm: Tdm) -> None:
    """Record what is signalled for this answer, beside what its site says."""
    stated = {"content_usage": answer.headers.get("content-usage"), "x_robots_tag": answer.headers.get("x-robots-tag")}
    found: dict[str, JSON] = {name: value for name, value in stated.items() if value}
    recorded = tdm.as_json()
    answer.signals = {**answer.signals, **found, **({"tdm": recorded} if recorded else {})}


def _is_page(answer: Answer, kind: Kind) -> bool:
    declared = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "html" or declared in ("text/html", "application/xhtml+xml")


def _check(answer: Answer, kind: Kind, head: bytes, partial: Partial) -> None:
    """Hold what came against what was promised.

    Raises:
        FetchError: it is empty, asks for a browser, or is something else.
    """
    if is_challenge(answer.headers, head):
        error = challenged(answer, head)
    elif (wrong := unkept(kind, head)) is not None:
        error = answer.error(wrong, body=head[:ERROR_BYTES], passing=True, again=not head)
    else:
        return
    partial.discard()
    raise error


def _response(answer: Answer, body: bytes | Path, digest: str, size: int) -> Response:
    return Response(
        url=answer.url,
        final_url=answer.place.actual,
        status=answer.status,
        retrieved_at=clock.now(),
        body=body,
        sha256=digest,
        size=size,
        headers=answer.headers,
        signals=answer.signals,
        not_modified=answer.status == 304,
    )
