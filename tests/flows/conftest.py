"""What tests of the flows share."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from flows.cli import main

if TYPE_CHECKING:
    from tests.conftest import Desk


@pytest.fixture
def inbox(desk: Desk) -> Desk:
    """A workspace in whose inbox two deliveries wait."""
    for name in ("minutes", "letters"):
        folder = desk.folder(name, desk.minutes(2))
        shutil.copytree(folder, desk.workspace.root / "inbox" / name)
    (desk.workspace.root / "inbox" / ".hidden").mkdir()
    (desk.workspace.root / "frisat.json").write_text('{"format": 1}')
    return desk


@dataclass(frozen=True)
class Ended:
    """What a command left: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return the one JSON object on standard output."""
        return json.loads(self.out)


Frisat = Callable[..., Ended]


@pytest.fixture
def frisat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Frisat:
    """Return a function that runs a command as the console script does."""

    def call(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["frisat", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ended(code, captured.out, captured.err)

    return call


@pytest.fixture
def command_line(frisat: Frisat) -> Callable[..., Ended]:
    """Return a function that does so in the workspace named first."""

    def call(desk: Desk, *words: object) -> Ended:
        return frisat(*words, "--workspace", desk.workspace.root)

    return call
