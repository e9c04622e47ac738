"""Text out of HTML files from strangers: paragraphs, headings, lists and tables; no navigation, forms or scripts.

The parser (libxml2's, which mends what browsers mend) runs in a process of its own (:mod:`sources.readers.guard`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from frisat.documents import JSON
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources.readers.guard import guarded

SECONDS: Final = 60.0
SECONDS_PER_MB: Final = 10.0
MEGABYTES: Final = 2048
MAX_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlText:
    """The text of a page, and its title as the browser's tab shows it.

    ``left_out`` counts the characters that are not in ``text``, by kind: ``navigation``, ``head``, ``foot``,
    ``form``, ``hidden``, ``deleted``, ``cookies``.
    """

    text: str
    title: str | None
    left_out: Mapping[str, int]


def read_html(body: bytes, charset: str | None = None) -> HtmlText:
    """Return the text of an HTML file.

    Args:
        body: the file.
        charset: what the server declared, if it did; a byte order mark, and text that is plainly UTF-8, go before it.

    Raises:
        NotTextError: no HTML, or a page that asks for a login or a proof that one is human, or reports an error.
        EmptyRecordError: no bytes, or a page without text (made by its scripts alone).
        BrokenRecordError: beyond reason, or not read within its time and memory.
    """
    if len(body) > MAX_BYTES:
        raise BrokenRecordError(f"is {len(body):,} bytes of HTML; more than {MAX_BYTES:,} are not read")
    seconds = SECONDS + SECONDS_PER_MB * len(body) / 1_000_000
    prefix = f"{charset or ''}\n".encode("ascii", "ignore")
    value: Any = guarded(_text, prefix + body, seconds=seconds, megabytes=MEGABYTES)
    return HtmlText(text=value["text"], title=value["title"], left_out=value["left_out"])


def _text(request: bytes) -> dict[str, JSON]:
    """Read the text. In the guarded process, as is all below."""
    from sources.readers._html_page import decoded, parse, refuse_walls, title_of
    from sources.readers._html_text import Reader
    from sources.readers.media import sniff

    charset, _, body = request.partition(b"\n")
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise EmptyRecordError("holds no bytes but white space")
    media = sniff(body)
    if media not in {"html", "text", "xml"}:
        raise NotTextError(f"is no HTML but {media.upper() if media != 'unknown' else 'something else'}: {body[:12]!r}")
    markup = decoded(body, charset.decode())
    root = parse(markup)
    reader = Reader(root)
    text, title = reader.text(), title_of(root)
    refuse_walls(markup, title or "", text)
    if not text:
        raise EmptyRecordError("shows no text without running its scripts" if "<script" in markup else "shows no text")
    return {"text": text, "title": title, "left_out": {k: n for k, n in sorted(reader.left_out.items()) if n}}
