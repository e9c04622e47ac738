"""Texts to measure language identification with: sentences of nine languages, and Danish documents of three sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import sources.adl
import sources.folketingstidende
import sources.retsinformation
from benchmarks._real_text import documents

_ARCHIVES: dict[str, tuple[str, ModuleType]] = {
    "adl": ("adl/adl_tei.tar.zst", sources.adl),
    "folketingstidende": ("folketinget/folketingstidende_pdftext_2022-2023.tar.zst", sources.folketingstidende),
    "retsinformation": ("retsinformation/lexdania_love_2010-2017.tar.zst", sources.retsinformation),
}
NEWSPAPERS = "kb/kb_newspapers_oai.tar.zst"


def danish(name: str, samples: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the id, title and text of each document of a source."""
    archive, module = _ARCHIVES[name]
    for document in documents(name, module.extract, samples / archive):
        yield document.id, document.title or "", document.text


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
