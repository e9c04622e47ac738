"""The Folketing's open data service and the site that holds its files, with an invented parliament's documents.

    with FolketingetStandIn() as server:
        server.publish(7, "Svar", "Om broen", [("svar.pdf", pdf("Broen står."))])
        harvest_from(workspace, "folketinget-dokumenter", server.mirrors)

Times of change are counted by ``server.now``, which each change moves on by a minute.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from tests.standins.http import HTML
from tests.standins.odata import ODataStandIn, Row

TABLES: Mapping[str, tuple[str, Mapping[int, str]]] = {
    "Dokumenttype": ("type", {12: "Bilag", 13: "Spørgsmål", 17: "Svar", 21: "Forslagstekst", 22: "Dagsorden"}),
    "Dokumentkategori": ("kategori", {31: "Lovforslag", 36: "Alm. del"}),
    "Dokumentstatus": ("status", {1: "Endeligt", 4: "Tilbagetaget"}),
    "DokumentAktørRolle": ("rolle", {1: "Afsender", 4: "Besvaret af", 6: "Spørger", 8: "Til", 17: "BCC"}),
    "Aktørtype": ("type", {3: "Udvalg", 5: "Person", 8: "Ministerium", 10: "Organisation", 12: "Privatperson"}),
    "Sagstype": ("type", {3: "Lovforslag", 9: "Alm. del"}),
    "Periode": ("kode", {160: "20401", 161: "20402"}),
}
ACTORS = {
    1: (8, "Broministeriet"),
    2: (5, "Karla Kaj"),
    3: (3, "Broudvalget"),
    4: (12, "Jens Opdigtet"),
    5: (10, "Brovennerne"),
}
CASES = {50: (3, "L 7", "Forslag til lov om broer", 160), 51: (9, "BRU", "Broudvalgets almindelige del", 161)}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {"pdf": "application/pdf", "docx": _DOCX, "htm": HTML, "html": HTML}
_OLD = "2040-10-01T00:00:00"
_SITE = "https://www.ft.dk/samling/20401/almdel/BRU/bilag"


class FolketingetStandIn(ODataStandIn):
    """Both, on one server: the service at ``api/``, the files at ``www/``."""

    def __init__(self, **habits: Any) -> None:
        entities: dict[str, list[Row]] = {
            table: [{"id": number, word: text, "opdateringsdato": _OLD} for number, text in words.items()]
            for table, (word, words) in TABLES.items()
        }
        entities |= {name: [] for name in ("Dokument", "Fil", "SagDokument", "DokumentAktør")}
        entities["Aktør"] = [
            {"id": n, "typeid": kind, "navn": name, "biografi": f"<member>{n}</member>" * 50, "opdateringsdato": _OLD}
            for n, (kind, name) in ACTORS.items()
        ]
        entities["Sag"] = [
            {"id": n, "typeid": kind, "nummer": number, "titel": title, "periodeid": period, "opdateringsdato": _OLD}
            for n, (kind, number, title, period) in CASES.items()
        ]
        super().__init__(entities, **habits)
        self.now = datetime(2041, 2, 1, 8, tzinfo=UTC)

    @property
    def mirrors(self) -> dict[str, str]:
        """What leads the publisher's addresses here."""
        return {"https://oda.ft.dk/api/": self.base, "https://www.ft.dk/": f"{self.url}www/"}

    def tick(self) -> str:
        """Let a minute pass, and return the time as the service writes it."""
        self.now += timedelta(minutes=1)
        return (self.now + timedelta(hours=1)).replace(tzinfo=None).isoformat()

    def publish(
        self,
        number: int,
        kind: str,
        title: str,
        files: Sequence[tuple[str, bytes]] = (),
        *,
        actors: Sequence[tuple[int, str]] = (),
        cases: Sequence[int] = (50,),
        **more: Any,
    ) -> None:
        """Publish a document, or a new state of it; its files are named by number, 10 times the document's and on."""
        kinds = {text: n for n, text in TABLES["Dokumenttype"][1].items()}
        roles = {text: n for n, text in TABLES["DokumentAktørRolle"][1].items()}
        stamp = self.tick()
        row = {
            "id": number, "typeid": kinds[kind], "kategoriid": 36, "statusid": 1, "offentlighedskode": "O",
            "titel": title, "dato": "2041-01-15T00:00:00", "modtagelsesdato": None,
            "frigivelsesdato": "2041-01-16T09:30:00", "paragraf": "", "paragrafnummer": "",
            "spørgsmålsordlyd": None, "spørgsmålstitel": "", "spørgsmålsid": None,
            "procedurenummer": "", "grundnotatstatus": "", "opdateringsdato": stamp,
        }  # fmt: skip
        self.put("Dokument", {**row, **more})
        self.entities["Fil"] = [file for file in self.entities["Fil"] if file["dokumentid"] != number]
        for place, (name, body) in enumerate(files):
            self.upload(number, number * 10 + place, name, body)
        for name in ("SagDokument", "DokumentAktør"):
            self.entities[name] = [link for link in self.entities[name] if link["dokumentid"] != number]
        for place, case in enumerate(cases):
            link = {"id": number * 10 + place, "dokumentid": number, "sagid": case, "bilagsnummer": "3", "rolleid": 1}
            self.put("SagDokument", {**link, "opdateringsdato": stamp})
        for place, (actor, role) in enumerate(actors):
            link = {"id": number * 10 + place, "dokumentid": number, "aktørid": actor, "rolleid": roles[role]}
            self.put("DokumentAktør", {**link, "opdateringsdato": stamp})

    def upload(self, document: int, number: int, name: str, body: bytes, **more: Any) -> None:
        """Put a file on the site and into the service; a later one of its number takes its place."""
        stem, _, ending = name.rpartition(".")
        path = f"{document}/{number}.{ending}"
        stamp = self.tick()
        row = {
            "id": number, "dokumentid": document, "titel": f"{stem}.{ending}", "versionsdato": stamp,
            "filurl": f"{_SITE}/{path}", "opdateringsdato": stamp, "variantkode": "P", "format": ending.upper(),
        }  # fmt: skip
        self.put("Fil", {**row, **more})
        self.add(f"www/samling/20401/almdel/BRU/bilag/{path}", body, **_described(ending, body))

    def asked_for(self, what: str) -> list[str]:
        """Return the paths that were asked for and begin with ``what``: "api" or "www"."""
        return [request.path for request in self.requests if request.path.startswith(f"/{what}/")]


def _described(ending: str, body: bytes) -> dict[str, Any]:
    tag = hashlib.sha256(body).hexdigest()[:16]
    return {"content_type": _TYPES.get(ending, "text/plain"), "headers": {"ETag": f'"{tag}"'}}


def pdf(*paragraphs: str, title: str | None = None) -> bytes:
    """Return a PDF of A4 pages with these paragraphs."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    flow: list[Any] = [Paragraph(escape(title), styles["Heading1"])] if title else []
    for text in paragraphs:
        flow += [Paragraph(escape(text), styles["BodyText"]), Spacer(1, 10)]
    sink = io.BytesIO()
    SimpleDocTemplate(sink, invariant=1).build(flow)
    return sink.getvalue()


def docx(*paragraphs: str) -> bytes:
    """Return a DOCX with these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_DOCX}.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2041, 1, 1, 0, 0, 0)), text)
    return sink.getvalue()


def page(title: str, *paragraphs: str) -> bytes:
    """Return a page of the site with these paragraphs in its frame."""
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="da"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>'
        f"<nav><a href='/'>Forside</a> <a href='/da'>Dokumenter</a></nav><main><h1>{escape(title)}</h1>{body}</main>"
        "<footer>Kontakt</footer></body></html>"
    ).encode()
