"""The docs say of everything that a user meets what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from datacards import REASONS
from flows.cli import cli
from flows.cli.common import Console
from frisat.errors import FrisatError
from frisat.schema import PUBLISHED
from licensing import CLASSES, LEGAL_BASES, STATUSES
from publishing import CHANGES, PRECEDENCE

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)
PACKAGES = ("frisat", "sources", "cleaning", "licensing", "datacards", "publishing", "flows")


def _commands(group: click.Group, above: str = "frisat") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


COMMANDS = dict(_commands(cli))
SHARED = {"--workspace", "--json", "-v", "-q", "--help", "-h", "--verbose", "--quiet"}


def test_pages_are_there() -> None:
    assert len(PAGES) > 5
    assert Console.__doc__


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"{name}\b", TEXT), f"{name} is in none of README.md and docs/"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("-")}
    missing = {option for option in options - SHARED if not re.search(rf"(?<![\w-]){option}\b", TEXT)}
    assert not missing


@pytest.mark.parametrize("option", ["--workspace", "--json", "-v", "-q"])
def test_options_of_all_commands_are_documented(option: str) -> None:
    assert f"`{option}" in TEXT


def test_no_command_is_documented_that_is_not_there() -> None:
    named = set(re.findall(r"\bfrisat ((?:review )?[a-z]+)\b", "\n".join(re.findall(r"`([^`\n]+)`", TEXT))))
    assert named <= {name.removeprefix("frisat ") for name in COMMANDS} | {"review", "export"}


@pytest.mark.parametrize("name", PUBLISHED.names)
def test_every_column_is_documented(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "name", [field.name for column in ("quality", "repairs", "redactions") for field in PUBLISHED.field(column).type]
)
def test_every_part_of_a_column_is_documented(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize("reason", PRECEDENCE)
def test_every_reason_is_documented(reason: str) -> None:
    assert re.search(rf"`{reason}(?::[^`]+)?`", TEXT)
    assert reason in REASONS


@pytest.mark.parametrize("word", [*CLASSES, *STATUSES, *LEGAL_BASES])
def test_every_word_of_the_register_is_documented(word: str) -> None:
    assert f"`{word}`" in TEXT


@pytest.mark.parametrize("word", CHANGES)
def test_every_kind_of_change_is_documented(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT)


def _variables() -> list[str]:
    sources = (path.read_text("utf-8") for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    return sorted({*re.findall(r"\bFRISAT_[A-Z_]+\b", "\n".join(sources)), "SOURCE_DATE_EPOCH"})


@pytest.mark.parametrize("name", _variables())
def test_every_environment_variable_is_documented(name: str) -> None:
    assert f"`{name}`" in TEXT


def _codes(error: type[FrisatError]) -> set[int]:
    return {error.exit_code}.union(*(_codes(below) for below in error.__subclasses__()))


def test_every_exit_code_is_documented() -> None:
    assert _codes(FrisatError) == {1, 2, 3}
    for code in (0, 1, 2, 3):
        assert re.search(rf"^\| {code} \|", TEXT, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    missing = [t for t in targets if not re.match(r"[a-z]+:", t) and not (page.parent / t).exists()]
    assert not missing
