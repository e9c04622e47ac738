"""From what ODA says of a document to the columns of the one that is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from frisat.documents import JSON, Document
from frisat.errors import EmptyRecordError
from sources._oda.documents import kept

NAME: Final = "folketinget-dokumenter"

_WROTE: Final = ("Afsender", "Afgivet af", "Forslagsstiller", "Stiller", "Stiller/MFU")
_ANSWER: Final = "Svar"


def document(identity: str, text: str, facts: Mapping[str, Any], url: str | None, more: Mapping[str, JSON]) -> Document:
    """Return the document ``identity`` with this ``text`` and these ``facts`` (of ``describe``); ``more`` are details.

    Raises:
        EmptyRecordError: the text is empty.
    """
    if not text.strip():
        raise EmptyRecordError("holds no text")
    case: Mapping[str, Any] = next(iter(facts.get("cases", ())), {})
    day = facts.get("date")
    return Document(
        id=f"{NAME}/{identity}",
        text=text,
        title=facts.get("title"),
        created=(date.fromisoformat(day), date.fromisoformat(day)) if day else None,
        url=url,
        document_type=facts.get("type"),
        parent_id=f"{NAME}/sag/{case['id']}" if "id" in case else None,
        author="; ".join(_authors(facts)) or None,
        details=kept({**_details(facts, case), **more}),
    )


def _writers(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the actors whose words a document holds: those of the first role that there is.

    An answer names who asked as well, and a question who is to answer.
    """
    roles = (*_WROTE, "Besvaret af") if facts.get("type") == _ANSWER else ("Spørger", *_WROTE)
    actors = facts.get("actors", ())
    found = ([actor for actor in actors if actor.get("role") == role] for role in roles)
    return next(filter(None, found), [])


def _authors(facts: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(actor["name"] for actor in _writers(facts) if "name" in actor))


def _details(facts: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, JSON]:
    file, cases = facts.get("file", {}), facts.get("cases", ())
    names = [" ".join(filter(None, (one.get("session"), one.get("number")))) for one in cases]
    actors = [
        f"{actor.get('role', '?')}: {actor.get('name') or actor.get('type', '?')}" for actor in facts.get("actors", ())
    ]
    answers = facts.get("answers")
    return {
        **{
            key: facts.get(key) for key in ("category", "status", "received", "released", "paragraph", "question_title")
        },
        "document": str(facts["id"]) if "id" in facts else None,
        "session": case.get("session"),
        "case": case.get("number"),
        "case_title": case.get("title"),
        "case_type": case.get("type"),
        "attachment": case.get("attachment"),
        "cases": [*filter(None, names)] if len(cases) > 1 else None,
        "answers": str(answers) if answers is not None else None,
        "sender_types": [*dict.fromkeys(actor["type"] for actor in _writers(facts) if "type" in actor)],
        "actors": [*actors],
        "file": str(file["id"]) if "id" in file else None,
        "file_title": file.get("title"),
        "file_format": file.get("format"),
        "file_variant": file.get("variant"),
        "file_date": file.get("date"),
    }
