"""Cleaning what describes a document: a title or a detail may hold a number as well as a text does."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaning import personal_data, repair
from frisat.files import canonical_json


def clean_lines(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of descriptions repaired and redacted; one of which nothing is left is null."""
    return _where_asked(column, pc.equal(column, ""), lambda values: [text or None for text in _cleaned(values)])


def clean_json(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of JSON objects with their strings and numbers cleaned; as one text it might be JSON no more."""
    # What stands escaped, or with a blank at a string's end, is not seen from outside.
    hidden = pc.or_(pc.match_substring(column, "\\"), pc.match_substring(column, ' "'))
    return _where_asked(column, hidden, _clean_objects)


def _where_asked(
    column: pa.ChunkedArray, others: pa.ChunkedArray, clean: Callable[[list[str]], Sequence[str | None]]
) -> pa.Array:
    """Put the values in which there may be something to do, and ``others``, through ``clean``."""
    asked = pc.or_(others, pc.or_(repair.may_need_repair(column), personal_data.which_may_hold_any(column)))
    if not pc.any(asked).as_py():
        return column.combine_chunks()
    values = column.to_pylist()
    places = pc.indices_nonzero(pc.fill_null(asked, False)).to_pylist()
    for place, cleaned in zip(places, clean([values[place] for place in places]), strict=True):
        values[place] = cleaned
    return pa.array(values, pa.string())


def _cleaned(texts: Sequence[str]) -> list[str]:
    fixed = repair.repair_column(pa.array(texts, pa.string()))
    return [row.text for row in personal_data.redact_column([row.text for row in fixed])]


def _clean_objects(texts: list[str]) -> list[str]:
    """Clean all leaves of all objects at once: most come again and again."""
    parsed = [json.loads(text) for text in texts]
    leaves = sorted(set().union(*map(_leaves_of, parsed)))
    changed = {leaf: new for leaf, new in zip(leaves, _cleaned(leaves), strict=True) if leaf != new}
    if not changed:
        return texts
    return [
        text if changed.keys().isdisjoint(_leaves_of(value)) else canonical_json(_rebuilt(value, changed))
        for text, value in zip(texts, parsed, strict=True)
    ]


def _leaves_of(value: dict[str, Any]) -> Collection[str]:
    """Return the leaves of an object; most hold nothing but strings, which takes no Python for each."""
    if set(map(type, value.values())) <= {str}:
        return {*value, *value.values()}
    return set(_leaves(value))


def _leaves(value: Any) -> Iterator[str]:
    """Yield the strings and whole numbers of a JSON value, keys among them, as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)


def _rebuilt(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {changed.get(key, key): _rebuilt(inner, changed) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rebuilt(inner, changed) for inner in value]
    if isinstance(value, str | int) and not isinstance(value, bool):
        return changed.get(str(value), value)
    return value
