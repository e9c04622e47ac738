"""Licence statements in the fields of an API's answer, of JSON-LD, and of a publisher's listing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from licensing.findings import Statement, Sure, statement

_FIELDS = frozenset({
    "license", "licence", "licens", "licenseurl", "licenceurl", "licenseid", "licenses", "rights", "rightsstatement",
    "rettigheder", "ophavsret", "dcrights", "dctermslicense", "dctermsrights", "dctlicense", "accessrights",
    "dctermsaccessrights", "usageinfo", "copyright", "copyrightnotice", "conditionsofaccess", "termsofuse", "vilkår",
    "schemalicense", "cclicense",
})  # fmt: skip
_VALUES = ("@id", "id", "url", "href", "@value", "value", "identifier", "name", "title", "#text")
_PICTURES = frozenset({
    "image", "images", "logo", "thumbnail", "photo", "video", "audio", "associatedmedia", "primaryimageofpage",
    "imageobject", "videoobject", "contributor", "isbasedon", "citation", "software",
})  # fmt: skip
_MAX_DEPTH = 30
_MAX_FOUND = 1_000


def statements_in_fields(value: Any, where: str = "field") -> list[Statement]:
    """Return the statements in a JSON value. One about a picture or another work within it is *low*. Never raises."""
    found = []
    for path, said, sure in _walk(value, "", "high", 0):
        found.append(statement(said, where, path, sure))
        if len(found) == _MAX_FOUND:
            break
    return found


def statements_in_json(text: str, where: str = "field") -> list[Statement]:
    """Return the statements in JSON, or in JSON lines; none in what is neither."""
    try:
        return statements_in_fields(json.loads(text), where)
    except (ValueError, RecursionError):
        pass
    found: list[Statement] = []
    for line in text.split("\n"):
        try:
            found += statements_in_fields(json.loads(line), where) if line.lstrip().startswith("{") else []
        except (ValueError, RecursionError):
            continue
        if len(found) > _MAX_FOUND:
            break
    return found[:_MAX_FOUND]


def _walk(value: Any, path: str, sure: Sure, depth: int) -> Iterator[tuple[str, str, Sure]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, path, sure, depth + 1)
    elif isinstance(value, Mapping):
        kind = str(value.get("@type", "")).lower()
        for key, inner in value.items():
            name = _name(str(key))
            below: Sure = "low" if kind in _PICTURES or name in _PICTURES else sure
            place = f"{path}.{key}"[-200:].lstrip(".")
            if name in _FIELDS:
                yield from ((place, said, below) for said in _said(inner))
            if not isinstance(inner, str):
                yield from _walk(inner, place, below, depth + 1)


def _said(value: Any) -> Iterator[str]:
    """Yield what stands in a field: a text, a list of texts, or an object that names the licence in several ways."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield item
        elif isinstance(item, Mapping):
            named = [item[key] for key in _VALUES if isinstance(item.get(key), str) and item[key].strip()]
            yield from named[:3]


def _name(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign.isalnum())
