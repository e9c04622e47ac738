"""What tests of the flows share."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

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
