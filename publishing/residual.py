"""The last look: every string of a finished release is read for CPR numbers, by other code than redacted it.

No pattern is shared with the redaction: this one walks through the characters. What it looks for is as wide, and what
it lets pass is the same: a number that a word before it makes that of a case, a firm or a product.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from frisat.parquet import read_groups
from publishing._residual_walk import holds_cpr

__all__ = ["find_cpr", "find_cpr_in", "holds_cpr", "scan_texts", "strings_of"]

# Ten digits or their likenesses, near each other: as a date and four more would lie.
_NEAR = (
    r"[0-9OolI|]{2}[^0-9A-Za-z]{0,3}[0-9OolI|]{2}[^0-9A-Za-z]{0,3}[0-9OolI|]{2,4}[^0-9A-Za-z]{0,11}[0-9OolI|]{2}"
    r"[^0-9A-Za-z]?[0-9OolI|]{2}|[^\P{Nd}0-9]|[\x{FF01}-\x{FF5E}]"
)
_TYPED = re.compile(r'"[^"\n]*"\^\^\S+')


def find_cpr(table: pa.Table, columns: Sequence[str] | None = None) -> list[str]:
    """Return the ids of rows in which a number like a CPR number is left in one of ``columns`` (default: all)."""
    found: set[str] = set()
    for name in table.column_names if columns is None else columns:
        for leaf in _leaves(table.column(name)):
            suspicious = pc.fill_null(pc.match_substring_regex(leaf, pattern=_NEAR), False)
            ids = table.column("id").filter(suspicious).to_pylist()
            for identity, value in zip(ids, leaf.filter(suspicious).to_pylist(), strict=True):
                if holds_cpr(value):
                    found.add(identity)
    return sorted(found)


def _leaves(column: pa.ChunkedArray) -> Iterator[pa.ChunkedArray]:
    """Yield a column's strings, those within structs too."""
    if pa.types.is_struct(column.type):
        for inner in column.flatten():
            yield from _leaves(inner)
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        yield column


def find_cpr_in(path: Path) -> list[str]:
    """Return the ids of rows of a Parquet file in which a number like a CPR number is left, in any column."""
    return sorted({identity for group in read_groups(path) for identity in find_cpr(group)})


def scan_texts(folder: Path) -> list[str]:
    """Return the files of a release, Parquet apart, in whose name or content a number like a CPR number is left.

    Every string is read: cards, metadata, change log, register. Numbers of JSON and YAML (sizes, counts) are numbers
    and not read; a file that is no UTF-8 (a picture) has no strings.
    """
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return [name for name, path in sorted(names.items()) if holds_cpr(name) or any(map(holds_cpr, strings_of(path)))]


def strings_of(path: Path) -> Iterator[str]:
    """Yield the strings of a text file: those within JSON and YAML, and other text as a whole."""
    if path.suffix == ".parquet":
        return
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    try:
        yield from list(_read(path.suffix, text))
    except (ValueError, yaml.YAMLError):  # not of the form that its name says: read as a whole
        yield text


def _read(suffix: str, text: str) -> Iterator[str]:
    if suffix == ".json":
        yield from _strings(json.loads(text))
    elif suffix == ".jsonl":
        for line in text.splitlines():
            yield from _strings(json.loads(line))
    elif suffix == ".md" and text.startswith("---\n"):
        _, front, body = text.split("---\n", 2)
        yield from _strings(yaml.safe_load(front))
        yield body
    elif suffix == ".ttl":
        yield _TYPED.sub("", text)
    else:
        yield text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
