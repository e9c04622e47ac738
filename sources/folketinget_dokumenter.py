"""Documents of the Folketing: bills, questions, answers, reports and enclosures, found through its open data service.

A record is one file of a document, or, of a question that has none, what the service says of it. What is known of
the service, and what is a guess, is in ``docs/sources/folketinget-dokumenter.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from frisat.documents import JSON, Document, LeftOut, Problem, Record
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from frisat.files import canonical_json
from sources._escaped_id import escaped
from sources._oda.columns import document
from sources._oda.documents import EXPAND, SELECT, describe, kept, own_wording, words_of
from sources._oda.files import File, choose
from sources._oda.names import ODA
from sources._oda.odata import Row, began, rows, with_ids
from sources._oda.shelf import KEY, PUBLIC, Shelf, vanished
from sources._oda.wire import parse_page
from sources.collecting import Found, Gone, Visit
from sources.readers.docx import read_docx
from sources.readers.html import read_html
from sources.readers.media import sniff
from sources.readers.pdf import read_pdf

VERSION: int = 1

PACE: Final = {"oda.ft.dk": 0.25, "www.ft.dk": 1.0}

_SUFFIXES: Final = (".pdf", ".docx", ".htm", ".html", ".json", ".jsonl")
_SESSION: Final = re.compile(r"(?:^|/)samling/([0-9]{5})/", re.IGNORECASE)


def accepts(path: str) -> bool:
    """Say whether ``path`` in a delivery is a file of a document, or what the service says of documents."""
    hidden = any(name.startswith((".", "__MACOSX")) for name in path.split("/"))
    return path.lower().endswith(_SUFFIXES) and not hidden


# --- the way in -------------------------------------------------------------------------------------------------------


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Ask for the documents that changed, those whose files changed, and now and then for what is gone.

    A new file need not change its document, so files are asked for too; not the first time, when all documents come.

    Raises:
        FetchError: the service cannot be had, or does something else than it was asked for.
    """
    shelf = Shelf(visit)
    first, seen = "files" not in visit.cursor, set[int]()
    for row in rows(visit, ODA, "Dokument", cursor_key="documents", expand=EXPAND, select=SELECT):
        seen.add(row["id"])
        yield from shelf.take(row)
    if first:
        visit.cursor["files"] = began(visit, ODA).isoformat()
    else:
        files = rows(visit, ODA, "Fil", cursor_key="files", select=("dokumentid",))
        touched = {row["dokumentid"] for row in files if isinstance(row.get("dokumentid"), int)} - seen
        for row in with_ids(visit, ODA, "Dokument", touched, expand=EXPAND, select=SELECT):
            yield from shelf.take(row)
    yield from vanished(visit)
    shelf.tell()


# --- the documents ----------------------------------------------------------------------------------------------------


def extract(record: Record) -> Iterator[Document | LeftOut | Problem]:
    """Read the text of a file, whatever kind its bytes are of, or the questions in what the service says.

    Raises:
        NotTextError: it is something else than PDF, DOCX, HTML or the service's JSON, or has no text layer.
        EmptyRecordError: there is no text in it.
        BrokenRecordError: damaged, hostile, or beyond reason.
    """
    body = record.read()
    if body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _questions(record, body)
        return
    text, title, left_out, more = _read(body)
    for kind, characters in sorted(left_out.items()):
        if characters:
            yield LeftOut(kind=kind, characters=characters)
    yield document(_identity(record.key), text, record.context or _of_path(record.key, title), record.url, more)


def _read(body: bytes) -> tuple[str, str | None, Mapping[str, int], dict[str, JSON]]:
    """Return text, title, what was left out, and further details."""
    media = sniff(body)
    if media == "pdf":
        pdf = read_pdf(body)
        return pdf.text, None, pdf.left_out, {"pages_without_text": pdf.pages_without_text or None}
    if media == "docx":
        docx = read_docx(body)
        return docx.text, None, docx.left_out, {}
    if media == "html":
        html = read_html(body)
        return html.text, html.title, html.left_out, {}
    if not body:
        raise EmptyRecordError("holds no bytes")
    raise NotTextError(f"is no PDF, DOCX or HTML: its bytes say '{media}', and begin {body[:12]!r}")


def _questions(record: Record, body: bytes) -> Iterator[Document | Problem]:
    """Yield the questions without a file that rows of ``Dokument`` hold: a page, one entity, or one row a line."""
    described = 0
    gave = False
    for part in _parts(body):
        try:
            found = parse_page(part, 0).rows
        except ValueError as error:
            yield Problem(error=BrokenRecordError(str(error)), content=part)
            continue
        for row in found:
            described += 1
            try:
                question = _question(row, record)
            except RecordError as error:
                yield Problem(error=error, content=canonical_json(row).encode(errors="replace"))
                continue
            if question:
                gave = True
                yield question
    if described and not gave:
        raise EmptyRecordError(f"describes {described:,} documents, none of them a public question without a file")


def _parts(body: bytes) -> list[bytes]:
    """Return what is JSON by itself: the whole, or each line where the first one is.

    Raises:
        BrokenRecordError: neither.
    """
    plain = body.removeprefix(b"\xef\xbb\xbf")
    if _is_json(plain):
        return [plain]
    lines = [line for line in plain.splitlines() if line.strip()]
    if len(lines) < 2 or not _is_json(lines[0]):
        raise BrokenRecordError(f"begins like JSON and is none: {body[:40]!r}")
    return lines


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _question(row: Row, record: Record) -> Document | None:
    """Return the question in ``row``; nothing if it is none, not public, or has a file that holds its text.

    Raises:
        BrokenRecordError: it is no row of ``Dokument``.
    """
    try:
        files = [File.of(file) for file in row.get("Fil") or ()]
        wording = own_wording(row)
        facts = record.context or describe(row, words_of(row))
        if type(row["id"]) is not int:
            raise TypeError("its 'id' is no number")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BrokenRecordError(f"holds a row that is none of 'Dokument': {str(error)[:200]}") from error
    if wording is None or row.get("offentlighedskode") != PUBLIC or choose(files):
        return None
    url = record.url or ODA.address(f"Dokument({row['id']})")
    return document(f"{row['id']}/ordlyd", "\n".join(wording.splitlines()), facts, url, {})


def _identity(key: str) -> str:
    """Return the id of a file's text: ODA's numbers; of a file under another name, its path."""
    found = KEY.fullmatch(key)
    if found and found[2]:
        return f"{found[1]}/{found[2]}"
    return "/".join(escaped(part) for part in key.split("/") if part)


def _of_path(key: str, title: str | None) -> dict[str, JSON]:
    """Return the few facts that a file that came alone tells: the title of a page, the session in the site's paths."""
    session = _SESSION.search(key)
    return kept({"title": title, "cases": [{"session": session[1]}] if session else []})
