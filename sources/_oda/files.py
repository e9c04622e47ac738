"""The files of a document in ODA: where they are, and which of them holds its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from sources._oda.wire import Row
from sources.client.fetching import Kind

_HOST: Final = "ft.dk"
_MEDIA: Final[dict[str, Kind]] = {"pdf": "pdf", "docx": "docx", "htm": "html", "html": "html"}
_ORDER: Final[tuple[Kind, ...]] = ("pdf", "docx", "html")
_SAFE: Final = "/%:@!$&'()*+,;=~-._"
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One row of ``Fil``. ``url`` is ``None`` where there is none, or none of the Folketing's.

    ``media`` is what it promises to be, ``None`` if that is nothing that is read; ``kind`` is ``any`` where the
    publisher's word for it and its address say different things.
    """

    id: int
    url: str | None
    media: Kind | None
    kind: Kind
    title: str | None
    format: str | None
    variant: str | None
    version: str
    dated: str | None

    @classmethod
    def of(cls, row: Row) -> File:
        """Return the file that ``row`` is about."""
        url = official_url(row.get("filurl"))
        by_address = _MEDIA.get(_extension(urlsplit(url).path)) if url else None
        by_word = _MEDIA.get((row.get("format") or "").strip().lower())
        media = by_address or by_word
        return cls(
            id=row["id"],
            url=url,
            media=media,
            kind=media if media and by_address == by_word else "any",
            title=row.get("titel"),
            format=row.get("format"),
            variant=row.get("variantkode"),
            version=f"{row.get('versionsdato')} {row.get('opdateringsdato')} {row.get('filurl')}",
            dated=row.get("versionsdato"),
        )

    @property
    def names(self) -> set[str]:
        """What the file is called, without what says its format: files that share one hold the same text."""
        found = {_stem(self.title or ""), _stem(unquote(urlsplit(self.url or "").path))}
        return found - {""}


def official_url(text: str | None) -> str | None:
    """Return the address of a file on the Folketing's own hosts, with ``https:`` and safely written; else ``None``."""
    if not text:
        return None
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    ours = host == _HOST or host.endswith(f".{_HOST}")
    if parts.scheme not in ("http", "https") or not ours or "@" in parts.netloc or port not in (None, 80, 443):
        return None
    path = quote(_BAD_ESCAPE.sub("%25", parts.path), safe=_SAFE)
    if path in ("", "/"):
        return None
    query = quote(_BAD_ESCAPE.sub("%25", parts.query), safe=_SAFE + "?")
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def choose(files: Sequence[File]) -> list[File]:
    """Return the files to fetch: of each text that a document consists of, the one in the first form that there is.

    Files of one name are forms of one text; two of one form and one name are two texts. The order is PDF, DOCX, HTML:
    the PDF is what the Folketing publishes; a DOCX may hold remarks and changes that were not meant for others, and a
    page is framed by the site. What is in no such form, or not on the Folketing's hosts, is never chosen.
    """
    chosen: list[File] = []
    for group in _groups(file for file in files if file.url and file.media):
        best = min(_ORDER.index(file.media) for file in group if file.media)
        chosen += {file.url: file for file in group if file.media == _ORDER[best]}.values()
    return sorted(chosen, key=lambda file: file.id)


def _groups(files: Iterable[File]) -> list[list[File]]:
    """Return the files by text, those of a shared name together."""
    groups: list[tuple[set[str], list[File]]] = []
    for file in sorted(files, key=lambda file: file.id):
        names, members = file.names, [file]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names, members = names | group[0], group[1] + members
        groups.append((names, members))
    return [members for _, members in groups]


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _stem(path: str) -> str:
    """Return a name without the extension of a format that is read, in small letters."""
    name = " ".join(path.split()).lower()
    return name.rpartition(".")[0] if _extension(name) in _MEDIA else name
