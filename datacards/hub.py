"""The YAML at the head of the dataset card, as the Hugging Face Hub reads it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from licensing import hub_fields

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
          (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
          (10_000_000_000, "1B<n<10B"), (100_000_000_000, "10B<n<100B"), (1_000_000_000_000, "100B<n<1T"))  # fmt: skip
_TYPES = {"int32": "int32", "int64": "int64", "float": "float32", "string": "string"}


class _Plain(yaml.SafeDumper):
    """Writes no aliases (``&id001``): valid YAML that some readers of cards do not know."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def size_category(documents: int) -> str:
    """Return the Hub's size category for a number of rows."""
    return next((name for limit, name in _SIZES if documents < limit), "n>1T")


def features(columns: list[str]) -> list[dict[str, Any]]:
    """Return ``dataset_info.features`` for columns written as ``name: arrow type``."""
    return [_feature(*column.split(": ", 1)) for column in columns]


def _feature(name: str, kind: str) -> dict[str, Any]:
    if kind.startswith("struct<"):
        inner = re.findall(r"(\w+): (\w+)", kind)
        return {"name": name, "struct": [_feature(field, field_kind) for field, field_kind in inner]}
    return {"name": name, "dtype": _TYPES.get(kind, kind)}


def configs(record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the files of each config: ``default``, one per source, one per licence class; none that is empty."""
    files = record["files"]
    found: dict[str, list[dict[str, Any]]] = {"default": files}
    for key in ("source", "licence_class"):
        for name in sorted({file[key] for file in files}):
            found[name] = [file for file in files if file[key] == name]
    return found


def licence_fields(record: dict[str, Any]) -> dict[str, str]:
    """Return the licence of the repository: never more permissive than any row in it."""
    return hub_fields([licence["id"] for licence in record["licences"]])


def front_matter(record: dict[str, Any]) -> str:
    """Return the YAML block, with its fences."""
    shape = features(record["columns"])
    found = configs(record)
    published = [source for source in record["sources"] if source["counts"]["published"]]
    languages = sorted({code for source in published for code in source["statistics"]["languages"]} - {"unknown"})
    fields: dict[str, Any] = {
        "pretty_name": "frisat: Danish public text",
        "language": languages or ["da"],
        **licence_fields(record),
        "size_categories": [size_category(record["totals"]["documents"])],
        "source_datasets": ["original"],
        "task_categories": ["text-generation", "fill-mask"],
        "task_ids": ["language-modeling", "masked-language-modeling"],
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "multilinguality": ["monolingual"],
        "tags": ["danish", "public-sector", "text", "provenance", "licence-tagged"],
        "configs": [
            {"config_name": name, **({"default": True} if name == "default" else {}),
             "data_files": [{"split": "train", "path": _paths(name, files)}]}
            for name, files in found.items()
        ],
        "dataset_info": [
            {
                "config_name": name,
                "features": shape,
                "splits": [
                    {
                        "name": "train",
                        "num_bytes": sum(file["uncompressed"] for file in files),
                        "num_examples": sum(file["rows"] for file in files),
                    }
                ],
                "download_size": sum(file["size"] for file in files),
                "dataset_size": sum(file["uncompressed"] for file in files),
            }
            for name, files in found.items()
        ],
    }  # fmt: skip
    body = yaml.dump(fields, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{body}---\n"


def _paths(name: str, files: list[dict[str, Any]]) -> str:
    """Return the glob that matches just the files of a config."""
    if name == "default":
        return "data/*/*.parquet"
    by_source = {file["source"] for file in files} == {name}
    return f"data/{name}/*.parquet" if by_source else f"data/*/{name}-*.parquet"
