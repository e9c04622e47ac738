"""What ODA says of a document: the facts that are archived beside its file, and nothing else.

Facts that nobody uses are left out, so that a change of them changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from frisat.documents import JSON
from sources._oda.files import File
from sources._oda.names import ODA
from sources._oda.odata import by_id
from sources._oda.wire import Row, parse_time
from sources.collecting import Visit

EXPAND: Final = ("Fil", "SagDokument/Sag", "DokumentAktør/Aktør")
SELECT: Final = (
    "typeid", "kategoriid", "statusid", "offentlighedskode", "titel", "dato", "modtagelsesdato", "frigivelsesdato",
    "paragraf", "paragrafnummer", "spørgsmålsordlyd", "spørgsmålstitel", "spørgsmålsid", "Fil/id", "Fil/titel",
    "Fil/versionsdato", "Fil/filurl", "Fil/opdateringsdato", "Fil/variantkode", "Fil/format", "SagDokument/id",
    "SagDokument/bilagsnummer", "SagDokument/Sag/id", "SagDokument/Sag/typeid", "SagDokument/Sag/titel",
    "SagDokument/Sag/nummer", "SagDokument/Sag/periodeid", "DokumentAktør/id", "DokumentAktør/rolleid",
    "DokumentAktør/Aktør/typeid", "DokumentAktør/Aktør/navn",
)  # fmt: skip
"""Actors come with a biography each, which would be most of what is sent."""

PRIVATE: Final = "Privatperson"
"""ODA's type of actors who act for nobody but themselves: their names are not kept, nor of those of an unknown type."""

_BLIND_COPY: Final = "bcc"
_TABLES: Final = {
    "Dokumenttype": "type",
    "Dokumentkategori": "kategori",
    "Dokumentstatus": "status",
    "DokumentAktørRolle": "rolle",
    "Aktørtype": "type",
    "Sagstype": "type",
    "Periode": "kode",
}

Label = Callable[[str, object], str | None]
"""Gives the word for an id of a table, ``Dokumenttype`` 13; ``None`` where there is none."""


class Labels:
    """The words for ODA's ids; each table is asked for when it is first needed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._tables: dict[str, dict[int, str | None]] = {}

    def __call__(self, table: str, identity: object) -> str | None:
        if table not in self._tables:
            name = _TABLES[table]
            found = by_id(self._visit, ODA, table, select=(name,))
            self._tables[table] = {row["id"]: line(row.get(name)) for row in found}
        return self._tables[table].get(identity) if isinstance(identity, int) else None


def words_of(row: Row) -> Label:
    """Return a label that knows what was expanded in ``row`` itself, for rows that came without their service."""

    def label(table: str, identity: object) -> str | None:
        there = row.get(table)
        return line(there.get(_TABLES[table])) if isinstance(there, dict) and there.get("id") == identity else None

    return label


def describe(row: Row, label: Label, file: File | None = None) -> dict[str, JSON]:
    """Return the facts of the document in ``row``, and of ``file``, one of its files. What is not known is left out."""
    question = row.get("spørgsmålsid")
    return kept(
        {
            "id": row["id"],
            "title": line(row.get("titel")),
            "type": label("Dokumenttype", row.get("typeid")),
            "category": label("Dokumentkategori", row.get("kategoriid")),
            "status": label("Dokumentstatus", row.get("statusid")),
            "date": _day(row.get("dato")),
            "received": _day(row.get("modtagelsesdato")),
            "released": _day(row.get("frigivelsesdato")),
            "paragraph": line(f"{row.get('paragraf') or ''} {row.get('paragrafnummer') or ''}"),
            "question_title": line(row.get("spørgsmålstitel")),
            "answers": question if question != row["id"] else None,
            "cases": [_case(link, label) for link in _linked(row.get("SagDokument"), "Sag")],
            "actors": _actors(row, label),
            "file": kept(
                {
                    "id": file.id,
                    "title": line(file.title),
                    "format": line(file.format),
                    "variant": line(file.variant),
                    "date": _day(file.dated),
                }
            )
            if file
            else None,
        }
    )


def own_wording(row: Row) -> str | None:
    """Return the wording of the question that a document is; of an answer, which repeats it, nothing."""
    wording = (row.get("spørgsmålsordlyd") or "").strip()
    return wording if wording and row.get("spørgsmålsid") in (None, row["id"]) else None


def kept(values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return ``values`` without those that say nothing."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def line(text: object) -> str | None:
    """Return ``text`` on one line; ``None`` where there is nothing in it."""
    return " ".join(text.split()) or None if isinstance(text, str) else None


def _case(link: Row, label: Label) -> JSON:
    case = link["Sag"]
    return kept(
        {
            "id": case.get("id"),
            "number": line(case.get("nummer")),
            "title": line(case.get("titel")),
            "type": label("Sagstype", case.get("typeid")),
            "session": label("Periode", case.get("periodeid")),
            "attachment": line(link.get("bilagsnummer")),
        }
    )


def _actors(row: Row, label: Label) -> list[JSON]:
    """Return who had to do with a document, in the publisher's order; of private persons only that they are."""
    found: list[JSON] = []
    for link in _linked(row.get("DokumentAktør"), "Aktør"):
        role, kind = label("DokumentAktørRolle", link.get("rolleid")), label("Aktørtype", link["Aktør"].get("typeid"))
        name = line(link["Aktør"].get("navn")) if kind not in (None, PRIVATE) else None
        actor = cast(JSON, kept({"role": role, "type": kind, "name": name}))
        if actor and actor not in found and (role or "").lower() != _BLIND_COPY:
            found.append(actor)
    return found


def _linked(links: list[Row] | None, target: str) -> list[Row]:
    """Return links whose target is there, in the order they were made: a row may come before what it points to."""
    there = [link for link in links or () if isinstance(link.get(target), dict)]
    return sorted(there, key=lambda link: link.get("id") or 0)


def _day(text: object) -> str | None:
    """Return the day of one of ODA's times; placeholders are no day."""
    moment = parse_time(text)
    return moment.date().isoformat() if moment and 1849 <= moment.year <= 2100 and moment.year != 1900 else None
