"""Danish acts from Retsinformation, in the publisher's LexDania 2.1 XML: one document per act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from lxml import etree

from frisat.documents import JSON, Document, LeftOut, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources._retsinformation.act_references import amended_acts, consolidated_acts, short_name
from sources._retsinformation.lexdania import act_text
from sources._retsinformation.names import SITE, TYPES, type_of
from sources._retsinformation.visit import collect
from sources.readers.xml import parse_xml

__all__ = ["PACE", "VERSION", "accepts", "collect", "extract"]

VERSION = 3
PACE: Final = {"api.retsinformation.dk": 10.0, "www.retsinformation.dk": 1.0, "retsinformation.dk": 1.0}
"""The harvest service asks for ten seconds; of the site nothing is stated, and faster clients have been refused."""

_JOURNALS: Final = {
    "lovtidende a": "lta",
    "lovtidende b": "ltb",
    "lovtidende c": "ltc",
    "ministerialtidende": "mt",
}
"""ELI domains whose documents have a year and a number in the journal that announced them."""

_ACCESSION: Final = re.compile(r"[A-Z0-9]{5,20}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}")
_YEAR: Final = re.compile(r"1[0-9]{3}|2[0-9]{3}")

_FACTS: Final = {
    "status": "Status",
    "accession_number": "AccessionNumber",
    "document_id": "DocumentId",
    "short_name": "DokumentKortNavn",
    "popular_title": "PopularTitle",
    "ministry": "Ministry",
    "authority": "AdministrativeAuthority",
    "journal_number": "JournalNumber",
    "announced_in": "AnnouncedIn",
    "place_of_signature": "PlaceOfSignature",
}
"""Details that are one element of ``Meta`` each."""


def accepts(path: str) -> bool:
    """Say whether ``path`` in a delivery is an act: an XML file that is not hidden."""
    names = path.split("/")
    return names[-1].lower().endswith(".xml") and not any(name.startswith((".", "__MACOSX")) for name in names)


def extract(record: Record) -> Iterator[Document | LeftOut]:
    """Read the act in ``record``: exactly one document.

    Raises:
        NotTextError: the record is something else than a LexDania document, or of another type than this source has.
        EmptyRecordError: the document has no text beside its title.
        BrokenRecordError: malformed, nested too deeply, or without the metadata that identify an act.
    """
    root = parse_xml(record.read())
    if root.tag != "Dokument":
        raise NotTextError(f"is XML with the root '{str(root.tag)[:80]}', not LexDania's 'Dokument'")
    meta = _Meta(root)
    kind, full = meta.document_type()
    if kind not in TYPES:
        raise NotTextError(f"{meta.name} is of the type {full[:40]!r}; this source has {' and '.join(TYPES)} only")
    try:
        text = act_text(root)
        details = _details(root, meta)
    except RecursionError as error:
        raise BrokenRecordError("nests elements too deeply to be read") from error
    if not text:
        raise EmptyRecordError(f"{meta.name} holds no text beside its title")
    path = meta.eli()
    yield Document(
        id=f"retsinformation/{path}",
        text=text,
        title=meta.first("DocumentTitle"),
        created=meta.signed(),
        url=f"{SITE}/{path}",
        document_type=kind,
        details=details,
    )


class _Meta:
    """What ``Meta`` says of a document. A backslash and an ``n`` are how it writes the end of a line."""

    __slots__ = ("later", "values")

    def __init__(self, root: etree._Element) -> None:
        meta = root.find("Meta")
        if meta is None:
            raise BrokenRecordError("has no 'Meta' element, so nothing says which act it is")
        self.values: dict[str, list[str]] = {}
        for child in meta:
            text = _one_line(child.text)
            if text:
                self.values.setdefault(child.tag, []).append(text)
        names = (_one_line(name.text) for name in meta.iterfind("AendresAf/Dokument/KortNavn"))
        self.later = list(dict.fromkeys(name for text in names if (name := short_name(text))))

    @property
    def name(self) -> str:
        """What to call the document in a message."""
        return self.first("DokumentKortNavn") or self.first("AccessionNumber") or "the document"

    def first(self, tag: str) -> str | None:
        """Return the first value of an element that has one."""
        values = self.values.get(tag)
        return values[0] if values else None

    def document_type(self) -> tuple[str, str]:
        """Return the type, "LOV", and the publisher's full name of it, "LOV Æ" (an amending act)."""
        full = (self.first("DocumentType") or "").partition("#")[0].strip()
        if not full:
            raise BrokenRecordError(f"{self.name} has no 'DocumentType' in its 'Meta'")
        return type_of(full), full

    def eli(self) -> str:
        """Return the path of the document's European Legislation Identifier.

        Documents announced in Lovtidende or Ministerialtidende have a year and a number there. All others go by
        their accession number, under the alias that the publisher's own change feed uses: their numbers are not
        unique in every year.
        """
        domain = _JOURNALS.get((self.first("AnnouncedIn") or "").lower())
        year, number = self.first("Year") or "", self.first("Number") or ""
        if domain:
            if _YEAR.fullmatch(year) and _NUMBER.fullmatch(number):
                return f"eli/{domain}/{year}/{int(number)}"
            raise BrokenRecordError(
                f"{self.name} has no usable 'Year' and 'Number' in its 'Meta': {year!r}, {number!r}"
            )
        accession = self.first("AccessionNumber") or ""
        if not _ACCESSION.fullmatch(accession):
            raise BrokenRecordError(
                f"{self.name} was announced in no journal that numbers its documents, and its 'Meta' has no usable "
                f"'AccessionNumber' ({accession[:40]!r})"
            )
        return f"eli/accn/{accession}"

    def day(self, tag: str) -> date | None:
        """Return a date, or nothing where there is none or it is no date."""
        try:
            return date.fromisoformat(self.first(tag) or "")
        except ValueError:
            return None

    def signed(self) -> tuple[date, date] | None:
        """Return the day of signature; nothing where it contradicts the year the act is numbered in."""
        day, year = self.day("DiesSigni"), self.first("Year") or ""
        if day is None or (_YEAR.fullmatch(year) and not 0 <= int(year) - day.year <= 1):
            return None
        return day, day


def _one_line(text: str | None) -> str:
    return " ".join((text or "").replace("\\n", " ").split())


def _details(root: etree._Element, meta: _Meta) -> dict[str, JSON]:
    """Return the facts of an act that have no column, absent ones left out."""
    kind, full = meta.document_type()
    amends = amended_acts(root) if kind == "LOV" else []
    amending = full == "LOV Æ" or bool(amends)
    published, historic = meta.day("DiesEdicti"), meta.day("DateOfHistoricMark")
    consolidates, incorporates = consolidated_acts(root) if kind == "LBK" else ([], [])
    consolidations = [name for name in meta.later if name.startswith("LBK ")]
    values: dict[str, str | list[str] | None] = {
        **{key: meta.first(tag) for key, tag in _FACTS.items()},
        "document_type_full": full,
        "published": published.isoformat() if published else None,
        "historic_since": historic.isoformat() if historic else None,
        "subjects": meta.values.get("Subject"),
        "eu_references": meta.values.get("EuReferences"),
        "signatures": meta.values.get("Signature"),
        "amends": amends,
        "consolidates": consolidates,
        "incorporates": incorporates,
        "replaced_by": None if amending else consolidations,
        "consolidated_in": consolidations if amending else None,
        "amended_by": [name for name in meta.later if not name.startswith("LBK ")],
    }
    return {key: list(value) if isinstance(value, list) else value for key, value in values.items() if value}
