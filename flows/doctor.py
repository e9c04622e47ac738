"""Checking an installation: what a newcomer would otherwise find out the hard way."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from frisat.errors import UsageError
from frisat.workspace import Workspace
from sources import contact

_NEEDED = {
    "prefect": ((3, 8), (4,)),
    "fastapi": ((0,), (0, 151)),
    "sqlalchemy": ((2,), (2, 1)),
    "pyarrow": ((26,), (27,)),
}
"""Libraries whose other versions fail silently or late: lowest and first too high."""


def examine(workspace: Workspace) -> list[dict[str, Any]]:
    """Return what was checked: ``what``, ``is``, ``ok`` and, where it is not, what to ``do``."""
    checks = [
        _check("Python", sys.version.split()[0], sys.version_info >= (3, 11), "use Python 3.11 or later"),
        _check("cores", str(len(os.sched_getaffinity(0))), True, ""),
    ]
    checks += [_library(name, *bounds) for name, bounds in _NEEDED.items()]
    place = workspace.root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    checks.append(_check("free space", f"{free / 1e9:.1f} GB at {place}", free > 1_000_000_000, "make room"))
    checks.append(_contact())
    writable = os.access(place, os.W_OK)
    return [*checks, _check("workspace", str(workspace.root), writable, f"{place} cannot be written; choose another")]


def _contact() -> dict[str, Any]:
    try:
        return _check("contact", contact() or "none: publishers are not asked (FRISAT_CONTACT)", True, "")
    except UsageError as error:
        return _check("contact", os.environ["FRISAT_CONTACT"], False, str(error))


def _library(name: str, lowest: tuple[int, ...], too_high: tuple[int, ...]) -> dict[str, Any]:
    try:
        found = version(name)
    except PackageNotFoundError:
        return _check(name, "missing", False, "run 'make install'")
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    wanted = f"install {name} at least {_dots(lowest)} and below {_dots(too_high)} (see constraints.txt)"
    return _check(name, found, lowest <= numbers < too_high, wanted)


def _dots(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _check(what: str, found: str, ok: bool, do: str) -> dict[str, Any]:
    return {"what": what, "is": found, "ok": ok, "do": "" if ok else do}
