"""The Folketing's open data service, ODA: where it is, and what its entities hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sources._oda.wire import Service

ODA: Final = Service(
    base="https://oda.ft.dk/api/",
    stamp="opdateringsdato",
    zone=ZoneInfo("Europe/Copenhagen"),
    fields={
        "Aktørtype": ("id", "type"),
        "Dokument": (
            "id", "typeid", "kategoriid", "statusid", "offentlighedskode", "titel", "dato", "modtagelsesdato",
            "frigivelsesdato", "paragraf", "paragrafnummer", "spørgsmålsordlyd", "spørgsmålstitel", "spørgsmålsid",
            "procedurenummer", "grundnotatstatus",
        ),
        "DokumentAktørRolle": ("id", "rolle"),
        "Dokumentkategori": ("id", "kategori"),
        "Dokumentstatus": ("id", "status"),
        "Dokumenttype": ("id", "type"),
        "Fil": ("id", "dokumentid", "titel", "versionsdato", "filurl", "variantkode", "format"),
        "Møde": (
            "id", "titel", "lokale", "nummer", "dagsordenurl", "starttidsbemærkning", "offentlighedskode", "dato",
            "statusid", "typeid", "periodeid",
        ),
        "Mødestatus": ("id", "status"),
        "Mødetype": ("id", "type"),
        "Periode": ("id", "startdato", "slutdato", "type", "kode", "titel"),
        "Sagstype": ("id", "type"),
    },
)  # fmt: skip
"""The service, with those of its fields that are asked for, from its ``$metadata``; all have ``opdateringsdato`` too.

An unknown field in a filter is not refused but makes ODA forget the filter: no other field is ever sent.
"""


def in_utc(local: datetime) -> datetime:
    """Return one of ODA's times, which are local and say no zone, as UTC.

    Of the hour that comes twice in autumn the first is meant; an hour that spring skips is read as if it had not been.
    """
    return local.replace(tzinfo=ODA.zone, fold=0).astimezone(UTC)
