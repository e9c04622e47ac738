"""A source that is begun works at once: its own test passes in the checkout it was written into."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.scaffold import scaffold
from frisat.errors import UsageError

ROOT = Path(__file__).parents[2]
PARTS = ("frisat", "sources", "cleaning", "licensing", "datacards", "publishing", "flows", "tests", "docs")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture(scope="module")
def written(checkout: Path) -> list[str]:
    return [path.relative_to(checkout).as_posix() for path in scaffold("lighthouse-notices", checkout)]


def test_what_is_written(written: list[str]) -> None:
    assert written == [
        "sources/lighthouse_notices.toml", "sources/lighthouse_notices.py", "tests/sources/test_lighthouse_notices.py",
        "docs/sources/lighthouse-notices.md",
    ]  # fmt: skip


def _run(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=checkout, capture_output=True, text=True, check=False, timeout=300
    )


def test_its_test_passes(checkout: Path, written: list[str]) -> None:
    ran = _run(checkout, "pytest", "-p", "no:cacheprovider", written[2])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_keeps_the_rules_of_the_house(checkout: Path, written: list[str]) -> None:
    ran = _run(checkout, "ruff", "check", "--no-cache", *(name for name in written if name.endswith(".py")))
    assert ran.returncode == 0, ran.stdout
    ran = _run(checkout, "ruff", "format", "--no-cache", "--check", *(n for n in written if n.endswith(".py")))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_is_a_source_like_any_other(checkout: Path, written: list[str]) -> None:
    assert written
    names = "from sources import built_in_sources; print(*built_in_sources())"
    ran = subprocess.run(
        [sys.executable, "-c", names], cwd=checkout, capture_output=True, text=True, check=False, timeout=60
    )
    assert "lighthouse-notices" in ran.stdout.split()


@pytest.mark.parametrize("name", ["Lighthouse", "a--b", "9lives", "default", "a/b", "../x", "", "a" * 41])
def test_names_that_do_not_do(checkout: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a source's name"):
        scaffold(name, checkout)


def test_nothing_is_overwritten(checkout: Path) -> None:
    with pytest.raises(UsageError, match=r"sources/adl\.toml is there already"):
        scaffold("adl", checkout)


def test_only_into_a_checkout(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no checkout of frisat: name one with --into"):
        scaffold("lighthouse-notices", tmp_path)
