"""The YAML at the head of the dataset card, as the Hugging Face Hub reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from datacards.hub_values import SIZES
from licensing import hub_fields

MOST_SOURCES = 50
"""Sources with a config of their own, the largest: each costs 2 kB of the card's head, and readers some questions."""

TASKS = {
    "task_categories": ["text-generation", "fill-mask"],
    "task_ids": ["language-modeling", "masked-language-modeling"],
}
"""What running text is for."""

_TYPES = {"int32": "int32", "int64": "int64", "float": "float32", "string": "string"}


class _Plain(yaml.SafeDumper):
    """Writes no aliases (``&id001``): valid YAML that some readers of cards do not know."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def size_category(documents: int) -> str:
    """Return the Hub's size category for a number of rows."""
    return next((name for place, name in enumerate(SIZES) if documents < 10 ** (place + 3)), SIZES[-1])


def features(columns: list[str]) -> list[dict[str, Any]]:
    """Return ``dataset_info.features`` for columns written as ``name: arrow type``."""
    return [_feature(*column.split(": ", 1)) for column in columns]


def _feature(name: str, kind: str) -> dict[str, Any]:
    if kind.startswith("struct<"):
        inner = re.findall(r"(\w+): (\w+)", kind)
        return {"name": name, "struct": [_feature(field, field_kind) for field, field_kind in inner]}
    return {"name": name, "dtype": _TYPES.get(kind, kind)}


def largest(sources: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Return the ``most`` sources with the most published documents, in the order they came in."""
    ordered = sorted(sources, key=lambda source: (-source["counts"]["published"], source["name"]))
    kept = {source["name"] for source in ordered[:most]}
    return [source for source in sources if source["name"] in kept]


def configs(record: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the files of each config: ``default``, one per source, one per licence class; none that is empty.

    Of many sources the largest have a config; the others load by ``data_files``, as the card says.
    """
    found: dict[str, list[dict[str, Any]]] = {"default": record["files"]} if record["files"] else {}
    with_config = {source["name"] for source in largest(record["sources"], MOST_SOURCES)}
    for key in ("source", "licence_class"):
        grouped: dict[str, list[dict[str, Any]]] = {}
        for file in record["files"]:
            grouped.setdefault(file[key], []).append(file)
        found |= {name: grouped[name] for name in sorted(grouped) if key != "source" or name in with_config}
    return found


def licence_fields(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the licence of the repository: never more permissive than any row in it."""
    return hub_fields([licence["id"] for licence in record["licences"]])


def front_matter(record: Mapping[str, Any]) -> str:
    """Return the YAML block, with its fences."""
    shape = features(record["columns"])
    found = configs(record)
    published = [source for source in record["sources"] if source["counts"]["published"]]
    languages = sorted({code for source in published for code in source["statistics"]["languages"]} - {"unknown"})
    fields: dict[str, Any] = {
        "pretty_name": "frisat: Danish public text",
        "language": languages or ["da"],
        "language_details": [f"{code}-DK" if code == "da" else code for code in languages or ["da"]],
        **licence_fields(record),
        "size_categories": [size_category(record["totals"]["documents"])],
        **TASKS,
        "source_datasets": ["original"],
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "tags": ["danish", "public-sector", "text", "provenance", "licence-tagged"],
    }
    if found:
        fields["configs"] = [_config(name, files) for name, files in found.items()]
        fields["dataset_info"] = [_info(name, files, shape) for name, files in found.items()]
    return fenced(fields)


def fenced(fields: Mapping[str, Any]) -> str:
    """Return ``fields`` as the YAML head of a card, with its fences."""
    body = yaml.dump(dict(fields), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{body}---\n"


def _config(name: str, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    default = {"default": True} if name == "default" else {}
    return {"config_name": name, **default, "data_files": [{"split": "train", "path": _paths(name, files)}]}


def _info(name: str, files: Sequence[Mapping[str, Any]], shape: list[dict[str, Any]]) -> dict[str, Any]:
    size = sum(file["uncompressed"] for file in files)
    rows = sum(file["rows"] for file in files)
    return {
        "config_name": name,
        "features": shape,
        "splits": [{"name": "train", "num_bytes": size, "num_examples": rows}],
        "download_size": sum(file["size"] for file in files),
        "dataset_size": size,
    }


def _paths(name: str, files: Sequence[Mapping[str, Any]]) -> str:
    """Return the glob that matches just the files of a config."""
    if name == "default":
        return "data/*/*.parquet"
    by_source = {file["source"] for file in files} == {name}
    return f"data/{name}/*.parquet" if by_source else f"data/*/{name}-*.parquet"
