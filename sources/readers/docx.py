"""Text out of DOCX files from strangers, by reading their XML directly.

python-docx was tried: it passes over inserted text (``w:ins``) and content controls (``w:sdt``), which is where
ministries' templates hold titles and answers. The reader runs in a process of its own (:mod:`sources.readers.guard`),
follows no relation that leaves the file, and runs no field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from frisat.documents import JSON
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources.readers.guard import guarded

if TYPE_CHECKING:
    from sources.readers._docx_text import Reader
    from sources.readers._zip_parts import Parts

SECONDS: Final = 60.0
SECONDS_PER_MB: Final = 10.0
MEGABYTES: Final = 2048
_OTHERS: Final = {"xl/": "a spreadsheet", "ppt/": "a presentation", "content.xml": "an OpenDocument file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocxText:
    """The text of a DOCX.

    ``left_out`` counts the characters that are not in ``text``, by kind: ``head``, ``foot``, ``deleted``, ``hidden``,
    ``comment``.
    """

    text: str
    left_out: Mapping[str, int]


def read_docx(body: bytes) -> DocxText:
    """Return the text of a DOCX: paragraphs, lists with their numbers, rows as lines with " | ", notes at the end.

    Inserted text of tracked changes is in, deleted text is out; text boxes follow the paragraph they hang on.

    Raises:
        NotTextError: no Word document.
        EmptyRecordError: no bytes, or no text in it.
        BrokenRecordError: cut short, encrypted, malformed, beyond reason, or not read within its time and memory.
    """
    seconds = SECONDS + SECONDS_PER_MB * len(body) / 1_000_000
    value: Any = guarded(_text, body, seconds=seconds, megabytes=MEGABYTES)
    return DocxText(text=value["text"], left_out=value["left_out"])


def _text(body: bytes) -> dict[str, JSON]:
    """Read the text. In the guarded process, as is all below."""
    from sources.readers._blocks import together
    from sources.readers._docx_numbers import Numbers
    from sources.readers._docx_text import Reader, note_texts
    from sources.readers._zip_parts import Parts

    parts = Parts(body)
    name = _main_part(parts)
    folder = name.rpartition("/")[0]
    root = parts.xml(name)
    if root is None:
        raise NotTextError(_what_else(parts))
    reader = Reader(Numbers(parts.xml(f"{folder}/numbering.xml"), parts.xml(f"{folder}/styles.xml")))
    try:
        text = together(reader.blocks(root))
        notes = note_texts(reader, {kind: parts.xml(f"{folder}/{kind}s.xml") for kind in ("footnote", "endnote")})
    except RecursionError as error:
        raise BrokenRecordError("nests elements too deeply to be read") from error
    if not text:
        raise EmptyRecordError("is a Word document without text")
    _count_others(parts, folder, reader)
    return {
        "text": "\n\n".join([text, "Noter\n" + "\n".join(notes)] if notes else [text]),
        "left_out": {kind: count for kind, count in sorted(reader.left_out.items()) if count},
    }


def _main_part(parts: Parts) -> str:
    """Return the name of the part that holds the text, as the relations of the file name it."""
    from sources.readers._docx_names import attribute, children
    from sources.readers._zip_parts import relation_target

    root = parts.xml("_rels/.rels")
    for relation in children(root, "Relationship"):
        inside = attribute(relation, "TargetMode") != "External"
        if inside and (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return relation_target("", attribute(relation, "Target") or "")
    return "word/document.xml"


def _what_else(parts: Parts) -> str:
    for start, what in _OTHERS.items():
        if any(name.startswith(start) for name in parts.names):
            return f"is {what}, not a Word document"
    return f"is a ZIP without a Word document: {', '.join(parts.names[:3])[:120] or 'nothing in it'}"


def _count_others(parts: Parts, folder: str, reader: Reader) -> None:
    """Count what stands in running heads and feet and in comments."""
    from sources.readers._docx_text import characters

    for name in parts.names:
        kind = _KINDS.get(name.removeprefix(f"{folder}/").rstrip("0123456789.xml"))
        root = parts.xml(name) if kind and name.endswith(".xml") else None
        if kind and root is not None:
            reader.left_out[kind] += characters(root)


_KINDS: Final = {"header": "head", "footer": "foot", "comments": "comment"}
