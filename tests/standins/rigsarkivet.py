"""Rigsarkivet's place for data, as far as it is known: a landing page, and a ZIP that comes in chunks without a length.

with RigsarkivetStandIn() as archive:
    archive.publish(delivery_zip([row("L 1", "En tekst.")]), "Version 2. Opdateret 3. marts 2041")
    ...  # map https://digidata.rigsarkivet.dk/ to archive.url
    archive.downloads()
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from tests.standins.http import HTML, Answer, Fault, HttpStandIn, Request, Wire

OFFICIAL: Final = "https://digidata.rigsarkivet.dk/"
LANDING: Final = "/aflevering/14004"
DOWNLOAD: Final = "/download/14004"
COLUMNS: Final = (
    "identifikator", "indhold", "titel", "skabt", "type", "antal ord", "dannet ved OCR", "OCR-metode",
)  # fmt: skip
_PAGE: Final = """<!DOCTYPE html><html lang="da"><head><title>Aflevering 14004</title>
<script nonce="{nonce}">var visits = {visits};</script></head><body><h1>Folketingets dokumenter</h1>
<p>Aflevering 14004</p><p>{state}</p><p>Vist {visits} gange</p><a href="/download/14004">Hent data</a></body></html>"""


def row(identifier: object, text: object, **values: object) -> dict[str, object]:
    """Return a row as the publisher has it; ``words``, ``ocr`` and ``method`` stand for its longer names."""
    longer = {"words": "antal ord", "ocr": "dannet ved OCR", "method": "OCR-metode"}
    given = {longer.get(name, name): value for name, value in values.items()}
    return {**dict.fromkeys(COLUMNS), "identifikator": identifier, "indhold": text, **given}


def delivery_parquet(rows: Iterable[Mapping[str, object]], schema: Any = None, **options: Any) -> bytes:
    """Return the rows as a Parquet file."""
    held = [dict(each) for each in rows]
    table = pa.Table.from_pylist(held, schema=schema)
    if schema is None and not held:
        table = pa.table({name: pa.array([], pa.string()) for name in COLUMNS})
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def zipped(files: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """Return the files as a ZIP, deflated or as they are."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, archive.compression)
    return sink.getvalue()


def delivery_zip(rows: Iterable[Mapping[str, object]], *, stored: bool = False, **options: Any) -> bytes:
    """Return the rows as the delivery: one ZIP with one Parquet file."""
    return zipped({"14004.parquet": delivery_parquet(rows, **options)}, stored=stored)


class RigsarkivetStandIn(HttpStandIn):
    """The server. It knows neither ranges nor conditions, and sends no length."""

    def __init__(self) -> None:
        super().__init__(ranges=False)
        self._visits = 0
        self._state = ""
        self._zip = b""
        self.handle(LANDING, self._landing)
        self.handle(DOWNLOAD, lambda _: Answer(200, {"Content-Type": "application/zip"}, self._zip))

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def publish(self, content: bytes, state: str = "") -> None:
        """Put a new ZIP in the place of the old one, and words on the landing page that say so."""
        self._zip, self._state = content, state

    def downloads(self) -> int:
        """Return how often the ZIP was asked for."""
        return sum(request.path == DOWNLOAD for request in self.requests)

    def respond(self, request: Request, wire: Wire) -> None:
        """Answer one request; the ZIP in chunks, unless it was told to misbehave."""
        if request.path == DOWNLOAD and not self._faults.get(DOWNLOAD):
            self.fault(DOWNLOAD, chunked())
        super().respond(request, wire)

    def _landing(self, _: Request) -> Answer:
        self._visits += 1
        page = _PAGE.format(nonce=f"{self._visits:08x}", visits=1000 + 7 * self._visits, state=self._state)
        return Answer(200, {"Content-Type": HTML}, page.encode())


def chunked(*, broken_after: int | None = None) -> Fault:
    """Send the answer in chunks without a length; reset the connection after so many bytes."""

    def act(wire: Wire, answer: Answer) -> None:
        kept = {k: v for k, v in answer.headers.items() if k.lower() not in ("content-length", "accept-ranges", "etag")}
        wire.head(Answer(answer.status, {**kept, "Transfer-Encoding": "chunked"}))
        body = answer.body[:broken_after]
        for at in range(0, len(body), 65_536):
            piece = body[at : at + 65_536]
            wire.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if broken_after is not None:
            wire.pause(0.05)  # a reset overtakes what the client has not read yet
            wire.reset()
        else:
            wire.write(b"0\r\n\r\n")

    return Fault(act)
