"""All the real text of the samples, as the sources read it and, where no source does yet, as it stands in the files."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from frisat.documents import Document, LeftOut, Problem, Record
from frisat.errors import RecordError
from sources import adl, folketingstidende, retsinformation
from sources.deliveries import members
from sources.readers.xml import parse_xml

SAMPLES = Path(__file__).parents[2] / "shared/data"

_Extract = Callable[[Record], Iterator[Document | LeftOut | Problem]]
_NOTES = re.compile(r"\(_[0-9A-Z]\)")


@dataclass(frozen=True, slots=True)
class RealText:
    """One text; ``collection`` says what it belongs to, ``id`` which one of it."""

    collection: str
    id: str
    text: str


def real_texts(samples: Path = SAMPLES) -> Iterator[RealText]:
    """Yield every text of the samples, in a fixed order.

    Printed proceedings come twice: as the source reads them, and as the lines of the print.
    """
    yield from extracted("adl", adl.extract, samples / "adl/adl_tei.tar.zst")
    yield from extracted(
        "retsinformation", retsinformation.extract, samples / "retsinformation/lexdania_love_2010-2017.tar.zst"
    )
    debates = samples / "folketinget/folketingstidende_pdftext_2022-2023.tar.zst"
    yield from extracted("folketingstidende", folketingstidende.extract, debates)
    for name, body in bodies(debates):
        yield RealText("debates as printed", name, body.decode())
    for name, body in bodies(samples / "legal_sources/legal_sources_nordic.tar.zst"):
        yield RealText(f"law {name.split('/')[1]}", name, json.loads(body).get("text") or "")
    for name, body in bodies(samples / "aarhus_city_archives/aarhus.tar.zst"):
        yield RealText("Aarhus", name, body.decode("utf-8-sig"))
    for folder, collection in (
        ("rigsarkivet/ehri_alto", "EHRI pages"),
        ("page_xml/reichsanzeiger_page_german", "PAGE"),
    ):
        for name, body in bodies(samples / f"{folder}.tar.zst"):
            yield RealText(collection, name, page_text(body))
    for name, body in bodies(samples / "kb/kb_newspapers_oai.tar.zst"):
        if name.endswith(".alto.xml"):
            yield RealText("newspapers 1795", name, page_text(body))
        elif name.endswith((".rss", ".json", ".tsv", ".xml")):
            yield RealText("catalogue data", name, _plain(name, body))
    for path in sorted((samples / "langid").glob("*.txt")):
        yield RealText(f"sentences {path.name[:2]}", path.name, path.read_text())


def bodies(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive in the order of their names."""
    found = [(m.path, b"".join(m.chunks())) for m in members(archive) if m.chunks is not None]
    yield from sorted(found)


def extracted(collection: str, extract: _Extract, archive: Path) -> Iterator[RealText]:
    """Yield the texts, and the titles as a collection of their own, of the documents that a source reads."""
    for document in documents(collection, extract, archive):
        yield RealText(collection, document.id, document.text)
        if document.title:
            yield RealText(f"{collection} titles", document.id, document.title)


def documents(source: str, extract: _Extract, archive: Path) -> Iterator[Document]:
    """Yield the documents that a source reads; records that cannot be read give none."""
    for name, body in bodies(archive):
        record = Record(
            source=source,
            key=name.rpartition("/")[2],
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            retrieved_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        try:
            for item in extract(record):
                if isinstance(item, Document):
                    yield item
        except RecordError:
            continue


def page_text(body: bytes) -> str:
    """Return the lines of a page in ALTO or PAGE XML as they stand, hyphens at line ends with them."""
    lines = []
    for line in parse_xml(body).iter("{*}TextLine"):
        words = [word.get("CONTENT", "") for word in line.iter("{*}String", "{*}HYP")]
        if words:
            hyphen = next(line.iter("{*}HYP"), None) is not None
            lines.append(" ".join(words[:-1]) + words[-1] if hyphen else " ".join(words))
        else:
            lines.append(next((e.text or "" for e in line.findall("{*}TextEquiv/{*}Unicode")), ""))
    return "\n".join(lines)


def _plain(name: str, body: bytes) -> str:
    """Return the text nodes of XML one a line, and other files as they stand."""
    if not name.endswith((".xml", ".rss")):
        return body.decode("utf-8-sig")
    try:
        root = etree.parse(io.BytesIO(body), etree.XMLParser(resolve_entities=False, recover=True)).getroot()
    except etree.XMLSyntaxError:
        return ""
    return "" if root is None else "\n".join(text.strip() for text in root.itertext() if text.strip())
