"""Texts to measure language identification with: sentences of nine languages, and Danish documents of three sources."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import zstandard

import sources.adl
import sources.folketingstidende
import sources.retsinformation
from frisat.documents import Document, Record
from frisat.errors import FrisatError

_ARCHIVES: dict[str, tuple[str, ModuleType]] = {
    "adl": ("adl/adl_tei.tar.zst", sources.adl),
    "folketingstidende": ("folketinget/folketingstidende_pdftext_2022-2023.tar.zst", sources.folketingstidende),
    "retsinformation": ("retsinformation/lexdania_love_2010-2017.tar.zst", sources.retsinformation),
}
NEWSPAPERS = "kb/kb_newspapers_oai.tar.zst"


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of the files in an archive."""
    with (
        archive.open("rb") as handle,
        zstandard.ZstdDecompressor().stream_reader(handle) as stream,
        tarfile.open(fileobj=stream, mode="r|") as tar,
    ):
        for info in tar:
            file = tar.extractfile(info) if info.isfile() else None
            if file is not None:
                yield info.name, file.read()


def danish(name: str, samples: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the id, title and text of each document of a source."""
    archive, module = _ARCHIVES[name]
    when = datetime(2041, 1, 1, tzinfo=UTC)
    for key, body in members(samples / archive):
        if not module.accepts(key):
            continue
        record = Record(source=name, key=key, body=body, sha256="", retrieved_at=when)
        try:
            for item in module.extract(record):
                if isinstance(item, Document):
                    yield item.id, item.title or "", item.text
        except FrisatError:
            continue


def sentences(samples: Path) -> dict[str, list[list[str]]]:
    """Return the sentences by language, in the order of their treebanks: a list for each treebank."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted((samples / "langid").glob("*.txt")):
        if ".train." not in path.name:
            lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
            found.setdefault(path.name[:2], []).append(lines)
    return found


def pieces(treebanks: list[list[str]], length: int) -> list[str]:
    """Return texts of ``length`` sentences that follow each other; what is left at a treebank's end is not used."""
    return [
        " ".join(lines[start : start + length])
        for lines in treebanks
        for start in range(0, len(lines) - length + 1, length)
    ]
