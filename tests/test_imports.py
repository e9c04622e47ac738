"""Imports point one way, and each package says in ``__all__`` what it offers."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "frisat": set[str](),
    "sources": {"frisat"},
    "cleaning": {"frisat"},
    "licensing": {"frisat"},
    "datacards": {"frisat", "sources", "cleaning", "licensing"},
    "publishing": {"frisat", "sources", "cleaning", "licensing", "datacards"},
    "flows": {"frisat", "sources", "cleaning", "licensing", "datacards", "publishing"},
}
OFFERING = sorted(set(MAY_IMPORT) - {"frisat", "flows"})


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each module that ``path`` imports, and the names taken from it; also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            yield node.module, [alias.name for alias in node.names]


def test_every_package_is_listed() -> None:
    found = {p.parent.name for p in ROOT.glob("*/__init__.py")}
    assert found == set(MAY_IMPORT)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in _modules(package)
        for module, _ in _imports(path)
        if (top := module.partition(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_others_import_only_what_a_package_offers(package: str) -> None:
    wrong = []
    for path in _modules(package):
        for module, names in _imports(path):
            top, _, inner = module.partition(".")
            if top == package or top not in OFFERING:
                continue
            offered = importlib.import_module(top).__all__
            if inner or not set(names) <= set(offered):
                wrong.append(f"{path.relative_to(ROOT)} imports {names} from {module}")
    assert wrong == []


@pytest.mark.parametrize("package", OFFERING)
def test_what_a_package_offers_is_sorted_and_there(package: str) -> None:
    module = importlib.import_module(package)
    offered: list[str] = module.__all__
    # Constants, then classes, then functions, as ruff sorts them.
    assert offered == sorted(offered, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert [name for name in offered if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", OFFERING)
def test_a_package_offers_all_that_its_root_imports(package: str) -> None:
    path = ROOT / package / "__init__.py"
    taken = {name for module, names in _imports(path) if module != "__future__" for name in names}
    assert taken == set(importlib.import_module(package).__all__)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_lies_in_the_repository(package: str) -> None:
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")
