"""Beginning a source of one's own: a descriptor, a module and a test that work at once."""

from __future__ import annotations

import re
from pathlib import Path

import sources
from frisat.descriptor import RESERVED
from frisat.errors import UsageError
from frisat.files import write_atomic

_TEMPLATES = Path(__file__).parent / "scaffolds"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MAX_NAME = 40


def scaffold(name: str, checkout: Path | None = None) -> list[Path]:
    """Write the files of a new source called ``name`` into a checkout of frisat; return their paths.

    Raises:
        UsageError: the name does not do, the folder is no checkout, or one of the files is there already.
    """
    if not _NAME.fullmatch(name) or len(name) > _MAX_NAME or name in RESERVED:
        raise UsageError(
            f"{name!r} cannot be a source's name: lower-case letters, digits and single hyphens, at most {_MAX_NAME}, "
            "beginning with a letter, such as 'aarhus-minutes'"
        )
    root = checkout or Path(sources.__file__).parents[1]
    if not (root / "sources" / "source.py").is_file() or not (root / "tests" / "sources").is_dir():
        raise UsageError(f"{root} is no checkout of frisat: name one with --into")
    module = name.replace("-", "_")
    files = {
        root / "sources" / f"{module}.toml": "source.toml.txt",
        root / "sources" / f"{module}.py": "source.py.txt",
        root / "tests" / "sources" / f"test_{module}.py": "test_source.py.txt",
        root / "docs" / "sources" / f"{name}.md": "source.md.txt",
    }
    there = [path for path in files if path.exists()]
    if there:
        raise UsageError(f"{there[0]} is there already; choose another name, or remove it")
    for path, template in files.items():
        text = (_TEMPLATES / template).read_text("utf-8")
        write_atomic(path, text.replace("@NAME@", name).replace("@MODULE@", module))
    return list(files)
